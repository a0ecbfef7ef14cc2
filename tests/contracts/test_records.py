"""Every table stands in the register of kinds of record, and who sees a kind is what the pages let see."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from django.apps import apps
from tests.cast import NOW, Cast
from tools.reference import records_page

from equipoise.apps.privacy.own_data.queries import everything
from equipoise.platform.access import Audience, access_table
from equipoise.platform.records import NO_RECORD, Kind, accesses_to, kinds

NOTHING_OF_ANYBODY = {
    "auth.Permission",
    "auth.Group",
    "contenttypes.ContentType",
    "sites.Site",
}
"""Tables that come with the framework and hold nothing about a person."""

OF_THE_FILE = {"format", "exported_at"}
"""What the export says about itself."""


def named_twice(names: Iterable[str]) -> list[str]:
    return [name for name, times in Counter(names).items() if times > 1]


class TestTheRegister:
    def test_holds_every_table_once(self) -> None:
        registered = [model for kind in kinds() for model in kind.models]
        there = {model._meta.label for model in apps.get_models()} - NOTHING_OF_ANYBODY
        assert named_twice(registered) == []
        assert set(registered) == there, "declare the kinds of record of each app in its records.py"

    def test_has_one_kind_of_a_key(self) -> None:
        assert named_twice(kind.key for kind in kinds()) == []

    def test_holds_every_record_the_pages_name_once(self) -> None:
        registered = [record for kind in kinds() for record in kind.records]
        shown = {row.access.record for row in access_table()} - NO_RECORD
        assert named_twice(registered) == []
        assert set(registered) == shown, "name the records of pages and operations in the records.py of the app"

    def test_says_who_sees_each_kind_as_the_pages_and_operations_have_it(self) -> None:
        def declared(kind: Kind) -> set[Audience]:
            return {audience for access in accesses_to(kind) for audience in access.audiences}

        assert {kind.key: set(kind.seen_by) for kind in kinds()} == {kind.key: declared(kind) for kind in kinds()}

    def test_says_for_how_long_within_its_bounds(self) -> None:
        for kind in kinds():
            keeping = kind.keeping
            if keeping.may_be_set:
                assert keeping.least < keeping.most
                assert keeping.days is None or keeping.least <= keeping.days <= keeping.most

    def test_says_of_each_kind_how_it_is_taken_along_or_why_not(self) -> None:
        assert [kind.key for kind in kinds() if bool(kind.exported) == bool(kind.not_exported)] == []


class TestTheExport:
    def test_holds_what_the_register_says_and_nothing_else(self, cast: Cast) -> None:
        told = set(everything(cast.lena, now=NOW)) - OF_THE_FILE
        assert told == {key for kind in kinds() for key in kind.exported}


class TestThePageOfTheDocs:
    def test_stands_as_the_code_has_it(self) -> None:
        page = Path(__file__).parents[2] / "docs" / "reference" / "records.md"
        assert page.read_text(encoding="utf-8") == records_page()
