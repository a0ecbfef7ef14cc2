"""Sentences about a plan, in English; every form that tells of one uses these."""

from datetime import datetime

from equipoise.adapters.plans.toml_reading import FULL_DAYS
from equipoise.core.planning.week import (
    Because,
    Block,
    Cause,
    Conflict,
    Hurdle,
    LeftOut,
    Move,
    Plan,
    Reason,
    Status,
    Week,
    Why,
    Wish,
)

DAY_NAMES = tuple(name.capitalize() for name in FULL_DAYS)


def length(minutes: int) -> str:
    """A length in hours and minutes."""
    hours, rest = divmod(minutes, 60)
    parts = ([f"{hours} h"] if hours else []) + ([f"{rest} min"] if rest or not hours else [])
    return " ".join(parts)


def reason_words(reason: Reason) -> str:
    """One reason as part of a sentence."""
    if reason.kind is Because.TARGET:
        name = "" if reason.purpose is None else reason.purpose.value
        return f"{name} has {reason.minutes} of the {reason.low} to {reason.high} minutes wished for without it"
    if reason.kind is Because.WORTH:
        return f"you wish for it, with a value of {reason.value:g}"
    return {
        Because.MUST: "you wish for it, whatever else",
        Because.FOCUS_HOURS: "it lies in your focus hours",
        Because.AS_BEFORE: "it keeps the place it had",
        Because.HABIT: "you kept to this time before",
        Because.ONLY_PLACE: "this is its only place",
    }[reason.kind]


def block_words(block: Block, titles: dict[str, str]) -> str:
    """Why a block is there, as a sentence."""
    said = [reason_words(each) for each in block.reasons]
    if block.displaced:
        names = ", ".join(dict.fromkeys(f"'{titles[each.wish]}'" for each in block.displaced))
        said.append(f"it leaves no room for {names}")
    text = "; ".join(said)
    return f"{text[0].upper()}{text[1:]}."


def status_words(plan: Plan) -> str:
    """How good a plan is known to be."""
    if plan.status is Status.OPTIMAL:
        return "No plan is worth more (proven)."
    if plan.status is Status.FEASIBLE:
        return f"No plan can be worth more than {100 * plan.gap:.1f} % above this one."
    return "Not all that must be placed fits; this is the best of what fits." if plan.blocks else "Nothing fits."


def left_out_words(left_out: LeftOut, wish: Wish) -> str:
    """Why a block was left out."""
    name = f"'{left_out.title}'" + (f" ({left_out.number} of {wish.count})" if wish.count > 1 else "")
    return {
        Why.FITS_NOWHERE: f"{name} fits nowhere in this week.",
        Why.NO_ROOM: f"{name} finds no room: what is there instead is worth more.",
        Why.NOT_WORTH_IT: f"{name} has room, but it would cost more than it is worth: it leads beyond a target.",
    }[left_out.why]


def move_words(move: Move, week: Week) -> str:
    """A proposed move."""
    start, end = move.start.astimezone(week.zone), move.end.astimezone(week.zone)
    return (
        f"'{move.title}' could move from {_day_and_time(start)} to {end:%H:%M} "
        f"to {_day_and_time(move.moved_to)} to {move.moved_end:%H:%M}."
    )


def _day_and_time(moment: datetime) -> str:
    return f"{DAY_NAMES[moment.weekday()]} {moment:%H:%M}"


def conflict_words(conflict: Conflict, week: Week, wishes: dict[str, Wish]) -> str:
    """A conflict as a sentence: what is wished for, and what stands against it."""
    own = [each for each in conflict.causes if each.hurdle is Hurdle.WISH]
    others = [each for each in conflict.causes if each.hurdle is not Hurdle.WISH]
    if len(own) == 1:
        text = _alone_words(conflict, wishes[own[0].wish or ""], week)
    else:
        names = _listed([_demand(wishes[each.wish or ""]) for each in own])
        text = f"{names} cannot {'both' if len(own) == 2 else 'all'} be placed"
    against = _listed(_grouped(others, week))
    text += f"; against {'it' if len(own) == 1 else 'them'}: {against}" if against else ""
    return f"{text}." if conflict.proven else f"{text} (the search ended early, so not all of these may be needed)."


def _alone_words(conflict: Conflict, wish: Wish, week: Week) -> str:
    need = wish.part_minutes if wish.split else wish.minutes
    if conflict.stretch_minutes >= need:
        return f"{_demand(wish)} cannot be placed" + (" so often" if wish.count > 1 else "")
    how = f"in parts of {need} or more" if wish.split else "unbroken"
    text = f"'{wish.title}' needs {wish.minutes} minutes {how}"
    if conflict.stretch is None:
        return f"{text}, but there is no free stretch {_where(wish)}"
    start = conflict.stretch.start.astimezone(week.zone)
    end = conflict.stretch.end.astimezone(week.zone)
    return (
        f"{text}, but the longest free stretch {_where(wish)} is {conflict.stretch_minutes} minutes "
        f"({_day_and_time(start)} to {end:%H:%M})"
    )


def _where(wish: Wish) -> str:
    bounded = wish.earliest is not None or wish.latest is not None or wish.days is not None
    return "in the time wished for" if bounded else "in the working hours"


def _demand(wish: Wish) -> str:
    each = f"{wish.count} times {wish.minutes}" if wish.count > 1 else f"{wish.minutes}"
    return f"'{wish.title}' ({each} minutes)"


def _grouped(causes: list[Cause], week: Week) -> list[str]:
    """Causes in words, those of one sort on several days together."""
    said: dict[str, None] = {}
    for cause in causes:
        days = [each.weekday for each in causes if each.hurdle is cause.hurdle and each.weekday is not None]
        said.setdefault(_cause_words(cause, days, week))
    return list(said)


def _cause_words(cause: Cause, days: list[int], week: Week) -> str:
    every_day = set(days) >= set(week.hours)
    on_days = "any day" if every_day else _listed([DAY_NAMES[day] for day in days])
    return {
        Hurdle.HOURS: f"the working hours ({_hours(week)})",
        Hurdle.WINDOW: f"the days and times wished for '{cause.title}'",
        Hurdle.FIXED: "the entries of the week" if every_day else f"the entries of {on_days}",
        Hurdle.BUFFER: f"the buffer of {cause.minutes} minutes",
        Hurdle.DAILY_LIMIT: f"the limit of {cause.minutes} minutes a day" + ("" if every_day else f" ({on_days})"),
        Hurdle.PROTECTED: "the protected time",
        Hurdle.NO_MEETINGS: "the time without meetings",
        Hurdle.LUNCH: f"the break of {cause.minutes} minutes",
        Hurdle.APART: f"the wish to keep the blocks of '{cause.title}' apart",
        Hurdle.NOT_BEFORE: "the time that is over",
    }.get(cause.hurdle, "")


def _hours(week: Week) -> str:
    spans = {f"{each.opens:%H:%M} to {each.closes:%H:%M}": None for each in week.hours.values()}
    return " or ".join(spans)


def _listed(names: list[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"
