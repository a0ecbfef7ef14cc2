"""A week is proposed, answered and handed out; and what a person wants of their weeks is kept."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import ClassVar
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar as ReadCalendar
from tests.apps.calendar_texts import calendar, entry
from tests.cast import NOW, Cast

from equipoise.adapters.ics import Upload, read_calendar
from equipoise.apps.calendars import actions as calendars
from equipoise.apps.calendars import queries as calendar_queries
from equipoise.apps.calendars.models import Entry, Occurrence
from equipoise.apps.insights import weekly
from equipoise.apps.people.models import Person
from equipoise.apps.planner import actions, demo, fixed, one_to_ones, outcomes, queries, tasks, weekplan, words
from equipoise.apps.planner.models import Block, Decision, Proposal
from equipoise.apps.planner.weekpage import WeekPage, week_page
from equipoise.core.facets import Purpose
from equipoise.core.planning.habits import WhyNot
from equipoise.platform.models import AuditEntry

MONDAY = date(2026, 11, 30)
BERLIN = ZoneInfo("Europe/Berlin")
BUSY = calendar(
    entry("standup", "Client services stand-up", "20261005T080000Z", "20261005T083000Z", "RRULE:FREQ=WEEKLY;COUNT=12"),
    entry("tom", "1:1 Tom", "20261006T090000Z", "20261006T100000Z", "RRULE:FREQ=WEEKLY;COUNT=3"),
    entry("grace", "Grace / Lena 1:1", "20261116T090000Z", "20261116T100000Z"),
    entry("budget", "Budget review", "20261007T090000Z", "20261007T110000Z", "RRULE:FREQ=WEEKLY;COUNT=12"),
    entry("site", "Workshop on site", "20261203T090000Z", "20261203T100000Z"),
)


def read(person: Person, content: bytes, name: str = "Office", now: datetime = NOW) -> None:
    reading = read_calendar(
        [Upload(name="office.ics", content=content)],
        me=person.addresses,
        start=None,
        end=NOW + timedelta(days=60),
        zone=BERLIN,
    )
    calendars.store_reading(person=person, name=name, reading=reading, now=now)


def week_shown(person: Person, monday: date, *, now: datetime) -> WeekPage:
    """A week's plan as a visit of its page shows it."""
    visitor = Person.objects.get(pk=person.pk)
    weeks = queries.weeks_of(visitor, in_view=queries.week_in_view(visitor, now=now), asked=monday)
    return week_page(visitor, monday, weeks=weeks, now=now)


@pytest.fixture
def lena(cast: Cast) -> Person:
    read(cast.lena, BUSY)
    return cast.lena


@pytest.fixture
def planned(lena: Person) -> list[Block]:
    """A week as the planner proposes it."""
    actions.propose(actor=lena, person=lena, monday=MONDAY, now=NOW)
    return queries.blocks_of(lena, MONDAY)


@pytest.fixture
def proposed(lena: Person) -> list[Block]:
    """A week proposed by hand, for what does not depend on where blocks lie."""
    for number, kind in enumerate(("strategy", "change", "mentoring", "operations", "strategy")):
        start = datetime(2026, 11, 30, 12, tzinfo=UTC) + timedelta(days=number)
        spans = {"proposed_start": start, "starts_at": start, "proposed_end": start + timedelta(hours=1)}
        Block.objects.create(
            person=lena, monday=MONDAY, uid=f"{number}@test", kind=kind, number=1 + (number == 4), title=kind.title(),
            purpose=PURPOSES[kind], ends_at=start + timedelta(hours=1), made_at=NOW, changed_at=NOW,
            reasons=[{"kind": "due", "name": "Tom", "days": 41, "cadence": 14}], **spans,
        )  # fmt: skip
    made = {"made_at": NOW, "status": "optimal", "objective": 1.0, "bound": 1.0}
    Proposal.objects.create(person=lena, monday=MONDAY, **made)
    return queries.blocks_of(lena, MONDAY)


PURPOSES = {"strategy": "vision", "change": "change", "mentoring": "people", "operations": "execution"}


def block_named(person: Person, kind: str) -> Block:
    found = Block.objects.filter(person=person, monday=MONDAY, kind=kind).first()
    assert found is not None
    return found


