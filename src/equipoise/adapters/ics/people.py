"""Who takes part in an entry, seen from the owner of the calendar (RFC 5545 sections 3.8.4.1 and 3.8.4.3)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from equipoise.adapters.ics.components import Properties, split
from equipoise.core.timeuse.entries import Answer, Relation

MANY = 20
_ANSWERS = {
    "ACCEPTED": Answer.ACCEPTED,
    "TENTATIVE": Answer.TENTATIVE,
    "DECLINED": Answer.DECLINED,
    "DELEGATED": Answer.DECLINED,
}
_THINGS = {"ROOM", "RESOURCE"}
_CALENDAR_DOMAIN = "calendar.google.com"  # group.calendar..., resource.calendar..., unknownorganizer@calendar...
_PUBLIC_MAIL = frozenset(
    {
        "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "yahoo.com", "icloud.com",
        "me.com", "mac.com", "aol.com", "gmx.de", "gmx.net", "gmx.com", "web.de", "t-online.de", "proton.me",
        "protonmail.com", "mail.ru", "yandex.ru", "qq.com", "163.com", "orange.fr", "free.fr", "libero.it",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """The owner of the calendars.

    Attributes:
        addresses: Their mail addresses in small letters; may be empty.
        inside: Mail domains of their own organisation; may be empty, and then nobody is known to be outside.
    """

    addresses: frozenset[str]
    inside: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """What an entry tells about people, in the fields of `Entry`."""

    attendees: int | None
    relation: Relation | None
    answer: Answer
    organiser_self: bool | None
    others: tuple[str, ...] = ()


NOBODY_NAMED = People(attendees=None, relation=None, answer=Answer.NONE, organiser_self=None)


def owner(me: Collection[str], inside: Collection[str]) -> Owner:
    """The owner by addresses and own mail domains.

    Without domains they are those of the addresses, save for the large public mail providers, whose users do not
    belong together.
    """
    addresses = frozenset(filter(None, map(address, me)))
    domains = frozenset(domain.strip().lower().lstrip("@") for domain in inside if domain.strip())
    if not domains:
        domains = frozenset(found.rpartition("@")[2] for found in addresses if "@" in found) - _PUBLIC_MAIL
    return Owner(addresses=addresses, inside=domains)


def address(value: str) -> str:
    """A mail address in small letters, without `mailto:`."""
    value = value.strip().strip("<>").lower()
    return value.removeprefix("mailto:").strip()


def people(found: Properties, of: Owner) -> People:
    """Count the others and say who they are, as far as the entry tells.

    Rooms and resources are left out, so are those who only get a copy (NON-PARTICIPANT) and calendars' own
    addresses; a group counts as one, its members being unknown; the organiser counts although not invited. When the
    owner's addresses are not given, one of those named is taken to be the owner.
    """
    attendee_lines = found.get("ATTENDEE")
    organiser_lines = found.get("ORGANIZER")
    if not attendee_lines and not organiser_lines:
        return NOBODY_NAMED
    organiser = _who(*split(organiser_lines[0]), of) if organiser_lines else ""
    named, guests, answer = _named(attendee_lines or [], of)
    if organiser and not _is_calendar(organiser):
        named.add(organiser)
    others = named - of.addresses
    count = len(others) + guests
    if not of.addresses:
        count = max(count - 1, 0) if attendee_lines else 0
    owner_named = bool(named & of.addresses) or bool(attendee_lines and not of.addresses)
    attendees = count if count or (named and owner_named) else None
    return People(
        attendees=attendees,
        relation=_relation(others, attendees, of),
        answer=answer,
        organiser_self=organiser in of.addresses if organiser and of.addresses else None,
        others=tuple(sorted(each for each in others if "@" in each)) if of.addresses else (),
    )


def _who(parameters: Mapping[str, str], value: str, of: Owner) -> str:
    """One person's address: the value, or the EMAIL parameter where the value is none or EMAIL is the owner's."""
    written, mail = address(value), address(parameters.get("EMAIL", ""))
    if mail and ("@" not in written or mail in of.addresses):
        return mail
    return written or parameters.get("CN", "").lower()


def _named(lines: list[str], of: Owner) -> tuple[set[str], int, Answer]:
    """The people among the attendees, the guests they bring unnamed, and the owner's own answer."""
    named: set[str] = set()
    guests = 0
    answer = Answer.NONE
    for line in lines:
        parameters, value = split(line)
        who = _who(parameters, value, of)
        if who in of.addresses:
            answer = _ANSWERS.get(parameters.get("PARTSTAT", "").upper(), answer)
        if not who or parameters.get("CUTYPE", "").upper() in _THINGS or _is_calendar(who):
            continue
        if parameters.get("ROLE", "").upper() == "NON-PARTICIPANT" and who not in of.addresses:
            continue
        named.add(who)
        extra = parameters.get("X-NUM-GUESTS", "")
        guests += int(extra) if extra.isascii() and extra.isdigit() and len(extra) < 4 else 0
    return named, guests, answer


def _is_calendar(who: str) -> bool:
    return who.endswith(_CALENDAR_DOMAIN) or who.startswith("invalid:")


def _relation(others: set[str], attendees: int | None, of: Owner) -> Relation | None:
    if attendees is None:
        return None
    if attendees == 0:
        return Relation.NONE
    if attendees >= MANY:
        return Relation.MANY
    if not of.inside or not of.addresses or any("@" not in other for other in others):
        return None
    outside = sum(1 for other in others if not _inside(other, of.inside))
    if outside == 0:
        return None
    return Relation.OUTSIDE if outside == len(others) else Relation.MIXED


def _inside(who: str, domains: frozenset[str]) -> bool:
    domain = who.rpartition("@")[2]
    return domain in domains or any(domain.endswith(f".{own}") for own in domains)
