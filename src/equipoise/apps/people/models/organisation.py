"""The organisation: teams in a tree, who belongs to them, who reports to whom, and what position each holds.

Everything here holds from a day until another; the last day is the one before `until_day`, and none means "still". What
was is never overwritten, so that a past period can be read as it was.
"""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from equipoise.apps.people.models.persons import Person


class Dated(models.Model):
    """Something that holds from a day until the day before another."""

    from_day = models.DateField(_("from"))
    until_day = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        """No table of its own."""

        abstract = True


class Team(models.Model):
    """A team or a unit. Teams of the demo agency stay among themselves."""

    name = models.CharField(_("name"), max_length=120)
    key = models.CharField(_("key"), max_length=80, blank=True, default="")
    demo = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        """In the order of names; a key names one team."""

        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["demo", "key"], condition=~models.Q(key=""), name="team_key_once")
        ]

    def __str__(self) -> str:
        """The name."""
        return self.name


class TeamPlace(Dated):
    """Under which other a team stands; without one it stands at the top."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="places")
    parent = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, blank=True, related_name="places_below")

    class Meta:
        """Oldest first; a team stands in one place at a time, never under itself."""

        ordering: ClassVar = ["from_day", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["team"], condition=models.Q(until_day=None), name="team_stands_once"),
            models.CheckConstraint(
                condition=models.Q(parent=None) | ~models.Q(team=models.F("parent")), name="team_not_under_itself"
            ),
        ]

    def __str__(self) -> str:
        """Which under which."""
        return f"{self.team_id} under {self.parent_id}"


class Membership(Dated):
    """Somebody belongs to a team, or leads it."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    leads = models.BooleanField(_("leads it"), default=False)

    class Meta:
        """Oldest first; nobody belongs to a team twice at a time."""

        ordering: ClassVar = ["from_day", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["team", "person"], condition=models.Q(until_day=None), name="member_once")
        ]

    def __str__(self) -> str:
        """Who of which."""
        return f"{self.person_id} of {self.team_id}"


class ReportingLine(Dated):
    """Somebody reports to somebody; more than one line is allowed, one of them the main one."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="reporting_lines")
    manager = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="lines_to_them")
    main = models.BooleanField(_("main line"), default=True)

    class Meta:
        """Main line first; one main line at a time, nobody reports to themselves."""

        ordering: ClassVar = ["-main", "from_day", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(until_day=None, main=True), name="one_main_line"
            ),
            models.UniqueConstraint(
                fields=["person", "manager"], condition=models.Q(until_day=None), name="reports_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(person=models.F("manager")), name="nobody_reports_to_themselves"
            ),
        ]

    def __str__(self) -> str:
        """Who to whom."""
        return f"{self.person_id} to {self.manager_id}"


class Level(models.TextChoices):
    """How high a position stands."""

    UNKNOWN = "", _("Not said")
    MEMBER = "member", _("Leads nobody")
    PROJECT_LEAD = "project_lead", _("Leads projects")
    TEAM_LEAD = "team_lead", _("Leads a team")
    LEADS_MANAGERS = "leads_managers", _("Leads people who lead")
    FUNCTION_HEAD = "function_head", _("Heads a function or unit")
    CHIEF = "chief", _("Heads the organisation")


class Function(models.TextChoices):
    """What a position works on, in the words of the study behind the behaviour index (DOI 10.1086/705331)."""

    UNKNOWN = "", _("Not said")
    GENERAL = "coo", _("General management and operations")
    FINANCE = "finance", _("Finance")
    MARKETING = "mkting", _("Marketing and sales")
    PRODUCTION = "production", _("Production and service delivery")
    STRATEGY = "strategy", _("Strategy")
    PEOPLE = "hr", _("People (HR)")
    TECHNOLOGY = "it", _("Technology (IT)")
    LEGAL = "legal", _("Legal")
    ADMINISTRATION = "admin", _("Administration")
    OTHER = "other", _("Something else")


class Position(Dated):
    """What somebody is in the organisation. A title is free; level and function have words of their own."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="positions")
    title = models.CharField(_("position"), max_length=120, blank=True)
    level = models.CharField(_("level"), max_length=20, choices=Level, blank=True, default=Level.UNKNOWN)
    function = models.CharField(_("function"), max_length=20, choices=Function, blank=True, default=Function.UNKNOWN)

    class Meta:
        """Oldest first; one position at a time."""

        ordering: ClassVar = ["from_day", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person"], condition=models.Q(until_day=None), name="one_position")
        ]

    def __str__(self) -> str:
        """The title."""
        return self.title
