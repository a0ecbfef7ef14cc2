"""Roles beside that of a member, and the links by which people who were added come to sign in."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from equipoise.apps.people.models.persons import Person
from equipoise.platform.access import Role


class Grant(models.Model):
    """Somebody has a role, from when it was given until it is taken away.

    `source` says who keeps it: "hand" for what an administrator gave, else the directory whose groups give it; a
    directory takes away only what it gave.
    """

    ROLES: ClassVar = [
        (Role.ADMINISTRATOR.value, _("Administrator")),
        (Role.PARTNER.value, _("People partner")),
        (Role.AUDITOR.value, _("Auditor")),
    ]
    BY_HAND: ClassVar = "hand"

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(_("role"), max_length=20, choices=ROLES)
    source = models.CharField(max_length=20, default=BY_HAND)
    given_at = models.DateTimeField()
    given_by_id = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Newest first; one that holds for each role and source."""

        ordering: ClassVar = ["-given_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "role", "source"], condition=models.Q(ended_at=None), name="granted_once"
            )
        ]

    def __str__(self) -> str:
        """Who and what."""
        return f"{self.person_id}: {self.role}"


class Joining(models.Model):
    """A link by which somebody who was added sets a password and comes in. Only a digest of its secret is kept.

    Administrators see that it is open and until when; the secret is shown once, or goes by mail. `mail` says what
    became of the mail; a link that waits to be mailed gets its secret when it leaves.
    """

    class Mail(models.TextChoices):
        """What became of the mail that brings the link."""

        NONE = "", _("handed over")
        WAITING = "waiting", _("mail on its way")
        LEAVING = "leaving", _("the mail server fell silent")
        SENT = "sent", _("sent by mail")
        REFUSED = "refused", _("refused by the mail server")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="joinings")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)
    expires_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, blank=True)
    mail = models.CharField(max_length=8, choices=Mail, blank=True, default=Mail.NONE)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Newest first."""

        ordering: ClassVar = ["-made_at", "-id"]

    def __str__(self) -> str:
        """Whom it is for."""
        return str(self.person_id)
