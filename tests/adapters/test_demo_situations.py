"""What the people of the demo agency say of their situation."""

from datetime import date

import pytest

from equipoise.adapters.demo_agency import UnknownPerson, agency, situations_of
from equipoise.core.situation.profile import need_profile
from equipoise.core.situation.roles import Role
from equipoise.core.situation.scan import DUE_AFTER_DAYS, read_answers

UNTIL = date(2026, 11, 25)


class TestSituationsOf:
    @pytest.mark.parametrize("key", [person.key for person in agency().people])
    def test_answers_every_question_twice(self, key: str) -> None:
        scans = situations_of(key, until=UNTIL)
        assert len(scans) == 2
        assert scans[0].on < scans[1].on < UNTIL
        for scan in scans:
            assert read_answers(scan.answers, on=scan.on).signals

    def test_fit_the_reporting_lines(self) -> None:
        for person in agency().people:
            answers = situations_of(person.key, until=UNTIL)[1].answers
            reports = len(agency().reports(person.key))
            assert answers["span"] == ("none" if not reports else "few" if reports <= 5 else "several")

    def test_have_a_last_scan_that_is_not_due_yet(self) -> None:
        assert (UNTIL - situations_of("lena", until=UNTIL)[1].on).days < DUE_AFTER_DAYS

    def test_know_of_no_change_before_it_began(self) -> None:
        before, after = situations_of("ines", until=UNTIL)
        assert before.answers["change"] == "small"
        assert after.answers["change"] == "merger"
        assert date.fromisoformat(after.answers["change_since"]) <= after.on
        assert "change_since" not in before.answers

    def test_call_for_more_leading_from_the_owner_than_from_a_project_manager(self) -> None:
        middle = {}
        for key in ("yara", "ravi"):
            scan = situations_of(key, until=UNTIL)[1]
            said = read_answers(scan.answers, on=scan.on)
            middle[key] = need_profile(said.role, said.signals, unknown=said.unknown).called_for.leading.middle
        assert middle["yara"] > middle["ravi"] + 0.2
        assert read_answers(scan.answers, on=UNTIL).role is Role.PROJECT_LEAD

    def test_refuse_a_stranger(self) -> None:
        with pytest.raises(UnknownPerson, match="otto"):
            situations_of("otto", until=UNTIL)
