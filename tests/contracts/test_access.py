"""Who may open what: every address is tried as the signed-in owner, their assistant, an outsider, and as nobody."""

import re
from collections.abc import Callable, Iterable
from datetime import date
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils import timezone
from pytest_django import Settings
from tests.apps.calendar_texts import LENAS
from tests.cast import NOW, Cast
from tests.passkeys import passkey_of
from tools.reference import access_page

from equipoise.adapters.ics import Upload, read_calendar
from equipoise.apps.calendars import actions, syncing
from equipoise.apps.calendars.models import (
    Account,
    Calendar,
    Correction,
    Entry,
    Import,
    Movable,
    Occurrence,
    Rule,
    Written,
)
from equipoise.apps.change import actions as situation
from equipoise.apps.change.models import Override, Scan
from equipoise.apps.growth import actions as growth
from equipoise.apps.growth.mapping import Answer, Content, Part
from equipoise.apps.growth.models import Reflection, Reminder
from equipoise.apps.growth.questions import week_to_look_back_at
from equipoise.apps.insights.digest import queries as digest
from equipoise.apps.insights.models import CountedIn
from equipoise.apps.integrations import actions as integrations
from equipoise.apps.integrations.models import Token, Webhook
from equipoise.apps.integrations.webhooks import actions as webhooks
from equipoise.apps.people.assistants import actions as assistants
from equipoise.apps.people.assistants.acting import KEY
from equipoise.apps.people.joining import actions as joining
from equipoise.apps.people.models import (
    Assistance,
    Grant,
    Invitation,
    Joining,
    Membership,
    Person,
    Position,
    ReportingLine,
    Team,
)
from equipoise.apps.planner import actions as planner
from equipoise.apps.planner.models import Block, Decision, Feed, OneToOne, Proposal, Wish
from equipoise.apps.planner.models import Settings as PlannerSettings
from equipoise.apps.privacy.models import Package
from equipoise.apps.privacy.own_data import actions as own_data
from equipoise.apps.provisioning.models import DirectoryGroup, DirectoryUser
from equipoise.apps.provisioning.spreadsheets import actions as tables
from equipoise.apps.provisioning.spreadsheets.queries import plan_of as table_plan
from equipoise.apps.signin.models import Provider
from equipoise.core.facets import Purpose
from equipoise.core.situation.profile import Band
from equipoise.core.situation.scan import QUESTIONS
from equipoise.platform import vault
from equipoise.platform.access import FOR_ONESELF, ROLE_OF, AccessRow, Audience, access_table
from equipoise.platform.api import Scope
from equipoise.platform.models import AuditEntry

ROWS = [row for row in access_table() if not row.access.scope]
"""All pages; the operations of the API have a test of their own."""
TABLE = b"Name,E-mail,Position\nLena Hartmann,lena@agency.example,Head of services\n"
CHANGING = [row for row in ROWS if "POST" in row.access.methods]
WAY = re.compile(r'(?:href|action|hx-get|hx-post)="(/[^"?#]*)')
KEYS = re.compile(r"<(?:int|str):(\w+)>")


@pytest.fixture
def lenas_keys(cast: Cast) -> dict[str, int | str]:
    """One record of Lena's for every kind of key in the addresses."""
    reading = read_calendar(
        [Upload(name="lena.ics", content=LENAS)], me=cast.lena.addresses, start=None, end=NOW, zone=ZoneInfo("UTC")
    )
    calendar = actions.store_reading(person=cast.lena, name="Lena's", reading=reading, now=NOW)
    syncing.keep_address(calendar, "http://127.0.0.1:9/a.ics")
    calendar.save()
    account = Account.objects.create(
        owner=cast.lena, address="http://127.0.0.1:9/", username="lena", connected_at=NOW,
        sealed_password=vault.seal("Lena's own"),
    )  # fmt: skip
    entry = Entry.objects.filter(owner=cast.lena).order_by("pk").first()
    assert entry is not None
    correction = actions.correct(actor=cast.lena, entry=entry, purpose=Purpose.PEOPLE, now=NOW)
    rule = actions.make_rule(
        actor=cast.lena, person=cast.lena, words="x", purpose=Purpose.OTHER, all_day_counts=False, now=NOW
    )
    job = Import.objects.create(owner=cast.lena, name="x.ics", started_at=timezone.now(), state=Import.State.DONE)
    return {
        **plan_keys(cast.lena),
        **situation_keys(cast.lena),
        **assistant_keys(cast),
        **reflection_keys(cast.lena),
        **organisation_keys(cast),
        **table_keys(cast),
        "group_id": DirectoryGroup.objects.create(name="Group", name_key="group", made_at=NOW, changed_at=NOW).pk,
        "balance_team_id": Team.objects.get(name="Client services").pk,
        **sign_in_keys(cast.lena),
        **privacy_keys(cast),
        **program_keys(cast),
        "digest_token": digest.token_of(cast.lena),
        "calendar_id": calendar.pk,
        "account_id": account.pk,
        "entry_id": entry.pk,
        "correction_id": correction.pk,
        "rule_id": rule.pk,
        "import_id": job.pk,
    }


