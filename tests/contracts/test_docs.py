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

FIGURE = re.compile(r"[+-]?\d+(?:\.\d+)?")
BAR = re.compile(r"[█▓░·]+")


def last_digit(figure: str) -> float:
    """One step of the last digit, and a hair: another processor may round an edge the other way."""
    return 1.01 * 10.0 ** -len(figure.partition(".")[2])


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
            told = output_of(example, tmp_path)
            advice = f"{example.command}: run python -m tools.examples"
            assert FIGURE.sub("0", BAR.sub("", told)).split() == FIGURE.sub("0", BAR.sub("", example.shown)).split(), (
                advice
            )
            pairs = zip(FIGURE.findall(told), FIGURE.findall(example.shown), strict=True)
            assert all(abs(float(one) - float(other)) <= last_digit(other) for one, other in pairs), advice


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
