"""How fast the API answers about a person's calendar, each operation beside the page that shows the same.

    PYTHONPATH=. python benchmarks/api_features.py

Somebody of the demo agency with 1,400 times of entries; SQLite in a file. Each is asked once with nothing kept, then
eleven times, of which the median is told. Only the server's own work counts: there is no network in between.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

TIMES = 11


def prepare(folder: str) -> None:
    """A fresh database with the demo agency in it."""
    os.environ |= {"EQUIPOISE_DATA": folder, "DJANGO_SETTINGS_MODULE": "equipoise.config.settings"}
    os.environ |= {"EQUIPOISE_HOSTS": "testserver", "EQUIPOISE_DEBUG": "1"}
    (Path(folder) / "static").mkdir()
    import django  # noqa: PLC0415 - the settings are named first

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from equipoise.apps.insights.welcome.actions import load_demo_agency  # noqa: PLC0415

    call_command("migrate", verbosity=0, interactive=False)
    load_demo_agency(language="en", now=timezone.now())


def milliseconds(ask: Callable[[], int]) -> tuple[float, float]:
    """The first answer with nothing kept, and the median of those after."""
    from django.core.cache import cache  # noqa: PLC0415

    ask()  # modules are read
    cache.clear()
    taken = []
    for _ in range(TIMES + 1):
        begin = time.perf_counter()
        status = ask()
        taken.append(1000 * (time.perf_counter() - begin))
        assert status == 200, status
    return taken[0], statistics.median(taken[1:])


def main() -> None:
    """Print both figures of every operation and its page."""
    with tempfile.TemporaryDirectory() as folder:
        prepare(folder)
        from django.test import Client  # noqa: PLC0415
        from django.utils import timezone  # noqa: PLC0415

        from equipoise.apps.insights.welcome.actions import reach_of  # noqa: PLC0415
        from equipoise.apps.integrations.actions import make_token  # noqa: PLC0415
        from equipoise.apps.people.models import Person  # noqa: PLC0415
        from equipoise.platform.api import Scope  # noqa: PLC0415

        now = timezone.now()
        person = Person.objects.filter(memberships__leads=True).exclude(demo_key="").order_by("pk")[0]
        reach_of(person, now=now)
        secret = make_token(actor=person, person=person, name="Bench", scopes={Scope.READ}, expires_at=None, now=now)
        program, browser = Client(headers={"Authorization": f"Bearer {secret}"}), Client()
        browser.force_login(person)
        monday = timezone.localdate() - timedelta(days=timezone.localdate().weekday())
        beside = [
            ("/this-week", "/"),
            ("/balance", "/balance/"),
            ("/balance/parts?purpose=leading", "/balance/entries/?purpose=leading"),
            (f"/entries?start={monday}&end={monday + timedelta(days=7)}", f"/calendar/?day={monday}"),
            ("/doubts", "/calendar/review/"),
            ("/situation", "/situation/"),
            (f"/plan/weeks/{monday}/review", f"/plan/review/?week={monday}"),
            ("/plan/settings", "/plan/settings/"),
        ]
        print("| asked | first, API | then, API | first, page | then, page |")
        print("| --- | --- | --- | --- | --- |")
        for operation, page in beside:
            api = milliseconds(lambda path=operation: program.get(f"/api/v1{path}").status_code)  # type: ignore[misc]
            own = milliseconds(lambda path=page: browser.get(path).status_code)  # type: ignore[misc]
            print(f"| `{operation}` | {api[0]:.0f} ms | {api[1]:.0f} ms | {own[0]:.0f} ms | {own[1]:.0f} ms |")


if __name__ == "__main__":
    main()
