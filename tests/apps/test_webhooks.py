"""Webhooks, told to a real receiver on this machine that checks signatures as Standard Webhooks has it."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core import mail
from django.test import Client
from pytest_django import Settings
from tests.cast import NOW, Cast

from equipoise.apps.integrations.models import Delivery, Webhook
from equipoise.apps.integrations.webhooks import actions, acts, queries, tasks, telling
from equipoise.apps.integrations.webhooks.api import OrganisationGroup, OwnGroup
from equipoise.apps.integrations.webhooks.signing import signature
from equipoise.apps.people.actions import say_unplanned_hours
from equipoise.apps.people.models import Person
from equipoise.apps.people.organising import actions as organising
from equipoise.apps.privacy.own_data.words import ACT_NAMES
from equipoise.platform.access import Role
from equipoise.platform.models import AuditEntry


@dataclass(slots=True)
class Receiver:
    """What came, and what is answered to the next messages; 204 once nothing else is said."""

    address: str = ""
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    came: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def kinds(self) -> list[str]:
        return [json.loads(body)["type"] for _, body in self.came]


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    settings.PRIVATE_FEEDS = True
    kept = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kept.came.append(({name.lower(): value for name, value in self.headers.items()}, body))
            status, headers = kept.answers.pop(0) if kept.answers else (204, {})
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    kept.address = f"http://127.0.0.1:{server.server_port}/told?key=abc"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield kept
    server.shutdown()
    server.server_close()


def hook(receiver: Receiver, person: Person | None, *groups: str) -> tuple[Webhook, str]:
    return actions.make_webhook(
        actor=person, person=person, name="Hook", address=receiver.address, groups=groups, now=NOW
    )


def tick(now: datetime) -> None:
    """Look what is to be told and send it, all on the same clock."""
    for webhook in queries.telling():
        telling.collect(webhook.pk, now=now)
    for webhook_id in queries.due(now=now):
        telling.send_waiting(webhook_id, now=now)


def fresh(webhook: Webhook) -> Webhook:
    return Webhook.objects.get(pk=webhook.pk)


class TestASignature:
    def test_is_that_of_the_specification(self) -> None:
        made = signature(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            message="msg_p5jXN8AQM9LWM0D4loKWxJek",
            timestamp=1614265330,
            body=b'{"test": 2432232314}',
        )
        assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

    def test_is_checked_by_a_receiver_that_has_the_secret(self, cast: Cast, receiver: Receiver) -> None:
        webhook, secret = hook(receiver, cast.lena, "situation")
        say_unplanned_hours(actor=cast.lena, person=cast.lena, hours=3.0, now=NOW)
        tick(NOW)
        ((headers, body),) = receiver.came
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        key = base64.b64decode(secret.removeprefix("whsec_"))
        wanted = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        assert headers["webhook-signature"] == f"v1,{wanted}"
        assert json.loads(body)["id"] == headers["webhook-id"]
        assert secret not in str(Webhook.objects.values())
        assert receiver.address not in str(Webhook.objects.values())
        assert webhook.pk == fresh(webhook).pk


class TestAPersonalWebhook:
    def test_is_told_kinds_and_numbers_and_no_content(self, cast: Cast, receiver: Receiver) -> None:
        hook(receiver, cast.lena, "situation")
        say_unplanned_hours(actor=cast.sam, person=cast.lena, hours=3.25, now=NOW)
        tick(NOW)
        told = json.loads(receiver.came[0][1])
        assert told.pop("id").startswith("msg_")
        assert told == {
            "type": "situation.unplanned_hours_said",
            "at": "2026-11-25T09:00:00+00:00",
            "subject_id": cast.lena.pk,
            "actor_id": cast.sam.pk,
        }

    def test_is_told_of_own_records_only(self, cast: Cast, receiver: Receiver) -> None:
        hook(receiver, cast.lena, *acts.PERSONAL)
        say_unplanned_hours(actor=cast.otto, person=cast.otto, hours=3.0, now=NOW)
        organising.grant(actor=cast.ada, person=cast.otto, role=Role.AUDITOR, now=NOW)
        organising.add_team(actor=cast.ada, demo=False, name="New", key="", parent=None, on=NOW.date(), now=NOW)
        tick(NOW)
        assert set(receiver.kinds) == {"programs.webhook_made"}

    def test_is_told_nothing_of_groups_that_were_not_chosen(self, cast: Cast, receiver: Receiver) -> None:
        hook(receiver, cast.lena, "plan")
        say_unplanned_hours(actor=cast.lena, person=cast.lena, hours=3.0, now=NOW)
        tick(NOW)
        assert receiver.came == []

    def test_is_told_nothing_once_the_person_has_left(self, cast: Cast, receiver: Receiver) -> None:
        hook(receiver, cast.lena, "situation")
        say_unplanned_hours(actor=cast.lena, person=cast.lena, hours=3.0, now=NOW)
        organising.leave(actor=cast.ada, person=cast.lena, on=NOW.date(), now=NOW)
        tick(NOW)
        assert receiver.came == []


class TestAWebhookOfTheOrganisation:
    def test_is_told_of_people_teams_and_roles(self, cast: Cast, receiver: Receiver) -> None:
        hook(receiver, None, *acts.ORGANISATION)
        team = organising.add_team(actor=cast.ada, demo=False, name="New", key="", parent=None, on=NOW.date(), now=NOW)
        organising.grant(actor=cast.ada, person=cast.otto, role=Role.AUDITOR, now=NOW)
        tick(NOW)
        assert receiver.kinds == ["programs.webhook_made", "teams.team_added", "roles.role_given"]
        assert json.loads(receiver.came[1][1])["team_id"] == team.pk

    def test_is_never_told_of_anybodys_own_records(self, cast: Cast, receiver: Receiver) -> None:
        hook(receiver, None, *acts.ORGANISATION, *acts.PERSONAL)
        receiver.came.clear()
        for verb in ACT_NAMES:
            AuditEntry.objects.create(verb=verb, at=NOW, subject_id=cast.lena.pk, actor_id=cast.lena.pk)
        tick(NOW)
        groups = {kind.partition(".")[0] for kind in receiver.kinds}
        assert groups == {"people", "teams", "roles", "joining", "programs"}
        assert [kind for kind in receiver.kinds if kind.startswith("programs.")] == ["programs.webhook_made"]

    def test_is_never_told_of_the_demo_agency(self, cast: Cast, receiver: Receiver) -> None:
        hook(receiver, None, *acts.ORGANISATION)
        Person.objects.filter(pk=cast.otto.pk).update(demo_key="otto")
        organising.grant(actor=None, person=cast.otto, role=Role.AUDITOR, now=NOW)
        tick(NOW)
        assert receiver.kinds == ["programs.webhook_made"]


class TestTelling:
    def test_tells_each_act_once_and_in_order(self, cast: Cast, receiver: Receiver) -> None:
        webhook, _ = hook(receiver, cast.lena, "situation", "roles")
        for hours in (1.0, 2.0):
            say_unplanned_hours(actor=cast.lena, person=cast.lena, hours=hours, now=NOW)
        organising.grant(actor=cast.ada, person=cast.lena, role=Role.AUDITOR, now=NOW)
        for _ in range(3):
            tick(NOW)
        assert receiver.kinds == ["situation.unplanned_hours_said"] * 2 + ["roles.role_given"]
        entries = [each.entry_id or 0 for each in Delivery.objects.all()]
        assert entries == sorted(set(entries))
        assert telling.collect(webhook.pk, now=NOW) == 0

    def test_tries_again_later_and_keeps_the_order(self, cast: Cast, receiver: Receiver) -> None:
        webhook, _ = hook(receiver, cast.lena, "situation", "roles")
        receiver.answers = [(500, {}), (503, {"Retry-After": "600"})]
        say_unplanned_hours(actor=cast.lena, person=cast.lena, hours=1.0, now=NOW)
        organising.grant(actor=cast.ada, person=cast.lena, role=Role.AUDITOR, now=NOW)
        tick(NOW)
        assert (len(receiver.came), fresh(webhook).next_try_at) == (1, NOW + timedelta(seconds=5))
        tick(NOW + timedelta(seconds=4))
        assert len(receiver.came) == 1
        tick(NOW + timedelta(seconds=6))
        assert (len(receiver.came), fresh(webhook).next_try_at) == (2, NOW + timedelta(seconds=606))
        tick(NOW + timedelta(seconds=607))
        assert receiver.kinds == ["situation.unplanned_hours_said"] * 3 + ["roles.role_given"]
        assert len({headers["webhook-id"] for headers, _ in receiver.came}) == 2
        assert (fresh(webhook).failures, fresh(webhook).failing_since) == (0, None)

    def test_gives_up_after_three_days_and_says_so(self, cast: Cast, receiver: Receiver) -> None:
        webhook, _ = hook(receiver, cast.lena, "situation")
        receiver.answers = [(500, {})] * 30
        say_unplanned_hours(actor=cast.lena, person=cast.lena, hours=1.0, now=NOW)
        now = NOW
        while fresh(webhook).paused_at is None:
            tick(now)
            now = max(fresh(webhook).next_try_at or now, now + timedelta(seconds=1))
        paused = fresh(webhook)
        assert paused.paused_why == "failing"
        assert paused.paused_at == NOW + timedelta(days=3)
        assert 8 <= len(receiver.came) <= 12
        assert AuditEntry.objects.filter(verb="webhook paused", subject_id=cast.lena.pk).count() == 1

    def test_goes_on_with_what_waited(self, cast: Cast, receiver: Receiver) -> None:
        webhook, _ = hook(receiver, cast.lena, "situation")
        actions.pause(actor=cast.lena, webhook=webhook, why="hand", now=NOW)
        say_unplanned_hours(actor=cast.lena, person=cast.lena, hours=1.0, now=NOW)
        tick(NOW)
        assert receiver.came == []
        actions.resume(actor=cast.lena, webhook=webhook, now=NOW)
        tick(NOW)
        assert receiver.kinds == ["situation.unplanned_hours_said"]

    def test_stops_at_once_when_the_address_is_gone(self, cast: Cast, receiver: Receiver) -> None:
        webhook, _ = hook(receiver, cast.lena, "situation")
        receiver.answers = [(410, {})]
        say_unplanned_hours(actor=cast.lena, person=cast.lena, hours=1.0, now=NOW)
        tick(NOW)
        assert fresh(webhook).paused_why == "gone"

    def test_sends_word_to_administrators_when_it_pauses(
        self, cast: Cast, receiver: Receiver, settings: Settings
    ) -> None:
        settings.PUBLIC_ADDRESS = "https://equipoise.example"
        webhook, _ = hook(receiver, None, "roles")
        receiver.answers = [(410, {})]
        organising.grant(actor=cast.ada, person=cast.otto, role=Role.AUDITOR, now=NOW)
        tick(NOW)
        (letter,) = mail.outbox
        assert letter.to == [cast.ada.email]
        assert f"https://equipoise.example/organisation/webhooks/{webhook.pk}/" in letter.body
        assert receiver.address not in letter.body

    def test_follows_no_redirect(self, cast: Cast, receiver: Receiver) -> None:
        hook(receiver, cast.lena, "situation")
        receiver.answers = [(307, {"Location": receiver.address})]
        say_unplanned_hours(actor=cast.lena, person=cast.lena, hours=1.0, now=NOW)
        tick(NOW)
        assert len(receiver.came) == 1
        assert "redirects are not followed" in Delivery.objects.get().answer

    def test_refuses_private_networks_unless_they_are_allowed(
        self, cast: Cast, receiver: Receiver, settings: Settings
    ) -> None:
        hook(receiver, cast.lena, "situation")
        settings.PRIVATE_FEEDS = False
        say_unplanned_hours(actor=cast.lena, person=cast.lena, hours=1.0, now=NOW)
        tick(NOW)
        assert receiver.came == []
        assert "private network" in Delivery.objects.get().answer

    def test_is_left_to_one_worker_at_a_time(self, cast: Cast, receiver: Receiver) -> None:
        webhook, _ = hook(receiver, cast.lena, "situation")
        say_unplanned_hours(actor=cast.lena, person=cast.lena, hours=1.0, now=NOW)
        telling.collect(webhook.pk, now=NOW)
        Webhook.objects.update(held_until=NOW + timedelta(minutes=1))
        assert telling.send_waiting(webhook.pk, now=NOW) == 0
        assert telling.send_waiting(webhook.pk, now=NOW + timedelta(minutes=2)) == 1

    def test_forgets_the_log_after_14_days(self, cast: Cast, receiver: Receiver) -> None:
        hook(receiver, cast.lena, "situation")
        say_unplanned_hours(actor=cast.lena, person=cast.lena, hours=1.0, now=NOW)
        tasks.tick(NOW)
        assert len(receiver.came) == 1
        tasks.tick(NOW + timedelta(days=15))
        assert not Delivery.objects.exists()


class TestMakingAWebhook:
    def test_refuses_what_is_no_protected_address(self, cast: Cast, settings: Settings) -> None:
        settings.PRIVATE_FEEDS = False
        for address in ("http://x.example/", "ftp://x.example/", "x", "https://"):
            with pytest.raises(actions.AddressUnfit):
                actions.check_address(address)

    def test_offers_over_the_api_what_there_is(self) -> None:
        assert {group.value for group in OwnGroup} == set(acts.PERSONAL)
        assert {group.value for group in OrganisationGroup} == set(acts.ORGANISATION)
        assert set(acts.GROUP_NAMES) == set(acts.PERSONAL) | set(acts.ORGANISATION)

    def test_names_only_acts_the_trail_knows(self) -> None:
        told = set().union(*acts.PERSONAL.values(), *acts.ORGANISATION.values())
        assert told <= set(ACT_NAMES)

    def test_tells_each_act_in_one_group(self) -> None:
        for groups in (acts.PERSONAL, acts.ORGANISATION):
            verbs = [verb for each in groups.values() for verb in each]
            assert len(verbs) == len(set(verbs))


class TestThePages:
    def test_show_the_secret_once_and_the_address_without_its_key(
        self, cast: Cast, as_lena: Client, receiver: Receiver
    ) -> None:
        sent = {"name": "Hook", "address": receiver.address, "groups": ["plan"]}
        made = as_lena.post("/settings/webhooks/", sent).content.decode()
        assert "whsec_" in made
        row = queries.webhooks_of(cast.lena).get()
        again = as_lena.get(f"/settings/webhooks/{row.pk}/").content.decode()
        assert "whsec_" not in again
        assert "key=abc" not in again
        assert "/told" in again

    def test_send_a_test(self, cast: Cast, as_lena: Client, receiver: Receiver) -> None:
        row, _ = hook(receiver, cast.lena, "plan")
        answer = as_lena.post(f"/settings/webhooks/{row.pk}/act", {"do": "test"}, follow=True)
        assert "took the test" in answer.content.decode()
        assert receiver.kinds == ["test"]

    def test_say_when_a_test_was_not_taken(self, cast: Cast, as_lena: Client, receiver: Receiver) -> None:
        row, _ = hook(receiver, cast.lena, "plan")
        receiver.answers = [(500, {})]
        answer = as_lena.post(f"/settings/webhooks/{row.pk}/act", {"do": "test"}, follow=True)
        assert "did not take the test" in answer.content.decode()
        assert fresh(row).failures == 0

    def test_let_a_demo_administrator_make_nothing_real(self, cast: Cast) -> None:
        Person.objects.filter(pk=cast.ada.pk).update(demo_key="ada")
        client = Client()
        client.force_login(Person.objects.get(pk=cast.ada.pk))
        for path in ("/organisation/webhooks/", "/organisation/tokens/"):
            assert client.get(path).status_code == 403
