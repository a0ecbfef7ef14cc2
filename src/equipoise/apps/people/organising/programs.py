"""What programs do to people and teams in one step, where the pages take several; and what speaks against it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from equipoise.apps.people.actions import AddressTaken
from equipoise.apps.people.models import Person, Team
from equipoise.apps.people.organising import actions
from equipoise.platform.api import CannotBe

REFUSALS = (
    AddressTaken,
    actions.LastAdministrator,
    actions.NotHere,
    actions.OtherWorld,
    actions.TooDeep,
    actions.WouldBeCircle,
)


@contextmanager
def told_as_conflict() -> Iterator[None]:
    """Tell what speaks against a change of people or teams as a conflict (409)."""
    try:
        yield
    except REFUSALS as error:
        raise CannotBe(str(error)) from error
    except IntegrityError as error:
        raise CannotBe(
            _("Something of the same key or day is there already. Read it again; change what differs.")
        ) from error


def refuse_before(on: date, began: date | None) -> None:
    """Refuse a change from before what holds now began: what was is never overwritten.

    Raises:
        CannotBe: The day lies before it.
    """
    if began is not None and on < began:
        raise CannotBe(_("What holds now began on %(day)s. Give that day or a later one.") % {"day": began.isoformat()})


@transaction.atomic
def take_in(
    *,
    actor: Person | None,
    name: str,
    email: str,
    zone: str,
    language: str,
    addresses: Sequence[str],
    position: tuple[str, str, str],
    team: Team | None,
    manager: Person | None,
    on: date,
    now: datetime,
) -> Person:
    """Add somebody together with what they are from a day on; nothing is kept when any of it is refused.

    Raises:
        CannotBe: The address is taken, or the team or manager is of the demo agency.
    """
    with told_as_conflict():
        person = actions.add_person(
            actor=actor, name=name, email=email, zone=zone, language=language, addresses=addresses, now=now
        )
        title, level, function = position
        actions.set_position(actor=actor, person=person, title=title, level=level, function=function, on=on, now=now)
        if team is not None:
            actions.join_team(actor=actor, person=person, team=team, leads=False, on=on, now=now)
        if manager is not None:
            actions.set_lines(actor=actor, person=person, manager=manager, on=on, now=now)
    return person