class TestPropose:
    def test_puts_every_block_into_free_working_time(self, lena: Person, planned: list[Block]) -> None:
        assert len(planned) >= 8
        page = week_shown(lena, MONDAY, now=NOW)
        assert all(not shown.overlaps for day in page.days for shown in day.blocks)
        for block in planned:
            start, end = block.starts_at.astimezone(BERLIN), block.ends_at.astimezone(BERLIN)
            assert start.date() == end.date()
            assert (start.hour, 17) >= (9, end.hour)

    def test_gives_every_block_a_reason_in_one_sentence(self, lena: Person, planned: list[Block]) -> None:
        page = week_shown(lena, MONDAY, now=NOW)
        reasons = {shown.block.kind: shown.reason for day in page.days for shown in day.blocks}
        assert reasons["strategy"] == "You want it 2 times a week, 90 minutes unbroken."
        assert reasons["one-to-one:tom-okafor"] == "41 days since the last one-to-one with Tom."
        assert all(reasons.values())

    def test_leaves_out_whom_the_person_sees_soon_enough(self, lena: Person, planned: list[Block]) -> None:
        kinds = {block.kind for block in planned}
        assert "one-to-one:tom-okafor" in kinds
        assert "one-to-one:grace-lindqvist" in kinds
        read(lena, calendar(entry("g", "1:1 Grace", "20261202T130000Z", "20261202T133000Z")), name="More")
        actions.propose(actor=lena, person=lena, monday=MONDAY, now=NOW)
        assert "one-to-one:grace-lindqvist" not in {block.kind for block in queries.blocks_of(lena, MONDAY)}

    def test_keeps_what_was_accepted_and_moves_as_little_as_it_can(self, lena: Person, planned: list[Block]) -> None:
        strategy = block_named(lena, "strategy")
        actions.accept(actor=lena, person=lena, blocks=[strategy], now=NOW)
        places = {(block.kind, block.number): block.starts_at for block in planned}
        actions.propose(actor=lena, person=lena, monday=MONDAY, now=NOW)
        again = queries.blocks_of(lena, MONDAY)
        assert {(block.kind, block.number): block.starts_at for block in again} == places
        assert Block.objects.get(pk=strategy.pk).state == "accepted"

    def test_does_not_bring_back_what_was_refused_for_the_week(self, lena: Person, planned: list[Block]) -> None:
        mentoring = block_named(lena, "mentoring")
        actions.refuse(actor=lena, person=lena, block=mentoring, why=None, words="", now=NOW)
        actions.propose(actor=lena, person=lena, monday=MONDAY, now=NOW)
        assert [block.state for block in Block.objects.filter(person=lena, kind="mentoring")] == ["refused"]

    def test_puts_what_was_refused_for_its_time_elsewhere(self, lena: Person, planned: list[Block]) -> None:
        mentoring = block_named(lena, "mentoring")
        why = WhyNot.WRONG_TIME
        actions.refuse(actor=lena, person=lena, block=mentoring, why=why, words="", now=NOW)
        actions.propose(actor=lena, person=lena, monday=MONDAY, now=NOW)
        (again,) = Block.objects.filter(person=lena, kind="mentoring", state="proposed")
        then, now = outcomes.slot_of(mentoring.starts_at, BERLIN), outcomes.slot_of(again.starts_at, BERLIN)
        assert (then.weekday, then.part) != (now.weekday, now.part)

    def test_proposes_nothing_in_what_is_over_of_the_week(self, lena: Person) -> None:
        actions.propose(actor=lena, person=lena, monday=date(2026, 11, 23), now=NOW)
        assert all(block.starts_at >= NOW for block in queries.blocks_of(lena, date(2026, 11, 23)))

    def test_thinks_again_when_a_block_is_answered_meanwhile(
        self, lena: Person, planned: list[Block], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        thought: list[weekplan.Question] = []
        think = actions._think

        def answered_meanwhile(asked: weekplan.Question) -> object:
            if not thought:
                actions.accept(actor=lena, person=lena, blocks=[block_named(lena, "strategy")], now=NOW)
            thought.append(asked)
            return think(asked)

        monkeypatch.setattr(actions, "_think", answered_meanwhile)
        actions.propose(actor=lena, person=lena, monday=MONDAY, now=NOW)
        assert len(thought) == 2
        assert Block.objects.filter(person=lena, kind="strategy", state="accepted").count() == 1
        assert Block.objects.filter(person=lena, kind="strategy").count() == 2

    def test_says_so_when_the_planner_breaks_and_changes_nothing(
        self, lena: Person, planned: list[Block], as_lena: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(*_: object, **__: object) -> None:
            raise RuntimeError

        monkeypatch.setattr(actions, "plan_week", broken)
        page = as_lena.post("/plan/propose", {"week": "2026-11-30"}, follow=True).content.decode()
        assert "could not be planned" in page
        assert [block.pk for block in queries.blocks_of(lena, MONDAY)] == [block.pk for block in planned]

    def test_is_audited(self, lena: Person, planned: list[Block]) -> None:
        told = AuditEntry.objects.get(subject_id=lena.pk, verb="week proposed")
        assert told.detail == {"blocks": len(planned)}


class TestAWeekThatIsOver:
    def test_is_not_proposed(self, lena: Person, as_lena: Client) -> None:
        page = as_lena.post("/plan/propose", {"week": "2026-01-05"}, follow=True).content.decode()
        assert "That week is over" in page
        assert not Proposal.objects.exists()

    @pytest.mark.parametrize("week", ["", "x", "0001-01-01", "9999-12-31"])
    def test_that_is_none_is_not_found(self, lena: Person, as_lena: Client, week: str) -> None:
        assert as_lena.post("/plan/propose", {"week": week}).status_code == 404
        assert as_lena.get(f"/plan/review/?week={week}").status_code == 200
        assert as_lena.get(f"/plan/week.ics?week={week}").status_code == 200


class TestTargets:
    def test_are_those_the_person_set(self, lena: Person, as_lena: Client) -> None:
        settings = PLANNER_FORM | {"low_vision": "3", "high_vision": "4.5"}
        assert as_lena.post("/plan/settings/", settings).status_code == 302
        actions.propose(actor=lena, person=lena, monday=MONDAY, now=NOW)
        page = week_shown(lena, MONDAY, now=NOW)
        (vision,) = [row for row in page.facets if row.facet == "vision"]
        assert (vision.low, vision.high) == (3.0, 4.5)
        (reason, *_) = [s.reason for day in page.days for s in day.blocks if s.block.kind == "strategy"]
        assert "your target is 3.0 to 4.5" in reason


PLANNER_FORM: dict[str, object] = {
    **{f"from_{day}": "09:00" for day in range(5)},
    **{f"until_{day}": "17:00" for day in range(5)},
    "lunch_from": "12:00", "lunch_until": "14:00", "lunch_minutes": "30", "buffer_minutes": "15",
    "minutes_a_day": "480", "travel_minutes": "60", "travel_words": "on site, client  office", "focus": "morning",
    "free-TOTAL_FORMS": "1", "free-INITIAL_FORMS": "0", "free-0-name": "School run", "free-0-kind": "nothing",
    "free-0-days": ["0", "1", "2", "3", "4"], "free-0-opens": "09:00", "free-0-closes": "10:00",
}  # fmt: skip


class TestSettings:
    def test_are_kept_and_obeyed(self, lena: Person, as_lena: Client) -> None:
        assert as_lena.post("/plan/settings/", PLANNER_FORM).status_code == 302
        wanted = queries.settings_of(lena)
        assert wanted.travel_words == ("on site", "client office")
        assert wanted.focus == "morning"
        actions.propose(actor=lena, person=lena, monday=MONDAY, now=NOW)
        blocks = queries.blocks_of(lena, MONDAY)
        assert blocks
        assert all(block.starts_at.astimezone(BERLIN).hour >= 10 for block in blocks)
        site = datetime(2026, 12, 3, 9, tzinfo=UTC)
        travel = timedelta(minutes=60)
        assert all(
            block.ends_at <= site - travel or block.starts_at >= site + timedelta(hours=1) + travel for block in blocks
        )

    def test_refuse_hours_that_end_before_they_start_and_keep_what_was_typed(
        self, lena: Person, as_lena: Client
    ) -> None:
        response = as_lena.post("/plan/settings/", PLANNER_FORM | {"until_0": "08:00", "travel_words": "far away"})
        assert response.status_code == 400
        page = response.content.decode()
        assert "It must end after it starts." in page
        assert "far away" in page
        assert queries.settings_of(lena).travel_words == ()

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("buffer_minutes", "-1"),
            ("minutes_a_day", "99999"),
            ("lunch_until", ""),
            ("free-0-closes", "08:00"),
            ("free-0-days", []),
            ("high_vision", "3"),
            ("focus", "midnight"),
            ("free-TOTAL_FORMS", "x"),
        ],
    )
    def test_refuse_what_makes_no_sense(self, lena: Person, as_lena: Client, field: str, value: object) -> None:
        assert as_lena.post("/plan/settings/", PLANNER_FORM | {field: value}).status_code == 400
        assert not queries.settings_of(lena).travel_words

    def test_need_a_working_day(self, lena: Person, as_lena: Client) -> None:
        empty = {key: "" for key in PLANNER_FORM if key.startswith(("from_", "until_"))}
        response = as_lena.post("/plan/settings/", PLANNER_FORM | empty)
        assert "at least one day" in response.content.decode()


