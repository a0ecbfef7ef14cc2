"""What goes wrong on purpose or by accident: odd addresses, odd texts, two acts at once, changed zones."""

from datetime import UTC, date, datetime
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings
from tests.adapters.web.scripted_server import Reply, scripted
from tests.apps.calendar_texts import LENAS, calendar, entry
from tests.cast import NOW, Cast

from equipoise.adapters.ics import Limits
from equipoise.apps.calendars import actions, queries
from equipoise.apps.calendars.models import Calendar, Correction, Entry, Occurrence
from equipoise.apps.people import actions as people
from equipoise.apps.people.models import Person
from equipoise.core.facets import Purpose
from equipoise.core.timeuse.counting import Reason
from equipoise.platform import uploads

LONG = "Very long title " * 600
ODD_TITLES = {
    "long": LONG,
    "right-to-left": "\u202eاجتماع الميزانية\u202c",
    "emoji": "👩🏽‍💻🚀 1:1 🤝 Tom 🇺🇦",
    "controls": "Bud\x00get\x07 \x1b[31mreview",
    "markup": "<img src=x onerror=alert(1)>{{ 7|add:7 }}",
}
PAGES = ("/", "/balance/", "/balance/entries/", "/calendar/?day=2026-11-18", "/calendar/review/", "/jump/?q=e")


def hand_in(client: Client, content: bytes, name: str = "Office.ics") -> None:
    upload = BytesIO(content)
    upload.name = name
    client.post("/calendar/sources/", {"file": upload})


def all_day(uid: str, title: str, start: str, end: str) -> str:
    return (
        f"BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20261001T000000Z\r\nSUMMARY:{title}\r\n"
        f"DTSTART;VALUE=DATE:{start}\r\nDTEND;VALUE=DATE:{end}\r\nEND:VEVENT\r\n"
    )


class TestOddTitles:
    @pytest.mark.parametrize("title", ODD_TITLES.values(), ids=ODD_TITLES)
    def test_are_read_shown_and_corrected(self, cast: Cast, as_lena: Client, title: str) -> None:
        hand_in(as_lena, calendar(entry("x", title, "20261118T080000Z", "20261118T090000Z")))
        row = Entry.objects.get()
        for path in (*PAGES, f"/calendar/entries/{row.pk}/", f"/calendar/rules/?words={row.title[:50]}"):
            page = as_lena.get(path)
            assert page.status_code == 200
            assert b"<img src=x" not in page.content
            assert b"\x00" not in page.content
        assert as_lena.post(f"/calendar/entries/{row.pk}/purpose", {"purpose": "people"}).status_code == 302
        assert as_lena.get("/balance/entries/").status_code == 200


class TestATitleInASentence:
    def test_is_cut_and_turns_nothing_around(self, cast: Cast, as_lena: Client) -> None:
        hand_in(as_lena, calendar(entry("x", "\u202e" + LONG, "20261118T080000Z", "20261118T090000Z")))
        row = Entry.objects.get()
        page = as_lena.post(f"/calendar/entries/{row.pk}/purpose", {"purpose": "people"}, follow=True).content.decode()
        told = page.split('role="status"')[1].split("</p>")[0]
        assert "\u202e" not in told
        assert len(told) < 300

    def test_of_great_length_can_be_read_whole_on_its_page(self, cast: Cast, as_lena: Client) -> None:
        hand_in(as_lena, calendar(entry("x", LONG, "20261118T080000Z", "20261118T090000Z")))
        page = as_lena.get(f"/calendar/entries/{Entry.objects.get().pk}/").content.decode()
        assert "The whole title" in page
        assert LONG.strip() in page


