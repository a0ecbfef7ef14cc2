"""The audit trail: who did what to whose records, and when."""

from typing import ClassVar

from django.conf import settings
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
    """The last link of the trail's chain; one row. Whoever adds to the trail waits here for whoever does so now.

    `entries` counts all that were ever written. `seal` is made of both and of the key that does not stand in the
    database, so that nobody who writes to the database alone cuts the end off and says that this was all.
    """

    digest = models.CharField(max_length=64, default="")
    entries = models.PositiveBigIntegerField(default=0)
    seal = models.CharField(max_length=64, default="")

    def __str__(self) -> str:
        """The last link."""
        return self.digest


class KeptAnswer(models.Model):
    """The answer to a request of a program that named a key, kept for a day so that it is not done twice.

    Nobody sees it but the token it was given to, and only by sending the same request again.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+")
    token_id = models.BigIntegerField()
    key = models.CharField(max_length=200)
    request_digest = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)
    status = models.PositiveSmallIntegerField(null=True)
    sealed = models.TextField(blank=True, default="")

    class Meta:
        """A key holds once for a token."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["token_id", "key"], name="answered_once")]

    def __str__(self) -> str:
        """The key."""
        return self.key
