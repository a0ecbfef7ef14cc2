"""Decide what entries are for: the owner's corrections first, then the owner's rules, then the model.

The model's word is improved at once by what the owner corrected: `learn` turns corrected entries into a small
addition to the model's scores, and `decide` applies it to all other entries of the same owner.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from equipoise.core.facets import PURPOSES, Purpose
from equipoise.core.timeuse.entries import Entry, Relation
from equipoise.core.timeuse.purpose_learning import Learned, learn_from
from equipoise.core.timeuse.purpose_model import Reading, softmax

SURE = 1.0
"""Probability of what the owner said, by correction or rule: it is theirs to say, so it carries no doubt."""


class Origin(StrEnum):
    """Who said what an entry is for; `PLAN` is for whoever keeps what entries of its own were planned for."""

    CORRECTION = "correction"
    PLAN = "plan"
    RULE = "rule"
    MODEL = "model"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """The owner's rule: entries that meet every condition given are for `purpose`. A rule without condition fits none.

    Attributes:
        purpose: What fitting entries are for.
        words: Words that stand in the title, in this order, side by side; case does not matter. A word of a script
            that has upper and lower case must stand whole: "HR" does not fit "three".
        relation: Who the others are.
        series: The entry's series.
    """

    purpose: Purpose
    words: str = ""
    relation: Relation | None = None
    series: str = ""

    def fits(self, entry: Entry) -> bool:
        """Whether the rule speaks of this entry. Of a private entry only relation and series are known to it."""
        conditions = [
            not self.words.strip() or stands_in(self.words, entry.title),
            self.relation is None or entry.relation is self.relation,
            not self.series or entry.series == self.series,
        ]
        return all(conditions) and bool(self.words.strip() or self.relation or self.series)


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """The owner's word on one series: it is for `purpose`."""

    series: str
    purpose: Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What entries are for, and who said so.

    Attributes:
        probabilities: float64 (n, 10) in the order of `PURPOSES`; each row sums to 1.
        origins: n origins.
    """

    probabilities: NDArray[np.float64]
    origins: tuple[Origin, ...]


class Model(Protocol):
    """What `decide` and `learn` ask of a model."""

    def read(self, entries: Sequence[Entry], minutes: Sequence[float | None] | None = None) -> Reading:
        """The scores and the features of entries; see `Reading`."""
        ...


def stands_in(words: str, title: str) -> bool:
    """Whether the words stand in the title as a run of whole words; see `Rule.words`."""
    sought, text = " ".join(words.casefold().split()), " ".join(title.casefold().split())
    at = text.find(sought)
    while at >= 0:
        after = text[at + len(sought) : at + len(sought) + 1]
        if not (_joined(text[:at][-1:], sought[0]) or _joined(sought[-1], after)):
            return True
        at = text.find(sought, at + 1)
    return False


def _joined(left: str, right: str) -> bool:
    """Whether two neighbouring characters belong to one word of a cased script or number."""
    return all(each.isdigit() or each.upper() != each for each in (left or " ", right or " "))


def decide(
    entries: Sequence[Entry],
    minutes: Sequence[float | None] | None,
    model: Model,
    *,
    corrections: Sequence[Correction] = (),
    rules: Sequence[Rule] = (),
    learned: Learned | None = None,
) -> Decided:
    """Say what each entry is for.

    A correction of the entry's series decides (the last one, if several); else the first rule that fits; both with
    probability `SURE`. Else the model decides, with what was `learned` from corrections added. A private entry that no
    correction or rule speaks of is `UNCLEAR`. The model is asked once for all it has to decide.

    Args:
        entries: n entries.
        minutes: n lengths of one occurrence each; `None` (for one, or for all) where not known.
        model: The classifier.
        corrections: The owner's corrections, oldest first.
        rules: The owner's rules, strongest first.
        learned: What `learn` drew from the owner's corrections.

    Returns:
        Probabilities and origins.
    """
    said = {each.series: each.purpose for each in corrections}
    owners = [_owner_says(entry, said, rules) for entry in entries]
    asked = [number for number, word in enumerate(owners) if word is None]
    table = np.zeros((len(entries), len(PURPOSES)))
    lengths = [None] * len(entries) if minutes is None else list(minutes)
    reading = model.read([entries[each] for each in asked], [lengths[each] for each in asked])
    table[asked] = softmax(reading.scores + (learned.addition(reading) if learned else 0.0))
    for number, word in enumerate(owners):
        if word is not None:
            table[number, PURPOSES.index(word[0])] = SURE
    return Decided(probabilities=table, origins=tuple(word[1] if word else Origin.MODEL for word in owners))


def _owner_says(entry: Entry, said: Mapping[str, Purpose], rules: Sequence[Rule]) -> tuple[Purpose, Origin] | None:
    if entry.series in said:
        return said[entry.series], Origin.CORRECTION
    for rule in rules:
        if rule.fits(entry):
            return rule.purpose, Origin.RULE
    return None


def learn(
    entries: Sequence[Entry],
    minutes: Sequence[float | None] | None,
    purposes: Sequence[Purpose],
    model: Model,
) -> Learned:
    """Learn from corrected entries what `decide` then adds for all other entries of the same owner.

    For 200 corrections the fit takes about 20 ms and their reading about 150 ms; whoever keeps the reading calls
    `learn_from` with it and pays the fit alone.

    Args:
        entries: The corrected entries, one of each series.
        minutes: The length of one occurrence each; `None` (for one, or for all) where not known.
        purposes: What the owner says they are for.
        model: The classifier.

    Raises:
        ValueError: There are not as many purposes as entries.
    """
    if len(purposes) != len(entries):
        raise ValueError(f"There are {len(purposes)} purposes for {len(entries)} entries; give one for each.")
    reading = model.read(entries, minutes)
    return learn_from(reading, np.array([PURPOSES.index(each) for each in purposes], np.int64))
