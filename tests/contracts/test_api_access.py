"""Who may use which operation of the API: each is tried without a token, with each scope, and as each of the cast."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from ninja.operation import Operation
from tests.apps.calendar_texts import LENAS
from tests.cast import NOW, Cast
from tests.contracts.test_access import all_of, lenas_keys, tells_of_lena  # noqa: F401 - a fixture

from equipoise.apps.growth.questions import week_to_look_back_at
from equipoise.apps.integrations.actions import make_token
from equipoise.apps.people.models import Assistance, Person
from equipoise.config.api import api
from equipoise.core.situation.scan import QUESTIONS
from equipoise.platform.access import FOR_ONESELF, ROLE_OF, Access, Audience
from equipoise.platform.api import Scope
from equipoise.platform.api.declaring import access_of
from equipoise.platform.api.running import takes_body
from equipoise.platform.models import AuditEntry

Keys = dict[str, int | str]
OWN = {Audience.SELF, Audience.ASSISTED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One operation."""

    name: str
    method: str
    route: str
    access: Access
    has_body: bool

    @property
    def is_own(self) -> bool:
        """Whether it is about one person's own records."""
        return set(self.access.audiences) <= OWN

    @property
    def is_role(self) -> bool:
        """Whether a role is needed."""
        return set(self.access.audiences) <= set(ROLE_OF)

    @property
    def has_key(self) -> bool:
        """Whether it names one record."""
        return "{" in self.route and not set(keys_in(self.route)) <= SHARED_KEYS


SHARED_KEYS = {"week", "pack", "key", "role", "person_id", "team_id", "balance_team_id", "table"}
"""Keys that name a week, a kind of block, or what all of the organisation share; no record of Lena's own."""


def keys_in(route: str) -> list[str]:
    return [part.partition("}")[0].rpartition(":")[2] for part in route.split("{")[1:]]


def rows() -> Iterator[Row]:
    for bound in api._get_bound_routers():
        for path, view in bound.path_operations.items():
            for each in view.operations:
                yield row_of(path, each)


def row_of(path: str, made: Operation) -> Row:
    access = access_of(made)
    assert access is not None, f"{made.operation_id} does not say who may use it; declare it with @operation"
    (method,) = made.methods
    return Row(
        name=str(made.operation_id), method=method, route=f"/api/v1{path}", access=access, has_body=takes_body(made)
    )


ROWS = list(rows())

BLOCK_KIND = {
    "title": "Quiet hour", "purpose": "vision", "minutes": 60, "longest": 60, "times": 1, "every_weeks": 1,
    "weekdays": [], "earliest": None, "latest": None, "worth": "normal", "energy": "any", "on": True,
}  # fmt: skip

SENT: dict[str, Any] = {
    "add_block_kind": BLOCK_KIND,
    "add_person": {"name": "Pat Doe", "email": "pat@agency.example", "title": "Writer", "level": "member"},
    "add_team": {"name": "Copy desk", "key": "copy"},
    "add_webhook": {"name": "Hook", "address": "https://127.0.0.1:9/", "groups": ["plan"]},
    "add_webhook_of_organisation": {"name": "Hook", "address": "https://127.0.0.1:9/", "groups": ["teams"]},
    "ask_for_erasing": {"email": "lena@agency.example"},
    "begin_reflection": {"rhythm": "weekly", "start": week_to_look_back_at(NOW.date()).isoformat()},
    "carry_out_table_import": {"digest": "0" * 64},
    "change_block_kind": BLOCK_KIND,
    "change_person": {"name": "Renamed"},
    "change_planner_settings": {
        "hours": [{"weekday": 0, "opens": "09:00", "closes": "17:00"}], "kept_free": [], "lunch": None,
        "buffer_minutes": 15, "minutes_a_day": 480, "travel_words": [], "travel_minutes": 30, "focus": "any",
        "targets": [],
    },
    "change_settings": {"theme": "dark", "work_from": "08:00"},
    "change_webhook": {"name": "Other", "paused": True},
    "change_webhook_of_organisation": {"name": "Other", "paused": True},
    "choose_calendars": {"read": []},
    "choose_monday_mail": {"wanted": True},
    "choose_reflection_reminders": {"weekly": True, "monthly": False},
    "choose_retention": {"kinds": []},
    "choose_table_leavers": {"on": "2199-01-01", "leave": []},
    "choose_whether_counted": {"counts_in": True},
    "connect_calendar_account": {"address": "http://127.0.0.1:9/", "username": "lena", "password": "x"},
    "correct_entry": {"purpose": "vision"},
    "export_trail": {},
    "hand_in_calendar": {},
    "hand_in_tables": {},
    "hold_own_band": {"holds": True},
    "invite_assistant": {"name": "Pat", "email": "pat@agency.example"},
    "keep_scan": {question.key: next(iter(question.choices)) for question in QUESTIONS},
    "leave": {},
    "leave_team": {"on": "2199-01-01"},
    "make_joining_link": {"by": "hand"},
    "make_rule": {"words": "budget", "purpose": "process"},
    "mark_entry_movable": {"movable": True},
    "move_team": {"parent_id": None},
    "pause_calendar": {"paused": True},
    "refuse_block": {"why": "too_long"},
    "rename_team": {"name": "Renamed"},
    "renew_account_password": {"password": "x"},
    "say_what_group_means": {"means": "role", "role": "auditor"},
    "say_unplanned_hours": {"hours_per_week": 7},
    "search_reflections": {"words": "Lena"},
    "set_lines": {"manager_id": None},
    "set_member": {"leads": True},
    "set_own_band": {"target": "horizon", "one_end": -0.5, "other_end": 0.2, "reason": "A steady year"},
    "set_position": {"title": "Writer"},
    "shift_block": {"weekday": 1, "starts": "09:00"},
    "subscribe_calendar": {"address": "http://127.0.0.1:9/a.ics"},
    "watch_one_to_one": {"name": "Grace", "cadence_days": 7},
    "write_reflection": {},
}  # fmt: skip
"""What a valid body of each operation that takes one holds; a new one must be added here."""

