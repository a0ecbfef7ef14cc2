"""What is known about persons."""

from django.conf import settings
from django.db.models import OuterRef, Subquery

from equipoise.apps.people.models import Grant, Person, Position
from equipoise.platform.access import Role

LOOKED_AT_FIRST = "lena"
"""The person of the demo agency as whom one looks at it first."""


def local_owner() -> Person | None:
    """The person whose own machine this is: the first who is neither of the demo agency nor was invited."""
    return Person.objects.filter(demo_key="", invited=False, is_active=True).order_by("id").first()


def is_administered() -> bool:
    """Whether somebody real can administer this server, be it its first owner or whoever came after them."""
    administrators = Grant.objects.filter(role=Role.ADMINISTRATOR.value, ended_at=None)
    return administrators.filter(person__is_active=True, person__demo_key="").exists()


def is_nobodys() -> bool:
    """Whether this machine waits for its first owner; one whose owner has left to another administrator does not."""
    return local_owner() is None and not is_administered()


def opens_without_password() -> bool:
    """Whether this machine's owner is let in at once.

    Only while no other machine can reach the server, and until a password is set.
    """
    if settings.OPENED:
        return False
    owner = local_owner()
    return not is_administered() if owner is None else not owner.has_usable_password()


def is_told_apart(person: Person) -> bool:
    """Whether the person's pages open to nobody but them: they sign in, here or elsewhere."""
    return not person.is_demo and (person.has_usable_password() or not opens_without_password())


def demo_people() -> list[Person]:
    """Everybody of the demo agency, by name, each with their `title`; empty when it is not loaded."""
    held = Position.objects.filter(person=OuterRef("pk"), until_day=None)
    people = Person.objects.exclude(demo_key="").filter(is_active=True)
    return list(people.annotate(title=Subquery(held.values("title")[:1])))


def demo_person(key: str) -> Person | None:
    """One person of the demo agency by their key."""
    return next((person for person in demo_people() if person.demo_key == key), None) if key else None


def let_in_at_once() -> Person | None:
    """Who is signed in without being asked, on an own machine: its owner, or else whom the demo begins with."""
    if not opens_without_password():
        return None
    return local_owner() or (demo_person(LOOKED_AT_FIRST) if settings.DEMO else None)
