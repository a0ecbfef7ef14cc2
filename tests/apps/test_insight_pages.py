"""This week, Balance, what it is made of, and one's own data."""

import json
from datetime import date, timedelta

import pytest
from django.test import Client
from tests.apps.erasing import erase_now
from tests.apps.lenas_calendar import with_calendar
from tests.cast import Cast

from equipoise.apps.calendars.models import Entry
from equipoise.apps.insights import periods, queries
from equipoise.apps.insights.observations import larger_than_noise
from equipoise.apps.people.models import Person
from equipoise.core.facets import PURPOSES
from equipoise.core.timeuse import uncertainty
from equipoise.core.timeuse.uncertainty import Interval
from equipoise.platform.models import AuditEntry


@pytest.fixture
def lenas(cast: Cast) -> Cast:
    with_calendar(cast.lena)
    return cast


class TestThisWeek:
    def test_begins_with_one_sentence_that_has_its_range(self, lenas: Cast, as_lena: Client) -> None:
        page = as_lena.get("/").content.decode()
        assert "of the time you lead or manage (between" in page

    def test_says_what_to_do_first_without_a_calendar(self, as_lena: Client) -> None:
        page = as_lena.get("/").content.decode()
        assert "Nothing to show yet." in page
        assert "/calendar/sources/" in page


class TestBalance:
    def test_shows_every_purpose_with_its_range(self, lenas: Cast, as_lena: Client) -> None:
        page = as_lena.get("/balance/").content.decode()
        for name in ("Vision", "Change", "People", "Inspiration", "Execution", "Stability", "Process", "Oversight"):
            assert name in page
        assert "shown as free" in page

    def test_hours_add_up_to_what_was_counted(self, lenas: Cast) -> None:
        period = periods.Period(start=date(2026, 10, 5), end=date(2026, 11, 23))
        reading = queries.balance(lenas.lena, period).reading
        assert sum(reading.purposes[purpose].hours for purpose in PURPOSES) == pytest.approx(
            reading.counted.counted.hours
        )

    def test_takes_a_nonsense_period_for_the_usual_one(self, lenas: Cast, as_lena: Client) -> None:
        for query in ("?weeks=7&until=x", "?weeks=-1", "?until=0001-01-01", "?until=9999-12-31"):
            assert as_lena.get(f"/balance/{query}").status_code == 200

    def test_says_it_cannot_tell_from_one_week(self, lenas: Cast, as_lena: Client) -> None:
        Entry.objects.exclude(title="Where do we want to be in 2030").delete()
        lenas.lena.evidence_version += 1
        lenas.lena.save()
        page = as_lena.get("/balance/").content.decode()
        assert "tell yet" in page

    def test_keeps_unplanned_talk_as_its_own_line(self, lenas: Cast, as_lena: Client) -> None:
        assert "Not known." in as_lena.get("/balance/").content.decode()
        as_lena.post("/balance/unplanned", {"unplanned_hours": "6"})
        page = as_lena.get("/balance/").content.decode()
        assert "6.0 h a week, as you said" in page

    def test_refuses_impossible_unplanned_hours(self, lenas: Cast, as_lena: Client) -> None:
        as_lena.post("/balance/unplanned", {"unplanned_hours": "-3"})
        assert Person.objects.get(pk=lenas.lena.pk).unplanned_hours is None

    def test_says_it_in_german(self, lenas: Cast, as_lena: Client) -> None:
        lenas.lena.language = "de"
        lenas.lena.save()
        response = as_lena.get("/balance/")
        assert 'lang="de"' in response.content.decode()
        assert response["Content-Language"] == "de"


class TestAShareThatTellsNothing:
    @pytest.mark.parametrize("path", ["/", "/balance/"])
    def test_is_not_shown_as_a_figure(
        self, lenas: Cast, as_lena: Client, monkeypatch: pytest.MonkeyPatch, path: str
    ) -> None:
        monkeypatch.setattr(uncertainty, "TELLS_NOTHING", 0.0)
        page = as_lena.get(path).content.decode()
        assert "you may lead anything from" in page
        assert "You lead <strong>" not in page
        assert 'class="share-bar"' not in page


class TestTheBehaviourIndex:
    @pytest.mark.parametrize(
        ("found", "told"),
        [
            (Interval(value=0.48, low=0.01, high=1.0), "be anything from 0.01 to 1.00"),
            (Interval(value=0.48, low=0.3, high=0.6), "0.30 to 0.60"),
            (None, "Not enough evidence"),
        ],
    )
    def test_says_when_it_tells_nothing(
        self, lenas: Cast, as_lena: Client, monkeypatch: pytest.MonkeyPatch, found: Interval | None, told: str
    ) -> None:
        monkeypatch.setattr(queries, "behaviour_index", lambda *_: found)
        page = as_lena.get("/balance/").content.decode()
        assert told in page
        assert ("0.48" in page) == (told == "0.30 to 0.60")


