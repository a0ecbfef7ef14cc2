"""A table of 10,000 people in 500 teams: read, compared, carried out, taken out, read again as unchanged, undone.

    .venv/bin/python benchmarks/spreadsheet_import.py [--people 10000]

On an empty embedded database of its own. What reading takes is compared with openpyxl alone (read-only) on the same
workbook in the same run. Prints seconds passed and seconds of computing.
"""

import argparse
import io
import os
import resource
import tempfile
import time
from collections.abc import Callable
from typing import TypeVar

from openpyxl import load_workbook

from equipoise.adapters.spreadsheets import Sheet, read_workbook, write_xlsx

PEOPLE = ("Name", "E-mail", "Position", "Level", "Teams", "Leads", "Manager", "Joined")
TEAMS = ("Name", "Key", "Part of")

T = TypeVar("T")


def main() -> None:
    """Make the table, and print what each step takes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=10_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DJANGO_SETTINGS_MODULE"] = "equipoise.config.settings"
        os.environ["EQUIPOISE_DATA"] = folder
        import django  # noqa: PLC0415 - after the folder is known

        django.setup()
        _measure(asked.people)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"most memory: {most} MB")


def _measure(people: int) -> None:
    from django.core.management import call_command  # noqa: PLC0415 - after Django is ready
    from django.utils import timezone  # noqa: PLC0415

    from equipoise.apps.people import actions as persons  # noqa: PLC0415
    from equipoise.apps.provisioning.spreadsheets import actions, exporting, queries  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    now = timezone.now()
    owner = persons.add_owner(email="owner@a.example", zone="UTC", language="en", now=now)
    content = write_xlsx(_tables(people), now=now)
    ours = _timed("read the workbook", lambda: read_workbook(content))
    peer = _timed("  openpyxl alone", lambda: _peer(content))
    print(f"  {len(ours)} tables of {peer} cells")
    row = _timed("hand it in", lambda: actions.hand_in(actor=owner, files=[("x.xlsx", content)], now=now))
    plan = _timed("compare", lambda: queries.plan_of(row, actor=owner, now=now))
    actions.agree(actor=owner, planned=row, digest=plan.digest, without_errors=False, now=now)
    _timed("carry it out", lambda: actions.carry_out(actor=owner, import_id=row.pk, now=now))
    row.refresh_from_db()
    out = _timed(
        "take it out",
        lambda: exporting.export("organisation.xlsx", actor=owner, language="en", today=now.date(), now=now),
    )
    again = actions.hand_in(actor=owner, files=[("x.xlsx", out)], now=now)
    same = _timed("compare what was taken out", lambda: queries.plan_of(again, actor=owner, now=now))
    print(f"  {same.unchanged} rows unchanged, {same.size} changed")
    _timed("undo", lambda: actions.undo(actor=owner, done=row, now=now))


def _tables(people: int) -> list[Sheet]:
    teams = [(f"Team {n}", f"T{n}", f"T{(n - 1) // 8}" if n else "") for n in range(-(-people // 20))]
    rows = [
        (
            f"Person {n}",
            f"p{n}@a.example",
            "Does things",
            "member",
            f"T{n // 20}",
            "" if n % 20 else "yes",
            f"p{(n - 1) // 8}@a.example" if n else "",
            "2026-01-05",
        )
        for n in range(people)
    ]
    return [Sheet(name="People", head=PEOPLE, rows=rows), Sheet(name="Teams", head=TEAMS, rows=teams)]


def _peer(content: bytes) -> int:
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    return sum(len(values) for sheet in book.worksheets for values in sheet.iter_rows(values_only=True))


def _timed(name: str, act: Callable[[], T]) -> T:
    passed, computed = time.perf_counter(), time.process_time()
    result = act()
    print(f"{name}: {time.perf_counter() - passed:.1f} s, {time.process_time() - computed:.1f} s of computing")
    return result


if __name__ == "__main__":
    main()