def program_keys(cast: Cast) -> dict[str, int | str]:
    """A token and a webhook of Lena's, and of the organisation's."""
    keys: dict[str, int | str] = {}
    for person, whose in ((cast.lena, ""), (None, "organisation_")):
        integrations.make_token(
            actor=cast.ada, person=person, name="Lena's", scopes={Scope.READ}, expires_at=None, now=NOW
        )
        hook, _ = webhooks.make_webhook(
            actor=cast.ada, person=person, name="Lena's", address="https://127.0.0.1:9/", groups=["people"], now=NOW
        )
        keys |= {f"{whose}token_id": Token.objects.get(person=person).pk, f"{whose}webhook_id": hook.pk}
    return keys


def sign_in_keys(lena: Person) -> dict[str, int | str]:
    """What Lena signs in with, a session of hers somewhere else, and servers elsewhere to sign in at."""
    session = UserSession.objects.create(user=lena, ip="192.0.2.1", user_agent="Lena's phone", session_key="lena-1")
    codes = {"seed": vault.seal("Lena's"), "used_mask": 0}
    Authenticator.objects.create(user=lena, type=Authenticator.Type.RECOVERY_CODES, data=codes)
    Authenticator.objects.create(user=lena, type=Authenticator.Type.TOTP, data={"secret": vault.seal("JBSWY3DP")})
    address = {"issuer": "http://127.0.0.1:9/", "sign_on_address": "http://127.0.0.1:9/", "made_at": NOW}
    Provider.objects.create(kind="saml", key="saml-1", name="Other", entity_id="x", certificate="x", **address)
    provider = Provider.objects.create(kind="oidc", key="oidc-1", name="Directory", client_id="x", **address)
    keys: dict[str, int | str] = {"provider_id": "oidc-1", "organization_slug": "saml-1", "kind": "oidc"}
    passkey = passkey_of(lena, "Lena's key")
    return {**keys, "connection_id": provider.pk, "pk": passkey.pk, "session_id": session.pk}


def organisation_keys(cast: Cast) -> dict[str, int | str]:
    """Lena in the directory, the team she leads, and a link of Tom's to hand over."""
    secret = joining.make_link(actor=cast.ada, person=cast.tom, now=timezone.now())
    team = Team.objects.get(name="Client services")
    return {"person_id": cast.lena.pk, "team_id": team.pk, "joining_secret": secret}


def privacy_keys(cast: Cast) -> dict[str, int | str]:
    """Something of Lena's to fetch, and somebody who left."""
    package = Package.objects.create(owner=cast.lena, asked_at=NOW)
    own_data.pack(package.pk, now=NOW)
    left = Person.objects.create(
        name="Nora Left", email="nora@agency.example", joined_at=NOW, is_active=False, left_on=NOW.date()
    )
    return {"package_id": package.pk, "leaver_id": left.pk}


def table_keys(cast: Cast) -> dict[str, int | str]:
    """A table that waits, and one that was carried out and can be undone."""
    waiting, done = (tables.hand_in(actor=cast.ada, files=[("Lena's.csv", TABLE)], now=NOW) for _ in range(2))
    digest = table_plan(done, actor=cast.ada, now=NOW).digest
    tables.agree(actor=cast.ada, planned=done, digest=digest, without_errors=False, now=NOW)
    tables.carry_out(actor=cast.ada, import_id=done.pk, now=NOW)
    return {"spreadsheet_id": waiting.pk, "carried_out_id": done.pk, "table": "people.csv"}