class TestKinds:
    KIND: ClassVar[dict[str, object]] = {
        "title": "Quiet hour", "purpose": "vision", "minutes": "60", "longest": "60", "times": "1", "every_weeks": "1",
        "worth": "must", "energy": "focus", "on": "on", "days": ["4"],
    }  # fmt: skip

    def test_of_ones_own_are_proposed(self, lena: Person, as_lena: Client) -> None:
        assert as_lena.post("/plan/settings/kind/", self.KIND).status_code == 302
        actions.propose(actor=lena, person=lena, monday=MONDAY, now=NOW)
        block = block_named(lena, "quiet-hour")
        assert block.starts_at.astimezone(BERLIN).weekday() == 4
        as_lena.post("/plan/settings/kind/drop", {"kind": "quiet-hour"})
        assert "quiet-hour" not in {kind.key for kind in queries.kinds_of(lena)}

    def test_that_come_with_it_can_be_changed_switched_off_and_put_back(self, lena: Person, as_lena: Client) -> None:
        form = {**self.KIND, "title": "Look far"}
        form.pop("on")
        as_lena.post("/plan/settings/kind/?kind=strategy", form)
        changed = queries.kind_of(lena, "strategy")
        assert (changed.title, changed.on, changed.own) == ("Look far", False, False)
        actions.propose(actor=lena, person=lena, monday=MONDAY, now=NOW)
        assert not Block.objects.filter(person=lena, kind="strategy").exists()
        as_lena.post("/plan/settings/kind/drop", {"kind": "strategy"})
        assert queries.kind_of(lena, "strategy").title == "Strategic time"

    def test_refuse_a_longest_below_the_shortest(self, lena: Person, as_lena: Client) -> None:
        response = as_lena.post("/plan/settings/kind/", {**self.KIND, "longest": "30"})
        assert response.status_code == 400

    def test_due_every_few_weeks_wait_after_one_was_taken(self, lena: Person, proposed: list[Block]) -> None:
        actions.accept(actor=lena, person=lena, blocks=[block_named(lena, "mentoring")], now=NOW)
        for week, due in ((MONDAY + timedelta(days=7), False), (MONDAY + timedelta(days=14), True)):
            asked = weekplan.question(lena, week, now=NOW)
            assert ("mentoring" in {wish.key for wish in asked.wishes}) is due


