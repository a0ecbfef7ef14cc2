"""The calendar: week, corrections, rules, review, calendars."""

from datetime import date
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries
from tests.apps.calendar_texts import LENAS, calendar, entry
from tests.cast import NOW, Cast

from equipoise.adapters.ics import Upload, read_calendar
from equipoise.apps.calendars import actions, mapping, queries, syncing
from equipoise.apps.calendars.models import Calendar, Correction, Entry, Import, Occurrence, Rule
from equipoise.apps.people.models import Person
from equipoise.core.facets import PURPOSES, Purpose
from equipoise.core.timeuse.counting import Reason

START, END = date(2026, 10, 5), date(2026, 11, 30)


@pytest.fixture
def lenas(cast: Cast) -> Cast:
    store(cast, LENAS)
    return cast


def store(cast: Cast, content: bytes, name: str = "Office") -> Calendar:
    reading = read_calendar(
        [Upload(name="lena.ics", content=content)],
        me=cast.lena.addresses,
        start=None,
        end=NOW,
        zone=ZoneInfo("Europe/Berlin"),
    )
    return actions.store_reading(person=cast.lena, name=name, reading=reading, now=NOW)


def row(title: str) -> Entry:
    return Entry.objects.get(title=title)


def purpose_of(cast: Cast, title: str) -> tuple[str, str]:
    found = queries.evidence(cast.lena, start=START, end=END)
    for each, verdict in zip(found.counted.entries, found.verdicts, strict=True):
        if each.title == title:
            return verdict.purpose.value, verdict.origin.value
    raise AssertionError(f"{title} is not counted")


class TestWeek:
    def test_shows_entries_with_what_they_are_for(self, lenas: Cast, as_lena: Client) -> None:
        page = as_lena.get("/calendar/?day=2026-10-07").content.decode()
        assert "Client services stand-up" in page
        assert "5 Oct – 11 Oct 2026" in page
        assert page.count("not-counted") == 0

    def test_outlines_what_takes_no_time(self, lenas: Cast, as_lena: Client) -> None:
        page = as_lena.get("/calendar/?day=2026-10-12").content.decode()
        assert page.count("entry not-counted") == 1
        assert "Off-site strategy" in page

    def test_takes_nonsense_for_the_last_week(self, lenas: Cast, as_lena: Client) -> None:
        assert as_lena.get("/calendar/?day=nonsense").status_code == 200
        assert as_lena.get("/calendar/?day=0001-01-01").status_code == 200
        assert as_lena.get("/calendar/?day=9999-12-31").status_code == 200

    def test_escapes_what_an_entry_is_called(self, cast: Cast, as_lena: Client) -> None:
        store(cast, calendar(entry("x", "<script>alert(1)</script>", "20261005T080000Z", "20261005T090000Z")))
        for path in ("/calendar/?day=2026-10-05", "/calendar/review/", "/balance/entries/", "/"):
            assert b"<script>alert" not in as_lena.get(path).content


class TestCorrection:
    def test_holds_for_the_whole_series_at_once(self, lenas: Cast, as_lena: Client) -> None:
        as_lena.post(f"/calendar/entries/{row('1:1 Tom').pk}/purpose", {"purpose": "oversight"})
        assert purpose_of(lenas, "1:1 Tom") == ("oversight", "correction")

    def test_changes_the_balance_at_once(self, lenas: Cast, as_lena: Client) -> None:
        before = as_lena.get("/balance/").content
        as_lena.post(f"/calendar/entries/{row('1:1 Tom').pk}/purpose", {"purpose": "oversight"})
        assert as_lena.get("/balance/").content != before

    def test_is_taken_back_to_the_one_before(self, lenas: Cast, as_lena: Client) -> None:
        path = f"/calendar/entries/{row('1:1 Tom').pk}/purpose"
        as_lena.post(path, {"purpose": "oversight"})
        as_lena.post(path, {"purpose": "vision"})
        holding = Correction.objects.get(replaced=False)
        as_lena.post(f"/calendar/corrections/{holding.pk}/undo")
        assert purpose_of(lenas, "1:1 Tom") == ("oversight", "correction")
        as_lena.post(f"/calendar/corrections/{Correction.objects.get(replaced=False).pk}/undo")
        assert purpose_of(lenas, "1:1 Tom")[1] == "model"

    def test_offers_to_be_undone(self, lenas: Cast, as_lena: Client) -> None:
        path = f"/calendar/entries/{row('1:1 Tom').pk}/purpose"
        page = as_lena.post(path, {"purpose": "people", "next": "/calendar/review/"}, follow=True).content.decode()
        assert "Undo" in page
        assert f"/calendar/corrections/{Correction.objects.get().pk}/undo" in page

    def test_survives_reading_the_calendar_again(self, lenas: Cast, as_lena: Client) -> None:
        as_lena.post(f"/calendar/entries/{row('1:1 Tom').pk}/purpose", {"purpose": "vision"})
        store(lenas, LENAS)
        assert purpose_of(lenas, "1:1 Tom") == ("vision", "correction")

    def test_refuses_a_purpose_that_is_none(self, lenas: Cast, as_lena: Client) -> None:
        response = as_lena.post(f"/calendar/entries/{row('1:1 Tom').pk}/purpose", {"purpose": "fun"})
        assert response.status_code == 404
        assert not Correction.objects.exists()

    def test_sends_nobody_to_another_host(self, lenas: Cast, as_lena: Client) -> None:
        path = f"/calendar/entries/{row('1:1 Tom').pk}/purpose"
        response = as_lena.post(path, {"purpose": "people", "next": "https://evil.example/"})
        assert response["Location"].startswith("/calendar/")


