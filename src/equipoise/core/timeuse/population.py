"""Many people at once: from activities as arrays to hours by person, week and purpose.

The same sharing of double-booked time as for one person, in a single sweep over a whole partition: everybody's
activities are laid end to end on one line of time, so that nobody's overlap with another's. Memory grows with the
partition, not with the population: keep all activities of a person in one partition.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from equipoise.core.facets import PURPOSES
from equipoise.core.intervals import SECONDS_PER_HOUR, Floats

Whole = NDArray[np.int64]
WEEK_SECONDS = 7 * 24 * 3600


class ActivitiesWrong(ValueError):
    """The arrays of activities do not fit together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PopulationHours:
    """Hours by person, week and purpose.

    Attributes:
        people: Shape (people,): the persons' numbers, ascending.
        hours: Shape (people, weeks, 10), double-booked time shared, in the order of `PURPOSES`.
    """

    people: Whole
    hours: Floats


def weekly_hours(
    *,
    people: NDArray[np.integer],
    starts: NDArray[np.integer],
    ends: NDArray[np.integer],
    purposes: NDArray[np.integer] | Floats,
    weeks: int,
) -> PopulationHours:
    """Share everybody's time and sum it by week and purpose.

    Args:
        people: Shape (n,): whose activity it is.
        starts: Shape (n,): when it begins, in whole seconds from Monday midnight of the first week.
        ends: Shape (n,): when it ends, not before it begins. Time outside the weeks asked for is left out.
        purposes: Shape (n,): index in `PURPOSES`; or shape (n, 10): probabilities.
        weeks: How many weeks.

    Raises:
        ActivitiesWrong: When shapes differ, an activity ends before it begins, or a purpose is out of range.

    Example:
        >>> found = weekly_hours(
        ...     people=np.array([7, 7]), starts=np.array([0, 3600]), ends=np.array([7200, 7200]),
        ...     purposes=np.array([0, 4]), weeks=1,
        ... )
        >>> found.hours[0, 0, [0, 4]].tolist()
        [1.5, 0.5]
    """
    _check(people, starts, ends, purposes)
    names, whose = _numbered(people)
    horizon = weeks * WEEK_SECONDS
    begins, finishes = np.clip(starts, 0, horizon).astype(np.int64), np.clip(ends, 0, horizon).astype(np.int64)
    last = np.maximum(finishes - 1, begins) // WEEK_SECONDS
    if (last > begins // WEEK_SECONDS).any():
        rows, begins, finishes = _cut_at_weeks(begins, finishes, last)
        whose, purposes = whose[rows], purposes[rows]
    shares = _shares(begins + whose * (horizon + 1), finishes + whose * (horizon + 1))
    cells = whose * weeks + np.minimum(begins // WEEK_SECONDS, weeks - 1)
    return PopulationHours(people=names, hours=_summed(cells, purposes, shares, (len(names), weeks, len(PURPOSES))))


def _check(
    people: NDArray[np.integer],
    starts: NDArray[np.integer],
    ends: NDArray[np.integer],
    purposes: NDArray[np.integer] | Floats,
) -> None:
    count = len(people)
    if not count == len(starts) == len(ends) == len(purposes):
        raise ActivitiesWrong("People, starts, ends and purposes must be of one length.")
    if (ends < starts).any():
        raise ActivitiesWrong(f"Activity {int(np.argmax(ends < starts))} ends before it begins.")
    if purposes.ndim == 1:
        if count and not 0 <= int(purposes.min()) <= int(purposes.max()) < len(PURPOSES):
            raise ActivitiesWrong(f"Purposes must be whole numbers from 0 to {len(PURPOSES) - 1}.")
    elif purposes.shape != (count, len(PURPOSES)):
        raise ActivitiesWrong(f"Probabilities must have {len(PURPOSES)} columns.")


def _numbered(people: NDArray[np.integer]) -> tuple[Whole, Whole]:
    """The distinct persons, ascending, and the place of each activity's person among them."""
    least, most = (int(people.min()), int(people.max())) if len(people) else (0, 0)
    if most - least > 4 * len(people) + 1000:
        names, whose = np.unique(people, return_inverse=True)
        return names.astype(np.int64), whose.astype(np.int64)
    moved = people.astype(np.int64) - least
    there = np.zeros(most - least + 1, dtype=np.bool_)
    there[moved] = True
    places = np.cumsum(there, dtype=np.int64) - 1
    return np.flatnonzero(there) + least, places[moved]


def _cut_at_weeks(begins: Whole, finishes: Whole, last: Whole) -> tuple[Whole, Whole, Whole]:
    """Cut activities at midnight from Sunday to Monday: rows they come from, begins, ends."""
    first = begins // WEEK_SECONDS
    counts = last - first + 1
    rows = np.repeat(np.arange(len(begins)), counts)
    week = first[rows] + np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
    return (
        rows,
        np.maximum(begins[rows], week * WEEK_SECONDS),
        np.minimum(finishes[rows], (week + 1) * WEEK_SECONDS),
    )


def _shares(begins: Whole, finishes: Whole) -> Floats:
    """Each activity's hours, time shared with those that run at once."""
    order, moments = _in_order(np.concatenate((begins, finishes)))
    running = np.cumsum(np.where(order < len(begins), 1, -1).astype(np.int8), dtype=np.int32)[:-1]
    pieces = np.diff(moments) / np.maximum(running, 1)
    pieces[running == 0] = 0.0
    given = np.zeros(len(order))
    np.cumsum(pieces, out=given[1:])
    at = np.empty(len(order))
    at[order] = given
    shares: Floats = (at[len(begins) :] - at[: len(begins)]) / SECONDS_PER_HOUR
    return shares


def _in_order(moments: Whole) -> tuple[Whole, Whole]:
    """The order of moments, and the moments in that order.

    Moment and place are packed into one number where they fit: sorting numbers is far quicker than sorting places.
    """
    bits = len(moments).bit_length()
    if len(moments) == 0 or int(moments.max()).bit_length() + bits > 62:
        order = np.argsort(moments, kind="stable")
        return order, moments[order]
    packed = np.sort((moments << bits) | np.arange(len(moments)))
    return packed & ((1 << bits) - 1), packed >> bits


def _summed(
    cells: Whole, purposes: NDArray[np.integer] | Floats, shares: Floats, shape: tuple[int, int, int]
) -> Floats:
    """Hours by person, week and purpose; `cells` is the place of each activity's person and week."""
    people, weeks, kinds = shape
    if purposes.ndim == 1:
        sums = np.bincount(cells * kinds + purposes, weights=shares, minlength=people * weeks * kinds)
        return sums.astype(np.float64, copy=False).reshape(shape)
    by_kind = (shares * purposes[:, kind] for kind in range(kinds))
    sums = np.stack([np.bincount(cells, weights=each, minlength=people * weeks) for each in by_kind], axis=-1)
    return sums.astype(np.float64, copy=False).reshape(shape)
