"""Acts on one person's plan wait for each other."""

from equipoise.apps.people.models import Person


def one_at_a_time(person: Person) -> None:
    """Let acts on one person's plan wait for each other until their transactions end.

    Readings of the person's calendars take the same turn, so that nobody waits for somebody who waits for them.
    """
    list(Person.objects.select_for_update().filter(pk=person.pk).values_list("pk"))
