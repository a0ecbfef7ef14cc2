"""What waits for the person: each a sentence, with the one page where it is done."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from equipoise.apps.change import queries as change
from equipoise.apps.growth import queries as growth
from equipoise.apps.growth.markdown import period_name
from equipoise.apps.people.models import Person
from equipoise.apps.planner import queries as planner


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One thing that waits.

    Attributes:
        sentence: In the reader's language.
        address: Path of the page where it is done.
        since: The day it has waited since; `None` when that says nothing.
        in_mail: Whether a mail may tell it: not what the person wrote for themselves, and no mere offer.
    """

    sentence: str
    address: str
    since: date | None = None
    in_mail: bool = True


def due(person: Person, *, actor: Person, now: datetime) -> list[Due]:
    """What waits for a person, the most pressing first.

    An assistant who acts for the person is told nothing of reflections.
    """
    today = now.astimezone(ZoneInfo(person.zone)).date()
    found = [*_plan(person, now), *_scan(person, today)]
    if actor == person:
        found += [*_intention(person, today), *_reflections(person, today)]
    return found


def _plan(person: Person, now: datetime) -> Iterator[Due]:
    monday = planner.week_in_view(person, now=now)
    waiting = planner.waiting_count(person, monday, now=now)
    if waiting:
        yield Due(
            sentence=ngettext(
                "%(count)d proposed block waits for your answer.",
                "%(count)d proposed blocks wait for your answer.",
                waiting,
            )
            % {"count": waiting},
            address=reverse("insights:this-week"),
        )


def _scan(person: Person, today: date) -> Iterator[Due]:
    if not change.scan_due(person, today):
        return
    found = change.situation(person, on=today)
    if found is None:
        sentence = _("Say what your situation is like: twelve questions, three minutes.")
    else:
        sentence = _("A quarter has passed: say anew what your situation is like.")
    yield Due(
        sentence=sentence,
        address=reverse("change:scan"),
        since=found.due if found else None,
        in_mail=found is not None,
    )


def _intention(person: Person, today: date) -> Iterator[Due]:
    meant = growth.intention(person, today=today)
    if meant:
        yield Due(
            sentence=_("You mean to: %(intention)s") % {"intention": meant},
            address=reverse("growth:reflections"),
            in_mail=False,
        )


def _reflections(person: Person, today: date) -> Iterator[Due]:
    for offer in growth.due(person, today=today):
        begun = offer.row is not None
        sentence = _("Finish your reflection: %(period)s.") if begun else _("Look back: %(period)s.")
        yield Due(
            sentence=sentence % {"period": period_name(offer)},
            address=reverse("growth:reflections"),
            since=offer.last + timedelta(days=1),
        )
