"""Carry out what a table would do, through the acts everybody else uses; one transaction, made by who calls it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from equipoise.apps.people.models import Person, Team
from equipoise.apps.people.organising import actions as organising
from equipoise.apps.people.organising.many import Newcomer, add_people
from equipoise.apps.provisioning.spreadsheets.naming import Ref
from equipoise.apps.provisioning.spreadsheets.plans import PersonChange, Plan, TeamChange, What


class RowRefused(ValueError):
    """An act refused what a row says, although nothing was wrong before; nothing is kept. The message says which."""


@dataclass(slots=True, kw_only=True)
class CarryingOut:
    """The people and teams a plan speaks of, as they become there.

    Attributes:
        actor: Who does it.
        today: On their clock.
        now: When.
        teams: Teams by what the plan calls them.
        people: People likewise.
    """

    actor: Person
    today: date
    now: datetime
    teams: dict[Ref, Team] = field(default_factory=dict)
    people: dict[Ref, Person] = field(default_factory=dict)

    def carry_out(self, plan: Plan) -> None:
        """Do all of it: teams from the top, then people, then who reports to whom, then who leaves.

        Raises:
            RowRefused: When one of it is refused.
        """
        self.teams = dict(Team.objects.filter(demo=self.actor.is_demo, ended_on=None).in_bulk())
        self.people = dict(Person.objects.in_bulk(sorted(_numbers(plan))))
        since = min([self.today, *(change.on for change in plan.people if change.what is What.ADD)])
        for team in plan.teams:
            self._refusing(team.name, lambda team=team: self._team(team, since))  # type: ignore[misc]
        if not self.actor.is_demo:
            self._refusing("", lambda: self._add_many(plan))
        for act in (self._person, self._lines, self._leaving):
            for person in plan.people:
                self._refusing(person.email, lambda act=act, person=person: act(person))  # type: ignore[misc]

    @staticmethod
    def _refusing(whose: str, act: Callable[[], None]) -> None:
        try:
            act()
        except ValueError as error:
            raise RowRefused(f"{whose}: {error}" if whose else str(error)) from error

    def _team(self, change: TeamChange, since: date) -> None:
        parent = self.teams[change.parent] if change.parent is not None else None
        if change.what is What.ADD:
            self.teams[change.ref] = organising.add_team(
                actor=self.actor, demo=self.actor.is_demo, name=change.name, key=change.key, parent=parent, on=since,
                now=self.now,
            )  # fmt: skip
            return
        team, changed = self.teams[change.ref], {each.column for each in change.fields}
        organising.rename_team(actor=self.actor, team=team, name=change.name, now=self.now)
        if "key" in changed:
            team.key = change.key
            team.save(update_fields=["key"])
        if "parent" in changed:
            organising.move_team(actor=self.actor, team=team, parent=parent, on=self.today, now=self.now)

    def _add_many(self, plan: Plan) -> None:
        """Add all who are new in a few steps; in the demo agency they are added one by one."""
        new = [change for change in plan.people if change.what is What.ADD]
        by_ref = {change.ref: change.email for change in new}
        newcomers = [
            Newcomer(
                email=change.email,
                name=change.name,
                zone=change.zone or self.actor.zone,
                language=change.language or self.actor.language,
                on=change.on,
                position=change.position or ("", "", ""),
                teams={self.teams[ref]: leads for ref, leads in (change.teams or {}).items()},
                manager=self._who(change.manager, by_ref) if change.manager is not None else None,
                others=[self._who(ref, by_ref) for ref in sorted(change.others, key=str)],
            )
            for change in new
        ]
        added = add_people(actor=self.actor, newcomers=newcomers, now=self.now)
        self.people |= {change.ref: added[change.email] for change in new}

    def _who(self, ref: Ref, new: Mapping[Ref, str]) -> Person | str:
        return new[ref] if ref in new else self.people[ref]

    def _person(self, change: PersonChange) -> None:
        if change.what is What.LEAVE or (change.what is What.ADD and change.ref in self.people):
            return
        person = self._added(change) if change.what is What.ADD else self.people[change.ref]
        if change.stays:
            self._stay(person)
        organising.change_person(actor=self.actor, person=person, name=change.name, email=person.email, now=self.now)
        if change.position is not None:
            title, level, function = change.position
            organising.set_position(
                actor=self.actor, person=person, title=title, level=level, function=function, on=change.on,
                now=self.now,
            )  # fmt: skip
        if change.teams is not None:
            self._memberships(person, change.teams, on=change.on, new=change.what is What.ADD)

    def _added(self, change: PersonChange) -> Person:
        person = organising.add_person(
            actor=self.actor,
            name=change.name,
            email=change.email,
            zone=change.zone or self.actor.zone,
            language=change.language or self.actor.language,
            now=self.now,
        )
        self.people[change.ref] = person
        return person

    def _stay(self, person: Person) -> None:
        if person.is_active:
            organising.drop_leaving(actor=self.actor, person=person, now=self.now)
        else:
            organising.come_back(actor=self.actor, person=person, on=self.today, now=self.now)

    def _memberships(self, person: Person, wanted: Mapping[Ref, bool], *, on: date, new: bool) -> None:
        there = {} if new else self._belongs(person)
        for team_id in there:
            if team_id not in wanted and team_id in self.teams:
                team = self.teams[team_id]
                organising.leave_team(actor=self.actor, person=person, team=team, on=on, now=self.now)
        for ref, leads in wanted.items():
            if ref not in there or there[ref] != leads:
                organising.join_team(
                    actor=self.actor, person=person, team=self.teams[ref], leads=leads, on=on, now=self.now
                )

    def _belongs(self, person: Person) -> dict[Ref, bool]:
        """The teams somebody belongs to now or is planned to; what holds first counts, as in the comparison."""
        rows = person.memberships.exclude(until_day__lte=self.today).order_by("-from_day")
        return dict(rows.values_list("team_id", "leads"))

    def _lines(self, change: PersonChange) -> None:
        if change.lines and change.what is not What.LEAVE and (change.what is What.CHANGE or self.actor.is_demo):
            organising.set_lines(
                actor=self.actor,
                person=self.people[change.ref],
                manager=self.people[change.manager] if change.manager is not None else None,
                others=[self.people[ref] for ref in sorted(change.others, key=str)],
                on=change.on,
                now=self.now,
            )

    def _leaving(self, change: PersonChange) -> None:
        if change.left is None:
            return
        person = self.people[change.ref]
        if change.left <= self.today:
            organising.leave(actor=self.actor, person=person, on=change.left, now=self.now)
        else:
            organising.plan_leaving(actor=self.actor, person=person, on=change.left, now=self.now)


def _numbers(plan: Plan) -> set[int]:
    """Numbers of everybody a plan speaks of who is there."""
    refs = {ref for change in plan.people for ref in (change.ref, change.manager, *change.others)}
    return {ref for ref in refs if isinstance(ref, int)}
