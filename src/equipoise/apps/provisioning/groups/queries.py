"""A directory's groups, and what they mean here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q, QuerySet

from equipoise.apps.people import standing
from equipoise.apps.people.models import Person, Team
from equipoise.apps.provisioning.models import DirectoryGroup, DirectoryUser


@dataclass(frozen=True, slots=True, kw_only=True)
class Provisioned:
    """How many users a directory keeps here, how many have not left or wait for a manager, and its last change."""

    users: int
    active: int
    waiting: int
    changed_at: datetime | None


def groups_around(viewer: Person) -> "QuerySet[DirectoryGroup]":
    """All groups, by name, each with `users` and `nested`; none for who looks at the demo agency."""
    groups = DirectoryGroup.objects.select_related("team").order_by("name_key", "pk")
    counted = groups.annotate(users=Count("members__user"), nested=Count("members__nested"))
    return counted.none() if viewer.is_demo else counted


def group_around(viewer: Person, group_id: int) -> DirectoryGroup:
    """A group by its number.

    Raises:
        DirectoryGroup.DoesNotExist: When there is none the viewer may see.
    """
    return groups_around(viewer).get(pk=group_id)


def members_shown(group: DirectoryGroup) -> Sequence[Person]:
    """The persons directly in a group, by name."""
    return list(Person.objects.filter(directory_user__groups__group=group).order_by("name", "pk"))


def teams_to_mean(viewer: Person) -> "QuerySet[Team]":
    """The teams a group can mean."""
    return standing.teams_around(viewer).order_by("name", "pk")


def provisioned(viewer: Person) -> Provisioned | None:
    """What a directory keeps here; `None` when there is nothing, or the viewer looks at the demo agency."""
    if viewer.is_demo:
        return None
    told = DirectoryUser.objects.aggregate(
        users=Count("pk"),
        active=Count("pk", filter=Q(person__is_active=True)),
        waiting=Count("pk", filter=~Q(manager_key="") & Q(manager=None)),
        changed_at=Max("changed_at"),
    )
    return Provisioned(**told) if told["users"] else None
