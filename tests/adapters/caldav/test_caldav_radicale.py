"""A real calendar server: finding calendars, following changes, writing without treading on anybody."""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from tests.radicale_server import Radicale, running_radicale

from equipoise.adapters import caldav, web
from equipoise.adapters.caldav import (
    CalendarGone,
    Changes,
    EntryChanged,
    NotACalendarServer,
    NotWritable,
    RemoteObject,
    ServerInTrouble,
    SignInRefused,
    TooLarge,
)
from equipoise.adapters.ics import AddressRefused
from equipoise.adapters.ics.writing import EntryToWrite, written_entry

START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
_numbers = count(1)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Radicale]:
    """One server for the module; every test makes its own calendar."""
    with running_radicale(tmp_path_factory.mktemp("radicale")) as running:
        yield running


@pytest.fixture
def work(server: Radicale) -> str:
    """An empty calendar."""
    return server.make_calendar(f"work{next(_numbers)}")


def text(uid: str, title: str = "Stand-up", hour: int = 0) -> str:
    data = written_entry(
        EntryToWrite(
            uid=uid,
            title=title,
            start=START + timedelta(hours=hour),
            end=START + timedelta(hours=hour + 1),
            stamp=START,
        )
    )
    return data.decode()


def component(uid: str) -> str:
    lines = text(uid).split("\r\n")
    return "\r\n".join(lines[lines.index("BEGIN:VEVENT") : lines.index("END:VEVENT") + 1])


def changes(server: Radicale, calendar: str, token: str = "") -> Changes:
    return caldav.changes(server.account, calendar, token, allow_private_hosts=True)


def fetch(server: Radicale, calendar: str, hrefs: Sequence[str]) -> list[RemoteObject]:
    return list(caldav.fetch(server.account, calendar, hrefs, allow_private_hosts=True))


def put(server: Radicale, address: str, data: str, etag: str | None = None) -> str:
    return caldav.put(server.account, address, data.encode(), etag=etag, allow_private_hosts=True)


def discovered(server: Radicale, address: str) -> list[str]:
    account = replace(server.account, address=address)
    return [found.address for found in caldav.discover(account, allow_private_hosts=True)]


class TestDiscover:
    def test_finds_the_calendars_for_events(self, radicale: Radicale) -> None:
        work = radicale.make_calendar("work", colour="#3366ccff")
        radicale.make_calendar("tasks", component="VTODO")
        home = radicale.make_calendar("home")
        found = {each.address: each for each in caldav.discover(radicale.account, allow_private_hosts=True)}
        assert set(found) == {work, home}
        assert (found[work].name, found[work].colour, found[work].writable) == ("Work", "#3366cc", True)
        assert found[work].token
        assert found[work].ctag

    def test_finds_them_from_any_address_of_the_server(self, radicale: Radicale) -> None:
        work, home = radicale.make_calendar("work"), radicale.make_calendar("home")
        for address in (
            radicale.address,
            radicale.address.rstrip("/"),
            f"{radicale.address}lena/",
            work,
            f"{radicale.address}.well-known/caldav",
            f"{radicale.address}not/there",
        ):
            assert sorted(discovered(radicale, address)) == sorted([work, home]), address

    def test_an_account_without_calendars_has_none(self, radicale: Radicale) -> None:
        assert discovered(radicale, radicale.address) == []

    def test_says_which_calendars_are_for_reading_only(self, tmp_path: Path) -> None:
        (tmp_path / "rights").write_text(
            "[root]\nuser: .+\ncollection:\npermissions: R\n"
            "[principal]\nuser: .+\ncollection: {user}\npermissions: RW\n"
            "[shared]\nuser: lena\ncollection: lena/team\npermissions: r\n"
            "[own]\nuser: .+\ncollection: {user}/[^/]+\npermissions: rw\n"
        )
        with running_radicale(tmp_path) as making:
            making.make_calendar("team")
            making.make_calendar("work")
        with running_radicale(tmp_path, rights="from_file") as server:
            found = caldav.discover(server.account, allow_private_hosts=True)
            assert {each.name: each.writable for each in found} == {"Team": False, "Work": True}
            with pytest.raises(NotWritable, match="does not take entries from you"):
                put(server, f"{server.address}lena/team/a.ics", text("a"))

    def test_a_wrong_password_is_refused_in_one_sentence_without_it(self, server: Radicale) -> None:
        account = replace(server.account, password="not-the-one")
        with pytest.raises(SignInRefused, match="refuses this user name and password") as refused:
            caldav.discover(account, allow_private_hosts=True)
        assert "not-the-one" not in str(refused.value)
        assert "not-the-one" not in repr(account)

    def test_this_machine_is_not_asked_unless_allowed(self, server: Radicale) -> None:
        with pytest.raises(AddressRefused, match="private network"):
            caldav.discover(server.account)

    def test_somebody_elses_place_is_refused(self, server: Radicale) -> None:
        with pytest.raises((SignInRefused, NotACalendarServer, CalendarGone)):
            caldav.changes(server.account, f"{server.address}ravi/work/", allow_private_hosts=True)