class TestRule:
    def test_decides_unless_corrected(self, lenas: Cast, as_lena: Client) -> None:
        as_lena.post("/calendar/rules/", {"words": "BUDGET", "purpose": "process"})
        assert purpose_of(lenas, "Budget review Q3") == ("process", "rule")
        as_lena.post(f"/calendar/entries/{row('Budget review Q3').pk}/purpose", {"purpose": "vision"})
        assert purpose_of(lenas, "Budget review Q3") == ("vision", "correction")

    def test_counts_an_all_day_off_site_as_working_hours(self, lenas: Cast, as_lena: Client) -> None:
        without = queries.evidence(lenas.lena, start=START, end=END).counted
        as_lena.post("/calendar/rules/", {"words": "off-site", "all_day_counts": "on"})
        counted = queries.evidence(lenas.lena, start=START, end=END).counted
        assert counted.counted.hours - without.counted.hours == pytest.approx(8.0)
        assert counted.left_out[Reason.ALL_DAY].entries == 0

    def test_says_what_it_must_say(self, as_lena: Client) -> None:
        response = as_lena.post("/calendar/rules/", {"words": "budget"})
        assert response.status_code == 400
        assert "Say what such entries are for" in response.content.decode()
        assert not Rule.objects.exists()

    def test_is_dropped(self, lenas: Cast, as_lena: Client) -> None:
        as_lena.post("/calendar/rules/", {"words": "budget", "purpose": "process"})
        as_lena.post(f"/calendar/rules/{Rule.objects.get().pk}/drop")
        assert purpose_of(lenas, "Budget review Q3")[1] == "model"


class TestHowManyARuleFits:
    def test_are_counted_as_they_are_decided(self, lenas: Cast) -> None:
        part = actions.make_rule(
            actor=lenas.lena, person=lenas.lena, words="udget", purpose=Purpose.PROCESS, all_day_counts=False, now=NOW
        )
        days = actions.make_rule(
            actor=lenas.lena, person=lenas.lena, words="off-site", purpose=None, all_day_counts=True, now=NOW
        )
        assert queries.entries_that_fit(lenas.lena, part) == 0
        assert queries.entries_that_fit(lenas.lena, days) == 1


class TestReview:
    def test_asks_about_each_series_once(self, lenas: Cast, as_lena: Client) -> None:
        asked = []
        for _ in range(10):
            page = as_lena.get("/calendar/review/")
            doubt = page.context["doubt"]
            if doubt is None:
                break
            asked.append(doubt.entry.title)
            as_lena.post(f"/calendar/entries/{doubt.entry.pk}/purpose", {"purpose": "people"})
        assert sorted(asked) == [
            "1:1 Tom",
            "Budget review Q3",
            "Client services stand-up",
            "Where do we want to be in 2030",
        ]

    def test_skips_when_asked(self, lenas: Cast, as_lena: Client) -> None:
        first = as_lena.get("/calendar/review/").context
        second = as_lena.get(f"/calendar/review/?skip={first['skip']}").context
        assert second["doubt"].entry.pk != first["doubt"].entry.pk
        assert second["left"] == first["left"] - 1


class TestCalendars:
    def test_are_replaced_whole_by_name(self, lenas: Cast, as_lena: Client) -> None:
        upload = BytesIO(calendar(entry("n", "New one", "20261005T080000Z", "20261005T090000Z")))
        upload.name = "Office"
        as_lena.post("/calendar/sources/", {"file": upload})
        assert list(Entry.objects.values_list("title", flat=True)) == ["New one"]

    def test_count_what_stands_in_two_of_them_once(self, lenas: Cast) -> None:
        before = queries.evidence(lenas.lena, start=START, end=END).counted
        store(lenas, LENAS, name="The same from an account")
        after = queries.evidence(lenas.lena, start=START, end=END).counted
        assert Calendar.objects.count() == 2
        assert after.counted == before.counted
        assert after.left_out == before.left_out

    def test_stay_as_they_are_when_the_new_reading_fails(self, lenas: Cast, as_lena: Client) -> None:
        upload = BytesIO(b"nonsense")
        upload.name = "Office"
        as_lena.post("/calendar/sources/", {"file": upload})
        assert Entry.objects.count() == 7

    def test_of_an_address_are_read_again(self, cast: Cast, as_lena: Client) -> None:
        there = Calendar(owner=cast.lena, name="Feed", token="as before")
        syncing.keep_address(there, "http://127.0.0.1:9/a.ics?key=k")
        there.save()
        assert "Read now" in as_lena.get("/calendar/sources/").content.decode()
        as_lena.post(f"/calendar/sources/{there.pk}/again")
        job = Import.objects.get()
        assert (job.calendar, job.name, job.state, job.failure_kind) == (there, "Feed", "failed", "AddressRefused")
        there.refresh_from_db()
        assert (there.token, there.failures, there.trouble_kind) == ("as before", 1, "AddressRefused")
        assert "key=k" not in as_lena.get("/calendar/sources/").content.decode()

    def test_of_a_file_are_not(self, lenas: Cast, as_lena: Client) -> None:
        assert "Read now" not in as_lena.get("/calendar/sources/").content.decode()
        assert as_lena.post(f"/calendar/sources/{Calendar.objects.get().pk}/again").status_code == 404

    def test_are_erased_after_being_asked(self, lenas: Cast, as_lena: Client) -> None:
        calendar_id = Calendar.objects.get().pk
        assert "Erase" in as_lena.get(f"/calendar/sources/{calendar_id}/erase").content.decode()
        assert Entry.objects.exists()
        as_lena.post(f"/calendar/sources/{calendar_id}/erase")
        assert not Entry.objects.exists()
        assert not Occurrence.objects.exists()


