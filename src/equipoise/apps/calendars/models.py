"""Calendars read in, their entries, and what their owner says the entries are for."""

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from equipoise.core.facets import Purpose
from equipoise.core.timeuse.entries import Answer, Recurrence, Relation

LASTING = timedelta(days=40)
"""An occurrence that takes longer is marked, so that it is found in periods that begin long after it."""

PURPOSE_CHOICES = [(purpose.value, purpose.value) for purpose in Purpose]


def _choices(enum: type[Answer] | type[Recurrence] | type[Relation]) -> list[tuple[str, str]]:
    return [(member.value, member.value) for member in enum]


class Account(models.Model):
    """An account with a calendar server (CalDAV), connected by its owner; the password is sealed.

    `offered` is what the server had when it was asked last: address, name, colour and whether it takes entries.
    While `refused` nobody is asked with this password any more; `refusal` says why, by the name of the error.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_accounts")
    address = models.CharField(max_length=2000)
    username = models.CharField(max_length=300)
    sealed_password = models.TextField()
    offered = models.JSONField(default=list)
    refusal = models.CharField(max_length=40, blank=True, default="")
    refused_at = models.DateTimeField(null=True, blank=True)
    connected_at = models.DateTimeField()

    class Meta:
        """Oldest first; one of a name at a server for each person."""

        ordering: ClassVar = ["connected_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "address", "username"], name="calendar_account_once")
        ]

    def __str__(self) -> str:
        """Who, where."""
        return f"{self.username}, {self.address}"


class Calendar(models.Model):
    """One calendar of one person: an uploaded file, a subscribed address, or one of an account.

    `zone` is the owner's when it was read. A subscribed address is sealed, since whoever knows it reads the calendar:
    it is found again by its mark (`address_mark`), and `shown_address` is what may be shown of it. A calendar of an
    account has its address there (`remote`), the server's word for what was read last (`token`), and perhaps takes
    the entries Equipoise writes (`written_to`).

    A calendar that is kept in step is read at `due_at`; after a failure, later (`failures` counts those since the last
    success, `trouble` says the last one). Whoever reads or writes holds the lease.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendars")
    name = models.CharField(_("name"), max_length=200)
    sealed_address = models.TextField(blank=True, default="")
    address_mark = models.CharField(max_length=64, blank=True, default="")
    shown_address = models.CharField(max_length=2000, blank=True, default="")
    account = models.ForeignKey(Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="calendars")
    remote = models.CharField(max_length=2000, blank=True, default="")
    writable = models.BooleanField(default=False)
    written_to = models.BooleanField(default=False)
    zone = models.CharField(max_length=64, default="UTC")
    read_at = models.DateTimeField(null=True, blank=True)
    whole_at = models.DateTimeField(null=True, blank=True)
    paused = models.BooleanField(default=False)
    due_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    trouble_kind = models.CharField(max_length=40, blank=True, default="")
    trouble = models.TextField(blank=True, default="")
    etag = models.TextField(blank=True, default="")
    modified = models.TextField(blank=True, default="")
    token = models.TextField(blank=True, default="")
    lease = models.CharField(max_length=120, blank=True, default="")
    leased_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        """In the order of names; one of a name for each person, and one that is written to."""

        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "name"], name="calendar_name_once"),
            models.UniqueConstraint(
                fields=["owner"], condition=models.Q(written_to=True), name="one_calendar_is_written_to"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["due_at"], name="calendar_by_due")]

    def __str__(self) -> str:
        """The name."""
        return self.name

    @property
    def is_in_step(self) -> bool:
        """Whether it is read again by itself, unless paused."""
        return bool(self.sealed_address) or self.account_id is not None


