"""The audit trail for auditors, and what each person sees of it."""

import csv
import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from tests.cast import NOW, Cast

from equipoise.apps.people.models import Grant, Person
from equipoise.platform import audit
from equipoise.platform.access import Role
from equipoise.platform.models import AuditEntry


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def acts(cast: Cast) -> None:
    """Lena read a calendar twice, Ada gave Tom a role, Otto made an account, the software sent a mail."""
    rows: list[tuple[int | None, int, str, int, audit.Detail]] = [
        (cast.lena.pk, cast.lena.pk, "calendar read", 9, {"entries": 7}),
        (cast.lena.pk, cast.lena.pk, "calendar read", 5, {"entries": 9}),
        (cast.ada.pk, cast.tom.pk, "role given", 4, {"role": "auditor"}),
        (cast.otto.pk, cast.otto.pk, "account made", 3, {}),
        (None, cast.lena.pk, "Monday mail sent", 2, {}),
    ]
    for actor, subject, verb, days_ago, detail in rows:
        audit.record(actor_id=actor, subject_id=subject, verb=verb, now=NOW - timedelta(days=days_ago), detail=detail)


def shown(client: Client, **asked: str) -> list[str]:
    """What was done, as the page lists it."""
    return [act.verb for act in client.get("/organisation/trail/", asked).context["found"].acts]


