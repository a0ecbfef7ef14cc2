"""What is logged holds no address that lets somebody in."""

import io
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import reverse

from equipoise.apps.planner import queries
from equipoise.platform.logs import NoAddresses

SECRET = "s3cret-token-of-a-feed"


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """What the server's own handler writes."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("{levelname} {name}: {message}", style="{"))
    handler.addFilter(NoAddresses())
    logging.getLogger().addHandler(handler)
    yield stream
    logging.getLogger().removeHandler(handler)


def failing(*arguments: object, **named: object) -> HttpResponse:
    raise RuntimeError(f"nobody foresaw this at {reverse('planner:feed', args=[SECRET])}")


@pytest.mark.django_db
class TestALogLine:
    def test_is_written_by_the_servers_handler_through_the_filter(self) -> None:
        handlers: Any = settings.LOGGING["handlers"]
        assert handlers["console"]["filters"] == ["no_addresses"]

    def test_of_an_error_nobody_foresaw_names_the_pattern_of_the_address(
        self, client: Client, logged: io.StringIO, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(queries, "fed_by", failing)
        client.raise_request_exception = False
        address = reverse("planner:feed", args=[SECRET])
        assert client.get(f"{address}?again={SECRET}").status_code == 500
        told = logged.getvalue()
        assert "nobody foresaw this" in told
        assert "<str:token>" in told
        assert SECRET not in told

    def test_of_a_forged_form_names_the_pattern_too(self, logged: io.StringIO) -> None:
        client = Client(enforce_csrf_checks=True)
        assert client.post(reverse("people:invitation", args=[SECRET]), {"name": "x"}).status_code == 403
        assert "Forbidden" in logged.getvalue()
        assert SECRET not in logged.getvalue()

    def test_of_an_address_that_is_none_says_so(self) -> None:
        request = HttpRequest()
        request.path = request.path_info = f"/nowhere/{SECRET}"
        record = logging.LogRecord("x", logging.ERROR, "", 0, "Not Found: %s", (request.path,), None)
        record.request = request
        NoAddresses().filter(record)
        assert record.getMessage() == "Not Found: (no such address)"

    def test_of_something_else_stays_as_it_is(self) -> None:
        record = logging.LogRecord("x", logging.ERROR, "", 0, "%s of %d", ("one", 2), None)
        NoAddresses().filter(record)
        assert record.getMessage() == "one of 2"