def reflection_keys(lena: Person) -> dict[str, int | str]:
    """A reflection of Lena's with a line in it, and one she removed."""
    content = Content(parts=(Part(theme="focus", evidence=(), answers=(Answer(key="x", asked="?", answer="Lena"),)),))
    row, other = (
        growth.begin(actor=lena, person=lena, rhythm="weekly", start=date(2026, 11, day), content=content, now=NOW)
        for day in (16, 9)
    )
    growth.remove(actor=lena, reflection=other, now=NOW)
    return {"reflection_id": row.pk, "removed_id": other.pk}


def plan_keys(lena: Person) -> dict[str, int | str]:
    """A proposed block, an answer that can be taken back, somebody to see alone, and a feed with nothing in it."""
    when = {"monday": date(2026, 11, 30), "made_at": NOW, "changed_at": NOW, "kind": "strategy", "purpose": "vision"}
    spans = {"proposed_start": NOW, "proposed_end": NOW, "starts_at": NOW, "ends_at": NOW}
    block = Block.objects.create(person=lena, uid="lena-1@test", title="Lena's strategic time", **when, **spans)
    other = Block.objects.create(person=lena, uid="lena-2@test", title="Lena's second time", **when, **spans)
    decision = planner.refuse(actor=lena, person=lena, block=other, why=None, words="", now=NOW)
    assert decision is not None
    watched = planner.watch_one_to_one(actor=lena, person=lena, name="Lena's Tom", cadence_days=14, on=True, now=NOW)
    token = planner.make_feed(actor=lena, person=lena, now=NOW)
    return {"block_id": block.pk, "decision_id": decision.pk, "one_to_one_id": watched.pk, "token": token}


def assistant_keys(cast: Cast) -> dict[str, int | str]:
    """Sam acts for Lena, she has invited one more, she acts for Ravi, and holds a link of Ravi's to hand over."""
    hers = {"name": "Kim", "email": "kim@agency.example"}
    assistants.invite_assistant(actor=cast.lena, person=cast.lena, now=timezone.now(), **hers)
    assisted = Assistance.objects.create(owner=cast.ravi, assistant=cast.lena, named_at=NOW, named_by_id=cast.ravi.pk)
    ravis = {"name": "Jo", "email": "jo@agency.example"}
    return {
        "assistance_id": Assistance.objects.get(owner=cast.lena).pk,
        "invitation_id": Invitation.objects.get(owner=cast.lena).pk,
        "assisted_id": assisted.pk,
        "secret": assistants.invite_assistant(actor=cast.ravi, person=cast.ravi, now=timezone.now(), **ravis),
    }


def situation_keys(lena: Person) -> dict[str, int | str]:
    """What Lena said of her situation, and the band she set."""
    answers = {question.key: next(iter(question.choices)) for question in QUESTIONS}
    scan = situation.keep_scan(actor=lena, person=lena, answers=answers, now=NOW)
    band = Band(low=0.4, high=0.5)
    own = situation.set_band(actor=lena, person=lena, target="leading", band=band, reason="Lena's own", now=NOW)
    return {"scan_id": scan.pk, "override_id": own.pk}


TODAY = timezone.localdate().isoformat()

