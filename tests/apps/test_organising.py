"""What is done to people and teams: by date, without circles, never without an administrator, all or nothing."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.cast import NOW, Cast

from equipoise.apps.people import actions as people_actions
from equipoise.apps.people import queries as people
from equipoise.apps.people import standing
from equipoise.apps.people import tasks as people_tasks
from equipoise.apps.people.actions import AddressTaken
from equipoise.apps.people.models import (
    Assistance,
    Grant,
    Invitation,
    Joining,
    Membership,
    Person,
    Position,
    ReportingLine,
    Team,
    TeamPlace,
)
from equipoise.apps.people.organising import actions, queries
from equipoise.cli import serve
from equipoise.platform.access import Role
from equipoise.platform.models import AuditEntry

DAY = timedelta(days=1)
TODAY = date(2026, 11, 25)


def verbs(person: Person | None = None) -> list[str]:
    rows = AuditEntry.objects.filter(subject_id=person.pk) if person else AuditEntry.objects.all()
    return list(rows.order_by("pk").values_list("verb", flat=True))


def held(model: type[Position | ReportingLine | Membership | TeamPlace], on: date, **of: object) -> int:
    return model._default_manager.filter(standing.holding_on(on), **of).count()


@pytest.fixture
def services(cast: Cast) -> Team:
    return Team.objects.get(name="Client services")


class TestAddPerson:
    def test_adds_somebody_who_cannot_sign_in_yet_and_never_owns_the_machine(self, cast: Cast) -> None:
        person = actions.add_person(actor=cast.ada, name="Kim", email="Kim@Agency.example", now=NOW)
        assert (person.email, person.invited, person.has_usable_password()) == ("kim@agency.example", True, False)
        assert verbs(person) == ["person added"]

    def test_refuses_an_address_in_use_whatever_its_case(self, cast: Cast) -> None:
        with pytest.raises(AddressTaken):
            actions.add_person(actor=cast.ada, name="Tom", email="TOM@agency.example", now=NOW)

    def test_keeps_nothing_when_any_of_it_is_refused(self, cast: Cast) -> None:
        elsewhere = Team.objects.create(name="Demo", demo=True, made_at=NOW)
        with pytest.raises(actions.OtherWorld):
            actions.take_in(
                actor=cast.ada, name="Kim", email="kim@agency.example", title="Planner", level="", function="",
                team=elsewhere, manager=None, on=TODAY, now=NOW,
            )  # fmt: skip
        assert not Person.objects.filter(name="Kim").exists()
        assert verbs() == []


class TestSetPosition:
    def test_keeps_what_was_by_date(self, cast: Cast) -> None:
        for title, on in (("Trainee", TODAY - 30 * DAY), ("Planner", TODAY)):
            actions.set_position(
                actor=cast.ada, person=cast.tom, title=title, level="", function="strategy", on=on, now=NOW
            )
        before, now = (standing.position_of(cast.tom, on=day) for day in (TODAY - DAY, TODAY))
        assert before is not None
        assert now is not None
        assert (before.title, now.title) == ("Trainee", "Planner")

    def test_replaces_that_of_the_same_day(self, cast: Cast) -> None:
        for title in ("Plannner", "Planner"):
            actions.set_position(actor=cast.ada, person=cast.tom, title=title, level="", function="", on=TODAY, now=NOW)
        assert list(Position.objects.values_list("title", "until_day")) == [("Planner", None)]

    def test_drops_what_was_planned_for_later(self, cast: Cast) -> None:
        for title, on in (("Planner", TODAY), ("Head", TODAY + 30 * DAY), ("Lead", TODAY + 10 * DAY)):
            actions.set_position(actor=cast.ada, person=cast.tom, title=title, level="", function="", on=on, now=NOW)
        told = [(row.title, row.from_day, row.until_day) for row in Position.objects.order_by("from_day")]
        later = TODAY + 10 * DAY
        assert told == [("Planner", TODAY, later), ("Lead", later, None)]


Change = tuple[int, str]


class TestAnyChangesByDate:
    @settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(changes=st.lists(st.tuples(st.integers(0, 6), st.sampled_from(["", "A", "B", "C"])), max_size=6))
    def test_leave_one_position_at_most_on_each_day_and_the_last_said_wins(
        self, cast: Cast, changes: list[Change]
    ) -> None:
        with transaction.atomic():
            for after, title in changes:
                actions.set_position(
                    actor=None, person=cast.tom, title=title, level="", function="", on=TODAY + after * DAY, now=NOW
                )
            for after in range(8):
                day = TODAY + after * DAY
                assert held(Position, day, person=cast.tom) <= 1
            if changes:
                after, title = changes[-1]
                found = standing.position_of(cast.tom, on=TODAY + after * DAY)
                assert (found.title if found else "") == title
            transaction.set_rollback(True)

    @settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        changes=st.lists(
            st.tuples(st.integers(0, 6), st.sampled_from(["tom", "grace", "lena", "ravi"]), st.sampled_from("TGLR")),
            max_size=8,
        )
    )
    def test_leave_one_main_line_at_most_and_no_circle(self, cast: Cast, changes: list[tuple[int, str, str]]) -> None:
        names = {"T": cast.tom, "G": cast.grace, "L": cast.lena, "R": cast.ravi}
        with transaction.atomic():
            days = sorted(after for after, _who, _to in changes)
            for (_after, who, to), after in zip(changes, days, strict=True):
                person, manager = getattr(cast, who), names[to]
                if person == manager:
                    continue
                try:
                    actions.set_lines(actor=None, person=person, manager=manager, on=TODAY + after * DAY, now=NOW)
                except actions.WouldBeCircle:
                    continue
            for after in range(8):
                lines = ReportingLine.objects.filter(standing.holding_on(TODAY + after * DAY), main=True)
                above = dict(lines.values_list("person_id", "manager_id"))
                assert len(above) == lines.count()
                for start in above:
                    at, steps = above.get(start), 0
                    while at is not None and steps < 10:
                        assert at != start
                        at, steps = above.get(at), steps + 1
            transaction.set_rollback(True)


class TestSetLines:
    def test_names_the_way_of_a_circle(self, cast: Cast) -> None:
        with pytest.raises(actions.WouldBeCircle, match="Tom Okafor → Lena Hartmann"):
            actions.set_lines(actor=cast.ada, person=cast.lena, manager=cast.tom, on=TODAY, now=NOW)
        assert held(ReportingLine, TODAY, person=cast.lena) == 0
        assert verbs() == []

    def test_allows_further_lines(self, cast: Cast) -> None:
        actions.set_lines(
            actor=cast.ada, person=cast.tom, manager=cast.lena, others=[cast.ravi, cast.ines], on=TODAY, now=NOW
        )
        lines = queries.profile(cast.tom, on=TODAY).managers
        assert [(line.manager.name, line.main) for line in lines] == [
            ("Lena Hartmann", True), ("Ravi Menon", False), ("Ines Duarte", False),
        ]  # fmt: skip
        assert lines[0].from_day < TODAY

    def test_makes_a_further_line_the_main_one(self, cast: Cast) -> None:
        for manager, others in ((cast.lena, [cast.ravi]), (cast.ravi, [cast.lena])):
            actions.set_lines(actor=None, person=cast.tom, manager=manager, others=others, on=TODAY, now=NOW)
        assert held(ReportingLine, TODAY, person=cast.tom, main=True, manager=cast.ravi) == 1
        assert held(ReportingLine, TODAY, person=cast.tom) == 2


class TestTeams:
    def test_move_by_date_with_all_below(self, cast: Cast, services: Team) -> None:
        house = Team.objects.get(name="House")
        studio = actions.add_team(
            actor=cast.ada, demo=False, name="Studio", key="", parent=house, on=TODAY - 30 * DAY, now=NOW
        )
        actions.move_team(actor=cast.ada, team=services, parent=studio, on=TODAY, now=NOW)
        assert [each.name for each in queries.team_profile(services, on=TODAY).above] == ["House", "Studio"]
        assert [each.name for each in queries.team_profile(services, on=TODAY - DAY).above] == ["House"]
        assert services.pk in standing.led_by(cast.ravi, on=TODAY)

    def test_refuse_to_stand_under_themselves_naming_the_way(self, cast: Cast, services: Team) -> None:
        house = Team.objects.get(name="House")
        with pytest.raises(actions.WouldBeCircle, match="House → Client services"):
            actions.move_team(actor=cast.ada, team=house, parent=services, on=TODAY, now=NOW)

    def test_refuse_a_circle_that_a_planned_move_would_close(self, cast: Cast, services: Team) -> None:
        other = actions.add_team(actor=None, demo=False, name="Other", key="", parent=None, on=TODAY, now=NOW)
        actions.move_team(actor=None, team=services, parent=other, on=TODAY + 9 * DAY, now=NOW)
        with pytest.raises(actions.WouldBeCircle):
            actions.move_team(actor=None, team=other, parent=services, on=TODAY + DAY, now=NOW)

    def test_stand_no_deeper_than_pages_can_show(self, cast: Cast, as_lena: Client) -> None:
        def chain(parent: Team | None, names: range) -> list[Team]:
            made = [parent] if parent else []
            for name in names:
                above = made[-1] if made else None
                made.append(
                    actions.add_team(
                        actor=None, demo=False, name=f"T{name}", key="", parent=above, on=TODAY - DAY, now=NOW
                    )
                )
            return made

        deep = chain(None, range(actions.MOST_LEVELS))
        with pytest.raises(actions.TooDeep):
            chain(deep[-1], range(1))
        other = chain(None, range(100, 103))
        actions.move_team(actor=None, team=other[0], parent=deep[-4], on=TODAY - DAY, now=NOW)
        with pytest.raises(actions.TooDeep):
            actions.move_team(actor=None, team=other[0], parent=deep[-3], on=TODAY, now=NOW)
        assert "T19" in as_lena.get("/people/teams/").content.decode()

    def test_let_those_below_move_up_when_they_end(self, cast: Cast, services: Team) -> None:
        house = Team.objects.get(name="House")
        actions.end_team(actor=cast.ada, team=house, on=TODAY, now=NOW)
        assert [node.team.name for node in queries.tree(cast.lena, on=TODAY)] == ["Client services"]
        assert [node.team.name for node in queries.tree(cast.lena, on=TODAY - DAY)] == ["House"]
        assert Role.LEAD not in standing.roles_of(cast.ravi, on=TODAY)

    def test_keep_who_led_them_by_date(self, cast: Cast, services: Team) -> None:
        actions.join_team(actor=cast.ada, person=cast.lena, team=services, leads=False, on=TODAY, now=NOW)
        actions.join_team(actor=cast.ada, person=cast.tom, team=services, leads=True, on=TODAY, now=NOW)
        assert Role.LEAD in standing.roles_of(cast.tom, on=TODAY)
        assert Role.LEAD in standing.roles_of(cast.lena, on=TODAY - DAY)
        assert Role.LEAD not in standing.roles_of(cast.lena, on=TODAY)


class TestRoles:
    def test_are_given_once_and_taken(self, cast: Cast) -> None:
        for _ in range(2):
            actions.grant(actor=cast.ada, person=cast.tom, role=Role.AUDITOR, now=NOW)
        assert Grant.objects.filter(person=cast.tom, ended_at=None).count() == 1
        actions.take_role(actor=cast.ada, person=cast.tom, role=Role.AUDITOR, now=NOW)
        assert standing.roles_of(cast.tom, on=TODAY) == frozenset()
        assert verbs(cast.tom) == ["role given", "role taken"]

    def test_keep_the_last_administrator(self, cast: Cast) -> None:
        with pytest.raises(actions.LastAdministrator):
            actions.take_role(actor=cast.ada, person=cast.ada, role=Role.ADMINISTRATOR, now=NOW)
        with pytest.raises(actions.LastAdministrator):
            actions.leave(actor=cast.ada, person=cast.ada, on=TODAY, now=NOW)
        assert Role.ADMINISTRATOR in standing.roles_of(cast.ada, on=TODAY)
        assert Person.objects.get(pk=cast.ada.pk).is_active

    def test_count_no_administrator_of_the_demo_agency(self, cast: Cast) -> None:
        demo = Person.objects.create(name="D", email="d@demo.example", demo_key="d", joined_at=NOW)
        Grant.objects.create(person=demo, role=Role.ADMINISTRATOR, given_at=NOW)
        with pytest.raises(actions.LastAdministrator):
            actions.take_role(actor=cast.ada, person=cast.ada, role=Role.ADMINISTRATOR, now=NOW)


class TestLeave:
    def test_ends_all_at_once_and_keeps_what_was(self, cast: Cast, services: Team) -> None:
        actions.set_position(
            actor=None, person=cast.lena, title="Head", level="", function="", on=TODAY - 9 * DAY, now=NOW
        )
        Invitation.objects.create(
            owner=cast.lena, name="K", email="k@x.example", digest="d", made_at=NOW, expires_at=NOW + DAY
        )
        actions.leave(actor=cast.ada, person=cast.lena, on=TODAY, now=NOW)
        for model, of in (
            (Position, "person"), (Membership, "person"), (ReportingLine, "person"), (ReportingLine, "manager")
        ):  # fmt: skip
            assert held(model, TODAY, **{of: cast.lena}) == 0
        assert held(Membership, TODAY - DAY, person=cast.lena) == 1
        assert not Assistance.objects.filter(owner=cast.lena, ended_at=None).exists()
        assert not Invitation.objects.filter(owner=cast.lena).exists()
        lena = Person.objects.get(pk=cast.lena.pk)
        assert (lena.is_active, lena.left_on) == (False, TODAY)
        assert verbs(cast.lena)[-1] == "person left"

    def test_happens_once(self, cast: Cast) -> None:
        for _ in range(2):
            actions.leave(actor=cast.ada, person=cast.tom, on=TODAY, now=NOW)
        assert verbs(cast.tom) == ["person left"]

    def test_takes_links_away(self, cast: Cast) -> None:
        Joining.objects.create(person=cast.tom, digest="x", made_at=NOW, expires_at=NOW + DAY)
        actions.leave(actor=cast.ada, person=cast.tom, on=TODAY, now=NOW)
        assert not Joining.objects.exists()

    def test_can_be_undone_by_coming_back(self, cast: Cast) -> None:
        actions.leave(actor=cast.ada, person=cast.tom, on=TODAY, now=NOW)
        actions.come_back(actor=cast.ada, person=cast.tom, on=TODAY, now=NOW)
        tom = Person.objects.get(pk=cast.tom.pk)
        assert (tom.is_active, tom.left_on) == (True, None)
        assert held(Membership, TODAY, person=tom) == 0


class TestPlanLeaving:
    def test_keeps_all_until_the_day_and_is_carried_out_once_by_the_worker(self, cast: Cast) -> None:
        on = TODAY + 3 * DAY
        actions.plan_leaving(actor=cast.ada, person=cast.tom, on=on, now=NOW)
        people_tasks.tick(NOW)
        assert Person.objects.get(pk=cast.tom.pk).is_active
        midnight_in_berlin = datetime(2026, 11, 27, 23, 0, tzinfo=UTC)
        people_tasks.tick(midnight_in_berlin - timedelta(minutes=1))
        assert Person.objects.get(pk=cast.tom.pk).is_active
        for _ in range(2):
            people_tasks.tick(midnight_in_berlin)
        tom = Person.objects.get(pk=cast.tom.pk)
        assert (tom.is_active, tom.left_on) == (False, on)
        assert verbs(cast.tom) == ["leaving planned", "person left"]
        assert held(Membership, on, person=tom) == 0
        assert held(Membership, on - DAY, person=tom) == 1

    def test_can_be_dropped(self, cast: Cast) -> None:
        actions.plan_leaving(actor=cast.ada, person=cast.tom, on=TODAY + DAY, now=NOW)
        actions.drop_leaving(actor=cast.ada, person=cast.tom, now=NOW)
        people_tasks.tick(NOW + 9 * DAY)
        assert Person.objects.get(pk=cast.tom.pk).is_active

    def test_of_who_became_the_last_administrator_waits_and_holds_up_nobody_else(self, cast: Cast) -> None:
        second = cast.ines
        actions.grant(actor=cast.ada, person=second, role=Role.ADMINISTRATOR, now=NOW)
        for person in (cast.ada, cast.tom):
            actions.plan_leaving(actor=second, person=person, on=TODAY + DAY, now=NOW)
        actions.take_role(actor=cast.ada, person=second, role=Role.ADMINISTRATOR, now=NOW)
        people_tasks.tick(NOW + 9 * DAY)
        assert Person.objects.get(pk=cast.ada.pk).is_active
        assert not Person.objects.get(pk=cast.tom.pk).is_active


class TestAnOwnerWhoLeft:
    def test_to_another_administrator_leaves_no_door_open(self, cast: Cast) -> None:
        Person.objects.exclude(pk=cast.lena.pk).update(invited=True)
        actions.leave(actor=cast.ada, person=cast.lena, on=TODAY, now=NOW)
        assert people.local_owner() is None
        assert not people.is_nobodys()
        assert not people.opens_without_password()
        assert people.let_in_at_once() is None
        with pytest.raises(people_actions.OwnerThere):
            people_actions.add_owner(email="eve@x.example", zone="UTC", language="en", now=NOW)
        assert Client().get("/welcome/").status_code == 302
        people_actions.secure_owner(email="lena@agency.example", password="a boat, a lamp, a hill", now=NOW)
        assert not Person.objects.get(pk=cast.lena.pk).is_active
        serve._bring_in(opened=True, demo=False)


class TestTheDatabase:
    def test_lets_nobody_hold_two_positions_at_a_time(self, cast: Cast) -> None:
        Position.objects.create(person=cast.tom, title="A", from_day=TODAY)
        with pytest.raises(IntegrityError), transaction.atomic():
            Position.objects.create(person=cast.tom, title="B", from_day=TODAY + DAY)
