"""Which team is meant by a key, a name, or its way from the top."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from equipoise.apps.provisioning.spreadsheets.picture import SLASH, Picture

Ref = int | str
"""A team or person that is there, by number; one that the table adds, by a text."""


_NUMBER = re.compile(r"#(\d{1,18})")
"""A team by its number here, which export writes where neither key nor way tell it from others."""


class Ambiguous(LookupError):
    """Several teams go by this name."""


def plain_way(text: str) -> str:
    """A way from the top without case, and with the same space everywhere."""
    return SLASH.join(part.strip().casefold() for part in text.split("/"))


class TeamNames:
    """The teams that are there and those a table adds, by all they are called."""

    def __init__(self, known: Picture) -> None:
        """Those that are there."""
        self._keys: dict[str, Ref] = {}
        self._called: dict[Ref, str] = {}
        self._ways: dict[str, set[Ref]] = defaultdict(set)
        self._names: dict[str, set[Ref]] = defaultdict(set)
        for team in known.teams.values():
            self.add(team.pk, name=team.name, key=team.key, way=known.path(team.pk))

    def add(self, ref: Ref, *, name: str, key: str = "", way: str = "") -> None:
        """One more, or one more name of a team."""
        self._called[ref] = way or name
        if key:
            self._keys[key.casefold()] = ref
        if way:
            self._ways[plain_way(way)].add(ref)
        self._names[plain_way(name)].add(ref)

    def called(self, ref: Ref) -> str:
        """A team in words, with its way from the top as far as it is known."""
        return self._called[ref]

    def by_key(self, key: str) -> Ref | None:
        """The team of a key."""
        return self._keys.get(key.casefold())

    def meant_by(self, text: str) -> Ref | None:
        """The team that is meant; `None` when there is none.

        Raises:
            Ambiguous: When there are several.
        """
        if (number := _NUMBER.fullmatch(text)) and int(number[1]) in self._called:
            return int(number[1])
        found = self.by_key(text)
        if found is not None:
            return found
        wanted = plain_way(text)
        for names in (self._ways, self._names):
            refs = names.get(wanted, set())
            if len(refs) > 1:
                raise Ambiguous
            if refs:
                return next(iter(refs))
        return None


def circles(above: Mapping[Ref, Ref | None], of: Iterable[Ref]) -> dict[Ref, list[Ref]]:
    """Those of some that come back to themselves on the way up, each with that way."""
    found = {}
    for start in of:
        way, at = [start], above.get(start)
        while at is not None and at not in way:
            way.append(at)
            at = above.get(at)
        if at == start:
            found[start] = [*way, start]
    return found


def from_the_top(above: Mapping[Ref, Ref | None], of: Iterable[Ref]) -> list[Ref]:
    """Some in an order in which everybody comes after those above them; there must be no circle."""

    def depth(ref: Ref) -> int:
        steps, at, seen = 0, above.get(ref), {ref}
        while at is not None and at not in seen:
            seen.add(at)
            steps, at = steps + 1, above.get(at)
        return steps

    return sorted(of, key=depth)
