"""The rules as data: which signal pulls which facet, how strongly, on what evidence.

A rule pulls a facet by at most 15 points on evidence of grade A, 10 of grade B, 5 of grade C. Every rule pulls one
way: towards leading or towards managing. The keys are kept in stored profiles, so a key once used keeps its meaning.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from equipoise.core.facets import LEADING, Purpose
from equipoise.core.situation.signals import SignalKind

RULES_VERSION = "2026.1"
"""Changes with any rule or base; a stored profile names the version it was made with."""


class Grade(StrEnum):
    """How good the evidence is: strong (A), correlations found again and again (B), theory or mixed results (C)."""

    A = "A"
    B = "B"
    C = "C"


MOST_POINTS: Mapping[Grade, float] = {Grade.A: 15.0, Grade.B: 10.0, Grade.C: 5.0}
RULE_DOUBT: Mapping[Grade, float] = {Grade.A: 0.25, Grade.B: 0.5, Grade.C: 1.0}
"""How far a pull may be off, as a part of itself."""


class RuleTooStrong(ValueError):
    """A rule pulls by more than its evidence allows, or two ways at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """Where a rule comes from; `doi` is empty where it has none, or none that was checked."""

    authors: str
    year: int
    where: str
    doi: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule.

    Attributes:
        key: Names the rule in stored profiles and in the words for it.
        signal: What sets it off.
        pulls: Points by which a full signal raises or lowers a facet; empty for a rule that only cautions.
        grade: How good the evidence is.
        citations: Where it comes from.

    Raises:
        RuleTooStrong: When a pull is larger than the grade allows, or leading and managing are pulled the same way.
    """

    key: str
    signal: SignalKind
    pulls: Mapping[Purpose, float]
    grade: Grade
    citations: tuple[Citation, ...]

    def __post_init__(self) -> None:
        """Hold the rule to its evidence."""
        if any(abs(points) > MOST_POINTS[self.grade] for points in self.pulls.values()):
            raise RuleTooStrong(f"{self.key}: grade {self.grade} allows {MOST_POINTS[self.grade]:g} points a facet.")
        ways = {(points > 0) == (facet in LEADING) for facet, points in self.pulls.items() if points}
        if len(ways) > 1:
            raise RuleTooStrong(f"{self.key}: a rule pulls towards leading or towards managing, not both.")


BANDIERA = Citation(
    authors="Bandiera, Prat, Hansen and Sadun",
    year=2020,
    where="CEO behavior and firm performance, Journal of Political Economy 128(4)",
    doi="10.1086/705331",
)
BLOOM_2013 = Citation(
    authors="Bloom, Eifert, Mahajan, McKenzie and Roberts",
    year=2013,
    where="Does management matter? Evidence from India, Quarterly Journal of Economics 128(1)",
    doi="10.1093/qje/qjs044",
)
BLOOM_2007 = Citation(
    authors="Bloom and Van Reenen",
    year=2007,
    where="Measuring and explaining management practices, Quarterly Journal of Economics 122(4)",
    doi="10.1162/qjec.2007.122.4.1351",
)
JUDGE_ILIES = Citation(
    authors="Judge, Piccolo and Ilies",
    year=2004,
    where="The forgotten ones? Consideration and initiating structure, Journal of Applied Psychology 89(1)",
    doi="10.1037/0021-9010.89.1.36",
)
JUDGE_PICCOLO = Citation(
    authors="Judge and Piccolo",
    year=2004,
    where="Transformational and transactional leadership, Journal of Applied Psychology 89(5)",
    doi="10.1037/0021-9010.89.5.755",
)
BAUER = Citation(
    authors="Bauer, Bodner, Erdogan, Truxillo and Tucker",
    year=2007,
    where="Newcomer adjustment during organizational socialization, Journal of Applied Psychology 92(3)",
    doi="10.1037/0021-9010.92.3.707",
)
ROSING = Citation(
    authors="Rosing, Frese and Bausch",
    year=2011,
    where="Explaining the heterogeneity of the leadership-innovation relationship, Leadership Quarterly 22(5)",
    doi="10.1016/j.leaqua.2011.07.014",
)
THOMPSON = Citation(
    authors="Thompson and Vecchio",
    year=2009,
    where="Situational leadership theory: a test of three versions, Leadership Quarterly 20(5)",
    doi="10.1016/j.leaqua.2009.06.014",
)
KOTTER = Citation(authors="Kotter", year=1990, where="What leaders really do, Harvard Business Review 68(3)")
WALDMAN = Citation(
    authors="Waldman, Ramírez, House and Puranam",
    year=2001,
    where="Does leadership matter? Academy of Management Journal 44(1)",
)
AGLE = Citation(
    authors="Agle, Nagarajan, Sonnenfeld and Srinivasan",
    year=2006,
    where="Does CEO charisma matter? Academy of Management Journal 49(1)",
)
YUKL = Citation(
    authors="Yukl", year=2012, where="Effective leadership behavior, Academy of Management Perspectives 26(4)"
)
KERR = Citation(
    authors="Kerr and Jermier",
    year=1978,
    where="Substitutes for leadership, Organizational Behavior and Human Performance 22(3)",
)
KRAUT = Citation(
    authors="Kraut, Pedigo, McKenna and Dunnette",
    year=1989,
    where="The role of the manager, Academy of Management Executive 3(4)",
)

V, CH, PE, IN = Purpose.VISION, Purpose.CHANGE, Purpose.PEOPLE, Purpose.INSPIRATION
EX, ST, PR, OV = Purpose.EXECUTION, Purpose.STABILITY, Purpose.PROCESS, Purpose.OVERSIGHT


def _rule(key: str, signal: SignalKind, grade: Grade, pulls: Mapping[Purpose, float], *citations: Citation) -> Rule:
    return Rule(key=key, signal=signal, pulls=pulls, grade=grade, citations=citations)


RULES: tuple[Rule, ...] = (
    _rule("wide-span", SignalKind.WIDE_SPAN, Grade.C, {PE: 5}, KRAUT),
    _rule("new-in-role", SignalKind.NEW_IN_ROLE, Grade.B, {}, BANDIERA),
    _rule("change", SignalKind.CHANGE_UNDER_WAY, Grade.C, {V: 5, CH: 5, IN: 5}, KOTTER, YUKL),
    _rule("uncertainty", SignalKind.UNCERTAINTY, Grade.C, {V: 5}, WALDMAN, AGLE),
    _rule("weak-delivery", SignalKind.WEAK_DELIVERY, Grade.A, {EX: 8, OV: 12}, BLOOM_2013, BLOOM_2007),
    _rule("weak-process", SignalKind.WEAK_PROCESS, Grade.A, {PR: 12, OV: 5}, BLOOM_2013, BLOOM_2007),
    _rule("team-strain", SignalKind.TEAM_STRAIN, Grade.B, {PE: 10}, JUDGE_ILIES),
    _rule("team-strain-meaning", SignalKind.TEAM_STRAIN, Grade.B, {IN: 5}, JUDGE_PICCOLO),
    _rule("inexperienced-team", SignalKind.INEXPERIENCED_TEAM, Grade.C, {EX: 5, PR: 3}, THOMPSON),
    _rule("autonomous-team", SignalKind.AUTONOMOUS_TEAM, Grade.C, {EX: -5, PR: -2, OV: -3}, KERR),
    _rule("large-complex", SignalKind.LARGE_COMPLEX, Grade.B, {V: 5, IN: 5, EX: -8}, BANDIERA),
    _rule("small-simple", SignalKind.SMALL_SIMPLE, Grade.B, {EX: 6}, BANDIERA),
    _rule("crisis", SignalKind.CRISIS, Grade.C, {EX: 5, ST: 5, CH: -3}, YUKL),
    _rule("late-commitments", SignalKind.LATE_COMMITMENTS, Grade.A, {EX: 8, OV: 12}, BLOOM_2013, BLOOM_2007),
    _rule("goal-turnover", SignalKind.GOAL_TURNOVER, Grade.C, {V: 5}, KOTTER),
    _rule("new-joiners", SignalKind.NEW_JOINERS, Grade.B, {PE: 6}, BAUER),
    _rule("process-alarms", SignalKind.PROCESS_ALARMS, Grade.C, {ST: 5}, YUKL),
    _rule("falling-pulse", SignalKind.FALLING_PULSE, Grade.B, {PE: 10}, JUDGE_ILIES),
    _rule("exploring", SignalKind.EXPLORING, Grade.C, {CH: 5}, ROSING),
)
"""Every rule; the order is that of the pages."""