ASKED = {
    "list_balance_parts": {"purpose": "vision"},
    "disconnect_calendar_account": {"read": "erase"},
    "disconnect_calendar": {"read": "erase"},
    "find_series": {"words": "1:1"},
}
"""What an address must ask by."""

HANDED_IN = {
    "hand_in_calendar": ("lena.ics", LENAS),
    "hand_in_tables": ("people.csv", b"Name,Email\nPat Doe,pat@agency.example\n"),
}
"""The file that comes with the form of an operation that takes one."""

ANSWERED_FOR = {
    "carry_out_table_import", "choose_retention", "choose_table_leavers", "drop_table_import", "erase_leaver",
    "hand_in_tables", "keep_leaver", "say_what_group_means", "undo_table_import",
}  # fmt: skip
"""Acts of administrators that somebody has to answer for: no program of the organisation does them by itself."""

RENAMED = {"band_id": "override_id", "reading_id": "import_id"}


def address(row: Row, keys: Keys) -> str:
    route = row.route
    fixed: Keys = {"week": "2026-11-30", "key": "strategy", "role": "auditor", "pack": "record", "table": "people"}
    for name in keys_in(row.route):
        whose = "organisation_" if "/organisation/" in row.route and name in {"token_id", "webhook_id"} else ""
        value = fixed.get(name) or keys[RENAMED.get(name, f"{whose}{name}")]
        at = route.index("{")
        route = f"{route[:at]}{value}{route[route.index('}') + 1 :]}"
    return route


def token(person: Person | None, *scopes: Scope) -> str:
    return make_token(actor=None, person=person, name="Test", scopes=scopes or {Scope.WRITE}, expires_at=None, now=NOW)


def ask(row: Row, keys: Keys, secret: str = "", **headers: str) -> HttpResponse:
    """The answer to a valid request."""
    sent = {"Authorization": f"Bearer {secret}"} if secret else {}
    more = {name.replace("_", "-"): value for name, value in headers.items()}
    body: dict[str, Any] = {}
    if row.name in HANDED_IN:
        handed = {"file": SimpleUploadedFile(*HANDED_IN[row.name])}
        return Client().post(address(row, keys), handed, headers={**sent, **more})  # type: ignore[return-value]
    if row.has_body:
        body = {"data": json.dumps(SENT[row.name]), "content_type": "application/json"}
    return Client().generic(  # type: ignore[return-value]
        row.method, address(row, keys), headers={**sent, **more}, query_params=ASKED.get(row.name), **body
    )


def on_every(chosen: list[Row], check: Callable[[Row], None]) -> None:
    """Check each operation on the same records, undoing what it did, and name every one that fails."""
    wrong = []
    for row in chosen:
        cache.clear()
        with transaction.atomic():
            try:
                check(row)
            except AssertionError as error:
                wrong.append(f"{row.name} ({row.access.audience.name}): {error}")
            transaction.set_rollback(True)
    assert not wrong, "\n".join(wrong)


