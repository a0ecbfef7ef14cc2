"""What is done to a person's plan; each act is one transaction with its entry in the audit trail."""

import contextlib
import logging
import secrets
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils import translation
from django.utils.text import slugify

from equipoise.apps.people.models import Person
from equipoise.apps.people.turns import one_at_a_time
from equipoise.apps.planner import carrying, mapping, queries, weekplan
from equipoise.apps.planner.models import Block, Decision, Feed, OneToOne, Proposal, Settings, Wish
from equipoise.core.facets import Purpose
from equipoise.core.planning import week as planning
from equipoise.core.planning.habits import WhyNot
from equipoise.core.planning.planner import plan_week
from equipoise.platform import audit

TOKEN_BYTES = 32
NOT_PLANNED = "failed"
"""Status of a week that was to be proposed by itself and could not be."""
NO_ROOM = "no_room"
"""Nothing of what is wished for fits, and nothing of it must."""
TRIES = 3
"""A proposal is thought out anew this often when the person answers blocks meanwhile."""
KEPT_OF_A_BLOCK = (
    "state",
    "starts_at",
    "ends_at",
    "why_refused",
    "why_words",
    "decided_at",
    "decided_by_id",
    "gone_at",
)
"""What an act may change of a block, and taking it back restores."""


_log = logging.getLogger(__name__)


class NothingToUndo(LookupError):
    """The blocks were changed again since; what is there now stays."""


class PlanFailed(RuntimeError):
    """The week could not be planned; nothing was changed."""


def propose(*, actor: Person | None, person: Person, monday: date, now: datetime) -> Proposal:
    """Propose a week anew. Blocks the person took or refused stay; open ones are replaced.

    The planner thinks outside the transaction; if the person answers a block meanwhile, it thinks again.

    Args:
        actor: Who asked; `None` when the software proposes by itself.
        person: Whose week.
        monday: Its first day.
        now: Nothing is proposed before it.

    Raises:
        PlanFailed: When the wishes or settings cannot be understood by the planner, or it breaks.
    """
    for _attempt in range(TRIES):
        as_it_was = _answers(person, monday)
        with translation.override(person.language):
            asked = weekplan.question(person, monday, now=now)
        plan = _think(asked)
        with transaction.atomic():
            one_at_a_time(person.pk)
            if _answers(person, monday) == as_it_was:
                return _store(actor, person, asked, plan, now)
    raise PlanFailed


def propose_by_itself(*, person: Person, monday: date, now: datetime) -> None:
    """Propose a week nobody asked for yet; once, also when several workers come upon it.

    A week that cannot be planned has an empty proposal, so that it is not tried for ever; the person may ask again.
    """
    claimed = {"made_at": now, "status": NOT_PLANNED}
    if Proposal.objects.get_or_create(person=person, monday=monday, defaults=claimed)[1]:
        with contextlib.suppress(PlanFailed):
            propose(actor=None, person=person, monday=monday, now=now)


def _answers(person: Person, monday: date) -> list[tuple[Any, ...]]:
    """What the person said to the blocks of a week so far."""
    rows = Block.objects.filter(person=person, monday=monday).exclude(state=Block.State.PROPOSED).order_by("pk")
    return list(rows.values_list("pk", "state", "starts_at", "ends_at"))


def _think(asked: weekplan.Question) -> planning.Plan:
    try:
        return plan_week(
            asked.week,
            asked.standing,
            asked.wishes,
            before=asked.before,
            habits=asked.points,
            clock=time.monotonic,
        )
    except Exception as error:
        _log.exception("A week could not be planned")
        raise PlanFailed from error


def _status(asked: weekplan.Question, plan: planning.Plan) -> str:
    """How good the plan is; a week without room is no failure where nothing must be there."""
    without_room = plan.status is planning.Status.INFEASIBLE and not any(wish.must for wish in asked.wishes)
    return NO_ROOM if without_room else plan.status.value


