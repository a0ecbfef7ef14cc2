"""How often a gap is announced where there is none, and where there is one, in simulated calendars of known truth.

    .venv/bin/python benchmarks/gap_announcements.py [--people 1000] [--weeks 4,12]

The people are those of `interval_coverage.py`. For each, the band of what is called for is laid so that the true
leading share lies in its middle, just inside its lower edge (the worst place to be announced without a gap), or below
it by a gap of known size; the mirrored cases are counted with them. A lean counts twice its share.
"""

import argparse
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.interval_coverage import BOTH, Person, simulate_person

from equipoise.core.balance.gaps import MATERIAL, State, gap_of
from equipoise.core.facets import AXES, FACETS, LEADING, PURPOSES, Purpose
from equipoise.core.situation.profile import Band
from equipoise.core.timeuse.uncertainty import Interval, share_interval

WIDTH = 0.14
"""Usual width of a band for leading."""
GAPS = (-WIDTH / 2, 0.0, 0.05, 0.10, 0.15, 0.20, 0.30)
COLUMNS = ("announced", "the wrong way", "about right", "can't tell")


def announcements(*, people: int, weeks: int, leading: bool) -> dict[float, Counter[str]]:
    """What is said of people whose truth lies outside the band by each of `GAPS` (negative: inside it)."""
    material = MATERIAL["share"] if leading else MATERIAL["lean"] / 2
    found: dict[float, Counter[str]] = {gap: Counter() for gap in GAPS}
    for number in range(people):
        person = simulate_person(number, weeks=weeks, classifier=BOTH[number % len(BOTH)])
        for truth, shown in _figures(person, leading=leading):
            for gap in GAPS:
                for upwards in (True, False):
                    band = _band(truth, gap, upwards=upwards)
                    if band is not None:
                        found[gap][_said(shown, band, upwards=upwards, material=material)] += 1
    return found


def _figures(person: Person, *, leading: bool) -> list[tuple[float, Interval | None]]:
    """True shares with what is seen of them: of leading, or of the leading pole of each axis."""
    truth = dict(zip(PURPOSES, person.truth.tolist(), strict=True))
    pairs: list[tuple[tuple[Purpose, ...], tuple[Purpose, ...]]] = (
        [(LEADING, FACETS)] if leading else [((axis.leading,), (axis.leading, axis.managing)) for axis in AXES]
    )
    return [
        (sum(truth[each] for each in of) / sum(truth[each] for each in among),
         share_interval(person.evidence, of=of, among=among))
        for of, among in pairs
    ]  # fmt: skip


def _band(truth: float, gap: float, *, upwards: bool) -> Band | None:
    """The band above (or below) the truth by a gap; `None` where it would leave 0 to 1."""
    low, high = (truth + gap, truth + gap + WIDTH) if upwards else (truth - gap - WIDTH, truth - gap)
    return Band(low=low, high=high) if low >= 0 and high <= 1 else None


def _said(shown: Interval | None, band: Band, *, upwards: bool, material: float) -> str:
    state = gap_of(shown, band, material=material).state
    if state.is_gap:
        return COLUMNS[0] if (state is State.MORE_LEADING) == upwards else COLUMNS[1]
    return COLUMNS[2] if state is State.ABOUT_RIGHT else COLUMNS[3]


def table(*, people: int, weeks: int, leading: bool) -> str:
    """One row for each gap."""
    lines = [f"{'truth':>22}" + "".join(f"{column:>16}" for column in COLUMNS)]
    for gap, said in announcements(people=people, weeks=weeks, leading=leading).items():
        where = "in the middle" if gap < 0 else "at the edge, inside" if gap == 0 else f"{100 * gap:.0f} points outside"
        shares = "".join(f"{said[column] / max(said.total(), 1):16.3f}" for column in COLUMNS)
        lines.append(f"{where:>22}{shares}")
    return "\n".join(lines)


def main() -> None:
    """Print a table for the leading share and one for the axes, for each number of weeks."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--weeks", default="4,12")
    asked = parser.parse_args()
    for weeks in map(int, asked.weeks.split(",")):
        for leading in (True, False):
            what = "leading share" if leading else "share of an axis (half a lean)"
            print(f"\n{what}, {weeks} weeks, {asked.people} people")
            print(table(people=asked.people, weeks=weeks, leading=leading))


if __name__ == "__main__":
    main()
