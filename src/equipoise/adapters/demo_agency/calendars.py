"""The demo agency's calendars, and what each entry was planned for."""

from datetime import date

from equipoise.adapters.demo_agency.people import agency
from equipoise.adapters.demo_agency.planning import plan_agency
from equipoise.adapters.demo_agency.writing import write_calendar
from equipoise.core.facets import Purpose


def calendar_of(person_key: str, *, until: date) -> bytes:
    """One person's calendar as an .ics file: the 26 weeks before `until` and the four from it on.

    The same day always gives the same bytes. Standing meetings marked as open have no end and go on after the span.

    Args:
        person_key: Key of the person, for example `"lena"`.
        until: The day up to which the calendar has a past.

    Raises:
        UnknownPerson: Nobody at the agency has this key.

    Example:
        >>> calendar_of("lena", until=date(2026, 11, 25))[:15]
        b'BEGIN:VCALENDAR'
    """
    person = agency().person(person_key)
    return write_calendar(person, plan_agency(until).of_person[person_key], until=until)


def planned_purposes(person_key: str, *, until: date) -> dict[str, Purpose]:
    """What each entry of `calendar_of` was planned for, by its UID, in the words of the codebook.

    Every UID of the file is there, also of entries that take no time (declined, cancelled, free, all-day, private).
    A purpose is that of the entry in this person's calendar: a one-to-one is `people` for the boss who called it and
    `unclear` for the guest, where the title does not say more.

    Raises:
        UnknownPerson: Nobody at the agency has this key.
    """
    agency().person(person_key)
    return {meeting.uid: meeting.purpose_for(person_key) for meeting in plan_agency(until).of_person[person_key]}