def who_may(row: Row, cast: Cast) -> Person:
    by_role = {Audience.ADMINISTRATOR: cast.ada, Audience.PARTNER: cast.ines, Audience.AUDITOR: cast.vera}
    return next((by_role[each] for each in row.access.audiences if each in by_role), cast.lena)


class TestEveryOperation:
    def test_that_takes_a_body_stands_in_the_table_here(self) -> None:
        assert {row.name for row in ROWS if row.has_body} == set(SENT)

    def test_has_a_name_of_its_own(self) -> None:
        names = [row.name for row in ROWS]
        assert sorted(names) == sorted(set(names))

    def test_reads_with_the_scope_read_and_changes_with_write(self) -> None:
        searches = {"search_reflections"}
        wrong = [
            row.name
            for row in ROWS
            if row.name not in searches and (row.access.scope == Scope.READ) != (row.method == "GET")
        ]
        assert wrong == []

    def test_opens_to_nobody_without_a_token(self, cast: Cast, lenas_keys: Keys) -> None:  # noqa: F811
        def check(row: Row) -> None:
            for secret in ("", "eqp_guessed"):
                answer = ask(row, lenas_keys, secret)
                assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
                assert answer["WWW-Authenticate"].startswith("Bearer")

        on_every(ROWS, check)

    @pytest.mark.parametrize("held", [Scope.READ, Scope.SCIM])
    def test_asks_for_its_scope(self, cast: Cast, lenas_keys: Keys, held: Scope) -> None:  # noqa: F811
        everybody = (cast.lena, cast.ada, cast.ines, cast.vera)
        secrets = {person: token(person, held) for person in everybody if held is not Scope.SCIM}
        organisation = token(None, held)

        def check(row: Row) -> None:
            person = who_may(row, cast)
            answer = ask(row, lenas_keys, secrets.get(person, organisation))
            if held is Scope.READ and row.access.scope == Scope.READ:
                assert answer.status_code < 400 or answer.status_code in {404, 409}
            else:
                assert answer.status_code == 403
                assert "scope" in json.loads(answer.content)["detail"]

        on_every(ROWS, check)

    def test_lets_in_whom_it_is_for(self, cast: Cast, lenas_keys: Keys) -> None:  # noqa: F811
        secrets = {person: token(person) for person in (cast.lena, cast.ada, cast.ines, cast.vera)}

        def check(row: Row) -> None:
            answer = ask(row, lenas_keys, secrets[who_may(row, cast)])
            assert answer.status_code in {200, 201, 202, 204, 404, 409}, answer.content.decode()

        on_every(ROWS, check)

    def test_finds_most_of_what_the_owner_asks_for(self, cast: Cast, lenas_keys: Keys) -> None:  # noqa: F811
        secrets = {person: token(person) for person in (cast.lena, cast.ada, cast.ines, cast.vera)}
        missed: list[str] = []

        def check(row: Row) -> None:
            if ask(row, lenas_keys, secrets[who_may(row, cast)]).status_code >= 400:
                missed.append(row.name)

        on_every(ROWS, check)
        assert len(missed) < len(ROWS) / 6, missed

    def test_is_refused_with_a_token_whose_person_has_left(self, cast: Cast, lenas_keys: Keys) -> None:  # noqa: F811
        secret = token(cast.lena)
        Person.objects.filter(pk=cast.lena.pk).update(is_active=False)
        on_every(ROWS[::7], lambda row: _is(ask(row, lenas_keys, secret), 401))


def _is(answer: HttpResponse, status: int) -> None:
    assert answer.status_code == status


class TestAnOutsider:
    def test_gets_nothing_of_lenas_and_changes_nothing(self, cast: Cast, lenas_keys: Keys) -> None:  # noqa: F811
        secret = token(cast.otto)

        def check(row: Row) -> None:
            before = all_of(cast.lena)
            answer = ask(row, lenas_keys, secret)
            assert answer.status_code < 500
            if row.has_key:
                assert answer.status_code == 404, answer.content.decode()
            assert not tells_of_lena(answer)
            assert all_of(cast.lena) == before

        names_her = {"search_reflections", "hand_in_calendar"}
        on_every([row for row in ROWS if row.is_own and row.name not in names_her], check)

    def test_lacks_every_role(self, cast: Cast, lenas_keys: Keys) -> None:  # noqa: F811
        secrets = [token(person) for person in (cast.otto, cast.grace, cast.lena)]

        def check(row: Row) -> None:
            for secret in secrets:
                assert ask(row, lenas_keys, secret).status_code == 403

        on_every([row for row in ROWS if row.is_role], check)


