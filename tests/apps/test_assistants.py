"""Assistants: invited by link, acting for the owner, told in the trail, ended at once."""

import re
import threading
from datetime import timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings
from tests.apps.calendar_texts import LENAS
from tests.cast import NOW, PASSWORD, Cast, play

from equipoise.adapters.ics import Upload, read_calendar
from equipoise.apps.calendars import actions as calendars
from equipoise.apps.calendars.models import Calendar, Correction, Entry, Rule
from equipoise.apps.insights.welcome.actions import load_demo_agency
from equipoise.apps.people import queries as people
from equipoise.apps.people.actions import AddressTaken
from equipoise.apps.people.assistants import actions, queries
from equipoise.apps.people.models import Assistance, Invitation, Person
from equipoise.apps.privacy.erasing import actions as erasing
from equipoise.apps.privacy.own_data import queries as own_data_queries
from equipoise.platform.models import AuditEntry

KIM = {"name": "Kim Rivers", "email": "kim@agency.example"}
ACCEPTED = {"name": "Kim Rivers", "password": "a boat, a lamp, a hill"}


def link_made(client: Client, **more: str) -> str:
    """The path of a link the owner makes on the page."""
    page = client.post("/settings/assistants/", {**KIM, **more}).content.decode()
    found = re.search(r"http://testserver(/invitations/[\w-]+/)", page)
    assert found is not None
    return found.group(1)


def acts_of(actor: Person, subject: Person) -> list[str]:
    rows = AuditEntry.objects.filter(actor_id=actor.pk, subject_id=subject.pk).order_by("pk")
    return list(rows.values_list("verb", flat=True))


@pytest.fixture
def lenas(cast: Cast) -> Cast:
    """Lena with a calendar."""
    reading = read_calendar(
        [Upload(name="l.ics", content=LENAS)], me=cast.lena.addresses, start=None, end=NOW, zone=ZoneInfo("UTC")
    )
    calendars.store_reading(person=cast.lena, name="Office", reading=reading, now=NOW)
    return cast


