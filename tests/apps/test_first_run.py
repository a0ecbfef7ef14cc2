"""The first run on an own machine: the demo agency, or the own calendar."""

from io import BytesIO

import pytest
from django.test import Client
from django.utils.html import escape
from pytest_django import Settings
from tests.apps.calendar_texts import LENAS, calendar
from tests.cast import NOW

from equipoise.apps.calendars import mapping, queries
from equipoise.apps.calendars.models import Calendar, Entry, Import
from equipoise.apps.insights.welcome import actions
from equipoise.apps.people.models import Person
from equipoise.platform.models import AuditEntry

pytestmark = pytest.mark.django_db


def file(content: bytes, name: str = "lena.ics") -> BytesIO:
    upload = BytesIO(content)
    upload.name = name
    return upload


def start(client: Client, content: bytes, **more: str) -> Import:
    form = {"email": "lena@agency.example", "zone": "Europe/Berlin", "file": file(content), **more}
    client.post("/welcome/calendar/", form)
    return Import.objects.get()


class TestTheFirstPage:
    def test_offers_two_ways_to_begin(self, client: Client) -> None:
        response = client.get("/", follow=True)
        assert response.redirect_chain == [("/welcome/", 302)]
        assert b"Start with your own calendar" in response.content
        assert b"Look around with the demo agency" in response.content

    def test_lets_nobody_begin_on_an_opened_server(self, client: Client, settings: Settings) -> None:
        settings.OPENED = True
        assert client.get("/welcome/", follow=True).redirect_chain[-1][0].startswith("/sign-in/")
        client.post("/welcome/calendar/", {"email": "eve@evil.example", "file": file(LENAS)})
        client.post("/welcome/demo")
        assert not Person.objects.exists()


