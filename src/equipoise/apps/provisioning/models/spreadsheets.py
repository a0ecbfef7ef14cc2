"""Tables of people and teams that were read in: what they say, and what they changed, so that it can be undone."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from equipoise.apps.people.models import Person, Team


class SpreadsheetImport(models.Model):
    """A table of people and teams, from when it was handed in. Seen by administrators.

    The file is not kept. `rows` is what was read of it, until it is carried out or dropped; afterwards only counts are
    left. `leavers` are numbers of people who are not in the table and shall leave on `leave_on`.
    """

    class State(models.TextChoices):
        """How far it is."""

        PLANNED = "planned", _("not carried out yet")
        RUNNING = "running", _("being carried out")
        DONE = "done", _("carried out")
        UNDONE = "undone", _("undone")
        DROPPED = "dropped", _("dropped")

    made_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="spreadsheet_imports")
    made_at = models.DateTimeField()
    demo = models.BooleanField(default=False)
    name = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    rows = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    leavers = models.JSONField(default=list)
    leave_on = models.DateField(null=True)
    agreed = models.CharField(max_length=64, blank=True, default="")
    agreed_at = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict)
    failure = models.CharField(max_length=500, blank=True, default="")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """Newest first."""

        ordering: ClassVar = ["-made_at", "-id"]

    def __str__(self) -> str:
        """The name of the file."""
        return self.name


class ImportedRow(models.Model):
    """What one import found of a person or team before it changed them, to undo it. Seen by nobody.

    `before` is empty for what it added. `after` is a digest of what it left behind: while it is the same, nothing else
    has changed them.
    """

    of = models.ForeignKey(SpreadsheetImport, on_delete=models.CASCADE, related_name="imported_rows")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="imported_rows")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, related_name="imported_rows")
    before = models.JSONField(default=dict)
    after = models.CharField(max_length=64)

    class Meta:
        """In the order they were touched; each is of a person or of a team."""

        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(person=None, team__isnull=False) | models.Q(person__isnull=False, team=None),
                name="imported_person_or_team",
            )
        ]

    def __str__(self) -> str:
        """Whom, by which."""
        return f"{self.person_id or self.team_id} by {self.of_id}"
