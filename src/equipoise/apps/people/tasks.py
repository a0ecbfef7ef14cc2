"""What is due about people: leavings that were planned, and links that wait to be sent."""

from contextlib import suppress
from datetime import datetime

from equipoise.apps.people.joining import actions as joining
from equipoise.apps.people.joining.queries import can_be_mailed, waiting_for_mail
from equipoise.apps.people.organising.actions import LastAdministrator, leave_as_planned
from equipoise.apps.people.organising.queries import leaving_by


def tick(now: datetime) -> None:
    """Let go whose day has come, and send what waits; each happens once, with several workers too.

    Who became the last administrator in the meantime stays until there is another; their page says so.
    """
    for person_id in leaving_by(now=now):
        with suppress(LastAdministrator):
            leave_as_planned(person_id=person_id, now=now)
    if can_be_mailed():
        for joining_id in waiting_for_mail(now=now):
            joining.send(joining_id, now=now)
