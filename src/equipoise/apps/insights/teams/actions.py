"""What is done about pictures of teams: choosing whether one's calendar counts, and closing a month.

A month is claimed by the one row there can be of it, measured, and released in one transaction: all its pictures or
none. What was released is never made anew: a later change of a calendar, a team or a choice changes nothing of it.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from equipoise.apps.insights.models import ClosedMonth, CountedIn, TeamPicture
from equipoise.apps.insights.teams import demo, mapping, measuring, queries
from equipoise.apps.insights.teams.groups import everybody, groups_on
from equipoise.apps.insights.teams.mapping import PersonMonth
from equipoise.apps.insights.teams.months import first_day_after
from equipoise.apps.people.models import Person
from equipoise.apps.people.turns import one_at_a_time
from equipoise.core.anonymity.rules import ReleaseRules
from equipoise.platform import audit

LEASE = timedelta(hours=2)
"""An organisation of thousands takes minutes; the month of a worker that died is taken up by another after that."""
DEMO_LEASE = timedelta(minutes=2)


@transaction.atomic
def count_in(*, person: Person, wanted: bool, now: datetime) -> None:
    """Let a person's calendar count from the next picture on, or no longer; only the person may choose it."""
    one_at_a_time(person.pk)
    if queries.counts_in(person) == wanted:
        return
    CountedIn.objects.update_or_create(owner=person, defaults={"wanted": wanted, "changed_at": now})
    verb = "calendar counted in" if wanted else "calendar no longer counted in"
    audit.record(actor_id=person.pk, subject_id=person.pk, verb=verb, now=now)


def claim(*, demo: bool, first_day: date, rules: ReleaseRules, now: datetime) -> ClosedMonth | None:
    """Take on a month that is over; `None` when it is made, or another worker has it."""
    until = now + (DEMO_LEASE if demo else LEASE)
    try:
        with transaction.atomic():
            return ClosedMonth.objects.create(
                demo=demo,
                first_day=first_day,
                least=rules.least,
                least_for_parts=rules.least_for_parts,
                claimed_until=until,
            )
    except IntegrityError:
        pass
    waiting = ClosedMonth.objects.filter(demo=demo, first_day=first_day, made_at=None, claimed_until__lte=now)
    if not waiting.update(claimed_until=until):
        return None
    return ClosedMonth.objects.get(demo=demo, first_day=first_day)


def close(month_id: int, *, now: datetime) -> None:
    """Measure a claimed month and release its pictures; nothing happens when that is done already."""
    month = ClosedMonth.objects.filter(pk=month_id, made_at=None).first()
    if month is None:
        return
    people = everybody(demo=month.demo)
    counting = [people[each] for each in sorted(queries.counting(people.values()))]
    _release(month, people, _measured(month, counting, now), now=now)


def _measured(month: ClosedMonth, counting: list[Person], now: datetime) -> dict[int, PersonMonth]:
    if not month.demo:
        return measuring.months_of(counting, month.first_day)
    if not counting:
        return {}
    today = now.astimezone(ZoneInfo(counting[0].zone)).date()
    return demo.months_of(counting, month.first_day, today=today)


@transaction.atomic
def _release(month: ClosedMonth, people: dict[int, Person], measured: dict[int, PersonMonth], *, now: datetime) -> None:
    if not ClosedMonth.objects.select_for_update().filter(pk=month.pk, made_at=None).exists():
        return
    last_day = first_day_after(month.first_day) - timedelta(days=1)
    wanting = queries.counting(people.values())  # whoever took their leave back meanwhile does not count
    found = mapping.release(
        groups_on(last_day, people, demo=month.demo),
        {each: read for each, read in measured.items() if each in wanting},
        _before(month, people),
        queries.rules_of(month),
    )
    TeamPicture.objects.bulk_create(
        TeamPicture(
            month=month,
            scope=group.scope,
            team_id=group.team_id,
            told=mapping.row_of(release.told),
            sets={question: _marks(month, question, those) for question, those in release.sets.items()},
        )
        for group, release in found.items()
    )
    ClosedMonth.objects.filter(pk=month.pk).update(made_at=now)
    shown = sum(release.told is not None for release in found.values())
    audit.record(
        actor_id=None,
        subject_id=None,
        verb="month of teams closed",
        now=now,
        detail={"month": f"{month.first_day:%Y-%m}", "groups": len(found), "shown": shown},
    )


def _marks(month: ClosedMonth, question: str, people: Iterable[int]) -> list[str]:
    """The people behind a figure as marks that nobody reads without the key, in no order that tells anything."""
    return sorted(
        mapping.marks_of(each, demo=month.demo, month=month.first_day, question=question)[0] for each in people
    )


def _before(month: ClosedMonth, people: Iterable[int]) -> mapping.Before:
    """Who stands behind everything released for this month before; a mark nobody has stays a person of its own."""
    found: dict[str, list[frozenset[object]]] = defaultdict(list)
    rows = TeamPicture.objects.filter(month__demo=month.demo, month__first_day=month.first_day)
    for row in rows:
        for question, marks in row.sets.items():
            known = {
                mark: each
                for each in people
                for mark in mapping.marks_of(each, demo=month.demo, month=month.first_day, question=question)
            }
            found[question].append(frozenset(known.get(mark, mark) for mark in marks))
    return found