class Import(models.Model):
    """One reading of a calendar, with how far it is.

    A file waits in `upload`; an address, sealed, until it was read; a calendar that is there already is `calendar`.
    Whoever reads holds the lease, and renews it with each step.

    `failure_kind` is the name of the error that ended it, which pages tell in the reader's language; `failure` is the
    error's own sentence, in English. `lost` entries could not be read; `altered` ones were read otherwise than written.
    `problems` holds the first of both.
    """

    class State(models.TextChoices):
        """How far a reading is."""

        WAITING = "waiting", _("Waiting")
        READING = "reading", _("Reading")
        SORTING = "sorting", _("Sorting")
        SAVING = "saving", _("Saving")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="imports")
    name = models.CharField(max_length=200)
    sealed_address = models.TextField(blank=True, default="")
    calendar = models.ForeignKey(Calendar, null=True, blank=True, on_delete=models.SET_NULL, related_name="imports")
    upload = models.CharField(max_length=200, blank=True, default="")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    steps_done = models.PositiveBigIntegerField(default=0)
    steps_total = models.PositiveBigIntegerField(default=0)
    entries = models.PositiveIntegerField(default=0)
    occurrences = models.PositiveIntegerField(default=0)
    lost = models.PositiveIntegerField(default=0)
    altered = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list)
    failure_kind = models.CharField(max_length=40, blank=True, default="")
    failure = models.TextField(blank=True, default="")
    attempts = models.PositiveSmallIntegerField(default=0)
    lease = models.CharField(max_length=120, blank=True, default="")
    leased_until = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Newest first."""

        ordering: ClassVar = ["-started_at", "-id"]

    def __str__(self) -> str:
        """The name and how far it is."""
        return f"{self.name}: {self.state}"


class Resource(models.Model):
    """One object of a calendar of an account, as it was read last: an entry with its changed occurrences."""

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="resources")
    href = models.CharField(max_length=1000)
    etag = models.CharField(max_length=400, blank=True, default="")
    read_at = models.DateTimeField()

    class Meta:
        """One for each path."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["calendar", "href"], name="resource_once")]

    def __str__(self) -> str:
        """The path."""
        return self.href


class Entry(models.Model):
    """One entry as written in a calendar; see `core.timeuse.entries.Entry` for what each field means.

    `scores` and `vector` are what the model read from it: ten float32, and float16 features to learn by; `model`
    is the mark of the model that read it. `others` are marks of the addresses of the other people in it, from which
    nobody reads an address without the server's key.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="entries")
    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="entries")
    resource = models.ForeignKey(Resource, null=True, blank=True, on_delete=models.CASCADE, related_name="entries")
    uid = models.CharField(max_length=400)
    series = models.CharField(max_length=400)
    title = models.TextField(blank=True)
    description = models.TextField(blank=True)
    minutes = models.FloatField()
    all_day = models.BooleanField(default=False)
    cancelled = models.BooleanField(default=False)
    free = models.BooleanField(default=False)
    private = models.BooleanField(default=False)
    answer = models.CharField(max_length=10, choices=_choices(Answer), default=Answer.NONE.value)
    attendees = models.PositiveIntegerField(null=True, blank=True)
    relation = models.CharField(max_length=14, choices=_choices(Relation), blank=True, default="")
    others = models.JSONField(default=list, blank=True)
    recurring = models.CharField(max_length=10, choices=_choices(Recurrence), default=Recurrence.NO.value)
    organiser_self = models.BooleanField(null=True, blank=True)
    scores = models.BinaryField()
    vector = models.BinaryField()
    model = models.CharField(max_length=16)

    class Meta:
        """Quick to find by series."""

        indexes: ClassVar = [models.Index(fields=["owner", "series"], name="entry_by_series")]
        verbose_name_plural = "entries"

    def __str__(self) -> str:
        """The title."""
        return self.title


class Occurrence(models.Model):
    """One time an entry takes place; `lasting` marks the few that take longer than `LASTING`."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="occurrences")
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="occurrences")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    lasting = models.BooleanField(default=False)

    class Meta:
        """In time; quick to find by time, the long ones by their end."""

        ordering: ClassVar = ["starts_at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["owner", "starts_at"], name="occurrence_by_time"),
            models.Index(fields=["owner", "ends_at"], condition=models.Q(lasting=True), name="occurrence_lasting"),
        ]

    def __str__(self) -> str:
        """The title and the day."""
        return f"{self.entry_id} {self.starts_at:%Y-%m-%d %H:%M}"