class TestChanges:
    def test_the_first_time_is_everything(self, server: Radicale, work: str) -> None:
        server.upload(work, [component(f"e{n}") for n in range(5)])
        found = changes(server, work)
        assert found.complete
        assert len(found.changed) == 5
        assert {each.href: each.etag for each in fetch(server, work, [href for href, _ in found.changed])} == dict(
            found.changed
        )

    def test_afterwards_it_is_what_is_new_changed_and_gone(self, server: Radicale, work: str) -> None:
        for uid in ("stays", "changes", "goes"):
            server.put_entry(work, uid, text(uid))
        first = changes(server, work)
        server.put_entry(work, "changes", text("changes", title="Moved", hour=2))
        server.put_entry(work, "new", text("new"))
        server.delete_entry(f"{work}goes.ics")
        second = changes(server, work, first.token)
        path = caldav.href_of(work)
        assert not second.complete
        assert {href for href, _ in second.changed} == {f"{path}changes.ics", f"{path}new.ics"}
        assert second.removed == (f"{path}goes.ics",)
        assert dict(second.changed)[f"{path}changes.ics"] != dict(first.changed)[f"{path}changes.ics"]

    def test_when_nothing_happened_there_is_nothing(self, server: Radicale, work: str) -> None:
        server.put_entry(work, "a", text("a"))
        token = changes(server, work).token
        assert changes(server, work, token) == Changes(token=token, changed=(), removed=(), complete=False)

    @pytest.mark.parametrize("token", ["http://radicale.org/ns/sync/" + "0" * 64, "nonsense <&> ü", "ctag:old"])
    def test_a_token_the_server_does_not_know_gives_everything(self, server: Radicale, work: str, token: str) -> None:
        server.put_entry(work, "a", text("a"))
        found = changes(server, work, token)
        assert found.complete
        assert [href for href, _ in found.changed] == [f"{caldav.href_of(work)}a.ics"]

    def test_a_token_the_server_has_forgotten_gives_everything(self, server: Radicale, work: str) -> None:
        server.put_entry(work, "a", text("a"))
        token = changes(server, work).token
        server.put_entry(work, "b", text("b"))
        store = server.folder / "store" / "collection-root" / caldav.href_of(work).strip("/")
        shutil.rmtree(store / ".Radicale.cache" / "sync-token")
        found = changes(server, work, token)
        assert found.complete
        assert len(found.changed) == 2

    def test_a_calendar_that_is_gone_says_so(self, server: Radicale, work: str) -> None:
        token = changes(server, work).token
        server.delete_entry(work)
        with pytest.raises(CalendarGone, match="is not there"):
            changes(server, work, token)
        with pytest.raises(CalendarGone):
            changes(server, work)

    def test_names_with_strange_letters_are_one_name(self, server: Radicale, work: str) -> None:
        uids = ["büro plan", "a&b<c>", "50%25", "at@host", "plus+and;semi=x", "x=y~z"]
        put_at = [caldav.address_of(work, f"{caldav.href_of(work)}{_escaped(uid)}.ics") for uid in uids]
        for address, uid in zip(put_at, uids, strict=True):
            put(server, address, text(uid))
        found = changes(server, work)
        assert {href for href, _ in found.changed} == {caldav.href_of(address) for address in put_at}
        assert len(fetch(server, work, [href for href, _ in found.changed])) == len(uids)


def _escaped(name: str) -> str:
    return "".join(f"%{byte:02x}" for byte in name.encode())


