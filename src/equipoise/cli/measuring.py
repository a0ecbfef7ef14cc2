"""What `equipoise measure` does once its options are read."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from equipoise.adapters.behaviour import load_weights
from equipoise.adapters.classifier import load_classifier
from equipoise.adapters.ics import CalendarReading
from equipoise.adapters.reports import Report, csv_report, html_report, json_report, svg_report, text_report
from equipoise.adapters.reports.words import NOTICES
from equipoise.cli.errors import InputUnreadable
from equipoise.cli.output import can_draw, write
from equipoise.cli.period import NoPeriod, Period, inside, latest_period, midnight_of, stated_period
from equipoise.cli.progress import probabilities_watched
from equipoise.cli.reading import read_given, say_problems
from equipoise.cli.zones import machine_zone
from equipoise.core.timeuse.behaviour import activities_of, behaviour_index
from equipoise.core.timeuse.counting import AllDayRule, CountingRules, count_time
from equipoise.core.timeuse.notes import with_essence
from equipoise.core.timeuse.reading import measure_time

EARLIEST, LATEST, MOST_YEARS = 1900, 2200, 20
MAKERS: dict[str, Callable[[Report], str]] = {
    "json": json_report,
    "csv": csv_report,
    "svg": svg_report,
    "html": html_report,
}
WITHOUT_NOTES = ("csv", "svg")


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is asked of `equipoise measure`; see its help for the meaning of each option."""

    calendars: tuple[str, ...]
    me: tuple[str, ...]
    inside: tuple[str, ...]
    start: date | None
    end: date | None
    zone: ZoneInfo | None
    unplanned_hours: float | None
    all_day_hours: tuple[time, time] | None
    all_day_words: tuple[str, ...]
    shape: str
    output: Path | None
    allow_private_hosts: bool

    @property
    def rules(self) -> CountingRules:
        """What counts, by the owner's own rules."""
        if self.all_day_hours is None and not self.all_day_words:
            return CountingRules()
        opens, closes = self.all_day_hours or (time(9), time(17))
        return CountingRules(all_day=(AllDayRule(words=self.all_day_words, opens=opens, closes=closes),))


def carry_out(order: Order) -> None:
    """Read, measure and write.

    Raises:
        click.ClickException: When something stands in the way; its message is one sentence.
    """
    zone, notes = _zone(order)
    today = datetime.now(tz=zone).date()
    period = _stated(order, today)
    reading = _read(order, zone, period, today)
    period = period or _latest(reading, zone, today, order.rules)
    notes += [period.note] if period.note else []
    notes += _say_problems(reading)
    report = _report(order, reading, period, zone, notes)
    maker = MAKERS.get(order.shape)
    drawn = order.output is not None or can_draw()
    write(maker(report) if maker else text_report(report, plain=not drawn), order.output)
    if order.shape in WITHOUT_NOTES:
        for warning in report.warnings:
            click.echo(f"Note: {warning}", err=True)


def _zone(order: Order) -> tuple[ZoneInfo, list[str]]:
    """The zone, and what must be said about zone and owner."""
    notes = []
    zone = order.zone or machine_zone()
    if zone is None:
        zone = ZoneInfo("UTC")
        notes.append("No --zone was given and this machine names none: measured in UTC.")
    elif order.zone is None:
        notes.append(f"No --zone was given: measured in this machine's, {zone.key}.")
    if not order.me:
        notes.append("No --me was given: without your address, declined invitations cannot be told and count.")
    return zone, notes


def _stated(order: Order, today: date) -> Period | None:
    """The period as far as it is stated.

    Raises:
        click.UsageError: When it is no period, or longer than can be meant.
    """
    if any(day is not None and not EARLIEST <= day.year < LATEST for day in (order.start, order.end)):
        raise click.UsageError(f"--from and --to must lie in the years {EARLIEST} to {LATEST - 1}.")
    period = stated_period(order.start, order.end, today)
    if period is not None and period.end <= period.start:
        raise click.UsageError(f"The period must end after it begins, but it runs from {period.start} to {period.end}.")
    if period is not None and (period.end - period.start).days > MOST_YEARS * 366:
        raise click.UsageError(
            f"The period may be {MOST_YEARS} years at most; {period.start} to {period.end} is longer."
        )
    return period


def _read(order: Order, zone: ZoneInfo, period: Period | None, today: date) -> CalendarReading:
    """Read the calendars of the period, or all up to today when it depends on the evidence."""
    start = None if period is None else midnight_of(period.start, zone)
    end = midnight_of(today + timedelta(days=1) if period is None else period.end, zone)
    return read_given(
        order.calendars,
        me=order.me,
        start=start,
        end=end,
        zone=zone,
        inside=order.inside,
        allow_private_hosts=order.allow_private_hosts,
    )


def _latest(reading: CalendarReading, zone: ZoneInfo, today: date, rules: CountingRules) -> Period:
    try:
        return latest_period(reading.occurrences, zone=zone, today=today, rules=rules)
    except NoPeriod as error:
        raise InputUnreadable(
            "No whole week before today holds an entry that counts as work time; name the period with --from and --to."
        ) from error


def _say_problems(reading: CalendarReading) -> list[str]:
    """Say on standard error what could not be read as written, and sum it up for the report."""
    say_problems(reading)
    lost = sum(problem.entry_lost for problem in reading.problems)
    if not lost:
        return []
    return [f"{'1 entry' if lost == 1 else f'{lost:,} entries'} could not be read; standard error says which and why."]


def _report(order: Order, reading: CalendarReading, period: Period, zone: ZoneInfo, notes: list[str]) -> Report:
    found = inside(reading.occurrences, period, zone)
    counted = count_time(found, start=period.start, end=period.end, zone=zone, rules=order.rules)
    probabilities = probabilities_watched(load_classifier(), with_essence(counted.entries), counted.minutes)
    measured = measure_time(counted, probabilities, unplanned_hours=order.unplanned_hours)
    return Report(
        reading=measured,
        behaviour=behaviour_index(activities_of(counted, probabilities), load_weights()),
        warnings=(*(NOTICES[notice] for notice in measured.notices), *notes),
    )