PAYLOADS: dict[str, dict[str, object]] = {
    "change:scan": {question.key: next(iter(question.choices)) for question in QUESTIONS},
    "change:own-band": {"band": "horizon", "low": "-0.5", "high": "0.2", "reason": "A steady year"},
    "change:drop-band": {},
    "change:bring-band-back": {},
    "growth:search": {"words": "Lena"},
    "growth:begin": {"rhythm": "weekly", "start": week_to_look_back_at(timezone.localdate()).isoformat()},
    "growth:reminders": {"weekly": "on"},
    "growth:download": {},
    "growth:write": {"x": "Changed", "do": "keep"},
    "growth:remove": {},
    "growth:put-back": {},
    "growth:erase": {},
    "insights:digest": {"wanted": "on"},
    "insights:digest-off": {},
    "insights:unplanned": {"unplanned_hours": "7"},
    "insights:count-in": {"wanted": "yes"},
    "privacy:export": {},
    "privacy:keep": {},
    "privacy:erase-leaver": {},
    "privacy:keep-leaver": {},
    "privacy:retention": {"queue": "8"},
    "privacy:trail-check": {},
    "privacy:trail-export": {"who": "Lena"},
    "privacy:erase": {"email": "lena@agency.example"},
    "insights:demo": {},
    "insights:own-calendar": {"email": "eve@agency.example"},
    "account_login": {"login": "lena@agency.example", "password": "guessed"},
    "account_logout": {},
    "account_change_password": {"present": "three plain words", "password": "a boat, a lamp, a hill"},
    "account_set_password": {"password": "a boat, a lamp, a hill"},
    "account_reauthenticate": {"password": "three plain words"},
    "mfa_authenticate": {"code": "000000"},
    "mfa_login_webauthn": {"credential": "{}"},
    "mfa_reauthenticate": {"code": "71059108"},  # the first of the recovery codes made of the seed below
    "mfa_reauthenticate_webauthn": {"credential": "{}"},
    "mfa_activate_totp": {"code": "000000"},
    "mfa_deactivate_totp": {},
    "mfa_generate_recovery_codes": {},
    "mfa_add_webauthn": {"name": "Changed", "credential": "{}"},
    "mfa_edit_webauthn": {"name": "Changed"},
    "mfa_remove_webauthn": {},
    "usersessions_list": {},
    "end-session": {},
    "openid_connect_login": {},
    "saml_login": {},
    "saml_acs": {"SAMLResponse": "x"},
    "sign-on": {"second_factor": "on"},
    "clear-steps": {"lost_by": "otto@agency.example"},
    "connect-sign-on": {"name": "Other", "issuer": "https://id.example", "client_id": "x", "groups_claim": "groups"},
    "change-sign-on": {"name": "Other", "issuer": "https://id.example", "client_id": "x", "groups_claim": "groups"},
    "test-sign-on": {},
    "disconnect-sign-on": {},
    "integrations:tokens": {"name": "Script", "scope": "read", "days": "30"},
    "integrations:end-token": {},
    "integrations:organisation-tokens": {"name": "Script", "scope": "scim", "days": "0"},
    "integrations:end-organisation-token": {},
    "integrations:webhooks": {"name": "Hook", "address": "https://x.example/", "groups": ["plan"]},
    "integrations:webhook": {"name": "Hook", "groups": ["plan"]},
    "integrations:webhook-act": {"do": "pause"},
    "integrations:organisation-webhooks": {"name": "Hook", "address": "https://x.example/", "groups": ["teams"]},
    "integrations:organisation-webhook": {"name": "Hook", "groups": ["teams"]},
    "integrations:organisation-webhook-act": {"do": "pause"},
    "people:settings": {
        "name": "Changed", "email": "changed@agency.example", "zone": "Asia/Tokyo", "language": "de", "theme": "dark",
        "work_from": "08:00", "work_until": "16:00",
    },
    "people:look-as": {"key": "lena"},
    "people:join": {"password": "a boat, a lamp, a hill"},
    "people:add-person": {"name": "Kim", "email": "new@agency.example", "on": TODAY},
    "people:change-person": {"name": "Changed", "email": "changed@agency.example"},
    "people:position": {"title": "Changed", "level": "chief", "function": "finance", "on": TODAY},
    "people:lines": {"manager": "ravi@agency.example", "others": "ines@agency.example", "on": TODAY},
    "people:roles": {"role": "auditor"},
    "people:take-role": {"role": "auditor"},
    "people:leaving": {"on": TODAY},
    "people:stay": {},
    "people:come-back": {},
    "people:make-joining": {},
    "people:revoke-joining": {},
    "people:add-team": {"name": "Changed", "on": TODAY},
    "people:add-member": {"member": "otto@agency.example", "on": TODAY},
    "people:belonging": {"becomes": "member", "on": TODAY},
    "people:rename-team": {"name": "Changed"},
    "people:move-team": {"parent": "", "on": TODAY},
    "people:end-team": {"on": TODAY},
    "people:assistants": {"name": "Pat", "email": "pat@agency.example"},
    "spreadsheets:confirm": {"digest": "x"},
    "spreadsheets:drop": {},
    "spreadsheets:imports": {},
    "spreadsheets:leavers": {"on": "2026-12-01"},
    "spreadsheets:undo": {},
    "groups:group": {"meaning": "new"},
    "people:end-assistance": {},
    "people:revoke-invitation": {},
    "people:invitation": {"name": "Jo", "password": "a boat, a lamp, a hill"},
    "people:act-for": {},
    "people:act-for-oneself": {},
    "people:leave": {},
    "calendars:correct": {"purpose": "vision"},
    "calendars:undo": {},
    "calendars:rules": {"words": "budget", "purpose": "process"},
    "calendars:drop-rule": {},
    "calendars:sources": {},
    "calendars:read-again": {},
    "calendars:pause": {"paused": "yes"},
    "calendars:disconnect": {"read": "erase"},
    "calendars:connect": {"address": "http://127.0.0.1:9/", "username": "lena", "password": "x"},
    "calendars:account": {"read": []},
    "calendars:look-again": {},
    "calendars:account-password": {"password": "x"},
    "calendars:disconnect-account": {"read": "erase"},
    "calendars:movable": {"movable": "yes"},
    "calendars:erase": {},
    "planner:propose": {"week": "2026-11-30"},
    "planner:accept-all": {"week": "2026-11-30"},
    "planner:write": {"week": "2026-11-30"},
    "planner:accept": {},
    "planner:shift": {"day": "2026-12-01", "start": "09:00"},
    "planner:refuse": {"why": "too_long"},
    "planner:undo": {},
    "planner:make-feed": {},
    "planner:end-feed": {},
    "planner:settings": {
        "from_0": "09:00", "until_0": "17:00", "lunch_minutes": "30", "buffer_minutes": "15", "minutes_a_day": "480",
        "travel_minutes": "30", "focus": "any", "free-TOTAL_FORMS": "0", "free-INITIAL_FORMS": "0",
    },
    "planner:kind": {
        "title": "Quiet hour", "purpose": "vision", "minutes": "60", "longest": "60", "times": "1", "every_weeks": "1",
        "worth": "normal", "energy": "any",
    },
    "planner:drop-kind": {"kind": "strategy"},
    "planner:watch": {"name": "Grace", "cadence_days": "7"},
    "planner:unwatch": {},
}  # fmt: skip
"""What a valid form of each address that changes something holds; a new one must be added here."""

