"""Accepted blocks are written to a real calendar server and kept in step; what the owner does there is learned."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from icalendar import Calendar as ReadCalendar
from pytest_django import Settings
from tests.cast import NOW, Cast
from tests.radicale_server import PASSWORD, USER, Radicale

from equipoise.apps.calendars import accounts, outbox, syncing
from equipoise.apps.calendars import queries as calendars
from equipoise.apps.people.models import Person
from equipoise.apps.planner import actions, carrying, learning, outcomes
from equipoise.apps.planner.models import Block
from equipoise.core.planning.habits import Outcome

MONDAY = date(2026, 11, 30)
AT = datetime(2026, 11, 30, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def lena(cast: Cast, radicale: Radicale, settings: Settings) -> Person:
    """Lena, with a calendar of a server she chose to write to."""
    settings.PRIVATE_FEEDS = True
    remote = radicale.make_calendar("work")
    account = accounts.connect(
        actor=cast.lena, person=cast.lena, address=radicale.address, username=USER, password=PASSWORD, now=NOW
    )
    accounts.choose_calendars(
        actor=cast.lena, account=account, read=[remote], write_to=remote, erase_others=False, now=NOW
    )
    return cast.lena


@pytest.fixture
def block(lena: Person) -> Block:
    """An accepted block."""
    made = Block.objects.create(
        person=lena, monday=MONDAY, uid="b1@equipoise", kind="strategy", title="Strategic time", purpose="vision",
        proposed_start=AT, proposed_end=AT + HOUR, starts_at=AT, ends_at=AT + HOUR, made_at=NOW, changed_at=NOW,
        reasons=[{"kind": "due", "name": "Tom", "days": 31, "cadence": 14}],
    )  # fmt: skip
    actions.accept(actor=lena, person=lena, blocks=[made], now=NOW)
    return Block.objects.get(pk=made.pk)


def in_step(person: Person) -> None:
    """What the worker does: bring out what waits, and read what is new."""
    calendar = calendars.chosen_calendar(person)
    assert calendar is not None
    outbox.write_out(calendar.pk, clock=lambda: datetime.now(UTC))
    syncing.read_in_step(calendar.pk, clock=lambda: datetime.now(UTC))


def address(radicale: Radicale) -> str:
    """Where the one entry lies on the server."""
    folder = radicale.folder / "store" / "collection-root" / USER / "work"
    (file,) = [path for path in folder.iterdir() if path.suffix == ".ics"]
    return f"{radicale.address}{USER}/work/{file.name}"


def lying(radicale: Radicale) -> list[tuple[str, datetime]]:
    """Titles and starts of what lies on the server, as another client reads it."""
    body = radicale.ask("GET", f"{radicale.address}{USER}/work/")
    return [(str(event["SUMMARY"]), event.decoded("DTSTART")) for event in ReadCalendar.from_ical(body).walk("VEVENT")]


def move_there(radicale: Radicale, to: datetime) -> None:
    """Another client moves the entry."""
    where = address(radicale)
    read = ReadCalendar.from_ical(radicale.ask("GET", where))
    (event,) = read.walk("VEVENT")
    for name, moment in (("DTSTART", to), ("DTEND", to + HOUR)):
        del event[name]
        event.add(name, moment)
    radicale.ask("PUT", where, read.to_ical())


class TestWriteWeek:
    def test_puts_accepted_blocks_on_the_server(self, lena: Person, block: Block, radicale: Radicale) -> None:
        assert carrying.write_week(actor=lena, person=lena, monday=MONDAY, now=NOW) == 1
        in_step(lena)
        assert lying(radicale) == [("Strategic time", AT)]
        assert b"31 days since the last one-to-one with Tom" in radicale.ask("GET", address(radicale)).replace(
            b"\r\n ", b""
        )
        assert carrying.write_week(actor=lena, person=lena, monday=MONDAY, now=NOW) == 0

    def test_leaves_what_was_not_accepted_away(self, lena: Person, block: Block, radicale: Radicale) -> None:
        Block.objects.filter(pk=block.pk).update(state="proposed")
        assert carrying.write_week(actor=lena, person=lena, monday=MONDAY, now=NOW) == 0
        in_step(lena)
        assert lying(radicale) == []

    def test_says_so_where_no_calendar_is_chosen(self, cast: Cast, as_lena: Client) -> None:
        with pytest.raises(carrying.NoCalendarToWriteTo):
            carrying.write_week(actor=cast.lena, person=cast.lena, monday=MONDAY, now=NOW)
        page = as_lena.post("/plan/write", {"week": "2026-11-30"}, follow=True).content.decode()
        assert "Nothing was written." in page

    def test_is_a_button(self, lena: Person, block: Block, radicale: Radicale, as_lena: Client) -> None:
        page = as_lena.post("/plan/write", {"week": "2026-11-30"}, follow=True).content.decode()
        assert "1 block is on its way to your calendar." in page
        in_step(lena)
        assert lying(radicale) == [("Strategic time", AT)]


class TestKeepInStep:
    @pytest.fixture(autouse=True)
    def written(self, lena: Person, block: Block) -> None:
        carrying.write_week(actor=lena, person=lena, monday=MONDAY, now=NOW)
        in_step(lena)
        learning.learn(person=lena, now=NOW)

    def test_follows_a_shift_and_its_undo(self, lena: Person, block: Block, radicale: Radicale) -> None:
        later = AT + timedelta(days=2)
        decision = actions.shift(actor=lena, person=lena, block=block, start=later, now=NOW + HOUR)
        assert learning.learn(person=lena, now=NOW + HOUR) == 0
        in_step(lena)
        assert lying(radicale) == [("Strategic time", later)]
        assert decision is not None
        actions.undo(actor=lena, person=lena, decision=decision, now=NOW + 2 * HOUR)
        in_step(lena)
        assert lying(radicale) == [("Strategic time", AT)]
        assert learning.learn(person=lena, now=NOW + 3 * HOUR) == 0

    def test_takes_a_block_out_that_is_taken_back_and_puts_it_in_again(
        self, lena: Person, block: Block, radicale: Radicale
    ) -> None:
        decision = actions.refuse(actor=lena, person=lena, block=block, why=None, words="", now=NOW + HOUR)
        in_step(lena)
        assert lying(radicale) == []
        assert decision is not None
        actions.undo(actor=lena, person=lena, decision=decision, now=NOW + 2 * HOUR)
        in_step(lena)
        assert lying(radicale) == [("Strategic time", AT)]

    def test_learns_a_move_made_in_another_program(self, lena: Person, block: Block, radicale: Radicale) -> None:
        tuesday = AT + timedelta(hours=29)
        move_there(radicale, tuesday)
        in_step(lena)
        assert learning.learn(person=lena, now=NOW + HOUR) == 1
        moved = Block.objects.get(pk=block.pk)
        assert (moved.starts_at, moved.state) == (tuesday, "shifted")
        assert outcomes.outcome_of(moved, now=NOW) is Outcome.MOVED
        assert carrying.write_week(actor=lena, person=lena, monday=MONDAY, now=NOW + HOUR) == 0
        in_step(lena)
        assert lying(radicale) == [("Strategic time", tuesday)]

    def test_learns_a_deletion_made_in_another_program(self, lena: Person, block: Block, radicale: Radicale) -> None:
        radicale.delete_entry(address(radicale))
        in_step(lena)
        assert learning.learn(person=lena, now=NOW + HOUR) == 1
        dropped = Block.objects.get(pk=block.pk)
        assert dropped.state == "withdrawn"
        assert outcomes.outcome_of(dropped, now=NOW) is Outcome.DROPPED
        in_step(lena)
        assert lying(radicale) == []

    def test_puts_a_deleted_block_back_only_when_it_is_accepted_again(
        self, lena: Person, block: Block, radicale: Radicale
    ) -> None:
        radicale.delete_entry(address(radicale))
        in_step(lena)
        learning.learn(person=lena, now=NOW + HOUR)
        actions.accept(actor=lena, person=lena, blocks=[block], now=NOW + 2 * HOUR)
        in_step(lena)
        assert lying(radicale) == [("Strategic time", AT)]
        assert learning.learn(person=lena, now=NOW + 3 * HOUR) == 0

    def test_keeps_what_was_accepted_while_the_server_is_away(
        self, lena: Person, block: Block, radicale: Radicale
    ) -> None:
        radicale.kill()
        later = AT + timedelta(days=1)
        actions.shift(actor=lena, person=lena, block=block, start=later, now=NOW + HOUR)
        calendar = calendars.chosen_calendar(lena)
        assert calendar is not None
        outbox.write_out(calendar.pk, clock=lambda: NOW + HOUR)
        assert learning.learn(person=lena, now=NOW + HOUR) == 0
        radicale.start()
        in_step(lena)
        assert lying(radicale) == [("Strategic time", later)]
