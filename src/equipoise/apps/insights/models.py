"""The Monday mail: who wants it, and what became of each. Whose calendar counts in pictures of teams, and these."""

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


class CountedIn(models.Model):
    """Whether a person's calendar counts in what is shown of their teams and the organisation.

    Without a row it does not; that of somebody in the demo agency does. Only the person sees it and chooses it.
    """

    owner = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="counted_in")
    wanted = models.BooleanField(default=False)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        """Whether it counts."""
        return f"{self.owner_id}: {self.wanted}"


class ClosedMonth(models.Model):
    """A month that is over: claimed before it is measured, and its pictures made once. It holds nothing of anybody.

    The thresholds stand beside what was released under them.
    """

    demo = models.BooleanField(default=False)
    first_day = models.DateField()
    least = models.PositiveSmallIntegerField()
    least_for_parts = models.PositiveSmallIntegerField()
    claimed_until = models.DateTimeField()
    made_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """The latest first; each is closed once."""

        ordering: ClassVar = ["-first_day", "-id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["demo", "first_day"], name="month_closed_once")]

    def __str__(self) -> str:
        """The month."""
        return f"{self.first_day:%Y-%m}"


class TeamPicture(models.Model):
    """What is told of one group in one month, for good: rounded values and bands of counts, never those of one person.

    `told` is empty for a group that is not shown. `sets` holds, for each figure, keyed digests of the people it was
    made from, by which a later release is checked against this one. Members see those of the organisation and of their
    teams, leads those below them, people partners all; the digests nobody.
    """

    class Scope(models.TextChoices):
        """Who belongs to the group: everybody, a team with all below it, or the team's own members."""

        WHOLE = "whole"
        UNIT = "unit"
        OWN = "own"

    month = models.ForeignKey(ClosedMonth, on_delete=models.CASCADE, related_name="pictures")
    scope = models.CharField(max_length=5, choices=Scope)
    team = models.ForeignKey("people.Team", on_delete=models.SET_NULL, null=True, blank=True, related_name="pictures")
    told = models.JSONField(default=dict, blank=True)
    sets = models.JSONField(default=dict, blank=True)

    class Meta:
        """In the order they were made."""

        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["month", "scope", "team"], name="one_picture_a_month"),
            models.UniqueConstraint(
                fields=["month"], condition=models.Q(scope="whole"), name="one_picture_of_all_a_month"
            ),
        ]

    def __str__(self) -> str:
        """Which group, and whether it is shown."""
        return f"{self.scope} {self.team_id}: {'shown' if self.told else 'not shown'}"