SENT_BY_OTHERS = {"saml_acs"}
"""What other servers let browsers post here; such a form is looked at only once the signature in it is checked."""

WITH_FILE = {"insights:own-calendar": LENAS, "calendars:sources": LENAS, "spreadsheets:imports": TABLE}


def payload(row: AccessRow) -> dict[str, object]:
    """A valid form; where a calendar is handed in, one of the same name as Lena's."""
    file = BytesIO(WITH_FILE.get(row.name, b""))
    file.name = "Lena's"
    return {**PAYLOADS[row.name], **({"file": file} if row.name in WITH_FILE else {})}


def all_of(person: Person) -> dict[str, object]:
    """Every row of a person, as it stands."""
    mine = [
        Account,
        Calendar,
        Entry,
        Correction,
        Rule,
        Import,
        Movable,
        Occurrence,
        Written,
        Scan,
        Override,
        Assistance,
        Invitation,
    ]
    mine += [Package, Reflection, Reminder, CountedIn]
    rows: dict[str, object] = {
        model.__name__: list(model._default_manager.filter(owner=person).order_by("pk").values()) for model in mine
    }
    plans = [PlannerSettings, Wish, OneToOne, Proposal, Block, Decision, Feed]
    plans += [Grant, Joining, Membership, Position, ReportingLine, DirectoryUser, Token, Webhook]
    rows |= {
        model.__name__: list(model._default_manager.filter(person=person).order_by("pk").values()) for model in plans
    }
    rows["Authenticator"] = list(Authenticator.objects.filter(user=person).order_by("pk").values())
    return {**rows, "Person": list(Person.objects.filter(pk=person.pk).values())}


def address(row: AccessRow, keys: dict[str, int | str]) -> str:
    return KEYS.sub(lambda found: str(keys[found.group(1)]), row.route)


def who_may(row: AccessRow, cast: Cast) -> Person:
    """Somebody of the cast who may open it on Lena's records, or on those all share."""
    by_role = {Audience.ADMINISTRATOR: cast.ada, Audience.PARTNER: cast.ines, Audience.AUDITOR: cast.vera}
    return next((by_role[each] for each in row.access.audiences if each in by_role), cast.lena)


def has_own_key(row: AccessRow) -> bool:
    """Whether the address names somebody's own record; the secret in an open address is a key for whoever has it."""
    return KEYS.search(row.route) is not None and row.access.audience is not Audience.ANYONE and not is_shared(row)