class TestInvitation:
    def test_makes_an_account_that_acts_at_once(self, lenas: Cast, as_lena: Client, client: Client) -> None:
        stranger = Client()
        path = link_made(as_lena)
        assert "Assist Lena Hartmann" in stranger.get(path).content.decode()
        response = stranger.post(path, ACCEPTED, follow=True)
        assert response.redirect_chain == [("/", 302)]
        assert 'You act for <a href="/assisting/">Lena Hartmann</a>' in response.content.decode()
        kim = Person.objects.get(email="kim@agency.example")
        assert (kim.invited, kim.zone, kim.check_password(ACCEPTED["password"])) == (True, "Europe/Berlin", True)
        assert "invitation accepted" in acts_of(kim, lenas.lena)

    def test_link_is_shown_once_and_only_its_digest_is_kept(self, cast: Cast, as_lena: Client) -> None:
        token = link_made(as_lena).split("/")[2]
        assert token not in as_lena.get("/settings/assistants/").content.decode()
        invitation = Invitation.objects.get()
        assert token not in str(Invitation.objects.values().get())
        assert invitation.digest == queries.digest_of(token)

    def test_is_taken_once(self, cast: Cast, as_lena: Client) -> None:
        path = link_made(as_lena)
        Client().post(path, ACCEPTED)
        again = Client().post(path, {**ACCEPTED, "name": "Eve"})
        assert again.status_code == 404
        assert Assistance.objects.filter(owner=cast.lena).count() == 2

    def test_is_made_anew_in_place_of_the_one_before(self, cast: Cast, as_lena: Client) -> None:
        first, second = link_made(as_lena), link_made(as_lena, email="KIM@agency.example")
        assert Client().get(first).status_code == 404
        assert Client().get(second).status_code == 200

    def test_says_the_same_of_every_link_that_is_no_longer_good(self, cast: Cast, as_lena: Client) -> None:
        expired, taken_back = link_made(as_lena), link_made(as_lena, email="x@agency.example")
        Invitation.objects.filter(email=KIM["email"]).update(expires_at=timezone.now() - timedelta(seconds=1))
        as_lena.post(f"/settings/assistants/invitations/{Invitation.objects.get(email='x@agency.example').pk}/revoke")
        answers = {
            re.sub(r'CSRFToken": "\w+"', "", Client().get(path).content.decode())
            for path in (expired, taken_back, "/invitations/made-up/")
        }
        assert len(answers) == 1
        for path in (expired, taken_back):
            assert Client().post(path, ACCEPTED).status_code == 404
        assert not Person.objects.filter(email=KIM["email"]).exists()

    def test_makes_whoever_guesses_wait(self, cast: Cast, as_lena: Client) -> None:
        link_made(as_lena)
        guesser = Client()
        for number in range(10):
            assert guesser.get(f"/invitations/guess-{number}/").status_code == 404
        assert guesser.get("/invitations/guess-10/").status_code == 429
        assert Client(REMOTE_ADDR="192.0.2.7").get("/invitations/guess-11/").status_code == 404

    def test_is_taken_though_somebody_guesses_from_behind_the_same_proxy(self, cast: Cast, as_lena: Client) -> None:
        path = link_made(as_lena)
        for number in range(11):
            Client().get(f"/invitations/guess-{number}/")
        assert Client().get(path).status_code == 200
        assert Client().post(path, ACCEPTED).status_code == 302

    def test_takes_no_name_that_turns_the_writing_of_the_owners_pages_around(self, cast: Cast, as_lena: Client) -> None:
        Client().post(link_made(as_lena), {**ACCEPTED, "name": "\u202emiK\u2066\r\n  Ito\x07"})
        assert Person.objects.get(email="kim@agency.example").name == "miK Ito"

    @pytest.mark.parametrize("password", ["short", "password1234", "kim@agency.example"])
    def test_takes_no_password_that_is_easy_to_guess(self, cast: Cast, as_lena: Client, password: str) -> None:
        path = link_made(as_lena)
        assert Client().post(path, {**ACCEPTED, "password": password}).status_code == 400
        assert Client().get(path).status_code == 200
        assert not Person.objects.filter(email=KIM["email"]).exists()

    def test_takes_no_address_somebody_signs_in_with(self, cast: Cast) -> None:
        token = actions.invite_assistant(actor=cast.lena, person=cast.lena, now=timezone.now(), **KIM)
        Person.objects.filter(pk=cast.ravi.pk).update(email=KIM["email"])
        with pytest.raises(AddressTaken):
            actions.take_with_new_account(token=token, language="en", now=timezone.now(), **ACCEPTED)
        assert not Assistance.objects.filter(owner=cast.lena).exclude(assistant=cast.sam).exists()

    def test_is_accepted_by_who_is_signed_in(self, cast: Cast, as_lena: Client) -> None:
        path = link_made(as_lena, name="Ravi", email="ravi@agency.example")
        ravi = Client()
        asked_to_sign_in = ravi.get(path).content.decode()
        assert "Sign in with it to accept" in asked_to_sign_in
        assert ravi.post(path, ACCEPTED).status_code == 200
        assert not Assistance.objects.filter(assistant=cast.ravi).exists()
        signed_in = ravi.post("/sign-in/", {"login": "ravi@agency.example", "password": PASSWORD, "next": path})
        assert signed_in["Location"] == path
        assert "Accept as Ravi Menon" in ravi.get(path).content.decode()
        assert ravi.post(path).status_code == 302
        assert Assistance.objects.get(assistant=cast.ravi).owner == cast.lena

    def test_is_not_for_the_owner(self, cast: Cast, as_lena: Client) -> None:
        path = link_made(as_lena)
        assert "cannot take it yourself" in as_lena.get(path).content.decode()
        assert as_lena.post(path).status_code == 400
        assert Client().get(path).status_code == 200

    def test_is_not_made_for_the_owners_own_address(self, cast: Cast, as_lena: Client) -> None:
        response = as_lena.post("/settings/assistants/", {"name": "Me", "email": "Lena@agency.example"})
        assert response.status_code == 400
        assert "your own address" in response.content.decode()

    def test_asks_for_a_password_of_the_owners_first(self, cast: Cast, as_lena: Client) -> None:
        cast.lena.set_unusable_password()
        cast.lena.save()
        client = Client()
        page = client.get("/settings/assistants/").content.decode()
        assert "Set a password first" in page
        assert client.post("/settings/assistants/", KIM).status_code == 400
        assert not Invitation.objects.exists()

    def test_accepted_twice_assists_once(self, cast: Cast, as_lena: Client, as_sam: Client) -> None:
        as_sam.post(link_made(as_lena, name="Sam", email="sam@agency.example"))
        assert Assistance.objects.filter(owner=cast.lena, assistant=cast.sam).count() == 1

    def test_gives_the_session_a_new_key(self, cast: Cast, as_lena: Client) -> None:
        stranger = Client()
        path = link_made(as_lena)
        stranger.get(path)
        session = stranger.session
        session["planted"] = "x"
        session.save()
        stranger.cookies["equipoise_session"] = str(session.session_key)
        stranger.post(path, ACCEPTED)
        assert stranger.cookies["equipoise_session"].value != session.session_key


