"""Acts on one person's records wait for each other."""

from equipoise.apps.people.models import Person


def one_at_a_time(person_id: int) -> bool:
    """Let acts on one person's records wait for each other until their transactions end; whether the person is there.

    Every app takes the same turn, so that nobody waits for somebody who waits for them. The embedded database lets only
    one transaction write anyway.
    """
    return Person.objects.select_for_update().filter(pk=person_id).exists()