def _store(
    actor: Person | None, person: Person, asked: weekplan.Question, plan: planning.Plan, now: datetime
) -> Proposal:
    monday = asked.week.monday
    titles = {wish.key: wish.title for wish in asked.wishes}
    taken = queries.taken_blocks(person, monday)
    proposal, _made = Proposal.objects.update_or_create(
        person=person,
        monday=monday,
        defaults={
            "made_at": now,
            "made_by_id": actor.pk if actor else None,
            "status": _status(asked, plan),
            "objective": plan.objective,
            "bound": plan.bound,
            "seconds": plan.seconds,
            "facets": {facet.value: _facet(taken, facet, each) for facet, each in plan.facets.items()},
            "left_out": [mapping.plain(asdict(each)) for each in plan.left_out],
            "conflicts": [mapping.plain(asdict(each)) for each in plan.conflicts],
            "moves": [{**mapping.plain(asdict(each)), "end_then": each.moved_end.isoformat()} for each in plan.moves],
        },
    )
    Block.objects.filter(person=person, monday=monday, state=Block.State.PROPOSED).delete()
    Block.objects.bulk_create(
        Block(
            person=person,
            monday=monday,
            uid=f"{uuid4().hex}@equipoise",
            kind=each.wish,
            number=asked.numbers[each.wish][each.number - 1],
            title=each.title,
            purpose=(each.purpose or Purpose.OTHER).value,
            proposed_start=each.start,
            proposed_end=each.end,
            starts_at=each.start,
            ends_at=each.end,
            reasons=[*asked.why[each.wish], *(_reason(reason, asked) for reason in each.reasons)],
            displaced=list(dict.fromkeys(titles[name.wish] for name in each.displaced)),
            made_at=now,
            changed_at=now,
        )
        for each in plan.blocks
    )
    audit.record(
        actor_id=actor.pk if actor else None,
        subject_id=person.pk,
        verb="week proposed",
        now=now,
        detail={"blocks": len(plan.blocks)},
    )
    return proposal


def _facet(taken: Iterable[Block], facet: Purpose, minutes: planning.FacetMinutes) -> dict[str, int | None]:
    """Minutes of a facet: what stands besides the person's own blocks, and the target."""
    mine = [block for block in taken if block.purpose == facet.value]
    ours = sum(round((block.ends_at - block.starts_at).total_seconds() / 60) for block in mine)
    return {
        "standing": max(0, minutes.fixed - ours),
        "target_low": minutes.target_low,
        "target_high": minutes.target_high,
    }


def _reason(reason: planning.Reason, asked: weekplan.Question) -> dict[str, Any]:
    told: dict[str, Any] = mapping.plain({name: each for name, each in asdict(reason).items() if each is not None})
    return {**told, "own": reason.purpose in asked.own_targets} if reason.purpose else told


@transaction.atomic
def change_settings(*, actor: Person, person: Person, wanted: mapping.Wanted, now: datetime) -> None:
    """Keep what a person's weeks must leave room for."""
    Settings.objects.update_or_create(person=person, defaults={**mapping.settings_fields(wanted), "changed_at": now})
    audit.record(actor_id=actor.pk, subject_id=person.pk, verb="planner settings changed", now=now)


@transaction.atomic
def change_kind(*, actor: Person, person: Person, kind: mapping.Kind, now: datetime) -> None:
    """Keep a kind of block, a default one in the person's own way."""
    fields = {**mapping.kind_fields(kind), "changed_at": now}
    Wish.objects.update_or_create(person=person, key=kind.key, defaults=fields)
    audit.record(
        actor_id=actor.pk, subject_id=person.pk, verb="wish changed", now=now, detail={"facet": kind.purpose.value}
    )


def free_key(person: Person, title: str) -> str:
    """A key for a new kind of block that no other one has."""
    taken = {kind.key for kind in queries.kinds_of(person)}
    stem = slugify(title)[:40] or "block"
    return next(key for key in (stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 3))) if key not in taken)


@transaction.atomic
def drop_kind(*, actor: Person, person: Person, key: str, now: datetime) -> None:
    """Drop an own kind of block, or let a default one be as it was."""
    Wish.objects.filter(person=person, key=key).delete()
    audit.record(actor_id=actor.pk, subject_id=person.pk, verb="wish dropped", now=now)


@transaction.atomic
def watch_one_to_one(
    *, actor: Person, person: Person, name: str, cadence_days: int, on: bool, now: datetime
) -> OneToOne:
    """Keep how often somebody is to be seen alone; `on` is false for not at all."""
    row, _made = OneToOne.objects.update_or_create(
        person=person,
        name=" ".join(name.split()),
        defaults={"cadence_days": cadence_days, "on": on, "added_at": now},
    )
    audit.record(actor_id=actor.pk, subject_id=person.pk, verb="one-to-one watched", now=now)
    return row


@transaction.atomic
def drop_one_to_one(*, actor: Person, person: Person, one_to_one: OneToOne, now: datetime) -> None:
    """Take somebody off the own list; a report is seen as often as usual again."""
    one_to_one.delete()
    audit.record(actor_id=actor.pk, subject_id=person.pk, verb="one-to-one dropped", now=now)


@transaction.atomic
def accept(*, actor: Person, person: Person, blocks: Iterable[Block], now: datetime) -> Decision | None:
    """Accept proposed blocks, or after all those refused or taken back; `None` when there is none among them."""
    found = _locked(person, blocks, set(Block.State) - set(queries.TAKEN))
    if not found:
        return None
    decision = _decide(actor, person, "accept", found, now)
    for block in found:
        block.state = block.taken_as
        _begin_anew(block)
        _keep(block, actor, now)
    carrying.keep_in_step(actor=actor, person=person, blocks=found, now=now)
    audit.record(
        actor_id=actor.pk, subject_id=person.pk, verb="blocks accepted", now=now, detail={"blocks": len(found)}
    )
    return decision


