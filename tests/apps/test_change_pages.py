"""The situation: the scan, what it calls for and why, a band of one's own, and the band on Balance."""

import json
import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.apps.erasing import erase_now
from tests.apps.lenas_calendar import with_calendar
from tests.cast import NOW, Cast

from equipoise.apps.change import actions, mapping, queries
from equipoise.apps.change.models import Override, Scan
from equipoise.apps.change.words import (
    CHOICE_WORDS,
    CLAUSES,
    CONSEQUENCES,
    MEASURED_CLAUSES,
    QUESTION_WORDS,
    because,
    clause,
)
from equipoise.apps.insights import periods
from equipoise.apps.insights import queries as insights
from equipoise.apps.insights.observations import observe
from equipoise.apps.people.models import Person, Position
from equipoise.core.balance.gaps import Gap, State
from equipoise.core.facets import AXES, Purpose
from equipoise.core.situation import profile as core_profile
from equipoise.core.situation.profile import Band, need_profile
from equipoise.core.situation.roles import Role
from equipoise.core.situation.rules import RULES
from equipoise.core.situation.scan import CANNOT_SAY, QUESTIONS, AnswersIncomplete
from equipoise.core.situation.signals import SCAN, Signal, SignalKind
from equipoise.platform.models import AuditEntry

TODAY = NOW.date()
CALM: dict[str, str] = {
    "role": "leads_managers", "span": "few", "newness": "long", "change": "none", "uncertainty": "calm",
    "delivery": "nearly_all", "process": "clear", "team_health": "good", "experience": "seasoned",
    "autonomy": "daily", "complexity": "few", "crisis": "none",
}  # fmt: skip
STRATEGY = {**CALM, "change": "strategy", "change_since": "2026-09-20"}
FORTY_FIVE = Band(low=0.40, high=0.50)


def scanned(person: Person, answers: dict[str, str] = STRATEGY, *, days_ago: int = 0) -> Scan:
    return actions.keep_scan(actor=person, person=person, answers=answers, now=NOW - timedelta(days=days_ago))


def set_leading(person: Person, *, days_ago: int = 0, band: Band = FORTY_FIVE) -> Override:
    now = NOW - timedelta(days=days_ago)
    return actions.set_band(
        actor=person, person=person, target="leading", band=band, reason="The merger can wait", now=now
    )


@pytest.fixture
def lena(cast: Cast) -> Person:
    with_calendar(cast.lena)
    return Person.objects.get(pk=cast.lena.pk)


class TestTheWords:
    def test_know_every_question_and_choice(self) -> None:
        for question in QUESTIONS:
            assert set(CHOICE_WORDS[question.key]) == set(question.choices)
            assert question.key in QUESTION_WORDS

    def test_know_every_answer_that_pulls(self) -> None:
        for question in QUESTIONS:
            pulling = {choice for choice, sent in question.choices.items() if any(sent.values())}
            assert pulling <= set(CLAUSES.get(question.key, {}))

    def test_know_every_rule_and_measurement(self) -> None:
        asked = {kind for question in QUESTIONS for kind in question.about}
        assert {rule.key for rule in RULES} == set(CONSEQUENCES)
        assert set(MEASURED_CLAUSES) == set(SignalKind) - asked

    def test_tell_how_long_a_change_has_been_under_way(self) -> None:
        found = need_profile(Role.CHIEF, [Signal(kind=SignalKind.CHANGE_UNDER_WAY, value=1, source=SCAN, on=TODAY)])
        reason = found.called_for.reasons[0]
        assert clause(reason, STRATEGY, TODAY) == "you are 2 months into a change of strategy"
        assert clause(reason, {**STRATEGY, "change_since": "2026-11-20"}, TODAY) == "a change of strategy is under way"

    def test_name_the_role_where_reasons_cancel_out(self, cast: Cast) -> None:
        strained = {**CALM, "delivery": "few", "change": "strategy"}
        profile = mapping.profile_of(scanned(cast.lena, {**strained, "complexity": CANNOT_SAY}).profile)
        assert len(profile.called_for.reasons) == 2
        assert because(profile, strained, TODAY) == "that is the starting point for whoever leads managers"

    def test_tell_what_was_measured(self) -> None:
        signal = Signal(kind=SignalKind.NEW_JOINERS, value=1, source="people", on=TODAY)
        reason = need_profile(Role.CHIEF, [signal]).called_for.reasons[0]
        assert clause(reason, {}, TODAY) == "new people have joined"


