"""What is due: each a sentence with the page where it is done, for the person and for who acts for them."""

from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from tests.apps.lenas_calendar import with_calendar
from tests.cast import NOW, Cast

from equipoise.apps.calendars.models import Account, Calendar, Written
from equipoise.apps.growth import actions as growth
from equipoise.apps.growth.asking import asked_now
from equipoise.apps.growth.mapping import Words
from equipoise.apps.insights import due as insights
from equipoise.apps.insights.due import Due
from equipoise.apps.people.models import Person
from equipoise.apps.planner.models import Block

LAST_WEEK = date(2026, 11, 16)


@pytest.fixture
def lena(cast: Cast) -> Person:
    return with_calendar(cast.lena)


def due(person: Person, *, actor: Person, now: datetime) -> list[Due]:
    return insights.due(person, insights.known_of(person, now=now), actor=actor, now=now)


def sentences(found: list[Due]) -> str:
    return "\n".join(each.sentence for each in found)


def reflect(person: Person, intention: str = "", *, finish: bool = True) -> None:
    content = asked_now(person, "weekly", LAST_WEEK)
    row = growth.begin(actor=person, person=person, rhythm="weekly", start=LAST_WEEK, content=content, now=NOW)
    if finish:
        answers = {content.parts[0].answers[0].key: "Well"}
        growth.finish(actor=person, reflection=row, words=Words(answers=answers, intention=intention), now=NOW)


def propose_block(person: Person, starts_at: datetime) -> None:
    ends_at = starts_at + timedelta(hours=2)
    monday = starts_at.date() - timedelta(days=starts_at.weekday())
    Block.objects.create(
        person=person, uid="one@test", title="Strategy", monday=monday, made_at=NOW, changed_at=NOW, kind="strategy",
        purpose="vision", proposed_start=starts_at, proposed_end=ends_at, starts_at=starts_at, ends_at=ends_at,
    )  # fmt: skip


class TestDue:
    def test_reminds_of_last_weeks_reflection(self, lena: Person) -> None:
        found = due(lena, actor=lena, now=NOW)
        (reflection,) = [each for each in found if each.address == "/reflection/"]
        assert reflection.sentence == "Look back: Week of 16 Nov 2026."
        assert reflection.since == date(2026, 11, 23)

    def test_asks_to_finish_what_was_begun(self, lena: Person) -> None:
        reflect(lena, finish=False)
        assert "Finish your reflection: Week of 16 Nov 2026." in sentences(due(lena, actor=lena, now=NOW))

    def test_is_silent_once_it_is_done(self, lena: Person) -> None:
        reflect(lena)
        assert "Week of" not in sentences(due(lena, actor=lena, now=NOW))

    def test_shows_the_intention_to_the_person_and_never_in_a_mail(self, lena: Person) -> None:
        reflect(lena, "Thank Grace for the pilot")
        (meant,) = [each for each in due(lena, actor=lena, now=NOW) if "Thank Grace" in each.sentence]
        assert not meant.in_mail

    def test_tells_an_assistant_nothing_of_reflections(self, lena: Person, cast: Cast) -> None:
        reflect(lena, "Thank Grace for the pilot", finish=True)
        found = sentences(due(lena, actor=cast.ines, now=NOW + timedelta(days=5)))
        assert "Thank Grace" not in found
        assert "Look back" not in found

    def test_counts_proposed_blocks_that_wait(self, lena: Person) -> None:
        propose_block(lena, NOW + timedelta(hours=3))
        found = due(lena, actor=lena, now=NOW)
        assert found[0].sentence == "1 proposed block waits for your answer."
        assert found[0].address == "/"

    def test_offers_a_first_scan_on_the_page_alone(self, lena: Person) -> None:
        (scan,) = [each for each in due(lena, actor=lena, now=NOW) if each.address.startswith("/situation/")]
        assert not scan.in_mail
        assert scan.since is None

    def test_of_one_person_holds_nothing_of_anothers(self, lena: Person, cast: Cast) -> None:
        reflect(lena, "Thank Grace for the pilot")
        propose_block(lena, NOW + timedelta(hours=3))
        found = sentences(due(cast.otto, actor=cast.otto, now=NOW))
        assert "Thank Grace" not in found
        assert "proposed" not in found


class TestCalendarsInTrouble:
    def connected(self, person: Person, **fields: object) -> Calendar:
        account = Account.objects.create(
            owner=person, address="https://dav.example/", username="lena", sealed_password="x", connected_at=NOW
        )
        return Calendar.objects.create(owner=person, name="Team", account=account, **fields)

    def test_ask_for_a_refused_password_once(self, lena: Person) -> None:
        calendar = self.connected(lena, trouble_kind="SignInRefused")
        Account.objects.update(refusal="SignInRefused", refused_at=NOW - timedelta(days=2))
        found = [each for each in due(lena, actor=lena, now=NOW) if each.address.startswith("/calendar/")]
        assert [each.address for each in found] == [f"/calendar/accounts/{calendar.account_id}/password"]
        assert found[0].since == date(2026, 11, 23)

    @pytest.mark.parametrize(
        ("read_days_ago", "paused", "told"),
        [(None, False, True), (3, False, True), (0, False, False), (3, True, False)],
    )
    def test_are_told_after_a_day(self, lena: Person, read_days_ago: int | None, *, paused: bool, told: bool) -> None:
        read_at = None if read_days_ago is None else NOW - timedelta(days=read_days_ago, hours=1)
        self.connected(lena, trouble_kind="ServerInTrouble", read_at=read_at, paused=paused)
        assert ("“Team” cannot be read" in sentences(due(lena, actor=lena, now=NOW))) == told

    def test_are_told_to_an_assistant_too(self, lena: Person, cast: Cast) -> None:
        self.connected(lena, trouble_kind="ServerInTrouble")
        assert "“Team” cannot be read" in sentences(due(lena, actor=cast.ines, now=NOW))

    def test_count_entries_that_cannot_be_written(self, lena: Person) -> None:
        calendar = self.connected(lena)
        start, end = NOW, NOW + timedelta(hours=1)
        Written.objects.create(
            owner=lena, calendar=calendar, uid="w", title="Strategy", purpose="vision", planned_start=start,
            planned_end=end, state=Written.State.FAILED, trouble_kind="NotWritable", changed_at=NOW,
        )  # fmt: skip
        assert "1 entry could not be written" in sentences(due(lena, actor=lena, now=NOW))


class TestThisWeek:
    def test_lists_what_is_due_with_its_links(self, lena: Person, as_lena: Client) -> None:
        page = as_lena.get("/").content.decode()
        assert 'id="due"' in page
        assert 'href="/reflection/"' in page
