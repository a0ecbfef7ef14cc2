"""The audit trail: who did what to whose records, and when."""

from typing import ClassVar

from django.db import models


class AuditEntry(models.Model):
    """One act, written in the transaction of the act itself and never changed."""

    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    subject_id = models.BigIntegerField(null=True)
    verb = models.CharField(max_length=60)
    detail = models.JSONField(default=dict)

    class Meta:
        """Newest first, and quick to find by whom it concerns."""

        ordering: ClassVar = ["-at", "-id"]
        indexes: ClassVar = [models.Index(fields=["subject_id", "-at"], name="audit_by_subject")]

    def __str__(self) -> str:
        """The act in a few words."""
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb}"
