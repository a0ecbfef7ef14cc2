"""What Equipoise writes, as other programs read it, and what they change, as Equipoise reads it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from caldav.davclient import DAVClient
from tests.khal_client import listed, made_home, run, sync
from tests.radicale_server import PASSWORD, USER, Radicale

from equipoise.adapters import caldav
from equipoise.adapters.ics import Upload, read_calendar
from equipoise.adapters.ics.writing import EntryToWrite, written_calendar, written_entry
from equipoise.core.facets import Purpose

BERLIN = ZoneInfo("Europe/Berlin")
START = datetime(2026, 11, 24, 9, 0, tzinfo=BERLIN)
UID = "block-1@equipoise"


def block(*, hour: int = 0, sequence: int = 0, uid: str = UID) -> EntryToWrite:
    start = START + timedelta(hours=hour)
    return EntryToWrite(
        uid=uid,
        title="Think: next year, büro; plan",
        start=start,
        end=start + timedelta(minutes=90),
        description="Because of the gap.\nTwo lines.",
        sequence=sequence,
        stamp=START.astimezone(UTC),
        purpose=Purpose.VISION,
    )


def written(server: Radicale, calendar: str, entry: EntryToWrite, etag: str | None = None) -> str:
    address = caldav.entry_address(calendar, entry.uid)
    return caldav.put(server.account, address, written_entry(entry), etag=etag, allow_private_hosts=True)


def all_of_theirs(server: Radicale) -> list[Any]:
    """Lena's calendars as the caldav library finds them."""
    client: Any = DAVClient(url=server.address, username=USER, password=PASSWORD)
    return list(client.principal().calendars())


def theirs(server: Radicale, calendar: str) -> Any:
    """One of them."""
    return next(found for found in all_of_theirs(server) if str(found.url) == calendar)


class TestTheCaldavLibrary:
    def test_reads_what_was_written(self, radicale: Radicale) -> None:
        work = radicale.make_calendar("work")
        written(radicale, work, block())
        (found,) = theirs(radicale, work).events()
        event = found.icalendar_component
        assert str(event["SUMMARY"]) == "Think: next year, büro; plan"
        assert (event.start, event.end) == (START, START + timedelta(minutes=90))
        assert str(event["DESCRIPTION"]) == "Because of the gap.\nTwo lines."
        assert event["CATEGORIES"].to_ical() == b"vision"

    def test_sees_one_entry_after_it_was_written_again(self, radicale: Radicale) -> None:
        work = radicale.make_calendar("work")
        etag = written(radicale, work, block())
        written(radicale, work, block(hour=2, sequence=1), etag)
        (found,) = theirs(radicale, work).events()
        assert found.icalendar_component.start == START + timedelta(hours=2)

    def test_finds_the_same_calendars(self, radicale: Radicale) -> None:
        for name in ("work", "home"):
            radicale.make_calendar(name)
        ours = caldav.discover(radicale.account, allow_private_hosts=True)
        assert {(str(each.url), each.get_display_name()) for each in all_of_theirs(radicale)} == {
            (each.address, each.name) for each in ours
        }

    def test_moves_and_deletes_and_is_heard(self, radicale: Radicale) -> None:
        work = radicale.make_calendar("work")
        for uid in (UID, "block-2@equipoise"):
            written(radicale, work, block(uid=uid))
        token = caldav.changes(radicale.account, work, allow_private_hosts=True).token
        for found in theirs(radicale, work).events():
            if str(found.icalendar_component["UID"]) == UID:
                found.icalendar_component.pop("DTEND")
                found.icalendar_component.pop("DTSTART")
                found.icalendar_component.add("dtstart", START + timedelta(hours=5))
                found.icalendar_component.add("dtend", START + timedelta(hours=6))
                found.save()
            else:
                found.delete()
        heard = caldav.changes(radicale.account, work, token, allow_private_hosts=True)
        (moved,) = caldav.fetch(radicale.account, work, [href for href, _ in heard.changed], allow_private_hosts=True)
        assert heard.removed == (caldav.href_of(caldav.entry_address(work, "block-2@equipoise")),)
        reading = read_calendar(
            [Upload(name="moved.ics", content=moved.data)], start=START, end=START + timedelta(days=1), zone=BERLIN
        )
        assert [found.start for found in reading.occurrences] == [START + timedelta(hours=5)]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home folder with vdirsyncer and khal set up for Lena's calendar `work`."""
    return made_home(tmp_path / "home")


class TestKhalAndVdirsyncer:
    def test_show_what_was_written_and_hand_back_what_is_changed_there(self, radicale: Radicale, home: Path) -> None:
        work = radicale.make_calendar("work")
        etag = written(radicale, work, block())
        written(radicale, work, block(uid="another-day@equipoise", hour=72))
        sync(home, radicale)
        assert listed(home, START.date()) == ["09:00-10:30 Think: next year, büro; plan vision"]

        written(radicale, work, block(hour=2, sequence=1), etag)
        sync(home, radicale)
        assert listed(home, START.date()) == ["11:00-12:30 Think: next year, büro; plan vision"]

        token = caldav.changes(radicale.account, work, allow_private_hosts=True).token
        (file,) = (path for path in (home / "calendars" / "work").iterdir() if f"UID:{UID}" in path.read_text())
        file.unlink()
        sync(home, radicale)
        heard = caldav.changes(radicale.account, work, token, allow_private_hosts=True)
        assert heard.removed == (caldav.href_of(caldav.entry_address(work, UID)),)

    def test_import_a_feed_twice_and_have_each_entry_once(self, home: Path) -> None:
        (home / "calendars" / "work").mkdir()
        feed = home / "feed.ics"
        for sequence, hour in ((0, 0), (1, 3)):
            feed.write_bytes(written_calendar([block(hour=hour, sequence=sequence)], name="Plan"))
            run(home, "khal", "-c", str(home / "khal"), "import", "--batch", "-a", "work", str(feed))
        assert listed(home, START.date()) == ["12:00-13:30 Think: next year, büro; plan vision"]
