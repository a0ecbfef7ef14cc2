"""What waits for the person: each a sentence, with the one page where it is done."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from equipoise.apps.calendars import queries as calendars
from equipoise.apps.calendars.words import quoted
from equipoise.apps.change import queries as change
from equipoise.apps.growth import queries as growth
from equipoise.apps.growth.markdown import period_name
from equipoise.apps.people.models import Person
from equipoise.apps.planner import queries as planner

AWAY_AT_MOST = timedelta(days=1)
"""A server that is away for longer is worth a line."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known already when one asks what is due.

    Attributes:
        reach: The days the person's calendars cover.
        situation: What is known of the person's situation today.
        waiting: How many proposed blocks wait for an answer.
    """

    reach: calendars.Reach | None
    situation: change.Situation | None
    waiting: int


def known_of(person: Person, *, now: datetime) -> Known:
    """What has to be known of a person, read for this."""
    return Known(
        reach=calendars.reach(person),
        situation=change.situation(person, on=_today(person, now)),
        waiting=planner.waiting_count(person, planner.week_in_view(person, now=now), now=now),
    )


def due(person: Person, known: Known, *, actor: Person, now: datetime) -> list[Due]:
    """What waits for a person, the most pressing first.

    An assistant who acts for the person is told nothing of reflections.
    """
    today = _today(person, now)
    found = [*_calendars(person, now), *_plan(known.waiting), *_scan(known.situation, today)]
    if actor == person:
        found += [*_intention(person, today), *_reflections(person, known.reach, today)]
    return found


def _today(person: Person, now: datetime) -> date:
    return now.astimezone(ZoneInfo(person.zone)).date()


def _calendars(person: Person, now: datetime) -> Iterator[Due]:
    """Accounts that ask for their password again, calendars nobody could read for a day, entries that found no way."""
    zone = ZoneInfo(person.zone)
    refused = [account for account in calendars.accounts_of(person) if account.refusal]
    for account in refused:
        yield Due(
            sentence=_("A calendar account was refused: give its password again."),
            address=reverse("calendars:account-password", args=[account.pk]),
            since=account.refused_at.astimezone(zone).date() if account.refused_at else None,
        )
    known = {account.pk for account in refused}
    for calendar in calendars.in_trouble(person):
        read_lately = calendar.read_at is not None and calendar.read_at > now - AWAY_AT_MOST
        if not read_lately and calendar.account_id not in known:
            yield Due(
                sentence=_("“%(name)s” cannot be read: see why.") % {"name": quoted(calendar.name)},
                address=reverse("calendars:sources"),
                since=calendar.read_at.astimezone(zone).date() if calendar.read_at else None,
            )
    failed = calendars.outbox(person).failed
    if failed:
        yield Due(
            sentence=ngettext(
                "%(count)d entry could not be written into your calendar: see why.",
                "%(count)d entries could not be written into your calendar: see why.",
                failed,
            )
            % {"count": failed},
            address=reverse("calendars:sources"),
        )


def _plan(waiting: int) -> Iterator[Due]:
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


def _scan(found: change.Situation | None, today: date) -> Iterator[Due]:
    if not change.is_scan_due(found, today):
        return
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


def _reflections(person: Person, reach: calendars.Reach | None, today: date) -> Iterator[Due]:
    for offer in growth.due(person, today=today, reach=reach):
        begun = offer.row is not None
        sentence = _("Finish your reflection: %(period)s.") if begun else _("Look back: %(period)s.")
        yield Due(
            sentence=sentence % {"period": period_name(offer)},
            address=reverse("growth:reflections"),
            since=offer.last + timedelta(days=1),
        )
