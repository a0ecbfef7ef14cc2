"""The Monday mail: when it leaves, what it holds, that it leaves once, and how it is turned off."""

import json
import re
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings
from tests.apps.erasing import erase_now
from tests.apps.lenas_calendar import with_calendar
from tests.cast import Cast, play
from tests.smtp_server import MailServer, mail_server, unused_port

from equipoise.apps.growth import actions as growth
from equipoise.apps.growth.asking import asked_now
from equipoise.apps.growth.mapping import Words
from equipoise.apps.insights.digest import actions, letter, queries, tasks
from equipoise.apps.insights.models import MondayMail, MondayMailSent
from equipoise.apps.people.models import Person
from equipoise.config import env
from equipoise.platform.models import AuditEntry
from equipoise.platform.refusals import WrongSetting

BEFORE = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
MONDAY = date(2026, 11, 30)
DUE = datetime(2026, 11, 30, 6, 30, tzinfo=UTC)
"""Half past seven in Berlin."""
State = MondayMailSent.State


@pytest.fixture(autouse=True)
def frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker's task looks at the clock; here it is the Monday."""
    monkeypatch.setattr(timezone, "now", lambda: DUE)


@pytest.fixture
def post(settings: Settings) -> Iterator[MailServer]:
    """A mail server that is set up."""
    with mail_server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 10
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.DEFAULT_FROM_EMAIL = "equipoise@agency.example"
        settings.PUBLIC_ADDRESS = "https://equipoise.agency.example"
        yield server


@pytest.fixture
def lena(cast: Cast) -> Person:
    """Lena with a calendar, who wants the mail."""
    person = with_calendar(cast.lena, now=BEFORE)
    actions.turn_on(actor=person, person=person, now=BEFORE)
    return person


def state_of(person: Person) -> str:
    return MondayMailSent.objects.get(owner=person).state


class TestWhenItIsDue:
    @pytest.mark.parametrize(
        ("now", "due"),
        [
            (DUE - timedelta(minutes=1), None),
            (DUE, MONDAY),
            (DUE + timedelta(hours=23), MONDAY),
            (DUE + timedelta(days=1), None),
            (DUE + timedelta(days=3), None),
        ],
    )
    def test_is_from_half_past_seven_for_a_day(self, lena: Person, now: datetime, due: date | None) -> None:
        assert queries.monday_due(MondayMail.objects.get(), now=now) == due

    @pytest.mark.parametrize(
        ("zone", "utc"),
        [
            ("Pacific/Auckland", datetime(2026, 11, 29, 18, 30, tzinfo=UTC)),
            ("America/Los_Angeles", datetime(2026, 11, 30, 15, 30, tzinfo=UTC)),
        ],
    )
    def test_is_by_the_persons_own_clock(self, lena: Person, zone: str, utc: datetime) -> None:
        Person.objects.update(zone=zone)
        assert queries.monday_due(MondayMail.objects.get(), now=utc) == MONDAY
        assert queries.monday_due(MondayMail.objects.get(), now=utc - timedelta(minutes=1)) is None

    def test_waits_for_the_next_monday_when_turned_on_late(self, lena: Person) -> None:
        MondayMail.objects.update(changed_at=DUE + timedelta(hours=2))
        assert queries.monday_due(MondayMail.objects.get(), now=DUE + timedelta(hours=3)) is None
        assert queries.monday_due(MondayMail.objects.get(), now=DUE + timedelta(days=7)) == MONDAY + timedelta(days=7)


