"""From everything ever shown of a period, nobody works out a figure of a few people: shown by solving for it.

Whoever reads all figures of all groups knows, at most, the sum over each group of whatever is told of its people. What
they can work out are the linear combinations of these sums. Each test looks for one that rests on too few people,
exactly, in fractions.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from equipoise.core.anonymity.pieces import choose
from equipoise.core.anonymity.rules import ReleaseRules

Group = frozenset[int]
Choose = Callable[[dict[str, Group], list[Group], ReleaseRules], Collection[str]]
PEOPLE = 16


@some.composite
def trees(draw: some.DrawFn) -> dict[str, Group]:
    """A tree of teams; most people are in one of them, some in several. Each team, and all below it, is a group."""
    teams = draw(some.integers(1, 6))
    parents = [draw(some.integers(-1, team - 1)) for team in range(teams)]
    where = some.sets(some.integers(0, teams - 1), min_size=1, max_size=2)
    belongs = [draw(where) for _person in range(PEOPLE)]
    own = [frozenset(person for person in range(PEOPLE) if team in belongs[person]) for team in range(teams)]
    below = [
        own[team].union(*(own[each] for each in range(teams) if team in _above(each, parents))) for team in range(teams)
    ]
    return {
        "house": frozenset(range(PEOPLE)),
        **{f"unit {team}": below[team] for team in range(teams)},
        **{f"team {team}": own[team] for team in range(teams)},
    }


def _above(team: int, parents: Sequence[int]) -> Iterator[int]:
    while parents[team] >= 0:
        team = parents[team]
        yield team


def history(
    tree: dict[str, Group], counted: Sequence[Group], rules: ReleaseRules, chosen_by: Choose = choose
) -> list[Group]:
    """Everything shown of one period, when it is released again and again with other people counted each time."""
    shown: list[Group] = []
    for these in counted:
        groups = {name: group & these for name, group in tree.items()}
        names = chosen_by(groups, list(shown), rules)
        shown += [groups[name] for name in names]
    return shown


def hidden_directions(shown: Sequence[Group]) -> list[list[Fraction]]:
    """A basis of all that the figures leave open: changes of people's values that change no group's sum."""
    rows = [[Fraction(person in group) for person in range(PEOPLE)] for group in shown]
    pivots: list[int] = []
    for column in range(PEOPLE):
        row = next((each for each in range(len(pivots), len(rows)) if rows[each][column]), None)
        if row is None:
            continue
        top = len(pivots)
        rows[top], rows[row] = rows[row], rows[top]
        rows[top] = [each / rows[top][column] for each in rows[top]]
        for other in range(len(rows)):
            if other != top and rows[other][column]:
                factor = rows[other][column]
                rows[other] = [each - factor * lead for each, lead in zip(rows[other], rows[top], strict=True)]
        pivots.append(column)
    return [_direction(free, rows, pivots) for free in range(PEOPLE) if free not in pivots]


def _direction(free: int, rows: Sequence[Sequence[Fraction]], pivots: Sequence[int]) -> list[Fraction]:
    found = [Fraction(0)] * PEOPLE
    found[free] = Fraction(1)
    for row, column in enumerate(pivots):
        found[column] = -rows[row][free]
    return found


def determined(shown: Sequence[Group], least: int) -> list[tuple[int, ...]]:
    """All sets of fewer than `least` people whose sum follows from what was shown."""
    open_ways = hidden_directions(shown)
    return [
        few
        for size in range(1, least)
        for few in combinations(range(PEOPLE), size)
        if all(sum(way[person] for person in few) == 0 for way in open_ways)
    ]


def weighted(shown: Sequence[Group], least: int) -> bool:
    """Whether any combination at all, with whatever weights, rests on fewer than `least` people."""
    open_ways = hidden_directions(shown)
    return any(
        _rank([[way[person] for person in few] for way in open_ways]) < least - 1
        for few in combinations(range(PEOPLE), least - 1)
    )


def _rank(rows: list[list[Fraction]]) -> int:
    rank = 0
    for column in range(len(rows[0]) if rows else 0):
        row = next((each for each in range(rank, len(rows)) if rows[each][column]), None)
        if row is None:
            continue
        rows[rank], rows[row] = rows[row], rows[rank]
        for other in range(rank + 1, len(rows)):
            if rows[other][column]:
                factor = rows[other][column] / rows[rank][column]
                rows[other] = [each - factor * lead for each, lead in zip(rows[other], rows[rank], strict=True)]
        rank += 1
    return rank


everybody_or_some = some.lists(some.frozensets(some.integers(0, PEOPLE - 1), min_size=8), min_size=1, max_size=4)


class TestWhatWasShown:
    @settings(max_examples=60, deadline=None)
    @given(trees(), everybody_or_some, some.sampled_from([3, 4, 5]))
    def test_determines_no_sum_of_a_few_people(self, tree: dict[str, Group], counted: list[Group], least: int) -> None:
        assert determined(history(tree, counted, ReleaseRules(least=least)), least) == []

    @settings(max_examples=20, deadline=None)
    @given(trees(), everybody_or_some, some.sampled_from([3, 4]))
    def test_determines_no_weighted_sum_of_a_few_people(
        self, tree: dict[str, Group], counted: list[Group], least: int
    ) -> None:
        assert not weighted(history(tree, counted, ReleaseRules(least=least)), least)

    @settings(max_examples=60, deadline=None)
    @given(trees())
    def test_is_the_whole_whenever_enough_people_count(self, tree: dict[str, Group]) -> None:
        assert frozenset(range(PEOPLE)) in history(tree, [frozenset(range(PEOPLE))], ReleaseRules())


class TestTheSearch:
    """The same search finds what gates without one of the rules let through."""

    TREE = {  # noqa: RUF012 - nothing changes it
        "house": frozenset(range(16)), "seven": frozenset(range(7)), "six": frozenset(range(7, 13)),
    }  # fmt: skip

    def test_finds_the_remainder_that_a_bare_threshold_lets_through(self) -> None:
        def bare(groups: dict[str, Group], before: list[Group], rules: ReleaseRules) -> list[str]:
            return [name for name, group in groups.items() if len(group) >= rules.least]

        shown = history(self.TREE, [frozenset(range(16))], ReleaseRules(), bare)
        assert (13, 14, 15) in determined(shown, 5)
        assert determined(history(self.TREE, [frozenset(range(16))], ReleaseRules()), 5) == []

    def test_finds_the_leaver_whom_a_gate_without_memory_gives_away(self) -> None:
        def forgetful(groups: dict[str, Group], before: list[Group], rules: ReleaseRules) -> Collection[str]:
            return choose(groups, [], rules)

        twice = [frozenset(range(16)), frozenset(range(15))]
        assert (15,) in determined(history(self.TREE, twice, ReleaseRules(), forgetful), 5)
        assert determined(history(self.TREE, twice, ReleaseRules()), 5) == []

    @pytest.mark.parametrize("least", [3, 5])
    def test_finds_nothing_where_nothing_was_shown(self, least: int) -> None:
        assert determined([], least) == []
        assert not weighted([], least)
