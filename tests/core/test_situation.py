"""What the situation calls for: laws, limits, and the example worked by hand in the docs."""

from datetime import date, timedelta
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as some

from equipoise.core.facets import AXES, FACETS, LEADING, Purpose
from equipoise.core.situation.overrides import Set, with_sets
from equipoise.core.situation.profile import Band, BandBackwards, NeedProfile, leading_share, need_profile
from equipoise.core.situation.roles import BASES, Role
from equipoise.core.situation.rules import MOST_POINTS, RULES, Grade, Rule, RuleTooStrong
from equipoise.core.situation.scan import CANNOT_SAY, QUESTIONS, AnswersIncomplete, read_answers
from equipoise.core.situation.signals import SCAN, Signal, SignalKind, latest

TODAY = date(2026, 11, 25)
HORIZON, MOVEMENT, ATTENTION, INFLUENCE = AXES


def signal(kind: SignalKind, value: float, *, source: str = SCAN, on: date = TODAY) -> Signal:
    return Signal(kind=kind, value=value, source=source, on=on)


def towards_leading(rule: Rule) -> bool | None:
    """Which way a rule pulls; `None` for one that only cautions."""
    return next(((points > 0) == (facet in LEADING) for facet, points in rule.pulls.items() if points), None)


roles = some.sampled_from(list(Role))
signals = some.lists(
    some.builds(
        signal,
        some.sampled_from(list(SignalKind)),
        some.floats(0, 1),
        source=some.sampled_from([SCAN, "plan"]),
        on=some.dates(date(2026, 1, 1), TODAY),
    ),
    max_size=12,
)
unknowns = some.frozensets(some.sampled_from(list(SignalKind)))


class TestSignal:
    @pytest.mark.parametrize("value", [-0.1, 1.1])
    def test_refuses_a_strength_outside_its_limits(self, value: float) -> None:
        with pytest.raises(ValueError, match="between 0 and 1"):
            signal(SignalKind.CRISIS, value)

    def test_of_a_kind_counts_when_it_is_the_latest(self) -> None:
        old, new = signal(SignalKind.CRISIS, 1.0, on=TODAY - timedelta(days=90)), signal(SignalKind.CRISIS, 0.2)
        assert latest([new, old]) == latest([old, new]) == (new,)

    def test_that_is_measured_counts_before_one_said_on_the_same_day(self) -> None:
        said, measured = signal(SignalKind.CRISIS, 1.0), signal(SignalKind.CRISIS, 0.2, source="incidents")
        assert latest([measured, said]) == latest([said, measured]) == (measured,)


class TestRules:
    @pytest.mark.parametrize("rule", RULES, ids=[rule.key for rule in RULES])
    def test_pull_no_more_than_their_evidence_allows(self, rule: Rule) -> None:
        assert all(0 < abs(points) <= MOST_POINTS[rule.grade] for points in rule.pulls.values())
        assert rule.citations

    def test_have_names_of_their_own(self) -> None:
        assert len({rule.key for rule in RULES}) == len(RULES)

    def test_know_every_kind_of_signal(self) -> None:
        assert {rule.signal for rule in RULES} == set(SignalKind)

    def test_of_one_signal_pull_the_same_way(self) -> None:
        for kind in SignalKind:
            ways = {towards_leading(rule) for rule in RULES if rule.signal is kind} - {None}
            assert len(ways) <= 1

    def test_that_pull_too_strongly_are_refused(self) -> None:
        with pytest.raises(RuleTooStrong, match="grade C allows 5 points"):
            Rule(key="x", signal=SignalKind.CRISIS, pulls={Purpose.VISION: 6}, grade=Grade.C, citations=())

    def test_that_pull_both_ways_are_refused(self) -> None:
        pulls = {Purpose.VISION: 5.0, Purpose.EXECUTION: 5.0}
        with pytest.raises(RuleTooStrong, match="not both"):
            Rule(key="x", signal=SignalKind.CRISIS, pulls=pulls, grade=Grade.C, citations=())


class TestBases:
    @pytest.mark.parametrize("role", list(Role))
    def test_add_up_to_a_hundred(self, role: Role) -> None:
        assert sum(BASES[role].values()) == pytest.approx(100)

    def test_call_for_more_leading_the_wider_the_charge(self) -> None:
        shares = [leading_share(BASES[role]) for role in (Role.TEAM_LEAD, Role.LEADS_MANAGERS, Role.CHIEF)]
        assert shares == sorted(shares)


