"""Guided reflection: what is asked, what is shown, who can read it, and how it goes away."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from tests.apps.erasing import erase_now
from tests.apps.lenas_calendar import with_calendar
from tests.cast import NOW, Cast

from equipoise.apps.calendars import actions as calendars
from equipoise.apps.calendars import queries as calendar_queries
from equipoise.apps.calendars.models import Written
from equipoise.apps.change import actions as change
from equipoise.apps.growth import actions, mapping, queries, tasks
from equipoise.apps.growth.asking import asked_now, may_look_back
from equipoise.apps.growth.evidence import evidence_of
from equipoise.apps.growth.mapping import Content, Part, Words
from equipoise.apps.growth.markdown import as_markdown
from equipoise.apps.growth.models import Reflection
from equipoise.apps.growth.questions import (
    MONTHLY,
    ROTATING,
    WEEKLY,
    Theme,
    month_to_look_back_at,
    monthly_questions,
    week_to_look_back_at,
    weekly_questions,
)
from equipoise.apps.people.models import Person
from equipoise.core.situation.scan import QUESTIONS
from equipoise.platform.models import AuditEntry

MONDAY = date(2026, 11, 16)
DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 1, 1))
SECRET = "Bluebell is why I hesitated"


@pytest.fixture
def lena(cast: Cast) -> Person:
    return with_calendar(cast.lena)


def begun(person: Person, monday: date = MONDAY) -> Reflection:
    content = asked_now(person, "weekly", monday)
    return actions.begin(actor=person, person=person, rhythm="weekly", start=monday, content=content, now=NOW)


def finished(person: Person, monday: date = MONDAY, text: str = SECRET, intention: str = "") -> Reflection:
    row = begun(person, monday)
    content = mapping.opened(row)
    assert content is not None
    key = content.parts[0].answers[0].key
    actions.finish(actor=person, reflection=row, words=Words(answers={key: text}, intention=intention), now=NOW)
    row.refresh_from_db()
    return row


def due(person: Person, today: date) -> list[queries.Offer]:
    return queries.due(person, today=today, reach=calendar_queries.reach(person))


def first_key(row: Reflection) -> str:
    content = mapping.opened(row)
    assert content is not None
    return content.parts[0].answers[0].key


class TestQuestions:
    @given(DAYS)
    def test_of_a_week_are_four_on_four_themes(self, day: date) -> None:
        asked = weekly_questions(day - timedelta(days=day.weekday()))
        assert [len(questions) for _, questions in asked] == [1, 1, 1, 1]
        assert asked[0][0] is Theme.FOCUS

    @given(DAYS)
    def test_of_sixteen_weeks_leave_none_out(self, day: date) -> None:
        monday = day - timedelta(days=day.weekday())
        seen = {
            question.key
            for week in range(16)
            for _, questions in weekly_questions(monday + timedelta(weeks=week))
            for question in questions
        }
        assert seen == {question.key for questions in WEEKLY.values() for question in questions}

    @given(DAYS, st.sampled_from([Theme.FOCUS, *ROTATING]))
    def test_of_a_theme_do_not_come_twice_in_a_row(self, day: date, theme: Theme) -> None:
        monday = day - timedelta(days=day.weekday())
        asked = [dict(weekly_questions(monday + timedelta(weeks=week))).get(theme) for week in range(9)]
        keys = [questions[0].key for questions in asked if questions]
        assert all(one != other for one, other in pairwise(keys))

    def test_of_a_month_go_through_all_five_themes(self) -> None:
        assert [theme for theme, _ in monthly_questions()] == list(Theme)
        assert all(len(questions) == 2 for questions in MONTHLY.values())

    def test_have_keys_of_their_own(self) -> None:
        keys = [each.key for asked in (*WEEKLY.values(), *MONTHLY.values()) for each in asked]
        assert len(keys) == len(set(keys))


class TestWhatIsLookedBackAt:
    @pytest.mark.parametrize(
        ("today", "monday"),
        [
            (date(2026, 11, 23), date(2026, 11, 16)),
            (date(2026, 11, 26), date(2026, 11, 16)),
            (date(2026, 11, 27), date(2026, 11, 23)),
            (date(2026, 11, 29), date(2026, 11, 23)),
        ],
    )
    def test_is_the_last_week_until_this_one_nears_its_end(self, today: date, monday: date) -> None:
        assert week_to_look_back_at(today) == monday

    def test_is_the_month_before(self) -> None:
        assert month_to_look_back_at(date(2026, 3, 31)) == date(2026, 2, 1)
        assert month_to_look_back_at(date(2026, 1, 1)) == date(2025, 12, 1)

    def test_is_neither_to_come_nor_long_ago(self) -> None:
        today = date(2026, 11, 25)
        assert may_look_back("weekly", MONDAY, today=today)
        assert not may_look_back("weekly", date(2026, 11, 30), today=today)
        assert not may_look_back("weekly", date(2026, 11, 17), today=today)
        assert not may_look_back("weekly", date(2026, 1, 5), today=today)
        assert may_look_back("monthly", date(2026, 10, 1), today=today)
        assert not may_look_back("monthly", date(2026, 10, 2), today=today)


class TestEvidence:
    def test_says_where_the_hours_went_with_the_whole(self, lena: Person) -> None:
        found = evidence_of(lena, start=MONDAY, end=MONDAY + timedelta(days=7))
        assert "h that count." in found[Theme.FOCUS][0]
        assert any("with one other person" in sentence for sentence in found[Theme.PEOPLE])

    def test_never_names_a_private_entry(self, lena: Person) -> None:
        found = evidence_of(lena, start=date(2026, 9, 1), end=date(2026, 12, 1))
        assert "Doctor" not in " ".join(sentence for told in found.values() for sentence in told)

    def test_sets_what_is_called_for_beside_the_hours(self, lena: Person) -> None:
        answers = {question.key: next(iter(question.choices)) for question in QUESTIONS}
        change.keep_scan(actor=lena, person=lena, answers=answers, now=NOW - timedelta(days=20))
        found = evidence_of(lena, start=MONDAY, end=MONDAY + timedelta(days=7))
        assert any("your situation calls for" in sentence for sentence in found[Theme.FOCUS])

    def test_tells_what_became_of_own_blocks(self, lena: Person) -> None:
        day = datetime(2026, 11, 17, 9, tzinfo=UTC)
        for number, (seen, gone) in enumerate([(day, None), (day + timedelta(days=1), None), (day, NOW)]):
            Written.objects.create(
                owner=lena, uid=f"w{number}", title="Strategy", purpose="vision", planned_start=day,
                planned_end=day + timedelta(hours=2), seen_start=seen, seen_end=seen + timedelta(hours=2), gone_at=gone,
                changed_at=NOW,
            )  # fmt: skip
        found = evidence_of(lena, start=MONDAY, end=MONDAY + timedelta(days=7))
        told = "Of 3 blocks you had put into your calendar: 1 moved, 1 dropped."
        assert told in found[Theme.FOCUS]

    def test_compares_only_with_weeks_the_calendar_covers(self, lena: Person) -> None:
        young = evidence_of(lena, start=date(2026, 10, 12), end=date(2026, 10, 19))
        grown = evidence_of(lena, start=MONDAY, end=MONDAY + timedelta(days=7))
        assert not any("weeks before" in sentence for sentence in young[Theme.CHANGE])
        assert any("weeks before" in sentence for sentence in grown[Theme.CHANGE])

    def test_is_silent_without_a_calendar(self, cast: Cast) -> None:
        found = evidence_of(cast.otto, start=MONDAY, end=MONDAY + timedelta(days=7))
        assert set(found) == set(Theme)
        assert not any(found.values())

    def test_stays_as_it_was_shown(self, lena: Person) -> None:
        row = begun(lena)
        before = mapping.opened(row)
        calendars.erase_calendar(actor=lena, calendar=lena.calendars.get(), now=NOW)
        row.refresh_from_db()
        assert mapping.opened(row) == before
        assert before is not None
        assert before.parts[0].evidence


class TestWriting:
    def begin(self, browser: Client) -> Reflection:
        start = week_to_look_back_at(timezone.localdate())
        response = browser.post("/reflection/begin", {"rhythm": "weekly", "start": start.isoformat()})
        row = Reflection.objects.get()
        assert response["Location"] == f"/reflection/{row.pk}/write/"
        return row

    def test_begins_with_the_questions_of_the_week(self, cast: Cast, as_lena: Client) -> None:
        row = self.begin(as_lena)
        page = as_lena.get(f"/reflection/{row.pk}/write/").content.decode()
        assert page.count("<textarea") == 4
        assert "Where my focus went" in page

    def test_begins_once_a_week(self, cast: Cast, as_lena: Client) -> None:
        self.begin(as_lena)
        self.begin(as_lena)
        assert Reflection.objects.count() == 1

    def test_is_kept_as_one_goes(self, cast: Cast, as_lena: Client) -> None:
        row = self.begin(as_lena)
        response = as_lena.post(
            f"/reflection/{row.pk}/write/", {first_key(row): SECRET}, headers={"HX-Request": "true"}
        )
        assert response.content.decode().startswith("Kept ")
        assert "<html" not in response.content.decode()
        page = as_lena.get(f"/reflection/{row.pk}/write/").content.decode()
        assert SECRET in page
        row.refresh_from_db()
        assert row.finished_at is None

    def test_is_kept_for_later_by_a_button(self, cast: Cast, as_lena: Client) -> None:
        row = self.begin(as_lena)
        as_lena.post(f"/reflection/{row.pk}/write/", {first_key(row): SECRET, "do": "keep"})
        page = as_lena.get("/reflection/").content.decode()
        assert "Go on" in page
        assert "a draft" in page

    def test_is_finished_and_read_again(self, cast: Cast, as_lena: Client) -> None:
        row = self.begin(as_lena)
        response = as_lena.post(
            f"/reflection/{row.pk}/write/",
            {first_key(row): SECRET, "intention": "Ask Tom first", "do": "finish"},
            follow=True,
        )
        page = response.content.decode()
        assert SECRET in page
        assert "Ask Tom first" in page
        assert "Left empty." in page

    def test_wants_a_line_before_it_is_finished(self, cast: Cast, as_lena: Client) -> None:
        row = self.begin(as_lena)
        response = as_lena.post(f"/reflection/{row.pk}/write/", {"do": "finish"})
        assert response.status_code == 400
        assert "One line is enough." in response.content.decode()
        row.refresh_from_db()
        assert row.finished_at is None

    def test_loses_no_word_of_an_answer_that_is_too_long(self, cast: Cast, as_lena: Client) -> None:
        row = self.begin(as_lena)
        long = "word " * 2_001
        response = as_lena.post(f"/reflection/{row.pk}/write/", {first_key(row): long, "do": "finish"})
        assert response.status_code == 400
        assert long.strip() in response.content.decode()

    def test_can_be_changed_later_and_the_trail_says_so(self, lena: Person, as_lena: Client) -> None:
        row = finished(lena)
        as_lena.post(f"/reflection/{row.pk}/write/", {first_key(row): "Otherwise", "do": "finish"})
        row.refresh_from_db()
        content = mapping.opened(row)
        assert content is not None
        assert content.parts[0].answers[0].answer == "Otherwise"
        assert AuditEntry.objects.filter(verb="reflection changed").count() == 1

    def test_does_not_begin_on_a_week_to_come(self, cast: Cast, as_lena: Client) -> None:
        start = timezone.localdate() + timedelta(days=60)
        monday = start - timedelta(days=start.weekday())
        response = as_lena.post("/reflection/begin", {"rhythm": "weekly", "start": monday.isoformat()}, follow=True)
        assert "yet to come" in response.content.decode()
        assert not Reflection.objects.exists()

    @pytest.mark.parametrize(
        "form", [{}, {"rhythm": "daily", "start": "2026-11-16"}, {"rhythm": "weekly", "start": "x"}]
    )
    def test_refuses_nonsense(self, cast: Cast, as_lena: Client, form: dict[str, str]) -> None:
        assert as_lena.post("/reflection/begin", form).status_code == 404


class TestAnIntention:
    def test_is_asked_after_a_week_later(self, lena: Person) -> None:
        finished(lena, intention="Thank Grace for the pilot")
        content = asked_now(lena, "weekly", MONDAY + timedelta(days=7))
        assert content.meant == "Thank Grace for the pilot"
        assert queries.intention(lena, today=MONDAY + timedelta(days=9)) == "Thank Grace for the pilot"
        assert queries.intention(lena, today=MONDAY + timedelta(days=14)) == ""

    def test_of_a_draft_or_a_removed_one_is_not(self, lena: Person) -> None:
        row = finished(lena, intention="Thank Grace")
        actions.remove(actor=lena, reflection=row, now=NOW)
        assert queries.intention(lena, today=MONDAY + timedelta(days=9)) == ""


class TestPrivacy:
    def test_keeps_no_word_of_it_readable_in_the_database(self, lena: Person) -> None:
        row = finished(lena, intention="Bluebell again")
        assert "Bluebell" not in row.sealed
        assert "focus" not in row.sealed

    def test_writes_no_word_of_it_into_the_trail(self, lena: Person) -> None:
        finished(lena)
        told = json.dumps(list(AuditEntry.objects.values_list("verb", "detail")))
        assert "reflection kept" in told
        assert "Bluebell" not in told

    def test_shows_nothing_to_an_outsider(self, lena: Person, as_otto: Client) -> None:
        row = finished(lena)
        assert as_otto.get(f"/reflection/{row.pk}/").status_code == 404
        assert as_otto.get(f"/reflection/{row.pk}/write/").status_code == 404
        found = as_otto.post("/reflection/search/", {"words": "Bluebell"}).content.decode()
        assert "0 reflections" in found
        assert "Bluebell" not in as_otto.post("/reflection/download").content.decode()

    def test_is_not_found_by_the_search_of_the_shell(self, lena: Person, as_lena: Client) -> None:
        finished(lena)
        assert "hesitated" not in as_lena.get("/jump/?q=hesitated").content.decode().replace("“hesitated”", "").replace(
            'value="hesitated"', ""
        )

    def test_says_so_when_the_key_is_lost(self, lena: Person, as_lena: Client) -> None:
        row = finished(lena)
        Reflection.objects.filter(pk=row.pk).update(sealed="gibberish")
        assert "cannot be opened" in as_lena.get(f"/reflection/{row.pk}/").content.decode()
        assert "cannot be opened" in as_lena.get("/reflection/").content.decode()
        assert "cannot be opened" in as_lena.post("/reflection/download").content.decode()
        assert as_lena.get(f"/reflection/{row.pk}/write/").status_code == 302
        assert as_lena.post("/reflection/search/", {"words": "x"}).status_code == 200
        assert queries.export(lena)["reflections"][0]["readable"] is False  # type: ignore[index]


class TestFinding:
    def test_needs_all_words_in_any_case_and_order(self, lena: Person, as_lena: Client) -> None:
        finished(lena)
        finished(lena, monday=MONDAY - timedelta(days=7), text="Nothing of note")
        assert len(queries.search(lena, "HESITATED bluebell")) == 1
        assert queries.search(lena, "bluebell nothing") == []
        page = as_lena.post("/reflection/search/", {"words": "bluebell"}).content.decode()
        assert "1 reflection has" in page
        assert "Week of 16 Nov 2026" in page

    def test_of_nothing_goes_back_to_all(self, cast: Cast, as_lena: Client) -> None:
        assert as_lena.post("/reflection/search/", {"words": "  "})["Location"] == "/reflection/"


class TestRemoving:
    def test_can_be_undone(self, lena: Person, as_lena: Client) -> None:
        row = finished(lena)
        page = as_lena.post(f"/reflection/{row.pk}/remove", follow=True).content.decode()
        assert f"/reflection/{row.pk}/put-back" in page
        assert as_lena.get(f"/reflection/{row.pk}/").status_code == 404
        as_lena.post(f"/reflection/{row.pk}/put-back")
        assert SECRET in as_lena.get(f"/reflection/{row.pk}/").content.decode()

    def test_can_be_made_final_at_once(self, lena: Person, as_lena: Client) -> None:
        row = finished(lena)
        assert as_lena.post(f"/reflection/{row.pk}/erase").status_code == 404
        as_lena.post(f"/reflection/{row.pk}/remove")
        as_lena.post(f"/reflection/{row.pk}/erase")
        assert not Reflection.objects.exists()

    def test_is_final_after_a_week(self, lena: Person) -> None:
        actions.remove(actor=lena, reflection=finished(lena), now=NOW)
        tasks.tick(NOW + timedelta(days=6))
        assert Reflection.objects.count() == 1
        tasks.tick(NOW + timedelta(days=8))
        assert not Reflection.objects.exists()
        assert AuditEntry.objects.filter(verb="reflection erased", actor_id=None).count() == 1

    def test_does_not_come_back_over_a_new_one(self, lena: Person, as_lena: Client) -> None:
        row = finished(lena)
        actions.remove(actor=lena, reflection=row, now=NOW)
        begun(lena)
        page = as_lena.post(f"/reflection/{row.pk}/put-back", follow=True).content.decode()
        assert "another reflection" in page
        assert Reflection.objects.filter(removed_at=None).count() == 1

    def test_of_a_person_takes_their_reflections(self, lena: Person, as_lena: Client) -> None:
        finished(lena)
        erase_now(as_lena)
        assert not Reflection.objects.exists()


class TestTakingAlong:
    def test_gives_markdown(self, lena: Person, as_lena: Client) -> None:
        finished(lena, intention="Ask Tom first")
        response = as_lena.post("/reflection/download")
        assert response["Content-Type"].startswith("text/markdown")
        text = response.content.decode()
        assert text == as_markdown(queries.reflections(lena))
        for line in ("# My reflections", "## Week of 16 Nov 2026", SECRET, "**One thing I will do:** Ask Tom first"):
            assert line in text

    def test_lets_no_title_of_an_entry_load_a_picture_or_lead_away(self) -> None:
        part = Part(theme="focus", evidence=("Longest: “![x](https://evil.example/x.png) <b>&amp; `y`”.",), answers=())
        row = Reflection(rhythm="weekly", start=MONDAY)
        text = as_markdown([queries.Kept(row=row, content=Content(parts=(part,)), last=MONDAY)])
        assert r"- Longest: “!\[x\](https://evil.example/x.png) \<b\>\&amp; \`y\`”." in text

    def test_is_part_of_the_export_of_everything(self, lena: Person, as_lena: Client) -> None:
        finished(lena)
        told = json.loads(as_lena.post("/your-data/export").content)
        (reflection,) = told["reflections"]
        assert reflection["start"] == "2026-11-16"
        assert reflection["themes"][0]["answers"][0]["answer"] == SECRET


class TestReminders:
    TODAY = date(2026, 11, 25)

    def test_are_for_weeks_with_a_calendar(self, lena: Person, cast: Cast) -> None:
        assert [each.rhythm for each in due(lena, self.TODAY)] == ["weekly"]
        assert due(cast.otto, self.TODAY) == []

    def test_end_when_it_is_done(self, lena: Person) -> None:
        finished(lena)
        assert due(lena, self.TODAY) == []

    def test_of_a_month_last_two_weeks(self, lena: Person) -> None:
        finished(lena)
        rhythms = {each.rhythm for each in due(lena, date(2026, 12, 3))}
        assert rhythms == {"weekly", "monthly"}
        assert {each.rhythm for each in due(lena, date(2026, 12, 20))} == {"weekly"}

    def test_can_be_turned_off(self, lena: Person, as_lena: Client) -> None:
        as_lena.post("/reflection/reminders", {"monthly": "on"})
        assert due(lena, self.TODAY) == []


class TestTwoAtOnce:
    def test_begin_one_reflection(self, lena: Person) -> None:
        assert begun(lena).pk == begun(lena).pk
        assert AuditEntry.objects.filter(verb="reflection begun").count() == 1

    def test_finish_it_once(self, lena: Person) -> None:
        row = begun(lena)
        words = {first_key(row): SECRET}
        later = datetime(2026, 11, 26, tzinfo=UTC)
        for now in (NOW, later):
            actions.finish(actor=lena, reflection=row, words=Words(answers=words), now=now)
        row.refresh_from_db()
        assert row.finished_at == NOW
        assert AuditEntry.objects.filter(verb="reflection kept").count() == 1


class TestTwoPages:
    """The same reflection is open twice: on a phone and on a desk."""

    def opened(self, browser: Client, row: Reflection) -> dict[str, str]:
        page = browser.get(f"/reflection/{row.pk}/write/").content.decode()
        found = dict(re.findall(r'name="(pen|since)" value="([^"]+)"', page))
        assert set(found) == {"pen", "since"}
        return found

    def test_do_not_overwrite_each_other(self, lena: Person, as_lena: Client) -> None:
        row = begun(lena)
        path, key = f"/reflection/{row.pk}/write/", first_key(row)
        desk, phone = self.opened(as_lena, row), self.opened(as_lena, row)
        htmx = {"HX-Request": "true"}
        assert as_lena.post(path, {key: "From the desk", **desk}, headers=htmx).status_code == 200
        assert as_lena.post(path, {key: "From the phone", **phone}, headers=htmx).status_code == 409
        told = as_lena.post(path, {key: "From the phone", "do": "keep", **phone})
        assert told.status_code == 400
        assert "You wrote on another page" in told.content.decode()
        assert "From the phone" in told.content.decode()
        row.refresh_from_db()
        content = mapping.opened(row)
        assert content is not None
        assert content.parts[0].answers[0].answer == "From the desk"

    def test_replace_the_other_when_asked_to_again(self, lena: Person, as_lena: Client) -> None:
        row = begun(lena)
        path, key = f"/reflection/{row.pk}/write/", first_key(row)
        desk, phone = self.opened(as_lena, row), self.opened(as_lena, row)
        as_lena.post(path, {key: "From the desk", "do": "keep", **desk})
        refused = as_lena.post(path, {key: "From the phone", "do": "keep", **phone}).content.decode()
        again = dict(re.findall(r'name="(pen|since)" value="([^"]+)"', refused))
        assert as_lena.post(path, {key: "From the phone", "do": "keep", **again}).status_code == 302

    def test_are_no_trouble_when_an_answer_got_lost_on_its_way(self, lena: Person, as_lena: Client) -> None:
        row = begun(lena)
        path, key = f"/reflection/{row.pk}/write/", first_key(row)
        desk = self.opened(as_lena, row)
        for text in ("One", "One two", "One two three"):
            assert as_lena.post(path, {key: text, **desk}, headers={"HX-Request": "true"}).status_code == 200

    @pytest.mark.parametrize("since", ["", "yesterday", "2026-11-25", "2026-11-25T09:00:00"])
    def test_are_not_asked_for_when_the_page_does_not_say_since_when(
        self, lena: Person, as_lena: Client, since: str
    ) -> None:
        row = begun(lena)
        response = as_lena.post(f"/reflection/{row.pk}/write/", {first_key(row): "x", "do": "keep", "since": since})
        assert response.status_code == 302
