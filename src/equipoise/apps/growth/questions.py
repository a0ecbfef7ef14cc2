"""What a reflection asks: five themes, a few questions each, and which of them a week or a month gets.

A question keeps its key for ever, since kept reflections hold it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Theme(StrEnum):
    """What one looks back at."""

    FOCUS = "focus"
    CHANGE = "change"
    PEOPLE = "people"
    DECISIONS = "decisions"
    ENVIRONMENT = "environment"


THEME_NAMES: dict[str, Promise] = {
    "focus": _("Where my focus went"),
    "change": _("How I met change"),
    "people": _("How I was with people"),
    "decisions": _("How I decided"),
    "environment": _("What environment I made"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question: its key, and its words in the reader's language."""

    key: str
    words: Promise


def _asked(theme: str, *words: Promise) -> tuple[Question, ...]:
    return tuple(Question(key=f"{theme}-{number}", words=each) for number, each in enumerate(words, start=1))


WEEKLY: Mapping[Theme, tuple[Question, ...]] = {
    Theme.FOCUS: _asked(
        "focus-week",
        _("Where did most of your attention go, and was it needed there?"),
        _("Which hour of the week was worth most, and what made it so?"),
        _("What took your time that you would now leave out or hand over?"),
        _("What matters for next year and got no time this week?"),
    ),
    Theme.CHANGE: _asked(
        "change-week",
        _("What turned out other than planned, and what was your first response?"),
        _("What did you try that was new, or what held you back from it?"),
        _("What did you keep steady that others rely on?"),
        _("Which habit of your team would you question, and what keeps it alive?"),
    ),
    Theme.PEOPLE: _asked(
        "people-week",
        _("Which talk went well, and what did you do that helped?"),
        _("Whom did you listen to least, and what might they have wanted to say?"),
        _("Whom did you thank or encourage, and for what exactly?"),
        _("Who grew this week, and what was your part in it?"),
    ),
    Theme.DECISIONS: _asked(
        "decisions-week",
        _("Which decision of this week would you stand by in a year, and why?"),
        _("What did you decide alone that others should have had a part in, or the other way round?"),
        _("Which decision did you put off, and what are you waiting for?"),
        _("What did you decide by habit or by a rule, and did it still fit?"),
    ),
    Theme.ENVIRONMENT: _asked(
        "environment-week",
        _("What did your own pace and mood do to the people around you?"),
        _("What made it easy or hard to bring you bad news?"),
        _("What in the way you work together cost energy, and what gave some?"),
        _("What did you make possible for others without doing it yourself?"),
    ),
}
MONTHLY: Mapping[Theme, tuple[Question, ...]] = {
    Theme.FOCUS: _asked(
        "focus-month",
        _("What got your attention this month, and what was left waiting?"),
        _("If you could move five hours next month, from what to what?"),
    ),
    Theme.CHANGE: _asked(
        "change-month",
        _("Which change moved forward, and who carried it?"),
        _("What needs steadiness now more than change, or the other way round?"),
    ),
    Theme.PEOPLE: _asked(
        "people-month",
        _("Whom did you come to know better, and what did you learn?"),
        _("Which working relation needs care from you, and what is the first step?"),
    ),
    Theme.DECISIONS: _asked(
        "decisions-month",
        _("Which decisions reach furthest, and how did you come to them?"),
        _("Where did you decide too fast or too late, and what told you so?"),
    ),
    Theme.ENVIRONMENT: _asked(
        "environment-month",
        _("What would a new colleague say about how it is to work with you?"),
        _("Which one thing around your team would you change, and with whom?"),
    ),
}
ROTATING = (Theme.CHANGE, Theme.PEOPLE, Theme.DECISIONS, Theme.ENVIRONMENT)

Asked = list[tuple[Theme, tuple[Question, ...]]]


def weekly_questions(monday: date) -> Asked:
    """Four questions: one on focus, one on each of three themes; every fourth week another theme rests.

    Within sixteen weeks every question comes up, and no theme asks the same one twice in a row.
    """
    week = monday.toordinal() // 7
    resting = ROTATING[week % 4]
    turn = week + week // 4
    return [(theme, (WEEKLY[theme][turn % 4],)) for theme in Theme if theme is not resting]


def monthly_questions() -> Asked:
    """All five themes, all their questions."""
    return [(theme, MONTHLY[theme]) for theme in Theme]


def week_to_look_back_at(today: date) -> date:
    """The Monday of the week a reflection looks back at: from Friday on this one, before it the last."""
    monday = today - timedelta(days=today.weekday())
    return monday if today.weekday() >= 4 else monday - timedelta(days=7)


def month_to_look_back_at(today: date) -> date:
    """The first day of the month that lies behind."""
    return (today.replace(day=1) - timedelta(days=1)).replace(day=1)


def end_of_month(first: date) -> date:
    """The first day of the month after."""
    return (first + timedelta(days=32)).replace(day=1)
