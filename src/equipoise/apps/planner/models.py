"""What a person wants of their weeks, what was proposed, and what became of it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from equipoise.core.facets import FACETS
from equipoise.core.planning.habits import WhyNot

FACET_CHOICES = [(facet.value, facet.value) for facet in FACETS]
WHY_NOT_CHOICES = [(why.value, why.value) for why in WhyNot]


class Settings(models.Model):
    """What a person's weeks must leave room for; who has none gets the defaults of `mapping.default_settings`.

    `hours` holds opening and closing time by weekday ("0" is Monday); a weekday that is not there is off. `kept_free`
    holds spans `{"kind": "nothing" | "meetings", "name", "days", "from", "until"}`. `targets` holds hours a week
    `[low, high]` by facet and goes before what the situation calls for.
    """

    class Focus(models.TextChoices):
        """When work that needs focus is best."""

        ANY = "any", _("no matter when")
        MORNING = "morning", _("in the morning")
        AFTERNOON = "afternoon", _("in the afternoon")

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="planner_settings", primary_key=True
    )
    hours = models.JSONField(default=dict)
    kept_free = models.JSONField(default=list)
    lunch_from = models.TimeField(null=True, blank=True)
    lunch_until = models.TimeField(null=True, blank=True)
    lunch_minutes = models.PositiveSmallIntegerField(default=30)
    buffer_minutes = models.PositiveSmallIntegerField(default=15)
    minutes_a_day = models.PositiveSmallIntegerField(default=480)
    travel_words = models.JSONField(default=list)
    travel_minutes = models.PositiveSmallIntegerField(default=30)
    focus = models.CharField(max_length=9, choices=Focus, default=Focus.ANY)
    targets = models.JSONField(default=dict)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        """Whose they are."""
        return f"planner settings of {self.person_id}"


class Wish(models.Model):
    """A kind of block a person wants in their weeks. A row with the key of a default one stands in its place."""

    class Worth(models.TextChoices):
        """How much it matters."""

        MUST = "must", _("must be there")
        HIGH = "high", _("much")
        NORMAL = "normal", _("as usual")
        LOW = "low", _("a little")

    class Energy(models.TextChoices):
        """What it takes."""

        FOCUS = "focus", _("quiet and focus")
        TALK = "talk", _("talk with others")
        ANY = "any", _("neither in particular")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="planner_wishes")
    key = models.SlugField(max_length=60)
    title = models.CharField(_("title"), max_length=120)
    purpose = models.CharField(_("is for"), max_length=12, choices=FACET_CHOICES)
    minutes = models.PositiveSmallIntegerField()
    longest = models.PositiveSmallIntegerField()
    times = models.PositiveSmallIntegerField(default=1)
    every_weeks = models.PositiveSmallIntegerField(default=1)
    days = models.JSONField(default=list)
    earliest = models.TimeField(null=True, blank=True)
    latest = models.TimeField(null=True, blank=True)
    worth = models.CharField(max_length=6, choices=Worth, default=Worth.NORMAL)
    energy = models.CharField(max_length=5, choices=Energy, default=Energy.ANY)
    on = models.BooleanField(default=True)
    changed_at = models.DateTimeField()

    class Meta:
        """One of a key for each person."""

        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "key"], name="wish_key_once")]
        verbose_name_plural = "wishes"

    def __str__(self) -> str:
        """The title."""
        return self.title


class OneToOne(models.Model):
    """Somebody a person wants to see alone every so often; a row for a report stands in place of the usual cadence."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="one_to_ones")
    name = models.CharField(_("name"), max_length=120)
    cadence_days = models.PositiveSmallIntegerField(default=14)
    on = models.BooleanField(default=True)
    added_at = models.DateTimeField()

    class Meta:
        """By name; everybody once."""

        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "name"], name="one_to_one_once")]

    def __str__(self) -> str:
        """The name."""
        return self.name


class Proposal(models.Model):
    """A week as it was proposed last; the blocks of it are rows of their own.

    `objective` and `bound` are the planner's points; `facets` holds minutes and targets, `left_out`, `conflicts` and
    `moves` what the planner says, as plain values.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="proposals")
    monday = models.DateField()
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)
    status = models.CharField(max_length=10)
    objective = models.FloatField(default=0.0)
    bound = models.FloatField(null=True)
    seconds = models.FloatField(default=0.0)
    facets = models.JSONField(default=dict)
    left_out = models.JSONField(default=list)
    conflicts = models.JSONField(default=list)
    moves = models.JSONField(default=list)

    class Meta:
        """Latest week first; one for each week."""

        ordering: ClassVar = ["-monday"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "monday"], name="one_proposal_a_week")]

    def __str__(self) -> str:
        """The week."""
        return f"week of {self.monday}"


class Block(models.Model):
    """A block of a week: proposed, and then what the owner and time made of it.

    `proposed_start` and `proposed_end` stay as they were proposed; `starts_at` and `ends_at` are where the block is
    now. `seen_at` is when it was last found in a calendar that is read, `seen_in` that calendar, `seen_start` and
    `seen_end` where it lay there; `gone_at` is when it was found deleted there. `written` tells that the owner had it
    written to their calendar, so that its changes are carried over.
    """

    class State(models.TextChoices):
        """What the owner said."""

        PROPOSED = "proposed", _("proposed")
        ACCEPTED = "accepted", _("accepted")
        SHIFTED = "shifted", _("moved by you")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("taken back")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="blocks")
    monday = models.DateField()
    uid = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=60)
    number = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=200)
    purpose = models.CharField(max_length=12, choices=FACET_CHOICES)
    proposed_start = models.DateTimeField()
    proposed_end = models.DateTimeField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State, default=State.PROPOSED)
    reasons = models.JSONField(default=list)
    displaced = models.JSONField(default=list)
    sequence = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by_id = models.BigIntegerField(null=True, blank=True)
    why_refused = models.CharField(max_length=13, choices=WHY_NOT_CHOICES, blank=True, default="")
    why_words = models.CharField(max_length=300, blank=True, default="")
    seen_at = models.DateTimeField(null=True, blank=True)
    seen_start = models.DateTimeField(null=True, blank=True)
    seen_end = models.DateTimeField(null=True, blank=True)
    seen_in = models.BigIntegerField(null=True, blank=True)
    gone_at = models.DateTimeField(null=True, blank=True)
    written = models.BooleanField(default=False)

    class Meta:
        """In time; quick to find by week."""

        ordering: ClassVar = ["starts_at", "id"]
        indexes: ClassVar = [models.Index(fields=["person", "monday"], name="block_by_week")]

    def __str__(self) -> str:
        """The title and the state."""
        return f"{self.title}: {self.state}"

    @property
    def taken_as(self) -> "Block.State":
        """The state of a block that is taken where it is now: accepted as proposed, or at another time."""
        same = (self.starts_at, self.ends_at) == (self.proposed_start, self.proposed_end)
        return Block.State.ACCEPTED if same else Block.State.SHIFTED


class Decision(models.Model):
    """One act on blocks, with how they were before, so that it can be taken back."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="plan_decisions")
    act = models.CharField(max_length=12)
    before = models.JSONField(default=list)
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Newest first."""

        ordering: ClassVar = ["-made_at", "-id"]

    def __str__(self) -> str:
        """What was done."""
        return self.act


class Feed(models.Model):
    """The private address at which a person's accepted blocks can be subscribed to.

    Only a digest of its token is kept: the address is shown once, when it is made.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="plan_feed", primary_key=True
    )
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        """Whose it is."""
        return f"feed of {self.person_id}"