class Correction(models.Model):
    """What the owner says all entries of one series are for. An undone or replaced one stays, for undoing back."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="corrections")
    series = models.CharField(max_length=400)
    purpose = models.CharField(max_length=12, choices=PURPOSE_CHOICES)
    said_at = models.DateTimeField()
    said_by_id = models.BigIntegerField()
    replaced = models.BooleanField(default=False)

    class Meta:
        """Newest first; one that holds for each series."""

        ordering: ClassVar = ["-said_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["owner", "series"], condition=models.Q(replaced=False), name="one_correction_holds"
            )
        ]

    def __str__(self) -> str:
        """The series and its purpose."""
        return f"{self.series}: {self.purpose}"


class Rule(models.Model):
    """A rule of the owner: entries whose title has these words are for this, or count as working hours."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="rules")
    words = models.CharField(_("words in the title"), max_length=200)
    purpose = models.CharField(_("is for"), max_length=12, choices=PURPOSE_CHOICES, blank=True, default="")
    all_day_counts = models.BooleanField(_("counts all-day entries as working hours"), default=False)
    made_at = models.DateTimeField()

    class Meta:
        """Oldest first: the first that fits decides."""

        ordering: ClassVar = ["made_at", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["owner", "words"], name="rule_words_once")]

    def __str__(self) -> str:
        """The words and the purpose."""
        return f"{self.words}: {self.purpose or 'as it is'}"


class Movable(models.Model):
    """A series the owner says may be moved when a week is planned; Equipoise itself never moves it."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="movables")
    series = models.CharField(max_length=400)
    said_at = models.DateTimeField()
    said_by_id = models.BigIntegerField()

    class Meta:
        """Once for each series."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["owner", "series"], name="movable_once")]

    def __str__(self) -> str:
        """The series."""
        return self.series


class Written(models.Model):
    """One entry that Equipoise puts into a calendar of an account, and nothing else is ever changed there.

    `state` tells how far the last act is: it waits until the server took it, also when that takes days. The row stays,
    so that one knows an entry for one's own, and what its owner did with it there: `seen_start` and `seen_end` are
    where it lies in the calendar, `gone_at` is when it was found to be gone from there.
    """

    class State(models.TextChoices):
        """How far the last act is."""

        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="written")
    calendar = models.ForeignKey(Calendar, null=True, on_delete=models.SET_NULL, related_name="written")
    uid = models.CharField(max_length=250)
    title = models.TextField()
    description = models.TextField(blank=True, default="")
    purpose = models.CharField(max_length=12, choices=PURPOSE_CHOICES, blank=True, default="")
    planned_start = models.DateTimeField()
    planned_end = models.DateTimeField()
    sequence = models.PositiveIntegerField(default=0)
    wanted = models.BooleanField(default=True)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    due_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveIntegerField(default=0)
    trouble_kind = models.CharField(max_length=40, blank=True, default="")
    trouble = models.TextField(blank=True, default="")
    href = models.CharField(max_length=1000, blank=True, default="")
    etag = models.CharField(max_length=400, blank=True, default="")
    seen_start = models.DateTimeField(null=True, blank=True)
    seen_end = models.DateTimeField(null=True, blank=True)
    gone_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        """In the order they were made; one for each identifier of a person's."""

        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["owner", "uid"], name="written_once")]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=models.Q(state="waiting"), name="written_waiting")
        ]

    def __str__(self) -> str:
        """The title and how far it is."""
        return f"{self.title}: {self.state}"
