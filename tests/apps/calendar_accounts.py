"""Lena's account on a real calendar server, connected, for tests."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tests.apps.calendar_texts import calendar, entry
from tests.cast import Cast
from tests.radicale_server import PASSWORD, USER, Radicale

from equipoise.adapters import caldav
from equipoise.apps.calendars import accounts, actions, outbox, syncing
from equipoise.apps.calendars.models import Account, Calendar, Written
from equipoise.core.facets import Purpose

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
START = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)


def moment(when: datetime) -> str:
    """A time as it stands in a calendar."""
    return f"{when:%Y%m%dT%H%M%SZ}"


def one(uid: str, title: str, start: datetime = START, *more: str) -> str:
    """A calendar with one entry of an hour."""
    return calendar(entry(uid, title, moment(start), moment(start + timedelta(hours=1)), *more)).decode()


@dataclass
class Connected:
    """A calendar of Lena's that is read and written to, and its server.

    Attributes:
        server: The server.
        cast: Lena and the others.
        remote: The calendar's address there.
        now: What the clock says.
    """

    server: Radicale
    cast: Cast
    remote: str
    now: datetime = NOW

    @property
    def calendar(self) -> Calendar:
        """The calendar as it is now."""
        return Calendar.objects.get(remote=self.remote)

    def later(self, **by: float) -> None:
        """Let time go by."""
        self.now += timedelta(**by)

    def sync(self) -> syncing.Outcome | None:
        """Read what is new."""
        return syncing.read_in_step(self.calendar.pk, clock=lambda: self.now)

    def write(self, uid: str = "block@equipoise", *, title: str = "Strategy", start: datetime = START) -> None:
        """Have a block stand in the calendar."""
        actions.write_entry(
            actor=self.cast.lena,
            person=self.cast.lena,
            calendar=self.calendar,
            uid=uid,
            title=title,
            start=start,
            end=start + timedelta(minutes=90),
            description="Because the direction is short of time.",
            purpose=Purpose.VISION,
            now=self.now,
        )

    def withdraw(self, uid: str = "block@equipoise") -> bool:
        """Take a block out again."""
        return actions.withdraw_entry(actor=self.cast.lena, person=self.cast.lena, uid=uid, now=self.now)

    def bring(self) -> int:
        """Write what waits."""
        return outbox.write_out(self.calendar.pk, clock=lambda: self.now)

    def written(self, uid: str = "block@equipoise") -> Written:
        """The row of a block."""
        return Written.objects.get(owner=self.cast.lena, uid=uid)

    def count(self) -> int:
        """How many objects the server has in the calendar."""
        return len(caldav.changes(self.server.account, self.remote, allow_private_hosts=True).changed)

    def there(self, uid: str = "block@equipoise") -> str:
        """A block as it stands on the server."""
        return self.server.ask("GET", f"{self.remote}{uid}.ics").decode()


def connected(server: Radicale, cast: Cast, name: str) -> Connected:
    """Connect Lena's account, read its calendar `name` and write to it."""
    remote = server.make_calendar(name)
    account = connect(server, cast)
    accounts.choose_calendars(
        actor=cast.lena, account=account, read=[remote], write_to=remote, erase_others=False, now=NOW
    )
    return Connected(server=server, cast=cast, remote=remote)


def connect(server: Radicale, cast: Cast) -> Account:
    """Connect Lena's account."""
    return accounts.connect(
        actor=cast.lena, person=cast.lena, address=server.address, username=USER, password=PASSWORD, now=NOW
    )
