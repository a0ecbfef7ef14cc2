"""Who is asked to a meeting: colleagues, clients' people and others from outside."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from random import Random
from unicodedata import normalize

from equipoise.adapters.demo_agency.meetings import Guest
from equipoise.adapters.demo_agency.people import Person, agency
from equipoise.adapters.demo_agency.texts import rows

HEADS = ("hugo", "chiara", "lena", "marek", "ivana", "beatriz", "ines")


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A client: its contacts, and who of the agency works for it (keys; the first leads the account)."""

    code: str
    name: str
    campaigns: tuple[str, ...]
    crew: tuple[str, ...]
    contacts: tuple[Guest, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """Who is asked: colleagues by key, and guests from outside."""

    keys: tuple[str, ...]
    outside: tuple[Guest, ...]


@cache
def clients() -> dict[str, Client]:
    """The clients by code."""
    return {row[0]: _client(row) for row in rows("clients.txt", fields=6)}


@cache
def strangers() -> tuple[Guest, ...]:
    """People from outside who are no clients: partners, suppliers, candidates, advisers."""
    return tuple(_outsider(name, domain) for name, domain in rows("outside.txt", fields=2))


@cache
def clients_of(key: str) -> tuple[Client, ...]:
    """The clients someone works for; all of them for those who work for none in particular."""
    own = tuple(client for client in clients().values() if key in client.crew)
    return own or tuple(clients().values())


def who(words: str, *, host: Person, client: Client, rng: Random) -> Company:
    """Resolve the data's words for who is asked, for example `"boss client2"`.

    The words: a person's key; `all`, `heads`, `team`, `team:KEY`, `reports`, `report`, `boss`, `peer`, `peers`,
    `cross`, `cross6`, `crew`; `client2` (two people of the client at hand), `client:BRM2` (of that client);
    `outside3`; `-` for nobody.

    Raises:
        UnknownPerson: A word is none of these and nobody's key.
    """
    keys: list[str] = []
    outside: list[Guest] = []
    for word in words.split():
        if word.startswith("client"):
            outside += _contacts(word, client)
        elif word.startswith("outside"):
            outside += rng.sample(strangers(), _count(word))
        elif word != "-":
            keys += _colleagues(word, host=host, client=client, rng=rng)
    return Company(keys=tuple(dict.fromkeys(key for key in keys if key != host.key)), outside=tuple(outside))


def insider(key: str) -> Guest:
    """A colleague as a guest who has accepted."""
    return _insiders()[key]


@cache
def _insiders() -> dict[str, Guest]:
    return {person.key: Guest(name=person.name, address=person.address, key=person.key) for person in agency().people}


def _client(row: tuple[str, ...]) -> Client:
    code, name, domain, campaigns, crew, contacts = row
    return Client(
        code=code,
        name=name,
        campaigns=_listed(campaigns),
        crew=tuple(crew.split()),
        contacts=tuple(_outsider(contact, domain) for contact in _listed(contacts)),
    )


def _outsider(name: str, domain: str) -> Guest:
    plain = normalize("NFKD", name.lower().replace("ß", "ss")).encode("ascii", "ignore").decode().replace(".", "")
    return Guest(name=name, address=f"{'.'.join(plain.split()[-2:])}@{domain}")


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";"))


def _count(word: str) -> int:
    return int(word[-1]) if word[-1].isdigit() else 1


def _contacts(word: str, client: Client) -> tuple[Guest, ...]:
    if ":" in word:
        client = clients()[word.split(":")[1].rstrip("0123456789")]
    return client.contacts[: _count(word)]


def _colleagues(word: str, *, host: Person, client: Client, rng: Random) -> Sequence[str]:
    name = word.rstrip("0123456789")
    if name == "crew":
        return _some([key for key in client.crew if key != host.key], rng.randint(2, 4), rng)
    circle = _circle(name, host.key)
    match name:
        case "report" | "peer":
            return _some(circle, 1, rng)
        case "peers":
            return _some(circle, rng.randint(2, 3), rng)
        case "cross":
            return _some(circle, _count(word) if word != name else rng.randint(1, 3), rng)
    return circle


@cache
def _circle(name: str, key: str) -> tuple[str, ...]:
    """The keys of those a word may mean for this host."""
    house = agency()
    host = house.person(key)
    match name.partition(":"):
        case ("heads", _, _):
            return HEADS
        case ("boss", _, _):
            return (host.reports_to,) if host.reports_to else ()
        case ("report" | "reports", _, _):
            people = house.reports(key)
        case ("team", _, team):
            people = house.members(team or host.team)
        case ("peer" | "peers", _, _):
            people = tuple(person for person in house.people if _level_with(person, host))
        case ("cross", _, _):
            people = tuple(one for one in house.people if one.team != host.team and one.level >= host.level - 2)
        case ("all", _, _):
            people = house.people
        case _:
            people = (house.person(name),)
    return tuple(person.key for person in people)


def _level_with(person: Person, host: Person) -> bool:
    return person is not host and (person.team == host.team or (host.level >= 4 and person.key in HEADS))


def _some(keys: Sequence[str], number: int, rng: Random) -> Sequence[str]:
    if number == 1 and keys:
        return (keys[int(rng.random() * len(keys))],)
    return rng.sample(keys, min(number, len(keys)))
