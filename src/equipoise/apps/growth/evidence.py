"""What a person's own calendar says about a week or month, theme by theme, as sentences that prompt a look back."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from equipoise.apps.calendars import queries as calendars
from equipoise.apps.calendars.words import figure, in_quotes, purpose_name, quoted
from equipoise.apps.change import queries as change
from equipoise.apps.growth.questions import Theme
from equipoise.apps.people.models import Person
from equipoise.core.facets import FACETS, Purpose
from equipoise.core.intervals import Span, clip
from equipoise.core.timeuse.counting import CountedTime
from equipoise.core.timeuse.entries import Relation
from equipoise.core.timeuse.reading import TimeReading, measure_time

WEEKS_BEFORE = 4
NAMED = 4
HARDLY = 0.05
NOT_OF_THE_COMPANY = {Relation.OUTSIDE, Relation.MIXED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The days looked back at, `end` not included, and the reading of the time before they are compared with."""

    person: Person
    start: date
    end: date
    reading: TimeReading
    times: tuple[CountedTime, ...]
    before: TimeReading | None

    def hours(self, purpose: Purpose) -> float:
        """Expected hours for a purpose: an entry that is not sure counts in part."""
        return self.reading.purposes[purpose].hours

    def usual(self, purpose: Purpose) -> float | None:
        """Hours a week in the weeks before; `None` when the calendar does not reach back over all of them."""
        if self.before is None or self.before.counted.counted.hours <= 0:
            return None
        return self.before.purposes[purpose].hours / WEEKS_BEFORE


def evidence_of(person: Person, *, start: date, end: date) -> dict[Theme, tuple[str, ...]]:
    """What the calendar says about the days from `start` up to `end`, for each theme, in the reader's language.

    Private entries count with their length and are never named. Without an entry that counts every theme is empty.
    """
    found = _period(person, start, end)
    if found.reading.counted.counted.hours <= 0:
        return dict.fromkeys(Theme, ())
    return {
        Theme.FOCUS: tuple(_focus(found)),
        Theme.CHANGE: tuple(_change(found)),
        Theme.PEOPLE: tuple(_people(found)),
        Theme.DECISIONS: tuple(_decisions(found)),
        Theme.ENVIRONMENT: tuple(_environment(found)),
    }


def _period(person: Person, start: date, end: date) -> Period:
    reach, earlier = calendars.reach(person), start - timedelta(weeks=WEEKS_BEFORE)
    covered = reach is not None and reach.first <= earlier + timedelta(days=6)
    periods = [(start, end), (earlier, start)] if covered else [(start, end)]
    now, *before = calendars.evidence_of_each(person, periods)
    return Period(
        person=person,
        start=start,
        end=end,
        reading=measure_time(now.counted, now.probabilities),
        times=now.counted.times,
        before=measure_time(before[0].counted, before[0].probabilities) if before else None,
    )


def _focus(found: Period) -> list[str]:
    """Where the hours went, and where next to none did."""
    ranked = sorted(FACETS, key=lambda purpose: -found.hours(purpose))
    first, second, least = ranked[0], ranked[1], ranked[-1]
    told = [
        _("About %(first)s h went to %(one)s and %(second)s h to %(other)s, of %(all)s h that count.")
        % {
            "first": figure(found.hours(first), 1),
            "one": purpose_name(first),
            "second": figure(found.hours(second), 1),
            "other": purpose_name(second),
            "all": figure(found.reading.counted.counted.hours, 1),
        },
        _("Least went to %(facet)s: %(hours)s h.")
        % {"facet": purpose_name(least), "hours": figure(found.hours(least), 1)},
    ]
    told += [*_called_for(found), *_own_blocks(found)]
    unclear = found.hours(Purpose.UNCLEAR)
    if unclear >= 1:
        told.append(_("Of %(hours)s h one cannot tell what they were for.") % {"hours": figure(unclear, 1)})
    return told


