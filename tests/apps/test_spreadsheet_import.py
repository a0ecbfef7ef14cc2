"""People and teams from a table: looked at first, carried out as one, undone as one."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from django.db.models import Model
from tests.cast import NOW, Cast

from equipoise.adapters.spreadsheets import Sheet, write_csv
from equipoise.apps.people import standing
from equipoise.apps.people.models import Grant, Membership, Person, Position, ReportingLine, Team, TeamPlace
from equipoise.apps.people.organising import actions as organising
from equipoise.apps.provisioning.models import ImportedRow, SpreadsheetImport
from equipoise.apps.provisioning.spreadsheets import actions, queries
from equipoise.apps.provisioning.spreadsheets.plans import Plan, What
from equipoise.platform import audit
from equipoise.platform.models import AuditEntry

HEAD = ("Name", "E-mail")
TODAY = NOW.date()


def table(head: Sequence[str], *rows: Sequence[str]) -> bytes:
    return write_csv(Sheet(name="", head=head, rows=rows))


def handed_in(cast: Cast, *contents: bytes) -> SpreadsheetImport:
    return actions.hand_in(actor=cast.ada, files=[("people.csv", content) for content in contents], now=NOW)


def plan(cast: Cast, row: SpreadsheetImport) -> Plan:
    return queries.plan_of(SpreadsheetImport.objects.get(pk=row.pk), actor=cast.ada, now=NOW)


def carried_out(cast: Cast, *contents: bytes, without_errors: bool = False) -> SpreadsheetImport:
    row = handed_in(cast, *contents)
    digest = plan(cast, row).digest
    actions.agree(actor=cast.ada, planned=row, digest=digest, without_errors=without_errors, now=NOW)
    actions.carry_out(actor=cast.ada, import_id=row.pk, now=NOW)
    row.refresh_from_db()
    assert (row.state, row.failure) == (SpreadsheetImport.State.DONE, "")
    return row


def codes(found: Plan) -> list[tuple[int, str, str]]:
    return [(each.row.number, each.problem.column, each.problem.code) for each in found.wrong]


def everything() -> dict[str, list[dict[str, object]]]:
    models: list[type[Model]] = [Person, Team, TeamPlace, Membership, ReportingLine, Position, Grant]
    return {model.__name__: list(model._base_manager.order_by("pk").values()) for model in models}


NEW = table(
    ("Name", "E-mail", "Position", "Level", "Function", "Teams", "Leads", "Manager", "Joined", "Time zone", "Language"),
    ("Jo Winter", "jo@agency.example", "Sales", "member", "Marketing and sales", "Client services", "",
     "kim@agency.example", "2026-03-01", "europe/paris", "Deutsch"),
    ("Kim Sommer", "KIM@agency.example", "Head of sales", "Leads a team", "mkting", "House / Client services", "yes",
     "lena@agency.example", "01.02.2026", "", ""),
)  # fmt: skip


class TestCarryOut:
    def test_adds_people_with_all_they_are(self, cast: Cast) -> None:
        row = carried_out(cast, NEW)
        jo, kim = Person.objects.get(email="jo@agency.example"), Person.objects.get(email="kim@agency.example")
        position = standing.position_of(jo, on=TODAY)
        assert position is not None
        assert (position.title, position.level, position.function) == ("Sales", "member", "mkting")
        assert position.from_day == date(2026, 3, 1)
        assert (jo.zone, jo.language, jo.invited, jo.has_usable_password()) == ("Europe/Paris", "de", True, False)
        assert ReportingLine.objects.get(person=jo).manager == kim
        team = Team.objects.get(name="Client services")
        assert dict(team.memberships.filter(person__in=[jo, kim]).values_list("person__name", "leads")) == {
            "Jo Winter": False,
            "Kim Sommer": True,
        }
        assert row.counts["people_added"] == 2
        assert row.rows == []

    def test_writes_counts_only_into_the_trail(self, cast: Cast) -> None:
        carried_out(cast, NEW)
        entry = AuditEntry.objects.get(verb="table carried out")
        assert entry.detail["people_added"] == 2
        assert "jo@" not in str([each.detail for each in AuditEntry.objects.all()])
        assert (
            list(AuditEntry.objects.filter(verb="person added").values_list("actor_id", flat=True)) == [cast.ada.pk] * 2
        )
        assert audit.check().whole

    def test_changes_only_what_the_table_says(self, cast: Cast) -> None:
        head = ("Name", "E-mail", "Position", "Manager", "Further managers", "Leads")
        changes = table(head, ("Tom O.", "tom@agency.example", "Planner", "-", "ravi@agency.example", ""))
        row = handed_in(cast, changes)
        (change,) = plan(cast, row).people
        assert {each.column: (each.before, each.after) for each in change.fields} == {
            "name": ("Tom Okafor", "Tom O."),
            "title": ("", "Planner"),
            "manager": ("lena@agency.example", ""),
            "others": ("", "ravi@agency.example"),
        }
        carried_out(cast, changes)
        tom = Person.objects.get(pk=cast.tom.pk)
        assert tom.name == "Tom O."
        assert tom.memberships.filter(until_day=None).count() == 1
        assert [line.manager for line in tom.reporting_lines.filter(until_day=None)] == [cast.ravi]

    def test_makes_teams_in_any_order_of_rows(self, cast: Cast) -> None:
        teams = table(
            ("Name", "Key", "Part of"),
            ("North", "N", "House / Sales"),
            ("Sales", "S", "House"),
            ("Client services", "CS", ""),
        )
        people = table((*HEAD, "Teams", "Leads"), ("Jo Winter", "jo@agency.example", "N", "S; House / Client services"))
        carried_out(cast, teams, people)
        north = Team.objects.get(key="N")
        assert north.places.get().parent == Team.objects.get(key="S")
        assert Team.objects.get(name="Client services").key == "CS"
        jo = Person.objects.get(email="jo@agency.example")
        assert {(each.team.key, each.leads) for each in jo.memberships.all()} == {
            ("N", False),
            ("S", True),
            ("CS", True),
        }

    def test_turns_who_leads_whom_around(self, cast: Cast) -> None:
        head = (*HEAD, "Manager")
        carried_out(
            cast, table(head, ("", "lena@agency.example", "tom@agency.example"), ("", "tom@agency.example", "-"))
        )
        assert standing.reports_of(cast.tom, on=TODAY).get() == cast.lena

    def test_lets_people_leave_and_come_back(self, cast: Cast) -> None:
        head = (*HEAD, "Left")
        carried_out(
            cast, table(head, ("", "tom@agency.example", "2026-11-20"), ("", "grace@agency.example", "2026-12-31"))
        )
        tom, grace = Person.objects.get(pk=cast.tom.pk), Person.objects.get(pk=cast.grace.pk)
        assert (tom.is_active, tom.left_on) == (False, date(2026, 11, 20))
        assert (grace.is_active, grace.left_on) == (True, date(2026, 12, 31))
        carried_out(cast, table(head, ("", "tom@agency.example", "-"), ("", "grace@agency.example", "-")))
        tom, grace = Person.objects.get(pk=cast.tom.pk), Person.objects.get(pk=cast.grace.pk)
        assert (tom.is_active, tom.left_on, grace.left_on) == (True, None, None)

    def test_keeps_nothing_when_something_has_changed_since_it_was_looked_at(self, cast: Cast) -> None:
        row = handed_in(cast, NEW)
        digest = plan(cast, row).digest
        organising.add_person(actor=cast.ada, name="Jo", email="jo@agency.example", now=NOW)
        with pytest.raises(actions.LooksOtherNow):
            actions.agree(actor=cast.ada, planned=row, digest=digest, without_errors=False, now=NOW)
        actions.agree(actor=cast.ada, planned=row, digest=plan(cast, row).digest, without_errors=False, now=NOW)
        jo = Person.objects.get(email="jo@agency.example")
        organising.change_person(actor=cast.ada, person=jo, name="Jo W", email=jo.email, now=NOW)
        actions.carry_out(actor=cast.ada, import_id=row.pk, now=NOW)
        row.refresh_from_db()
        assert (row.state, row.failure) == (SpreadsheetImport.State.PLANNED, "changed")
        assert not Person.objects.filter(email="kim@agency.example").exists()

    def test_lets_only_those_leave_who_were_chosen_by_hand(self, cast: Cast) -> None:
        row = handed_in(cast, table(HEAD, ("Lena Hartmann", "lena@agency.example")))
        assert {person.name for person in plan(cast, row).missing} >= {"Tom Okafor", "Ada Novak"}
        assert plan(cast, row).people == []
        listed = [cast.tom.pk, cast.grace.pk, cast.ada.pk]
        actions.choose_leavers(
            actor=cast.ada, planned=row, listed=listed, leave=[cast.tom.pk, cast.ada.pk], on=TODAY, now=NOW
        )
        assert [(change.what, change.name) for change in plan(cast, row).people] == [(What.LEAVE, "Tom Okafor")]


class TestProblems:
    def test_are_told_all_at_once_with_row_and_column(self, cast: Cast) -> None:
        head = ("Name", "E-mail", "Level", "Function", "Teams", "Leads", "Manager", "Joined", "Time zone", "Language")
        rows = [
            ("", "new@agency.example", "", "", "", "", "", "", "", ""),
            ("No Address", "", "boss", "magic", "Nowhere", "", "", "3/4/2026", "Mars/Base", "Klingon"),
            ("Odd", "not an address", "", "", "", "", "", "", "", ""),
            ("Self", "self@agency.example", "", "", "", "", "self@agency.example", "", "", ""),
            ("Lost", "lost@agency.example", "", "", "Nowhere", "yes", "nobody@agency.example", "", "", ""),
            ("Lena", "lena@agency.example", "", "", "", "", "", "", "", ""),
            ("Lena", "LENA@agency.example", "", "", "", "", "", "", "", ""),
            ("Ref", "ref@agency.example", "boss", "", "#REF!", "", "nobody@agency.example", "", "", ""),
        ]
        found = codes(plan(cast, handed_in(cast, table(head, *rows))))
        assert found == [
            (2, "name", "no name"),
            (3, "level", "unknown level"),
            (3, "function", "unknown function"),
            (3, "joined", "not a day"),
            (3, "zone", "unknown zone"),
            (3, "language", "unknown language"),
            (3, "email", "no email"),
            (3, "teams", "no team"),
            (4, "email", "not an address"),
            (5, "manager", "own manager"),
            (6, "teams", "no team"),
            (6, "manager", "no manager"),
            (8, "email", "email twice"),
            (9, "level", "unknown level"),
            (9, "teams", "error of a formula"),
            (9, "manager", "no manager"),
        ]

    def test_are_found_in_rows_that_need_a_wrong_one(self, cast: Cast) -> None:
        head = (*HEAD, "Manager", "Level")
        found = plan(
            cast,
            handed_in(
                cast,
                table(head, ("A", "a@agency.example", "b@agency.example", ""), ("B", "b@agency.example", "", "boss")),
            ),
        )
        assert codes(found) == [(2, "manager", "no manager"), (3, "level", "unknown level")]
        assert found.people == []

    def test_name_circles_of_people_and_of_teams(self, cast: Cast) -> None:
        people = table((*HEAD, "Manager"), ("", "lena@agency.example", "tom@agency.example"))
        teams = table(("Name", "Part of"), ("House", "Client services"))
        found = plan(cast, handed_in(cast, teams, people))
        assert [(each.problem.code, each.problem.value) for each in found.wrong] == [
            ("team circle", "House → Client services → House"),
            ("circle", "lena@agency.example → tom@agency.example → lena@agency.example"),
        ]

    def test_keep_an_import_from_being_carried_out_until_their_rows_are_left_out(self, cast: Cast) -> None:
        content = table(HEAD, ("A", "a@agency.example"), ("B", "no address"))
        row = handed_in(cast, content)
        digest = plan(cast, row).digest
        with pytest.raises(actions.StillWrong):
            actions.agree(actor=cast.ada, planned=row, digest=digest, without_errors=False, now=NOW)
        carried_out(cast, content, without_errors=True)
        assert Person.objects.filter(email="a@agency.example").exists()

    def test_keep_the_last_administrator_and_the_one_who_hands_it_in(self, cast: Cast) -> None:
        found = plan(cast, handed_in(cast, table((*HEAD, "Left"), ("", "ada@agency.example", "2026-11-20"))))
        assert codes(found) == [(2, "left", "yourself")]

    def test_keep_the_demo_agency_apart(self, cast: Cast) -> None:
        Person.objects.create(name="Yara", email="yara@demo.example", demo_key="yara", joined_at=NOW)
        found = plan(cast, handed_in(cast, table(HEAD, ("Yara", "yara@demo.example"))))
        assert codes(found) == [(2, "email", "other world")]


class TestUndo:
    def test_brings_back_every_row_as_it_was(self, cast: Cast) -> None:
        organising.set_position(
            actor=cast.ada, person=cast.tom, title="Planner", level="", function="", on=date(2026, 2, 1), now=NOW
        )
        before = everything()
        teams = table(("Name", "Part of"), ("Sales", "House"), ("Client services", "Sales"))
        people = table(
            (*HEAD, "Position", "Teams", "Manager", "Left"),
            ("Jo", "jo@agency.example", "Seller", "Sales", "tom@agency.example", ""),
            ("Thomas", "tom@agency.example", "Chief planner", "Sales", "ravi@agency.example", ""),
            ("", "lena@agency.example", "", "", "", "2026-11-20"),
        )
        done = carried_out(cast, teams, people)
        assert everything() != before
        actions.undo(actor=cast.ada, done=done, now=NOW)
        assert everything() == before
        done.refresh_from_db()
        assert done.state == SpreadsheetImport.State.UNDONE
        assert audit.check().whole

    def test_is_refused_and_says_who_once_something_else_has_changed_them(self, cast: Cast) -> None:
        done = carried_out(cast, NEW)
        jo = Person.objects.get(email="jo@agency.example")
        organising.set_position(actor=cast.ada, person=jo, title="X", level="", function="", on=TODAY, now=NOW)
        kim = Person.objects.get(email="kim@agency.example")
        kim.set_password("three plain words")
        kim.save()
        organising.set_lines(actor=cast.ada, person=cast.grace, manager=kim, on=TODAY, now=NOW)
        before = everything()
        with pytest.raises(actions.NotUndone) as caught:
            actions.undo(actor=cast.ada, done=done, now=NOW)
        assert {(each.name, each.why) for each in caught.value.in_the_way} == {
            ("Jo Winter", "changed"),
            ("Kim Sommer", "came in"),
            ("Kim Sommer", "in use"),
        }
        assert everything() == before

    def test_is_no_longer_possible_after_its_time(self, cast: Cast) -> None:
        carried_out(cast, NEW)
        waiting = handed_in(cast, NEW)
        actions.forget_old(now=NOW + timedelta(days=31))
        assert not ImportedRow.objects.exists()
        waiting.refresh_from_db()
        assert (waiting.state, waiting.rows) == (SpreadsheetImport.State.DROPPED, [])
