"""For how long kinds of record are kept, and what is packed for people to take along."""

from typing import ClassVar

from django.conf import settings
from django.db import models


class Retention(models.Model):
    """For how many days an administrator lets one kind of record be kept; without a row, the kind's default.

    No days mean "as long as nobody erases it". `before` is what held until then: a shorter time takes hold later, so
    that nothing is erased by a slip. Administrators see it, and everybody of the organisation reads it in the statement
    on data protection.
    """

    kind = models.CharField(max_length=40, unique=True)
    days = models.PositiveIntegerField(null=True)
    before = models.PositiveIntegerField(null=True)
    changed_at = models.DateTimeField()
    changed_by_id = models.BigIntegerField()

    class Meta:
        """In the order of kinds."""

        ordering: ClassVar = ["kind"]

    def __str__(self) -> str:
        """What, for how long."""
        return f"{self.kind}: {self.days} days"


class Package(models.Model):
    """Everything kept of a person, packed for them to fetch. The owner alone sees it; the file is encrypted."""

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting"
        READY = "ready"
        FAILED = "failed"

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="packages")
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    file = models.CharField(max_length=80, blank=True, default="")
    size = models.PositiveBigIntegerField(default=0)
    asked_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Newest first; one that waits for each person."""

        ordering: ClassVar = ["-asked_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner"], condition=models.Q(state="waiting"), name="one_package_waits")
        ]

    def __str__(self) -> str:
        """Whose, and how far."""
        return f"{self.owner_id}: {self.state}"
