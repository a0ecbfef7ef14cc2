"""The trail under "Your data" tells every act in the reader's language."""

import ast
from pathlib import Path

from django.test import Client
from django.utils import translation
from tests.cast import NOW, Cast

from equipoise.apps.privacy.own_data.words import ACT_NAMES, act_name
from equipoise.platform import audit

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "equipoise"


def recorded() -> set[str]:
    """Every verb that code hands to the audit trail, at once or through a function of its own called `_record`."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in sorted(PACKAGE.glob("**/*.py"))]
    calls = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    given = [argument.value for call in calls for argument in call.keywords if argument.arg == "verb"]
    handed_on = [argument for call in calls for argument in call.args if getattr(call.func, "id", "") == "_record"]
    told = [branch for each in (*given, *handed_on) for branch in either(each)]
    return {each.value for each in told if isinstance(each, ast.Constant) and isinstance(each.value, str)}


def either(given: ast.expr) -> list[ast.expr]:
    """What is handed over, or both that may be."""
    return [given.body, given.orelse] if isinstance(given, ast.IfExp) else [given]


class TestActNames:
    def test_name_every_verb_the_code_records(self) -> None:
        assert recorded()
        assert recorded() - set(ACT_NAMES) == set()

    def test_are_in_the_readers_language(self) -> None:
        with translation.override("de"):
            assert act_name("calendar read") == "Kalender gelesen"

    def test_leave_a_verb_of_another_version_as_it_is(self) -> None:
        assert act_name("moon visited") == "moon visited"


class TestTheTrail:
    def test_is_told_in_german(self, cast: Cast, as_lena: Client) -> None:
        cast.lena.language = "de"
        cast.lena.save()
        audit.record(actor_id=cast.lena.pk, subject_id=cast.lena.pk, verb="rule made", now=NOW)
        page = as_lena.get("/your-data/").content.decode()
        assert "Regel angelegt" in page
        assert "25. Nov. 2026, 10:00" in page