class TestOneToOnes:
    def test_are_found_by_the_title_of_an_entry_for_two(self, lena: Person) -> None:
        due = {each.name: each for each in one_to_ones.of(lena, on=date(2026, 11, 25))}
        assert due["Tom Okafor"].last == date(2026, 10, 20)
        assert due["Tom Okafor"].days == 36
        assert due["Grace Lindqvist"].days == 9

    def test_can_be_added_and_dropped(self, lena: Person, as_lena: Client) -> None:
        as_lena.post("/plan/settings/people", {"name": "Nadia  Roth", "cadence_days": "7"})
        added = next(each for each in one_to_ones.of(lena, on=MONDAY) if each.name == "Nadia Roth")
        assert (added.cadence_days, added.days) == (7, None)
        assert "Nadia Roth" in as_lena.get("/plan/settings/").content.decode()
        as_lena.post(f"/plan/settings/people/{added.one_to_one_id}/drop")
        assert "Nadia Roth" not in {each.name for each in one_to_ones.of(lena, on=MONDAY)}

    def test_of_a_report_can_be_switched_off(self, lena: Person, as_lena: Client) -> None:
        as_lena.post("/plan/settings/people", {"name": "Tom Okafor", "cadence_days": "14", "off": "1"})
        assert "Tom Okafor" not in {each.name for each in one_to_ones.of(lena, on=MONDAY)}

    def test_with_two_whose_names_read_alike_get_a_block_each(self, lena: Person, as_lena: Client) -> None:
        for name in ("Anna Maria Roth", "Anna-Maria Roth", "???"):
            as_lena.post("/plan/settings/people", {"name": name, "cadence_days": "14"})
        wishes = [wish.key for wish in weekplan.question(lena, MONDAY, now=NOW).wishes]
        assert len(wishes) == len(set(wishes))
        assert sum("anna-maria" in key for key in wishes) == 2

    def test_with_two_of_one_first_name_are_told_apart(self, lena: Person, cast: Cast, as_lena: Client) -> None:
        as_lena.post("/plan/settings/people", {"name": "Tom Berger", "cadence_days": "14"})
        due = {each.name: each for each in one_to_ones.of(lena, on=MONDAY)}
        assert due["Tom Berger"].called == "Tom Berger"
        assert due["Tom Berger"].last is None


class TestAnswers:
    def test_accept_and_take_back(self, lena: Person, proposed: list[Block], as_lena: Client) -> None:
        block = proposed[0]
        page = as_lena.post(f"/plan/blocks/{block.pk}/accept", follow=True).content.decode()
        assert "is accepted" in page
        assert Block.objects.get(pk=block.pk).state == "accepted"
        decision = Decision.objects.get(person=lena)
        assert f"/plan/decisions/{decision.pk}/undo" in page
        as_lena.post(f"/plan/decisions/{decision.pk}/undo")
        assert Block.objects.get(pk=block.pk).state == "proposed"
        assert as_lena.post(f"/plan/decisions/{decision.pk}/undo").status_code == 404

    def test_accept_all_and_take_all_back(self, lena: Person, proposed: list[Block], as_lena: Client) -> None:
        as_lena.post("/plan/accept", {"week": "2026-11-30"})
        assert {block.state for block in queries.blocks_of(lena, MONDAY)} == {"accepted"}
        as_lena.post(f"/plan/decisions/{Decision.objects.get(person=lena).pk}/undo")
        assert {block.state for block in queries.blocks_of(lena, MONDAY)} == {"proposed"}

    def test_shift_puts_a_block_at_the_time_on_the_persons_clock(
        self, lena: Person, proposed: list[Block], as_lena: Client
    ) -> None:
        block = block_named(lena, "mentoring")
        as_lena.post(f"/plan/blocks/{block.pk}/shift", {"day": "2026-12-04", "start": "15:30"})
        moved = Block.objects.get(pk=block.pk)
        assert moved.starts_at == datetime(2026, 12, 4, 14, 30, tzinfo=UTC)
        assert moved.ends_at - moved.starts_at == block.ends_at - block.starts_at
        assert moved.state == "shifted"
        assert moved.sequence > block.sequence

    def test_shift_warns_of_what_is_in_the_way_and_does_it(
        self, lena: Person, proposed: list[Block], as_lena: Client
    ) -> None:
        block = block_named(lena, "mentoring")
        asked = {"day": "2026-12-02", "start": "10:00"}
        page = as_lena.post(f"/plan/blocks/{block.pk}/shift", asked, follow=True).content.decode()
        assert "At that time there is “Budget review” already." in page
        assert Block.objects.get(pk=block.pk).state == "shifted"

    @pytest.mark.parametrize("asked", [{"day": "2026-12-09", "start": "10:00"}, {"day": "x"}, {}])
    def test_shift_refuses_what_is_no_time_of_the_week(
        self, lena: Person, proposed: list[Block], as_lena: Client, asked: dict[str, str]
    ) -> None:
        block = proposed[0]
        page = as_lena.post(f"/plan/blocks/{block.pk}/shift", asked, follow=True).content.decode()
        assert "Nothing was moved" in page
        assert Block.objects.get(pk=block.pk).state == "proposed"

    def test_refuse_keeps_why(self, lena: Person, proposed: list[Block], as_lena: Client) -> None:
        block = proposed[0]
        as_lena.post(f"/plan/blocks/{block.pk}/refuse", {"why": "too_long", "words": "half will do"})
        refused = Block.objects.get(pk=block.pk)
        assert (refused.state, refused.why_refused, refused.why_words) == ("refused", "too_long", "half will do")

    def test_refuse_an_accepted_block_takes_it_back(self, lena: Person, proposed: list[Block], as_lena: Client) -> None:
        as_lena.post(f"/plan/blocks/{proposed[0].pk}/accept")
        as_lena.post(f"/plan/blocks/{proposed[0].pk}/refuse", {"why": ""})
        assert Block.objects.get(pk=proposed[0].pk).state == "withdrawn"

    def test_undo_leaves_alone_what_was_changed_since(
        self, lena: Person, proposed: list[Block], as_lena: Client
    ) -> None:
        block = proposed[0]
        first = actions.accept(actor=lena, person=lena, blocks=[block], now=NOW)
        later = NOW + timedelta(minutes=1)
        actions.refuse(actor=lena, person=lena, block=block, why=None, words="", now=later)
        assert first is not None
        page = as_lena.post(f"/plan/decisions/{first.pk}/undo", follow=True).content.decode()
        assert "changed again since" in page
        assert Block.objects.get(pk=block.pk).state == "withdrawn"

    def test_twice_change_nothing(self, lena: Person, proposed: list[Block], as_lena: Client) -> None:
        as_lena.post(f"/plan/blocks/{proposed[0].pk}/accept")
        page = as_lena.post(f"/plan/blocks/{proposed[0].pk}/accept", follow=True).content.decode()
        assert "answered already" in page
        assert Decision.objects.filter(person=lena).count() == 1

    def test_name_who_acted(self, lena: Person, cast: Cast, proposed: list[Block]) -> None:
        actions.accept(actor=cast.grace, person=lena, blocks=proposed[:1], now=NOW)
        assert Block.objects.get(pk=proposed[0].pk).decided_by_id == cast.grace.pk
        assert AuditEntry.objects.get(verb="blocks accepted").actor_id == cast.grace.pk


