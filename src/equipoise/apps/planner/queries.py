"""What is known about a person's weeks: what they want, what was proposed, and what they said to it."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from equipoise.apps.people.models import Person
from equipoise.apps.planner import mapping
from equipoise.apps.planner.models import Block, Decision, Feed, OneToOne, Proposal, Settings, Wish

WEEK = timedelta(days=7)
TAKEN = (Block.State.ACCEPTED, Block.State.SHIFTED)
"""States of blocks that the owner took; only these are ever written out."""

NEXT_WEEK_FROM = timedelta(days=2)
"""From Wednesday on a week of which nothing is left gives way to the next."""

FEED_FROM = timedelta(weeks=8)
"""The feed holds blocks from this long ago on."""


def settings_of(person: Person) -> mapping.Wanted:
    """What the person's weeks must leave room for; the defaults until they say otherwise."""
    row = Settings.objects.filter(person=person).first()
    return mapping.settings_of(row) if row else mapping.default_settings(person)


def kinds_of(person: Person) -> tuple[mapping.Kind, ...]:
    """The kinds of blocks the person wants, switched-off ones too."""
    return mapping.kinds_of(Wish.objects.filter(person=person))


def kind_of(person: Person, key: str) -> mapping.Kind:
    """One kind of block.

    Raises:
        Wish.DoesNotExist: When neither the person nor the defaults have it.
    """
    found = next((kind for kind in kinds_of(person) if kind.key == key), None)
    if found is None:
        raise Wish.DoesNotExist
    return found


def one_to_one_of(person: Person, one_to_one_id: int) -> OneToOne:
    """One person of the own list.

    Raises:
        OneToOne.DoesNotExist: When they are not there, or on somebody else's list.
    """
    return OneToOne.objects.get(person=person, pk=one_to_one_id)


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def week_in_view(person: Person, *, now: datetime) -> date:
    """The Monday of the week to plan: this one until its last working day is over, then the next."""
    local = now.astimezone(ZoneInfo(person.zone))
    monday = monday_of(local.date())
    hours = settings_of(person).hours
    last = max(hours, default=4)
    closes = hours[last][1] if last in hours else time(17)
    over = local.replace(tzinfo=None) >= datetime.combine(monday + timedelta(days=last), closes)
    return monday + WEEK if over else monday


@dataclass(frozen=True, slots=True, kw_only=True)
class Weeks:
    """Some of a person's weeks, read once for a page.

    Attributes:
        in_view: The Monday of the week to plan.
        blocks: All blocks of each week that was read, refused ones too, in time; by its Monday.
    """

    in_view: date
    blocks: Mapping[date, tuple[Block, ...]]

    def waiting(self, *, now: datetime) -> int:
        """How many proposed blocks of the week to plan, still to come, wait for an answer."""
        return sum(block.state == Block.State.PROPOSED and block.ends_at > now for block in self.blocks[self.in_view])

    def to_open(self, person: Person, *, now: datetime) -> date:
        """The Monday of the week a page opens with.

        The one to plan; from Wednesday on the next, if no block is ahead.
        """
        today = now.astimezone(ZoneInfo(person.zone)).date()
        states = (Block.State.PROPOSED, *TAKEN)
        ahead = any(block.state in states and block.ends_at > now for block in self.blocks[self.in_view])
        return self.in_view if ahead or today < self.in_view + NEXT_WEEK_FROM else self.in_view + WEEK


def weeks_of(person: Person, *, in_view: date, asked: date | None = None) -> Weeks:
    """The week to plan, the next, the one asked for, and those before them."""
    mondays = {in_view - WEEK, in_view, in_view + WEEK} | ({asked - WEEK, asked} if asked else set())
    blocks: dict[date, list[Block]] = {monday: [] for monday in mondays}
    for block in Block.objects.filter(person=person, monday__in=mondays):
        blocks[block.monday].append(block)
    return Weeks(in_view=in_view, blocks={monday: tuple(found) for monday, found in blocks.items()})


def week_to_open(person: Person, *, now: datetime) -> date:
    """The Monday of the week a page opens with; see `Weeks.to_open`."""
    return weeks_of(person, in_view=week_in_view(person, now=now)).to_open(person, now=now)


