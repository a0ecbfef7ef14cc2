"""Links by which people who were added come in: once, within a week, by hand or by mail."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings
from tests.cast import NOW, Cast
from tests.smtp_server import MailServer, mail_server

from equipoise.apps.people import tasks
from equipoise.apps.people.joining import actions, queries
from equipoise.apps.people.models import Joining, Person
from equipoise.apps.people.organising.actions import add_person, leave
from equipoise.platform.models import AuditEntry

GOOD = {"password": "a boat, a lamp, a hill"}
LINK = re.compile(r"(/join/[\w-]+/)")


@pytest.fixture
def kim(cast: Cast) -> Person:
    return add_person(actor=cast.ada, name="Kim Rivers", email="kim@agency.example", now=NOW)


@pytest.fixture
def as_ada(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.ada)
    return client


def link_made(as_ada: Client, person: Person) -> str:
    found = LINK.search(as_ada.post(f"/people/{person.pk}/link").content.decode())
    assert found is not None
    return found.group(1)


class TestALink:
    def test_lets_somebody_set_a_password_and_come_in_once(self, as_ada: Client, kim: Person) -> None:
        path, browser = link_made(as_ada, kim), Client()
        page = browser.get(path).content.decode()
        assert "Welcome, Kim Rivers" in page
        answer = browser.post(path, GOOD, follow=True)
        assert answer.redirect_chain == [("/people/", 302)]
        assert "Welcome, Kim Rivers. Your password is set." in answer.content.decode()
        assert Person.objects.get(pk=kim.pk).check_password(GOOD["password"])
        assert Client().get(path).status_code == 404
        verbs = list(AuditEntry.objects.filter(subject_id=kim.pk).order_by("pk").values_list("verb", flat=True))
        assert verbs[:4] == ["person added", "joining link made", "password set", "joining link used"]

    def test_keeps_only_a_digest_of_its_secret(self, as_ada: Client, kim: Person) -> None:
        secret = link_made(as_ada, kim).split("/")[2]
        assert secret not in str(Joining.objects.values())
        assert secret not in as_ada.get(f"/people/{kim.pk}/").content.decode()
        assert secret not in as_ada.get("/people/links/").content.decode()

    def test_is_held_to_the_rules_for_passwords(self, as_ada: Client, kim: Person) -> None:
        path = link_made(as_ada, kim)
        answer = Client().post(path, {"password": "kim rivers"})
        assert answer.status_code == 400
        assert not Person.objects.get(pk=kim.pk).has_usable_password()
        assert Client().get(path).status_code == 200

    def test_ends_when_a_new_one_is_made_or_it_is_taken_back(self, as_ada: Client, kim: Person) -> None:
        first, second = link_made(as_ada, kim), link_made(as_ada, kim)
        assert (Client().get(first).status_code, Client().get(second).status_code) == (404, 200)
        as_ada.post(f"/people/{kim.pk}/link/revoke")
        assert Client().get(second).status_code == 404

    def test_works_for_a_week(self, cast: Cast, kim: Person) -> None:
        secret = actions.make_link(actor=cast.ada, person=kim, now=NOW)
        queries.joining_for(secret, now=NOW + actions.VALID - timedelta(seconds=1))
        with pytest.raises(Joining.DoesNotExist):
            queries.joining_for(secret, now=NOW + actions.VALID)

    def test_opens_nothing_for_who_left(self, cast: Cast, as_ada: Client, kim: Person) -> None:
        path = link_made(as_ada, kim)
        leave(actor=cast.ada, person=kim, on=NOW.date(), now=NOW)
        assert Client().post(path, GOOD).status_code == 404

    def test_is_not_used_by_whoever_else_is_signed_in(self, as_ada: Client, kim: Person) -> None:
        path = link_made(as_ada, kim)
        answer = as_ada.post(path, GOOD)
        assert "You are signed in as Ada Novak" in answer.content.decode()
        assert not Person.objects.get(pk=kim.pk).has_usable_password()

    def test_for_a_lost_password_ends_the_other_sessions(self, cast: Cast, as_ada: Client, as_lena: Client) -> None:
        path = link_made(as_ada, cast.lena)
        assert as_lena.get("/people/").status_code == 200
        Client().post(path, GOOD)
        assert as_lena.get("/people/").status_code == 302

    def test_is_not_made_while_this_machine_asks_for_no_password(self, cast: Cast, kim: Person) -> None:
        cast.lena.set_unusable_password()
        cast.lena.save()
        with pytest.raises(actions.PasswordNeeded):
            actions.make_link(actor=cast.ada, person=kim, now=NOW)
        assert not Joining.objects.exists()

    def test_is_guessed_in_vain(self, cast: Cast) -> None:
        codes = [Client().get(f"/join/guess-{number}/").status_code for number in range(12)]
        assert codes[0] == 404
        assert codes[-1] == 429


@pytest.fixture
def mail(settings: Settings) -> Iterator[MailServer]:
    with mail_server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.DEFAULT_FROM_EMAIL = "equipoise@agency.example"
        settings.PUBLIC_ADDRESS = "https://equipoise.agency.example"
        yield server


class TestALinkByMail:
    def test_leaves_with_the_worker_once_and_lets_in(self, as_ada: Client, kim: Person, mail: MailServer) -> None:
        as_ada.post(f"/people/{kim.pk}/link", {"by": "mail"})
        assert mail.taken == []
        for _ in range(2):
            tasks.tick(timezone.now())
        (letter,) = mail.taken
        assert letter["To"] == "kim@agency.example"
        body = letter.get_content()
        found = LINK.search(body)
        assert found is not None
        assert f"https://equipoise.agency.example{found.group(1)}" in body
        assert Client().get(found.group(1)).status_code == 200
        assert Joining.objects.get().mail == Joining.Mail.SENT
        assert AuditEntry.objects.filter(subject_id=kim.pk, verb="joining mail sent").count() == 1

    def test_is_tried_again_when_the_server_asks_for_it(self, cast: Cast, kim: Person, mail: MailServer) -> None:
        now = timezone.now()
        actions.ask_for_mail(actor=cast.ada, person=kim, now=now)
        mail.answers["RCPT"] = "451 later"
        tasks.tick(now)
        assert Joining.objects.get().mail == Joining.Mail.WAITING
        del mail.answers["RCPT"]
        tasks.tick(now + timedelta(minutes=9))
        assert mail.taken == []
        tasks.tick(now + timedelta(minutes=10))
        assert len(mail.taken) == 1

    def test_that_is_refused_is_told(self, cast: Cast, as_ada: Client, kim: Person, mail: MailServer) -> None:
        actions.ask_for_mail(actor=cast.ada, person=kim, now=timezone.now())
        mail.answers["RCPT"] = "550 nobody here"
        tasks.tick(timezone.now())
        assert "refused by the mail server" in as_ada.get("/people/links/").content.decode()

    def test_is_not_offered_without_a_mail_server(self, as_ada: Client, kim: Person) -> None:
        assert "Send it by mail" not in as_ada.get(f"/people/{kim.pk}/").content.decode()
        assert as_ada.post(f"/people/{kim.pk}/link", {"by": "mail"}).status_code == 404