class TestTheDownload:
    def test_holds_the_accepted_blocks_only(self, lena: Person, proposed: list[Block], as_lena: Client) -> None:
        actions.accept(actor=lena, person=lena, blocks=proposed[:2], now=NOW)
        response = as_lena.get("/plan/week.ics?week=2026-11-30")
        assert response["Content-Type"].startswith("text/calendar")
        events = ReadCalendar.from_ical(response.content).walk("VEVENT")
        assert {str(event["UID"]) for event in events} == {block.uid for block in proposed[:2]}
        assert events[0].decoded("DTSTART") == proposed[0].starts_at

    def test_read_in_again_gives_no_doubles(self, lena: Person, proposed: list[Block], as_lena: Client) -> None:
        actions.accept(actor=lena, person=lena, blocks=proposed[:1], now=NOW)
        read(lena, as_lena.get("/plan/week.ics?week=2026-11-30").content, name="Mine")
        page = week_shown(lena, MONDAY, now=NOW)
        titles = [item.place.entry.title for day in page.days for item in day.items]
        assert titles.count(proposed[0].title) == sum(block.title == proposed[0].title for block in proposed)


class TestTheFeed:
    def address(self, client: Client) -> str:
        page = client.post("/plan/feed/make", follow=True).content.decode()
        return str(page.split("http://testserver", 1)[1].split('"', 1)[0])

    def test_shows_accepted_blocks_to_whoever_has_its_address(
        self, lena: Person, proposed: list[Block], as_lena: Client
    ) -> None:
        address = self.address(as_lena)
        anyone = Client()
        assert not ReadCalendar.from_ical(anyone.get(address).content).walk("VEVENT")
        now = datetime.now(UTC)
        block = proposed[0]
        Block.objects.filter(pk=block.pk).update(starts_at=now, ends_at=now + timedelta(hours=1))
        actions.accept(actor=lena, person=lena, blocks=[block], now=now)
        (event,) = ReadCalendar.from_ical(anyone.get(address).content).walk("VEVENT")
        assert event["UID"] == block.uid
        first = int(str(event["SEQUENCE"]))
        actions.shift(actor=lena, person=lena, block=block, start=now + timedelta(hours=2), now=now)
        (event,) = ReadCalendar.from_ical(anyone.get(address).content).walk("VEVENT")
        assert event["UID"] == block.uid
        assert int(str(event["SEQUENCE"])) > first

    def test_answers_not_changed_to_whoever_has_it_already(self, lena: Person, as_lena: Client) -> None:
        address = self.address(as_lena)
        tag = Client().get(address)["ETag"]
        again = Client().get(address, headers={"If-None-Match": f'"other", W/{tag}'})
        assert (again.status_code, again.content) == (304, b"")

    def test_ends_when_renewed_or_ended(self, lena: Person, as_lena: Client) -> None:
        first = self.address(as_lena)
        second = self.address(as_lena)
        assert Client().get(first).status_code == 404
        assert Client().get(second).status_code == 200
        as_lena.post("/plan/feed/end")
        assert Client().get(second).status_code == 404

    def test_keeps_no_token(self, lena: Person, as_lena: Client) -> None:
        token = self.address(as_lena).rpartition("/")[2].removesuffix(".ics")
        assert len(token) >= 43
        assert token not in json.dumps(queries.export(lena), default=str)
        assert queries.has_feed(lena) is not None
        assert token not in str(queries.has_feed(lena).__dict__)

    def test_shows_its_address_once_and_keeps_it_when_the_page_is_loaded_again(
        self, lena: Person, as_lena: Client
    ) -> None:
        address = self.address(as_lena)
        again = as_lena.get("/plan/feed/", follow=True).content.decode()
        assert "The address was shown once." in again
        assert address not in again
        assert Client().get(address).status_code == 200

    def test_names_nobody(self, lena: Person, as_lena: Client) -> None:
        assert b"Lena" not in Client().get(self.address(as_lena)).content

    def test_tells_guessers_nothing(self, lena: Person) -> None:
        answers = {Client().get(f"/plan/feed/{token}.ics").status_code for token in ("a", "b" * 43)}
        assert answers == {404}