class TestActing:
    def test_shows_and_changes_the_owners_records(self, lenas: Cast, sam_for_lena: Client) -> None:
        entry = Entry.objects.filter(owner=lenas.lena, private=False).first()
        assert entry is not None
        assert entry.title in sam_for_lena.get(f"/calendar/entries/{entry.pk}/").content.decode()
        sam_for_lena.post(f"/calendar/entries/{entry.pk}/purpose", {"purpose": "vision"})
        made = Correction.objects.get()
        assert (made.owner, made.said_by_id) == (lenas.lena, lenas.sam.pk)
        assert acts_of(lenas.sam, lenas.lena) == ["pages opened for you", "entry corrected"]

    def test_makes_rules_and_hands_in_calendars_for_the_owner(self, lenas: Cast, sam_for_lena: Client) -> None:
        sam_for_lena.post("/calendar/rules/", {"words": "budget", "purpose": "process"})
        file = BytesIO(LENAS)
        file.name = "Second.ics"
        sam_for_lena.post("/calendar/sources/", {"file": file})
        sam_for_lena.post("/balance/unplanned", {"unplanned_hours": "4"})
        assert Rule.objects.get().owner == lenas.lena
        assert Calendar.objects.get(name="Second.ics").owner == lenas.lena
        assert Person.objects.get(pk=lenas.lena.pk).unplanned_hours == 4
        assert not Entry.objects.filter(owner=lenas.sam).exists()
        did = acts_of(lenas.sam, lenas.lena)
        assert did == ["pages opened for you", "rule made", "calendar handed in", "unplanned hours said"]

    def test_sees_a_private_entry_by_its_time_only(self, lenas: Cast, sam_for_lena: Client) -> None:
        private = Entry.objects.get(owner=lenas.lena, private=True)
        page = sam_for_lena.get(f"/calendar/entries/{private.pk}/").content.decode()
        assert "Private entry" in page
        assert (private.title, private.description) == ("", "")

    @pytest.mark.parametrize("path", ["/settings/", "/settings/security/", "/settings/assistants/", "/your-data/"])
    def test_is_kept_out_of_what_is_the_owners_alone(self, lenas: Cast, sam_for_lena: Client, path: str) -> None:
        response = sam_for_lena.get(path)
        assert response.status_code == 403
        page = response.content.decode()
        assert "You act for Lena Hartmann, but this page is theirs alone." in page
        assert "Back to my own pages" in page
        assert f'href="{path}"' not in sam_for_lena.get("/balance/").content.decode()

    def test_speaks_the_assistants_language_on_the_owners_clock(self, lenas: Cast, sam_for_lena: Client) -> None:
        Person.objects.filter(pk=lenas.sam.pk).update(language="de", theme="dark", zone="Asia/Tokyo")
        Person.objects.filter(pk=lenas.lena.pk).update(language="en", theme="light", zone="Europe/Berlin")
        response = sam_for_lena.get("/calendar/?day=2026-11-18")
        page = response.content.decode()
        assert response["Content-Language"] == "de"
        assert 'data-theme="dark"' in page
        his_own = Client()
        his_own.force_login(lenas.lena)
        hours = re.compile(r"\d\d:\d\d–\d\d:\d\d")
        found = hours.findall(page)
        assert found
        assert found == hours.findall(his_own.get("/calendar/?day=2026-11-18").content.decode())

    def test_leads_back_to_the_own_pages(self, lenas: Cast, sam_for_lena: Client) -> None:
        sam_for_lena.post("/assisting/back")
        assert "You act for" not in sam_for_lena.get("/").content.decode()
        assert "Act for Lena Hartmann" in sam_for_lena.get("/").content.decode()
        assert sam_for_lena.get("/settings/").status_code == 200

    def test_ends_with_the_assistance_at_once(self, lenas: Cast, as_lena: Client, sam_for_lena: Client) -> None:
        entry = Entry.objects.filter(owner=lenas.lena).first()
        assert entry is not None
        as_lena.post(f"/settings/assistants/{Assistance.objects.get(owner=lenas.lena).pk}/end")
        response = sam_for_lena.post(f"/calendar/entries/{entry.pk}/purpose", {"purpose": "vision"}, follow=True)
        assert response.redirect_chain == [("/", 302)]
        assert "You no longer act for somebody else" in response.content.decode()
        assert not Correction.objects.exists()
        assert sam_for_lena.get(f"/calendar/entries/{entry.pk}/").status_code == 404

    def test_writes_nothing_to_the_own_records_once_ended(
        self, lenas: Cast, as_lena: Client, sam_for_lena: Client
    ) -> None:
        as_lena.post(f"/settings/assistants/{Assistance.objects.get(owner=lenas.lena).pk}/end")
        sam_for_lena.post("/calendar/rules/", {"words": "budget", "purpose": "process"})
        assert not Rule.objects.exists()

    def test_takes_no_form_of_a_page_opened_before_the_switch(self, lenas: Cast) -> None:
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(lenas.sam)
        own = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', browser.get("/calendar/rules/").content.decode())
        assert own is not None
        token = {"csrfmiddlewaretoken": own.group(1)}
        assert browser.post(f"/assisting/{Assistance.objects.get().pk}/begin", token).status_code == 302
        stale = browser.post("/calendar/rules/", {**token, "words": "budget", "purpose": "process"})
        assert stale.status_code == 403
        assert "before you switched whom you act for" in stale.content.decode()
        assert not Rule.objects.exists()

    def test_of_another_assistant_is_not_had_by_number(self, cast: Cast, as_otto: Client) -> None:
        number = Assistance.objects.get(owner=cast.lena).pk
        assert as_otto.post(f"/assisting/{number}/begin").status_code == 404
        session = as_otto.session
        session["acts by assistance"] = number
        session.save()
        assert as_otto.get("/calendar/").status_code == 302
        assert b"Lena" not in as_otto.get("/calendar/").content

    @pytest.mark.parametrize("planted", ["x", None, [], {"a": 1}, -1, 2**70, True])
    def test_takes_no_nonsense_from_the_session(self, cast: Cast, as_otto: Client, planted: object) -> None:
        session = as_otto.session
        session["acts by assistance"] = planted
        session.save()
        assert as_otto.get("/calendar/").status_code in {200, 302}
        assert b"Lena" not in as_otto.get("/calendar/", follow=True).content

    def test_for_an_owner_who_is_gone_ends(self, lenas: Cast, sam_for_lena: Client) -> None:
        erasing.erase_everything(person=lenas.lena, now=NOW)
        assert sam_for_lena.get("/calendar/").status_code == 302
        assert sam_for_lena.get("/calendar/").status_code == 200


