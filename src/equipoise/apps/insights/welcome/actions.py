"""Bring the demo agency in."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction

from equipoise.adapters.demo_agency import agency, calendar_of, situations_of
from equipoise.adapters.demo_agency.people import Person as DemoPerson
from equipoise.adapters.ics import Upload, read_calendar
from equipoise.apps.calendars import actions as calendars
from equipoise.apps.calendars import queries as readings
from equipoise.apps.change import actions as change_actions
from equipoise.apps.change import queries as change
from equipoise.apps.people import actions as people
from equipoise.apps.people import queries
from equipoise.apps.people.assistants import actions as assistants
from equipoise.apps.people.models import Level, Person
from equipoise.apps.people.turns import one_at_a_time
from equipoise.apps.planner import actions as planner
from equipoise.apps.planner import demo
from equipoise.apps.planner import queries as planned
from equipoise.platform.access import Role

CALENDAR_NAME = "Office calendar"
OWNERS_ASSISTANT = "noor"
ROLES = {"ada": Role.ADMINISTRATOR, "ines": Role.PARTNER, "beatriz": Role.AUDITOR}


def _level_of(person: DemoPerson) -> Level:
    """How high somebody of the demo agency stands, by whom they lead."""
    if person.level == 5:
        return Level.CHIEF
    led = [team for team in agency().teams if team.lead == person.key]
    if led and person.level == 4:
        return Level.FUNCTION_HEAD
    if led:
        return Level.TEAM_LEAD
    return Level.PROJECT_LEAD if person.level == 3 else Level.MEMBER


@transaction.atomic
def load_demo_agency(*, language: str, now: datetime) -> None:
    """Make the people of the demo agency, if they are not there. Their calendars are read when first looked at."""
    if queries.demo_people():
        return
    company = agency()
    rows = [
        people.DemoPerson(
            key=person.key,
            name=person.name,
            email=person.address,
            title=person.title,
            level=_level_of(person),
            function=person.function,
            team=person.team,
            reports_to=person.reports_to or "",
            joined_on=person.joined,
            role=ROLES.get(person.key),
        )
        for person in company.people
    ]
    teams = [
        people.DemoTeam(key=team.key, name=team.name, parent=team.parent or "", lead=team.lead)
        for team in company.teams
    ]
    made = people.add_demo_people(rows, teams, zone=company.people[0].zone, language=language, now=now)
    by_key = {person.demo_key: person for person in made}
    assistants.name_demo_assistant(owner=by_key[company.owner], assistant=by_key[OWNERS_ASSISTANT], now=now)


def reach_of(person: Person, *, now: datetime) -> readings.Reach | None:
    """The days there is evidence for. A person of the demo agency has their calendar read when first looked at."""
    reach = readings.reach(person)
    if reach is None and person.is_demo and not readings.has_calendar(person):
        read_demo_calendar(person=person, now=now)
        return readings.reach(person)
    return reach


def read_demo_calendar(*, person: Person, now: datetime) -> None:
    """Read a calendar of the demo agency, and what its person says of their situation; propose the week they see."""
    zone = ZoneInfo(person.zone)
    _tell_demo_situation(person, now.astimezone(zone).date(), zone)
    content = calendar_of(person.demo_key, until=now.astimezone(zone).date())
    reading = read_calendar(
        [Upload(name=f"{person.demo_key}.ics", content=content)],
        me=person.addresses,
        start=calendars.SINCE,
        end=now + calendars.AHEAD,
        zone=zone,
    )
    calendars.store_reading(person=person, name=CALENDAR_NAME, reading=reading, now=now)
    demo.tell_last_weeks(person=person, now=now)
    in_view = planned.week_in_view(person, now=now)
    planner.propose_by_itself(person=person, monday=in_view, now=now)
    if (opened := planned.week_to_open(person, now=now)) != in_view:
        planner.propose_by_itself(person=person, monday=opened, now=now)


@transaction.atomic
def _tell_demo_situation(person: Person, today: date, zone: ZoneInfo) -> None:
    one_at_a_time(person.pk)
    if change.has_scan(person):
        return
    for said in situations_of(person.demo_key, until=today):
        made_at = datetime.combine(said.on, time(17), tzinfo=zone)
        change_actions.keep_scan(actor=None, person=person, answers=said.answers, now=made_at)
