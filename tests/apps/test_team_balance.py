"""Balance of teams: who counts, what is told, to whom, and that it stays as it was told."""

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from pytest_django import Settings
from tests.apps.counted_people import OCTOBER, close_october, people, person, spend_october, team
from tests.cast import NOW, Cast

from equipoise.apps.calendars.models import Occurrence
from equipoise.apps.insights.models import ClosedMonth, CountedIn, TeamPicture
from equipoise.apps.insights.teams import actions, mapping, months, queries, tasks
from equipoise.apps.insights.teams.groups import Scope
from equipoise.apps.insights.teams.mapping import Fit
from equipoise.apps.insights.welcome.actions import load_demo_agency
from equipoise.apps.people.models import Membership, Person, Team
from equipoise.config.env import read_environment
from equipoise.core.anonymity.figures import CountBand
from equipoise.core.anonymity.pieces import pieces
from equipoise.core.anonymity.rules import ReleaseRules
from equipoise.platform.models import AuditEntry
from equipoise.platform.refusals import WrongSetting

PAGE = "/organisation/balance/"


@pytest.fixture
def nine(cast: Cast) -> Team:
    """Lena's other team: nine members whose Octobers lead more and more, and nobody else counts."""
    members = people("member", 9)
    for number, each in enumerate(members):
        spend_october(each, leading=1 + number % 5, managing=6, scanned=True)
    return team("Studio", members, lead=cast.lena)


def picture_of(viewer: Person, made: Team, scope: Scope = Scope.UNIT) -> queries.Picture:
    month = queries.months_made(viewer)[0]
    found = queries.pictures(viewer, month, on=NOW.date())
    return next(each for each in found if each.team_id == made.pk and each.scope == scope)


def client_of(viewer: Person) -> Client:
    client = Client()
    client.force_login(viewer)
    return client


class TestMonths:
    def test_are_over_two_days_after_their_end(self) -> None:
        assert months.latest_closed(datetime(2026, 11, 2, 23, 59, tzinfo=UTC)) == date(2026, 9, 1)
        assert months.latest_closed(datetime(2026, 11, 3, tzinfo=UTC)) == OCTOBER
        assert months.next_to_close(datetime(2026, 12, 25, tzinfo=UTC)) == date(2026, 12, 1)

    def test_follow_each_other_over_the_year(self) -> None:
        assert months.first_day_after(date(2026, 12, 1)) == date(2027, 1, 1)
        assert months.first_day_before(date(2027, 1, 1)) == date(2026, 12, 1)


class TestCountIn:
    def test_is_off_until_it_is_chosen(self, cast: Cast) -> None:
        assert not queries.counts_in(cast.lena)
        actions.count_in(person=cast.lena, wanted=True, now=NOW)
        assert queries.counts_in(cast.lena)
        assert AuditEntry.objects.filter(subject_id=cast.lena.pk, verb="calendar counted in").count() == 1

    def test_writes_nothing_when_nothing_changes(self, cast: Cast) -> None:
        actions.count_in(person=cast.lena, wanted=False, now=NOW)
        assert not CountedIn.objects.exists()
        assert not AuditEntry.objects.exists()

    def test_is_chosen_on_the_page(self, as_lena: Client, cast: Cast) -> None:
        assert "Count my calendar" in as_lena.get(PAGE).content.decode()
        as_lena.post(f"{PAGE}counting", {"wanted": "yes"})
        assert queries.counts_in(cast.lena)
        as_lena.post(f"{PAGE}counting", {"wanted": "no"})
        assert not queries.counts_in(cast.lena)

    def test_is_not_for_an_assistant(self, sam_for_lena: Client, cast: Cast) -> None:
        assert sam_for_lena.post(f"{PAGE}counting", {"wanted": "yes"}).status_code == 403
        assert not queries.counts_in(cast.lena)

    def test_goes_with_the_person(self, cast: Cast) -> None:
        actions.count_in(person=cast.lena, wanted=True, now=NOW)
        cast.lena.delete()
        assert not CountedIn.objects.exists()