class TestSignIn:
    def test_lands_on_the_owners_pages_when_there_is_no_own_calendar(self, lenas: Cast, client: Client) -> None:
        page = client.post("/sign-in/", {"login": "sam@agency.example", "password": PASSWORD}, follow=True)
        assert 'You act for <a href="/assisting/">Lena Hartmann</a>' in page.content.decode()

    def test_lands_on_the_own_pages_otherwise(self, lenas: Cast, client: Client) -> None:
        Person.objects.filter(pk=lenas.sam.pk).update(evidence_version=1)
        page = client.post("/sign-in/", {"login": "sam@agency.example", "password": PASSWORD}, follow=True)
        assert "Act for Lena Hartmann" in page.content.decode()


class TestTheTrail:
    def test_names_the_assistant_to_the_owner(self, lenas: Cast, as_lena: Client, sam_for_lena: Client) -> None:
        sam_for_lena.post("/calendar/rules/", {"words": "budget", "purpose": "process"})
        as_lena.post("/calendar/rules/", {"words": "standup", "purpose": "execution"})
        page = as_lena.get("/your-data/").content.decode()
        assert "Sam Ortiz, your assistant" in page
        only = as_lena.get("/your-data/?by=assistants").content.decode().split('id="trail"')[1]
        assert only.count("Sam Ortiz, your assistant") == 2
        assert "<td>you</td>" not in only

    def test_lets_the_owner_check_what_was_sorted(self, lenas: Cast, as_lena: Client, sam_for_lena: Client) -> None:
        entry = Entry.objects.filter(owner=lenas.lena, private=False).first()
        assert entry is not None
        sam_for_lena.post(f"/calendar/entries/{entry.pk}/purpose", {"purpose": "vision"})
        table = as_lena.get("/your-data/?by=assistants").content.decode().split('id="sorted"')[1].split("</table>")[0]
        assert entry.title in table
        assert "Vision" in table
        assert "Sam Ortiz" in table
        assert (
            "Your assistant said this is <b>Vision</b>"
            in as_lena.get(f"/calendar/entries/{entry.pk}/").content.decode()
        )
        as_lena.post(f"/calendar/entries/{entry.pk}/purpose", {"purpose": "people"})
        assert 'id="sorted"' not in as_lena.get("/your-data/?by=assistants").content.decode()

    def test_is_shown_to_the_assistant(self, lenas: Cast, sam_for_lena: Client) -> None:
        sam_for_lena.post("/calendar/rules/", {"words": "budget", "purpose": "process"})
        page = sam_for_lena.get("/assisting/").content.decode()
        assert "rule made" in page
        assert "Lena Hartmann" in page

    def test_outlives_the_assistants_account_without_a_name(self, lenas: Cast, sam_for_lena: Client) -> None:
        sam_for_lena.post("/calendar/rules/", {"words": "budget", "purpose": "process"})
        erasing.erase_everything(person=lenas.sam, now=NOW)
        acts = own_data_queries.trail(lenas.lena)
        assert {act.did for act in acts} >= {"rule made", "assistance ended"}
        assert all(act.assistant == "" for act in acts)
        assert Rule.objects.get().owner == lenas.lena


