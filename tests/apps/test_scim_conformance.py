"""scim2-tester, an independent client, finds nothing wrong with the service; against a real server."""

import pytest
from django.db import connections
from pytest_django.live_server_helper import LiveServer
from scim2_tester import Status, check_server
from tests.cast import NOW
from tests.scim_client import OverTheNetwork

from equipoise.apps.integrations.actions import make_token
from equipoise.platform.api import Scope


@pytest.fixture(autouse=True)
def no_lasting_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server's threads hold no database that is to be thrown away."""
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)


@pytest.fixture
def directory(live_server: LiveServer) -> OverTheNetwork:
    """A directory that speaks with a real server."""
    secret = make_token(actor=None, person=None, name="Directory", scopes={Scope.SCIM}, expires_at=None, now=NOW)
    return OverTheNetwork(f"{live_server.url}/scim/v2", secret)


@pytest.mark.django_db(transaction=True)
class TestTheService:
    def test_passes_every_check_of_scim2_tester(self, directory: OverTheNetwork) -> None:
        directory.discover()
        results = check_server(directory)
        wrong = [
            f"{each.resource_type} {each.title}: {each.status.name} {each.reason}"
            for each in results
            if each.status is not Status.SUCCESS
        ]
        assert wrong == []
        assert len(results) > 60
