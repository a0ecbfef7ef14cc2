"""Two browsers and a worker at once on one plan: nothing is answered twice, nothing is lost, nobody is held up."""

import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.db import IntegrityError, connection
from django.test import Client
from django.utils import timezone
from tests.cast import NOW, Cast
from tests.contracts.test_access import plan_keys

from equipoise.apps.people.models import Person
from equipoise.apps.planner import actions as planner
from equipoise.apps.planner.models import Block, Decision, Proposal
from equipoise.apps.planner.queries import monday_of
from equipoise.apps.privacy.erasing import actions as erasing

pytestmark = [
    pytest.mark.skipif(connection.vendor == "sqlite", reason="Threads cannot share the suite's database in memory."),
    pytest.mark.django_db(transaction=True),
]

NEXT_MONDAY = monday_of(timezone.localdate()) + timedelta(days=7)


def at_once(*acts: Callable[[], object]) -> list[BaseException]:
    """Do all of it at the same moment; what went wrong."""
    start, wrong = threading.Barrier(len(acts)), list[BaseException]()

    def run(act: Callable[[], object]) -> None:
        try:
            start.wait()
            act()
        except BaseException as error:  # noqa: BLE001 - handed to the test
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()
    return wrong


def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


class TestTwoBrowsers:
    def test_accept_once(self, cast: Cast) -> None:
        path = f"/plan/blocks/{plan_keys(cast.lena)['block_id']}/accept"
        before = Decision.objects.count()
        browsers = [browser(cast.lena) for _ in range(4)]
        assert at_once(*(partial(each.post, path) for each in browsers)) == []
        assert Decision.objects.count() == before + 1
        assert Block.objects.get(uid="lena-1@test").sequence == 1

    def test_that_shift_and_refuse_leave_what_came_last(self, cast: Cast) -> None:
        block = plan_keys(cast.lena)["block_id"]
        one, other = browser(cast.lena), browser(cast.lena)
        wrong = at_once(
            lambda: one.post(f"/plan/blocks/{block}/shift", {"day": "2026-12-01", "start": "09:00", "minutes": "30"}),
            lambda: other.post(f"/plan/blocks/{block}/refuse", {"why": "too_long"}),
        )
        assert wrong == []
        row = Block.objects.get(pk=block)
        assert row.state in {Block.State.SHIFTED, Block.State.WITHDRAWN}
        assert (row.why_refused == "too_long") == (row.state == Block.State.WITHDRAWN)

    def test_that_propose_get_one_proposal(self, cast: Cast) -> None:
        browsers = [browser(cast.lena) for _ in range(3)]
        wrong = at_once(*(partial(each.post, "/plan/propose", {"week": str(NEXT_MONDAY)}) for each in browsers))
        assert wrong == []
        blocks = Block.objects.filter(person=cast.lena, monday=NEXT_MONDAY)
        assert len(set(blocks.values_list("kind", "number"))) == blocks.count() > 0


class TestAPersonWhoLeaves:
    def test_takes_all_along_though_the_week_is_planned_meanwhile(self, cast: Cast) -> None:
        planner.watch_one_to_one(actor=cast.lena, person=cast.lena, name="Tom", cadence_days=7, on=True, now=NOW)
        stale = Person.objects.get(pk=cast.lena.pk)
        wrong = at_once(
            lambda: planner.propose(actor=None, person=stale, monday=NEXT_MONDAY, now=NOW),
            lambda: planner.propose_by_itself(person=stale, monday=NEXT_MONDAY + timedelta(days=7), now=NOW),
            lambda: erasing.erase_everything(person=cast.lena, now=NOW),
        )
        assert not Person.objects.filter(pk=stale.pk).exists()
        assert (Proposal.objects.count(), Block.objects.count()) == (0, 0)
        assert all(isinstance(each, IntegrityError) for each in wrong)  # of those who planned; the worker goes on