class TestLeaving:
    def test_ends_it_by_the_assistants_own_wish(self, lenas: Cast, sam_for_lena: Client) -> None:
        response = sam_for_lena.post(f"/assisting/{Assistance.objects.get().pk}/leave", follow=True)
        assert "You assist nobody at the moment" in response.content.decode()
        assert acts_of(lenas.sam, lenas.lena)[-1] == "assistance ended"


class TestTheOwnerOfTheMachine:
    def test_is_never_somebody_who_was_invited(self, cast: Cast) -> None:
        Person.objects.filter(invited=False).delete()
        assert people.local_owner() is None

    def test_stays_shut_out_of_an_opened_server_when_only_an_assistant_is_left(
        self, cast: Cast, settings: Settings
    ) -> None:
        Person.objects.filter(invited=False).delete()
        settings.OPENED = True
        assert Client().get("/welcome/", follow=True).redirect_chain[-1][0].startswith("/sign-in/")


class TestTheExport:
    def test_holds_assistants_without_secrets(self, cast: Cast, as_lena: Client) -> None:
        link_made(as_lena)
        held = own_data_queries.everything(cast.lena, now=NOW)
        assert [each["email"] for each in held["assistants"]] == ["sam@agency.example"]  # type: ignore[attr-defined]
        assert Invitation.objects.get().digest not in str(held)

    def test_holds_what_was_done_for_others(self, lenas: Cast, sam_for_lena: Client) -> None:
        held = own_data_queries.everything(lenas.sam, now=NOW)
        assert [each["verb"] for each in held["done_for_others"]] == ["pages opened for you"]  # type: ignore[attr-defined]
        assert [each["name"] for each in held["assisting"]] == ["Lena Hartmann"]  # type: ignore[attr-defined]