class TestTheReview:
    def test_adds_up_what_was_kept_moved_and_dropped(self, lena: Person, proposed: list[Block]) -> None:
        kept, moved, dropped, refused, *_ = proposed
        actions.accept(actor=lena, person=lena, blocks=[kept, dropped], now=NOW)
        actions.shift(actor=lena, person=lena, block=moved, start=moved.starts_at + timedelta(hours=26), now=NOW)
        actions.refuse(actor=lena, person=lena, block=dropped, why=None, words="", now=NOW)
        actions.refuse(actor=lena, person=lena, block=refused, why=None, words="", now=NOW)
        found = outcomes.review(lena, MONDAY, now=NOW + timedelta(days=14))
        assert found is not None
        total = found.total
        assert [each.blocks for each in (total.planned, total.kept, total.moved, total.dropped)] == [3, 1, 1, 1]
        assert total.planned.hours == pytest.approx(total.kept.hours + total.moved.hours + total.dropped.hours)
        assert (found.refused, found.unanswered) == (1, len(proposed) - 4)
        assert sum(row.planned.blocks for row in found.facets) == 3

    def test_is_a_page(self, lena: Person, proposed: list[Block], as_lena: Client) -> None:
        actions.accept(actor=lena, person=lena, blocks=proposed, now=NOW)
        page = as_lena.get("/plan/review/?week=2026-12-02").content.decode()
        assert "Accepted blocks by facet" in page
        assert "Nothing was proposed" in as_lena.get("/plan/review/?week=2025-01-01").content.decode()
        assert as_lena.get("/plan/review/?week=nonsense").status_code == 200


class TestRestless:
    def test_says_what_keeps_being_moved(self, lena: Person, proposed: list[Block]) -> None:
        now = NOW + timedelta(days=14)
        strategy = [block for block in proposed if block.kind == "strategy"]
        assert len(strategy) == 2
        for block in strategy:
            actions.shift(actor=lena, person=lena, block=block, start=block.starts_at + timedelta(hours=25), now=NOW)
        assert outcomes.restless(lena, now=now) == []
        third = block_named(lena, "change")
        Block.objects.filter(pk=third.pk).update(kind="strategy", state="withdrawn")
        (found,) = outcomes.restless(lena, now=now)
        assert (found.title, found.moved, found.of) == ("Strategy", 3, 3)


class TestThisWeek:
    def test_shows_the_week_with_a_reason_and_answers_for_each_block(
        self, lena: Person, proposed: list[Block], as_lena: Client
    ) -> None:
        page = as_lena.get("/?week=2026-11-30").content.decode()
        assert "best possible plan" in page
        for block in proposed:
            assert f"/plan/blocks/{block.pk}/accept" in page
            assert f"/plan/blocks/{block.pk}/shift" in page
            assert f"/plan/blocks/{block.pk}/refuse" in page
        assert "41 days since the last one-to-one with Tom." in page

    def test_offers_a_proposal_where_there_is_none(self, lena: Person, as_lena: Client) -> None:
        page = as_lena.get("/?week=2026-11-30").content.decode()
        assert "No week is proposed yet." in page
        assert '<button class="primary">Propose' in page

    @pytest.mark.parametrize("week", ["x", "0001-01-01", "9999-12-31", "2026-02-30"])
    def test_takes_a_nonsense_week_for_one_nearby(self, lena: Person, as_lena: Client, week: str) -> None:
        assert as_lena.get(f"/?week={week}").status_code == 200

    def test_says_that_a_past_week_is_over(self, lena: Person, as_lena: Client) -> None:
        assert "This week is over." in as_lena.get("/?week=2026-01-05").content.decode()

    def test_asks_the_database_as_often_for_many_blocks_as_for_few(
        self, lena: Person, proposed: list[Block], as_lena: Client, django_assert_max_num_queries: object
    ) -> None:
        Block.objects.exclude(pk=proposed[0].pk).update(monday=MONDAY + timedelta(days=70))
        as_lena.get("/?week=2026-11-30")
        with CaptureQueriesContext(connection) as few:
            as_lena.get("/?week=2026-11-30")
        Block.objects.update(monday=MONDAY)
        with django_assert_max_num_queries(len(few)):  # type: ignore[operator]
            page = as_lena.get("/?week=2026-11-30").content.decode()
        assert all(f'id="b{block.pk}"' in page for block in proposed)


