"""The scan, the rules and what they found, in words people read."""

from collections.abc import Mapping
from datetime import date

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from equipoise.apps.calendars.words import AXIS_NAMES, PURPOSE_NAMES
from equipoise.core.situation.profile import NeedProfile, Reason
from equipoise.core.situation.roles import Role
from equipoise.core.situation.scan import CANNOT_SAY, QUESTIONS
from equipoise.core.situation.signals import SCAN, SignalKind

QUESTION_WORDS: dict[str, Promise] = {
    "role": _("What are you in charge of?"),
    "span": _("How many people report to you directly?"),
    "newness": _("How long have you had this role?"),
    "change": _("Which change is under way?"),
    "uncertainty": _("How well can you foresee the coming year?"),
    "delivery": _("How much of what you and your people promise is done in time?"),
    "process": _("Is recurring work clear: who does it, how, and who looks at the figures?"),
    "team_health": _("How are your people?"),
    "experience": _("How experienced are your people in this work?"),
    "autonomy": _("How much direction do they need?"),
    "complexity": _("How large is your area?"),
    "crisis": _("Is there a crisis?"),
}

CHOICE_WORDS: dict[str, dict[str, Promise]] = {
    "role": {
        "team_lead": _("A team"),
        "project_lead": _("Projects or a programme"),
        "leads_managers": _("Managers with teams of their own"),
        "function_head": _("A department or function"),
        "chief": _("The whole organisation"),
    },
    "span": {
        "none": _("Nobody"),
        "few": _("1 to 5"),
        "several": _("6 to 10"),
        "many": _("11 to 15"),
        "very_many": _("More than 15"),
    },
    "newness": {
        "weeks": _("Less than three months"),
        "first_year": _("Three months to a year"),
        "some_years": _("One to three years"),
        "long": _("Longer"),
    },
    "change": {
        "none": _("None to speak of"),
        "small": _("Small changes here and there"),
        "ways": _("A new way of working, or a new system"),
        "strategy": _("A change of strategy, or new markets"),
        "merger": _("A merger or a reorganisation"),
    },
    "uncertainty": {"calm": _("Well"), "some": _("In outline"), "much": _("Hardly"), "open": _("Not at all")},
    "delivery": {
        "nearly_all": _("Nearly all"),
        "most": _("Most"),
        "half": _("About half"),
        "few": _("Less than half"),
    },
    "process": {
        "clear": _("Yes, and kept up"),
        "mostly": _("Mostly"),
        "patchy": _("In places"),
        "none": _("Hardly anywhere"),
    },
    "team_health": {
        "good": _("Well: engaged, and they stay"),
        "mixed": _("Mixed"),
        "strained": _("Strained: tired, or in conflict"),
        "breaking": _("Badly: people leave or fall out"),
    },
    "experience": {
        "seasoned": _("Seasoned"),
        "mixed": _("Mixed"),
        "junior": _("Most are at the beginning"),
        "new": _("All are new to it"),
    },
    "autonomy": {
        "daily": _("From day to day"),
        "weekly": _("From week to week"),
        "goals": _("Goals, not steps"),
        "alone": _("Hardly any: experts with clear tasks"),
    },
    "complexity": {
        "one": _("One small team in one place"),
        "few": _("Two or three teams"),
        "several": _("Several units or places"),
        "many": _("Many units or countries"),
    },
    "crisis": {
        "none": _("No"),
        "tense": _("It is tense, but under control"),
        "acute": _("Yes: safety, survival, or money for less than three months"),
    },
}
CANNOT_SAY_WORDS = _("I can't say")
NO_SUCH_ROLE_WORDS = _("None of these, or I can't say")

ROLE_CLAUSES: dict[Role, Promise] = {
    Role.TEAM_LEAD: _("that is the starting point for whoever leads a team"),
    Role.PROJECT_LEAD: _("that is the starting point for whoever leads projects"),
    Role.LEADS_MANAGERS: _("that is the starting point for whoever leads managers"),
    Role.FUNCTION_HEAD: _("that is the starting point for the head of a department"),
    Role.CHIEF: _("that is the starting point for the head of an organisation"),
    Role.UNKNOWN: _("that is the middle of all roles, since yours is not known"),
}

CLAUSES: dict[str, dict[str, Promise]] = {
    "span": {
        "several": _("six to ten people report to you"),
        "many": _("eleven to fifteen people report to you"),
        "very_many": _("more than fifteen people report to you"),
    },
    "newness": {
        "weeks": _("you are in your first three months in the role"),
        "first_year": _("you are in your first year in the role"),
    },
    "change": {
        "small": _("small changes are under way"),
        "ways": _("a new way of working is being brought in"),
        "strategy": _("a change of strategy is under way"),
        "merger": _("a merger or reorganisation is under way"),
    },
    "uncertainty": {
        "some": _("the coming year can be foreseen in outline only"),
        "much": _("the coming year can hardly be foreseen"),
        "open": _("nobody can foresee the coming year"),
    },
    "delivery": {
        "most": _("some of what is promised comes late"),
        "half": _("only about half of what is promised is done in time"),
        "few": _("less than half of what is promised is done in time"),
    },
    "process": {
        "mostly": _("some recurring work is not clear"),
        "patchy": _("recurring work is clear in places only"),
        "none": _("recurring work is hardly clear anywhere"),
    },
    "team_health": {
        "mixed": _("the mood among your people is mixed"),
        "strained": _("your people are strained"),
        "breaking": _("people leave or fall out"),
    },
    "experience": {
        "mixed": _("some of your people are new to the work"),
        "junior": _("most of your people are new to the work"),
        "new": _("all of your people are new to the work"),
    },
    "autonomy": {
        "weekly": _("your people need direction only from week to week"),
        "goals": _("your people need goals, not steps"),
        "alone": _("your people are experts who need hardly any direction"),
    },
    "complexity": {
        "one": _("your area is one small team in one place"),
        "few": _("your area has two or three teams"),
        "several": _("your area has several units or places"),
        "many": _("your area has many units or countries"),
    },
    "crisis": {"tense": _("things are tense"), "acute": _("there is an acute crisis")},
}
"""What an answer says, as a clause that can follow a colon."""

