"""What the planner says, in words people read."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.dates import WEEKDAYS
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from equipoise.apps.calendars.words import figure, in_quotes, purpose_name, quoted
from equipoise.apps.planner.models import Wish
from equipoise.core.planning.habits import Outcome, WhyNot

WHY_NOT_NAMES: dict[str, Promise] = {
    WhyNot.TOO_LONG.value: gettext_lazy("too long"),
    WhyNot.WRONG_TIME.value: gettext_lazy("wrong time of the day"),
    WhyNot.NOT_THIS_WEEK.value: gettext_lazy("not this week"),
    WhyNot.NOT_NEEDED.value: gettext_lazy("not needed"),
    WhyNot.OTHER.value: gettext_lazy("something else"),
}

OUTCOME_NAMES: dict[Outcome | None, Promise] = {
    Outcome.KEPT: gettext_lazy("kept"),
    Outcome.MOVED: gettext_lazy("moved"),
    Outcome.DROPPED: gettext_lazy("dropped"),
    Outcome.REFUSED: gettext_lazy("refused"),
    None: gettext_lazy("still ahead"),
}


def why_not_choices() -> list[tuple[str, Promise | str]]:
    """What one may say when refusing, nothing first."""
    return [("", _("just no")), *WHY_NOT_NAMES.items()]


WORTH_NAMES: dict[str, Promise | str] = dict(Wish.Worth.choices)

FEW = 3
"""A sentence names so many hurdles at most."""
SHORTEST_STRETCH = 15

Plain = Mapping[str, Any]
"""A value of the planner as it is stored."""


def reason_sentences(reasons: Sequence[Plain], displaced: Sequence[str]) -> list[str]:
    """Why a block is proposed, the weightiest first; never empty."""
    ranked = sorted(reasons, key=lambda reason: _RANK.get(reason["kind"], 9))
    told = [sentence for reason in ranked if (sentence := _reason(reason))]
    if displaced:
        told.append(_("It takes the room of %(titles)s.") % {"titles": ", ".join(map(in_quotes, displaced))})
    return told or [_("There was room for it.")]


_RANK = {"due": 0, "target": 1, "wish": 2, "must": 3, "only_place": 4, "habit": 5, "focus_hours": 6, "as_before": 7}


def _reason(reason: Plain) -> str:
    say = _SENTENCES.get(reason["kind"])
    return say(reason) if say else ""


def _due(reason: Plain) -> str:
    if reason["days"] is None:
        return _("Your calendar holds no one-to-one with %(name)s.") % {"name": reason["name"]}
    return ngettext(
        "%(days)d day since the last one-to-one with %(name)s.",
        "%(days)d days since the last one-to-one with %(name)s.",
        reason["days"],
    ) % {"days": reason["days"], "name": reason["name"]}


def _target(reason: Plain) -> str:
    told = {
        "facet": purpose_name(reason["purpose"]),
        "now": _hours(reason["minutes"]),
        "low": _hours(reason["low"]),
        "high": _hours(reason["high"]),
    }
    if reason.get("own"):
        return _("%(facet)s has %(now)s h this week without it; your target is %(low)s to %(high)s.") % told
    return _("%(facet)s has %(now)s h this week without it; %(low)s to %(high)s are called for.") % told


def _wish(reason: Plain) -> str:
    told = {"minutes": reason["minutes"], "times": reason["times"], "weeks": reason["every"]}
    if reason["every"] > 1:
        return _("You want %(minutes)d minutes of it every %(weeks)d weeks.") % told
    return (
        ngettext(
            "You want it once a week, %(minutes)d minutes unbroken.",
            "You want it %(times)d times a week, %(minutes)d minutes unbroken.",
            reason["times"],
        )
        % told
    )


def _hours(minutes: float) -> str:
    return figure(minutes / 60, 1)


_SENTENCES: dict[str, Any] = {
    "due": _due,
    "target": _target,
    "wish": _wish,
    "must": lambda _reason: _("You said it must be there."),
    "only_place": lambda _reason: _("It is the only place where it fits."),
    "habit": lambda _reason: _("You tend to have it at this time."),
    "focus_hours": lambda _reason: _("It lies in your hours of focus."),
    "as_before": lambda _reason: _("It stays where it was proposed before."),
}


def status_sentence(status: str, objective: float, bound: float | None, *, empty: bool) -> str:
    """How good the plan is, against the best there can be; `empty` when it holds no block at all."""
    if status == "failed":
        return _("This week could not be planned by itself. Propose again, or look at your planner settings.")
    if empty and status in {"infeasible", "no_room"}:
        return _("Nothing of what you want fits into this week any more.")
    if status == "no_room":
        return _("Nothing more of what you want fits into this week.")
    if status == "optimal":
        return _("This is the best possible plan for what you want.")
    if status == "infeasible":
        return _("Not everything that must be there fits. This is the best of what does.")
    gap = (max(0.0, bound - objective) / max(1.0, abs(objective))) if bound is not None else 0.0
    return _("This plan is within %(gap)s %% of the best possible one.") % {"gap": figure(max(1.0, 100 * gap), 0)}


def left_out_sentence(each: Plain) -> str:
    """Why a block that was wished for is not proposed, and what helps."""
    sentences = {
        "fits_nowhere": _("“%(title)s” fits nowhere in this week. A shorter block, or more hours, would help."),
        "no_room": _(
            "“%(title)s” has no room left beside the others. Fewer or shorter blocks of them, or saying that this one "
            "matters more, would make some."
        ),
        "not_worth_it": _(
            "“%(title)s” is left out: its facet has enough already. A higher target for it would bring it in."
        ),
    }
    return sentences.get(each["why"], sentences["no_room"]) % {"title": each["title"]}


def move_sentence(move: Plain, zone: ZoneInfo) -> str:
    """Which entry its owner could move, and where to."""
    start, there = (datetime.fromisoformat(move[name]).astimezone(zone) for name in ("start", "moved_to"))
    return _("Move “%(title)s” from %(start)s to %(there)s.") % {
        "title": quoted(move["title"]) or _("Private entry"),
        "start": _moment(start),
        "there": _moment(there),
    }


def _moment(local: datetime) -> str:
    return f"{WEEKDAYS[local.weekday()]} {local:%H:%M}"


def conflict_sentence(conflict: Plain) -> str:
    """What cannot hold at once, in one sentence."""
    wishes = [cause for cause in conflict["causes"] if cause["hurdle"] == "wish"]
    against = _against(conflict["causes"])
    if len(wishes) == 1 and (len(against) > FEW or not against):
        return _alone(wishes[0], conflict.get("stretch_minutes") or 0)
    told = {"wishes": _and([_wanted(cause) for cause in wishes]), "against": _and(against[:FEW])}
    if not against:
        return _("%(wishes)s do not fit together.") % told
    return _("%(wishes)s cannot go together with %(against)s.") % told


def _alone(wish: Plain, stretch: int) -> str:
    told = {"wish": _wanted(wish), "stretch": stretch}
    if stretch < SHORTEST_STRETCH:
        return (
            _("%(wish)s has no room: nothing is free in what is left of your working hours. Longer hours would help.")
            % told
        )
    return (
        _("%(wish)s has no room: the longest free stretch is %(stretch)d minutes. A shorter block would help.") % told
    )


def _against(causes: Sequence[Plain]) -> list[str]:
    """What stands against the wishes; the same hurdle on several days is said once."""
    hurdles = [cause for cause in causes if cause["hurdle"] != "wish"]
    several = {each["hurdle"] for each in hurdles if sum(other["hurdle"] == each["hurdle"] for other in hurdles) > 1}
    return list(
        dict.fromkeys(_hurdle({**each, "weekday": None} if each["hurdle"] in several else each) for each in hurdles)
    )


def _wanted(cause: Plain) -> str:
    told = {"title": cause["title"], "minutes": cause["minutes"] or 0, "count": cause["count"] or 1}
    if told["count"] > 1:
        return _("%(count)d times “%(title)s” (%(minutes)d minutes each)") % told
    return _("“%(title)s” (%(minutes)d minutes)") % told


def _hurdle(cause: Plain) -> str:
    day = str(WEEKDAYS[cause["weekday"]]) if cause["weekday"] is not None else ""
    told = {"day": day, "minutes": cause["minutes"] or 0, "title": cause["title"] or ""}
    if day:
        of_a_day = {
            "hours": _("the working hours on %(day)s"),
            "fixed": _("what stands in your calendar on %(day)s"),
            "daily_limit": _("the limit of %(minutes)d minutes on %(day)s"),
        }
        if cause["hurdle"] in of_a_day:
            return of_a_day[cause["hurdle"]] % told
    sentences = {
        "hours": _("your working hours"),
        "window": _("the days and times of “%(title)s”"),
        "fixed": _("what stands in your calendar"),
        "buffer": _("%(minutes)d minutes between blocks"),
        "daily_limit": _("the limit of %(minutes)d minutes a day"),
        "protected": _("the time you keep free"),
        "no_meetings": _("the time without meetings"),
        "lunch": _("%(minutes)d minutes of lunch"),
        "apart": _("at most one “%(title)s” a day"),
        "not_before": _("what is left of the week"),
    }
    return sentences.get(str(cause["hurdle"]), sentences["fixed"]) % told


def _and(parts: Sequence[str]) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return _("%(first)s and %(last)s") % {"first": ", ".join(parts[:-1]), "last": parts[-1]}
