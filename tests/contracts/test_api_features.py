"""What the pages of the features do, the API does; its description names each thing once."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from ninja.operation import Operation
from ninja.schema import NinjaGenerateJsonSchema
from pydantic import BaseModel

from equipoise.config.api import api
from equipoise.platform.access import access_table

FEATURES = ("calendars:", "change:", "planner:", "growth:", "insights:", "privacy:", "spreadsheets:", "groups:")
OPERATION_OF = {
    "calendars:correct": "correct_entry",
    "calendars:undo": "undo_correction",
    "calendars:rules": "make_rule",
    "calendars:drop-rule": "drop_rule",
    "calendars:movable": "mark_entry_movable",
    "calendars:sources": "hand_in_calendar",
    "calendars:read-again": "read_calendar_again",
    "calendars:pause": "pause_calendar",
    "calendars:erase": "erase_calendar",
    "calendars:disconnect": "disconnect_calendar",
    "calendars:connect": "connect_calendar_account",
    "calendars:account": "choose_calendars",
    "calendars:look-again": "look_at_account_again",
    "calendars:account-password": "renew_account_password",
    "calendars:disconnect-account": "disconnect_calendar_account",
    "change:scan": "keep_scan",
    "change:own-band": "set_own_band",
    "change:drop-band": "hold_own_band",
    "change:bring-band-back": "hold_own_band",
    "planner:propose": "propose_week",
    "planner:accept": "accept_block",
    "planner:accept-all": "accept_week",
    "planner:shift": "shift_block",
    "planner:refuse": "refuse_block",
    "planner:undo": "undo_decision",
    "planner:write": "write_week",
    "planner:make-feed": "make_feed",
    "planner:end-feed": "end_feed",
    "planner:settings": "change_planner_settings",
    "planner:kind": "change_block_kind",
    "planner:drop-kind": "drop_block_kind",
    "planner:watch": "watch_one_to_one",
    "planner:unwatch": "unwatch_one_to_one",
    "growth:begin": "begin_reflection",
    "growth:write": "write_reflection",
    "growth:remove": "remove_reflection",
    "growth:put-back": "put_reflection_back",
    "growth:erase": "erase_reflection",
    "growth:search": "search_reflections",
    "growth:reminders": "choose_reflection_reminders",
    "growth:download": "download_reflections",
    "insights:count-in": "choose_whether_counted",
    "insights:unplanned": "say_unplanned_hours",
    "insights:digest": "choose_monday_mail",
    "spreadsheets:imports": "hand_in_tables",
    "spreadsheets:leavers": "choose_table_leavers",
    "spreadsheets:confirm": "carry_out_table_import",
    "spreadsheets:drop": "drop_table_import",
    "spreadsheets:undo": "undo_table_import",
    "groups:group": "say_what_group_means",
    "privacy:export": "export_own_data",
    "privacy:erase": "ask_for_erasing",
    "privacy:keep": "take_erasing_back",
    "privacy:erase-leaver": "erase_leaver",
    "privacy:keep-leaver": "keep_leaver",
    "privacy:retention": "choose_retention",
    "privacy:trail-check": "check_trail",
    "privacy:trail-export": "export_trail",
}
"""The operation for each page that changes something."""

STAYS_IN_THE_PAGES = {"insights:demo", "insights:own-calendar", "insights:digest-off"}
"""About the browser, or about somebody who has no token yet."""


def operations() -> Iterator[Operation]:
    """Every operation of the API."""
    for router in api._get_bound_routers():
        for view in router.path_operations.values():
            yield from view.operations


def schemas_of(made: Operation) -> Iterator[tuple[str, Any]]:
    """Every named schema an operation takes or answers with, as it is described."""
    told = [each for each in made.response_models.values() if isinstance(each, type) and issubclass(each, BaseModel)]
    for model in made.models:
        yield from _named(model, "validation")
    for answer in told:
        yield from _named(answer, "serialization")


def _named(model: type[BaseModel], mode: Literal["validation", "serialization"]) -> Iterator[tuple[str, Any]]:
    yield from model.model_json_schema(mode=mode, schema_generator=NinjaGenerateJsonSchema).get("$defs", {}).items()


class TestThePages:
    def test_do_nothing_that_the_api_does_not(self) -> None:
        names = {row.name for row in access_table() if not row.access.scope and "POST" in row.access.methods}
        of_features = {name for name in names if name.startswith(FEATURES)} - STAYS_IN_THE_PAGES
        assert sorted(of_features - set(OPERATION_OF)) == []

    def test_have_operations_that_are_there(self) -> None:
        assert sorted(set(OPERATION_OF.values()) - {made.operation_id for made in operations()}) == []

    def test_are_open_to_the_same_people(self) -> None:
        audiences = {row.name: row.access.audiences for row in access_table() if not row.access.scope}
        held = {made.operation_id: made.view_func.access.audiences for made in operations()}  # type: ignore[attr-defined]
        assert {name: held[key] for name, key in OPERATION_OF.items()} == {
            name: audiences[name] for name in OPERATION_OF
        }


class TestTheDescription:
    def test_means_one_thing_by_a_name(self) -> None:
        found: dict[str, Any] = {}
        for made in operations():
            for name, schema in schemas_of(made):
                assert found.setdefault(name, schema) == schema, f"{made.operation_id} means something else by {name}"

    def test_has_every_address_of_the_features_in_the_docs(self) -> None:
        page = (Path(__file__).parents[2] / "docs" / "reference" / "api-features.md").read_text(encoding="utf-8")
        told = set(re.findall(r"/[a-z-]+(?:/(?:[a-z-]+|\{[a-z_]+\}))*", page))
        told |= {f"/plan/blocks/{{block_id}}/{act}" for act in ("shifts", "refusals")}
        told |= {f"/organisation/imports/{{spreadsheet_id}}/{what}" for what in ("changes", "faults", "missing")}
        features = re.compile(
            r"equipoise\.apps\.(calendars|change|planner|growth|insights\.api|privacy|provisioning\.api)"
        )
        paths = {made.path for made in operations() if features.match(made.view_func.__module__)}
        assert sorted(paths - told) == []
