"""Another client of a calendar server: vdirsyncer brings a folder in step with it, and khal reads the folder."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

from tests.radicale_server import PASSWORD, USER, Radicale


def made_home(home: Path, calendar: str = "work") -> Path:
    """A home folder with khal set up for one calendar."""
    (home / "calendars").mkdir(parents=True)
    (home / "khal").write_text(
        f"[calendars]\n[[{calendar}]]\npath = {home}/calendars/{calendar}\n[sqlite]\npath = {home}/khal.db\n"
        "[locale]\nlocal_timezone = Europe/Berlin\ndefault_timezone = Europe/Berlin\ntimeformat = %H:%M\n"
        "dateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\ndatetimeformat = %Y-%m-%d %H:%M\n"
        "longdatetimeformat = %Y-%m-%d %H:%M\n"
    )
    return home


def run(home: Path, *command: str) -> str:
    """What a program says; one that fails fails the test."""
    inherited = {name: value for name, value in os.environ.items() if name in {"PATH", "LANG"}}
    done = subprocess.run(
        [sys.executable, "-m", *command],
        env={**inherited, "HOME": str(home), "XDG_CACHE_HOME": str(home), "PYTHONUTF8": "1"},
        input="y\n" * 9,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def sync(home: Path, server: Radicale, calendar: str = "work") -> None:
    """Bring folder and server in step with vdirsyncer."""
    config = home / "vdirsyncer"
    config.write_text(
        f'[general]\nstatus_path = "{home}/status/"\n'
        f'[pair work]\na = "here"\nb = "there"\ncollections = ["{calendar}"]\nconflict_resolution = "b wins"\n'
        f'[storage here]\ntype = "filesystem"\npath = "{home}/calendars/"\nfileext = ".ics"\n'
        f'[storage there]\ntype = "caldav"\nurl = "{server.address}"\nusername = "{USER}"\npassword = "{PASSWORD}"\n'
    )
    run(home, "vdirsyncer", "-c", str(config), "discover")
    run(home, "vdirsyncer", "-c", str(config), "sync")


def listed(home: Path, first: date, *, days: int = 2) -> list[str]:
    """What khal shows for some days."""
    lines = run(
        home, "khal", "-c", str(home / "khal"), "list", "--format", "{start-time}-{end-time} {title} {categories}",
        "--day-format", "", first.isoformat(), f"{days}d",
    )  # fmt: skip
    return [line.strip() for line in lines.splitlines() if line.strip()]