def proposal_for(person: Person, monday: date) -> Proposal | None:
    """The latest proposal for a week."""
    return Proposal.objects.filter(person=person, monday=monday).first()


def blocks_of(person: Person, monday: date) -> list[Block]:
    """All blocks of a week, refused ones too, in time."""
    return list(Block.objects.filter(person=person, monday=monday))


def block_of(person: Person, block_id: int) -> Block:
    """One block of the person's own.

    Raises:
        Block.DoesNotExist: When it is not there, or somebody else's.
    """
    return Block.objects.get(person=person, pk=block_id)


def decision_of(person: Person, decision_id: int) -> Decision:
    """One act of the person's own that can still be taken back.

    Raises:
        Decision.DoesNotExist: When it is not there, taken back already, or somebody else's.
    """
    return Decision.objects.get(person=person, pk=decision_id, undone_at=None)


def taken_blocks(person: Person, monday: date) -> list[Block]:
    """The blocks of a week the owner accepted."""
    return list(Block.objects.filter(person=person, monday=monday, state__in=TAKEN))


def waiting_count(person: Person, monday: date, *, now: datetime) -> int:
    """How many proposed blocks of a week, still to come, wait for an answer."""
    return Block.objects.filter(person=person, monday=monday, state=Block.State.PROPOSED, ends_at__gt=now).count()


def taken_between(person: Person, start: datetime, end: datetime) -> list[Block]:
    """Accepted blocks that share a moment with a span."""
    return list(Block.objects.filter(person=person, state__in=TAKEN, starts_at__lt=end, ends_at__gt=start))


def how_many(person: Person) -> int:
    """How many blocks are kept about the person."""
    return Block.objects.filter(person=person).count()


def blocks_since(person: Person, since: datetime) -> list[Block]:
    """All blocks that start from a moment on."""
    return list(Block.objects.filter(person=person, starts_at__gte=since))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fed:
    """What a feed shows: whose it is, and the accepted blocks."""

    person: Person
    blocks: tuple[Block, ...]


def has_feed(person: Person) -> Feed | None:
    """The person's feed, if they have one."""
    return Feed.objects.filter(person=person).first()


def fed_by(token: str, *, now: datetime) -> Fed:
    """What the address with this token shows.

    Raises:
        Feed.DoesNotExist: When no feed has it, or its person may no longer sign in.
    """
    feed = Feed.objects.select_related("person").get(digest=digest_of(token), person__is_active=True)
    blocks = Block.objects.filter(person=feed.person, state__in=TAKEN, starts_at__gte=now - FEED_FROM)
    return Fed(person=feed.person, blocks=tuple(blocks))


def digest_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def weeks_proposed(mondays: Iterable[date]) -> set[tuple[int, date]]:
    """Who has a proposal for which of these weeks."""
    return set(Proposal.objects.filter(monday__in=list(mondays)).values_list("person_id", "monday"))


def persons_to_plan_for() -> list[Person]:
    """Everybody who may sign in, has a calendar that was read, and does not wait to be erased."""
    return list(Person.objects.filter(is_active=True, erase_after=None, calendars__isnull=False).distinct())


def export(person: Person) -> dict[str, object]:
    """Everything the planner keeps about a person, as plain values for an export."""
    settings = Settings.objects.filter(person=person).first()
    return {
        "planner_settings": mapping.settings_fields(mapping.settings_of(settings)) if settings else None,
        "wishes": _rows(Wish, person, ("person", "id")),
        "one_to_ones": _rows(OneToOne, person, ("person", "id")),
        "proposals": _rows(Proposal, person, ("person", "id")),
        "blocks": _rows(Block, person, ("person",)),
        "plan_decisions": _rows(Decision, person, ("person",)),
        "plan_feed": {"made_at": feed.made_at} if (feed := has_feed(person)) else None,
    }


def _rows(
    model: type[Wish] | type[OneToOne] | type[Proposal] | type[Block] | type[Decision],
    person: Person,
    without: tuple[str, ...],
) -> list[Mapping[str, object]]:
    names = [field.name for field in model._meta.get_fields() if field.concrete and field.name not in without]
    return list(model._default_manager.filter(person=person).order_by("pk").values(*names))  # noqa: SLF001
