"""The reading as text for a terminal, 80 columns wide."""

import textwrap
from dataclasses import dataclass

from equipoise.adapters.reports.report import Report
from equipoise.adapters.reports.words import (
    REASONS,
    TOO_LITTLE,
    behaviour_words,
    evidence_words,
    headline,
    lean_words,
    percent,
    percent_range,
    period_name,
    purpose_name,
    unplanned_words,
)
from equipoise.core.facets import PURPOSES
from equipoise.core.timeuse.reading import AxisReading, Quantity, TimeReading

WIDTH = 80
HALF = 18  # columns of an axis to each side of the middle
BAR = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What bars are drawn with."""

    full: str
    unsure: str
    doubt: str
    rest: str
    middle: str
    left: str
    right: str


BLOCKS = Marks(full="█", unsure="▓", doubt="░", rest="·", middle="│", left="◀", right="▶")
PLAIN = Marks(full="#", unsure="+", doubt="-", rest=".", middle="|", left="<", right=">")


def text_report(report: Report, *, plain: bool = False) -> str:
    """The reading as text.

    Args:
        report: What to show.
        plain: Draw bars with ASCII signs only, for terminals that know no others.
    """
    marks = PLAIN if plain else BLOCKS
    reading = report.reading
    parts = [
        _opening(report),
        _axes(reading, marks),
        _purposes(reading, marks),
        _left_out(reading),
        _notes(report),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _opening(report: Report) -> str:
    lines = [
        f"Leading and managing, {period_name(report.reading.counted)}",
        "",
        headline(report.reading),
        evidence_words(report.reading),
    ]
    return "\n".join(line for text in lines for line in (textwrap.wrap(text, WIDTH) or [""]))


def _axes(reading: TimeReading, marks: Marks) -> str:
    if reading.counted.counted.hours <= 0:
        return ""
    title = f"{'managing ' + marks.left:>{11 + HALF}}{marks.middle}{marks.right + ' leading':<{HALF}}"
    rows = [title.rstrip()]
    for each in reading.axes:
        rows.append(f"{each.axis.name.capitalize():<11}{_axis_bar(each, marks)}  {lean_words(each.lean)}".rstrip())
        rows.append(f"{'':<11}{each.axis.managing.value:<{HALF}} {each.axis.leading.value:>{HALF}}")
    return "\n".join(rows)


def _axis_bar(reading: AxisReading, marks: Marks) -> str:
    """A bar from the middle to the lean, with its doubt around the end."""
    lean = reading.lean
    if lean is None:
        return marks.rest * HALF + marks.middle + marks.rest * HALF
    cells = []
    for column in range(-HALF, HALF + 1):
        place = (column - 0.5 * (column > 0) + 0.5 * (column < 0)) / HALF
        in_doubt = lean.low <= place <= lean.high
        in_bar = min(0.0, lean.value) <= place <= max(0.0, lean.value)
        cells.append(marks.middle if column == 0 else _cell(marks, in_bar=in_bar, in_doubt=in_doubt))
    return "".join(cells)


def _cell(marks: Marks, *, in_bar: bool, in_doubt: bool) -> str:
    if in_bar:
        return marks.unsure if in_doubt else marks.full
    return marks.doubt if in_doubt else marks.rest


def _purposes(reading: TimeReading, marks: Marks) -> str:
    most = max(quantity.hours for quantity in reading.purposes.values())
    if most <= 0:
        return ""
    rows = [f"{'Hours':<12}{'':<{BAR}}{'in all':>9}{'a week':>9}  share of all (90 % interval)"]
    for purpose in PURPOSES:
        quantity = reading.purposes[purpose]
        bar = marks.full * round(BAR * quantity.hours / most)
        rows.append(f"{purpose_name(purpose):<12}{bar:<{BAR}}{_figures(quantity)}")
    rows.append(f"{'Leading':<12}{'':<{BAR}}{_figures(reading.leading)} of both")
    rows.append(f"{'Managing':<12}{'':<{BAR}}{_figures(reading.managing)} of both")
    return "\n".join(rows)


def _figures(quantity: Quantity) -> str:
    weekly = "-" if quantity.weekly is None else f"{quantity.weekly.value:.1f}"
    share = quantity.share
    words = TOO_LITTLE if share is None else f"{percent(share.value):>3} % ({percent_range(share)})"
    return f"{quantity.hours:>9,.1f}{weekly:>9}  {words}"


def _left_out(reading: TimeReading) -> str:
    counted = reading.counted
    rows = [
        f"{amount.entries:>8,}{amount.hours:>11,.1f}  {REASONS[reason]}"
        for reason, amount in counted.left_out.items()
        if amount.entries or amount.hours > 0
    ]
    rows.insert(0, f"{counted.counted.entries:>8,}{counted.counted.hours:>11,.1f}  counted")
    rows.append(f"{counted.everything.entries:>8,}{counted.everything.hours:>11,.1f}  everything")
    return "\n".join([f"{'entries':>8}{'hours':>11}", *rows])


def _notes(report: Report) -> str:
    known = (unplanned_words(report.reading), behaviour_words(report.behaviour), *report.warnings)
    wrap = textwrap.TextWrapper(width=WIDTH, initial_indent="- ", subsequent_indent="  ")
    return "\n".join(wrap.fill(note) for note in known if note)
