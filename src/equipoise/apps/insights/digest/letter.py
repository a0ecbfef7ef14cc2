"""What a Monday mail says: values first, then as text and as a plain page."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from equipoise.apps.insights import due, queries
from equipoise.apps.insights.observations import observe
from equipoise.apps.insights.weekly import observe_plan
from equipoise.apps.people.models import Person
from equipoise.core.timeuse.reading import TimeReading

FRESH_DAYS = 14
"""A calendar that ended longer ago than this has nothing new to say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One sentence with one link.

    Attributes:
        sentence: In the person's language.
        link: The words of the link.
        address: Where it leads, from the root of the pages.
    """

    sentence: str
    link: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """All of a mail; in the language and zone that were active when it was composed.

    Attributes:
        subject: Its subject.
        standing: Where one stands; `None` when the calendar has nothing new to say.
        observations: What stands out, three at most.
        due: What waits.
    """

    subject: str
    standing: Item | None
    observations: tuple[Item, ...]
    due: tuple[Item, ...]

    @property
    def says_something(self) -> bool:
        """Whether it is worth a mail: the standing by itself is not, it waits on the page."""
        return bool(self.observations or self.due)

    def parts(self) -> Iterator[tuple[str, tuple[Item, ...]]]:
        """Its parts that hold something, each with a heading."""
        if self.standing:
            yield _("Where you stand"), (self.standing,)
        if self.observations:
            yield _("Worth a look"), self.observations
        if self.due:
            yield _("Due"), self.due


def compose(person: Person, *, now: datetime) -> Letter:
    """What Monday's mail would hold at this moment.

    It holds no word of a reflection and no intention, and names no entry that is private. What the page asks of
    whoever opens it, a mail does not ask every week.
    """
    today = now.astimezone(ZoneInfo(person.zone)).date()
    known = due.known_of(person, now=now)
    standing, observations = _from_the_calendar(person, known, now, today)
    day = date_format(_monday_of(today), pgettext("format of a day", "j M"))
    return Letter(
        subject=_("Your week from %(day)s") % {"day": day},
        standing=standing,
        observations=observations,
        due=tuple(
            Item(sentence=each.sentence, link=_("Open"), address=each.address)
            for each in due.due(person, known, actor=person, now=now)
            if each.in_mail
        ),
    )


def _monday_of(day: date) -> date:
    """The Monday of the mail that leaves on a day, or next."""
    monday = day - timedelta(days=day.weekday())
    return monday if day.weekday() <= 1 else monday + timedelta(days=7)


def _from_the_calendar(
    person: Person, known: due.Known, now: datetime, today: date
) -> tuple[Item | None, tuple[Item, ...]]:
    reach = known.reach
    if reach is None or reach.last < today - timedelta(days=FRESH_DAYS):
        return None, ()
    balance, before = queries.latest_balances(person, reach, today=today)
    stands = queries.standing(person, balance, known.situation, today)
    standing = Item(
        sentence=standing_sentence(balance.reading, stands),
        link=_("See your balance"),
        address=reverse("insights:balance"),
    )
    observations = tuple(
        Item(sentence=each.sentence, link=each.link, address=reverse(each.page) + each.query)
        for each in observe(balance, before, observe_plan(person, now=now), comparison=stands.comparison)
        if not each.asks
    )
    return standing, observations


def standing_sentence(reading: TimeReading, standing: queries.Standing) -> str:
    """Where one stands and what is called for, in the same words as on the page, without its links."""
    context = {"reading": reading, "standing": replace(standing, offers_scan=False)}
    page = re.sub(r"<a\b.*?</a>", "", render_to_string("insights/headline.html", context), flags=re.DOTALL)
    return " ".join(unescape(strip_tags(page)).split())


def as_text(letter: Letter, *, root: str, off: str) -> str:
    """The mail as plain text, its addresses made whole with `root`; `off` is the link that turns it off."""
    lines: list[str] = []
    for heading, items in letter.parts():
        lines += [heading, ""]
        for item in items:
            lines += [f"- {item.sentence}", f"  {item.link}: {root}{item.address}"]
        lines.append("")
    return "\n".join([*lines, "-- ", _why(), f"{_('Turn it off')}: {off}", ""])


def as_page(letter: Letter, *, root: str, off: str, language: str) -> str:
    """The mail as a plain page: no picture, nothing loaded from elsewhere, nothing that tells it was opened."""
    context = {"letter": letter, "root": root, "off": off, "why": _why(), "language": language}
    return render_to_string("insights/digest/mail.html", context)


def _why() -> str:
    return _("You get this mail on Mondays because you turned it on in Equipoise.")
