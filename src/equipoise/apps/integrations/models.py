"""Tokens, by which other programs come in, and webhooks, by which they are told of acts."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from equipoise.apps.people.models import Person


class Token(models.Model):
    """A token of a person, or of the organisation (no person). Only a digest of its secret is kept."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, blank=True, related_name="tokens")
    name = models.CharField(_("name"), max_length=120)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    used_on = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Newest first."""

        ordering: ClassVar = ["-made_at", "-id"]

    def __str__(self) -> str:
        """The name."""
        return self.name


class Webhook(models.Model):
    """An address that is told of acts, for a person (own records) or for the organisation (no person).

    Seen by the person, or by administrators. Address and secret are sealed; what is told never has content.
    """

    class Paused(models.TextChoices):
        """Why nothing is sent for now."""

        BY_HAND = "hand", _("Paused by hand")
        FAILING = "failing", _("Paused: it took nothing for three days")
        GONE = "gone", _("Paused: the address said it is gone")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, blank=True, related_name="webhooks")
    name = models.CharField(_("name"), max_length=120)
    sealed_address = models.TextField()
    sealed_secret = models.TextField()
    groups = models.JSONField(default=list)
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)
    read_up_to = models.BigIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True, blank=True)
    next_try_at = models.DateTimeField(null=True, blank=True)
    held_until = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    paused_why = models.CharField(max_length=10, choices=Paused, blank=True, default="")

    class Meta:
        """Newest first."""

        ordering: ClassVar = ["-made_at", "-id"]

    def __str__(self) -> str:
        """The name."""
        return self.name


class Delivery(models.Model):
    """One act told, or to be told while it `waits`, to a webhook: numbers and the kind of act. Kept for 14 days."""

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    message = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=100)
    entry_id = models.BigIntegerField(null=True)
    body = models.TextField()
    made_at = models.DateTimeField(db_index=True)
    waits = models.BooleanField(default=True)
    tries = models.PositiveIntegerField(default=0)
    tried_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        """In the order of the acts; an act is told once to a webhook."""

        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["webhook", "entry_id"], name="told_once")]

    def __str__(self) -> str:
        """What was told."""
        return self.kind
