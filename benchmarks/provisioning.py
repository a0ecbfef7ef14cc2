"""Bringing people in by SCIM, and finding them: Equipoise against scim2-server, the reference of scim2-models.

    .venv/bin/python benchmarks/provisioning.py [--people 200] [--rounds 3]

Starts both servers on this machine and sends both the same requests over the network, one after the other, as a
directory does: everybody with a manager, then finding by user name, listing all, and letting some leave. scim2-server
keeps everything in memory and does nothing else; Equipoise writes each request to disk with its entries in the audit
trail, and makes a person with a position and a reporting line of it. Both must answer the same. Prints the best of the
rounds, and the ratio.
"""

import argparse
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.journeys.conftest import running  # noqa: E402  # after the path is set

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
SCHEMAS = ["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE]
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
SECRET = "only for this benchmark"  # noqa: S105 - a made-up word for a server that ends with this run
FINDS = 50


@dataclass(frozen=True, slots=True)
class Took:
    """Milliseconds a request took, by what was asked."""

    bring: float
    find: float
    list_all: float
    leave: float


@contextmanager
def equipoise() -> Iterator[tuple[str, str]]:
    """A server of ours on its embedded database, and a token for it."""
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as address:
        command = [sys.executable, "-c", "from equipoise.cli.app import main; main()", "token", "create"]
        made = subprocess.run(
            [*command, "--data", folder, "--scope", "scim"], capture_output=True, text=True, check=True
        )
        yield f"{address}/scim/v2", made.stdout.strip()


@contextmanager
def peer() -> Iterator[tuple[str, str]]:
    """scim2-server with the same token scheme."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = Path(sys.executable).with_name("scim2-server")
    server = subprocess.Popen(
        [str(program), "--hostname", "127.0.0.1", "--port", str(port), "--bearer-token", SECRET],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}/v2"
    try:
        for _try in range(100):
            try:
                requests.get(f"{address}/Users", headers={"Authorization": f"Bearer {SECRET}"}, timeout=5)
                break
            except requests.ConnectionError:
                time.sleep(0.1)
        yield address, SECRET
    finally:
        server.terminate()
        server.wait(timeout=10)


def timed(work: Callable[[], object], times: int = 1) -> float:
    """Milliseconds each time took."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000 / times


def one_round(address: str, secret: str, people: int, mark: str) -> Took:
    """Bring people in, find some, list all, let some leave; whoever was brought is dropped afterwards."""
    session = requests.Session()
    session.headers.update({"Authorization": f"Bearer {secret}", "Content-Type": "application/scim+json"})
    ids: list[str] = []

    def bring() -> None:
        for number in range(people):
            manager = (
                {"manager": {"value": ids[number // 10], "$ref": f"{address}/Users/{ids[number // 10]}"}}
                if number
                else {}
            )
            told = {
                "schemas": SCHEMAS,
                "userName": f"{mark}-{number}@agency.example",
                "displayName": f"Person {number}",
                "emails": [{"value": f"{mark}-{number}@agency.example", "primary": True}],
                "title": "Consultant",
                "active": True,
                ENTERPRISE: {"department": "Finance", **manager},
            }
            answer = session.post(f"{address}/Users", json=told, timeout=60)
            assert answer.status_code == 201, answer.text
            ids.append(answer.json()["id"])

    def find() -> None:
        for number in range(FINDS):
            asked = f'userName eq "{mark.upper()}-{number % people}@AGENCY.example"'
            found = session.get(f"{address}/Users", params={"filter": asked}, timeout=60).json()
            assert found["Resources"][0]["id"] == ids[number % people]

    def list_all() -> None:
        found = session.get(f"{address}/Users", params={"startIndex": "1", "count": "1000"}, timeout=60).json()
        assert found["totalResults"] == people

    def leave() -> None:
        change = {"schemas": [PATCH], "Operations": [{"op": "replace", "path": "active", "value": False}]}
        for each in ids[-FINDS:]:
            assert session.patch(f"{address}/Users/{each}", json=change, timeout=60).ok

    took = Took(timed(bring, people), timed(find, FINDS), timed(list_all), timed(leave, len(ids[-FINDS:])))
    for each in ids:
        assert session.delete(f"{address}/Users/{each}", timeout=60).status_code == 204
    return took


def best(server: Callable[[], object], people: int, rounds: int) -> Took:
    """The best of some rounds on one server."""
    with server() as (address, secret):  # type: ignore[attr-defined]
        took = [one_round(address, secret, people, f"r{number}") for number in range(rounds)]
    return Took(*(min(getattr(each, name) for each in took) for name in Took.__slots__))


def main() -> None:
    """Measure both, and print what each took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    ours, theirs = (best(server, given.people, given.rounds) for server in (equipoise, peer))
    print(f"{given.people} people; milliseconds a request, best of {given.rounds} rounds")
    print(f"{'':28}{'Equipoise':>12}{'scim2-server':>14}{'ratio':>8}")
    words = {"bring": "bring one in", "find": "find one by user name", "list_all": "list all", "leave": "let one leave"}
    for name, words_of in words.items():
        mine, other = getattr(ours, name), getattr(theirs, name)
        print(f"{words_of:28}{mine:12.1f}{other:14.1f}{mine / other:8.2f}")
    print(f"people a second: Equipoise {1000 / ours.bring:.0f}, scim2-server {1000 / theirs.bring:.0f}")


if __name__ == "__main__":
    main()
