"""The background worker of `equipoise serve`, in a process of its own: `python -m equipoise.cli.worker`."""

import os
import threading
import time


def main() -> None:
    """Take up what an earlier worker left unfinished, then work until told to stop, or until the server is gone."""
    threading.Thread(target=_end_without, args=(os.getppid(),), daemon=True).start()
    import django
    from django.core.management import call_command

    django.setup()
    from equipoise.apps.calendars import tasks

    tasks.take_up_unfinished()
    call_command("db_worker", interval=0.3, startup_delay=False, verbosity=0)


def _end_without(parent: int) -> None:
    """End at once when the server has died: the next one's worker takes up what this one was at."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


if __name__ == "__main__":
    main()
