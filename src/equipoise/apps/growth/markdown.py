"""Reflections as one text to take along."""

import re
from collections.abc import Iterable, Iterator

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from equipoise.apps.growth.mapping import Content
from equipoise.apps.growth.models import Reflection
from equipoise.apps.growth.queries import Kept, Offer
from equipoise.apps.growth.questions import THEME_NAMES

_MARKUP = re.compile(r"[\\`*_\[\]<>&|~#]")


def as_markdown(reflections: Iterable[Kept]) -> str:
    """All of them in Markdown, in the order given; what cannot be opened is named as such."""
    return "\n".join([f"# {_('My reflections')}", "", *(line for each in reflections for line in _one(each))])


def period_name(found: Reflection | Offer) -> str:
    """The week or month in words: "Week of 16 Nov 2026", "October 2026"."""
    if found.rhythm == Reflection.Rhythm.MONTHLY:
        return date_format(found.start, pgettext("format of a month", "F Y"))
    day = date_format(found.start, pgettext("format of a day with its year", "j M Y"))
    return _("Week of %(day)s") % {"day": day}


def _one(each: Kept) -> Iterator[str]:
    yield from (f"## {period_name(each.row)}", "")
    if each.content is None:
        yield from (_("This reflection cannot be opened: it was locked with another key than the server has now."), "")
        return
    yield from _lines(each.content)


def _lines(content: Content) -> Iterator[str]:
    if content.meant:
        yield from (f"**{_('You meant to:')}** {content.meant}", "")
        if content.came_of_it:
            yield from (content.came_of_it, "")
    for part in content.parts:
        yield from (f"### {THEME_NAMES[part.theme]}", "")
        yield from (f"- {_plain(sentence)}" for sentence in part.evidence)
        if part.evidence:
            yield ""
        for answer in part.answers:
            yield from (f"**{answer.asked}**", "", answer.answer or "–", "")
    if content.intention:
        yield from (f"**{_('One thing I will do:')}** {content.intention}", "")


def _plain(sentence: str) -> str:
    """A sentence with titles of entries in it, which others wrote: no picture, link or markup of theirs holds."""
    return _MARKUP.sub(lambda found: f"\\{found[0]}", sentence)
