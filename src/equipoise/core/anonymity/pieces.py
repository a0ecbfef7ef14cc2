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

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping
from typing import Generic, TypeVar

from equipoise.core.anonymity.rules import ReleaseRules

Person = TypeVar("Person", bound=Hashable)
Group = TypeVar("Group", bound=Hashable)

OUTSIDE = 0
"""The number of the piece that holds everybody who is in no group yet; it may be as small as it likes."""


class Pieces(Generic[Person]):
    """The smallest sets that the groups shown so far can tell apart; they only ever get finer."""

    def __init__(self, groups: Iterable[Collection[Person]] = ()) -> None:
        """Begin with some groups."""
        self._piece_of: dict[Person, int] = {}
        self._sizes: Counter[int] = Counter()
        self._last = OUTSIDE
        for group in groups:
            self.cut(group)

    def sets(self) -> list[frozenset[Person]]:
        """All pieces; nobody who is in no group."""
        found: dict[int, set[Person]] = {}
        for person, piece in self._piece_of.items():
            found.setdefault(piece, set()).add(person)
        return [frozenset(each) for each in found.values()]

    def least_cut(self, group: Collection[Person]) -> int:
        """How many people the smallest piece would hold that this group cuts off, or leaves, where it cuts."""
        cut = self._cut_off(group)
        left = [self._sizes[piece] - count for piece, count in cut.items() if piece != OUTSIDE]
        return min([*cut.values(), *(count for count in left if count)], default=0)

    def cut(self, group: Collection[Person]) -> None:
        """Make the pieces finer by one group."""
        into: dict[int, int] = {}
        for person in set(group):
            before = self._piece_of.get(person, OUTSIDE)
            if before not in into:
                self._last += 1
                into[before] = self._last
            self._piece_of[person] = into[before]
            self._sizes[before] -= before != OUTSIDE
            self._sizes[into[before]] += 1

    def _cut_off(self, group: Collection[Person]) -> Counter[int]:
        return Counter(self._piece_of.get(person, OUTSIDE) for person in set(group))


def pieces(groups: Iterable[Collection[Person]]) -> list[frozenset[Person]]:
    """The smallest sets the groups can tell apart: who belongs to the same of them; nobody who is in none.

    Example:
        >>> sorted(sorted(piece) for piece in pieces([{1, 2, 3}, {3, 4}]))
        [[1, 2], [3], [4]]
    """
    return Pieces(groups).sets()


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
    return Pieces(shown).least_cut(group) >= (rules or ReleaseRules()).least


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
    least = (rules or ReleaseRules()).least
    shown = Pieces(before)
    chosen: set[Group] = set()
    for name in sorted(groups, key=lambda each: -len(groups[each])):
        if shown.least_cut(groups[name]) >= least:
            shown.cut(groups[name])
            chosen.add(name)
    return frozenset(chosen)
