"""The background worker of `equipoise serve`, in a process of its own: `python -m equipoise.cli.worker`."""

from equipoise.cli.orphans import end_with_parent


def main() -> None:
    """Take up what an earlier worker left unfinished, then work until told to stop, or until the server is gone."""
    end_with_parent()
    import django
    from django.core.management import call_command

    django.setup()
    from equipoise.apps.calendars import tasks

    tasks.take_up_unfinished()
    call_command("db_worker", interval=0.3, startup_delay=False, verbosity=0)


if __name__ == "__main__":
    main()