class TestEvidence:
    def test_of_several_periods_says_what_that_of_each_says(self, lenas: Cast) -> None:
        periods = [(START, END), (date(2026, 10, 5), date(2026, 10, 12)), (date(2026, 10, 12), date(2026, 11, 2))]
        with CaptureQueriesContext(connection) as asked:
            found = queries.evidence_of_each(lenas.lena, periods)
        alone = [queries.evidence(lenas.lena, start=start, end=end) for start, end in periods]
        assert [each.occurrences for each in found] == [each.occurrences for each in alone]
        assert [each.verdicts for each in found] == [each.verdicts for each in alone]
        assert [each.counted.everything for each in found] == [each.counted.everything for each in alone]
        assert len({len(each.occurrences) for each in found}) == len(periods)
        assert len(asked) <= 6

    def test_is_kept_for_pages_until_the_owner_changes_it(self, lenas: Cast) -> None:
        def kept() -> queries.Evidence:
            return queries.evidence_kept(Person.objects.get(pk=lenas.lena.pk), start=START, end=END)

        before = kept()
        with CaptureQueriesContext(connection) as asked:
            assert kept() == before
        assert len(asked) == 1  # the person
        actions.correct(actor=lenas.lena, entry=row("1:1 Tom"), purpose=Purpose.VISION, now=NOW)
        assert kept().verdicts != before.verdicts

    def test_of_others_stays_out(self, lenas: Cast) -> None:
        assert queries.evidence(lenas.tom, start=START, end=END).counted.everything.entries == 0

    def test_is_asked_of_the_database_in_few_queries(
        self, lenas: Cast, as_lena: Client, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        as_lena.get("/help/")  # the first page after signing in keeps when and where that was
        with django_assert_max_num_queries(14):
            as_lena.get("/calendar/?day=2026-10-07")

    def test_knows_the_correction_of_a_purpose_only_for_its_owner(self, lenas: Cast) -> None:
        actions.correct(actor=lenas.lena, entry=row("1:1 Tom"), purpose=Purpose.VISION, now=NOW)
        assert queries.corrections_count(lenas.lena) == 1
        assert queries.corrections_count(lenas.otto) == 0


class TestLearning:
    def test_moves_what_resembles_a_correction(self, cast: Cast) -> None:
        titles = [f"Sync Magpie {number}" for number in range(6)]
        store(
            cast,
            calendar(
                *(entry(t, t, f"202610{5 + n:02}T080000Z", f"202610{5 + n:02}T090000Z") for n, t in enumerate(titles))
            ),
        )
        before = dict(zip(titles, oversight(cast, titles), strict=True))
        for title in titles[:5]:
            actions.correct(actor=cast.lena, entry=row(title), purpose=Purpose.OVERSIGHT, now=NOW)
        assert oversight(cast, titles)[5] > before[titles[5]] + 0.1

    def test_leaves_others_alone(self, lenas: Cast) -> None:
        before = queries.verdicts(lenas.lena, [mapping.entry_of(row("Budget review Q3"))])
        actions.correct(actor=lenas.otto, entry=row("1:1 Tom"), purpose=Purpose.VISION, now=NOW)
        Correction.objects.update(owner=lenas.otto)
        assert queries.verdicts(lenas.lena, [mapping.entry_of(row("Budget review Q3"))]) == before

    def test_of_a_new_model_reads_stored_entries_anew(self, lenas: Cast) -> None:
        right = bytes(row("1:1 Tom").scores)
        Entry.objects.update(model="old", vector=b"", scores=bytes(40))
        assert actions.read_anew() == 7
        assert bytes(row("1:1 Tom").scores) == right
        assert actions.read_anew() == 0


def oversight(cast: Cast, titles: list[str]) -> list[float]:
    """Probability of oversight for each title."""
    found = queries.verdicts(cast.lena, [mapping.entry_of(row(title)) for title in titles])
    return [verdict.probabilities[PURPOSES.index(Purpose.OVERSIGHT)] for verdict in found]
