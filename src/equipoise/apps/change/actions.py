"""What is done about a situation; each act is one transaction with its entry in the audit trail."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from equipoise.apps.change import mapping
from equipoise.apps.change.models import Override, Scan
from equipoise.apps.people.models import Person
from equipoise.apps.people.turns import one_at_a_time
from equipoise.core.situation.profile import Band, need_profile
from equipoise.core.situation.scan import read_answers
from equipoise.platform import audit


class NothingToSet(ValueError):
    """There is no scan yet whose band could be set otherwise."""


@transaction.atomic
def keep_scan(*, actor: Person | None, person: Person, answers: Mapping[str, str], now: datetime) -> Scan:
    """Keep a round of answers with the profile that today's rules make of them.

    Args:
        actor: Who answered; `None` for the demo agency.
        person: Whose situation it is.
        answers: Choice by question; `change_since` may name the day a change began.
        now: When.

    Raises:
        AnswersIncomplete: When a question has no answer, or one that it does not offer.
    """
    said = read_answers(answers, on=now.astimezone(ZoneInfo(person.zone)).date())
    profile = need_profile(said.role, said.signals, unknown=said.unknown)
    scan = Scan.objects.create(
        owner=person,
        answers=dict(answers),
        made_at=now,
        made_by_id=actor.pk if actor else None,
        version=profile.version,
        profile=mapping.profile_row(profile),
    )
    audit.record(
        actor_id=actor.pk if actor else None,
        subject_id=person.pk,
        verb="situation scanned",
        now=now,
        detail={"rules": profile.version},
    )
    return scan


@transaction.atomic
def set_band(*, actor: Person, person: Person, target: str, band: Band, reason: str, now: datetime) -> Override:
    """Set a band in place of what was worked out; one set before for the same ends.

    Args:
        actor: Who sets it.
        person: Whose situation it is.
        target: One of `mapping.TARGETS`.
        band: A share of 0..1, or a lean of -1..1.
        reason: Why, in their words.
        now: When.

    Raises:
        NothingToSet: When there is no scan yet.
    """
    one_at_a_time(person.pk)
    scan = Scan.objects.filter(owner=person).first()
    if scan is None:
        raise NothingToSet
    computed = mapping.band_of(mapping.profile_of(scan.profile).called_for, target)
    _end_holding(person, target, now)
    override = Override.objects.create(
        owner=person,
        target=target,
        low=band.low,
        high=band.high,
        computed_low=computed.low,
        computed_high=computed.high,
        reason=reason,
        made_at=now,
        made_by_id=actor.pk,
    )
    audit.record(actor_id=actor.pk, subject_id=person.pk, verb="own band set", now=now, detail={"for": target})
    return override


@transaction.atomic
def drop_band(*, actor: Person, override: Override, now: datetime) -> None:
    """Go by what was worked out again; the band stays in the history."""
    one_at_a_time(override.owner_id)
    Override.objects.filter(pk=override.pk, ended_at=None).update(ended_at=now)
    audit.record(
        actor_id=actor.pk,
        subject_id=override.owner_id,
        verb="own band dropped",
        now=now,
        detail={"for": override.target},
    )


@transaction.atomic
def bring_band_back(*, actor: Person, override: Override, now: datetime) -> None:
    """Let a band that was dropped hold again, in place of any other for the same."""
    one_at_a_time(override.owner_id)
    _end_holding(override.owner, override.target, now)
    Override.objects.filter(pk=override.pk).update(ended_at=None)
    audit.record(
        actor_id=actor.pk,
        subject_id=override.owner_id,
        verb="own band brought back",
        now=now,
        detail={"for": override.target},
    )


def _end_holding(person: Person, target: str, now: datetime) -> None:
    Override.objects.filter(owner=person, target=target, ended_at=None).update(ended_at=now)