def _called_for(found: Period) -> list[str]:
    """Leading and managing in hours, beside the share that the situation calls for; nothing before a first scan."""
    called = change.called_for(found.person, on=found.end - timedelta(days=1))
    if called is None:
        return []
    return [
        _("Leading %(leading)s h, managing %(managing)s h; your situation calls for %(low)s to %(high)s %% leading.")
        % {
            "leading": figure(found.reading.leading.hours, 1),
            "managing": figure(found.reading.managing.hours, 1),
            "low": figure(100 * called.leading.low, 0),
            "high": figure(100 * called.leading.high, 0),
        }
    ]


def _own_blocks(found: Period) -> list[str]:
    """What became of the blocks that were put into the calendar."""
    zone = ZoneInfo(found.person.zone)
    blocks = [
        each
        for each in calendars.written(found.person)
        if found.start <= each.planned_start.astimezone(zone).date() < found.end
    ]
    if not blocks:
        return []
    gone = sum(each.gone_at is not None for each in blocks)
    moved = sum(each.gone_at is None and each.seen_start not in {None, each.planned_start} for each in blocks)
    return [
        ngettext(
            "Of %(all)d block you had put into your calendar: %(moved)d moved, %(gone)d dropped.",
            "Of %(all)d blocks you had put into your calendar: %(moved)d moved, %(gone)d dropped.",
            len(blocks),
        )
        % {"all": len(blocks), "moved": moved, "gone": gone}
    ]


def _change(found: Period) -> list[str]:
    """Change beside stability, and beside the weeks before."""
    told = [
        _("About %(change)s h of change, %(stability)s h of stability.")
        % {
            "change": figure(found.hours(Purpose.CHANGE), 1),
            "stability": figure(found.hours(Purpose.STABILITY), 1),
        }
    ]
    return told + _beside_before(found, Purpose.CHANGE)


def _beside_before(found: Period, purpose: Purpose) -> list[str]:
    """The weeks before; a month, which has more hours, is first told by the week, with its range."""
    usual, weekly = found.usual(purpose), found.reading.purposes[purpose].weekly
    told = []
    if weekly:
        told.append(
            _("That is %(hours)s h of %(facet)s a week, between %(low)s and %(high)s.")
            % {
                "hours": figure(weekly.value, 1),
                "facet": purpose_name(purpose),
                "low": figure(weekly.low, 1),
                "high": figure(weekly.high, 1),
            }
        )
    if usual is not None:
        told.append(
            _("In the %(weeks)d weeks before, %(facet)s had %(hours)s h a week.")
            % {"weeks": WEEKS_BEFORE, "facet": purpose_name(purpose), "hours": figure(usual, 1)}
        )
    return told


def _people(found: Period) -> list[str]:
    """One-to-ones held, hours for people, hours with guests."""
    one_to_ones = [each for each in found.times if is_one_to_one(each)]
    told = [_one_to_ones(one_to_ones)]
    told.append(
        _("About %(people)s h for people, %(process)s h for process.")
        % {
            "people": figure(found.hours(Purpose.PEOPLE), 1),
            "process": figure(found.hours(Purpose.PROCESS), 1),
        }
    )
    guests = sum(each.hours for each in found.times if each.occurrence.entry.relation in NOT_OF_THE_COMPANY)
    if guests > HARDLY:
        told.append(_("%(hours)s h were with people from outside.") % {"hours": figure(guests, 1)})
    return told


def is_one_to_one(each: CountedTime) -> bool:
    """Whether a time is for one other person of the same house."""
    entry = each.occurrence.entry
    return entry.attendees == 1 and entry.relation not in NOT_OF_THE_COMPANY


