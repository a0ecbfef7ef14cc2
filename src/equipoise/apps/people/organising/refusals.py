"""What speaks against a change of people and teams; each is looked at inside the transaction of the act."""

from datetime import date

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from equipoise.apps.people import standing
from equipoise.apps.people.models import Grant, Person, ReportingLine, Team, TeamPlace
from equipoise.apps.people.turns import all_at_a_time
from equipoise.platform.access import Role


class WouldBeCircle(ValueError):
    """A team would stand under itself, or somebody report to themselves through others; the message names the way."""


MOST_LEVELS = 20
"""So many teams stand under each other at most."""


class TooDeep(ValueError):
    """Too many teams would stand under each other."""


class LastAdministrator(ValueError):
    """Nobody would be left who can administer."""


class OtherWorld(ValueError):
    """The demo agency and the organisation never mix."""


class NotHere(ValueError):
    """Somebody has left, or was erased, in the meantime; nothing of them is changed any more."""


def all_here(*people: Person) -> None:
    """Wait for other acts on these people, and refuse when one of them has left in the meantime."""
    here = all_at_a_time(each.pk for each in people)
    for each in people:
        if each.pk not in here:
            raise NotHere(_("%(name)s is not here any more.") % {"name": each.name})


def refuse_last_administrator(person: Person) -> bool:
    """Nobody may go who alone can administer their world; whether the person can at all."""
    own, of_others = administrators(person)
    theirs, others = own.exists(), of_others.exists()
    if theirs and not others:
        raise LastAdministrator(
            _("%(name)s is the last administrator. Make somebody else one first.") % {"name": person.name}
        )
    # Somebody has to come in with a password of this server on the day a server elsewhere is away.
    with_password = of_others.exclude(person__password__startswith=UNUSABLE_PASSWORD_PREFIX)
    if theirs and person.has_usable_password() and not with_password.exists():
        raise LastAdministrator(
            _("%(name)s is the last administrator with a password here. Let another one set a password first.")
            % {"name": person.name}
        )
    return theirs


def refuse_no_administrator(person: Person) -> None:
    """Look once more, now that it is this act's turn to write the trail: two may have gone at the same time."""
    if not any(each.exists() for each in administrators(person)):
        raise LastAdministrator(
            _("%(name)s is the last administrator. Make somebody else one first.") % {"name": person.name}
        )


def administrators(person: Person) -> tuple[QuerySet[Grant], QuerySet[Grant]]:
    """Roles of administrators in a person's world: the person's own, and those of others."""
    held = Grant.objects.filter(role=Role.ADMINISTRATOR.value, ended_at=None, person__in=standing.around(person))
    return held.filter(person=person), held.exclude(person=person)


def refuse_team_circle(team: Team, parent: Team | None, *, on: date) -> None:
    """A team cannot stand under one that stands under it, on the day or after any later move that is planned."""
    planned = TeamPlace.objects.filter(from_day__gt=on, team__demo=team.demo).values_list("from_day", flat=True)
    for day in sorted({on, *planned}):
        way = standing.way_down(team.pk, parent.pk, on=day) if parent else ()
        if way:
            names = dict(Team.objects.filter(pk__in=way).values_list("pk", "name"))
            told = " → ".join(names[each] for each in way)
            raise WouldBeCircle(
                _("“%(parent)s” stands under “%(team)s” (%(way)s). Choose another place.")
                % {"parent": parent, "team": team, "way": told}
            )


def refuse_too_deep(team: Team | None, parent: Team | None, *, on: date) -> None:
    """Count the levels above the new place and those the team brings along; a new team brings none."""
    above = len(standing.way_up(parent.pk, on=on)) if parent else 0
    brought = standing.levels_below(team.pk, on=on) if team else 0
    if above + 1 + brought > MOST_LEVELS:
        raise TooDeep(
            _("More than %(most)s teams would stand under each other. Choose a place further up.")
            % {"most": MOST_LEVELS}
        )


def refuse_circle(person: Person, manager: Person | None, *, on: date) -> None:
    """Go up the main lines from the manager; it is a circle if the person comes along.

    Looked for once it is this act's turn to write the trail, so that two lines set at once close no circle either.
    """
    lines = ReportingLine.objects.filter(standing.holding_on(on), main=True)
    above = dict(lines.values_list("person_id", "manager_id"))
    way, at = [], manager.pk if manager else None
    while at is not None and at not in way:
        way.append(at)
        if at == person.pk:
            names = dict(Person.objects.filter(pk__in=way).values_list("pk", "name"))
            told = " → ".join(names[each] for each in way)
            raise WouldBeCircle(_("That would be a circle: %(way)s. Choose somebody else.") % {"way": told})
        at = above.get(at)


def refuse_other_world(demo: bool, parent: Team | None) -> None:  # noqa: FBT001
    """A team of the demo agency stands under no other."""
    if parent is not None and parent.demo != demo:
        raise OtherWorld(_("The demo agency and your organisation do not mix."))