MEASURED_CLAUSES: dict[SignalKind, Promise] = {
    SignalKind.LATE_COMMITMENTS: _("commitments come late"),
    SignalKind.GOAL_TURNOVER: _("goals keep changing"),
    SignalKind.NEW_JOINERS: _("new people have joined"),
    SignalKind.PROCESS_ALARMS: _("figures are out of their usual range"),
    SignalKind.FALLING_PULSE: _("the pulse of the team is falling"),
    SignalKind.EXPLORING: _("the work is about finding new ways"),
}

CONSEQUENCES: dict[str, Promise] = {
    "wide-span": _("Each of many people needs some of your time."),
    "new-in-role": _("Do not judge results yet: what a new head changes showed after about three years."),
    "change": _("Change needs leading: a direction, room to try, and meaning."),
    "uncertainty": _("The less can be foreseen, the more people look for a direction."),
    "weak-delivery": _("Managing first: plan the work, look at results, and act when they slip."),
    "weak-process": _("Managing first: say who does what and how, and look at the figures."),
    "team-strain": _("Care for people goes with satisfaction, motivation and effectiveness."),
    "team-strain-meaning": _("Recognition and meaning go with motivation."),
    "inexperienced-team": _("People new to their work may need more structure."),
    "autonomous-team": _("Capable people with clear tasks need less managing."),
    "large-complex": _("Heads of large organisations lead more, and leave the running to others."),
    "small-simple": _("In small organisations, being near the work fits better."),
    "crisis": _("Act and steady first; meaning comes next."),
    "late-commitments": _("Managing first: plan the work, look at results, and act when they slip."),
    "goal-turnover": _("Goals that keep changing ask for a clearer direction."),
    "new-joiners": _("Newcomers do better when they know their part and are welcomed."),
    "process-alarms": _("Find the cause and keep things steady."),
    "falling-pulse": _("Care for people goes with satisfaction, motivation and effectiveness."),
    "exploring": _("Finding new ways needs room to try."),
}
"""What follows, by the key of the rule; a key once used stays here, since old profiles hold it."""

GRADE_WORDS: dict[str, Promise] = {
    "A": _("strong: experiments or large studies point the same way"),
    "B": _("a relation found again and again, without proof of cause"),
    "C": _("theory, or studies that disagree"),
}

TARGET_NAMES: Mapping[str, Promise] = {"leading": _("Leading"), **AXIS_NAMES, **PURPOSE_NAMES}

HARDLY_MOVED = 0.02
"""Reasons that together move the leading share by less leave it where the role has it."""

_SENT_BY = {kind: question.key for question in QUESTIONS for kind in question.about}


def choices_of(question: str) -> list[tuple[str, Promise]]:
    """The choices of a question with their words, "can't say" last."""
    last = NO_SUCH_ROLE_WORDS if question == "role" else CANNOT_SAY_WORDS
    return [*CHOICE_WORDS[question].items(), (CANNOT_SAY, last)]


def clause(reason: Reason, answers: Mapping[str, str], today: date) -> str:
    """What set a rule off, as a clause: "a change of strategy is under way"."""
    if reason.signal.source != SCAN:
        return str(MEASURED_CLAUSES.get(reason.signal.kind, reason.signal.kind))
    question = _SENT_BY[reason.signal.kind]
    answer = answers.get(question, "")
    since = _months_since(answers.get("change_since", ""), today) if question == "change" else 0
    return _change_clause(answer, since) or str(CLAUSES[question].get(answer, CHOICE_WORDS[question].get(answer, "")))


def because(profile: NeedProfile, answers: Mapping[str, str], today: date) -> str:
    """Why so much leading is called for, as a clause.

    It is what moves the share most in the way all reasons together move it; where they nearly cancel out, it is what
    the role calls for anyway.
    """
    reasons = profile.called_for.reasons
    way = sum(reason.leading_points for reason in reasons)
    moving = reasons if abs(way) >= HARDLY_MOVED else ()
    pulling = next((reason for reason in moving if reason.leading_points * way > 0), None)
    return clause(pulling, answers, today) if pulling else str(ROLE_CLAUSES[profile.role])


def sentence(reason: Reason, answers: Mapping[str, str], today: date) -> str:
    """What set a rule off, as a sentence."""
    return f"{capfirst(clause(reason, answers, today))}."


def _months_since(day: str, today: date) -> int:
    if not day:
        return 0
    began = date.fromisoformat(day)
    return max(0, (today.year - began.year) * 12 + today.month - began.month - (today.day < began.day))


def _change_clause(answer: str, months: int) -> str:
    """How long a change has been under way; empty when that is not known or less than a month."""
    if not months:
        return ""
    if answer == "strategy":
        text = ngettext(
            "you are %(months)d month into a change of strategy",
            "you are %(months)d months into a change of strategy",
            months,
        )
    elif answer == "merger":
        text = ngettext(
            "you are %(months)d month into a merger or reorganisation",
            "you are %(months)d months into a merger or reorganisation",
            months,
        )
    elif answer == "ways":
        text = ngettext(
            "you are %(months)d month into a new way of working",
            "you are %(months)d months into a new way of working",
            months,
        )
    else:
        return ""
    return text % {"months": months}
