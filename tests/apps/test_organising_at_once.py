"""Several administrators, links and workers at the same moment: one wins, nothing is half done, no rule is lost."""

from datetime import date, timedelta
from functools import partial

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from tests.apps.test_attacks_at_once import at_once
from tests.cast import NOW, Cast

from equipoise.apps.people import standing, tasks
from equipoise.apps.people.joining import actions as joining
from equipoise.apps.people.models import Joining, Person, Position, ReportingLine, Team
from equipoise.apps.people.organising import actions
from equipoise.platform import audit
from equipoise.platform.access import Role
from equipoise.platform.models import AuditEntry

pytestmark = [
    pytest.mark.skipif(connection.vendor == "sqlite", reason="Threads cannot share the suite's database in memory."),
    pytest.mark.django_db(transaction=True),
]

TODAY = date(2026, 11, 25)
PASSWORDS = ("ten green lamps glow", "a boat, a lamp, a hill", "seven slow old trains", "blue tin over a sea")


class TestAtOnce:
    def test_two_administrators_cannot_take_each_others_role(self, cast: Cast) -> None:
        actions.grant(actor=None, person=cast.ines, role=Role.ADMINISTRATOR, now=NOW)
        take = partial(actions.take_role, role=Role.ADMINISTRATOR, now=NOW)
        wrong = at_once(
            partial(take, actor=cast.ada, person=cast.ines), partial(take, actor=cast.ines, person=cast.ada)
        )
        assert [type(each) for each in wrong] == [actions.LastAdministrator]
        assert sum(Role.ADMINISTRATOR in standing.roles_of(each, on=TODAY) for each in (cast.ada, cast.ines)) == 1
        assert audit.check().whole

    def test_the_last_two_administrators_cannot_both_leave(self, cast: Cast) -> None:
        actions.grant(actor=None, person=cast.ines, role=Role.ADMINISTRATOR, now=NOW)
        leave = partial(actions.leave, actor=None, on=TODAY, now=NOW)
        wrong = at_once(partial(leave, person=cast.ada), partial(leave, person=cast.ines))
        assert [type(each) for each in wrong] == [actions.LastAdministrator]
        assert Person.objects.filter(pk__in=(cast.ada.pk, cast.ines.pk), is_active=True).count() == 1

    def test_three_lines_close_no_circle(self, cast: Cast) -> None:
        ReportingLine.objects.all().delete()
        line = partial(actions.set_lines, actor=None, on=TODAY, now=NOW)
        wrong = at_once(
            partial(line, person=cast.tom, manager=cast.grace),
            partial(line, person=cast.grace, manager=cast.lena),
            partial(line, person=cast.lena, manager=cast.tom),
        )
        assert [type(each) for each in wrong] == [actions.WouldBeCircle]
        assert ReportingLine.objects.count() == 2

    def test_two_moves_close_no_circle(self, cast: Cast) -> None:
        add = partial(actions.add_team, actor=None, demo=False, key="", parent=None, on=TODAY, now=NOW)
        one, other = add(name="One"), add(name="Other")
        move = partial(actions.move_team, actor=None, on=TODAY + timedelta(days=1), now=NOW)
        wrong = at_once(partial(move, team=one, parent=other), partial(move, team=other, parent=one))
        assert [type(each) for each in wrong] == [actions.WouldBeCircle]
        assert Team.objects.count() == 4

    def test_a_planned_leaving_is_carried_out_once_by_many_workers(self, cast: Cast) -> None:
        actions.plan_leaving(actor=cast.ada, person=cast.tom, on=TODAY, now=NOW)
        assert at_once(*(partial(tasks.tick, NOW + timedelta(days=1)) for _ in range(4))) == []
        assert AuditEntry.objects.filter(subject_id=cast.tom.pk, verb="person left").count() == 1

    def test_a_link_is_used_once(self, cast: Cast) -> None:
        person = actions.add_person(actor=cast.ada, name="Kim", email="kim@agency.example", now=NOW)
        secret = joining.make_link(actor=cast.ada, person=person, now=timezone.now())
        use = partial(joining.join, secret=secret, now=timezone.now())
        wrong = at_once(*(partial(use, password=password) for password in PASSWORDS))
        assert [type(each) for each in wrong] == [Joining.DoesNotExist] * 3
        assert AuditEntry.objects.filter(subject_id=person.pk, verb="joining link used").count() == 1

    def test_two_positions_of_one_person_do_not_overlap(self, cast: Cast) -> None:
        say = partial(actions.set_position, actor=None, person=cast.tom, level="", function="", on=TODAY, now=NOW)
        assert at_once(*(partial(say, title=title) for title in ("A", "B", "C"))) == []
        assert Position.objects.filter(person=cast.tom).count() == 1

    def test_who_leaves_while_their_team_is_changed_is_in_none(self, cast: Cast) -> None:
        team = Team.objects.get(name="House")
        today = timezone.localdate().isoformat()
        ada, ines = Client(), Client()
        ada.force_login(cast.ada)
        ines.force_login(cast.ines)
        at_once(
            lambda: ada.post(f"/people/{cast.tom.pk}/leaving/", {"on": today}),
            lambda: ines.post(f"/people/teams/{team.pk}/members/", {"member": "tom@agency.example", "on": today}),
        )
        assert not Person.objects.get(pk=cast.tom.pk).is_active
        assert not standing.led_by(cast.tom, on=timezone.localdate())
        open_rows = cast.tom.memberships.filter(until_day=None)
        assert not open_rows.exists()
