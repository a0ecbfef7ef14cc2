"""What every test can ask for."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_socket import socket_allow_hosts
from tests.cast import Cast, play
from tests.radicale_server import Radicale, running_radicale

from equipoise.apps.people.models import Assistance

ROOT = Path(__file__).resolve().parent.parent
LOOPBACK = ["127.0.0.1", "localhost", "::1"]


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Nothing reaches beyond this machine."""
    socket_allow_hosts(LOOPBACK, allow_unix_socket=True)


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """No test sees what another kept."""
    cache.clear()


@pytest.fixture
def shared() -> Path:
    """The development data beside the project; the test is skipped where it is not there."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("The development data is not beside the project.")
    return folder


@pytest.fixture
def radicale(tmp_path: Path) -> Iterator[Radicale]:
    """A real calendar server on this machine, with Lena's account on it and no calendar yet."""
    with running_radicale(tmp_path / "radicale") as server:
        yield server


@pytest.fixture
def cast(db: None) -> Cast:
    """Lena, Ravi, Tom, Grace, Ines, Ada, Sam and Otto."""
    return play()


@pytest.fixture
def as_lena(cast: Cast, client: Client) -> Client:
    """A browser in which Lena is signed in."""
    client.force_login(cast.lena)
    return client


@pytest.fixture
def as_sam(cast: Cast) -> Client:
    """A browser in which Sam is signed in, on pages of their own."""
    client = Client()
    client.force_login(cast.sam)
    return client


@pytest.fixture
def sam_for_lena(cast: Cast, as_sam: Client) -> Client:
    """A browser in which Sam acts for Lena."""
    as_sam.post(f"/assisting/{Assistance.objects.get(owner=cast.lena).pk}/begin")
    return as_sam


@pytest.fixture
def as_otto(cast: Cast) -> Client:
    """A browser in which Otto, the outsider, is signed in."""
    client = Client()
    client.force_login(cast.otto)
    return client
