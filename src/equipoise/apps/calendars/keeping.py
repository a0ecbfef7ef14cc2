"""How much is kept of calendars, and erasing what has been kept long enough."""

from datetime import datetime

from django.db import transaction

from equipoise.apps.calendars.models import Entry, Import, Occurrence
from equipoise.apps.calendars.storing import evidence_changed
from equipoise.apps.people.models import Person


def entries_count(person: Person) -> int:
    """How many entries are kept of all of a person's calendars."""
    return Entry.objects.filter(owner=person).count()


@transaction.atomic
def erase_entries(*, before: datetime, most: int) -> int:
    """Erase what took place before a moment, and entries of which nothing is left then; how many times went."""
    old = Occurrence.objects.filter(ends_at__lt=before).order_by("pk")
    going = list(old.values_list("pk", "entry_id", "owner_id")[:most])
    if not going:
        return 0
    Occurrence.objects.filter(pk__in=[pk for pk, _entry, _owner in going]).delete()
    Entry.objects.filter(pk__in={entry for _pk, entry, _owner in going}, occurrences=None).delete()
    for owner_id in {owner for _pk, _entry, owner in going}:
        evidence_changed(owner_id)
    return len(going)


@transaction.atomic
def erase_readings(*, before: datetime, most: int) -> int:
    """Erase the log of readings that ended before a moment; how many."""
    old = Import.objects.filter(finished_at__lt=before, state__in=(Import.State.DONE, Import.State.FAILED))
    going = list(old.order_by("pk").values_list("pk", flat=True)[:most])
    return Import.objects.filter(pk__in=going).delete()[0]