def is_shared(row: AccessRow) -> bool:
    """Whether it is about the organisation, for all of it or for a role in it, and so names its people."""
    return set(row.access.audiences) <= {Audience.MEMBER, *ROLE_OF}


def ask(client: Client, method: str, path: str, sent: dict[str, object] | None = None) -> HttpResponse:
    return getattr(client, method.lower())(path, sent or {})  # type: ignore[no-any-return]


def tried(client: Client, row: AccessRow, method: str, keys: dict[str, int | str]) -> HttpResponse:
    """The answer to a valid request."""
    return ask(client, method, address(row, keys), payload(row) if method == "POST" else {})


def signed_in(person: Person, *, acting_by: object = None, enforce_csrf_checks: bool = False) -> Client:
    """A browser in which a person is signed in, with that in the session by which they would act for somebody."""
    client = Client(enforce_csrf_checks=enforce_csrf_checks)
    client.force_login(person)
    if acting_by is not None:
        session = client.session
        session[KEY] = acting_by
        session.save()
    return client


def on_every(rows: Iterable[AccessRow], check: Callable[[AccessRow], None]) -> None:
    """Check each address on the same records, undoing what it did, and name every one that fails."""
    wrong = []
    for row in rows:
        cache.clear()
        with transaction.atomic():
            try:
                check(row)
            except AssertionError as error:
                wrong.append(f"{row.name} ({row.access.audience.name}): {error}")
            transaction.set_rollback(True)
    assert not wrong, "\n".join(wrong)


class TestEveryAddress:
    def test_sends_nobody_away_to_sign_in(self, cast: Cast, lenas_keys: dict[str, int | str]) -> None:
        def check(row: AccessRow) -> None:
            for method in row.access.methods:
                response = ask(Client(), method, address(row, lenas_keys))
                if row.access.audience is not Audience.ANYONE:
                    assert response.status_code == 302
                    assert response["Location"].startswith("/sign-in/")
                else:
                    assert response.status_code < 500

        on_every(ROWS, check)

    def test_sends_nobody_away_on_an_opened_server_though_the_owner_has_no_password(
        self, cast: Cast, lenas_keys: dict[str, int | str], settings: Settings
    ) -> None:
        cast.lena.set_unusable_password()
        cast.lena.save()
        settings.OPENED = True

        def check(row: AccessRow) -> None:
            for method in row.access.methods:
                response = ask(Client(), method, address(row, lenas_keys))
                assert response.status_code < 500
                assert b"Lena" not in response.content
                if row.access.audience is not Audience.ANYONE:
                    assert response["Location"].startswith("/sign-in/")

        on_every(ROWS, check)

    def test_shows_an_outsider_nothing_of_lenas(self, cast: Cast, lenas_keys: dict[str, int | str]) -> None:
        def check(row: AccessRow) -> None:
            otto, before = signed_in(cast.otto), all_of(cast.lena)
            for method in row.access.methods:
                response = ask(otto, method, address(row, lenas_keys))
                assert response.status_code < 500
                if has_own_key(row):
                    assert response.status_code == 404
                assert not tells_of_lena(response, by_name=not is_shared(row))
            assert all_of(cast.lena) == before

        on_every(ROWS, check)

    def test_lets_an_outsider_change_nothing_of_lenas(self, cast: Cast, lenas_keys: dict[str, int | str]) -> None:
        def check(row: AccessRow) -> None:
            before = all_of(cast.lena)
            response = tried(signed_in(cast.otto), row, "POST", lenas_keys)
            assert response.status_code < 500
            if has_own_key(row):
                assert response.status_code == 404
            assert all_of(cast.lena) == before

        on_every(CHANGING, check)

    def test_takes_the_same_form_from_the_owner(self, cast: Cast, lenas_keys: dict[str, int | str]) -> None:
        def check(row: AccessRow) -> None:
            assert tried(signed_in(who_may(row, cast)), row, "POST", lenas_keys).status_code in {200, 302}

        on_every([row for row in CHANGING if row.name != "people:look-as"], check)

    def test_changes_nothing_when_looked_at(self, cast: Cast, lenas_keys: dict[str, int | str]) -> None:
        def check(row: AccessRow) -> None:
            lena = signed_in(cast.lena)
            before = all_of(cast.lena)
            lena.get(address(row, lenas_keys), {"purpose": "vision", "next": "/", "words": "x", "key": "lena"})
            assert all_of(cast.lena) == before

        on_every(ROWS, check)

    def test_is_answered_when_the_vaults_key_is_lost(
        self, cast: Cast, lenas_keys: dict[str, int | str], settings: Settings
    ) -> None:
        settings.VAULT_KEYS = ("bmV3" * 10 + "bmU=",)

        def check(row: AccessRow) -> None:
            for method in row.access.methods:
                assert tried(signed_in(cast.lena), row, method, lenas_keys).status_code < 500

        on_every(ROWS, check)

    def test_takes_no_form_from_elsewhere(self, cast: Cast, lenas_keys: dict[str, int | str]) -> None:
        def check(row: AccessRow) -> None:
            lena = signed_in(cast.lena, enforce_csrf_checks=True)
            before = all_of(cast.lena)
            answer = tried(lena, row, "POST", lenas_keys)
            assert answer.status_code == (302 if row.name in SENT_BY_OTHERS else 403)
            assert all_of(cast.lena) == before

        on_every(CHANGING, check)

    def test_lets_the_owner_in(self, cast: Cast, lenas_keys: dict[str, int | str]) -> None:
        def check(row: AccessRow) -> None:
            assert tried(signed_in(who_may(row, cast)), row, "GET", lenas_keys).status_code in {200, 302}

        on_every([row for row in ROWS if "GET" in row.access.methods], check)

    def test_refuses_a_method_it_does_not_name(self, cast: Cast, lenas_keys: dict[str, int | str]) -> None:
        def check(row: AccessRow) -> None:
            for method in sorted({"GET", "POST", "PUT", "DELETE"} - set(row.access.methods)):
                assert ask(signed_in(cast.lena), method, address(row, lenas_keys)).status_code == 405

        on_every(ROWS, check)


