"""Take one's own data along."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import translation

from equipoise.apps.people.models import Person
from equipoise.apps.privacy.models import Package
from equipoise.apps.privacy.own_data import packing
from equipoise.platform import audit


@transaction.atomic
def note_export(*, person: Person, now: datetime) -> None:
    """Write down that a person took their data along."""
    audit.record(actor_id=person.pk, subject_id=person.pk, verb="data exported", now=now)


def ask_for_package(*, actor: Person, person: Person, now: datetime) -> Package | None:
    """Ask for everything to be packed in the background; `None` when it is under way already."""
    try:
        with transaction.atomic():
            package = Package.objects.create(owner=person, asked_at=now)
            audit.record(actor_id=actor.pk, subject_id=person.pk, verb="data exported", now=now)
    except IntegrityError:
        return None
    return package


def pack(package_id: int, *, now: datetime) -> None:
    """Pack what was asked for, and keep it encrypted until it is fetched; whoever is second does nothing."""
    package = Package.objects.select_related("owner").filter(pk=package_id, state=Package.State.WAITING).first()
    if package is None:
        return
    kept = Package.objects.filter(pk=package.pk, state=Package.State.WAITING)
    try:
        with translation.override(package.owner.language):
            content = packing.archive_of(package.owner, now=now)
        file = packing.store(package, content)
    except Exception:
        kept.update(state=Package.State.FAILED)
        raise
    if not kept.update(state=Package.State.READY, file=file, size=len(content), ready_at=now):
        package.file = file  # the person was erased meanwhile
        packing.drop([package])
