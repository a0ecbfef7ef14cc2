"""Who acts for whom, and the links by which somebody comes to do so."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from equipoise.apps.people.models.persons import Person


class Assistance(models.Model):
    """Somebody acts for an owner, from when the owner's invitation was taken until either of them ends it."""

    owner = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="assistances")
    assistant = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="assisting")
    named_at = models.DateTimeField()
    named_by_id = models.BigIntegerField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Newest first; one that holds for each pair, of two persons."""

        ordering: ClassVar = ["-named_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["owner", "assistant"], condition=models.Q(ended_at=None), name="assisting_once"
            ),
            models.CheckConstraint(condition=~models.Q(owner=models.F("assistant")), name="nobody_assists_themselves"),
        ]

    def __str__(self) -> str:
        """Who for whom."""
        return f"{self.assistant_id} for {self.owner_id}"


class Invitation(models.Model):
    """A link an owner hands to somebody who shall act for them. Only a digest of its secret is kept."""

    owner = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="invitations")
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail address"))
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Newest first."""

        ordering: ClassVar = ["-made_at", "-id"]

    def __str__(self) -> str:
        """Whom it is for."""
        return self.name
