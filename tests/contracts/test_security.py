"""The threat model names tests that are there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", (ROOT / "SECURITY.md").read_text(encoding="utf-8"))


class TestTheThreatModel:
    def test_names_tests(self) -> None:
        assert len(NAMED) > 20

    @pytest.mark.parametrize(("file", "name"), NAMED)
    def test_names_only_what_is_there(self, file: str, name: str) -> None:
        assert f"class {name}" in (ROOT / file).read_text(encoding="utf-8")
