"""What the owner does with blocks in their own calendar is learned, and never fought."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.apps.calendar_texts import calendar, entry
from tests.cast import NOW, Cast

from equipoise.adapters.ics import Upload, read_calendar
from equipoise.apps.calendars import actions as calendars
from equipoise.apps.calendars import queries as calendar_queries
from equipoise.apps.people.models import Person
from equipoise.apps.planner import actions, learning, out, outcomes, queries, weekplan
from equipoise.apps.planner.models import Block
from equipoise.core.planning.habits import Slot
from equipoise.platform.models import AuditEntry

MONDAY = date(2026, 11, 30)
AT = datetime(2026, 11, 30, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
BERLIN = ZoneInfo("Europe/Berlin")


def block_of(person: Person, start: datetime = AT, *, kind: str = "strategy", number: int = 1) -> Block:
    monday = queries.monday_of(start.date())
    return Block.objects.create(
        person=person, monday=monday, uid=f"{kind}-{number}-{start:%m%d}@equipoise", kind=kind, number=number,
        title="Strategic time", purpose="vision", proposed_start=start, proposed_end=start + HOUR, starts_at=start,
        ends_at=start + HOUR, made_at=NOW, changed_at=NOW,
    )  # fmt: skip


def read(person: Person, *entries: tuple[Block, datetime], now: datetime = NOW) -> None:
    """Lena's calendar as it is read, with some blocks at some times; another entry is always there."""
    texts = [
        entry(block.uid, block.title, f"{start:%Y%m%dT%H%M%SZ}", f"{start + HOUR:%Y%m%dT%H%M%SZ}")
        for block, start in entries
    ]
    other = entry("other", "Standup", "20261130T070000Z", "20261130T071500Z")
    reading = read_calendar(
        [Upload(name="mine.ics", content=calendar(other, *texts))],
        me=person.addresses,
        start=None,
        end=NOW + timedelta(days=60),
        zone=BERLIN,
    )
    calendars.store_reading(person=person, name="Mine", reading=reading, now=now)


@pytest.fixture
def accepted(cast: Cast) -> Block:
    block = block_of(cast.lena)
    actions.accept(actor=cast.lena, person=cast.lena, blocks=[block], now=NOW)
    return Block.objects.get(pk=block.pk)


def learned(person: Person, block: Block, *, now: datetime = NOW) -> Block:
    learning.learn(person=person, now=now)
    return Block.objects.get(pk=block.pk)


