"""How often the 90 % intervals hold the truth, in simulated calendars of people whose truth is known.

    .venv/bin/python benchmarks/interval_coverage.py [--people 2000] [--weeks 4,6,8,13,26] [--labels LABELLED.csv]

Each simulated person has a mix of purposes of their own; 6 to 13 lasting series (weekly, fortnightly or monthly, each
with a purpose, a length and an attendance of its own), projects that last 3 to 8 weeks and come at random, and
one-off entries, more of them in busy weeks. The truth is the person's long-run mean: expected hours a week by purpose,
lasting series with the purpose they truly have. Half of the people get a classifier that is sharp on some entries and
hedges on others (probabilities from a Dirichlet distribution, the truth drawn from them), half one that sees a noisy
sign of the purpose and weighs it by Bayes' rule. The odds of both are a little off for each person, purpose by purpose
(log odds with a standard deviation of 0.5), as those of a good classifier are; a second table has them exactly right.
A third shows what is *not* promised: a classifier calibrated over all people that knows nothing of this person's mix.
With --labels a fourth is about the classifier that ships: each simulated entry is a labelled one, drawn among those of
its true purpose, with what the classifier says of it (column `primary` holds the label; entries it never learned from).
"""

import argparse
import csv
import io
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from equipoise.adapters.classifier import load_classifier
from equipoise.cli.classifying import read_rows
from equipoise.core.facets import AXES, FACETS, LEADING, PURPOSES, Purpose
from equipoise.core.timeuse.uncertainty import Evidence, Interval, hours_interval, share_interval

Floats = NDArray[np.float64]