def tells_of_lena(response: HttpResponse, *, by_name: bool = True) -> bool:
    """Whether a page holds words of Lena's records, or her name."""
    words = (b"1:1 Tom", b"Budget review", b"Lena's", *((b"Lena",) if by_name else ()))
    return any(word in response.content for word in words)


def state_of(everybody: Cast) -> list[dict[str, object]]:
    """Every row of Lena, Ravi and Sam, as it stands."""
    return [all_of(person) for person in (everybody.lena, everybody.ravi, everybody.sam)]


def is_theirs_alone(path: str) -> bool:
    """Whether an address leads to what no assistant may open."""
    try:
        view = resolve(path).func
    except Resolver404:
        return False
    access = getattr(view, "access", None)
    return access is not None and set(access.audiences) <= FOR_ONESELF


class TestARole:
    def test_is_asked_for_by_every_page_that_names_it(self, cast: Cast, lenas_keys: dict[str, int | str]) -> None:
        def check(row: AccessRow) -> None:
            for method in row.access.methods:
                for person in (cast.otto, cast.grace):
                    before = state_of(cast)
                    answer = tried(signed_in(person), row, method, lenas_keys)
                    assert answer.status_code == 403
                    assert not tells_of_lena(answer)
                    assert state_of(cast) == before

        on_every([row for row in ROWS if set(row.access.audiences) <= set(ROLE_OF)], check)

    def test_of_administrator_partner_or_auditor_opens_no_record_of_a_persons_own(
        self, cast: Cast, lenas_keys: dict[str, int | str]
    ) -> None:
        def check(row: AccessRow) -> None:
            for method in row.access.methods:
                for person in (cast.ada, cast.ines, cast.vera, cast.ravi):
                    before = all_of(cast.lena)
                    answer = tried(signed_in(person), row, method, lenas_keys)
                    assert not tells_of_lena(answer)
                    assert all_of(cast.lena) == before

        own = {Audience.SELF, Audience.ASSISTED, Audience.SIGNED_IN}
        names_her = {"people:act-for", "people:leave", "people:assistants", "privacy:export", "growth:search"}
        on_every([row for row in ROWS if set(row.access.audiences) <= own and row.name not in names_her], check)