class TestTheWeekThePageOpensWith:
    TUESDAY = datetime(2026, 11, 24, 9, tzinfo=UTC)

    def test_is_the_one_under_way_while_a_block_of_it_is_ahead(self, lena: Person, proposed: list[Block]) -> None:
        this_week = MONDAY - timedelta(days=7)
        Block.objects.filter(pk=proposed[0].pk).update(monday=this_week, ends_at=NOW + timedelta(hours=4))
        assert queries.week_to_open(lena, now=NOW) == this_week
        assert queries.week_to_open(lena, now=NOW + timedelta(hours=5)) == MONDAY

    def test_is_the_next_from_wednesday_on_when_nothing_is_left(self, lena: Person) -> None:
        assert queries.week_to_open(lena, now=self.TUESDAY) == MONDAY - timedelta(days=7)
        assert queries.week_to_open(lena, now=NOW) == MONDAY

    def test_is_not_moved_on_to_by_a_refused_block(self, lena: Person, proposed: list[Block]) -> None:
        this_week = {"monday": MONDAY - timedelta(days=7), "ends_at": NOW + timedelta(hours=4)}
        Block.objects.filter(pk=proposed[0].pk).update(state=Block.State.REFUSED, **this_week)
        assert queries.week_to_open(lena, now=NOW) == MONDAY

    def test_says_so_and_leads_back(self, lena: Person) -> None:
        this_week = MONDAY - timedelta(days=7)
        weeks = queries.weeks_of(lena, in_view=this_week)
        shown = weekly.plan_shown(lena, MONDAY, weeks=weeks, asked=False, now=NOW)
        assert (shown["moved_on"], shown["is_next_week"], shown["week_in_view"]) == (True, True, this_week)
        assert not weekly.plan_shown(lena, MONDAY, weeks=weeks, asked=True, now=NOW)["moved_on"]


class TestAWeekWithoutRoom:
    def test_is_no_failure_where_nothing_must_be_there(self, lena: Person) -> None:
        day = date(2026, 11, 30)
        read(lena, calendar(*(
            entry(f"full-{number}", "Away", f"{day + timedelta(days=number):%Y%m%d}T070000Z",
                  f"{day + timedelta(days=number):%Y%m%d}T170000Z")
            for number in range(5)
        )))  # fmt: skip
        actions.propose(actor=lena, person=lena, monday=MONDAY, now=NOW)
        page = week_shown(lena, MONDAY, now=NOW)
        assert page.status == "Nothing of what you want fits into this week any more."
        assert page.said
        assert all("would help" in each or "cannot go together with" in each for each in page.said)

    def test_speaks_of_what_must_be_there_only_if_something_must(self) -> None:
        assert "must" not in words.status_sentence(actions.NO_ROOM, 0, 0, empty=False)
        assert "must be there" in words.status_sentence("infeasible", 0, 0, empty=False)


class TestARealCalendar:
    @pytest.mark.shared
    @pytest.mark.parametrize("weeks", [0, 4, 12])
    def test_gets_blocks_in_its_free_time(self, cast: Cast, shared: Path, weeks: int) -> None:
        content = (shared / "calendars" / "scrubbed_work_calendar.ics").read_bytes()
        reading = read_calendar(
            [Upload(name="work.ics", content=content)], me=cast.lena.addresses, start=None, end=NOW, zone=BERLIN
        )
        calendars.store_reading(person=cast.lena, name="Work", reading=reading, now=NOW)
        reach = calendar_queries.reach(cast.lena)
        assert reach is not None
        monday = queries.monday_of(reach.last - timedelta(weeks=weeks + 2))
        now = datetime.combine(monday, datetime.min.time(), tzinfo=BERLIN)
        proposal = actions.propose(actor=cast.lena, person=cast.lena, monday=monday, now=now)
        page = week_shown(cast.lena, monday, now=now)
        blocks = [shown for day in page.days for shown in day.blocks]
        assert proposal.status in {"optimal", "feasible"}
        assert blocks
        assert not [shown for shown in blocks if shown.overlaps]


class TestMovableEntries:
    def test_may_be_asked_to_move_and_are_not_moved(self, lena: Person, as_lena: Client) -> None:
        read(lena, calendar(entry("desk", "Desk", "20261204T130000Z", "20261204T140000Z")), name="Desk")
        desk = Entry.objects.get(owner=lena, title="Desk")
        calendars.mark_movable(actor=lena, entry=desk, movable=True, now=NOW)
        afternoon = {"minutes": "180", "longest": "180", "earliest": "12:30", "latest": "17:00"}
        as_lena.post("/plan/settings/kind/", {**TestKinds.KIND, **afternoon})
        actions.propose(actor=lena, person=lena, monday=MONDAY, now=NOW)
        before = list(Occurrence.objects.filter(entry=desk).values())
        page = week_shown(lena, MONDAY, now=NOW)
        assert [move for move in page.moves if move.startswith("Move “Desk” from Friday 14:00 to ")]
        assert "Worth asking for" in as_lena.get("/?week=2026-11-30").content.decode()
        assert list(Occurrence.objects.filter(entry=desk).values()) == before