# About the mix of hours in calendars: much execution, people, oversight and process; little vision and change.
POPULATION = np.array([0.05, 0.06, 0.135, 0.05, 0.25, 0.06, 0.11, 0.125, 0.065, 0.095])
CONCENTRATION = 14.0
SIGN = 2.2
ODDS_OFF = 0.5
PROJECTS_A_WEEK, ONE_OFFS_A_WEEK = 0.6, 10.0
PROJECT_HOURS, ONE_OFF_HOURS = np.array([0.5, 1.0, 1.5]), np.array([0.5, 1.0, 1.0, 1.5, 3.0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What is seen of a simulated person, and their true long-run hours a week by purpose."""

    evidence: Evidence
    truth: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """Labelled entries: their true purposes, and what a classifier says of each."""

    purposes: NDArray[np.intp]
    said: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Classifier:
    """A simulated classifier: "hedging", "sign", "pooled" (calibrated over all people only), or "shipped".

    `odds_off` is how far its log odds are off, `taken_off` how far the intervals take them to be.
    """

    kind: str
    odds_off: float = ODDS_OFF
    taken_off: float = ODDS_OFF
    labelled: Labelled | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """A person's mix of purposes, and the log odds by which the classifier is off for them."""

    mix: Floats
    off: Floats


def simulate_person(seed: int, *, weeks: int, classifier: Classifier) -> Person:
    """Simulate one person as one classifier sees them."""
    rng = np.random.default_rng([seed, weeks, len(classifier.kind)])
    mix = rng.dirichlet(POPULATION / POPULATION.sum() * CONCENTRATION)
    habits = Habits(mix=mix, off=classifier.odds_off * rng.standard_normal(len(mix)))
    if classifier.kind == "hedging":
        mix = _tilted(rng.dirichlet(_hedging(habits.mix), size=2000), habits.off).mean(axis=0)
    truth = np.zeros(len(PURPOSES))
    lasting, rates, purposes, known = _lasting_series(rng, habits, weeks, classifier)
    np.add.at(truth, purposes, rates)
    projects = _projects(rng, weeks)
    singles = _one_offs(rng, weeks)
    truth += mix * (PROJECTS_A_WEEK * 5.5 * PROJECT_HOURS.mean() + ONE_OFFS_A_WEEK * ONE_OFF_HOURS.mean())
    _, passing = _purposes(rng, habits, len(projects) + len(singles), classifier)
    hours = np.vstack((lasting, projects, singles))
    seen = hours.sum(axis=1) > 0
    evidence = Evidence(
        hours=hours[seen],
        times=(hours[seen] > 0).sum(axis=1).astype(np.float64),
        probabilities=np.vstack((known, passing))[seen],
        exposure=np.ones(weeks),
        odds_off=classifier.taken_off,
    )
    return Person(evidence=evidence, truth=truth)


def _lasting_series(
    rng: np.random.Generator, habits: Habits, weeks: int, classifier: Classifier
) -> tuple[Floats, Floats, NDArray[np.intp], Floats]:
    count = int(rng.integers(6, 14))
    purposes, known = _purposes(rng, habits, count, classifier)
    every = rng.choice([1, 1, 1, 2, 4], size=count)
    length = rng.choice([0.5, 1.0, 1.0, 1.5, 2.0], size=count)
    attendance = rng.uniform(0.7, 1.0, size=count)
    due = (np.arange(weeks) + rng.integers(0, 4, size=count)[:, np.newaxis]) % every[:, np.newaxis] == 0
    held = due & (rng.random((count, weeks)) < attendance[:, np.newaxis])
    return held * length[:, np.newaxis], length * attendance / every, purposes, known


def _projects(rng: np.random.Generator, weeks: int) -> Floats:
    begins = np.floor(rng.uniform(-8, weeks, size=rng.poisson(PROJECTS_A_WEEK * (weeks + 8))))[:, np.newaxis]
    lasts = rng.integers(3, 9, size=begins.shape)
    week = np.arange(weeks)
    hours: Floats = ((week >= begins) & (week < begins + lasts)) * rng.choice(PROJECT_HOURS, size=begins.shape)
    return hours


def _one_offs(rng: np.random.Generator, weeks: int) -> Floats:
    counts = rng.poisson(ONE_OFFS_A_WEEK * rng.gamma(6.0, 1 / 6.0, size=weeks))
    hours = np.zeros((int(counts.sum()), weeks))
    hours[np.arange(len(hours)), np.repeat(np.arange(weeks), counts)] = rng.choice(ONE_OFF_HOURS, size=len(hours))
    return hours


def _purposes(
    rng: np.random.Generator, habits: Habits, count: int, classifier: Classifier
) -> tuple[NDArray[np.intp], Floats]:
    """True purposes and what a classifier says of them."""
    if classifier.kind == "hedging":
        said = rng.dirichlet(_hedging(habits.mix), size=count)
        right = _tilted(said, habits.off)
        drawn = (right.cumsum(axis=1) < rng.random((count, 1))).sum(axis=1)
        return np.minimum(drawn, len(PURPOSES) - 1).astype(np.intp), said
    true = rng.choice(len(PURPOSES), p=habits.mix, size=count).astype(np.intp)
    if classifier.labelled is not None:
        of_each = [np.flatnonzero(classifier.labelled.purposes == purpose) for purpose in range(len(PURPOSES))]
        entries = np.array([rng.choice(of_each[purpose]) for purpose in true], dtype=np.intp)
        return true, classifier.labelled.said[entries]
    sign = rng.normal(size=(count, len(PURPOSES)))
    sign[np.arange(count), true] += SIGN
    taken = (habits.mix if classifier.kind == "sign" else POPULATION) + 1e-12
    return true, _tilted(taken * np.exp(SIGN * (sign - sign.max(axis=1, keepdims=True))), habits.off)


def _hedging(mix: Floats) -> Floats:
    shapes: Floats = np.maximum(1.2 * mix, 1e-3)
    return shapes


def _tilted(probabilities: Floats, off: Floats) -> Floats:
    """Probabilities with their odds off, rows summing to 1."""
    tilted = probabilities * np.exp(off)
    rows: Floats = tilted / tilted.sum(axis=1, keepdims=True)
    return rows


BOTH = (Classifier(kind="hedging"), Classifier(kind="sign"))
EXACT = (Classifier(kind="hedging", odds_off=0.0), Classifier(kind="sign", odds_off=0.0))
POOLED = (Classifier(kind="pooled", odds_off=0.0),)


def shipped(labels: Path, taken_off: float) -> Classifier:
    """The classifier that ships, on labelled entries."""
    text = labels.read_text(encoding="utf-8")
    rows = list(read_rows(text, labels.name))
    purposes = [PURPOSES.index(Purpose(row["primary"])) for row in csv.DictReader(io.StringIO(text))]
    said = load_classifier().probabilities([row.entry for row in rows], [row.minutes for row in rows])
    labelled = Labelled(purposes=np.array(purposes), said=said)
    return Classifier(kind="shipped", odds_off=0.0, taken_off=taken_off, labelled=labelled)


def coverage(*, people: int, weeks: int, classifiers: tuple[Classifier, ...] = BOTH) -> dict[str, float]:
    """The part of intervals that hold the truth, for the leading share, the axes and the facets' hours."""
    held: dict[str, list[bool]] = defaultdict(list)
    for number in range(people):
        person = simulate_person(number, weeks=weeks, classifier=classifiers[number % len(classifiers)])
        truth = dict(zip(PURPOSES, person.truth.tolist(), strict=True))
        leading = sum(truth[each] for each in LEADING) / sum(truth[each] for each in FACETS)
        held["leading share"].append(_holds(share_interval(person.evidence, of=LEADING, among=FACETS), leading))
        for axis in AXES:
            pair = (axis.leading, axis.managing)
            share = truth[axis.leading] / (truth[axis.leading] + truth[axis.managing])
            held["axis leans"].append(_holds(share_interval(person.evidence, of=pair[:1], among=pair), share))
        for facet in FACETS:
            held["facet hours"].append(_holds(hours_interval(person.evidence, of=(facet,)), truth[facet]))
    return {name: float(np.mean(each)) for name, each in held.items()}


def _holds(interval: Interval | None, truth: float) -> bool:
    """Whether the truth lies inside; a person of whom nothing can be said is no miss and no hit, but very rare."""
    return interval is None or interval.low <= truth <= interval.high


def main() -> None:
    """Print the coverage for several numbers of weeks."""
    parser = argparse.ArgumentParser(description="Coverage of the 90 % intervals in simulated calendars.")
    parser.add_argument("--people", type=int, default=2000)
    parser.add_argument("--weeks", default="4,6,8,13,26")
    parser.add_argument("--labels", type=Path)
    parser.add_argument("--taken-off", type=float, default=ODDS_OFF, help="log odds the shipped one is taken to be off")
    chosen = parser.parse_args()
    print(
        f"{'weeks':>5}  {'leading share':>13}  {'axis leans':>10}  {'facet hours':>11}   ({chosen.people} people each)"
    )
    tables = [
        ("odds a little off:", BOTH),
        ("odds exactly right:", EXACT),
        ("calibrated over all people only:", POOLED),
    ]
    if chosen.labels:
        tables.append(
            (f"the classifier that ships, on {chosen.labels.name}:", (shipped(chosen.labels, chosen.taken_off),))
        )
    for label, classifiers in tables:
        print(label)
        for weeks in (int(each) for each in chosen.weeks.split(",")):
            found = coverage(people=chosen.people, weeks=weeks, classifiers=classifiers)
            print(f"{weeks:>5}  " + "  ".join(f"{found[name]:>{len(name)}.3f}" for name in found), flush=True)


if __name__ == "__main__":
    main()