class TestNeedProfile:
    @given(roles, signals, unknowns)
    def test_keeps_every_band_inside_its_limits(
        self, role: Role, known: list[Signal], unknown: frozenset[SignalKind]
    ) -> None:
        found = need_profile(role, known, unknown=unknown)
        called = found.called_for
        assert all(0 <= points <= 100 for points in found.needs.values())
        assert all(0 <= band.low <= band.high <= 1 for band in (called.leading, *called.facets.values()))
        assert all(-1 <= band.low <= band.high <= 1 for band in called.axes.values())

    @given(roles, signals, some.randoms())
    def test_does_not_depend_on_the_order_of_signals(self, role: Role, known: list[Signal], random: object) -> None:
        mixed = list(known)
        random.shuffle(mixed)  # type: ignore[attr-defined]
        assert need_profile(role, mixed) == need_profile(role, known)

    @given(roles, signals, some.sampled_from(list(SignalKind)), some.floats(0, 1), some.floats(0, 1))
    def test_never_goes_the_other_way_when_a_signal_grows(
        self, role: Role, known: list[Signal], kind: SignalKind, one: float, other: float
    ) -> None:
        others = [each for each in known if each.kind is not kind]
        low, high = (need_profile(role, [*others, signal(kind, value)]) for value in sorted((one, other)))
        for rule in (rule for rule in RULES if rule.signal is kind):
            way = 1 if towards_leading(rule) else -1
            assert way * (leading_share(high.needs) - leading_share(low.needs)) >= -1e-12
            for facet, points in rule.pulls.items():
                assert (high.needs[facet] - low.needs[facet]) * points >= -1e-9
            for axis in AXES:
                assert way * (_lean(high, axis.name) - _lean(low, axis.name)) >= -1e-12

    @given(roles, signals, some.sampled_from(list(SignalKind)))
    def test_is_less_sure_when_a_question_has_no_answer(
        self, role: Role, known: list[Signal], kind: SignalKind
    ) -> None:
        sure, unsure = need_profile(role, known), need_profile(role, known, unknown={kind})
        assert unsure.needs == sure.needs
        assert _width(unsure.called_for.leading) >= _width(sure.called_for.leading) - 1e-12

    def test_is_less_sure_the_weaker_the_evidence(self) -> None:
        widths = []
        for grade in Grade:
            rule = Rule(key="x", signal=SignalKind.CRISIS, pulls={Purpose.STABILITY: 5}, grade=grade, citations=())
            found = need_profile(Role.CHIEF, [signal(SignalKind.CRISIS, 1.0)], rules=[rule])
            widths.append(_width(found.called_for.leading))
        assert widths == sorted(widths)
        assert widths[0] < widths[-1]

    def test_names_the_reason_that_moves_most_first(self) -> None:
        known = [signal(SignalKind.UNCERTAINTY, 0.3), signal(SignalKind.CHANGE_UNDER_WAY, 1.0)]
        reasons = need_profile(Role.FUNCTION_HEAD, known).called_for.reasons
        assert [reason.rule for reason in reasons] == ["change", "uncertainty"]
        assert reasons[0].leading_points > reasons[1].leading_points > 0

    def test_names_no_reason_for_what_is_not_the_case(self) -> None:
        assert need_profile(Role.CHIEF, [signal(SignalKind.CRISIS, 0.0)]).called_for.reasons == ()

    def test_is_worked_out_by_hand_in_the_docs(self) -> None:
        found = need_profile(Role.TEAM_LEAD, [signal(SignalKind.WEAK_DELIVERY, 0.6)])
        assert found.needs[Purpose.EXECUTION] == pytest.approx(38.8)
        assert found.needs[Purpose.OVERSIGHT] == pytest.approx(18.2)
        called = found.called_for
        assert leading_share(found.needs) == pytest.approx(36 / 112)
        assert (called.leading.low, called.leading.high) == pytest.approx((0.2632, 0.3797), abs=5e-5)
        assert (called.axes[HORIZON].low, called.axes[HORIZON].high) == pytest.approx((-0.8615, -0.6818), abs=5e-5)


class TestTheScan:
    ANSWERS: ClassVar = {question.key: next(iter(question.choices)) for question in QUESTIONS}

    def test_asks_at_most_twelve_questions_of_three_to_five_choices(self) -> None:
        assert len(QUESTIONS) <= 12
        assert all(3 <= len(question.choices) <= 5 for question in QUESTIONS)

    def test_tells_role_and_signals_with_source_and_day(self) -> None:
        found = read_answers({**self.ANSWERS, "role": "chief", "crisis": "acute"}, on=TODAY)
        assert found.role is Role.CHIEF
        assert signal(SignalKind.CRISIS, 1.0) in found.signals

    def test_keeps_apart_what_nobody_can_say(self) -> None:
        found = read_answers({**self.ANSWERS, "complexity": CANNOT_SAY}, on=TODAY)
        assert found.unknown == {SignalKind.SMALL_SIMPLE, SignalKind.LARGE_COMPLEX}
        assert not found.unknown & {each.kind for each in found.signals}

    def test_of_somebody_who_can_say_nothing_still_gives_a_wide_band(self) -> None:
        found = read_answers(dict.fromkeys(self.ANSWERS, CANNOT_SAY), on=TODAY)
        band = need_profile(found.role, found.signals, unknown=found.unknown).called_for.leading
        assert _width(band) > 0.2

    @pytest.mark.parametrize("answer", ["", "fun"])
    def test_refuses_an_answer_it_does_not_offer(self, answer: str) -> None:
        with pytest.raises(AnswersIncomplete, match="crisis"):
            read_answers({**self.ANSWERS, "crisis": answer}, on=TODAY)


