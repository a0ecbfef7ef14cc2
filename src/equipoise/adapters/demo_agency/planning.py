"""Plan the whole agency's half year; a day's plan is always the same."""

from datetime import date
from functools import lru_cache

from equipoise.adapters.demo_agency.absences import plan_absences
from equipoise.adapters.demo_agency.desk import Desk
from equipoise.adapters.demo_agency.filling import fill_weeks
from equipoise.adapters.demo_agency.meetings import Plan
from equipoise.adapters.demo_agency.people import agency
from equipoise.adapters.demo_agency.standing import plan_standing
from equipoise.adapters.demo_agency.story import plan_story
from equipoise.adapters.demo_agency.weeks import Span


@lru_cache(maxsize=2)
def plan_agency(until: date) -> Plan:
    """Everything in the forty calendars around `until`: leave, then the story, standing meetings, and the rest."""
    desk = Desk(Span(until=until), agency())
    plan_absences(desk)
    plan_story(desk)
    plan_standing(desk)
    fill_weeks(desk)
    return desk.plan()
