"""A subscribed address: asked again, it is only sent when it has changed."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from tests.adapters.ics.written import calendar, entry
from tests.adapters.web.scripted_server import Asked, Reply, Script, scripted

from equipoise.adapters.ics import AddressRefused, CalendarUnreachable, NotACalendar
from equipoise.adapters.ics.web import Fetched, fetch_if_changed

TEXT = calendar(entry("SUMMARY:from the web")).encode()
CHANGED = "Wed, 25 Nov 2026 12:00:00 GMT"


def again(address: str, **chosen: Any) -> Fetched | None:
    return fetch_if_changed(address, **{"etag": "", "modified": "", "allow_private_hosts": True, **chosen})


def unchanging(headers: Mapping[str, str]) -> Script:
    """A server whose calendar is always the same."""

    def reply(asked: Asked) -> Reply:
        if asked.headers.get("if-none-match") == '"one"' or asked.headers.get("if-modified-since") == CHANGED:
            return Reply(status=304, headers=headers)
        return Reply(body=TEXT, headers={"Content-Type": "text/calendar", **headers})

    return reply


class TestFetchIfChanged:
    def test_gives_the_calendar_and_what_to_ask_by_next_time(self) -> None:
        with scripted(unchanging({"ETag": '"one"', "Last-Modified": CHANGED})) as server:
            found = again(server.address)
        assert found == Fetched(data=TEXT, etag='"one"', modified=CHANGED, address=server.address)

    @pytest.mark.parametrize("by", [{"etag": '"one"'}, {"modified": CHANGED}, {"etag": '"one"', "modified": CHANGED}])
    def test_gives_nothing_when_nothing_has_changed(self, by: dict[str, str]) -> None:
        with scripted(unchanging({"ETag": '"one"'})) as server:
            assert again(server.address, **by) is None
            assert len(server.asked) == 1

    def test_gives_the_calendar_when_the_version_is_another(self) -> None:
        with scripted(unchanging({"ETag": '"two"'})) as server:
            found = again(server.address, etag='"zero"')
        assert found is not None
        assert found.etag == '"two"'

    def test_an_answer_of_not_changed_nobody_asked_for_is_none(self) -> None:
        with scripted(lambda _: Reply(status=304)) as server, pytest.raises(CalendarUnreachable, match="304"):
            again(server.address)

    def test_follows_a_calendar_that_moved_for_good(self) -> None:
        def moved(asked: Asked) -> Reply:
            return Reply(status=301, headers={"Location": "/new.ics"}) if asked.path == "/" else Reply(body=TEXT)

        with scripted(moved) as server:
            found = again(server.address)
        assert found is not None
        assert found.address == f"{server.address}new.ics"

    def test_keeps_the_password_of_a_calendar_that_moved_within_its_host(self) -> None:
        def moved(asked: Asked) -> Reply:
            if "authorization" not in asked.headers:
                return Reply(status=401)
            return Reply(status=301, headers={"Location": "/new.ics"}) if asked.path == "/" else Reply(body=TEXT)

        with scripted(moved) as server:
            found = again(server.address.replace("http://", "http://lena:geheim@"))
            assert found is not None
            assert found.address == f"{server.address}new.ics".replace("http://", "http://lena:geheim@")
            assert again(found.address) is not None

    def test_takes_no_password_along_to_another_host(self) -> None:
        with (
            scripted(lambda asked: Reply(status=401 if "authorization" in asked.headers else 200, body=TEXT)) as other,
            scripted(lambda _: Reply(status=301, headers={"Location": other.address})) as server,
        ):
            found = again(server.address.replace("http://", "http://lena:geheim@"))
        assert found is not None
        assert found.address == other.address

    def test_does_without_a_version_that_cannot_be_sent_back(self) -> None:
        with scripted(unchanging({"ETag": '"one\r\n two"', "Last-Modified": "\x01"})) as server:
            found = again(server.address)
            assert found is not None
            assert (found.etag, found.modified) == ("", "")
            assert again(server.address, etag=found.etag, modified=found.modified) is not None

    def test_reads_a_webcal_address(self) -> None:
        with scripted(unchanging({})) as server:
            found = again(server.address.replace("http:", "webcal:"))
        assert found is not None
        assert (found.data, found.address) == (TEXT, server.address.replace("http:", "webcal:"))

    def test_hears_when_to_come_again(self) -> None:
        with (
            scripted(lambda _: Reply(status=503, headers={"Retry-After": "90"})) as server,
            pytest.raises(CalendarUnreachable) as refused,
        ):
            again(server.address)
        assert refused.value.retry_after == timedelta(seconds=90)

    def test_a_web_page_is_none(self) -> None:
        page = Reply(body=b"<html>", headers={"Content-Type": "text/html"})
        with scripted(lambda _: page) as server, pytest.raises(NotACalendar):
            again(server.address)

    def test_this_machine_is_not_asked_unless_allowed(self) -> None:
        with scripted(unchanging({})) as server:
            with pytest.raises(AddressRefused, match="private network"):
                again(server.address, allow_private_hosts=False)
            assert not server.asked
