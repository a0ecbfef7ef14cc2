"""What users of other calendar programs complain about, tried on a real server from its first byte to hours.

The cases are those of https://github.com/calcom/cal.diy/issues/3457, /issues/2139 and
https://github.com/bitfireAT/davdroid/issues/579.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.adapters.web.scripted_server import Asked, Reply, scripted
from tests.radicale_server import Radicale

from equipoise.adapters import caldav, web
from equipoise.adapters.caldav import Account, ServerInTrouble
from equipoise.adapters.caldav.asking import LIMITS
from equipoise.adapters.ics import CalendarReading, Upload, read_calendar

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 11, 23, tzinfo=BERLIN)


def event(uid: str, *lines: str) -> str:
    return "\r\n".join(("BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20261101T000000Z", *lines, "END:VEVENT"))


def calendar(*events: str) -> str:
    return "\r\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//EN", *events, "END:VCALENDAR", ""))


def read(server: Radicale, address: str) -> CalendarReading:
    """The week, read as the application reads it: every object is one upload."""
    found = caldav.changes(server.account, address, allow_private_hosts=True)
    hrefs = [href for href, _ in found.changed]
    objects = caldav.fetch(server.account, address, hrefs, allow_private_hosts=True)
    return read_calendar(
        [Upload(name=each.href, content=each.data) for each in objects],
        me=["lena@example.org"],
        start=MONDAY,
        end=MONDAY + timedelta(days=7),
        zone=BERLIN,
    )


@pytest.fixture
def work(radicale: Radicale) -> str:
    return radicale.make_calendar("work")


class TestTimes:
    def test_are_not_shifted_by_an_hour(self, radicale: Radicale, work: str) -> None:
        radicale.put_entry(work, "utc", calendar(event("utc", "DTSTART:20261124T080000Z", "DTEND:20261124T090000Z")))
        wall = ("DTSTART;TZID=Europe/Berlin:20261125T090000", "DTEND;TZID=Europe/Berlin:20261125T100000")
        radicale.put_entry(work, "wall", calendar(event("wall", *wall)))
        starts = sorted(found.start for found in read(radicale, work).occurrences)
        assert starts == [datetime(2026, 11, day, 8, 0, tzinfo=UTC) for day in (24, 25)]


class TestBusyAndFree:
    def test_are_told_apart(self, radicale: Radicale, work: str) -> None:
        for hour, (uid, line) in enumerate(
            (("busy", "TRANSP:OPAQUE"), ("free", "TRANSP:TRANSPARENT"), ("off", "STATUS:CANCELLED"))
        ):
            times = (f"DTSTART:20261124T1{hour}0000Z", "DURATION:PT30M")
            radicale.put_entry(work, uid, calendar(event(uid, *times, line)))
        told = {
            found.entry.uid: (found.entry.free, found.entry.cancelled) for found in read(radicale, work).occurrences
        }
        assert told == {"busy": (False, False), "free": (True, False), "off": (False, True)}


class TestSeries:
    RULE = ("DTSTART;TZID=Europe/Berlin:20261102T090000", "DURATION:PT30M", "RRULE:FREQ=WEEKLY;BYDAY=MO,WE")

    def test_with_a_moved_and_a_left_out_day_is_read_so(self, radicale: Radicale, work: str) -> None:
        series = event("series", *self.RULE, "EXDATE;TZID=Europe/Berlin:20261125T090000")
        moved = event(
            "series",
            "RECURRENCE-ID;TZID=Europe/Berlin:20261123T090000",
            "DTSTART;TZID=Europe/Berlin:20261124T140000",
            "DURATION:PT30M",
        )
        radicale.put_entry(work, "series", calendar(series, moved))
        (found,) = read(radicale, work).occurrences
        assert found.start == datetime(2026, 11, 24, 14, 0, tzinfo=BERLIN)

    def test_changed_on_the_server_is_one_series(self, radicale: Radicale, work: str) -> None:
        radicale.put_entry(work, "series", calendar(event("series", *self.RULE)))
        assert len(read(radicale, work).occurrences) == 2
        radicale.put_entry(work, "series", calendar(event("series", *self.RULE, "SEQUENCE:1", "SUMMARY:Renamed")))
        assert [found.entry.title for found in read(radicale, work).occurrences] == ["Renamed"] * 2


class TestSlowAndDeadServers:
    def test_a_server_may_take_longer_than_half_a_minute(self) -> None:
        assert LIMITS.seconds > 60

    def test_an_answer_that_comes_slowly_but_in_time_is_read(self) -> None:
        body = b'<d:multistatus xmlns:d="DAV:"><d:sync-token>t</d:sync-token></d:multistatus>'

        def slow(asked: Asked) -> Reply:
            return Reply(status=207, body=body, pause=0.005)

        with scripted(slow) as server:
            account = Account(address=server.address, username="lena", password="x")
            assert caldav.changes(account, server.address, allow_private_hosts=True).token == "t"

    def test_a_dead_one_is_left_in_time(self) -> None:
        with scripted(lambda _: Reply(status=207, body=b"<", pause=2.0)) as server:
            account = Account(address=server.address, username="lena", password="x")
            limits = web.WebLimits(seconds=0.3)
            with pytest.raises(ServerInTrouble, match="did not answer in full"):
                caldav.changes(account, server.address, allow_private_hosts=True, limits=limits)