class TestARole:
    def test_opens_nothing_of_a_persons_own(self, cast: Cast, lenas_keys: Keys) -> None:  # noqa: F811
        secrets = [token(person) for person in (cast.ada, cast.ines, cast.vera, cast.ravi)]

        def check(row: Row) -> None:
            before = all_of(cast.lena)
            for secret in secrets:
                assert ask(row, lenas_keys, secret).status_code == 404
            assert all_of(cast.lena) == before

        ravis = {"leave_owner"}  # Lena acts for Ravi, who may not end it from her side either
        on_every([row for row in ROWS if row.is_own and row.has_key and row.name not in ravis], check)

    def test_of_an_auditor_or_partner_changes_no_roles(self, cast: Cast, lenas_keys: Keys) -> None:  # noqa: F811
        only = [row for row in ROWS if set(row.access.audiences) == {Audience.ADMINISTRATOR}]
        for person in (cast.vera, cast.ines):
            secret = token(person)

            def check(row: Row, secret: str = secret) -> None:
                assert ask(row, lenas_keys, secret).status_code == 403

            on_every(only, check)


class TestAnAssistant:
    def test_is_let_in_for_the_owner_but_not_to_what_is_theirs_alone(
        self,
        cast: Cast,
        lenas_keys: Keys,  # noqa: F811
    ) -> None:
        secret, owners = token(cast.sam), token(cast.lena)

        def check(row: Row) -> None:
            with transaction.atomic():
                wanted = ask(row, lenas_keys, owners).status_code
                transaction.set_rollback(True)
            answer = ask(row, lenas_keys, secret, Acting_For=str(lenas_keys["assistance_id"]))
            if set(row.access.audiences) <= FOR_ONESELF:
                assert answer.status_code == 403
            else:
                assert answer.status_code == wanted

        on_every(ROWS, check)

    def test_is_named_in_the_trail(self, cast: Cast, lenas_keys: Keys) -> None:  # noqa: F811
        secret = token(cast.sam)

        def check(row: Row) -> None:
            before, latest = all_of(cast.lena), AuditEntry.objects.order_by("-pk").values_list("pk", flat=True)[0]
            ask(row, lenas_keys, secret, Acting_For=str(lenas_keys["assistance_id"]))
            new = AuditEntry.objects.filter(subject_id=cast.lena.pk, pk__gt=latest).exclude(actor_id=None)
            actors = set(new.values_list("actor_id", flat=True))
            assert actors <= {cast.sam.pk}
            assert actors or all_of(cast.lena) == before

        on_every([row for row in ROWS if row.is_own and row.method != "GET"], check)

    def test_gets_nothing_once_it_has_ended(self, cast: Cast, lenas_keys: Keys) -> None:  # noqa: F811
        secret = token(cast.sam)
        Assistance.objects.filter(owner=cast.lena).update(ended_at=NOW)
        acting = str(lenas_keys["assistance_id"])
        on_every(ROWS, lambda row: _is(ask(row, lenas_keys, secret, Acting_For=acting), 404))

    def test_gets_nothing_by_somebody_elses_number(self, cast: Cast, lenas_keys: Keys) -> None:  # noqa: F811
        secret, acting = token(cast.otto), str(lenas_keys["assistance_id"])
        on_every(ROWS[::5], lambda row: _is(ask(row, lenas_keys, secret, Acting_For=acting), 404))


class TestATokenOfTheOrganisation:
    def test_opens_what_all_see_and_what_administrators_do_and_nobodys_own(
        self,
        cast: Cast,
        lenas_keys: Keys,  # noqa: F811
    ) -> None:
        secret = token(None)

        def check(row: Row) -> None:
            before = all_of(cast.lena) if row.is_own else {}
            answer = ask(row, lenas_keys, secret)
            if row.name in ANSWERED_FOR:
                assert answer.status_code in {403, 404}
            elif {Audience.MEMBER, Audience.ADMINISTRATOR} & set(row.access.audiences):
                assert answer.status_code in {200, 201, 204, 404, 409}, answer.content.decode()
            else:
                assert answer.status_code == 403
                assert not tells_of_lena(answer)
                assert not row.is_own or all_of(cast.lena) == before

        on_every(ROWS, check)

    def test_acts_for_nobody(self, cast: Cast, lenas_keys: Keys) -> None:  # noqa: F811
        secret, acting = token(None), str(lenas_keys["assistance_id"])
        on_every(ROWS[::5], lambda row: _is(ask(row, lenas_keys, secret, Acting_For=acting), 403))
