"""Figures of groups in words people read."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from equipoise.apps.calendars.words import figure
from equipoise.apps.insights.teams.mapping import SHARE_EDGES, Fit
from equipoise.core.anonymity.figures import CountBand

FIT_NAMES: dict[Fit, Promise] = {
    Fit.MORE_LEADING: gettext_lazy("More leading is called for"),
    Fit.ABOUT_RIGHT: gettext_lazy("About right"),
    Fit.MORE_MANAGING: gettext_lazy("More managing is called for"),
    Fit.CANNOT_TELL: gettext_lazy("Can't tell yet"),
    Fit.NOT_SAID: gettext_lazy("Said nothing of their situation"),
}


def people_words(band: CountBand | None) -> str:
    """A band of counts: 5 to 7 people."""
    if band is None:
        return _("not shown")
    if band.high is None:
        return ngettext("%(low)s person or more", "%(low)s people or more", band.low) % {"low": band.low}
    if not band.low:
        return _("fewer than %(least)s people") % {"least": band.high + 1}
    return _("%(low)s to %(high)s people") % {"low": band.low, "high": band.high}


def part_words(part: int) -> str:
    """One part of the distribution, as shares of leading."""
    low, high = (figure(100 * SHARE_EDGES[each], 0) for each in (part, part + 1))
    if part == 0:
        return _("Less than %(high)s %%") % {"high": high}
    if part == len(SHARE_EDGES) - 2:
        return _("%(low)s %% or more") % {"low": low}
    return _("%(low)s to less than %(high)s %%") % {"low": low, "high": high}
