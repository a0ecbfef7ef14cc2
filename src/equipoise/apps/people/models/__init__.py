"""Persons, who acts for them, and the organisation they belong to."""

from equipoise.apps.people.models.assistance import Assistance, Invitation
from equipoise.apps.people.models.organisation import (
    Function,
    Level,
    Membership,
    Position,
    ReportingLine,
    Team,
    TeamPlace,
)
from equipoise.apps.people.models.persons import Person, PersonManager
from equipoise.apps.people.models.roles import Grant, Joining

__all__ = [
    "Assistance",
    "Function",
    "Grant",
    "Invitation",
    "Joining",
    "Level",
    "Membership",
    "Person",
    "PersonManager",
    "Position",
    "ReportingLine",
    "Team",
    "TeamPlace",
]
