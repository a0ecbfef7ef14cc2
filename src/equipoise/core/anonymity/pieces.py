"""Which groups may be shown together, so that no combination of their figures tells of a few people.

Subtracting one group's figure from another's tells of those in whom they differ (a tracker: Denning, Denning and
Schwartz 1979, doi:10.1145/320064.320069). The shown groups cut the people into pieces: those who belong to exactly
the same shown groups. Any sum or difference of the groups' figures, with whatever weights, counts all people of a piece
alike. So if every piece holds at least `least` people, no combination rests on fewer. That is the rule here. It is
stricter than hiding what a single subtraction would tell, and it holds for groups that overlap, lie within one another,
or are two versions of the same one.

Hiding the next-smallest part where one part of a whole is hidden (complementary suppression: Cox 1980,
doi:10.1080/01621459.1980.10477481) follows from it, as the largest groups are admitted first.
"""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping
from typing import TypeVar

from equipoise.core.anonymity.rules import ReleaseRules

Person = TypeVar("Person", bound=Hashable)
Group = TypeVar("Group", bound=Hashable)


def pieces(groups: Iterable[Collection[Person]]) -> list[frozenset[Person]]:
    """The smallest sets the groups can tell apart: who belongs to the same of them; nobody who is in none.

    Example:
        >>> sorted(sorted(piece) for piece in pieces([{1, 2, 3}, {3, 4}]))
        [[1, 2], [3], [4]]
    """
    belongs: dict[Person, list[int]] = defaultdict(list)
    for number, group in enumerate(groups):
        for person in set(group):
            belongs[person].append(number)
    together: dict[tuple[int, ...], set[Person]] = defaultdict(set)
    for person, numbers in belongs.items():
        together[tuple(numbers)].add(person)
    return [frozenset(each) for each in together.values()]


def may_join(group: Collection[Person], shown: Iterable[Collection[Person]], rules: ReleaseRules | None = None) -> bool:
    """Whether a group may be shown beside those that are or were shown for the same period.

    Args:
        group: The people its figure rests on.
        shown: The same of every group shown before.
        rules: The thresholds; those of `ReleaseRules()` without.

    Example:
        >>> may_join(range(8), [range(13)]), may_join(range(9), [range(13)])
        (True, False)
    """
    least = (rules or ReleaseRules()).least
    mine = frozenset(group)
    if len(mine) < least:
        return False
    return all(_cut_well(piece, mine, least) for piece in _with_rest(mine, pieces(shown)))


def _with_rest(mine: frozenset[Person], known: list[frozenset[Person]]) -> list[frozenset[Person]]:
    """The pieces there are, and the people of the group who are in none of them."""
    rest = mine.difference(*known) if known else mine
    return [*known, rest]


def _cut_well(piece: frozenset[Person], mine: frozenset[Person], least: int) -> bool:
    """Whether what the group cuts off a piece, and what it leaves of it, each hold enough people or none."""
    inside = len(piece & mine)
    return all(size == 0 or size >= least for size in (inside, len(piece) - inside))


def choose(
    groups: Mapping[Group, Collection[Person]],
    before: Iterable[Collection[Person]] = (),
    rules: ReleaseRules | None = None,
) -> frozenset[Group]:
    """Which of some groups to show: the largest first, each only if it may join those admitted before it.

    Where a small part of a whole cannot be shown, this hides the next-smallest part, too, until what is hidden holds
    enough people. Groups of one size are taken in the order given.

    Args:
        groups: The people behind each group's figure.
        before: The same of every group ever shown for this period.
        rules: The thresholds; those of `ReleaseRules()` without.

    Example:
        A house of 19 with teams of 9, 7 and 3: the three could be worked out, so the seven are hidden with them.

        >>> sorted(choose({"house": range(19), "nine": range(9), "seven": range(9, 16), "three": range(16, 19)}))
        ['house', 'nine']
    """
    held = rules or ReleaseRules()
    shown: list[Collection[Person]] = list(before)
    chosen: set[Group] = set()
    for name in sorted(groups, key=lambda each: -len(groups[each])):
        if may_join(groups[name], shown, held):
            shown.append(groups[name])
            chosen.add(name)
    return frozenset(chosen)
