"""Where people sign in elsewhere, and what is asked of everybody who signs in."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from equipoise.platform.access import Role


class Provider(models.Model):
    """A server of the organisation at which people sign in. Administrators see it; its secret is seen by nobody.

    `key` stands in the addresses of the exchange. `own_network` lets the server be asked although its address is
    private. `vouches` says that every address it tells is checked by it, `adds_people` that somebody unknown is added.
    """

    class Kind(models.TextChoices):
        """The language of the exchange."""

        OPENID = "oidc", "OpenID Connect"
        SAML = "saml", "SAML"

    kind = models.CharField(max_length=4, choices=Kind)
    key = models.SlugField(max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=60)
    issuer = models.URLField(max_length=300, blank=True)
    client_id = models.CharField(max_length=300, blank=True)
    sealed_secret = models.TextField(blank=True)
    entity_id = models.CharField(max_length=300, blank=True)
    sign_on_address = models.URLField(max_length=500, blank=True)
    certificate = models.TextField(blank=True)
    metadata_address = models.URLField(max_length=500, blank=True)
    own_network = models.BooleanField(default=False)
    vouches = models.BooleanField(default=False)
    adds_people = models.BooleanField(default=False)
    domains = models.JSONField(default=list, blank=True)
    groups_claim = models.CharField(max_length=200, default="groups")
    needed_groups = models.JSONField(default=list, blank=True)
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)

    class Meta:
        """In the order they were connected."""

        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        """The name."""
        return self.name

    @property
    def source(self) -> str:
        """What stands as the source of the roles it gives."""
        return f"{self.kind}:{self.pk}"


class GroupRole(models.Model):
    """A role that everybody has whom a provider tells to be in a group. Administrators see it."""

    ROLES: ClassVar = (Role.ADMINISTRATOR, Role.PARTNER, Role.AUDITOR)

    provider = models.ForeignKey(Provider, on_delete=models.CASCADE, related_name="group_roles")
    group = models.CharField(max_length=300)
    role = models.CharField(max_length=20)

    class Meta:
        """Each once."""

        ordering: ClassVar = ["role", "group"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "group", "role"], name="group_gives_role_once")
        ]

    def __str__(self) -> str:
        """The group and what it gives."""
        return f"{self.group}: {self.role}"


class Policy(models.Model):
    """What is asked of everybody who signs in; one row. Administrators see it.

    `second_factor`: whoever has a role needs a second step. `only_elsewhere`: passwords and passkeys of this server
    let in administrators only.
    """

    second_factor = models.BooleanField(default=False)
    only_elsewhere = models.BooleanField(default=False)

    def __str__(self) -> str:
        """What it is."""
        return "policy of sign-in"
