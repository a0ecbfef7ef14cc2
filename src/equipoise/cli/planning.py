"""What `equipoise plan` does once its options are read."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from equipoise.adapters.plans import PlanReport, Wished, WishesUnreadable, ics_plan, json_plan, read_wishes, text_plan
from equipoise.adapters.plans.words import conflict_words, left_out_words
from equipoise.cli.errors import InputUnreadable
from equipoise.cli.output import write
from equipoise.cli.period import midnight_of
from equipoise.cli.reading import NoEntry, read_given, say_problems
from equipoise.cli.zones import machine_zone
from equipoise.core.planning.planner import plan_week
from equipoise.core.planning.week import Fixed, Status
from equipoise.core.timeuse.counting import Reason, count_time
from equipoise.core.timeuse.entries import Occurrence

INFEASIBLE = 5
EARLIEST, LATEST = 1900, 2200
ASIDE = {
    Reason.CANCELLED: "cancelled",
    Reason.DECLINED: "declined",
    Reason.FREE: "shown as free",
    Reason.ALL_DAY: "all day",
    Reason.ZERO_LENGTH: "without length",
    Reason.DAY_OR_LONGER: "a day long or longer",
}
MAKERS: dict[str, Callable[[PlanReport], str]] = {
    "json": json_plan,
    "text": text_plan,
    "ics": lambda report: ics_plan(report, now=datetime.now(tz=UTC)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is asked of `equipoise plan`; see its help for the meaning of each option."""

    calendars: tuple[str, ...]
    wishes: Path
    week: date
    zone: ZoneInfo | None
    me: tuple[str, ...]
    shape: str
    output: Path | None
    allow_private_hosts: bool


def carry_out(order: Order) -> None:
    """Read, plan and write.

    Raises:
        click.ClickException: When something stands in the way; its message is one sentence.
        click.exceptions.Exit: With 5, when not all that must be placed can be.
    """
    if not EARLIEST <= order.week.year < LATEST:
        raise click.UsageError(f"--week must lie in the years {EARLIEST} to {LATEST - 1}.")
    zone = _zone(order)
    monday = order.week - timedelta(days=order.week.weekday())
    wished = _wished(order, monday, zone)
    occurrences = _occurrences(order, monday, zone)
    report = _report(wished, occurrences, monday, zone)
    write(MAKERS[order.shape](report), order.output)
    if order.shape == "ics":
        _say_conflicts(report)
    if report.plan.status is Status.INFEASIBLE:
        raise click.exceptions.Exit(INFEASIBLE)


def _zone(order: Order) -> ZoneInfo:
    zone = order.zone or machine_zone() or ZoneInfo("UTC")
    if order.zone is None:
        click.echo(f"Note: No --zone was given: planned in {zone.key}.", err=True)
    return zone


def _wished(order: Order, monday: date, zone: ZoneInfo) -> Wished:
    try:
        return read_wishes(order.wishes, monday=monday, zone=zone)
    except WishesUnreadable as error:
        raise InputUnreadable(str(error)) from error


def _occurrences(order: Order, monday: date, zone: ZoneInfo) -> Sequence[Occurrence]:
    """The entries of the week, and of a day to each side, from which a buffer may reach into it."""
    if not order.calendars:
        return ()
    try:
        reading = read_given(
            order.calendars,
            me=order.me,
            start=midnight_of(monday - timedelta(days=1), zone),
            end=midnight_of(monday + timedelta(days=8), zone),
            zone=zone,
            allow_private_hosts=order.allow_private_hosts,
        )
    except NoEntry:
        click.echo("Note: There is no entry in the calendar; the week is planned as an empty one.", err=True)
        return ()
    say_problems(reading)
    return reading.occurrences


def _say_conflicts(report: PlanReport) -> None:
    """Say on standard error what a calendar has no room for."""
    wishes = {wish.key: wish for wish in report.wishes}
    for each in report.plan.left_out:
        click.echo(f"Note: {left_out_words(each, wishes[each.wish])}", err=True)
    for conflict in report.plan.conflicts:
        click.echo(f"Note: {conflict_words(conflict, report.week, wishes)}", err=True)


def _report(wished: Wished, occurrences: Sequence[Occurrence], monday: date, zone: ZoneInfo) -> PlanReport:
    end = monday + timedelta(days=7)
    around = count_time(occurrences, start=monday - timedelta(days=1), end=end + timedelta(days=1), zone=zone)
    inside = count_time(occurrences, start=monday, end=end, zone=zone)
    fixed = tuple(_fixed(wished, (each.occurrence for each in around.times)))
    first, last = midnight_of(monday, zone), midnight_of(end, zone)
    amounts = {reason: inside.left_out[reason].entries for reason in ASIDE}
    return PlanReport(
        week=wished.week,
        wishes=wished.wishes,
        fixed=tuple(each for each in fixed if each.start < last and each.end > first),
        left_aside={ASIDE[reason]: amount for reason, amount in amounts.items() if amount},
        plan=plan_week(wished.week, fixed, wished.wishes, clock=time.perf_counter),
    )


def _fixed(wished: Wished, occurrences: Iterator[Occurrence]) -> Iterator[Fixed]:
    for number, each in enumerate(occurrences):
        title = each.entry.title.casefold()
        yield Fixed(
            key=str(number),
            title=each.entry.title,
            start=each.start,
            end=each.end,
            movable=any(word.casefold() in title for word in wished.movable),
            travel_minutes=max((way.minutes for way in wished.travel if way.title.casefold() in title), default=0),
        )