class TestTheOwnCalendar:
    def test_makes_the_owner_and_reads_the_file(self, client: Client) -> None:
        job = start(client, LENAS)
        owner = Person.objects.get()
        assert (job.state, job.failure, job.entries) == ("done", "", 7)
        assert (owner.email, owner.name, owner.zone) == ("lena@agency.example", "Lena", "Europe/Berlin")
        assert not owner.has_usable_password()
        assert Calendar.objects.get().name == "lena.ics"

    def test_keeps_a_private_entry_without_its_title(self, client: Client) -> None:
        start(client, LENAS)
        private = Entry.objects.get(private=True)
        assert (private.title, private.description) == ("", "")
        (verdict,) = queries.verdicts(private.owner, [mapping.entry_of(private)])
        assert verdict.probabilities[-1] == 1.0

    def test_says_what_is_wrong_with_a_file_that_is_no_calendar(self, client: Client) -> None:
        job = start(client, b"<html><body>Sign in</body></html>")
        assert job.state == "failed"
        assert job.failure.endswith(".")
        assert not Calendar.objects.exists()
        page = client.get(f"/calendar/imports/{job.pk}/").content.decode()
        assert "It could not be read" in page

    def test_says_it_in_german_with_the_detail_below(self, client: Client) -> None:
        job = start(client, b"<html><body>Sign in</body></html>")
        Person.objects.update(language="de")
        assert job.failure_kind == "NotACalendar"
        page = client.get(f"/calendar/imports/{job.pk}/").content.decode()
        assert "Es ist kein Kalender, sondern etwas anderes." in page
        assert f'<span lang="en">{escape(job.failure)}</span>' in page

    def test_keeps_what_lets_one_in_out_of_the_name_and_the_trail(self, client: Client) -> None:
        client.post(
            "/welcome/calendar/", {"email": "l@agency.example", "address": "http://me:pw@127.0.0.1:9/a.ics?key=k"}
        )
        assert Import.objects.get().name == "http://127.0.0.1:9/a.ics"
        assert "key=k" not in str(list(AuditEntry.objects.values()))

    def test_reads_the_rest_when_one_entry_is_broken(self, client: Client) -> None:
        broken = "BEGIN:VEVENT\r\nUID:b\r\nSUMMARY:No start\r\nEND:VEVENT\r\n"
        job = start(client, LENAS.replace(b"END:VCALENDAR", broken.encode() + b"END:VCALENDAR"))
        assert (job.state, job.entries, job.lost, job.altered, len(job.problems)) == ("done", 7, 1, 0, 1)

    def test_tells_what_is_lost_from_what_is_read_otherwise(self, client: Client) -> None:
        odd = LENAS.replace(b"DTSTART:20261008T120000Z", b"DTSTART;TZID=Mars/Olympus:20261008T120000")
        job = start(client, odd)
        assert (job.entries, job.lost, job.altered) == (7, 0, 1)
        page = client.get(f"/calendar/imports/{job.pk}/").content.decode()
        assert "could not be read" not in page
        assert "In 1 place something was read otherwise than written." in page

    def test_refuses_an_empty_calendar(self, client: Client) -> None:
        assert start(client, calendar()).state == "failed"

    def test_asks_for_one_of_file_and_address(self, client: Client) -> None:
        response = client.post("/welcome/calendar/", {"email": "lena@agency.example"})
        assert response.status_code == 400
        assert "Choose a file, or give an address" in response.content.decode()
        assert not Person.objects.exists()

    def test_keeps_what_was_typed_when_something_is_missing(self, client: Client) -> None:
        response = client.post("/welcome/calendar/", {"email": "lena@agency.example"})
        assert 'value="lena@agency.example"' in response.content.decode()

    def test_refuses_an_address_on_a_private_network(self, client: Client) -> None:
        client.post("/welcome/calendar/", {"email": "l@agency.example", "address": "http://127.0.0.1:9/a.ics"})
        job = Import.objects.get()
        assert job.state == "failed"
        assert "127.0.0.1" in job.failure

    def test_refuses_an_address_that_is_a_file_of_the_server(self, client: Client) -> None:
        response = client.post("/welcome/calendar/", {"email": "l@agency.example", "address": "/etc/passwd"})
        assert response.status_code == 400
        assert not Import.objects.exists()

    def test_lets_the_owner_in_again_without_a_password(self, client: Client) -> None:
        start(client, LENAS)
        assert Client().get("/balance/").status_code == 200

    def test_happens_once(self, client: Client) -> None:
        start(client, LENAS)
        other = Client()
        other.post("/welcome/calendar/", {"email": "eve@agency.example", "file": file(LENAS)})
        assert Person.objects.count() == 1


class TestTheDemoAgency:
    def test_is_opened_at_once_when_the_server_was_started_for_it(self, client: Client, settings: Settings) -> None:
        settings.DEMO = True
        actions.load_demo_agency(language="en", now=NOW)
        assert "You are looking at the demo agency as" in client.get("/").content.decode()
        start(client, LENAS)
        assert "demo agency" not in Client().get("/").content.decode()

    def test_shows_forty_people_and_lenas_week_first(self, client: Client) -> None:
        response = client.post("/welcome/demo", follow=True)
        assert Person.objects.exclude(demo_key="").count() == 40
        page = response.content.decode()
        assert "You are looking at the demo agency as" in page
        assert "You lead <strong>" in page

    def test_can_be_looked_at_as_somebody_else(self, client: Client) -> None:
        client.post("/welcome/demo")
        page = client.post("/demo/look-as", {"key": "ravi"}, follow=True).content.decode()
        assert "You lead <strong>" in page
        assert Calendar.objects.filter(owner__demo_key="ravi").exists()

    def test_is_left_by_starting_with_the_own_calendar(self, client: Client) -> None:
        client.post("/welcome/demo")
        start(client, LENAS)
        assert "demo agency" not in client.get("/").content.decode()

    def test_lets_nobody_look_as_a_real_person(self, client: Client) -> None:
        client.post("/welcome/demo")
        assert client.post("/demo/look-as", {"key": ""}).status_code == 404
