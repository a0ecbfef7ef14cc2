"""How long the balance of teams takes: the demo agency's month, and the release rules in a large organisation.

    python benchmarks/team_balance.py

The first figure is a whole month of forty people from their invented calendars to what is told of their groups, as it
is made when somebody looks at the demo agency first. The second is the choice of what may be shown among 20,000 people
in 3,000 overlapping groups; the peer is the plain way, which compares each group with every set that the groups shown
before can tell apart, on a part of the same groups.
"""

import os
import random
import time
from collections.abc import Collection, Hashable, Mapping
from datetime import date

from equipoise.core.anonymity.pieces import choose, pieces
from equipoise.core.anonymity.rules import ReleaseRules

PEOPLE, TEAMS, PLAIN_TEAMS = 20_000, 1_500, 150
TODAY, MONTH = date(2026, 11, 25), date(2026, 10, 1)

Groups = Mapping[Hashable, Collection[int]]


def organisation(people: int, teams: int) -> dict[Hashable, Collection[int]]:
    """A tree of teams; each person is in one of them, every tenth in a second one. A team with all below, and alone."""
    rng = random.Random(11)  # noqa: S311 - the same organisation each time
    parents = [-1, *(rng.randrange(max(0, team - 40), team) for team in range(1, teams))]
    own: list[set[int]] = [set() for _ in range(teams)]
    for person in range(people):
        for _ in range(1 + (person % 10 == 0)):
            own[rng.randrange(teams)].add(person)
    unit = [set(each) for each in own]
    for team in range(teams - 1, 0, -1):
        unit[parents[team]] |= unit[team]
    found: dict[Hashable, Collection[int]] = {("unit", team): unit[team] for team in range(teams)}
    return found | {("own", team): own[team] for team in range(teams)}


def choose_plainly(groups: Groups, rules: ReleaseRules) -> set[Hashable]:
    """The same choice, with the pieces made anew for every group."""
    shown: list[Collection[int]] = []
    chosen: set[Hashable] = set()
    for name in sorted(groups, key=lambda each: -len(groups[each])):
        mine = frozenset(groups[name])
        known = pieces(shown)
        cuts = [(piece & mine, piece - mine) for piece in known] + [(mine.difference(*known), frozenset[int]())]
        if mine and all(not part or len(part) >= rules.least for cut in cuts for part in cut):
            shown.append(mine)
            chosen.add(name)
    return chosen


def demo_month_seconds() -> tuple[int, float, float]:
    """People who count in the demo agency's month, and seconds to measure and release it: passed, and of processor."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django  # noqa: PLC0415 - the settings are named first

    django.setup()
    from equipoise.adapters.demo_agency import agency  # noqa: PLC0415
    from equipoise.apps.insights.teams import demo, mapping  # noqa: PLC0415
    from equipoise.apps.people.models import Person  # noqa: PLC0415

    company = agency()
    people = [
        Person(pk=number, demo_key=each.key, email=each.address, zone=each.zone)
        for number, each in enumerate(company.people)
    ]
    groups = {
        team.key: frozenset(number for number, each in enumerate(company.people) if each.team == team.key)
        for team in company.teams
    } | {"": frozenset(range(len(people)))}
    begin, used = time.perf_counter(), time.process_time()
    months = demo.months_of(people, MONTH, today=TODAY)
    mapping.release(groups, months, {}, ReleaseRules())
    return len(months), time.perf_counter() - begin, time.process_time() - used


def main() -> None:
    """Print the figures."""
    counted, seconds, used = demo_month_seconds()
    print(
        f"demo agency, one month: {counted} people measured and released in {seconds:.1f} s ({used:.1f} s of processor)"
    )
    groups = organisation(PEOPLE, TEAMS)
    begin = time.perf_counter()
    shown = len(choose(groups))
    seconds = time.perf_counter() - begin
    print(f"release rules: {len(groups)} groups of {PEOPLE} people, {shown} shown, {seconds:.2f} s")
    small = organisation(PEOPLE // 10, PLAIN_TEAMS)
    begin = time.perf_counter()
    quick = choose(small)
    middle = time.perf_counter()
    plain = choose_plainly(small, ReleaseRules())
    end = time.perf_counter()
    ratio = (end - middle) / (middle - begin)
    print(f"against the plain way on {len(small)} groups: {ratio:.0f} times as fast, same choice: {quick == plain}")


if __name__ == "__main__":
    main()
