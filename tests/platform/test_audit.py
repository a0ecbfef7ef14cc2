"""The trail's chain shows whatever was done to it by somebody who writes to the database."""

import threading
from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from pytest_django import DjangoAssertNumQueries, Settings
from tests.cast import NOW

from equipoise.platform import audit
from equipoise.platform.models import AuditEntry, AuditHead


def write(count: int, *, start: int = 0) -> list[AuditEntry]:
    """So many acts, an hour apart."""
    for number in range(start, start + count):
        detail: audit.Detail = {"entries": number, "share": 0.25, "which": "ä"}
        audit.record(actor_id=1, subject_id=2, verb="calendar read", now=NOW + timedelta(hours=number), detail=detail)
    return list(AuditEntry.objects.order_by("pk"))


def cheat(row: AuditEntry, **changed: object) -> None:
    AuditEntry.objects.filter(pk=row.pk).update(**changed)


@pytest.mark.django_db
class TestTheChain:
    def test_is_whole_as_written(self) -> None:
        write(5)
        found = audit.check()
        assert (found.whole, found.entries, found.broken) == (True, 5, ())

    def test_is_whole_while_there_is_nothing(self) -> None:
        assert audit.check().whole

    @pytest.mark.parametrize(
        "changed",
        [
            {"verb": "calendar erased"},
            {"actor_id": 9},
            {"subject_id": None},
            {"at": NOW},
            {"detail": {"entries": 1}},
            {"previous": "0" * 64},
            {"digest": "0" * 64},
        ],
        ids=lambda changed: next(iter(changed)),
    )
    def test_breaks_where_an_entry_was_changed(self, changed: dict[str, object]) -> None:
        rows = write(5)
        cheat(rows[2], **changed)
        assert rows[2].pk in audit.check().broken

    def test_breaks_where_one_was_taken_out(self) -> None:
        rows = write(5)
        rows[2].delete()
        found = audit.check()
        assert found.broken == (rows[3].pk,)
        assert not found.complete

    def test_breaks_where_the_beginning_was_taken_out(self) -> None:
        rows = write(5)
        rows[0].delete()
        assert audit.check().broken == (rows[1].pk,)

    def test_is_not_complete_where_the_end_was_cut_off(self) -> None:
        rows = write(5)
        rows[4].delete()
        found = audit.check()
        assert (found.whole, found.complete, found.broken) == (False, False, ())

    def test_is_not_complete_where_the_end_was_cut_off_and_the_head_set_back(self) -> None:
        rows = write(5)
        rows[4].delete()
        AuditHead.objects.update(digest=rows[3].digest, entries=4)
        assert not audit.check().complete

    def test_breaks_where_one_was_put_in(self) -> None:
        rows = write(5)
        forged = AuditEntry(
            actor_id=7, subject_id=2, verb="calendar read", at=NOW, previous=rows[4].digest, digest="f" * 64
        )
        forged.save()
        AuditHead.objects.update(digest=forged.digest, entries=6)
        found = audit.check()
        assert found.broken == (forged.pk,)
        assert not found.complete

    def test_breaks_where_one_was_put_in_and_nothing_else_changed(self) -> None:
        rows = write(5)
        forged = AuditEntry(actor_id=7, verb="calendar read", at=NOW, previous=rows[4].digest, digest="f" * 64)
        forged.save()
        assert audit.check().broken == (forged.pk,)

    def test_keeps_nobody_from_acting_while_it_is_checked(
        self, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        write(5)
        with django_assert_num_queries(3) as asked:
            assert audit.check().whole
        assert not any("FOR UPDATE" in each["sql"] for each in asked.captured_queries)

    def test_breaks_where_two_changed_places(self) -> None:
        one, other = write(5)[1:3]
        kept = ("at", "detail", "previous", "digest")
        first, second = ({name: getattr(row, name) for name in kept} for row in (one, other))
        cheat(one, **second)
        cheat(other, **first)
        assert {one.pk, other.pk} <= set(audit.check().broken)

    def test_breaks_where_all_was_taken_out(self) -> None:
        write(3)
        AuditEntry.objects.all().delete()
        assert not audit.check().complete

    def test_shows_by_a_mark_noted_elsewhere_that_all_was_put_back(self) -> None:
        rows = write(3)
        head = AuditHead.objects.get()
        write(2, start=3)
        mark = audit.check().mark
        AuditEntry.objects.filter(pk__gt=rows[-1].pk).delete()
        head.save()
        assert audit.check().whole
        assert not audit.check(known=mark).whole

    def test_still_holds_a_mark_noted_earlier(self) -> None:
        write(3)
        mark = audit.check().mark
        write(3, start=3)
        assert audit.check(known=mark).known

    def test_can_be_checked_after_the_key_was_changed(self, settings: Settings) -> None:
        write(3)
        settings.VAULT_KEYS = (Fernet.generate_key().decode(), *settings.VAULT_KEYS)
        assert audit.check().whole
        write(3, start=3)
        assert audit.check().whole

    def test_breaks_without_the_key_it_was_written_with(self, settings: Settings) -> None:
        write(3)
        settings.VAULT_KEYS = (Fernet.generate_key().decode(),)
        found = audit.check()
        assert len(found.broken) == 3
        assert not found.complete

    def test_takes_back_what_is_rolled_back(self) -> None:
        write(2)
        with transaction.atomic():
            write(1, start=2)
            transaction.set_rollback(True)
        assert (audit.check().whole, audit.check().entries) == (True, 2)


@pytest.mark.django_db
class TestShorten:
    def test_takes_out_what_is_older_and_leaves_the_rest_checkable(self) -> None:
        write(6)
        assert audit.shorten(before=NOW + timedelta(hours=4), now=NOW + timedelta(hours=9)) == 4
        found = audit.check()
        assert (found.whole, found.entries, found.shortened) == (True, 3, 4)

    def test_does_so_again_and_again(self) -> None:
        write(6)
        for hours in (2, 4, 6):
            audit.shorten(before=NOW + timedelta(hours=hours), now=NOW + timedelta(hours=hours + 10))
            assert audit.check().whole
        assert audit.check().shortened == 6

    def test_writes_nothing_where_nothing_is_older(self) -> None:
        write(3)
        assert audit.shorten(before=NOW, now=NOW) == 0
        assert audit.check().entries == 3

    def test_takes_out_no_more_at_once_than_it_is_told(self) -> None:
        write(6)
        assert audit.shorten(before=NOW + timedelta(days=1), now=NOW + timedelta(days=2), most=4) == 4
        assert audit.check().whole

    def test_hides_nobody_who_takes_out_more(self) -> None:
        write(6)
        audit.shorten(before=NOW + timedelta(hours=2), now=NOW + timedelta(hours=9))
        first = AuditEntry.objects.order_by("pk")[0]
        first.delete()
        assert not audit.check().whole

    def test_leaves_a_mark_of_what_was_taken_out_unquestioned(self) -> None:
        write(2)
        mark = audit.check().mark
        write(4, start=2)
        audit.shorten(before=NOW + timedelta(hours=4), now=NOW + timedelta(hours=9))
        assert audit.check(known=mark).whole


class TestAnyTrail(TestCase):
    @given(count=st.integers(2, 8), at=st.integers(0, 7), data=st.data())
    def test_shows_any_single_change(self, count: int, at: int, data: st.DataObject) -> None:
        AuditEntry.objects.all().delete()
        AuditHead.objects.all().delete()
        rows = write(count)
        row = rows[at % count]
        name = data.draw(st.sampled_from(["verb", "actor_id", "subject_id", "detail"]))
        other = data.draw(
            {
                "verb": st.text(st.characters(min_codepoint=32, max_codepoint=900), max_size=20),
                "detail": st.dictionaries(st.sampled_from("abc"), st.integers(0, 3), max_size=2),
            }.get(name, st.none() | st.integers(0, 2**40))
        )
        if getattr(row, name) == other:
            assert audit.check().whole
            return
        cheat(row, **{name: other})
        assert not audit.check().whole


@pytest.mark.django_db(transaction=True)
class TestManyWriters:
    def test_make_one_chain(self) -> None:
        if connection.vendor == "sqlite":
            pytest.skip("Threads cannot share the suite's database in memory.")
        failed: list[Exception] = []

        def act(number: int) -> None:
            try:
                for _ in range(10):
                    with transaction.atomic():
                        audit.record(actor_id=number, subject_id=None, verb="calendar read", now=NOW)
            except Exception as error:  # noqa: BLE001 - handed to the test
                failed.append(error)
            finally:
                connection.close()

        threads = [threading.Thread(target=act, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        found = audit.check()
        assert failed == []
        assert (found.whole, found.entries) == (True, 80)
        links = list(AuditEntry.objects.values_list("previous", flat=True))
        assert len(set(links)) == len(links)
