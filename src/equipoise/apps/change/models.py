"""Scans of a situation, and the bands their owner set in place of what was worked out."""

from typing import ClassVar

from django.conf import settings
from django.db import models


class Scan(models.Model):
    """One round of answers, with the profile they gave under the rules of that day, stored whole.

    `answers` holds the choice by question, and `change_since` (a day) where it was said. `made_by_id` is empty for the
    demo agency.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="scans")
    answers = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)
    version = models.CharField(max_length=20)
    profile = models.JSONField(default=dict)

    class Meta:
        """Newest first."""

        ordering: ClassVar = ["-made_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["owner", "-made_at"], name="scan_by_owner")]

    def __str__(self) -> str:
        """Whose, and when."""
        return f"{self.owner_id}: {self.made_at:%Y-%m-%d}"


class Override(models.Model):
    """A band the owner set, why, and what was worked out at that time. An ended one stays.

    `target` is "leading", the name of an axis, or a facet; the ends are a share of 0..1, or a lean of -1..1.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="overrides")
    target = models.CharField(max_length=12)
    low = models.FloatField()
    high = models.FloatField()
    computed_low = models.FloatField()
    computed_high = models.FloatField()
    reason = models.CharField(max_length=500)
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Newest first; one that holds for each target."""

        ordering: ClassVar = ["-made_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["owner", "target"], condition=models.Q(ended_at=None), name="one_override_holds"
            ),
            models.CheckConstraint(condition=models.Q(low__lte=models.F("high")), name="override_forwards"),
        ]

    def __str__(self) -> str:
        """What for, from where to where."""
        return f"{self.target}: {self.low:g} to {self.high:g}"