@transaction.atomic
def shift(
    *, actor: Person, person: Person, block: Block, start: datetime, end: datetime | None = None, now: datetime
) -> Decision | None:
    """Put a block at another time, which accepts it; it keeps its length unless an end is given."""
    found = _locked(person, [block], set(Block.State))
    if not found:
        return None
    decision = _decide(actor, person, "shift", found, now)
    (block,) = found
    length = block.ends_at - block.starts_at
    block.starts_at, block.ends_at = start, end or start + length
    block.state = block.taken_as
    _begin_anew(block)
    _keep(block, actor, now)
    carrying.keep_in_step(actor=actor, person=person, blocks=[block], now=now)
    audit.record(actor_id=actor.pk, subject_id=person.pk, verb="block shifted", now=now)
    return decision


@transaction.atomic
def refuse(
    *, actor: Person, person: Person, block: Block, why: WhyNot | None, words: str, now: datetime
) -> Decision | None:
    """Refuse a proposed block, or take an accepted one back."""
    found = _locked(person, [block], {Block.State.PROPOSED, *queries.TAKEN})
    if not found:
        return None
    decision = _decide(actor, person, "refuse", found, now)
    (block,) = found
    block.state = Block.State.WITHDRAWN if block.state in queries.TAKEN else Block.State.REFUSED
    block.why_refused, block.why_words = why.value if why else "", words[:300]
    _keep(block, actor, now)
    carrying.keep_in_step(actor=actor, person=person, blocks=[block], now=now)
    audit.record(actor_id=actor.pk, subject_id=person.pk, verb="block refused", now=now)
    return decision


@transaction.atomic
def undo(*, actor: Person, person: Person, decision: Decision, now: datetime) -> list[Block]:
    """Take an act on blocks back; blocks that were changed again since stay as they are.

    Raises:
        NothingToUndo: When none is left as the act had made it.
    """
    one_at_a_time(person.pk)
    before = {each["block"]: each for each in decision.before}
    rows = Block.objects.filter(person=person, pk__in=before, changed_at=decision.made_at)
    restored = list(rows)
    if not restored or decision.undone_at is not None:
        raise NothingToUndo
    for block in restored:
        for name in KEPT_OF_A_BLOCK:
            setattr(block, name, _restored(name, before[block.pk][name]))
        block.sequence += 1
        block.changed_at = now
        block.save()
    Decision.objects.filter(pk=decision.pk).update(undone_at=now)
    carrying.keep_in_step(actor=actor, person=person, blocks=restored, now=now)
    audit.record(actor_id=actor.pk, subject_id=person.pk, verb="plan decision undone", now=now)
    return restored


@transaction.atomic
def make_feed(*, actor: Person, person: Person, now: datetime) -> str:
    """Make the person's private feed, or give it a new address; the old one ends. The token is told once."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    Feed.objects.update_or_create(person=person, defaults={"digest": queries.digest_of(token), "made_at": now})
    audit.record(actor_id=actor.pk, subject_id=person.pk, verb="plan feed made", now=now)
    return token


@transaction.atomic
def end_feed(*, actor: Person, person: Person, now: datetime) -> None:
    """End the person's feed: its address answers nobody any more."""
    Feed.objects.filter(person=person).delete()
    audit.record(actor_id=actor.pk, subject_id=person.pk, verb="plan feed ended", now=now)


def _locked(person: Person, blocks: Iterable[Block], states: set[Block.State]) -> list[Block]:
    """The blocks as they are now, those in one of the states."""
    one_at_a_time(person.pk)
    keys = [block.pk for block in blocks]
    return list(Block.objects.filter(person=person, pk__in=keys, state__in=states).order_by("starts_at", "pk"))


def _decide(actor: Person, person: Person, act: str, blocks: Sequence[Block], now: datetime) -> Decision:
    before = [
        {"block": block.pk, **{name: _told(getattr(block, name)) for name in KEPT_OF_A_BLOCK}} for block in blocks
    ]
    return Decision.objects.create(person=person, act=act, before=before, made_at=now, made_by_id=actor.pk)


def _begin_anew(block: Block) -> None:
    """Forget why a block was off the plan; one that was deleted in a calendar has not been seen there yet."""
    block.why_refused = block.why_words = ""
    if block.gone_at is not None:
        block.gone_at = block.seen_at = block.seen_start = block.seen_end = None


def _keep(block: Block, actor: Person, now: datetime) -> None:
    block.sequence += 1
    block.decided_at = block.changed_at = now
    block.decided_by_id = actor.pk
    block.save()


def _told(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _restored(name: str, value: Any) -> Any:
    return datetime.fromisoformat(value) if value and name.endswith("_at") else value
