"""What is known about persons."""

from django.conf import settings
from django.db.models import OuterRef, Subquery

from equipoise.apps.people.models import Person, Position

LOOKED_AT_FIRST = "lena"
"""The person of the demo agency as whom one looks at it first."""


def local_owner() -> Person | None:
    """The person whose own machine this is: the first who is neither of the demo agency nor was invited."""
    return Person.objects.filter(demo_key="", invited=False, is_active=True).order_by("id").first()


def opens_without_password() -> bool:
    """Whether this machine's owner is let in at once.

    Only while no other machine can reach the server, and until a password is set.
    """
    owner = local_owner()
    return not settings.OPENED and (owner is None or not owner.has_usable_password())


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