class TestTheDemoAgency:
    def test_has_weeks_behind_it_that_say_something(self, lena: Person) -> None:
        assert demo.tell_last_weeks(person=lena, now=NOW) == 18
        (found,) = outcomes.restless(lena, now=NOW)
        assert (found.title, found.moved, found.of) == ("Strategic time", 5, 6)
        blocks = Block.objects.filter(person=lena)
        assert not [block for block in blocks if fixed.in_the_way(lena, block.starts_at, block.ends_at)]

    def test_tells_its_last_weeks_once_however_often_it_is_opened(self, lena: Person) -> None:
        assert [demo.tell_last_weeks(person=lena, now=NOW) for _ in range(2)] == [18, 0]


class TestTheTick:
    SUNDAY = datetime(2026, 11, 29, 17, 30, tzinfo=UTC)

    def test_proposes_the_week_on_its_eve_on_the_persons_clock(self, lena: Person) -> None:
        assert tasks.week_due(lena, self.SUNDAY - timedelta(hours=1)) is None
        tasks.tick(self.SUNDAY)
        assert Proposal.objects.get(person=lena).monday == MONDAY
        assert queries.blocks_of(lena, MONDAY)

    def test_proposes_once(self, lena: Person) -> None:
        tasks.tick(self.SUNDAY)
        first = [block.pk for block in queries.blocks_of(lena, MONDAY)]
        tasks.tick(self.SUNDAY + timedelta(minutes=1))
        assert [block.pk for block in queries.blocks_of(lena, MONDAY)] == first

    def test_goes_on_with_others_when_one_persons_week_breaks(
        self, lena: Person, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        read(cast.ravi, BUSY)
        ask = weekplan.question

        def broken_for_lena(person: Person, monday: date, *, now: datetime) -> weekplan.Question:
            if person == lena:
                raise RuntimeError
            return ask(person, monday, now=now)

        monkeypatch.setattr(weekplan, "question", broken_for_lena)
        tasks.tick(self.SUNDAY)
        assert queries.blocks_of(cast.ravi, MONDAY)
        assert not queries.blocks_of(lena, MONDAY)
        assert "could not be planned by itself" in week_shown(lena, MONDAY, now=self.SUNDAY).status

    def test_leaves_late_weeks_and_people_without_a_calendar_alone(self, lena: Person, cast: Cast) -> None:
        tasks.tick(datetime(2026, 11, 26, 9, tzinfo=UTC))
        assert not Proposal.objects.exists()
        tasks.tick(self.SUNDAY)
        assert {proposal.person_id for proposal in Proposal.objects.all()} == {lena.pk}


class TestInGerman:
    @pytest.mark.parametrize("path", ["/?week=2026-11-30", "/plan/settings/", "/plan/settings/kind/", "/plan/review/"])
    def test_every_page_speaks_the_readers_language(
        self, lena: Person, proposed: list[Block], as_lena: Client, path: str
    ) -> None:
        Person.objects.filter(pk=lena.pk).update(language="de")
        response = as_lena.get(path)
        assert response.status_code == 200
        assert response["Content-Language"] == "de"


class TestABlockInAnotherWeek:
    def test_is_still_shown(self, lena: Person, proposed: list[Block], as_lena: Client) -> None:
        far = proposed[0].starts_at + timedelta(days=9)
        actions.shift(actor=lena, person=lena, block=proposed[0], start=far, now=NOW)
        page = as_lena.get("/?week=2026-11-30").content.decode()
        assert "In another week" in page
        assert f'id="b{proposed[0].pk}"' in page


class TestTheWeekInView:
    @pytest.mark.parametrize(
        ("now", "monday"),
        [
            (datetime(2026, 11, 27, 15, 59, tzinfo=UTC), date(2026, 11, 23)),
            (datetime(2026, 11, 27, 16, 0, tzinfo=UTC), MONDAY),
            (datetime(2026, 11, 29, 12, 0, tzinfo=UTC), MONDAY),
        ],
    )
    def test_is_the_next_one_once_the_last_working_day_is_over(self, lena: Person, now: datetime, monday: date) -> None:
        assert queries.week_in_view(lena, now=now) == monday


class TestOwnData:
    def test_is_exported_whole_and_erased(self, lena: Person, proposed: list[Block], as_lena: Client) -> None:
        actions.accept(actor=lena, person=lena, blocks=proposed[:1], now=NOW)
        told = json.loads(as_lena.post("/your-data/export").content)
        assert len(told["blocks"]) == len(proposed)
        assert told["plan_decisions"][0]["act"] == "accept"
        lena.delete()
        assert not Block.objects.exists()
        assert not Decision.objects.exists()


class TestPurposes:
    def test_of_blocks_are_facets(self, lena: Person, planned: list[Block]) -> None:
        assert {Purpose(block.purpose) for block in planned} <= set(Purpose) - {Purpose.OTHER, Purpose.UNCLEAR}
