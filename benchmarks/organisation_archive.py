"""The demo agency in one archive: written, checked, and read into an empty database, beside Django's own dump.

    .venv/bin/python benchmarks/organisation_archive.py [--people 40]

On empty embedded databases of its own. `dumpdata` of the same database, in the same run, is what it is compared with;
that keeps times to the millisecond only and checks nothing. Prints seconds, and the most memory each command took.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FILL = """
import os, django
django.setup()
from django.core.management import call_command
from django.utils import timezone
call_command("migrate", verbosity=0)
from equipoise.apps.insights.welcome import actions
from equipoise.apps.people.models import Person
now = timezone.now()
actions.load_demo_agency(language="en", now=now)
for person in Person.objects.exclude(demo_key="").order_by("pk")[: int(os.environ["PEOPLE"])]:
    actions.read_demo_calendar(person=person, now=now)
"""
CLI = "from equipoise.cli.app import main; main()"


def main() -> None:
    """Fill a database, move it, and print what each step takes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=40)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        there, back, archive = Path(folder) / "there", Path(folder) / "back", Path(folder) / "all.zip"
        there.mkdir()
        back.mkdir()
        _run("fill", there, "-c", FILL, PEOPLE=str(asked.people))
        shutil.copy(there / "vault.key", back)
        _run("export", there, "-c", CLI, "organisation", "export", "--data", there, archive)
        print(f"  {archive.stat().st_size / 1e6:.1f} MB", flush=True)
        _run("check", there, "-c", CLI, "organisation", "check", archive)
        _run("import", back, "-c", CLI, "organisation", "import", "--data", back, archive)
        dump = Path(folder) / "dump.json"
        _run("Django's dumpdata", there, "-m", "django", "dumpdata", "--output", dump)
        print(f"  {dump.stat().st_size / 1e6:.1f} MB")


def _run(name: str, data: Path, *arguments: object, **more: str) -> None:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "equipoise.config.settings",
        "EQUIPOISE_DATA": str(data),
        **more,
    }
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *map(str, arguments)], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{name} failed")
    computed, memory = used.ru_utime + used.ru_stime, used.ru_maxrss // 1024
    print(f"{name}: {time.perf_counter() - started:.1f} s, {computed:.1f} s of computing, {memory} MB", flush=True)


if __name__ == "__main__":
    main()
