"""The plan on this week's page, and what stands out about it."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from equipoise.apps.insights.due import Due, Known, due
from equipoise.apps.insights.observations import Observation
from equipoise.apps.people.models import Person
from equipoise.apps.planner import one_to_ones, outcomes, queries
from equipoise.apps.planner.weekpage import week_page
from equipoise.apps.planner.words import why_not_choices

WEEK = timedelta(days=7)


def week_asked(text: str, *, in_view: date) -> date | None:
    """The Monday of the week an address asks for, at most a year from the one in view; `None` for what is no day."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    nearby = min(max(day, in_view - 52 * WEEK), in_view + 52 * WEEK)
    return queries.monday_of(nearby)


def plan_shown(person: Person, monday: date, *, weeks: queries.Weeks, asked: bool, now: datetime) -> dict[str, Any]:
    """What the page needs to show a week's plan, and in short what became of the last one.

    Args:
        person: Whose plan.
        monday: The week.
        weeks: It and the one before, with the week to plan.
        asked: Whether this week was asked for, or the page opened with it.
        now: The moment.
    """
    in_view = weeks.in_view
    moved_on = not asked and monday > in_view
    reviewed = (in_view if moved_on else monday) - WEEK
    today = now.astimezone(ZoneInfo(person.zone)).date()
    return {
        "plan": week_page(person, monday, weeks=weeks, now=now),
        "week_in_view": in_view,
        "week_before": monday - WEEK,
        "week_after": monday + WEEK,
        "week_days": [monday + timedelta(days=step) for step in range(7)],
        "why_not": why_not_choices(),
        "is_next_week": queries.monday_of(today) == monday - WEEK,
        "under_way": in_view <= today,
        "moved_on": moved_on,
        "last_review": outcomes.review_of(weeks.blocks[reviewed], reviewed, now=now) if reviewed < in_view else None,
        "reviewed": reviewed,
        "reviewed_until": reviewed + timedelta(days=6),
        "today": today,
    }


def due_elsewhere(person: Person, actor: Person, known: Known, *, now: datetime) -> list[Due]:
    """What waits for the person on other pages than this one."""
    here = reverse("insights:this-week")
    return [each for each in due(person, known, actor=actor, now=now) if each.address != here]


def observe_plan(person: Person, *, now: datetime) -> list[Observation]:
    """What stands out about the people one sees and the blocks one keeps, one sentence for each."""
    return [*_overdue(person, now=now), *_restless(person, now=now)]


def _overdue(person: Person, *, now: datetime) -> list[Observation]:
    """Whoever was not seen alone for longest, counted from the last time that is in the calendar."""
    today = now.astimezone(ZoneInfo(person.zone)).date()
    late = [due for due in one_to_ones.of_kept(person, on=today) if due.is_overdue]
    if not late or late[0].days is None:
        return []
    sentence = ngettext(
        "No one-to-one with %(name)s for %(days)d day.", "No one-to-one with %(name)s for %(days)d days.", late[0].days
    ) % {"name": late[0].called, "days": late[0].days}
    if len(late) > 1:
        sentence += " " + ngettext(
            "%(count)d other one is overdue, too.", "%(count)d others are overdue, too.", len(late) - 1
        ) % {"count": len(late) - 1}
    return [Observation(sentence=sentence, page="planner:settings", query="#people", link=_("See when"))]


def _restless(person: Person, *, now: datetime) -> list[Observation]:
    return [
        Observation(
            sentence=_("“%(title)s” was moved or dropped %(moved)d of %(of)d times.")
            % {"title": each.title, "moved": each.moved, "of": each.of},
            page="planner:review",
            query=f"?week={each.monday}",
            link=_("See what became of the plan"),
        )
        for each in outcomes.restless(person, now=now)[:1]
    ]