def _one_to_ones(held: Sequence[CountedTime]) -> str:
    """How many talks with one other person, and what the most frequent ones are called."""
    if not held:
        return _("No talk with one other person stood in your calendar.")
    names = Counter(
        in_quotes(each.occurrence.entry.title)
        for each in held
        if each.occurrence.entry.title and not each.occurrence.entry.private
    )
    counted = ngettext(
        "%(count)d talk with one other person stood in your calendar",
        "%(count)d talks with one other person stood in your calendar",
        len(held),
    ) % {"count": len(held)}
    if not names:
        return f"{counted}."
    listed = ", ".join(name for name, _times in names.most_common(NAMED))
    return f"{counted}: {listed}{' …' if len(names) > NAMED else '.'}"


def _decisions(found: Period) -> list[str]:
    """The longest entry with others, and who called."""
    told = []
    with_others = [each for each in found.times if each.occurrence.entry.attendees]
    open_ones = [each for each in with_others if each.occurrence.entry.title and not each.occurrence.entry.private]
    if open_ones:
        longest = max(open_ones, key=lambda each: (_length(each), each.occurrence.start))
        told.append(_longest(longest))
    known = [each for each in with_others if each.occurrence.entry.organiser_self is not None]
    if known:
        own = sum(each.occurrence.entry.organiser_self is True for each in known)
        told.append(
            ngettext(
                "Of %(all)d entry with others, you called %(own)d.",
                "Of %(all)d entries with others, you called %(own)d.",
                len(known),
            )
            % {"all": len(known), "own": own}
        )
    told.append(
        _("About %(hours)s h of oversight: comparing results with plan, and deciding.")
        % {"hours": figure(found.hours(Purpose.OVERSIGHT), 1)}
    )
    return told


def _longest(each: CountedTime) -> str:
    entry = each.occurrence.entry
    return ngettext(
        "The longest with others: “%(title)s” on %(day)s, %(hours)s h, %(count)d other.",
        "The longest with others: “%(title)s” on %(day)s, %(hours)s h, %(count)d others.",
        entry.attendees or 0,
    ) % {
        "title": quoted(entry.title),
        "day": date_format(timezone.localtime(each.occurrence.start), "l"),
        "hours": figure(_length(each), 1),
        "count": entry.attendees,
    }


def _length(each: CountedTime) -> float:
    return sum(span.hours for span in each.spans)


def _environment(found: Period) -> list[str]:
    """What the calendar shows of the pace: early, late, weekends, repeats, large rounds."""
    total = found.reading.counted.counted.hours
    outside = sum(_outside_working_hours(each, found.person) for each in found.times)
    repeats = sum(each.hours for each in found.times if each.occurrence.entry.recurring != "no")
    told = []
    if outside > HARDLY:
        told.append(
            _("%(hours)s h lay before %(opens)s, after %(closes)s or on a weekend.")
            % {
                "hours": figure(outside, 1),
                "opens": f"{found.person.work_from:%H:%M}",
                "closes": f"{found.person.work_until:%H:%M}",
            }
        )
    else:
        told.append(_("All of it lay within your working hours."))
    told.append(
        _("%(hours)s of %(all)s h were repeats of a series.") % {"hours": figure(repeats, 1), "all": figure(total, 1)}
    )
    return told


def _outside_working_hours(each: CountedTime, person: Person) -> float:
    """The hours of an entry outside the working day, its share of the clock."""
    length = _length(each)
    if length <= 0:
        return 0.0
    inside = sum(_inside(span, person) for span in each.spans)
    return each.hours * max(0.0, 1 - inside / length)


def _inside(span: Span, person: Person) -> float:
    """Hours of a span that lie in the working hours of its days, Monday to Friday."""
    zone = ZoneInfo(person.zone)
    total, day, last = 0.0, span.start.astimezone(zone).date(), span.end.astimezone(zone).date()
    while day <= last:
        opens, closes = (datetime.combine(day, clock, tzinfo=zone) for clock in (person.work_from, person.work_until))
        part = clip(span, to=Span(start=opens, end=closes)) if day.weekday() < 5 else None
        total += part.hours if part else 0.0
        day += timedelta(days=1)
    return total
