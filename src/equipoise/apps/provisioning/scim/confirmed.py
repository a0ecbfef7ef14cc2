"""Whose address others vouch for, so that a directory may take the person over by it.

Whoever may give any address as their own could otherwise wait under somebody else's until the directory names it.
"""

from allauth.account.models import EmailAddress

from equipoise.apps.people.models import Person
from equipoise.platform.models import AuditEntry

GIVEN_BY_OTHERS = ("person added", "person provisioned", "person taken over by the directory", "account made")


def is_confirmed(person: Person) -> bool:
    """Whether an administrator, an import or a directory gave the address, or the person showed that it is theirs."""
    if EmailAddress.objects.filter(user=person, email__iexact=person.email, verified=True).exists():
        return True
    acts = AuditEntry.objects.filter(subject_id=person.pk)
    given = acts.filter(verb__in=GIVEN_BY_OTHERS).exists()
    own = acts.filter(verb="settings changed", actor_id=person.pk).values_list("detail", flat=True)
    return given and not any("email" in str(detail.get("fields", "")) for detail in own)
