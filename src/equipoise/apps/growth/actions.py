"""What is done to reflections; each act is one transaction with its entry in the audit trail.

The trail tells that one reflected, and on which week or month; never a word of it. Keeping a draft as one writes
leaves no entry: it is the same act as beginning it, and one would drown the rest.
"""

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction

from equipoise.apps.growth import mapping, queries
from equipoise.apps.growth.mapping import Content, Words
from equipoise.apps.growth.models import Reflection, Reminder
from equipoise.apps.people.models import Person
from equipoise.platform import audit

REMOVED_DAYS = 7
"""A removed reflection can be put back for this long; then it is erased."""


class NothingWritten(ValueError):
    """A reflection is finished with at least one line written; write one, or remove it."""


class OneIsThere(ValueError):
    """There is another reflection on the same week or month; remove that one first."""


class WrittenElsewhere(ValueError):
    """Another page, on this or another device, kept something since this one was opened; keeping would lose it."""


class CannotBeOpened(ValueError):
    """The reflection was sealed with another key than the server has now, so that nothing can be added to it."""


@transaction.atomic
def begin(*, actor: Person, person: Person, rhythm: str, start: date, content: Content, now: datetime) -> Reflection:
    """Begin to look back at a week or month; the one that was begun before is taken up again as it is."""
    row, made = Reflection.objects.get_or_create(
        owner=person,
        rhythm=rhythm,
        start=start,
        removed_at=None,
        defaults={"sealed": mapping.sealed(content), "begun_at": now, "kept_at": now},
    )
    if made:
        audit.record(actor_id=actor.pk, subject_id=row.owner_id, verb="reflection begun", now=now, detail=_which(row))
    return row


@transaction.atomic
def keep(*, actor: Person, reflection: Reflection, words: Words, now: datetime) -> Content:
    """Keep what is written so far. A change to a finished reflection is written into the trail, a draft's is not.

    Raises:
        CannotBeOpened: When the vault's key is not the one it was sealed with.
        WrittenElsewhere: When something else was kept from another page since this one was opened.
    """
    row = Reflection.objects.select_for_update().get(pk=reflection.pk)
    before = mapping.opened(row)
    if before is None:
        raise CannotBeOpened
    content = before.answered(words)
    if content == before:
        return content
    if not words.follow_on(row):
        raise WrittenElsewhere
    row.sealed, row.kept_at, row.pen = mapping.sealed(content), now, words.pen
    row.save(update_fields=["sealed", "kept_at", "pen"])
    if row.finished_at:
        audit.record(actor_id=actor.pk, subject_id=row.owner_id, verb="reflection changed", now=now, detail=_which(row))
    return content


@transaction.atomic
def finish(*, actor: Person, reflection: Reflection, words: Words, now: datetime) -> None:
    """Keep what is written, and count it as done.

    Raises:
        NothingWritten: When every answer is empty.
        CannotBeOpened: When the vault's key is not the one it was sealed with.
        WrittenElsewhere: When something else was kept from another page since this one was opened.
    """
    content = keep(actor=actor, reflection=reflection, words=words, now=now)
    if content.is_blank:
        raise NothingWritten
    if Reflection.objects.filter(pk=reflection.pk, finished_at=None).update(finished_at=now):
        audit.record(
            actor_id=actor.pk,
            subject_id=reflection.owner_id,
            verb="reflection kept",
            now=now,
            detail=_which(reflection),
        )


@transaction.atomic
def remove(*, actor: Person, reflection: Reflection, now: datetime) -> None:
    """Take a reflection away; for `REMOVED_DAYS` it can be put back."""
    if Reflection.objects.filter(pk=reflection.pk, removed_at=None).update(removed_at=now):
        audit.record(
            actor_id=actor.pk,
            subject_id=reflection.owner_id,
            verb="reflection removed",
            now=now,
            detail=_which(reflection),
        )


@transaction.atomic
def put_back(*, actor: Person, reflection: Reflection, now: datetime) -> None:
    """Put a removed reflection back.

    Raises:
        OneIsThere: When the week or month has another one by now.
    """
    try:
        with transaction.atomic():
            found = Reflection.objects.filter(pk=reflection.pk, removed_at__isnull=False).update(removed_at=None)
    except IntegrityError as error:
        raise OneIsThere from error
    if found:
        audit.record(
            actor_id=actor.pk,
            subject_id=reflection.owner_id,
            verb="reflection put back",
            now=now,
            detail=_which(reflection),
        )


@transaction.atomic
def erase(*, actor: Person, reflection: Reflection, now: datetime) -> None:
    """Erase a removed reflection for good; one that was put back in the meantime stays."""
    if Reflection.objects.filter(pk=reflection.pk, removed_at__isnull=False).delete()[0]:
        audit.record(
            actor_id=actor.pk,
            subject_id=reflection.owner_id,
            verb="reflection erased",
            now=now,
            detail=_which(reflection),
        )


@transaction.atomic
def erase_removed(*, now: datetime) -> int:
    """Erase for good what was removed `REMOVED_DAYS` ago; how many."""
    long_ago = Reflection.objects.filter(removed_at__lt=now - timedelta(days=REMOVED_DAYS))
    erased = [row for row in long_ago if long_ago.filter(pk=row.pk).delete()[0]]
    for row in erased:
        audit.record(actor_id=None, subject_id=row.owner_id, verb="reflection erased", now=now, detail=_which(row))
    return len(erased)


@transaction.atomic
def choose_reminders(*, actor: Person, person: Person, weekly: bool, monthly: bool, now: datetime) -> None:
    """Say which reflections one wants to be reminded of."""
    Reminder.objects.update_or_create(owner=person, defaults={"weekly": weekly, "monthly": monthly})
    audit.record(
        actor_id=actor.pk,
        subject_id=person.pk,
        verb="reflection reminders chosen",
        now=now,
        detail={"weekly": weekly, "monthly": monthly},
    )


@transaction.atomic
def note_download(*, actor: Person, person: Person, now: datetime) -> None:
    """Write down that the reflections were taken along."""
    count = len(queries.reflections(person))
    audit.record(
        actor_id=actor.pk, subject_id=person.pk, verb="reflections downloaded", now=now, detail={"reflections": count}
    )


def _which(row: Reflection) -> audit.Detail:
    """Which week or month it was on."""
    return {"rhythm": str(row.rhythm), "start": row.start.isoformat()}
