"""The demo agency: forty invented people and six months of their calendars, always the same for the same day."""

from equipoise.adapters.demo_agency.calendars import calendar_of, planned_purposes
from equipoise.adapters.demo_agency.people import Agency, Function, Person, Team, UnknownPerson, WorkingHours, agency
from equipoise.adapters.demo_agency.situations import Answered, situations_of

__all__ = [
    "Agency",
    "Answered",
    "Function",
    "Person",
    "Team",
    "UnknownPerson",
    "WorkingHours",
    "agency",
    "calendar_of",
    "planned_purposes",
    "situations_of",
]