class TestSending:
    def test_sends_one_mail_on_a_monday(self, lena: Person, post: MailServer) -> None:
        for minutes in range(0, 120, 20):
            tasks.tick(DUE + timedelta(minutes=minutes))
        (mail,) = post.taken
        assert mail["To"] == "lena@agency.example"
        assert mail["From"] == "equipoise@agency.example"
        assert state_of(lena) == State.SENT
        assert AuditEntry.objects.filter(verb="Monday mail sent", subject_id=lena.pk).count() == 1

    def test_sends_the_next_one_a_week_later(
        self, lena: Person, post: MailServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        tasks.tick(DUE)
        monkeypatch.setattr(timezone, "now", lambda: DUE + timedelta(days=7))
        tasks.tick(DUE + timedelta(days=7))
        assert len(post.taken) == 2

    def test_sends_nothing_to_whoever_did_not_ask(self, cast: Cast, post: MailServer) -> None:
        with_calendar(cast.lena, now=BEFORE)
        tasks.tick(DUE)
        assert not post.taken
        assert not MondayMailSent.objects.exists()

    def test_sends_nothing_before_a_server_is_named(self, lena: Person, post: MailServer, settings: Settings) -> None:
        settings.PUBLIC_ADDRESS = ""
        tasks.tick(DUE)
        assert not post.taken
        assert not MondayMailSent.objects.exists()

    def test_sends_nothing_to_somebody_of_the_demo_agency(self, lena: Person, post: MailServer) -> None:
        Person.objects.filter(pk=lena.pk).update(demo_key="lena")
        tasks.tick(DUE)
        assert not post.taken

    def test_sends_nothing_when_there_is_nothing_to_say(self, cast: Cast, post: MailServer) -> None:
        actions.turn_on(actor=cast.otto, person=cast.otto, now=BEFORE)
        tasks.tick(DUE)
        assert not post.taken
        assert state_of(cast.otto) == State.NOTHING_TO_SAY

    def test_sends_nothing_that_was_turned_off_in_the_meantime(self, lena: Person, post: MailServer) -> None:
        claimed = actions.claim(person=lena, monday=MONDAY, now=DUE)
        assert claimed is not None
        actions.turn_off(actor=lena, person=lena, now=DUE)
        actions.send(claimed.pk, now=DUE)
        assert not post.taken

    def test_sends_nothing_that_is_more_than_a_day_late(self, lena: Person, post: MailServer) -> None:
        claimed = actions.claim(person=lena, monday=MONDAY, now=DUE)
        assert claimed is not None
        actions.send(claimed.pk, now=DUE + timedelta(days=1))
        assert not post.taken


class TestAtMostOnce:
    def test_is_claimed_by_one_worker(self, lena: Person) -> None:
        assert actions.claim(person=lena, monday=MONDAY, now=DUE) is not None
        assert actions.claim(person=lena, monday=MONDAY, now=DUE) is None

    def test_is_claimed_anew_when_nobody_got_to_write_it(self, lena: Person, post: MailServer) -> None:
        actions.claim(person=lena, monday=MONDAY, now=DUE - timedelta(minutes=15))
        tasks.tick(DUE)
        assert len(post.taken) == 1

    def test_is_not_sent_again_after_a_crash_while_it_left(self, lena: Person, post: MailServer) -> None:
        claimed = actions.claim(person=lena, monday=MONDAY, now=DUE)
        MondayMailSent.objects.update(state=State.LEAVING)
        assert claimed is not None
        tasks.tick(DUE + timedelta(hours=1))
        actions.send(claimed.pk, now=DUE)
        assert not post.taken
        assert state_of(lena) == State.LEAVING

    def test_is_tried_later_when_the_server_is_away(self, lena: Person, post: MailServer, settings: Settings) -> None:
        settings.EMAIL_PORT = unused_port()
        tasks.tick(DUE)
        assert state_of(lena) == State.WAITING
        settings.EMAIL_PORT = post.port
        tasks.tick(DUE + timedelta(minutes=5))
        assert not post.taken
        tasks.tick(DUE + timedelta(minutes=11))
        assert len(post.taken) == 1

    @pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA", "END"])
    def test_is_tried_later_when_told_so(self, lena: Person, post: MailServer, verb: str) -> None:
        post.answers[verb] = "450 later, please"
        tasks.tick(DUE)
        assert state_of(lena) == State.WAITING
        post.answers.clear()
        tasks.tick(DUE + timedelta(minutes=11))
        assert len(post.taken) == 1

    @pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA", "END"])
    def test_is_given_up_when_refused_for_good(self, lena: Person, post: MailServer, verb: str) -> None:
        post.answers[verb] = "550 no"
        tasks.tick(DUE)
        assert state_of(lena) == State.REFUSED
        post.answers.clear()
        tasks.tick(DUE + timedelta(hours=1))
        assert not post.taken

    def test_is_not_sent_again_when_the_server_falls_silent(self, lena: Person, post: MailServer) -> None:
        post.answers["END"] = ""
        tasks.tick(DUE)
        assert state_of(lena) == State.LEAVING
        post.answers.clear()
        tasks.tick(DUE + timedelta(hours=1))
        assert len(post.taken) == 1

    def test_waits_longer_each_time(self, lena: Person, post: MailServer) -> None:
        post.answers["MAIL"] = "450 later"
        now, pauses = DUE, []
        for _ in range(6):
            tasks.tick(now)
            next_try = MondayMailSent.objects.get().next_try_at
            MondayMailSent.objects.update(next_try_at=now)
            pauses.append((next_try - DUE).total_seconds() / 60)
        assert pauses == [10, 20, 40, 80, 120, 120]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of this machine with its key, which nobody trusts by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    today = datetime.now(tz=UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("mail") / "both.pem"
    plain = serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


class TestASecretTalk:
    @pytest.fixture
    def secret_post(self, post: MailServer, settings: Settings, certificate: Path) -> MailServer:
        post.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        post.context.load_cert_chain(certificate)
        settings.EMAIL_HOST, settings.EMAIL_USE_TLS = "localhost", True
        return post

    def test_hides_the_mail_on_its_way(
        self, lena: Person, secret_post: MailServer, certificate: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        tasks.tick(DUE)
        assert secret_post.encrypted == [True]
        assert state_of(lena) == State.SENT

    def test_is_asked_for_from_a_server_with_a_valid_certificate_alone(
        self, lena: Person, secret_post: MailServer
    ) -> None:
        tasks.tick(DUE)
        assert secret_post.taken == []
        assert state_of(lena) == State.WAITING

    def test_is_never_left_out(self, lena: Person, secret_post: MailServer) -> None:
        secret_post.context = None
        tasks.tick(DUE)
        assert secret_post.taken == []
        assert state_of(lena) == State.WAITING


@pytest.mark.skipif(connection.vendor == "sqlite", reason="Threads cannot share the suite's database in memory.")
@pytest.mark.django_db(transaction=True)
class TestSeveralWorkers:
    def test_send_one_mail(self, post: MailServer) -> None:
        lena = with_calendar(play().lena, now=BEFORE)
        actions.turn_on(actor=lena, person=lena, now=BEFORE)
        together = threading.Barrier(4)

        def work() -> None:
            together.wait()
            try:
                tasks.tick(DUE)
            finally:
                connection.close()

        workers = [threading.Thread(target=work) for _ in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert len(post.taken) == 1
        assert state_of(lena) == State.SENT


class TestWhatItHolds:
    def sent(self, post: MailServer) -> tuple[str, str]:
        tasks.tick(DUE)
        (mail,) = post.taken
        text, page = mail.get_body(("plain",)), mail.get_body(("html",))
        assert text is not None
        assert page is not None
        return text.get_content(), page.get_content()

    def test_is_where_one_stands_what_stands_out_and_what_is_due(self, lena: Person, post: MailServer) -> None:
        text, page = self.sent(post)
        for told in (text, page):
            assert "Where you stand" in told
            assert "of the time you lead or manage" in told
            assert "Due" in told
        composed = letter.compose(lena, now=DUE)
        assert len(composed.observations) <= 3

    def test_has_one_whole_link_for_each_item(self, lena: Person, post: MailServer) -> None:
        text, page = self.sent(post)
        composed = letter.compose(lena, now=DUE)
        items = [item for _heading, items in composed.parts() for item in items]
        links = re.findall(r'href="([^"]+)"', page)
        assert len(links) == len(items) + 1
        assert all(link.startswith("https://equipoise.agency.example/") for link in links)
        assert len(re.findall(r"https://\S+", text)) == len(items) + 1

    def test_has_no_picture_and_loads_nothing(self, lena: Person, post: MailServer) -> None:
        _text, page = self.sent(post)
        for word in ("<img", "<link", "<script", "src=", "url("):
            assert word not in page

    def test_holds_nothing_private(self, lena: Person, post: MailServer) -> None:
        monday = date(2026, 11, 23)
        row = growth.begin(
            actor=lena, person=lena, rhythm="weekly", start=monday, content=asked_now(lena, "weekly", monday), now=DUE
        )
        growth.finish(
            actor=lena,
            reflection=row,
            words=Words(answers={}, intention="Tell Bluebell the truth"),
            now=DUE,
        )
        text, page = self.sent(post)
        for word in ("Bluebell", "Doctor"):
            assert word not in text + page

    def test_speaks_the_persons_language(self, lena: Person, post: MailServer) -> None:
        Person.objects.filter(pk=lena.pk).update(language="de")
        _text, page = self.sent(post)
        assert '<html lang="de">' in page
        assert "der Zeit" in page

    def test_tells_programs_how_to_turn_it_off(self, lena: Person, post: MailServer) -> None:
        tasks.tick(DUE)
        (mail,) = post.taken
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert mail["Auto-Submitted"] == "auto-generated"
        link = mail["List-Unsubscribe"].strip(" <>")
        assert link.startswith("https://equipoise.agency.example/digest/off/")

    def test_does_not_ask_every_week_what_the_page_asks(self, lena: Person, as_lena: Client) -> None:
        assert "unplanned talk" in as_lena.get("/").content.decode()
        composed = letter.compose(lena, now=DUE)
        assert not any("unplanned talk" in item.sentence for item in composed.observations)

    def test_says_nothing_of_a_calendar_that_ended_long_ago(self, lena: Person) -> None:
        composed = letter.compose(lena, now=DUE + timedelta(days=365))
        assert composed.standing is None
        assert composed.observations == ()


class TestTurningItOff:
    def link(self, person: Person) -> str:
        return f"/digest/off/{queries.token_of(person)}"

    def test_takes_one_click_of_a_mail_program_without_a_cookie(self, lena: Person) -> None:
        program = Client(enforce_csrf_checks=True)
        response = program.post(self.link(lena), {"List-Unsubscribe": "One-Click"})
        assert response.status_code == 200
        assert not queries.is_wanted(lena)
        assert AuditEntry.objects.filter(verb="Monday mail turned off", actor_id=None).count() == 1

    def test_asks_a_person_first(self, lena: Person) -> None:
        page = Client().get(self.link(lena)).content.decode()
        assert "Turn the Monday mail off?" in page
        assert "Lena" not in page
        assert queries.is_wanted(lena)

    def test_takes_the_form_of_that_page(self, lena: Person) -> None:
        browser = Client(enforce_csrf_checks=True)
        page = browser.get(self.link(lena)).content.decode()
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert found
        assert browser.post(self.link(lena), {"csrfmiddlewaretoken": found.group(1)}).status_code == 200
        assert not queries.is_wanted(lena)

    @pytest.mark.parametrize("token", ["1", "1:x", "x", "1:AAAA:BBBB"])
    def test_takes_no_link_that_is_not_ours(self, lena: Person, token: str) -> None:
        response = Client().post(f"/digest/off/{token}", {"List-Unsubscribe": "One-Click"})
        assert response.status_code == 404
        assert queries.is_wanted(lena)

    def test_turns_off_nobody_elses(self, lena: Person, cast: Cast) -> None:
        Client().post(self.link(cast.otto), {"List-Unsubscribe": "One-Click"})
        assert queries.is_wanted(lena)


class TestOwnData:
    def test_holds_the_choice_and_what_became_of_each_mail_and_goes_with_the_person(
        self, lena: Person, as_lena: Client, post: MailServer
    ) -> None:
        tasks.tick(DUE)
        told = json.loads(as_lena.post("/your-data/export").content)["monday_mail"]
        assert told["wanted"] is True
        assert [(each["monday"], each["state"]) for each in told["mails"]] == [("2026-11-30", "sent")]
        erase_now(as_lena)
        assert not MondayMail.objects.exists()
        assert not MondayMailSent.objects.exists()


class TestThePage:
    def test_is_off_until_it_is_turned_on(self, cast: Cast, as_lena: Client) -> None:
        page = as_lena.get("/digest/").content.decode()
        assert "checked" not in page
        as_lena.post("/digest/", {"wanted": "on"})
        assert "checked" in as_lena.get("/digest/").content.decode()
        as_lena.post("/digest/", {})
        assert not queries.is_wanted(cast.lena)

    def test_shows_what_the_mail_would_hold(self, lena: Person, as_lena: Client) -> None:
        page = as_lena.get("/digest/").content.decode()
        assert "What it would hold now" in page
        assert "to lena@agency.example" in page

    def test_says_when_the_server_sends_no_mail(self, cast: Cast, as_lena: Client) -> None:
        assert "sends no mail yet" in as_lena.get("/digest/").content.decode()

    def test_says_what_became_of_the_last_one(self, lena: Person, as_lena: Client, post: MailServer) -> None:
        post.answers["RCPT"] = "550 no such mailbox"
        tasks.tick(DUE)
        assert "was refused by the mail server" in as_lena.get("/digest/").content.decode()


NAMED = {
    "EQUIPOISE_SMTP_HOST": "mail.example.org",
    "EQUIPOISE_MAIL_FROM": "equipoise@example.org",
    "EQUIPOISE_PUBLIC_ADDRESS": "https://equipoise.example.org/",
}


class TestTheSettings:
    def test_are_none_without_a_host(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("EQUIPOISE_SMTP_HOST", raising=False)
        assert env.read_environment().mail is None

    @pytest.mark.parametrize(("security", "port"), [("", 587), ("starttls", 587), ("TLS", 465), ("none", 25)])
    def test_know_the_usual_ports(self, monkeypatch: pytest.MonkeyPatch, security: str, port: int) -> None:
        for name, value in {**NAMED, "EQUIPOISE_SMTP_SECURITY": security}.items():
            monkeypatch.setenv(name, value)
        mail = env.read_environment().mail
        assert mail is not None
        assert mail.port == port
        assert mail.public_address == "https://equipoise.example.org"

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("EQUIPOISE_SMTP_SECURITY", "ssl"),
            ("EQUIPOISE_SMTP_PORT", "many"),
            ("EQUIPOISE_SMTP_PORT", "70000"),
            ("EQUIPOISE_MAIL_FROM", "nobody"),
            ("EQUIPOISE_PUBLIC_ADDRESS", "equipoise.example.org"),
        ],
    )
    def test_name_the_variable_that_is_wrong(self, monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
        for each, given in {**NAMED, name: value}.items():
            monkeypatch.setenv(each, given)
        with pytest.raises(WrongSetting, match=name):
            env.read_environment()
