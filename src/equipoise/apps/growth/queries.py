"""What is known of a person's reflections; for nobody but the person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from equipoise.apps.calendars import queries as calendars
from equipoise.apps.growth import mapping
from equipoise.apps.growth.mapping import Content
from equipoise.apps.growth.models import Reflection, Reminder
from equipoise.apps.growth.questions import month_to_look_back_at, week_to_look_back_at
from equipoise.apps.people.models import Person

MONTH_IS_DUE_DAYS = 14
"""The reminder of a month's reflection ends this many days into the next month."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A reflection with what it holds; `content` is `None` when it cannot be opened."""

    row: Reflection
    content: Content | None
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A week or month that can be looked back at.

    Attributes:
        rhythm: Weekly or monthly.
        start: Its first day.
        last: Its last day.
        row: The reflection that was begun or finished already, if one was.
    """

    rhythm: str
    start: date
    last: date
    row: Reflection | None

    @property
    def is_done(self) -> bool:
        """Whether it is finished."""
        return self.row is not None and self.row.finished_at is not None


def reflection_of(person: Person, reflection_id: int) -> Reflection:
    """One reflection of the person's own that is not removed.

    Raises:
        Reflection.DoesNotExist: When it is not there, or somebody else's.
    """
    return Reflection.objects.get(owner=person, pk=reflection_id, removed_at=None)


def removed_reflection_of(person: Person, reflection_id: int) -> Reflection:
    """One reflection the person removed.

    Raises:
        Reflection.DoesNotExist: When it is not there, not removed, or somebody else's.
    """
    return Reflection.objects.get(owner=person, pk=reflection_id, removed_at__isnull=False)


def kept(row: Reflection) -> Kept:
    """A reflection, opened."""
    return Kept(row=row, content=mapping.opened(row), last=mapping.last_day(row.rhythm, row.start))


def reflections(person: Person) -> list[Kept]:
    """All that were finished or begun and not removed, the latest first."""
    return [kept(row) for row in Reflection.objects.filter(owner=person, removed_at=None)]


def reflection_rows(person: Person, *, removed: bool) -> QuerySet[Reflection]:
    """Those that were begun or finished, or those that were removed, unopened."""
    return Reflection.objects.filter(owner=person, removed_at__isnull=not removed)


def how_many(person: Person) -> int:
    """How many reflections are kept, removed ones too."""
    return Reflection.objects.filter(owner=person).count()


def removed(person: Person) -> list[Kept]:
    """What was removed and is not erased yet, the latest first."""
    return [kept(row) for row in Reflection.objects.filter(owner=person, removed_at__isnull=False)]


def search(person: Person, words: str) -> list[Kept]:
    """The reflections in which all of these words occur, whatever their case; found by opening each."""
    wanted = words.casefold().split()
    return [each for each in reflections(person) if each.content is not None and _has_all(each.content, wanted)]


def _has_all(content: Content, wanted: Sequence[str]) -> bool:
    text = "\n".join(content.texts()).casefold()
    return all(word in text for word in wanted)


def offers(person: Person, *, today: date) -> tuple[Offer, Offer]:
    """The week and the month one can look back at today."""
    weekly = (Reflection.Rhythm.WEEKLY, week_to_look_back_at(today))
    monthly = (Reflection.Rhythm.MONTHLY, month_to_look_back_at(today))
    asked = Q(rhythm=weekly[0], start=weekly[1]) | Q(rhythm=monthly[0], start=monthly[1])
    rows = {(row.rhythm, row.start): row for row in Reflection.objects.filter(asked, owner=person, removed_at=None)}
    return _offer(*weekly, rows.get(weekly)), _offer(*monthly, rows.get(monthly))


def _offer(rhythm: str, start: date, row: Reflection | None) -> Offer:
    return Offer(rhythm=rhythm, start=start, last=mapping.last_day(rhythm, start), row=row)


def reminders(person: Person) -> Reminder:
    """What the person wants to be reminded of; of both when they never said."""
    return Reminder.objects.filter(owner=person).first() or Reminder(owner=person)


def due(person: Person, *, today: date, reach: calendars.Reach | None) -> list[Offer]:
    """The reflections to remind of: wanted, open, and with a calendar to look back at or one reflected before.

    Args:
        person: Whose.
        today: The day on their clock.
        reach: The days their calendars cover.
    """
    wanted = reminders(person)
    weekly, monthly = offers(person, today=today)
    found = [weekly] if wanted.weekly and not weekly.is_done else []
    if wanted.monthly and not monthly.is_done and today.day <= MONTH_IS_DUE_DAYS:
        found.append(monthly)
    if all(_covers(reach, each) for each in found):
        return found
    reflected = Reflection.objects.filter(owner=person, removed_at=None).exists()
    return [each for each in found if reflected or _covers(reach, each)]


def _covers(reach: calendars.Reach | None, offer: Offer) -> bool:
    """Whether there is a calendar to look back at."""
    return reach is not None and reach.first <= offer.last and reach.last >= offer.start


def intention(person: Person, *, today: date) -> str:
    """What the person meant to do in this week, from the reflection on the week before; empty for nothing."""
    monday = today - timedelta(days=today.weekday())
    return intention_for(person, monday)


def intention_for(person: Person, monday: date) -> str:
    """What the person meant to do in the week of this Monday; empty for nothing."""
    row = Reflection.objects.filter(
        owner=person,
        rhythm=Reflection.Rhythm.WEEKLY,
        start=monday - timedelta(days=7),
        removed_at=None,
        finished_at__isnull=False,
    ).first()
    content = mapping.opened(row) if row else None
    return content.intention.strip() if content else ""


def export(person: Person) -> dict[str, object]:
    """Everything kept of the person's reflections, as plain values for an export."""
    return {"reflections": [_exported(row) for row in Reflection.objects.filter(owner=person)]} | {
        "reflection_reminders": list(Reminder.objects.filter(owner=person).values("weekly", "monthly"))
    }


def _exported(row: Reflection) -> dict[str, object]:
    content = mapping.opened(row)
    told: dict[str, object] = {
        name: getattr(row, name) for name in ("rhythm", "start", "begun_at", "kept_at", "finished_at", "removed_at")
    }
    told["readable"] = content is not None
    if content is not None:
        told |= {"meant": content.meant, "came_of_it": content.came_of_it, "intention": content.intention}
        told["themes"] = [
            {
                "theme": part.theme,
                "evidence": list(part.evidence),
                "answers": [{"asked": each.asked, "answer": each.answer} for each in part.answers],
            }
            for part in content.parts
        ]
    return told