class TestKeepScan:
    def test_keeps_answers_profile_and_version_with_who_did_it(self, cast: Cast) -> None:
        scan = actions.keep_scan(actor=cast.tom, person=cast.lena, answers=STRATEGY, now=NOW)
        assert scan.answers == STRATEGY
        assert scan.version == "2026.1"
        assert scan.made_by_id == cast.tom.pk
        told = AuditEntry.objects.get(verb="situation scanned")
        assert (told.actor_id, told.subject_id) == (cast.tom.pk, cast.lena.pk)

    def test_gives_back_the_profile_it_stored(self, cast: Cast) -> None:
        scan = scanned(cast.lena, {**STRATEGY, "crisis": CANNOT_SAY})
        found = mapping.profile_of(json.loads(json.dumps(scan.profile)))
        assert mapping.profile_row(found) == scan.profile
        assert found.unknown == {SignalKind.CRISIS}
        assert found.called_for.reasons[0].rule == "change"

    def test_keeps_nothing_of_half_an_answer(self, cast: Cast) -> None:
        with pytest.raises(AnswersIncomplete):
            scanned(cast.lena, {"role": "chief"})
        assert not Scan.objects.exists()
        assert not AuditEntry.objects.filter(verb="situation scanned").exists()


class TestCalledFor:
    def test_is_none_before_the_first_scan(self, cast: Cast) -> None:
        scanned(cast.lena, days_ago=10)
        assert queries.called_for(cast.lena, on=TODAY - timedelta(days=11)) is None
        assert queries.called_for(cast.lena, on=TODAY - timedelta(days=10)) is not None
        assert queries.called_for(cast.otto, on=TODAY) is None

    def test_goes_by_the_scan_that_held_on_the_day(self, cast: Cast) -> None:
        scanned(cast.lena, CALM, days_ago=50)
        scanned(cast.lena, STRATEGY, days_ago=5)
        before = queries.called_for(cast.lena, on=TODAY - timedelta(days=6))
        after = queries.called_for(cast.lena, on=TODAY)
        assert before is not None
        assert after is not None
        assert after.leading.middle > before.leading.middle

    def test_does_not_change_when_the_rules_do(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        scanned(cast.lena)
        before = queries.called_for(cast.lena, on=TODAY)
        others = tuple(replace(rule, pulls={Purpose.STABILITY: 5}) for rule in RULES)
        monkeypatch.setattr("equipoise.core.situation.rules.RULES", others)
        monkeypatch.setattr(core_profile, "RULES", others)
        monkeypatch.setattr(core_profile, "RULES_VERSION", "2027.1")
        monkeypatch.setattr(core_profile, "BASES", {role: dict.fromkeys(Purpose, 12.5) for role in Role})
        assert queries.called_for(cast.lena, on=TODAY) == before

    def test_takes_what_the_person_set_and_keeps_both(self, cast: Cast) -> None:
        scanned(cast.lena, days_ago=5)
        computed = queries.called_for(cast.lena, on=TODAY)
        override = set_leading(cast.lena)
        found = queries.called_for(cast.lena, on=TODAY)
        assert computed is not None
        assert found is not None
        assert found.leading == FORTY_FIVE
        assert (override.computed_low, override.computed_high) == (computed.leading.low, computed.leading.high)
        assert found.axes[AXES[0]].middle < computed.axes[AXES[0]].middle

    def test_takes_a_band_only_while_it_held(self, cast: Cast) -> None:
        scanned(cast.lena, days_ago=50)
        override = set_leading(cast.lena, days_ago=20)
        actions.drop_band(actor=cast.lena, override=override, now=NOW - timedelta(days=10))
        days = {ago: queries.called_for(cast.lena, on=TODAY - timedelta(days=ago)) for ago in (30, 15, 5)}
        assert [found.leading == FORTY_FIVE for found in days.values() if found] == [False, True, False]

    def test_has_a_band_for_every_axis_and_facet(self, cast: Cast) -> None:
        scanned(cast.lena)
        found = queries.called_for(cast.lena, on=TODAY)
        assert found is not None
        assert set(found.axes) == set(AXES)
        assert len(found.facets) == 8


class TestScanDue:
    @pytest.mark.parametrize(("days_ago", "due"), [(0, False), (90, False), (91, True)])
    def test_is_a_quarter_after_the_last(self, cast: Cast, days_ago: int, *, due: bool) -> None:
        scanned(cast.lena, days_ago=days_ago)
        assert queries.is_scan_due(queries.situation(cast.lena, on=TODAY), TODAY) is due

    def test_is_now_when_there_was_none(self, cast: Cast) -> None:
        assert queries.is_scan_due(queries.situation(cast.lena, on=TODAY), TODAY)


class TestSetBand:
    def test_refuses_without_a_scan(self, cast: Cast) -> None:
        with pytest.raises(actions.NothingToSet):
            set_leading(cast.lena)

    def test_ends_the_one_before_and_keeps_it(self, cast: Cast) -> None:
        scanned(cast.lena, days_ago=5)
        first, second = set_leading(cast.lena, days_ago=2), set_leading(cast.lena, band=Band(low=0.5, high=0.6))
        first.refresh_from_db()
        assert first.ended_at == NOW
        assert second.ended_at is None

    def test_brings_a_dropped_one_back_in_place_of_the_other(self, cast: Cast) -> None:
        scanned(cast.lena, days_ago=5)
        first, second = set_leading(cast.lena, days_ago=2), set_leading(cast.lena, band=Band(low=0.5, high=0.6))
        actions.bring_band_back(actor=cast.lena, override=first, now=NOW)
        second.refresh_from_db()
        assert second.ended_at == NOW
        assert Override.objects.get(ended_at=None) == first


def form(answers: dict[str, str] = STRATEGY, **changed: str) -> dict[str, Any]:
    return {**answers, **changed}


class TestTheScanPage:
    def test_keeps_the_answers_and_shows_what_they_call_for(self, cast: Cast, as_lena: Client) -> None:
        page = as_lena.post("/situation/scan/", form(), follow=True).content.decode()
        assert Scan.objects.get().answers == STRATEGY
        assert "Your situation calls for leading about <strong>" in page
        assert "into a change of strategy" in page
        assert "theory, or studies that disagree" in page

    def test_fills_in_what_was_said_before(self, cast: Cast, as_lena: Client) -> None:
        scanned(cast.lena)
        page = as_lena.get("/situation/scan/").content.decode()
        assert page.count(" checked>") == len(QUESTIONS)
        assert 'value="2026-09-20"' in page

    def test_fills_in_what_the_organisation_knows(self, cast: Cast, as_lena: Client) -> None:
        assert " checked>" not in as_lena.get("/situation/scan/").content.decode()
        Position.objects.create(person=cast.lena, title="Head", level="function_head", from_day=date(2026, 1, 5))
        page = as_lena.get("/situation/scan/").content.decode()
        assert page.count(" checked>") == 2
        for name, value in (("role", "function_head"), ("span", "few")):
            assert re.search(rf'name="{name}" value="{value}"[^>]* checked>', page)

    def test_loses_nothing_of_a_half_filled_form(self, cast: Cast, as_lena: Client) -> None:
        half = form()
        del half["crisis"]
        response = as_lena.post("/situation/scan/", half)
        page = response.content.decode()
        assert response.status_code == 400
        assert page.count(" checked>") == len(QUESTIONS) - 1
        assert 'href="#q-crisis"' in page
        assert not Scan.objects.exists()

    @pytest.mark.parametrize("since", ["soon", "2999-01-01", "0001-01-01"])
    def test_refuses_a_change_that_began_at_no_time(self, cast: Cast, as_lena: Client, since: str) -> None:
        assert as_lena.post("/situation/scan/", form(change_since=since)).status_code == 400
        assert not Scan.objects.exists()

    def test_forgets_the_day_of_a_change_that_is_none(self, cast: Cast, as_lena: Client) -> None:
        as_lena.post("/situation/scan/", form(change="none"))
        assert "change_since" not in Scan.objects.get().answers

    def test_takes_cannot_say_for_an_answer_everywhere(self, cast: Cast, as_lena: Client) -> None:
        as_lena.post("/situation/scan/", dict.fromkeys(CALM, CANNOT_SAY))
        page = as_lena.get("/situation/").content.decode()
        assert "the middle of all roles" in page


class TestTheSituationPage:
    def test_offers_the_scan_first(self, cast: Cast, as_lena: Client) -> None:
        assert "Answer twelve questions" in as_lena.get("/situation/").content.decode()

    def test_shows_every_band_as_a_table_too(self, cast: Cast, as_lena: Client) -> None:
        scanned(cast.lena)
        page = as_lena.get("/situation/").content.decode()
        found = queries.called_for(cast.lena, on=timezone.localdate())
        assert found is not None
        assert page.count("Set your own<") == 13
        assert f"{100 * found.leading.low:.0f} to {100 * found.leading.high:.0f} %" in page

    def test_says_when_it_is_time_again(self, cast: Cast, as_lena: Client) -> None:
        scanned(cast.lena, days_ago=200)
        assert "Situations change: answer again." in as_lena.get("/situation/").content.decode()

    def test_keeps_old_scans_to_look_at(self, cast: Cast, as_lena: Client, as_otto: Client) -> None:
        old = scanned(cast.lena, {**CALM, "complexity": CANNOT_SAY}, days_ago=100)
        scanned(cast.lena)
        assert f"/situation/scans/{old.pk}/" in as_lena.get("/situation/").content.decode()
        page = as_lena.get(f"/situation/scans/{old.pk}/").content.decode()
        assert "None to speak of" in page
        assert "that is the starting point for whoever leads managers" in page
        assert as_otto.get(f"/situation/scans/{old.pk}/").status_code == 404

    def test_escapes_what_a_person_writes(self, cast: Cast, as_lena: Client) -> None:
        scanned(cast.lena)
        as_lena.post("/situation/own-band/", {"band": "leading", "low": 1, "high": 2, "reason": "<b>no</b>"})
        assert "<b>no</b>" not in as_lena.get("/situation/").content.decode()


class TestTheOwnBandPage:
    def test_sets_drops_and_brings_back(self, cast: Cast, as_lena: Client) -> None:
        scanned(cast.lena, days_ago=1)
        sent = {"band": "leading", "low": "40", "high": "50", "reason": "A steady year"}
        page = as_lena.post("/situation/own-band/", sent, follow=True).content.decode()
        override = Override.objects.get()
        assert "A steady year" in page
        assert "You set it yourself" in page
        assert f"/situation/own-bands/{override.pk}/drop" in page
        page = as_lena.post(f"/situation/own-bands/{override.pk}/drop", follow=True).content.decode()
        assert "Your situation calls for leading about" in page
        page = as_lena.post(f"/situation/own-bands/{override.pk}/back", follow=True).content.decode()
        assert "You set it yourself" in page

    def test_asks_whether_a_band_older_than_the_scan_still_holds(self, cast: Cast, as_lena: Client) -> None:
        scanned(cast.lena, days_ago=20)
        set_leading(cast.lena, days_ago=10)
        assert "does it still hold?" not in as_lena.get("/situation/").content.decode()
        scanned(cast.lena, days_ago=1)
        assert "does it still hold?" in as_lena.get("/situation/").content.decode()

    @pytest.mark.parametrize(
        ("changed", "told"),
        [
            ({"reason": ""}, "Say why."),
            ({"low": "60"}, "The band ends before it begins."),
            ({"high": "101"}, "Give a number from 0 to 100."),
            ({"low": "x"}, "Enter a number."),
            ({"low": "nan"}, "Enter a number."),
        ],
    )
    def test_says_what_is_wrong_and_keeps_the_rest(
        self, cast: Cast, as_lena: Client, changed: dict[str, str], told: str
    ) -> None:
        scanned(cast.lena)
        sent = {"band": "leading", "low": "40", "high": "50", "reason": "A steady year", **changed}
        response = as_lena.post("/situation/own-band/", sent)
        assert response.status_code == 400
        assert told in response.content.decode()
        assert not Override.objects.exists()

    def test_takes_a_lean_for_an_axis(self, cast: Cast, as_lena: Client) -> None:
        scanned(cast.lena)
        sent = {"band": "horizon", "low": "-0.5", "high": "0.25", "reason": "A steady year"}
        as_lena.post("/situation/own-band/", sent)
        assert (Override.objects.get().low, Override.objects.get().high) == (-0.5, 0.25)
        assert as_lena.post("/situation/own-band/", {**sent, "low": "-2"}).status_code == 400

    def test_knows_no_other_band(self, cast: Cast, as_lena: Client) -> None:
        assert as_lena.get("/situation/own-band/?band=fun").status_code == 404

    def test_leads_to_the_scan_without_one(self, cast: Cast, as_lena: Client) -> None:
        assert as_lena.get("/situation/own-band/")["Location"] == "/situation/"


class TestBalance:
    def test_offers_the_scan_in_one_line(self, lena: Person, as_lena: Client) -> None:
        for path in ("/", "/balance/"):
            page = as_lena.get(path).content.decode()
            assert "How much does your situation call for?" in page
            assert "is called for (" not in page

    def test_shows_the_band_beside_the_reading(self, lena: Person, as_lena: Client) -> None:
        scanned(lena)
        page = as_lena.get("/balance/").content.decode()
        assert page.count('class="called"') == 4
        assert "is called for (" in page
        assert "This rests on your time alone." in page
        assert "Is it there at all?" in page

    def test_names_the_largest_gap_among_what_is_worth_a_look(self, lena: Person) -> None:
        scanned(lena)
        found = insights.balance(lena, periods.Period(start=date(2026, 10, 5), end=date(2026, 11, 23)))
        comparison = insights.standing(lena, found, queries.situation(lena, on=TODAY), TODAY).comparison
        assert comparison is not None
        surely = Gap(state=State.MORE_MANAGING, shown=None, band=FORTY_FIVE, size=0.5)
        short = replace(comparison, axes={**comparison.axes, AXES[3]: surely})
        assert observe(found, None, comparison=short)[0].sentence.startswith("More Oversight is called for.")
        nothing = {axis: replace(gap, state=State.CANNOT_TELL) for axis, gap in comparison.axes.items()}
        told = observe(found, None, comparison=replace(comparison, axes=nothing))
        assert not any("is called for" in each.sentence for each in told)

    def test_says_whose_judgement_it_is(self, lena: Person, as_lena: Client) -> None:
        scanned(lena, days_ago=1)
        set_leading(lena)
        assert "You set <strong>40 to 50 %</strong>" in as_lena.get("/balance/").content.decode()

    def test_shows_no_band_for_a_time_before_the_first_scan(self, lena: Person, as_lena: Client) -> None:
        scanned(lena)
        page = as_lena.get("/balance/?weeks=4&until=2026-11-02").content.decode()
        assert "is called for (" not in page
        assert "How much does your situation call for?" not in page

    def test_sets_a_balance_beside_what_was_called_for_then(self, lena: Person) -> None:
        scanned(lena)
        found = insights.balance(lena, periods.Period(start=date(2026, 10, 5), end=date(2026, 11, 23)))
        standing = insights.standing(lena, found, queries.situation(lena, on=TODAY), TODAY)
        assert standing.comparison is not None
        assert standing.comparison.leading.band == standing.called_for.leading  # type: ignore[union-attr]
        assert standing.because == "you are 2 months into a change of strategy"
        assert standing.portrait is not None
        earlier = TODAY - timedelta(days=1)
        assert insights.standing(lena, found, queries.situation(lena, on=earlier), earlier).called_for is None


class TestOwnData:
    def test_holds_the_situation_in_the_export(self, cast: Cast, as_lena: Client) -> None:
        scanned(cast.lena, days_ago=1)
        set_leading(cast.lena)
        told = json.loads(as_lena.post("/your-data/export").content)["situation"]
        assert told["scans"][0]["answers"] == STRATEGY
        assert told["own_bands"][0]["reason"] == "The merger can wait"

    def test_goes_with_the_person(self, cast: Cast, as_lena: Client) -> None:
        scanned(cast.lena, days_ago=1)
        set_leading(cast.lena)
        erase_now(as_lena)
        assert not Scan.objects.exists()
        assert not Override.objects.exists()


class TestTheDemoAgency:
    def test_has_said_what_its_situation_is(self, client: Client, db: None) -> None:
        client.post("/welcome/demo")
        page = client.get("/").content.decode()
        assert "is called for (" in page
        assert Scan.objects.count() == 2
