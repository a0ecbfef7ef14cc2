"""What a person's situation calls for, as far as they said and measured it."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from equipoise.apps.change import mapping
from equipoise.apps.change.models import Override, Scan
from equipoise.apps.people import standing
from equipoise.apps.people.models import Person
from equipoise.core.situation.overrides import with_sets
from equipoise.core.situation.profile import CalledFor, NeedProfile
from equipoise.core.situation.roles import Role
from equipoise.core.situation.scan import DUE_AFTER_DAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What is known of a person's situation on a day.

    Attributes:
        scan: The scan that holds.
        profile: What was worked out from it.
        overrides: The bands the person set themselves, by what they are for.
        called_for: What is called for, with these in their place and the rest in step.
    """

    scan: Scan
    profile: NeedProfile
    overrides: dict[str, Override]
    called_for: CalledFor

    @property
    def due(self) -> date:
        """The day a new scan is due."""
        return _day(self.scan.made_at, self.scan.owner) + timedelta(days=DUE_AFTER_DAYS)


def called_for(person: Person, *, on: date) -> CalledFor | None:
    """What the situation called for on a day in the person's zone, as the person has it; `None` before the first scan.

    Both the scan and the person's own bands are those that held at the end of that day.
    """
    found = situation(person, on=on)
    return found.called_for if found else None


def situation(person: Person, *, on: date) -> Situation | None:
    """What is known of the situation on a day in the person's zone; `None` before the first scan."""
    until = _end_of(on, person)
    scan = Scan.objects.select_related("owner").filter(owner=person, made_at__lt=until).first()
    return _situation(scan, until) if scan else None


def situation_of_scan(person: Person, scan_id: int) -> Situation:
    """What one of the person's own scans said, without the bands they set.

    Raises:
        Scan.DoesNotExist: When it is not there, or somebody else's.
    """
    scan = Scan.objects.select_related("owner").get(owner=person, pk=scan_id)
    profile = mapping.profile_of(scan.profile)
    return Situation(scan=scan, profile=profile, overrides={}, called_for=profile.called_for)


def _situation(scan: Scan, until: datetime) -> Situation:
    holding = Override.objects.filter(owner=scan.owner, made_at__lt=until).filter(
        Q(ended_at=None) | Q(ended_at__gte=until)
    )
    overrides: dict[str, Override] = {}
    for each in holding:
        overrides.setdefault(each.target, each)
    profile = mapping.profile_of(scan.profile)
    called = with_sets(profile.called_for, tuple(mapping.set_of(each) for each in overrides.values()))
    return Situation(scan=scan, profile=profile, overrides=overrides, called_for=called)


def is_scan_due(found: Situation | None, today: date) -> bool:
    """Whether it is time for a scan, by what is known today: there is none yet, or the last is a quarter old."""
    return found is None or today >= found.due


def has_scan(person: Person) -> bool:
    """Whether the person ever said anything of their situation."""
    return Scan.objects.filter(owner=person).exists()


def scans_of(person: Person) -> list[Scan]:
    """All scans, newest first."""
    return list(Scan.objects.filter(owner=person))


def scan_rows(person: Person) -> QuerySet[Scan]:
    """All scans, to be shown page by page."""
    return Scan.objects.filter(owner=person)


def override_rows(person: Person) -> QuerySet[Override]:
    """All bands the person ever set, to be shown page by page."""
    return Override.objects.filter(owner=person)


def overrides_of(person: Person) -> list[Override]:
    """All bands the person ever set, newest first."""
    return list(Override.objects.filter(owner=person))


def override_of(person: Person, override_id: int) -> Override:
    """One band of the person's own.

    Raises:
        Override.DoesNotExist: When it is not there, or somebody else's.
    """
    return Override.objects.get(owner=person, pk=override_id)


def export(person: Person) -> dict[str, object]:
    """Everything kept about the person's situation, as plain values for an export."""
    return {
        "situation": {
            "scans": list(Scan.objects.filter(owner=person).values("made_at", "answers", "version", "profile")),
            "own_bands": list(
                Override.objects.filter(owner=person).values(
                    "target", "low", "high", "computed_low", "computed_high", "reason", "made_at", "ended_at"
                )
            ),
        }
    }


def _end_of(day: date, person: Person) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=ZoneInfo(person.zone))


def _day(moment: datetime, person: Person) -> date:
    return moment.astimezone(ZoneInfo(person.zone)).date()


def answers_known(person: Person, *, on: date) -> dict[str, str]:
    """Answers to the scan that the organisation knows: what one is in charge of, and how many people report to one.

    Nothing at all when nobody said what position the person holds.
    """
    position = standing.position_of(person, on=on)
    if position is None or not position.level:
        return {}
    count = standing.reports_of(person, on=on).count()
    spans = ((0, "none"), (5, "few"), (10, "several"), (15, "many"))
    known = {"span": next((choice for most, choice in spans if count <= most), "very_many")}
    return known | ({"role": position.level} if position.level in set(Role) else {})
