"""Every operation of the features does what it says for its owner, and tells no secret on the way."""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from ninja.operation import Operation
from tests.apps.api_caller import Caller, caller
from tests.apps.calendar_texts import LENAS
from tests.cast import Cast
from tests.contracts import test_access as pages
from tests.contracts.test_api_features import operations

from equipoise.apps.growth.questions import week_to_look_back_at
from equipoise.core.situation.scan import QUESTIONS
from equipoise.platform.api import Scope

lenas_keys = pages.lenas_keys

FEATURES = re.compile(r"equipoise\.apps\.(calendars|change|planner|growth|insights\.api)")
EVERY = [made for made in operations() if FEATURES.match(made.view_func.__module__)]
PLAN_WITHOUT_HOURS = {
    "hours": [{"weekday": 0, "opens": "09:00", "closes": "17:00"}], "kept_free": [], "lunch": None,
    "buffer_minutes": 0, "minutes_a_day": 480, "travel_words": [], "travel_minutes": 0, "focus": "any", "targets": [],
}  # fmt: skip
KIND = {
    "title": "Quiet hour", "purpose": "vision", "minutes": 60, "longest": 60, "times": 1, "every_weeks": 1,
    "weekdays": [], "earliest": None, "latest": None, "worth": "normal", "energy": "any", "on": True,
}  # fmt: skip
PAYLOADS: dict[str, Any] = {
    "subscribe_calendar": {"address": "http://127.0.0.1:9/b.ics"},
    "pause_calendar": {"paused": True},
    "connect_calendar_account": {"address": "http://127.0.0.1:9/", "username": "lena", "password": "x"},
    "choose_calendars": {"read": []},
    "renew_account_password": {"password": "x"},
    "correct_entry": {"purpose": "vision"},
    "mark_entry_movable": {"movable": True},
    "make_rule": {"words": "budget", "purpose": "process"},
    "keep_scan": {question.key: next(iter(question.choices)) for question in QUESTIONS},
    "set_own_band": {"target": "horizon", "one_end": -0.5, "other_end": 0.2, "reason": "A steady year"},
    "hold_own_band": {"holds": False},
    "shift_block": {"weekday": 1, "starts": "09:00"},
    "refuse_block": {"why": "too_long"},
    "change_planner_settings": PLAN_WITHOUT_HOURS,
    "add_block_kind": KIND,
    "change_block_kind": KIND,
    "watch_one_to_one": {"name": "Grace", "cadence_days": 7},
    "begin_reflection": {"rhythm": "weekly", "start": week_to_look_back_at(timezone.localdate()).isoformat()},
    "write_reflection": {"intention": "Changed"},
    "search_reflections": {"words": "Lena"},
    "choose_reflection_reminders": {"weekly": True, "monthly": False},
    "say_unplanned_hours": {"hours_per_week": 7},
    "choose_monday_mail": {"wanted": True},
}
"""A valid body for each operation that takes one."""

QUERIES: dict[str, dict[str, str]] = {
    "disconnect_calendar": {"read": "erase"},
    "disconnect_calendar_account": {"read": "erase"},
    "find_series": {"words": "Tom"},
    "list_balance_parts": {"purpose": "leading"},
    "list_entries": {"start": "2026-10-05", "end": "2026-11-02"},
}
NO_SERVER = {"connect_calendar_account", "look_at_account_again", "renew_account_password"}
"""What asks a calendar server, which is not there."""

MAY_BE_NOTHING = {"get_week_review", "write_week"}
"""What there is nothing for in Lena's records: no review of a week without a plan, no calendar to write to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """How one operation is tried on Lena's records."""

    made: Operation
    keys: dict[str, int | str]

    @property
    def name(self) -> str:
        """The name of the operation."""
        return self.made.operation_id or ""

    @property
    def changes(self) -> bool:
        """Whether it asks for leave to write."""
        return bool(self.made.view_func.access.scope == Scope.WRITE)  # type: ignore[attr-defined]

    def by(self, program: Caller) -> HttpResponse:
        """The answer to a valid request."""
        path = self.made.path.format(**self.keys)
        if self.name == "hand_in_calendar":
            return program.upload(path, "Lena's", LENAS)
        return program.answer(self.made.methods[0], path, PAYLOADS.get(self.name), query=QUERIES.get(self.name))