class TestOddAddresses:
    @pytest.mark.parametrize(
        "path",
        [
            "/jump/?q=%00",
            "/jump/?q=a%00b",
            "/balance/?weeks=0104999999&until=2026-10-01",
            "/balance/?weeks=%D9%A1%D9%A2&until=2026-10-01",
            "/balance/?weeks=²",
            "/balance/entries/?purpose=&weeks=104&until=0001-01-01",
            "/calendar/?day=0001-01-01",
            "/calendar/?day=9999-12-31",
            "/calendar/review/?skip=%00-99999999999999999999",
            "/calendar/rules/?words=%00",
        ],
    )
    def test_are_answered(self, cast: Cast, as_lena: Client, path: str) -> None:
        hand_in(as_lena, LENAS)
        assert as_lena.get(path).status_code in {200, 302}

    @pytest.mark.parametrize("number", [0, 2**63, 10**40])
    def test_of_records_that_cannot_be_are_not_found(self, as_lena: Client, number: int) -> None:
        for path in (
            f"/calendar/entries/{number}/",
            f"/calendar/imports/{number}/",
            f"/calendar/sources/{number}/erase",
        ):
            assert as_lena.get(path).status_code == 404
        for path in (f"/calendar/corrections/{number}/undo", f"/calendar/rules/{number}/drop"):
            assert as_lena.post(path).status_code == 404

    @pytest.mark.parametrize(
        "elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
    )
    def test_lead_nobody_elsewhere(self, cast: Cast, as_lena: Client, elsewhere: str) -> None:
        hand_in(as_lena, LENAS)
        row = Entry.objects.filter(private=False).first()
        assert row is not None
        page = as_lena.get(f"/calendar/entries/{row.pk}/", {"next": elsewhere}).content.decode()
        assert f'href="{elsewhere}"' not in page
        made = as_lena.post(f"/calendar/entries/{row.pk}/purpose", {"purpose": "people", "next": elsewhere})
        assert made["Location"] == f"/calendar/entries/{row.pk}/"
        correction = Correction.objects.get()
        assert (
            as_lena.post(f"/calendar/corrections/{correction.pk}/undo", {"next": elsewhere})["Location"] == "/calendar/"
        )
        form = {"login": "lena@agency.example", "password": "three plain words", "next": elsewhere}
        assert Client().post("/sign-in/", form)["Location"] == "/"


class TestOddTexts:
    @pytest.mark.parametrize(
        ("path", "form"),
        [
            ("/calendar/rules/", {"words": "a\0b", "purpose": "people"}),
            ("/calendar/sources/", {"address": "https://a.example/\0"}),
            ("/balance/unplanned", {"unplanned_hours": "nan"}),
            ("/balance/unplanned", {"unplanned_hours": "inf"}),
            ("/your-data/erase", {"email": "\0"}),
            ("/settings/security/password/", {"password": "\0" * 12}),
            ("/sign-in/", {"login": "\0", "password": "\0"}),
            ("/demo/look-as", {"key": "\0"}),
        ],
    )
    def test_are_refused_in_peace(self, as_lena: Client, path: str, form: dict[str, str]) -> None:
        assert as_lena.post(path, form).status_code in {302, 400, 404}
        assert as_lena.get("/balance/").status_code == 200


