"""Readings that were cut off, and what a person handed in and erased before it was read."""

import os
from collections.abc import Callable
from io import BytesIO
from types import ModuleType

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone
from tests.apps.calendar_texts import LENAS
from tests.apps.erasing import erase_now
from tests.cast import NOW, Cast

from equipoise.apps.calendars import actions, storing, tasks
from equipoise.apps.calendars.models import Calendar, Entry, Import
from equipoise.apps.people.models import Person


@pytest.fixture
def cut_off(cast: Cast) -> Callable[..., Import]:
    """A reading whose worker died, having been begun so often."""

    def made(*, attempts: int = 1) -> Import:
        job = actions.hand_in_calendar(
            actor=cast.lena, person=cast.lena, upload=BytesIO(LENAS), address="", name="l.ics", now=NOW
        )
        job.state, job.attempts = Import.State.SORTING, attempts
        job.save()
        return job

    return made


def leftovers() -> list[str]:
    return default_storage.listdir("imports")[1] if default_storage.exists("imports") else []


class TestTakeUpUnfinished:
    def test_reads_what_was_cut_off(self, cut_off: Callable[..., Import]) -> None:
        job = cut_off()
        assert tasks.take_up_unfinished(timezone.now()) == 1
        job.refresh_from_db()
        assert (job.state, job.entries, job.attempts) == ("done", 7, 2)
        assert Calendar.objects.get().name == "l.ics"
        assert leftovers() == []

    def test_gives_up_what_was_cut_off_twice_and_says_so(self, cut_off: Callable[..., Import], as_lena: Client) -> None:
        job = cut_off(attempts=2)
        assert tasks.take_up_unfinished(timezone.now()) == 0
        job.refresh_from_db()
        assert (job.state, job.failure_kind) == ("failed", "Interrupted")
        assert "The server stopped twice" in as_lena.get(f"/calendar/imports/{job.pk}/").content.decode()
        assert leftovers() == []

    def test_deletes_uploads_nobody_waits_for(self, db: None) -> None:
        old = default_storage.save("imports/old.calendar", ContentFile(LENAS))
        os.utime(default_storage.path(old), (0, 0))
        default_storage.save("imports/new.calendar", ContentFile(LENAS))
        tasks.take_up_unfinished(timezone.now())
        assert leftovers() == ["new.calendar"]
        default_storage.delete("imports/new.calendar")

    def test_leaves_finished_readings_alone(self, cut_off: Callable[..., Import]) -> None:
        job = cut_off()
        tasks.take_up_unfinished(timezone.now())
        job.refresh_from_db()
        ended = job.finished_at
        assert tasks.take_up_unfinished(timezone.now()) == 0
        job.refresh_from_db()
        assert job.finished_at == ended


class TestErasingOneself:
    def test_takes_uploads_along_that_nobody_has_read(self, cut_off: Callable[..., Import], as_lena: Client) -> None:
        job = cut_off()
        erase_now(as_lena)
        assert leftovers() == []
        tasks.read_import.call(job.pk)
        assert not Entry.objects.exists()

    @pytest.mark.parametrize(("part", "step"), [(storing, "classify"), (actions, "_save")])
    def test_ends_a_reading_under_way(
        self, cut_off: Callable[..., Import], cast: Cast, monkeypatch: pytest.MonkeyPatch, part: ModuleType, step: str
    ) -> None:
        job = cut_off()
        going_on = getattr(part, step)

        def erased_meanwhile(*arguments: object) -> object:
            Person.objects.filter(pk=cast.lena.pk).delete()
            return going_on(*arguments)

        monkeypatch.setattr(part, step, erased_meanwhile)
        tasks.read_import.call(job.pk)
        assert not Calendar.objects.exists()
        assert not Import.objects.exists()
        assert leftovers() == []
