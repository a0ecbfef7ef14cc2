"""The Monday mail: who wants it, and what became of each."""

from typing import ClassVar

from django.conf import settings
from django.db import models


class MondayMail(models.Model):
    """Whether a person wants the Monday mail; without a row they do not."""

    owner = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="monday_mail")
    wanted = models.BooleanField(default=False)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        """Whether it is wanted."""
        return f"{self.owner_id}: {self.wanted}"


class MondayMailSent(models.Model):
    """The mail of one Monday: claimed before it is written, and marked as leaving before it leaves.

    A mail that was marked and never told to be sent is not sent again: it may have left. What it said is not kept.
    """

    class State(models.TextChoices):
        """What became of it."""

        WAITING = "waiting"
        LEAVING = "leaving"
        SENT = "sent"
        NOTHING_TO_SAY = "nothing"
        REFUSED = "refused"

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="monday_mails")
    monday = models.DateField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        """The latest first; one of a Monday for each person, whatever happens."""

        ordering: ClassVar = ["-monday", "-id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["owner", "monday"], name="one_mail_a_monday")]

    def __str__(self) -> str:
        """The Monday and what became of its mail."""
        return f"{self.monday}: {self.state}"