class TestLearn:
    def test_takes_over_where_the_owner_moved_a_block(self, cast: Cast, accepted: Block) -> None:
        tuesday = AT + timedelta(hours=29)
        read(cast.lena, (accepted, tuesday))
        block = learned(cast.lena, accepted)
        assert (block.state, block.starts_at, block.ends_at) == ("shifted", tuesday, tuesday + HOUR)
        assert block.proposed_start == AT
        assert block.sequence > accepted.sequence
        assert AuditEntry.objects.get(verb="blocks found changed").subject_id == cast.lena.pk

    def test_keeps_the_length_of_a_block_that_lost_it_there(self, cast: Cast, accepted: Block) -> None:
        there, at = AT + HOUR, f"{AT + HOUR:%Y%m%dT%H%M%SZ}"
        reading = read_calendar(
            [Upload(name="mine.ics", content=calendar(entry(accepted.uid, accepted.title, at, at)))],
            me=cast.lena.addresses,
            start=None,
            end=NOW + timedelta(days=60),
            zone=BERLIN,
        )
        calendars.store_reading(person=cast.lena, name="Mine", reading=reading, now=NOW)
        for _ in range(2):
            block = learned(cast.lena, accepted)
            assert (block.state, block.starts_at, block.ends_at) == ("shifted", there, there + HOUR)
        assert block.sequence == accepted.sequence + 1
        assert block.title in out.calendar([block]).decode()

    def test_leaves_a_block_that_lies_where_it_was_put(self, cast: Cast, accepted: Block) -> None:
        read(cast.lena, (accepted, AT))
        block = learned(cast.lena, accepted)
        assert (block.state, block.sequence) == ("accepted", accepted.sequence)
        assert block.seen_at == NOW

    def test_takes_a_block_that_is_gone_from_its_calendar_off_the_plan(self, cast: Cast, accepted: Block) -> None:
        read(cast.lena, (accepted, AT))
        learned(cast.lena, accepted)
        later = NOW + timedelta(hours=1)
        mine = calendar_queries.calendars_of(cast.lena)[0]
        mine.entries.filter(uid=accepted.uid).delete()
        mine.read_at = later
        mine.save()
        block = learned(cast.lena, accepted, now=later + HOUR)
        assert (block.state, block.gone_at) == ("withdrawn", later + HOUR)

    def test_takes_nothing_for_gone_that_was_never_there(self, cast: Cast, accepted: Block) -> None:
        read(cast.lena)
        assert learned(cast.lena, accepted).state == "accepted"

    def test_takes_nothing_for_gone_whose_calendar_was_erased(self, cast: Cast, accepted: Block) -> None:
        read(cast.lena, (accepted, AT))
        learned(cast.lena, accepted)
        calendars.erase_calendar(
            actor=cast.lena, calendar=calendar_queries.calendars_of(cast.lena)[0], now=NOW + timedelta(hours=1)
        )
        assert learned(cast.lena, accepted, now=NOW + 2 * HOUR).state == "accepted"

    def test_does_not_fight_a_calendar_that_has_not_heard_of_a_shift_yet(self, cast: Cast, accepted: Block) -> None:
        read(cast.lena, (accepted, AT))
        learned(cast.lena, accepted)
        wednesday = AT + timedelta(days=2)
        actions.shift(actor=cast.lena, person=cast.lena, block=accepted, start=wednesday, now=NOW)
        assert learned(cast.lena, accepted, now=NOW + HOUR).starts_at == wednesday
        read(cast.lena, (accepted, wednesday), now=NOW + 2 * HOUR)
        block = learned(cast.lena, accepted, now=NOW + 3 * HOUR)
        assert (block.starts_at, block.state) == (wednesday, "shifted")

    def test_does_not_fight_a_calendar_that_has_not_heard_of_an_undo_yet(self, cast: Cast, accepted: Block) -> None:
        read(cast.lena, (accepted, AT))
        learned(cast.lena, accepted)
        wednesday = AT + timedelta(days=2)
        decision = actions.shift(actor=cast.lena, person=cast.lena, block=accepted, start=wednesday, now=NOW + HOUR)
        assert decision is not None
        read(cast.lena, (accepted, wednesday), now=NOW + HOUR)
        learned(cast.lena, accepted, now=NOW + HOUR)
        actions.undo(actor=cast.lena, person=cast.lena, decision=decision, now=NOW + 2 * HOUR)
        assert learned(cast.lena, accepted, now=NOW + 3 * HOUR).starts_at == AT

    def test_lets_a_deleted_block_be_accepted_after_all(self, cast: Cast, accepted: Block) -> None:
        gone = {"state": "withdrawn", "gone_at": NOW, "seen_at": NOW, "seen_start": AT, "seen_in": 1}
        Block.objects.filter(pk=accepted.pk).update(**gone)
        actions.accept(actor=cast.lena, person=cast.lena, blocks=[accepted], now=NOW + HOUR)
        block = learned(cast.lena, accepted, now=NOW + 2 * HOUR)
        assert (block.state, block.gone_at, block.seen_at) == ("accepted", None, None)

    def test_sees_a_block_that_was_put_back_where_it_was_proposed_as_kept(self, cast: Cast, accepted: Block) -> None:
        for step, (start, state) in enumerate([(AT + HOUR, "shifted"), (AT, "accepted")]):
            read(cast.lena, (accepted, start), now=NOW + step * HOUR)
            assert learned(cast.lena, accepted, now=NOW + step * HOUR).state == state

    def test_does_not_touch_blocks_that_were_not_accepted(self, cast: Cast) -> None:
        block = block_of(cast.lena)
        read(cast.lena, (block, AT + HOUR))
        assert learned(cast.lena, block).state == "proposed"

    def test_does_not_read_somebody_elses_calendar(self, cast: Cast, accepted: Block) -> None:
        read(cast.ravi, (accepted, AT + HOUR))
        assert learned(cast.lena, accepted).state == "accepted"

    def test_writes_nothing_when_there_is_nothing_new(self, cast: Cast, accepted: Block) -> None:
        read(cast.lena, (accepted, AT))
        learned(cast.lena, accepted)
        with CaptureQueriesContext(connection) as asked:
            learning.learn(person=cast.lena, now=NOW + HOUR)
        assert all(each["sql"].startswith("SELECT") for each in asked.captured_queries)

    def test_notes_that_a_block_was_there_after_it_took_place(self, cast: Cast, accepted: Block) -> None:
        read(cast.lena, (accepted, AT))
        learned(cast.lena, accepted)
        afterwards = AT + timedelta(days=1)
        assert learned(cast.lena, accepted, now=afterwards).seen_at == afterwards
        read(cast.lena, now=afterwards + HOUR)  # calendars drop what is long past
        assert learned(cast.lena, accepted, now=afterwards + 2 * HOUR).state == "accepted"

    def test_twice_changes_nothing(self, cast: Cast, accepted: Block) -> None:
        read(cast.lena, (accepted, AT + HOUR))
        assert learning.learn(person=cast.lena, now=NOW) == 1
        assert learning.learn(person=cast.lena, now=NOW) == 0


