"""Promises the project makes about itself."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "src").rglob("*"))
OURS = [path for path in SOURCES if path.suffix in {".py", ".html", ".css", ".js", ".svg"}]


class TestMigrations:
    @pytest.mark.django_db
    def test_are_complete(self) -> None:
        call_command("makemigrations", "--check", "--dry-run", verbosity=0)

    def test_are_named_for_what_they_do(self) -> None:
        for app in apps.get_app_configs():
            if app.name.startswith("equipoise."):
                for path in (Path(app.path) / "migrations").glob("0*.py"):
                    assert "auto" not in path.stem


class TestPages:
    def test_name_no_other_host(self) -> None:
        allowed = ("http://www.w3.org/", "https://equipoise.", "https:// ", "https://host")
        for path in OURS:
            if path.suffix in {".html", ".css", ".js"}:
                text = path.read_text(encoding="utf-8")
                for word in ("http://", "https://", "//cdn"):
                    for part in text.split(word)[1:]:
                        assert (word + part).startswith(allowed), f"{path.name} names {word}{part[:40]}"

    def test_hold_no_inline_script_or_style(self) -> None:
        for path in OURS:
            if path.suffix == ".html":
                text = path.read_text(encoding="utf-8")
                assert "<script>" not in text
                assert " style=" not in text
                assert " onclick=" not in text


class TestTheCommandLine:
    @pytest.mark.parametrize("module", ["numpy", "django", "icalendar", "polars"])
    def test_help_imports_nothing_heavy(self, module: str) -> None:
        code = f"import sys, equipoise.cli.app; sys.exit({module!r} in sys.modules)"
        assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


class TestTheCore:
    def test_reaches_for_no_file_clock_or_network(self) -> None:
        forbidden = ("open(", "datetime.now", "date.today", "time.time(", "import socket", "import requests", "environ")
        for path in sorted((ROOT / "src" / "equipoise" / "core").rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            for word in forbidden:
                assert word not in text, f"{path.relative_to(ROOT)} has {word}"
