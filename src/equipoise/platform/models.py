"""The audit trail: who did what to whose records, and when."""

from typing import ClassVar

from django.db import models


class AuditEntry(models.Model):
    """One act, written in the transaction of the act itself and never changed.

    `digest` is made of the act, of the entry before it, and of a key that does not stand in the database.
    """

    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    subject_id = models.BigIntegerField(null=True)
    verb = models.CharField(max_length=60)
    detail = models.JSONField(default=dict)
    previous = models.CharField(max_length=64, default="")
    digest = models.CharField(max_length=64, default="")

    class Meta:
        """Newest first, and quick to find by whom it concerns."""

        ordering: ClassVar = ["-at", "-id"]
        indexes: ClassVar = [models.Index(fields=["subject_id", "-at"], name="audit_by_subject")]

    def __str__(self) -> str:
        """The act in a few words."""
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb}"


class AuditHead(models.Model):
    """The last link of the trail's chain; one row. Whoever adds to the trail waits here for whoever does so now."""

    digest = models.CharField(max_length=64, default="")
    entries = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        """The last link."""
        return self.digest