class TestAnAssistant:
    def test_is_answered_as_the_owner_unless_it_is_theirs_alone(
        self, cast: Cast, lenas_keys: dict[str, int | str]
    ) -> None:
        def check(row: AccessRow) -> None:
            answer = tried(signed_in(cast.sam, acting_by=lenas_keys["assistance_id"]), row, "GET", lenas_keys)
            if set(row.access.audiences) <= FOR_ONESELF:
                assert answer.status_code == 403
                assert b"theirs alone" in answer.content
            else:
                assert answer.status_code == tried(signed_in(cast.lena), row, "GET", lenas_keys).status_code

        on_every([row for row in ROWS if "GET" in row.access.methods], check)

    def test_is_shown_no_way_to_what_is_theirs_alone(self, cast: Cast, lenas_keys: dict[str, int | str]) -> None:
        def check(row: AccessRow) -> None:
            page = tried(signed_in(cast.sam, acting_by=lenas_keys["assistance_id"]), row, "GET", lenas_keys)
            ways = set(WAY.findall(page.content.decode(errors="replace")))
            assert [way for way in sorted(ways) if is_theirs_alone(way)] == []

        on_every([row for row in ROWS if not set(row.access.audiences) <= FOR_ONESELF], check)

    def test_changes_the_owners_records_and_never_what_is_theirs_alone(
        self, cast: Cast, lenas_keys: dict[str, int | str]
    ) -> None:
        def check(row: AccessRow) -> None:
            sam = signed_in(cast.sam, acting_by=lenas_keys["assistance_id"])
            before = state_of(cast)
            answer = tried(sam, row, "POST", lenas_keys)
            after = state_of(cast)
            if set(row.access.audiences) <= FOR_ONESELF:
                assert (answer.status_code, after) == (403, before)
            elif row.access.audience is Audience.ASSISTED:
                assert answer.status_code in {200, 302}
                assert after[1:] == before[1:]
            else:
                assert answer.status_code < 500
                assert after[0] == before[0]

        on_every(CHANGING, check)

    def test_is_named_in_the_trail_for_every_change(self, cast: Cast, lenas_keys: dict[str, int | str]) -> None:
        def check(row: AccessRow) -> None:
            before, latest = all_of(cast.lena), AuditEntry.objects.order_by("-pk").values_list("pk", flat=True)[0]
            tried(signed_in(cast.sam, acting_by=lenas_keys["assistance_id"]), row, "POST", lenas_keys)
            new = AuditEntry.objects.filter(subject_id=cast.lena.pk, pk__gt=latest).exclude(actor_id=None)
            actors = set(new.values_list("actor_id", flat=True))
            assert actors <= {cast.sam.pk}
            assert actors or all_of(cast.lena) == before

        on_every(CHANGING, check)

    def test_gets_nothing_once_it_has_ended(self, cast: Cast, lenas_keys: dict[str, int | str]) -> None:
        Assistance.objects.filter(owner=cast.lena).update(ended_at=NOW)

        def check(row: AccessRow) -> None:
            for method in row.access.methods:
                sam = signed_in(cast.sam, acting_by=lenas_keys["assistance_id"])
                before = state_of(cast)
                answer = tried(sam, row, method, lenas_keys)
                assert (answer.status_code, answer["Location"]) == (302, "/")
                assert state_of(cast) == before

        on_every(ROWS, check)

    @pytest.mark.parametrize("by", ["assisted_id", "assistance_id"], ids=["acting for Ravi", "with a forged session"])
    def test_gets_nothing_of_somebody_elses(self, cast: Cast, lenas_keys: dict[str, int | str], by: str) -> None:
        Assistance.objects.filter(pk=lenas_keys["assisted_id"]).update(assistant=cast.sam)
        Assistance.objects.filter(pk=lenas_keys["assistance_id"]).update(assistant=cast.otto)

        def check(row: AccessRow) -> None:
            for method in row.access.methods:
                before = all_of(cast.lena)
                answer = tried(signed_in(cast.sam, acting_by=lenas_keys[by]), row, method, lenas_keys)
                assert answer.status_code < 500
                assert not tells_of_lena(answer)
                assert all_of(cast.lena) == before

        on_every(ROWS, check)


class TestTheAccessTable:
    def test_stands_in_the_docs_as_the_code_has_it(self) -> None:
        page = Path(__file__).parents[2] / "docs" / "reference" / "access.md"
        assert page.read_text(encoding="utf-8") == access_page()

    def test_says_post_for_every_change(self) -> None:
        changing = [row for row in ROWS if row.route.endswith(("purpose", "undo", "drop", "export", "unplanned"))]
        assert changing
        assert all(row.access.methods == ("POST",) for row in changing)
