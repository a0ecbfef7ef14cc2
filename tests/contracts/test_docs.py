"""Examples in the README, the docs and the docstrings do what they say."""

import doctest
import importlib
import pkgutil
import re
from pathlib import Path

import pytest
from tools.examples import PAGES, ROOT, examples, output_of

import equipoise.adapters
import equipoise.core


def modules() -> list[str]:
    """Every module of the core and the adapters."""
    return [
        found.name
        for package in (equipoise.core, equipoise.adapters)
        for found in pkgutil.walk_packages(package.__path__, package.__name__ + ".")
    ]


class TestExamples:
    def test_of_the_readme_show_the_main_job(self) -> None:
        assert any("measure" in example.command for example in examples(ROOT / "README.md"))

    @pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
    def test_print_what_is_shown(self, page: Path, tmp_path: Path) -> None:
        for example in examples(page):
            assert output_of(example, tmp_path) == example.shown, f"{example.command}: run python -m tools.examples"


class TestDocstrings:
    @pytest.mark.parametrize("name", modules())
    def test_hold_examples_that_run(self, name: str) -> None:
        assert doctest.testmod(importlib.import_module(name)).failed == 0


class TestLinks:
    @pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
    def test_lead_somewhere(self, page: Path) -> None:
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name} links to {target}"