class TestFetch:
    def test_leaves_out_what_is_gone(self, server: Radicale, work: str) -> None:
        server.put_entry(work, "a", text("a", title="Here"))
        path = caldav.href_of(work)
        (found,) = fetch(server, work, [f"{path}gone.ics", f"{path}a.ics"])
        assert found.href == f"{path}a.ics"
        assert b"SUMMARY:Here" in found.data

    def test_five_thousand_entries_come_once_each(self, server: Radicale, work: str) -> None:
        server.upload(work, [component(f"e{n:04}") for n in range(5_000)])
        found = changes(server, work)
        objects = fetch(server, work, [href for href, _ in found.changed])
        assert {each.href: each.etag for each in objects} == dict(found.changed)
        assert len({line for each in objects for line in each.data.splitlines() if line.startswith(b"UID:")}) == 5_000

    def test_answers_that_are_too_large_are_asked_for_in_smaller_parts(self, server: Radicale, work: str) -> None:
        server.upload(work, [component(f"e{n}") for n in range(50)])
        hrefs = [href for href, _ in changes(server, work).changed]
        small = web.WebLimits(seconds=20, answer_bytes=6_000)
        found = list(caldav.fetch(server.account, work, hrefs, allow_private_hosts=True, limits=small))
        assert {each.href for each in found} == set(hrefs)
        with pytest.raises(TooLarge):
            list(
                caldav.fetch(
                    server.account, work, hrefs, allow_private_hosts=True, limits=web.WebLimits(answer_bytes=99)
                )
            )

    def test_a_server_killed_in_the_middle_is_taken_up_again(self, radicale: Radicale) -> None:
        work = radicale.make_calendar("work")
        radicale.upload(work, [component(f"e{n}") for n in range(250)])
        first = changes(radicale, work)
        hrefs = [href for href, _ in first.changed]
        kept: list[str] = []
        with pytest.raises(ServerInTrouble, match="nothing answers there"):  # noqa: PT012
            for found in caldav.fetch(radicale.account, work, hrefs, allow_private_hosts=True):
                kept.append(found.href)
                if len(kept) == 1:
                    radicale.kill()
        assert kept == hrefs[:100]
        with pytest.raises(ServerInTrouble):
            changes(radicale, work, first.token)
        radicale.start()
        rest = fetch(radicale, work, hrefs[len(kept) :])
        assert kept + [each.href for each in rest] == hrefs
        assert changes(radicale, work, first.token).changed == ()


class TestPut:
    def test_gives_the_version_that_stands_there(self, server: Radicale, work: str) -> None:
        address = caldav.entry_address(work, "b1@equipoise")
        etag = put(server, address, text("b1@equipoise"))
        assert changes(server, work).changed == ((caldav.href_of(address), etag),)
        later = put(server, address, text("b1@equipoise", hour=3), etag)
        assert later != etag
        assert changes(server, work).changed == ((caldav.href_of(address), later),)

    def test_does_not_write_over_what_somebody_changed(self, server: Radicale, work: str) -> None:
        address = caldav.entry_address(work, "b1")
        etag = put(server, address, text("b1"))
        server.put_entry(work, "b1", text("b1", title="Theirs", hour=5))
        with pytest.raises(EntryChanged, match="changed by somebody else"):
            put(server, address, text("b1", title="Ours"), etag)
        with pytest.raises(EntryChanged):
            caldav.delete(server.account, address, etag=etag, allow_private_hosts=True)
        (stands,) = fetch(server, work, [caldav.href_of(address)])
        assert b"SUMMARY:Theirs" in stands.data

    def test_does_not_make_again_what_somebody_deleted(self, server: Radicale, work: str) -> None:
        address = caldav.entry_address(work, "b1")
        etag = put(server, address, text("b1"))
        server.delete_entry(address)
        with pytest.raises(EntryChanged):
            put(server, address, text("b1", title="Ours"), etag)
        assert changes(server, work).changed == ()

    def test_does_not_write_a_new_entry_over_an_old_one(self, server: Radicale, work: str) -> None:
        server.put_entry(work, "b1", text("b1", title="Theirs"))
        with pytest.raises(EntryChanged):
            put(server, caldav.entry_address(work, "b1"), text("b1", title="Ours"))

    def test_does_not_write_the_same_entry_under_another_address(self, server: Radicale, work: str) -> None:
        server.put_entry(work, "b1", text("b1"))
        with pytest.raises(EntryChanged, match="another address"):
            put(server, caldav.entry_address(work, "b2"), text("b1"))

    def test_into_a_calendar_that_is_gone_says_so(self, server: Radicale, work: str) -> None:
        server.delete_entry(work)
        with pytest.raises(CalendarGone, match="belongs to no calendar"):
            put(server, caldav.entry_address(work, "b1"), text("b1"))

    def test_what_is_no_calendar_is_not_taken(self, server: Radicale, work: str) -> None:
        with pytest.raises(NotWritable):
            put(server, caldav.entry_address(work, "b1"), "no calendar")


class TestDelete:
    def test_takes_it_out_and_is_content_when_it_is_out(self, server: Radicale, work: str) -> None:
        address = caldav.entry_address(work, "b1")
        etag = put(server, address, text("b1"))
        for _ in range(2):
            caldav.delete(server.account, address, etag=etag, allow_private_hosts=True)
        assert changes(server, work).changed == ()