class TestWhatSomebodySets:
    FOUND = need_profile(Role.FUNCTION_HEAD, [signal(SignalKind.CHANGE_UNDER_WAY, 1.0)]).called_for

    def test_takes_the_place_of_what_was_worked_out(self) -> None:
        band = Band(low=0.6, high=0.7)
        assert with_sets(self.FOUND, (Set(target=None, band=band),)).leading == band

    def test_keeps_facets_in_step_with_leading(self) -> None:
        found = with_sets(self.FOUND, (Set(target=None, band=Band(low=0.6, high=0.7)),))
        middles = {facet: found.facets[facet].middle for facet in FACETS}
        share = sum(middles[facet] for facet in LEADING) / sum(middles.values())
        assert share == pytest.approx(0.65, abs=0.01)
        assert all(found.axes[axis].middle > self.FOUND.axes[axis].middle for axis in AXES)

    def test_shares_the_time_of_an_axis_anew(self) -> None:
        found = with_sets(self.FOUND, (Set(target=HORIZON, band=Band(low=0.0, high=0.2)),))
        before = sum(self.FOUND.facets[facet].middle for facet in (HORIZON.leading, HORIZON.managing))
        assert found.facets[Purpose.VISION].middle == pytest.approx(before * 0.55)
        assert found.facets[Purpose.EXECUTION].middle == pytest.approx(before * 0.45)
        assert found.axes[MOVEMENT] == self.FOUND.axes[MOVEMENT]

    def test_leaves_a_facet_as_it_was_set(self) -> None:
        band = Band(low=0.2, high=0.3)
        sets = (Set(target=Purpose.VISION, band=band), Set(target=None, band=Band(low=0.1, high=0.2)))
        assert with_sets(self.FOUND, sets).facets[Purpose.VISION] == band

    @given(some.floats(0, 1), some.floats(0, 1), roles, signals)
    def test_stays_inside_the_limits(self, one: float, other: float, role: Role, known: list[Signal]) -> None:
        low, high = sorted((one, other))
        found = with_sets(need_profile(role, known).called_for, (Set(target=None, band=Band(low=low, high=high)),))
        assert all(0 <= band.low <= band.high <= 1 for band in found.facets.values())
        assert all(-1 <= band.low <= band.high <= 1 for band in found.axes.values())


class TestBand:
    def test_refuses_to_run_backwards(self) -> None:
        with pytest.raises(BandBackwards):
            Band(low=0.5, high=0.4)


class TestTheDocs:
    PAGE = Path(__file__).parents[2] / "docs" / "methods" / "situation.md"

    @pytest.mark.parametrize("rule", RULES, ids=[rule.key for rule in RULES])
    def test_name_every_rule_with_its_pulls_and_grade(self, rule: Rule) -> None:
        pulls = ", ".join(f"{facet} {points:+g}".replace("-", "−") for facet, points in rule.pulls.items()) or "none"
        cited = "; ".join(f"{each.authors} {each.year}" for each in rule.citations)
        row = f"| {rule.key} | {rule.signal.replace('_', ' ')} | {pulls} | {rule.grade} | {cited} |"
        assert row in self.PAGE.read_text(encoding="utf-8").splitlines()

    @pytest.mark.parametrize("role", list(Role))
    def test_name_every_base(self, role: Role) -> None:
        row = f"| {role.replace('_', ' ')} | " + " | ".join(f"{BASES[role][facet]:g}" for facet in FACETS) + " |"
        assert row in self.PAGE.read_text(encoding="utf-8").splitlines()

    def test_give_every_doi_once_checked(self) -> None:
        page = self.PAGE.read_text(encoding="utf-8")
        assert all(each.doi in page for rule in RULES for each in rule.citations)


def _lean(found: NeedProfile, axis_name: str) -> float:
    axis = next(axis for axis in AXES if axis.name == axis_name)
    leading, managing = found.needs[axis.leading], found.needs[axis.managing]
    return (leading - managing) / (leading + managing)


def _width(band: Band) -> float:
    return band.high - band.low
