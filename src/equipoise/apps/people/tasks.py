"""What is due about people: leavings that were planned, and links that wait to be sent."""

from datetime import datetime

from equipoise.apps.people.joining import actions as joining
from equipoise.apps.people.joining.queries import can_be_mailed, waiting_for_mail
from equipoise.apps.people.organising.actions import leave_as_planned
from equipoise.apps.people.organising.queries import leaving_by


def tick(now: datetime) -> None:
    """Let go whose day has come, and send what waits; each happens once, with several workers too."""
    for person_id in leaving_by(now=now):
        leave_as_planned(person_id=person_id, now=now)
    if can_be_mailed():
        for joining_id in waiting_for_mail(now=now):
            joining.send(joining_id, now=now)
