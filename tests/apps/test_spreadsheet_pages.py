"""Pages on which administrators hand tables in, look at what would change, and take tables away."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import Client
from tests.cast import NOW, Cast

from equipoise.adapters.spreadsheets import Sheet, read_workbook, write_csv
from equipoise.apps.people.models import Person
from equipoise.apps.people.organising import actions as organising
from equipoise.apps.provisioning import spreadsheets
from equipoise.apps.provisioning.models import SpreadsheetImport
from equipoise.apps.provisioning.spreadsheets import actions, exporting, queries
from equipoise.apps.provisioning.spreadsheets.parsing import parse
from equipoise.apps.provisioning.spreadsheets.words import PROBLEMS

HEAD = ("Name", "E-mail", "Position")
ROWS = [("Jo Winter", "jo@agency.example", "Seller"), ("Bad", "no address", "")]


@pytest.fixture
def as_ada(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.ada)
    return client


def file_of(*rows: tuple[str, ...], head: tuple[str, ...] = HEAD, name: str = "people.csv") -> BytesIO:
    file = BytesIO(write_csv(Sheet(name="", head=head, rows=rows)))
    file.name = name
    return file


def hand_in(client: Client, *files: BytesIO) -> HttpResponse:
    return client.post("/organisation/import/", {"file": list(files)})  # type: ignore[return-value]


def plan_page(client: Client, *files: BytesIO) -> tuple[int, str]:
    response = hand_in(client, *files)
    assert response.status_code == 302, response.content
    row = SpreadsheetImport.objects.latest("pk")
    assert response["Location"] == f"/organisation/import/{row.pk}/"
    return row.pk, client.get(response["Location"]).content.decode()


def confirm(client: Client, number: int, **more: str) -> HttpResponse:
    row = SpreadsheetImport.objects.get(pk=number)
    assert row.made_by is not None
    digest = queries.plan_of(row, actor=row.made_by, now=NOW).digest
    return client.post(f"/organisation/import/{number}/confirm", {"digest": digest, **more}, follow=True)  # type: ignore[return-value]


class TestImportPages:
    def test_show_errors_first_and_write_nothing(self, cast: Cast, as_ada: Client) -> None:
        number, page = plan_page(as_ada, file_of(*ROWS))
        assert "“no address” is not an e-mail address." in page
        assert "Nothing has been written yet." in page
        changes = as_ada.get(f"/organisation/import/{number}/?show=changes").content.decode()
        assert "Jo Winter" in changes
        assert "Seller" in changes
        assert not Person.objects.filter(email="jo@agency.example").exists()

    def test_carry_out_what_was_looked_at_and_undo_it(self, cast: Cast, as_ada: Client) -> None:
        number, _ = plan_page(as_ada, file_of(*ROWS))
        refused = confirm(as_ada, number).content.decode()
        assert "Some rows are wrong." in refused
        done = confirm(as_ada, number, without_errors="on").content.decode()
        assert "1 person added" in done
        assert "1 row with errors was left out." in done
        assert Person.objects.filter(email="jo@agency.example").exists()
        assert "taken out" in as_ada.get(f"/organisation/import/{number}/undo/").content.decode()
        as_ada.post(f"/organisation/import/{number}/undo/")
        assert not Person.objects.filter(email="jo@agency.example").exists()
        assert as_ada.get(f"/organisation/import/{number}/undo/").status_code == 404

    def test_name_who_is_in_the_way_of_undoing(self, cast: Cast, as_ada: Client) -> None:
        number, _ = plan_page(as_ada, file_of(ROWS[0]))
        confirm(as_ada, number)
        jo = Person.objects.get(email="jo@agency.example")
        organising.change_person(actor=cast.ada, person=jo, name="Jo W", email=jo.email, now=NOW)
        response = as_ada.post(f"/organisation/import/{number}/undo/")
        assert response.status_code == 409
        assert "Jo W" in response.content.decode()

    def test_refuse_what_has_changed_since_it_was_looked_at(self, cast: Cast, as_ada: Client) -> None:
        number, _ = plan_page(as_ada, file_of(ROWS[0]))
        page = as_ada.post(f"/organisation/import/{number}/confirm", {"digest": "old"}, follow=True)
        assert "Something has changed since you looked." in page.content.decode()

    def test_carry_many_out_in_the_background(self, cast: Cast, as_ada: Client) -> None:
        many = [(f"P {n}", f"p{n}@agency.example", "") for n in range(120)]
        number, page = plan_page(as_ada, file_of(*many))
        assert "page 1 of 2" in page
        assert "120 people added" in confirm(as_ada, number).content.decode()

    def test_let_only_those_leave_who_are_ticked(self, cast: Cast, as_ada: Client) -> None:
        number, _ = plan_page(as_ada, file_of(("Lena Hartmann", "lena@agency.example", "")))
        page = as_ada.get(f"/organisation/import/{number}/?show=missing").content.decode()
        assert "Tom Okafor" in page
        listed = [str(cast.tom.pk), str(cast.grace.pk)]
        as_ada.post(
            f"/organisation/import/{number}/leavers", {"listed": listed, "leave": listed[:1], "on": "2026-11-24"}
        )
        confirm(as_ada, number)
        cast.tom.refresh_from_db()
        cast.grace.refresh_from_db()
        assert (cast.tom.is_active, cast.grace.is_active) == (False, True)

    def test_drop_a_table(self, cast: Cast, as_ada: Client) -> None:
        number, _ = plan_page(as_ada, file_of(*ROWS))
        as_ada.post(f"/organisation/import/{number}/drop")
        row = SpreadsheetImport.objects.get(pk=number)
        assert (row.state, row.rows) == (SpreadsheetImport.State.DROPPED, [])

    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            (b"", "The submitted file is empty."),
            (b"Name,Position\nJo,Seller\n", "has no column E-mail"),
            (b"Colour\nred\n", "No table has the columns"),
            (b"Name,E-mail,Mail\nJo,a,b\n", "Two columns mean the same"),
            (b"PK\x03\x04broken", "cannot be read"),
            (b"Name,E-mail\n\x00\x01\x02", "letters cannot be read"),
        ],
    )
    def test_say_why_a_file_is_not_read(self, cast: Cast, as_ada: Client, content: bytes, sentence: str) -> None:
        file = BytesIO(content)
        file.name = "x.csv"
        response = hand_in(as_ada, file)
        assert response.status_code == 400
        assert sentence in response.content.decode()

    def test_name_the_file_when_there_are_two(self, cast: Cast, as_ada: Client) -> None:
        teams = file_of(("House", ""), head=("Name", "Part of"), name="teams.csv")
        number, page = plan_page(as_ada, file_of(*ROWS), teams)
        assert "people.csv 3" in page
        assert SpreadsheetImport.objects.get(pk=number).name == "people.csv, teams.csv"

    def test_are_closed_to_everybody_else(self, cast: Cast) -> None:
        for person in (cast.lena, cast.ines, cast.vera, cast.otto):
            client = Client()
            client.force_login(person)
            assert client.get("/organisation/import/").status_code == 403
            assert client.get("/organisation/export/people.csv").status_code == 403


class TestExport:
    @pytest.mark.parametrize("kinds", [("organisation.xlsx",), ("people.csv", "teams.csv")])
    @pytest.mark.parametrize("language", ["en", "de"])
    def test_reads_back_as_unchanged(self, cast: Cast, kinds: tuple[str, ...], language: str) -> None:
        organising.set_position(
            actor=cast.ada, person=cast.tom, title="=Chief", level="member", function="hr", on=NOW.date(), now=NOW
        )
        organising.set_lines(
            actor=cast.ada, person=cast.tom, manager=cast.lena, others=[cast.ravi, cast.ines], on=NOW.date(), now=NOW
        )
        files = [
            (kind, exporting.export(kind, actor=cast.ada, language=language, today=NOW.date(), now=NOW))
            for kind in kinds
        ]
        row = actions.hand_in(actor=cast.ada, files=files, now=NOW)
        plan = queries.plan_of(row, actor=cast.ada, now=NOW)
        assert (plan.people, plan.teams, plan.wrong, plan.missing) == ([], [], [], [])
        assert plan.unchanged == 9 + 2
        assert row.notes == []

    def test_holds_no_formula(self, cast: Cast, as_ada: Client) -> None:
        name, email = '=HYPERLINK("x")', "tom@agency.example"
        organising.change_person(actor=cast.ada, person=cast.tom, name=name, email=email, now=NOW)
        content = as_ada.get("/organisation/export/people.csv").content.decode("utf-8-sig")
        assert "\n=HYPERLINK" not in content
        assert "'=HYPERLINK" in content

    @pytest.mark.parametrize("kind", ["people.csv", "teams.csv", "organisation.xlsx"])
    def test_of_a_template_can_be_handed_in_as_it_is(self, cast: Cast, as_ada: Client, kind: str) -> None:
        response = as_ada.get(f"/organisation/import/template/{kind}")
        assert response["Content-Disposition"] == f'attachment; filename="template-{kind}"'
        rows = parse(read_workbook(response.content)).rows
        assert [row.problems for row in rows] == [()] * len(rows)
        assert as_ada.get("/organisation/import/template/other.pdf").status_code == 404


class TestWords:
    def test_are_there_for_every_problem(self) -> None:
        folder = Path(spreadsheets.__file__).parent
        code = re.compile(r'(?:_Wrong\(|code=|_wrong\(|unknown level|kind, )"([a-z ]+)"')
        used = {found for file in folder.glob("*.py") for found in code.findall(file.read_text(encoding="utf-8"))}
        assert "no manager" in used
        assert used - {"no columns", "no addresses", "column twice", "required"} <= set(PROBLEMS)