class TestUpload:
    def test_over_the_limit_is_refused_before_it_is_kept(
        self, as_lena: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(uploads, "MEGABYTES", 0)
        monkeypatch.setattr(uploads, "FORM_BYTES", 1000)
        upload = BytesIO(LENAS)
        upload.name = "lena.ics"
        response = as_lena.post("/calendar/sources/", {"file": upload})
        assert response.status_code == 413
        assert "The file is too large" in response.content.decode()

    def test_may_be_as_large_as_what_is_read(self) -> None:
        assert max(Limits().archive_bytes, Limits().file_bytes) == uploads.MEGABYTES * 1_000_000


class TestTwoAtOnce:
    def test_corrections_of_a_series_leave_one_that_holds(self, cast: Cast, as_lena: Client) -> None:
        hand_in(as_lena, LENAS)
        row = Entry.objects.get(title="1:1 Tom")
        first = actions.correct(actor=cast.lena, entry=row, purpose=Purpose.PEOPLE, now=NOW)
        second = actions.correct(actor=cast.lena, entry=row, purpose=Purpose.VISION, now=NOW)
        assert actions.undo_correction(actor=cast.lena, correction=first, now=NOW) == second
        assert Correction.objects.get(replaced=False) == second

    def test_undoing_twice_undoes_once(self, cast: Cast, as_lena: Client) -> None:
        hand_in(as_lena, LENAS)
        row = Entry.objects.get(title="1:1 Tom")
        made = actions.correct(actor=cast.lena, entry=row, purpose=Purpose.PEOPLE, now=NOW)
        again = Correction.objects.get(pk=made.pk)
        assert actions.undo_correction(actor=cast.lena, correction=made, now=NOW) is None
        assert actions.undo_correction(actor=cast.lena, correction=again, now=NOW) is None

    def test_a_second_owner_is_not_made(self, db: None) -> None:
        people.add_owner(email="a@b.example", zone="UTC", language="en", now=NOW)
        with pytest.raises(people.OwnerThere):
            people.add_owner(email="c@d.example", zone="UTC", language="en", now=NOW)

    def test_addresses_of_the_same_look_stay_two_calendars(
        self, cast: Cast, as_lena: Client, settings: Settings
    ) -> None:
        settings.PRIVATE_FEEDS = True
        with scripted(lambda _: Reply(body=LENAS, headers={"Content-Type": "text/calendar"})) as server:
            for key in ("1", "2", "2"):
                as_lena.post("/calendar/sources/", {"address": f"{server.address}x.ics?key={key}"})
        names = [each.name for each in Calendar.objects.order_by("id")]
        assert names == [f"{server.address}x.ics", f"{server.address}x.ics (2)"]


class TestLongEntries:
    def test_are_found_years_after_they_began(self, cast: Cast, as_lena: Client) -> None:
        hand_in(
            as_lena,
            calendar(
                entry("decade", "Ten years of change", "20200101T000000Z", "20300101T000000Z"),
                all_day("leave", "Sabbatical", "20260801", "20261201"),
                entry("tom", "1:1 Tom", "20261118T090000Z", "20261118T100000Z"),
            ),
        )
        counted = queries.evidence(cast.lena, start=date(2026, 11, 16), end=date(2026, 11, 23)).counted
        assert counted.everything.entries == 3
        assert counted.left_out[Reason.DAY_OR_LONGER].entries == 1
        assert "Sabbatical" in as_lena.get("/calendar/?day=2026-11-18").content.decode()

    def test_from_before_living_memory_do_not_stretch_the_calendar(self, cast: Cast, as_lena: Client) -> None:
        hand_in(
            as_lena,
            calendar(
                entry("old", "Founding", "00010101T000000Z", "00010102T000000Z"),
                entry("tom", "1:1 Tom", "20261118T090000Z", "20261118T100000Z"),
            ),
        )
        found = queries.reach(cast.lena)
        assert found is not None
        assert found.first == date(2026, 11, 18)
        assert as_lena.get("/calendar/?day=0001-01-01").status_code == 200


class TestAChangedZone:
    @pytest.mark.parametrize("zone", ["America/Los_Angeles", "Asia/Tokyo", "Pacific/Kiritimati", "Europe/Berlin"])
    def test_keeps_all_day_entries_on_their_day(self, cast: Cast, as_lena: Client, zone: str) -> None:
        hand_in(as_lena, calendar(all_day("o", "Off-site", "20261118", "20261119")))
        cast.lena.zone = zone
        (found,) = queries.occurrences(cast.lena, start=date(2026, 11, 18), end=date(2026, 11, 19))
        assert (found.start, found.end) == (
            datetime(2026, 11, 18, tzinfo=ZoneInfo(zone)),
            datetime(2026, 11, 19, tzinfo=ZoneInfo(zone)),
        )
        assert queries.occurrences(cast.lena, start=date(2026, 11, 16), end=date(2026, 11, 17)) == ()

    def test_keeps_times_as_they_are(self, cast: Cast, as_lena: Client) -> None:
        hand_in(as_lena, LENAS)
        cast.lena.zone = "Asia/Tokyo"
        found = queries.occurrences(cast.lena, start=date(2026, 10, 5), end=date(2026, 10, 6))
        assert [each.start for each in found] == [datetime(2026, 10, 5, 8, tzinfo=UTC)]

    def test_is_told_about(self, cast: Cast, as_lena: Client) -> None:
        form = {
            "name": "Lena", "email": "lena@agency.example", "zone": "Asia/Tokyo", "language": "en", "theme": "auto",
            "work_from": "09:00", "work_until": "17:00",
        }  # fmt: skip
        page = as_lena.post("/settings/", form, follow=True).content.decode()
        assert "keep the old one until you read them again" in page
        assert "keep the old one" not in as_lena.post("/settings/", form, follow=True).content.decode()


class TestTheDemoAndTheOwner:
    def test_have_a_way_back_to_the_own_pages(self, client: Client, db: None) -> None:
        client.post("/welcome/demo")
        assert "Back to your own pages" not in client.get("/").content.decode()
        people.add_owner(email="a@b.example", zone="UTC", language="en", now=NOW)
        assert "Back to your own pages" in client.get("/").content.decode()
        page = client.post("/sign-out/", follow=True).content.decode()
        assert "You are looking at the demo agency" not in page
        assert client.get("/settings/").context["person"].email == "a@b.example"

    def test_keep_to_themselves(self, client: Client, db: None) -> None:
        client.post("/welcome/demo")
        owner = people.add_owner(email="a@b.example", zone="UTC", language="en", now=NOW)
        hers = Client()
        hand_in(hers, LENAS)
        row = Entry.objects.filter(owner=owner).first()
        assert row is not None
        assert client.get(f"/calendar/entries/{row.pk}/").status_code == 404
        assert client.get("/your-data/erase").status_code == 404
        assert client.get("/settings/security/").status_code == 404
        theirs = Entry.objects.exclude(owner=owner).first()
        if theirs is not None:
            assert hers.get(f"/calendar/entries/{theirs.pk}/").status_code == 404
        assert hers.post("/demo/look-as", {"key": "lena"}).status_code == 404
        assert Person.objects.filter(pk=owner.pk).exists()


class TestSessions:
    def test_get_a_new_key_when_the_owner_is_let_in(self, client: Client, db: None) -> None:
        people.add_owner(email="a@b.example", zone="UTC", language="en", now=NOW)
        client.cookies["equipoise_session"] = "x" * 32
        client.get("/")
        assert client.cookies["equipoise_session"].value != "x" * 32

    def test_of_nobody_end_a_part_of_a_page_with_the_whole(self, cast: Cast, client: Client) -> None:
        response = client.get("/calendar/imports/1/", headers={"HX-Request": "true"})
        assert response["HX-Refresh"] == "true"

    def test_are_kept_from_scripts(self, cast: Cast, client: Client, settings: Settings) -> None:
        settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
        client.get("/sign-in/")
        client.post("/sign-in/", {"login": "lena@agency.example", "password": "three plain words"})
        for cookie in client.cookies.values():
            assert cookie["httponly"]
            assert cookie["samesite"] == "Lax"
            assert cookie["secure"]


class TestLearnedFromCorrections:
    def test_is_worked_out_once(self, cast: Cast, as_lena: Client) -> None:
        hand_in(as_lena, LENAS)
        actions.correct(actor=cast.lena, entry=Entry.objects.get(title="1:1 Tom"), purpose=Purpose.PEOPLE, now=NOW)
        queries.evidence(cast.lena, start=date(2026, 10, 5), end=date(2026, 11, 30))
        with CaptureQueriesContext(connection) as asked:
            queries.evidence(cast.lena, start=date(2026, 10, 5), end=date(2026, 11, 30))
        assert len(asked) <= 7


class TestManyEntries:
    @pytest.mark.parametrize(
        ("path", "first", "again"),
        [("/", 33, 20), ("/balance/", 14, 7), ("/calendar/?day=2026-06-01", 10, 4), ("/plan/settings/", 16, 10)],
    )
    def test_take_no_more_queries_than_few(
        self, cast: Cast, as_lena: Client, path: str, first: int, again: int
    ) -> None:
        series = (
            entry(f"s{n}", f"Weekly {n}", f"202501{6 + n % 5:02}T{8 + n % 9:02}0000Z",
                  f"202501{6 + n % 5:02}T{8 + n % 9:02}3000Z", "RRULE:FREQ=WEEKLY;COUNT=98")
            for n in range(40)
        )  # fmt: skip
        hand_in(as_lena, calendar(*series))
        assert Occurrence.objects.count() == 40 * 98
        with CaptureQueriesContext(connection) as asked:
            as_lena.get(path)
        assert len(asked) <= first
        with CaptureQueriesContext(connection) as asked:
            as_lena.get(path)
        assert len(asked) <= again


class TestPagesOfTheDemoAgency:
    """Its people have reports, a situation, weeks behind them and a proposed one: all that pages can show."""

    @pytest.mark.parametrize(
        ("path", "again"),
        [("/", 24), ("/balance/", 9), ("/calendar/", 7), ("/situation/", 11), ("/plan/settings/", 14)],
    )
    def test_ask_little_and_write_nothing_when_nothing_changed(
        self, client: Client, db: None, path: str, again: int
    ) -> None:
        client.post("/welcome/demo")
        client.get("/")
        client.get(path)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(path).status_code == 200
        assert len(asked) <= again
        assert all(each["sql"].startswith("SELECT") for each in asked.captured_queries)


class TestTheOwnerOfTheEnvironment:
    def test_gets_the_first_password_and_keeps_a_later_one(self, db: None) -> None:
        people.add_owner(email="a@b.example", zone="UTC", language="en", now=NOW)
        people.secure_owner(email="A@b.example", password="a boat, a lamp, a hill", now=NOW)
        people.secure_owner(email="a@b.example", password="another, and another", now=NOW)
        assert Person.objects.get().check_password("a boat, a lamp, a hill")

    def test_is_not_somebody_else(self, db: None) -> None:
        people.add_owner(email="a@b.example", zone="UTC", language="en", now=NOW)
        with pytest.raises(people.OwnerNotSecured, match="not the address"):
            people.secure_owner(email="c@b.example", password="a boat, a lamp, a hill", now=NOW)
        assert not Person.objects.get().has_usable_password()
