"""How many corrections lift a new organisation's calendars how far.

Run `python benchmarks/learning_from_corrections.py`. The demo agency is the new organisation: nothing of it was trained
on, and what each of its entries was planned for is known. For each of its people, so many series are corrected in the
order a review asks for them, by hours times doubt. Printed are the share of all counted hours that is then told right,
the same among the series not corrected, with and without learning from the corrections, and the gap between the leading
share as measured and as planned. A second table takes loose entries that share neither people nor jargon, the hardest
case: those of `training/held_out.txt`, which the model that ships saw in its last round only, and the exam.
"""

import sys
import time
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).parent.parent / "training"))

import numpy as np
from labelled import DEVELOPMENT, ENTRIES, held_out, read_labelled
from numpy.typing import NDArray

from equipoise.adapters.classifier import load_classifier
from equipoise.adapters.demo_agency import Person, agency, calendar_of, planned_purposes
from equipoise.adapters.ics import Upload, read_calendar
from equipoise.core.facets import LEADING, MANAGING, PURPOSES
from equipoise.core.timeuse.purpose_learning import RIDGE, learn_from
from equipoise.core.timeuse.purpose_model import Reading, softmax

UNTIL = date(2026, 11, 23)
COUNTS = (0, 5, 10, 20, 40)
LOOSE_COUNTS = (0, 25, 50, 100, 200)
DRAWS = 5
LEADS = [PURPOSES.index(purpose) for purpose in LEADING]
MANAGES = [PURPOSES.index(purpose) for purpose in MANAGING]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One person's series: how the model reads them, what they are for, and their hours."""

    reading: Reading
    truth: NDArray[np.int64]
    hours: Floats


def case_of(person: Person) -> Case:
    """One person's series of 26 weeks, those that take time."""
    zone = ZoneInfo(person.zone)
    found = read_calendar(
        [Upload(name="demo.ics", content=calendar_of(person.key, until=UNTIL))],
        me=[person.address],
        start=None,
        end=datetime(UNTIL.year, UNTIL.month, UNTIL.day, tzinfo=UTC),
        zone=zone,
    )
    planned = planned_purposes(person.key, until=UNTIL)
    hours: dict[str, float] = defaultdict(float)
    entries = {}
    for each in found.occurrences:
        entry = each.entry
        if entry.private or entry.all_day or entry.cancelled or entry.free or entry.uid not in planned:
            continue
        hours[entry.series] += (each.end - each.start).total_seconds() / 3600
        entries.setdefault(entry.series, (entry, (each.end - each.start).total_seconds() / 60))
    kept = list(entries.values())
    return Case(
        reading=load_classifier().read([entry for entry, _ in kept], [minutes for _, minutes in kept]),
        truth=np.array([PURPOSES.index(planned[entry.uid]) for entry, _ in kept], np.int64),
        hours=np.array([hours[series] for series in entries]),
    )


def part_of(reading: Reading, chosen: NDArray[np.bool_]) -> Reading:
    """The reading of some entries."""
    return Reading(scores=reading.scores[chosen], vectors=reading.vectors[chosen])


def leading_share(weights: Floats) -> float:
    """Leading hours of leading and managing hours."""
    leads, manages = weights[LEADS].sum(), weights[MANAGES].sum()
    return float(leads / (leads + manages))


def after(case: Case, count: int, ridge: float) -> list[float]:
    """The figures of one line of the table for one person."""
    before = softmax(case.reading.scores)
    order = np.argsort(-(1 - before.max(axis=1)) * case.hours, kind="stable")
    corrected = np.isin(np.arange(len(case.hours)), order[:count])
    learned = learn_from(part_of(case.reading, corrected), case.truth[corrected], ridge=ridge)
    told = softmax(case.reading.scores + learned.addition(case.reading))
    told[corrected] = np.eye(len(PURPOSES))[case.truth[corrected]]
    right, plain = told.argmax(axis=1) == case.truth, before.argmax(axis=1) == case.truth
    planned = leading_share(case.hours @ np.eye(len(PURPOSES))[case.truth])
    rest = case.hours * ~corrected
    return [
        float((case.hours * right).sum() / case.hours.sum()),
        float((rest * plain).sum() / rest.sum()),
        float((rest * right).sum() / rest.sum()),
        abs(leading_share(case.hours @ told) - planned),
    ]


def print_agency(ridge: float) -> None:
    """The table of the demo agency."""
    cases = [case_of(person) for person in agency().people]
    sizes = [len(case.truth) for case in cases]
    print(f"demo agency: {len(cases)} people, {np.median(sizes):.0f} series each at the median")
    print(f"{'corrections':>12}{'hours right':>14}{'rest, model':>14}{'rest, learned':>15}{'gap of leading share':>22}")
    for count in COUNTS:
        all_right, plain, learned, gap = np.mean([after(case, count, ridge) for case in cases], axis=0)
        print(f"{count:>12}{all_right:>14.3f}{plain:>14.3f}{learned:>15.3f}{gap:>22.3f}")


def print_loose(ridge: float) -> None:
    """Accuracy on the loose entries that were not corrected, means over groups of hands and draws."""
    rows = read_labelled(ENTRIES)
    rows = rows.at(held_out(rows))
    groups = [rows.at(rows.hands == hand) for hand in np.unique(rows.hands)] + [read_labelled([DEVELOPMENT])]
    readings = [load_classifier().read(group.entries, group.minutes) for group in groups]
    print(f"loose entries: {len(groups)} groups\n{'corrections':>12}{'rest, model':>14}{'rest, learned':>15}")
    for count in LOOSE_COUNTS:
        found = []
        for group, reading in zip(groups, readings, strict=True):
            for seed in range(DRAWS):
                chosen = np.random.default_rng(seed).permutation(len(group)) < count
                learned = learn_from(part_of(reading, chosen), group.purposes[chosen], ridge=ridge)
                rest, truth = part_of(reading, ~chosen), group.purposes[~chosen]
                told = rest.scores + learned.addition(rest)
                found.append([np.mean(each.argmax(axis=1) == truth) for each in (rest.scores, told)])
        plain, learned_right = np.mean(found, axis=0)
        print(f"{count:>12}{plain:>14.3f}{learned_right:>15.3f}")
    begun = time.perf_counter()
    learn_from(part_of(readings[-1], np.arange(len(groups[-1])) < 200), groups[-1].purposes[:200], ridge=ridge)
    print(f"learning from 200 corrections: {1000 * (time.perf_counter() - begun):.0f} ms")


def main(ridge: float) -> None:
    """Print both tables."""
    print_agency(ridge)
    print_loose(ridge)


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else RIDGE)
