"""Laws of tables: what is taken out reads back as unchanged, whatever people and teams are called."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.adapters.spreadsheets import read_workbook, write_csv, write_xlsx
from equipoise.apps.people.forms import NameField
from equipoise.apps.provisioning.spreadsheets.comparing import compare
from equipoise.apps.provisioning.spreadsheets.exporting import sheets
from equipoise.apps.provisioning.spreadsheets.parsing import parse
from equipoise.apps.provisioning.spreadsheets.picture import KnownPerson, KnownTeam, Picture

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
LETTERS = st.text(st.characters(exclude_categories=("C", "Z")) | st.just(" "), min_size=1, max_size=12)
AWKWARD = st.sampled_from(["-", "yes", "X", "A / B", "A/B", "A;B", "A|B", "=A", "'A", "1", "#1", "a", "A", "Größe"])
NAMES = (
    (AWKWARD | LETTERS).map(lambda text: str(NameField().to_python(text))).filter(lambda name: name not in {"", "-"})
)


@st.composite
def organisations(draw: st.DrawFn) -> Picture:
    """Up to six teams in a tree and up to six people, who lead and report from the top down."""
    numbers = range(1, draw(st.integers(0, 6)) + 1)
    keys = draw(st.lists(NAMES, min_size=6, max_size=6, unique_by=str.casefold))
    teams = {
        pk: KnownTeam(
            pk=pk,
            name=draw(NAMES),
            key=keys[pk - 1] if draw(st.booleans()) else "",
            parent=draw(st.none() | st.sampled_from(range(1, pk))) if pk > 1 else None,
        )
        for pk in numbers
    }
    people = {pk: draw(persons(pk, teams)) for pk in range(1, draw(st.integers(1, 6)) + 1)}
    return Picture(
        people=people,
        by_address={person.email: pk for pk, person in people.items()},
        elsewhere=frozenset(),
        teams=teams,
        keys_of_ended_teams=frozenset(),
        administrators=frozenset({1}),
    )


@st.composite
def persons(draw: st.DrawFn, pk: int, teams: dict[int, KnownTeam]) -> KnownPerson:
    manager = draw(st.none() | st.sampled_from(range(1, pk))) if pk > 1 else None
    others = draw(st.frozensets(st.integers(1, 2), max_size=2)) - {pk, manager}
    return KnownPerson(
        pk=pk,
        name=draw(NAMES),
        email=f"p{pk}@a.example",
        joined=date(2026, 1, 5),
        active=True,
        left_on=draw(st.none() | st.just(date(2027, 1, 1))),
        language="en",
        zone="UTC",
        position=(draw(st.just("") | NAMES), draw(st.sampled_from(["", "chief"])), draw(st.sampled_from(["", "hr"]))),
        teams=draw(st.dictionaries(st.sampled_from(sorted(teams)), st.booleans())) if teams else {},
        manager=manager,
        others=frozenset(other for other in others if other < pk or other in {1, 2}) if pk > 2 else frozenset(),
    )


class TestTakingOutAndIn:
    @pytest.mark.parametrize("as_csv", [True, False])
    @settings(deadline=None, max_examples=40)
    @given(known=organisations())
    def test_changes_nothing(self, known: Picture, *, as_csv: bool) -> None:
        people, teams = sheets(known, "en")
        if as_csv:
            contents = [write_csv(people), *([write_csv(teams)] if teams.rows else [])]
        else:
            contents = [write_xlsx([people, teams], now=NOW)]
        read = parse(table for content in contents for table in read_workbook(content))
        plan = compare(read.rows, known, actor_id=1, today=TODAY)
        assert [each.problem for each in plan.wrong] == []
        assert (plan.teams, plan.people) == ([], [])
        assert plan.unchanged == len(known.people) + len(known.teams)
