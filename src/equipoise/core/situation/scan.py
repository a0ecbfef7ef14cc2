"""The scan: twelve plain questions, and what their answers say about role and situation.

Answers are keys of choices, or `CANNOT_SAY`. The words for them stand where they are shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from equipoise.core.situation.roles import Role
from equipoise.core.situation.signals import SCAN, Signal, SignalKind

CANNOT_SAY = "cannot_say"
DUE_AFTER_DAYS = 91


class AnswersIncomplete(ValueError):
    """A question has no answer, or one that it does not offer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question.

    Attributes:
        key: Names it.
        choices: The signals each choice sends, in the order shown.
        about: The kinds of signal that remain unknown when nobody can say.
    """

    key: str
    choices: Mapping[str, Mapping[SignalKind, float]]

    @property
    def about(self) -> frozenset[SignalKind]:
        """The kinds of signal that its choices send."""
        return frozenset(kind for sent in self.choices.values() for kind in sent)


def _question(key: str, **choices: Mapping[SignalKind, float]) -> Question:
    return Question(key=key, choices=choices)


def _steps(kind: SignalKind, **values: float) -> dict[str, Mapping[SignalKind, float]]:
    return {choice: {kind: value} for choice, value in values.items()}


_K = SignalKind
QUESTIONS: tuple[Question, ...] = (
    _question("role", **{role.value: {} for role in Role if role is not Role.UNKNOWN}),
    _question("span", **_steps(_K.WIDE_SPAN, none=0.0, few=0.0, several=0.3, many=0.7, very_many=1.0)),
    _question("newness", **_steps(_K.NEW_IN_ROLE, weeks=1.0, first_year=0.7, some_years=0.0, long=0.0)),
    _question("change", **_steps(_K.CHANGE_UNDER_WAY, none=0.0, small=0.2, ways=0.6, strategy=1.0, merger=1.0)),
    _question("uncertainty", **_steps(_K.UNCERTAINTY, calm=0.0, some=0.3, much=0.7, open=1.0)),
    _question("delivery", **_steps(_K.WEAK_DELIVERY, nearly_all=0.0, most=0.2, half=0.6, few=1.0)),
    _question("process", **_steps(_K.WEAK_PROCESS, clear=0.0, mostly=0.2, patchy=0.6, none=1.0)),
    _question("team_health", **_steps(_K.TEAM_STRAIN, good=0.0, mixed=0.3, strained=0.7, breaking=1.0)),
    _question("experience", **_steps(_K.INEXPERIENCED_TEAM, seasoned=0.0, mixed=0.3, junior=0.7, new=1.0)),
    _question("autonomy", **_steps(_K.AUTONOMOUS_TEAM, daily=0.0, weekly=0.3, goals=0.7, alone=1.0)),
    Question(
        key="complexity",
        choices={
            "one": {_K.SMALL_SIMPLE: 1.0, _K.LARGE_COMPLEX: 0.0},
            "few": {_K.SMALL_SIMPLE: 0.0, _K.LARGE_COMPLEX: 0.2},
            "several": {_K.SMALL_SIMPLE: 0.0, _K.LARGE_COMPLEX: 0.6},
            "many": {_K.SMALL_SIMPLE: 0.0, _K.LARGE_COMPLEX: 1.0},
        },
    ),
    _question("crisis", **_steps(_K.CRISIS, none=0.0, tense=0.4, acute=1.0)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """What the answers say.

    Attributes:
        role: What one is in charge of.
        signals: What is known.
        unknown: The kinds of signal nobody could say anything about.
    """

    role: Role
    signals: tuple[Signal, ...]
    unknown: frozenset[SignalKind]


def read_answers(answers: Mapping[str, str], *, on: date) -> Scanned:
    """Turn answers (question key -> choice key) into role and signals.

    Raises:
        AnswersIncomplete: When a question has no answer, or one it does not offer.
    """
    signals: list[Signal] = []
    unknown: set[SignalKind] = set()
    for question in QUESTIONS:
        answer = answers.get(question.key, "")
        if answer == CANNOT_SAY:
            unknown |= question.about
        elif answer in question.choices:
            sent = question.choices[answer].items()
            signals += [Signal(kind=kind, value=value, source=SCAN, on=on) for kind, value in sent]
        else:
            raise AnswersIncomplete(f"The question {question.key!r} has no answer {answer!r}.")
    role = Role.UNKNOWN if answers["role"] == CANNOT_SAY else Role(answers["role"])
    return Scanned(role=role, signals=tuple(signals), unknown=frozenset(unknown))
