"""Acts on one person's records wait for each other."""

from collections.abc import Iterable

from equipoise.apps.people.models import Person


def one_at_a_time(person_id: int) -> bool:
    """Let acts on one person's records wait for each other until their transactions end; whether the person is there.

    Every app takes the same turn, so that nobody waits for somebody who waits for them. The embedded database lets only
    one transaction write anyway.
    """
    return Person.objects.select_for_update().filter(pk=person_id).exists()


def all_at_a_time(person_ids: Iterable[int]) -> frozenset[int]:
    """The same for acts on several persons together, always in the same order; who of them has not left."""
    wanted = Person.objects.select_for_update().filter(pk__in=set(person_ids)).order_by("pk")
    return frozenset(pk for pk, is_active in wanted.values_list("pk", "is_active") if is_active)