class TestTheDemoAgency:
    def test_lets_the_owners_assistant_act(self, db: None) -> None:
        load_demo_agency(language="en", now=NOW)
        noor = Person.objects.get(demo_key="noor")
        (assistance,) = queries.assisted_by(noor)
        assert assistance.owner.demo_key == "yara"
        client = Client()
        client.force_login(noor)
        client.post(f"/assisting/{assistance.pk}/begin")
        page = client.get("/").content.decode()
        assert 'You act for <a href="/assisting/">Yara Lindqvist</a>' in page
        client.post("/demo/look-as", {"key": "lena"})
        assert "You act for" not in client.get("/").content.decode()

    def test_invites_nobody(self, db: None) -> None:
        load_demo_agency(language="en", now=NOW)
        client = Client()
        client.force_login(Person.objects.get(demo_key="lena"))
        assert "have no passwords" in client.get("/settings/assistants/").content.decode()
        assert client.post("/settings/assistants/", KIM).status_code == 400


@pytest.mark.skipif(connection.vendor == "sqlite", reason="Threads cannot share the suite's database in memory.")
@pytest.mark.django_db(transaction=True)
class TestTwoWhoTakeOneLink:
    def test_become_one_assistant(self) -> None:
        lena = play().lena
        token = actions.invite_assistant(actor=lena, person=lena, now=timezone.now(), **KIM)
        together, answers = threading.Barrier(3), list[int]()

        def take() -> None:
            together.wait()
            try:
                answers.append(Client().post(f"/invitations/{token}/", ACCEPTED).status_code)
            finally:
                connection.close()

        takers = [threading.Thread(target=take) for _ in range(3)]
        for taker in takers:
            taker.start()
        for taker in takers:
            taker.join()
        assert answers.count(302) == 1
        assert set(answers) <= {302, 400, 404, 200}
        assert Person.objects.filter(email=KIM["email"]).count() == 1
        assert Assistance.objects.filter(owner=lena, assistant__email=KIM["email"]).count() == 1


class TestConcurrentActs:
    def test_ended_twice_is_told_once(self, cast: Cast) -> None:
        assistance = Assistance.objects.get()
        for _ in range(2):
            actions.end_assistance(actor=cast.lena, assistance=assistance, now=NOW)
        assert acts_of(cast.lena, cast.lena) == ["assistance ended"]
