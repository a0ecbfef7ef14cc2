"""What a reflection holds, as values; sealed for the database, opened for its owner."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta

from equipoise.apps.growth.models import Reflection
from equipoise.apps.growth.questions import end_of_month
from equipoise.platform import vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One question as it was asked, and what was answered so far."""

    key: str
    asked: str
    answer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One theme: the evidence as it was shown, sentence by sentence, and the questions."""

    theme: str
    evidence: tuple[str, ...]
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """All of a reflection.

    Attributes:
        parts: The themes in the order they were asked.
        meant: The intention of the week before, as it was written; empty when there was none.
        came_of_it: What came of it.
        intention: One thing to do in the week or month ahead; empty for none.
    """

    parts: tuple[Part, ...]
    meant: str = ""
    came_of_it: str = ""
    intention: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether nothing was written yet."""
        return not any(text.strip() for text in self.written())

    def written(self) -> Iterator[str]:
        """What the person wrote."""
        yield from (each.answer for part in self.parts for each in part.answers)
        yield from (self.came_of_it, self.intention)

    def texts(self) -> Iterator[str]:
        """Everything one may look for: what was written, asked and shown."""
        yield from self.written()
        yield self.meant
        for part in self.parts:
            yield from part.evidence
            yield from (each.asked for each in part.answers)

    def answered(self, words: "Words") -> "Content":
        """The same with these answers; one that is not given stays."""
        parts = tuple(
            replace(
                part,
                answers=tuple(replace(each, answer=words.answers.get(each.key, each.answer)) for each in part.answers),
            )
            for part in self.parts
        )
        return replace(self, parts=parts, came_of_it=words.came_of_it, intention=words.intention)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What is written on a page at one moment.

    Attributes:
        answers: By the key of the question.
        came_of_it: What came of the intention before.
        intention: The intention for what lies ahead.
        pen: The name of the open page it was written on; empty when it has none.
        since: When what that page began with had been kept; `None` when it does not say.
    """

    answers: Mapping[str, str]
    came_of_it: str = ""
    intention: str = ""
    pen: str = ""
    since: datetime | None = None

    def follow_on(self, row: Reflection) -> bool:
        """Whether nothing was kept from another page since this one was opened."""
        return self.since is None or self.since == row.kept_at or (self.pen != "" and self.pen == row.pen)


def sealed(content: Content) -> str:
    """A reflection as the database keeps it."""
    return vault.seal(json.dumps(asdict(content), ensure_ascii=False))


def opened(row: Reflection) -> Content | None:
    """What a row holds; `None` when the vault's key is not the one it was sealed with."""
    try:
        found = json.loads(vault.unseal(row.sealed))
    except vault.KeyLost:
        return None
    return Content(
        parts=tuple(_part(each) for each in found["parts"]),
        meant=found["meant"],
        came_of_it=found["came_of_it"],
        intention=found["intention"],
    )


def _part(found: Mapping[str, object]) -> Part:
    evidence, answers = found["evidence"], found["answers"]
    return Part(
        theme=str(found["theme"]),
        evidence=tuple(evidence) if isinstance(evidence, Sequence) else (),
        answers=tuple(Answer(**each) for each in answers) if isinstance(answers, Sequence) else (),
    )


def last_day(rhythm: str, start: date) -> date:
    """The last day of a week or month that is looked back at."""
    if rhythm == Reflection.Rhythm.WEEKLY:
        return start + timedelta(days=6)
    return end_of_month(start) - timedelta(days=1)