class TestHabits:
    def moved(self, person: Person, weeks: int) -> None:
        """Strategic time of Monday morning, moved to Tuesday afternoon in the calendar, week after week."""
        for week in range(weeks):
            start = AT - timedelta(weeks=week + 1)
            block = block_of(person, start)
            actions.accept(actor=person, person=person, blocks=[block], now=start)
            read(person, (block, start + timedelta(hours=29)), now=start)
            learning.learn(person=person, now=start)

    def test_three_moves_to_tuesday_afternoon_make_it_tuesday_afternoon(self, cast: Cast) -> None:
        self.moved(cast.lena, 3)
        read(cast.lena, now=NOW)
        actions.propose(actor=cast.lena, person=cast.lena, monday=MONDAY, now=NOW)
        places = [
            outcomes.slot_of(block.starts_at, BERLIN)
            for block in queries.blocks_of(cast.lena, MONDAY)
            if block.kind == "strategy"
        ]
        assert (1, 1) in {(place.weekday, place.part) for place in places}
        assert (0, 0) not in {(place.weekday, place.part) for place in places}

    def test_a_single_move_hardly_counts(self, cast: Cast) -> None:
        self.moved(cast.lena, 1)
        habits = outcomes.habits_of(cast.lena, now=NOW)
        assert 0 < habits.at("strategy", Slot(weekday=1, hour=14)) <= 3

    def test_one_to_ones_with_anybody_are_learned_from_together(self, cast: Cast) -> None:
        for number, name in enumerate(["tom", "grace", "nadia"]):
            block = block_of(cast.lena, kind=f"one-to-one:{name}", number=number)
            actions.shift(actor=cast.lena, person=cast.lena, block=block, start=AT + timedelta(hours=29), now=NOW)
        asked = weekplan.question(cast.lena, MONDAY + timedelta(days=7), now=NOW)
        tom = [wish.key for wish in asked.wishes if wish.key.startswith("one-to-one:")]
        assert tom
        assert asked.points[tom[0], 1, 14] > 10

    def test_blocks_left_unanswered_teach_nothing(self, cast: Cast) -> None:
        block_of(cast.lena, AT - timedelta(weeks=2))
        assert not outcomes.habits_of(cast.lena, now=NOW).points

    def test_a_kept_block_counts_once_it_is_over(self, cast: Cast, accepted: Block) -> None:
        assert not outcomes.habits_of(cast.lena, now=NOW).points
        assert outcomes.habits_of(cast.lena, now=AT + timedelta(days=1)).at("strategy", Slot(weekday=0, hour=9)) > 0
