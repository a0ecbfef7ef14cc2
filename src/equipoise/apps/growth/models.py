"""Reflections: private texts, kept so that only who holds the vault's key can read them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Reflection(models.Model):
    """One look back at a week or a month: begun, kept as one writes, finished, removed, erased.

    `sealed` holds the questions as they were asked, the evidence as it was shown and the answers, encrypted; see
    `mapping.Content`. The columns tell when one reflected, never what. `pen` names the open page that wrote last.
    """

    class Rhythm(models.TextChoices):
        """What is looked back at."""

        WEEKLY = "weekly", _("Week")
        MONTHLY = "monthly", _("Month")

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reflections")
    rhythm = models.CharField(max_length=7, choices=Rhythm)
    start = models.DateField()
    sealed = models.TextField()
    pen = models.CharField(max_length=22, blank=True, default="")
    begun_at = models.DateTimeField()
    kept_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """The latest first; one of a week or month, beside removed ones."""

        ordering: ClassVar = ["-start", "rhythm", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["owner", "rhythm", "start"], condition=models.Q(removed_at=None), name="one_reflection"
            )
        ]

    def __str__(self) -> str:
        """The week or month."""
        return f"{self.rhythm} {self.start}"


class Reminder(models.Model):
    """Which reflections a person wants to be reminded of; without a row, of both."""

    owner = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reflection_reminder")
    weekly = models.BooleanField(default=True)
    monthly = models.BooleanField(default=True)

    def __str__(self) -> str:
        """What one is reminded of."""
        return f"weekly {self.weekly}, monthly {self.monthly}"