class TestClose:
    def test_tells_a_group_of_nine_by_its_middle_alone(self, nine: Team, cast: Cast) -> None:
        close_october()
        told = picture_of(cast.ines, nine).told
        assert told is not None
        assert (told.counted, told.members) == (CountBand(low=8, high=12), CountBand(low=8, high=12))
        assert told.share.middle == 0.35  # of 1, 2, 3, 4, 5 hours beside 6, three thirds: 3 of 9
        assert (told.share.low, told.share.high) == (0.25, 0.4)
        assert told.called is not None
        assert told.parts is None
        assert told.fits is None

    def test_counts_parts_of_twelve_as_bands(self, cast: Cast) -> None:
        twelve = people("member", 12)
        for number, each in enumerate(twelve):
            spend_october(each, leading=1 if number < 6 else 8, managing=8 if number < 6 else 4, scanned=True)
        made = team("Studio", twelve)
        close_october()
        told = picture_of(cast.ines, made).told
        assert told is not None
        assert told.parts == (CountBand(low=5, high=7), None, None, CountBand(low=5, high=7))
        assert told.fits is not None
        assert told.fits[Fit.MORE_LEADING] == CountBand(low=5, high=7)
        assert told.fits[Fit.MORE_MANAGING] == CountBand(low=5, high=7)
        assert told.fits[Fit.NOT_SAID] is None

    def test_shows_no_group_under_five(self, cast: Cast) -> None:
        four = people("member", 4)
        for each in four:
            spend_october(each, leading=2, managing=6)
        made = team("Studio", [*four, *people("silent", 5)])
        close_october()
        assert picture_of(cast.ines, made).told is None
        assert TeamPicture.objects.exclude(sets={}).count() == 0

    def test_counts_only_who_chose_it(self, cast: Cast) -> None:
        six = people("member", 6)
        for number, each in enumerate(six):
            spend_october(each, leading=2, managing=6, counted=number < 4)
        made = team("Studio", six)
        close_october()
        assert picture_of(cast.ines, made).told is None

    def test_hides_the_next_smallest_team_with_a_small_one(self, cast: Cast) -> None:
        house = team("Upper house", [])
        eight, six, three = (people(prefix, number) for prefix, number in (("a", 8), ("b", 6), ("c", 3)))
        for each in [*eight, *six, *three]:
            spend_october(each, leading=3, managing=6)
        made = [team(name, who, parent=house) for name, who in (("Eight", eight), ("Six", six), ("Three", three))]
        close_october()
        assert picture_of(cast.ines, house).told is not None
        assert [picture_of(cast.ines, each).told is not None for each in made] == [True, False, False]

    def test_is_done_once(self, nine: Team) -> None:
        month = close_october()
        before = list(TeamPicture.objects.values())
        assert actions.claim(demo=False, first_day=OCTOBER, rules=ReleaseRules(), now=NOW + timedelta(days=1)) is None
        actions.close(month.pk, now=NOW + timedelta(days=1))
        assert list(TeamPicture.objects.values()) == before

    def test_is_taken_up_when_its_worker_died(self, nine: Team) -> None:
        claimed = actions.claim(demo=False, first_day=OCTOBER, rules=ReleaseRules(), now=NOW)
        assert claimed is not None
        soon, later = NOW + timedelta(hours=1), NOW + timedelta(hours=3)
        assert actions.claim(demo=False, first_day=OCTOBER, rules=ReleaseRules(), now=soon) is None
        again = actions.claim(demo=False, first_day=OCTOBER, rules=ReleaseRules(), now=later)
        assert again == claimed

    def test_changes_nothing_afterwards(self, nine: Team, cast: Cast) -> None:
        close_october()
        before = picture_of(cast.ines, nine)
        leaver = Membership.objects.filter(team=nine, leads=False)[0].person
        actions.count_in(person=leaver, wanted=False, now=NOW)
        spend_october(leaver, leading=9, managing=1, counted=False)
        assert picture_of(cast.ines, nine) == before

    def test_keeps_no_number_of_anybody(self, nine: Team) -> None:
        close_october()
        shown = TeamPicture.objects.exclude(sets={})
        assert shown.count() == 2  # the whole and the studio: the same nine
        for row in shown:
            marks = row.sets["share"]
            assert len(marks) == 9
            assert all(len(mark) == 32 for mark in marks)

    def test_checks_against_what_was_released_before(self, nine: Team, cast: Cast) -> None:
        """Were October closed again by mistake, a group with one person fewer would not be shown."""
        first = close_october()
        leaver = Membership.objects.filter(team=nine, leads=False)[0].person
        actions.count_in(person=leaver, wanted=False, now=NOW)
        TeamPicture.objects.filter(month=first, scope=Scope.WHOLE).delete()
        kept = TeamPicture.objects.get(month=first, scope=Scope.UNIT, team=nine)
        TeamPicture.objects.filter(month=first).exclude(pk=kept.pk).delete()
        TeamPicture.objects.filter(pk=kept.pk).update(team=None)
        ClosedMonth.objects.update(made_at=None)
        actions.close(first.pk, now=NOW)
        assert picture_of(cast.ines, nine).told is None


