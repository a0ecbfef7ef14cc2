"""What a directory keeps of a person, for them to take along."""

from equipoise.apps.people.models import Person
from equipoise.apps.provisioning.models import DirectoryMember, DirectoryUser


def export(person: Person) -> dict[str, object]:
    """What the directory said of a person, and the groups it has them in, as plain values."""
    kept = ("user_name", "external_id", "attributes", "made_at", "changed_at")
    groups = DirectoryMember.objects.filter(user__person=person).order_by("group__name", "pk")
    return {
        "directory": list(DirectoryUser.objects.filter(person=person).values(*kept)),
        "directory_groups": list(groups.values_list("group__name", flat=True)),
    }