class TestMadeOf:
    def test_lists_the_series_behind_a_figure(self, lenas: Cast, as_lena: Client) -> None:
        page = as_lena.get("/balance/entries/").content.decode()
        assert "1:1 Tom" in page
        assert "Private entry" in page

    def test_adds_up_to_the_figure(self, lenas: Cast) -> None:
        period = periods.Period(start=date(2026, 10, 5), end=date(2026, 11, 23))
        found = queries.balance(lenas.lena, period)
        total = sum(part.part for part in queries.parts(found, PURPOSES))
        assert total == pytest.approx(found.reading.counted.counted.hours, abs=0.1)

    def test_knows_no_other_purpose(self, lenas: Cast, as_lena: Client) -> None:
        assert as_lena.get("/balance/entries/?purpose=fun").status_code == 404


class TestPeriods:
    TODAY = date(2026, 11, 25)

    def test_end_before_this_week(self) -> None:
        found = periods.latest(weeks=4, first=date(2026, 1, 1), last=date(2026, 12, 20), today=self.TODAY)
        assert (found.start, found.end) == (date(2026, 10, 26), date(2026, 11, 23))

    def test_end_where_an_old_calendar_ends(self) -> None:
        found = periods.latest(weeks=4, first=date(2019, 1, 1), last=date(2021, 3, 3), today=self.TODAY)
        assert found.end == date(2021, 3, 8)

    def test_are_shorter_for_a_young_calendar(self) -> None:
        found = periods.latest(weeks=12, first=date(2026, 11, 11), last=self.TODAY, today=self.TODAY)
        assert (found.start, found.weeks) == (date(2026, 11, 9), 2)

    def test_hold_a_week_even_when_all_lies_ahead(self) -> None:
        ahead = self.TODAY + timedelta(days=30)
        assert periods.latest(weeks=4, first=ahead, last=ahead, today=self.TODAY).weeks == 1


class TestNoise:
    def test_is_not_announced_as_a_change(self) -> None:
        assert not larger_than_noise(Interval(value=3, low=2, high=4), Interval(value=4, low=3, high=5))

    def test_is_exceeded_by_a_large_change(self) -> None:
        assert larger_than_noise(Interval(value=8, low=7, high=9), Interval(value=4, low=3, high=5))
        assert larger_than_noise(Interval(value=4, low=3, high=5), Interval(value=8, low=7, high=9))


class TestOwnData:
    def test_is_exported_whole(self, lenas: Cast, as_lena: Client) -> None:
        entry = Entry.objects.get(title="1:1 Tom")
        as_lena.post(f"/calendar/entries/{entry.pk}/purpose", {"purpose": "people"})
        response = as_lena.post("/your-data/export")
        told = json.loads(response.content)
        assert response["Content-Disposition"].startswith("attachment;")
        assert told["person"]["email"] == "lena@agency.example"
        assert len(told["calendars"][0]["entries"]) == 7
        assert told["corrections"][0]["purpose"] == "people"
        assert [act["verb"] for act in told["trail"]][:2] == ["data exported", "entry corrected"]

    def test_is_erased_whole_once_confirmed(self, lenas: Cast, as_lena: Client) -> None:
        assert as_lena.post("/your-data/erase", {"email": "somebody@else.example"}).status_code == 400
        assert Person.objects.filter(pk=lenas.lena.pk).exists()
        erase_now(as_lena, "Lena@agency.example")
        assert not Person.objects.filter(pk=lenas.lena.pk).exists()
        assert not Entry.objects.exists()
        assert AuditEntry.objects.filter(subject_id=lenas.lena.pk).first().verb == "person erased"  # type: ignore[union-attr]

    def test_shows_the_trail_to_whom_it_concerns(self, lenas: Cast, as_lena: Client, as_otto: Client) -> None:
        assert "calendar read" in as_lena.get("/your-data/").content.decode()
        assert "calendar read" not in as_otto.get("/your-data/").content.decode()


class TestJump:
    def test_finds_pages_and_own_entries(self, lenas: Cast, as_lena: Client) -> None:
        page = as_lena.get("/jump/?q=budget").content.decode()
        assert "Budget review Q3" in page
        assert "/calendar/rules/" in as_lena.get("/jump/?q=rul").content.decode()

    def test_finds_nothing_of_others(self, lenas: Cast, as_otto: Client) -> None:
        assert "Budget review" not in as_otto.get("/jump/?q=budget").content.decode()

    def test_says_when_nothing_is_called_so(self, lenas: Cast, as_lena: Client) -> None:
        assert "Nothing is called “zzz”" in as_lena.get("/jump/?q=zzz").content.decode()
