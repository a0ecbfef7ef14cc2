"""What a directory keeps here: its records of users and groups, beside the persons and teams they stand for."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from equipoise.apps.people.models import Grant, Person, Team


class DirectoryUser(models.Model):
    """A directory's record of one person. Seen by the directory, by administrators, and by the person.

    `attributes` is what the directory last said, as far as the schema knows it; the columns repeat of it what is looked
    for. `manager_key` is whom the directory named, also while nobody here is known by it; `manager` is who that is.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="directory_user")
    user_name = models.CharField(max_length=255)
    user_name_key = models.CharField(max_length=255, unique=True)
    external_id = models.CharField(max_length=255, blank=True, default="", db_index=True)
    manager_key = models.CharField(max_length=255, blank=True, default="", db_index=True)
    manager = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="managed")
    attributes = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        """In the order they came."""

        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        """How the directory calls them."""
        return self.user_name


class DirectoryGroup(models.Model):
    """A directory's group, and what it means here: a team, a role, or nothing. Seen by it and by administrators."""

    ROLES: ClassVar = Grant.ROLES

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=255)
    name_key = models.CharField(max_length=255, db_index=True)
    external_id = models.CharField(max_length=255, blank=True, default="", db_index=True)
    team = models.ForeignKey(Team, on_delete=models.SET_NULL, null=True, blank=True, related_name="directory_groups")
    leads = models.BooleanField(default=False)
    role = models.CharField(max_length=20, choices=ROLES, blank=True, default="")
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        """In the order they came."""

        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        """The name."""
        return self.name


class DirectoryMember(models.Model):
    """A user or another group belongs to a group. Seen by the directory and by administrators."""

    group = models.ForeignKey(DirectoryGroup, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(DirectoryUser, on_delete=models.CASCADE, null=True, related_name="groups")
    nested = models.ForeignKey(DirectoryGroup, on_delete=models.CASCADE, null=True, related_name="member_of")

    class Meta:
        """In the order they came; each once, and either of the two."""

        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["group", "user"], name="user_in_group_once"),
            models.UniqueConstraint(fields=["group", "nested"], name="group_in_group_once"),
            models.CheckConstraint(
                condition=models.Q(user=None, nested__isnull=False) | models.Q(user__isnull=False, nested=None),
                name="user_or_group",
            ),
        ]

    def __str__(self) -> str:
        """Who of which."""
        return f"{self.user_id or self.nested_id} of {self.group_id}"


class GivenMembership(models.Model):
    """A group made somebody member of a team; only that may a group take away. Seen by administrators."""

    group = models.ForeignKey(DirectoryGroup, on_delete=models.CASCADE, related_name="given")
    user = models.ForeignKey(DirectoryUser, on_delete=models.CASCADE, related_name="given")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="given_by_groups")

    class Meta:
        """In the order given; once for each group."""

        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["group", "user"], name="given_once")]

    def __str__(self) -> str:
        """Whom, by which."""
        return f"{self.user_id} by {self.group_id}"