@pytest.mark.usefixtures("acts")
class TestTheTrailOfAnAuditor:
    def test_lists_acts_newest_first(self, cast: Cast) -> None:
        told = ["Monday mail sent", "account made", "role given", "calendar read", "calendar read"]
        assert shown(signed_in(cast.vera)) == told

    @pytest.mark.parametrize(
        ("asked", "told"),
        [
            ({"who": "ada"}, ["role given"]),
            ({"whom": "Okafor"}, ["role given"]),
            ({"who": "lena@agency"}, ["calendar read", "calendar read"]),
            ({"verb": "account made"}, ["account made"]),
            ({"since": "2026-11-21", "until": "2026-11-22"}, ["account made", "role given"]),
            ({"who": "nobody"}, []),
            ({"since": "not a day", "who": "ada"}, ["role given"]),
        ],
        ids=lambda each: "-".join(each) if isinstance(each, dict) else "",
    )
    def test_finds_by_who_whom_what_and_when(self, cast: Cast, asked: dict[str, str], told: list[str]) -> None:
        assert shown(signed_in(cast.vera), **asked) == told

    def test_comes_in_pages(self, cast: Cast) -> None:
        for number in range(60):
            audit.record(actor_id=cast.ada.pk, subject_id=None, verb="team added", now=NOW, detail={"team": number})
        client = signed_in(cast.vera)
        first = client.get("/organisation/trail/").context["found"]
        second = client.get("/organisation/trail/", {"before": str(first.before)}).context["found"]
        assert (len(first.acts), len(second.acts), second.before) == (50, 15, None)
        assert {act.number for act in first.acts}.isdisjoint(act.number for act in second.acts)

    def test_asks_the_database_as_often_whatever_it_shows(
        self, cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        client = signed_in(cast.vera)
        for number in range(45):
            audit.record(
                actor_id=cast.ada.pk, subject_id=cast.tom.pk, verb="position set", now=NOW, detail={"n": number}
            )
        with django_assert_max_num_queries(20):
            client.get("/organisation/trail/")

    def test_is_downloaded_as_a_table_which_is_told_in_it(self, cast: Cast) -> None:
        answer = signed_in(cast.vera).post("/organisation/trail/export", {"verb": "calendar read"})
        rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))  # type: ignore[attr-defined]
        assert [(row["actor_name"], row["detail"]) for row in rows] == [
            ("Lena Hartmann", "entries: 7"),
            ("Lena Hartmann", "entries: 9"),
        ]
        assert AuditEntry.objects.filter(verb="trail exported", actor_id=cast.vera.pk).exists()

    def test_lets_no_name_become_a_formula(self, cast: Cast) -> None:
        Person.objects.filter(pk=cast.lena.pk).update(name="=1+1")
        answer = signed_in(cast.vera).post("/organisation/trail/export", {"verb": "calendar read"})
        assert b"'=1+1" in b"".join(answer.streaming_content)  # type: ignore[attr-defined]

    def test_says_that_the_chain_is_whole(self, cast: Cast) -> None:
        page = signed_in(cast.vera).post("/organisation/trail/check").content.decode()
        assert "The chain is whole." in page
        assert "All 5 entries" in page

    def test_says_which_entries_are_not_what_was_written(self, cast: Cast) -> None:
        row = AuditEntry.objects.get(verb="role given")
        AuditEntry.objects.filter(pk=row.pk).update(actor_id=cast.lena.pk)
        page = signed_in(cast.vera).post("/organisation/trail/check").content.decode()
        assert "The chain is broken" in page
        assert str(row.pk) in page

    def test_still_tells_acts_of_whoever_is_no_longer_here(self, cast: Cast) -> None:
        number = cast.otto.pk
        cast.otto.delete()
        page = signed_in(cast.vera).get("/organisation/trail/").content.decode()
        assert f"no longer here ({number})" in page
        assert shown(signed_in(cast.vera), who=str(number)) == ["account made"]

    def test_tells_counts_and_no_words_of_anybodys_own_records(self, cast: Cast) -> None:
        told: audit.Detail = {"purpose": "people", "entries": 3, "role": "auditor"}
        audit.record(actor_id=cast.lena.pk, subject_id=cast.lena.pk, verb="entry corrected", now=NOW, detail=told)
        found = signed_in(cast.vera).get("/organisation/trail/").context["found"]
        assert found.acts[0].detail == "entries: 3, role: auditor"

    @pytest.mark.parametrize("who", ["lena", "ravi", "ines", "ada", "otto"])
    def test_is_for_auditors_alone(self, cast: Cast, who: str) -> None:
        client = signed_in(getattr(cast, who))
        assert client.get("/organisation/trail/").status_code == 403
        assert client.post("/organisation/trail/export").status_code == 403

    def test_keeps_the_demo_agency_and_the_organisation_apart(self, cast: Cast) -> None:
        demo = Person.objects.create(name="Demo", email="d@demo.example", demo_key="demo", joined_at=NOW)
        Grant.objects.create(person=demo, role=Role.AUDITOR, given_at=NOW)
        audit.record(actor_id=demo.pk, subject_id=demo.pk, verb="rule made", now=NOW)
        assert shown(signed_in(demo)) == ["rule made"]
        assert "rule made" not in shown(signed_in(cast.vera))
        assert len(shown(signed_in(cast.vera))) == 5


class TestTheTrailOfAPerson:
    def test_names_who_did_it_and_what_they_are(self, cast: Cast) -> None:
        audit.record(actor_id=cast.ada.pk, subject_id=cast.tom.pk, verb="position set", now=NOW)
        page = signed_in(cast.tom).get("/your-data/").content.decode()
        assert "Ada Novak, Administrator" in page

    def test_says_when_they_are_no_longer_here(self, cast: Cast) -> None:
        audit.record(actor_id=cast.otto.pk, subject_id=cast.tom.pk, verb="position set", now=NOW)
        cast.otto.delete()
        assert "somebody who is no longer here" in signed_in(cast.tom).get("/your-data/").content.decode()

    def test_shows_nothing_of_others(self, cast: Cast) -> None:
        audit.record(actor_id=cast.ada.pk, subject_id=cast.grace.pk, verb="position set", now=NOW)
        assert "Ada Novak" not in signed_in(cast.tom).get("/your-data/").content.decode()


class TestWhatIsRecorded:
    def test_never_holds_what_could_tell_of_a_ballot(self) -> None:
        text = (Path(__file__).parents[2] / "src/equipoise/platform/audit.py").read_text(encoding="utf-8")
        assert "ballot" in text.partition('"""')[2].partition('"""')[0]
