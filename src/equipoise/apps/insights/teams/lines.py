"""Pictures of a month as lines of a table, for spreadsheets."""

from collections.abc import Iterator, Sequence
from datetime import date

from django.utils.translation import gettext as _

from equipoise.apps.calendars.words import AXIS_NAMES, figure
from equipoise.apps.insights.teams.groups import Scope
from equipoise.apps.insights.teams.mapping import SHARE_EDGES
from equipoise.apps.insights.teams.queries import Picture
from equipoise.apps.insights.teams.words import FIT_NAMES, part_words, people_words
from equipoise.core.facets import AXES


def lines(first_day: date | None, pictures: Sequence[Picture]) -> Iterator[list[str]]:
    """A month's pictures as lines of a table, the names of the columns first; bands and rounded values only."""
    parts, fits = (
        [part_words(number) for number in range(len(SHARE_EDGES) - 1)],
        [str(name) for name in FIT_NAMES.values()],
    )
    axes = [str(AXIS_NAMES[axis.name]) for axis in AXES]
    yield [
        _("Month"), _("Group"), _("Who"), _("Counted"), _("Members"), _("Leading, middle (%)"),
        _("Middle half from (%)"), _("Middle half to (%)"), _("Called for from (%)"), _("Called for to (%)"),
        *axes, *parts, *fits,
    ]  # fmt: skip
    for each in pictures:
        yield [f"{first_day:%Y-%m}", *_line(each)]


def _line(picture: Picture) -> list[str]:
    who = {Scope.WHOLE: _("everybody"), Scope.UNIT: _("with all below"), Scope.OWN: _("own members")}[picture.scope]
    told, named = picture.told, _safe(picture.team) or _("The whole organisation")
    if told is None:
        return [named, who, _("not shown"), *[""] * (len(AXES) + len(SHARE_EDGES) + len(FIT_NAMES) + 5)]
    percents = [told.share.middle, told.share.low, told.share.high]
    called = [told.called.low, told.called.high] if told.called else [None, None]
    leans = [told.axes[axis.name] for axis in AXES]
    return [
        named,
        who,
        people_words(told.counted),
        people_words(told.members),
        *("" if each is None else figure(100 * each, 0) for each in [*percents, *called]),
        *("" if lean is None else figure(lean.middle, 1) for lean in leans),
        *(people_words(each) for each in told.parts or [None] * (len(SHARE_EDGES) - 1)),
        *(people_words((told.fits or {}).get(fit)) for fit in FIT_NAMES),
    ]


def _safe(name: str) -> str:
    """A name that no spreadsheet takes for a formula."""
    return f"'{name}" if name[:1] in set("=+-@\t\r") else name
