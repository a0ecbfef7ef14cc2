"""Tokens: what other programs show instead of a person's sign-in."""

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