def used(program: Caller) -> Caller:
    """A program whose token was used today already; that is noted once a day."""
    program.answer("GET", "/entries")
    return program


def api_keys(keys: dict[str, int | str]) -> dict[str, int | str]:
    """Keys of Lena's records as the API names them."""
    week = (timezone.localdate() + timedelta(days=7)).isoformat()
    named = {"reading_id": keys["import_id"], "band_id": keys["override_id"], "week": week, "key": "strategy"}
    return {**keys, **named}


def on_every(keys: dict[str, int | str], check: Callable[[Tried], None], of: Iterable[Operation] = EVERY) -> None:
    """Check each operation on the same records, undoing what it did, and name every one that fails."""
    wrong = []
    for made in of:
        cache.clear()
        tried = Tried(made=made, keys=api_keys(keys))
        with transaction.atomic():
            try:
                check(tried)
            except AssertionError as error:
                wrong.append(f"{tried.name}: {error}")
            transaction.set_rollback(True)
    assert not wrong, "\n".join(wrong)


class TestEveryOperationOfTheFeatures:
    def test_is_tried_here_with_what_it_takes(self) -> None:
        bodies = [(str(each.operation_id), model.__ninja_param_source__) for each in EVERY for model in each.models]
        takes = {name for name, source in bodies if source == "body"}
        assert sorted(takes ^ set(PAYLOADS)) == []

    def test_answers_its_owner(self, cast: Cast, lenas_keys: dict[str, int | str]) -> None:
        program = caller(cast.lena)

        def check(tried: Tried) -> None:
            allowed = {409} if tried.name in NO_SERVER else {404, 409} if tried.name in MAY_BE_NOTHING else set()
            answer = tried.by(program)
            assert answer.status_code < 300 or answer.status_code in allowed, answer.content.decode()[:300]

        on_every(lenas_keys, check)

    def test_changes_nothing_by_a_token_for_reading(self, cast: Cast, lenas_keys: dict[str, int | str]) -> None:
        program = used(caller(cast.lena, Scope.READ))

        def check(tried: Tried) -> None:
            before = pages.all_of(cast.lena)
            answer = tried.by(program)
            assert (answer.status_code == 403) == tried.changes
            assert pages.all_of(cast.lena) == before

        on_every(lenas_keys, check)

    def test_tells_no_password_and_no_secret_address(self, cast: Cast, lenas_keys: dict[str, int | str]) -> None:
        program = caller(cast.lena)

        def check(tried: Tried) -> None:
            told = tried.by(program).content.decode(errors="replace")
            assert "Lena's own" not in told or tried.name in {"get_own_band", "list_own_bands", "hold_own_band"}
            assert "a.ics" not in told.replace('"shown_address": "http://127.0.0.1:9/a.ics"', "")

        on_every(lenas_keys, check, [each for each in EVERY if each.methods[0] == "GET"])

    def test_is_answered_when_the_vaults_key_is_lost(
        self, cast: Cast, lenas_keys: dict[str, int | str], settings: Any
    ) -> None:
        program = caller(cast.lena)
        settings.VAULT_KEYS = ("bmV3" * 10 + "bmU=",)

        def check(tried: Tried) -> None:
            assert tried.by(program).status_code < 500

        on_every(lenas_keys, check)

    def test_refuses_what_it_does_not_know(self, cast: Cast, lenas_keys: dict[str, int | str]) -> None:
        program = caller(cast.lena)

        def check(tried: Tried) -> None:
            sent = {**PAYLOADS[tried.name], "surprise": 1}
            path = tried.made.path.format(**tried.keys)
            answer = program.answer(tried.made.methods[0], path, sent, query=QUERIES.get(tried.name))
            assert answer.status_code == 422
            assert json.loads(answer.content)["errors"]

        on_every(lenas_keys, check, [each for each in EVERY if each.operation_id in PAYLOADS])
