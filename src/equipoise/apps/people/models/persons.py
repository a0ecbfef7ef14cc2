"""Persons: who uses Equipoise, how they are recognised in a calendar, and how they want to be shown things."""

from datetime import time
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _


class PersonManager(BaseUserManager["Person"]):
    """Makes and finds persons by their sign-in address, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> "Person":
        """The person who signs in with this address."""
        return self.get(email__iexact=username)


class Person(AbstractBaseUser):
    """Someone in charge, with their own records.

    A person without a usable password is the local owner of an own machine, somebody in the demo agency, or somebody
    who signs in elsewhere or has not taken their invitation yet. Who was `invited` came as somebody's assistant or was
    added by an administrator or a directory, and is never taken for the owner of the machine. Who left keeps their
    records until they are erased, but is let in nowhere. Whoever asked for erasing is erased after `erase_after`, and
    can take it back until then; meanwhile no calendar of theirs is read.
    """

    class Theme(models.TextChoices):
        """Colours of the pages."""

        AUTO = "auto", _("As the device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail address"), unique=True)
    more_addresses = models.JSONField(default=list, blank=True)
    zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    language = models.CharField(_("language"), max_length=8, default="en")
    theme = models.CharField(_("colours"), max_length=5, choices=Theme, default=Theme.AUTO)
    work_from = models.TimeField(_("working day starts"), default=time(9))
    work_until = models.TimeField(_("working day ends"), default=time(17))
    unplanned_hours = models.FloatField(_("hours a week of unplanned talk"), null=True, blank=True)
    invited = models.BooleanField(default=False)
    demo_key = models.SlugField(max_length=60, blank=True, default="")
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField()
    left_on = models.DateField(null=True, blank=True)
    erase_after = models.DateTimeField(null=True, blank=True)
    evidence_version = models.PositiveBigIntegerField(default=0)

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        """In the order of names."""

        ordering: ClassVar = ["name", "id"]

    def __str__(self) -> str:
        """The name."""
        return self.name

    @property
    def addresses(self) -> tuple[str, ...]:
        """All mail addresses this person is known by in calendars, in lower case, the sign-in address first."""
        return tuple(dict.fromkeys(address.lower() for address in (self.email, *self.more_addresses) if address))

    @property
    def is_demo(self) -> bool:
        """Whether this is somebody of the demo agency."""
        return bool(self.demo_key)