class TestTick:
    def test_closes_the_latest_month_once(self, nine: Team) -> None:
        tasks.tick(NOW)
        tasks.tick(NOW)
        month = ClosedMonth.objects.get()
        assert month.first_day == OCTOBER
        assert month.made_at is not None
        assert TeamPicture.objects.filter(month=month).exclude(told={}).count() == 2

    def test_waits_until_the_month_is_over_everywhere(self, nine: Team) -> None:
        tasks.tick(datetime(2026, 11, 2, 23, tzinfo=UTC))
        assert ClosedMonth.objects.get().first_day == date(2026, 9, 1)

    def test_leaves_an_organisation_of_four_alone(self, db: None) -> None:
        people("member", 4)
        tasks.tick(NOW)
        assert not ClosedMonth.objects.exists()

    def test_asks_for_as_many_people_as_the_administrator_set(self, nine: Team, cast: Cast, settings: Settings) -> None:
        settings.LEAST_PEOPLE = 10
        tasks.tick(NOW)
        assert ClosedMonth.objects.get().least == 10
        assert picture_of(cast.ines, nine).told is None
        page = client_of(cast.ines).get(f"{PAGE}teams/{nine.pk}/").content.decode()
        assert "Fewer than 10 people count here" in page


class TestTheEnvironment:
    @pytest.mark.parametrize("told", ["2", "-5", "many", "5000"])
    def test_refuses_fewer_than_three(self, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("EQUIPOISE_LEAST_PEOPLE", told)
        with pytest.raises(WrongSetting, match="EQUIPOISE_LEAST_PEOPLE must be a number from 3"):
            read_environment()

    def test_asks_for_five_by_default(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("EQUIPOISE_LEAST_PEOPLE", raising=False)
        assert read_environment().least_people == 5


class TestTheDemoAgency:
    def test_shows_the_teams_that_the_methods_page_names(self, db: None) -> None:
        load_demo_agency(language="en", now=NOW)
        claimed = actions.claim(demo=True, first_day=OCTOBER, rules=ReleaseRules(), now=NOW)
        assert claimed is not None
        actions.close(claimed.pk, now=NOW)
        ines = Person.objects.get(demo_key="ines")
        found = queries.pictures(ines, queries.months_made(ines)[0], on=NOW.date())
        shown = {each.team for each in found if each.told and each.scope == Scope.UNIT}
        assert shown == {"Kestrel & Finch", "Ideas", "Delivery", "Client services", "Creative"}
        assert not Occurrence.objects.exists()
        for question in ("share", "called", "horizon", "movement", "attention", "influence"):
            sets = [row.sets[question] for row in TeamPicture.objects.all() if question in row.sets]
            assert sets
            assert min(map(len, pieces(sets))) >= 5


class TestRelease:
    def test_keeps_what_rows_tell(self, nine: Team) -> None:
        close_october()
        told = [mapping.told_of(row.told) for row in TeamPicture.objects.all()]
        assert [mapping.told_of(json.loads(json.dumps(mapping.row_of(each)))) for each in told] == told
        assert any(told)


class TestWhoSees:
    def test_a_member_sees_the_whole_and_their_teams(self, nine: Team, cast: Cast) -> None:
        close_october()
        member = Membership.objects.filter(team=nine, leads=False)[0].person
        month = queries.months_made(member)[0]
        seen = queries.pictures(member, month, on=NOW.date())
        assert [(each.scope, each.team) for each in seen] == [(Scope.WHOLE, ""), (Scope.UNIT, "Studio")]

    def test_a_lead_sees_the_teams_below(self, nine: Team, cast: Cast) -> None:
        close_october()
        month = queries.months_made(cast.ravi)[0]
        seen = {each.team for each in queries.pictures(cast.ravi, month, on=NOW.date())}
        assert seen == {"", "House", "Client services"}

    def test_a_people_partner_sees_all_and_an_administrator_no_more_than_members(self, nine: Team, cast: Cast) -> None:
        close_october()
        month = queries.months_made(cast.ines)[0]
        assert {each.team for each in queries.pictures(cast.ines, month, on=NOW.date())} >= {"Studio", "House"}
        assert [each.team for each in queries.pictures(cast.ada, month, on=NOW.date())] == [""]

    def test_a_team_is_not_found_by_others(self, nine: Team, cast: Cast) -> None:
        close_october()
        address = f"{PAGE}teams/{nine.pk}/"
        assert client_of(cast.ada).get(address).status_code == 404
        assert client_of(cast.tom).get(address).status_code == 404
        assert client_of(cast.lena).get(address).status_code == 200
        assert client_of(cast.ines).get(address).status_code == 200

    def test_worlds_do_not_mix(self, nine: Team, cast: Cast) -> None:
        close_october()
        demo = Person.objects.create(name="Demo", email="d@kestrel.example", demo_key="d", joined_at=NOW)
        assert queries.months_made(demo) == []
        assert queries.teams_seen_by(demo, on=NOW.date()) == frozenset()


class TestPages:
    def test_tell_the_middle_and_no_member(self, nine: Team, cast: Cast) -> None:
        close_october()
        page = client_of(cast.lena).get(f"{PAGE}teams/{nine.pk}/").content.decode()
        assert "<strong>35 %</strong>" in page
        assert "8 to 12 people" in page
        assert "Not broken down" in page
        assert "Member" not in page

    def test_say_why_nothing_is_shown(self, cast: Cast) -> None:
        made = team("Studio", people("member", 6))
        close_october()
        page = client_of(cast.ines).get(f"{PAGE}teams/{made.pk}/").content.decode()
        assert "Not shown." in page
        assert "Fewer than 5 people count here, or showing it would let somebody work out" in page

    def test_say_when_the_first_picture_comes(self, as_lena: Client) -> None:
        assert "There is no picture yet." in as_lena.get(PAGE).content.decode()

    def test_list_teams_by_their_names(self, nine: Team, cast: Cast) -> None:
        close_october()
        page = client_of(cast.ines).get(PAGE).content.decode()
        assert page.index("Client services") < page.index("House</a>") < page.index("Studio")

    def test_are_closed_while_acting_for_somebody(self, sam_for_lena: Client) -> None:
        assert sam_for_lena.get(PAGE).status_code == 403

    def test_fall_back_to_the_latest_month(self, nine: Team, as_lena: Client) -> None:
        close_october()
        for asked in ("2026-10", "2026-13", "1999-01", "x", "\0"):
            assert "October 2026" in as_lena.get(PAGE, {"month": asked}).content.decode()


class TestTable:
    def test_holds_the_same_as_the_page(self, nine: Team, cast: Cast) -> None:
        close_october()
        response = client_of(cast.lena).get(f"{PAGE}table.csv")
        rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
        assert len({len(row) for row in rows}) == 1
        studio = next(row for row in rows if row[1] == "Studio")
        assert studio[3:8] == ["8 to 12 people", "8 to 12 people", "35", "25", "40"]
        assert next(row for row in rows if row[1] == "Client services")[3] == "not shown"
        assert {row[1] for row in rows[1:]} == {"The whole organisation", "Studio", "Client services"}

    def test_starts_no_formula(self, cast: Cast) -> None:
        made = team("=1+1", people("member", 2), lead=cast.lena)
        close_october()
        assert made.name not in client_of(cast.lena).get(f"{PAGE}table.csv").content.decode().split(",")

    def test_holds_no_line_before_a_month_is_closed(self, as_lena: Client) -> None:
        assert len(as_lena.get(f"{PAGE}table.csv").content.decode().splitlines()) == 1


class TestExport:
    def test_names_the_pictures_one_counts_in(self, nine: Team, cast: Cast) -> None:
        close_october()
        member = Membership.objects.filter(team=nine, leads=False)[0].person
        found = queries.export(member)["counted_in"]
        assert isinstance(found, dict)
        assert found["wanted"] is True
        assert [(each["month"], each["group"], each["team"]) for each in found["pictures"]] == [
            ("2026-10", "whole", ""),
            ("2026-10", "unit", "Studio"),
        ]
        assert queries.export(person("nobody"))["counted_in"]["pictures"] == []  # type: ignore[index]
