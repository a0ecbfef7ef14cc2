"""Forms about a person's weeks."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from equipoise.apps.calendars.words import PURPOSE_NAMES
from equipoise.apps.planner import mapping, models
from equipoise.apps.planner.words import why_not_choices
from equipoise.core.facets import FACETS, Purpose

KEPT_FREE_ROWS = 6
QUARTER = 15
LONGEST_DAY, LONGEST_BLOCK = 24 * 60, 12 * 60


def _clock(label: Any, *, required: bool = False) -> forms.TimeField:
    return forms.TimeField(
        label=label, required=required, widget=forms.TimeInput(attrs={"type": "time", "step": "900"}, format="%H:%M")
    )


def _minutes(label: Any, *, least: int, most: int, help_text: Any = "", required: bool = True) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=most,
        help_text=help_text,
        required=required,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


def _days(label: Any) -> forms.TypedMultipleChoiceField:
    return forms.TypedMultipleChoiceField(
        label=label,
        required=False,
        coerce=int,
        choices=list(WEEKDAYS_ABBR.items()),
        widget=forms.CheckboxSelectMultiple,
    )


class WeekForm(forms.Form):
    """Which week is meant, by any of its days."""

    week = forms.DateField()


class ShiftForm(forms.Form):
    """Another time for a block: a day of its week, a time, and how long."""

    day = forms.TypedChoiceField(label=_("Day"), coerce=date.fromisoformat)
    start = _clock(_("Starts"), required=True)
    minutes = _minutes(_("Minutes"), least=5, most=LONGEST_BLOCK, required=False)

    def __init__(self, *args: Any, monday: date, zone: ZoneInfo, **kwargs: Any) -> None:
        """For a block of this week, on the clock of this zone."""
        super().__init__(*args, **kwargs)
        self._zone = zone
        days = [monday + timedelta(days=step) for step in range(7)]
        shown = pgettext("format of a day with its name", "l, j M")
        self.fields["day"].choices = [(day.isoformat(), date_format(day, shown)) for day in days]  # type: ignore[attr-defined]

    @property
    def starts_at(self) -> datetime:
        """The new start; where clocks skip that time, the moment after."""
        local = datetime.combine(self.cleaned_data["day"], self.cleaned_data["start"], tzinfo=self._zone)
        return local.astimezone(ZoneInfo("UTC"))

    @property
    def length(self) -> timedelta | None:
        """The new length; `None` to keep it."""
        minutes = self.cleaned_data["minutes"]
        return timedelta(minutes=minutes) if minutes else None


class RefuseForm(forms.Form):
    """Why a block is refused, if the person likes to say."""

    why = forms.ChoiceField(label=_("Why?"), required=False, choices=why_not_choices)
    words = forms.CharField(label=_("In your words"), required=False, max_length=300)


class OneToOneForm(forms.Form):
    """Somebody to be seen alone, and how often."""

    name = forms.CharField(label=_("Name"), max_length=120, strip=True)
    cadence_days = _minutes(_("Every how many days"), least=1, most=366)


class KindForm(forms.Form):
    """A kind of block."""

    title = forms.CharField(label=_("What it is called in your calendar"), max_length=120, strip=True)
    purpose = forms.ChoiceField(label=_("It is for"))
    minutes = _minutes(_("At least how many minutes, unbroken"), least=QUARTER, most=LONGEST_BLOCK)
    longest = _minutes(_("At most how many minutes"), least=QUARTER, most=LONGEST_BLOCK)
    times = _minutes(_("How many in such a week"), least=1, most=14)
    every_weeks = _minutes(_("Every how many weeks"), least=1, most=52, help_text=_("1 for every week."))
    days = _days(_("On which days"))
    earliest = _clock(_("Not before"))
    latest = _clock(_("Ended by"))
    worth = forms.ChoiceField(label=_("How much it matters"), choices=models.Wish.Worth.choices)
    energy = forms.ChoiceField(label=_("What it takes"), choices=models.Wish.Energy.choices)
    on = forms.BooleanField(label=_("Propose such blocks"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """With the facets in the reader's language."""
        super().__init__(*args, **kwargs)
        self.fields["purpose"].choices = [(facet.value, PURPOSE_NAMES[facet.value]) for facet in FACETS]  # type: ignore[attr-defined]

    @staticmethod
    def initial_of(kind: mapping.Kind) -> dict[str, Any]:
        """The form filled with a kind as it is."""
        return mapping.kind_fields(kind)

    def clean(self) -> dict[str, Any]:
        """The longest is not shorter than the shortest, and both fit between the times."""
        cleaned = super().clean() or self.cleaned_data
        least, most = cleaned.get("minutes"), cleaned.get("longest")
        if least and most and most < least:
            self.add_error("longest", _("At most cannot be less than at least."))
        earliest, latest = cleaned.get("earliest"), cleaned.get("latest")
        if earliest and latest and least and _minute(latest) - _minute(earliest) < least:
            self.add_error("latest", _("Between the two times there is no room for such a block."))
        return cleaned

    def kind(self, key: str, *, own: bool) -> mapping.Kind:
        """What a valid form holds."""
        cleaned = self.cleaned_data
        return mapping.Kind(
            key=key,
            title=cleaned["title"],
            purpose=Purpose(cleaned["purpose"]),
            minutes=cleaned["minutes"],
            longest=cleaned["longest"],
            times=cleaned["times"],
            every_weeks=cleaned["every_weeks"],
            days=tuple(cleaned["days"]),
            earliest=cleaned["earliest"],
            latest=cleaned["latest"],
            worth=cleaned["worth"],
            energy=cleaned["energy"],
            on=cleaned["on"],
            own=own,
        )


class KeptFreeForm(forms.Form):
    """One span kept free each week; an empty one is none."""

    name = forms.CharField(label=_("What for"), max_length=80, required=False, strip=True)
    kind = forms.ChoiceField(
        label=_("Kept free of"),
        required=False,
        choices=[(mapping.NOTHING, _("everything")), (mapping.MEETINGS, _("talk with others"))],
    )
    days = _days(_("Days"))
    opens = _clock(_("From"))
    closes = _clock(_("Until"))

    @property
    def is_empty(self) -> bool:
        """Whether nothing was filled in."""
        return not any(self.cleaned_data.get(name) for name in ("name", "days", "opens", "closes"))

    def clean(self) -> dict[str, Any]:
        """Days and both times, or none of them."""
        cleaned = super().clean() or self.cleaned_data
        opens, closes = cleaned.get("opens"), cleaned.get("closes")
        if self.errors or self.is_empty:
            return cleaned
        if not (cleaned.get("days") and opens and closes):
            raise ValidationError(_("Give the days and both times, or empty the line."))
        if closes <= opens:
            raise ValidationError(_("It must end after it starts."))
        return cleaned

    def value(self) -> mapping.KeptFree:
        """What a valid form that is not empty holds."""
        cleaned = self.cleaned_data
        return mapping.KeptFree(
            kind=cleaned["kind"] or mapping.NOTHING,
            name=cleaned["name"],
            days=tuple(cleaned["days"]),
            opens=cleaned["opens"],
            closes=cleaned["closes"],
        )


class PlannerForm(forms.Form):
    """What a person's weeks must leave room for: hours by weekday, breaks, limits, travel, focus and targets."""

    lunch_from = _clock(_("Lunch between"))
    lunch_until = _clock(_("and"))
    lunch_minutes = _minutes(_("Minutes of it"), least=QUARTER, most=180)
    buffer_minutes = _minutes(
        _("Minutes between a block and its neighbours"), least=0, most=120, help_text=_("0 for none.")
    )
    minutes_a_day = _minutes(
        _("Minutes a day at most"),
        least=60,
        most=LONGEST_DAY,
        help_text=_("Your entries and proposed blocks together. A day that is fuller gets no block."),
    )
    travel_words = forms.CharField(
        label=_("Words that mean travel"),
        required=False,
        max_length=400,
        help_text=_("Parted by commas, such as: on site, client office. Time is kept before and after such entries."),
    )
    travel_minutes = _minutes(_("Minutes of travel, each way"), least=0, most=480)
    focus = forms.ChoiceField(label=_("Quiet work is best"), choices=models.Settings.Focus.choices)

    def __init__(self, *args: Any, wanted: mapping.Wanted, **kwargs: Any) -> None:
        """Filled with what is wanted so far."""
        super().__init__(*args, **{"initial": _initial(wanted), **kwargs})
        for day, name in WEEKDAYS.items():
            self.fields[f"from_{day}"] = _clock(name)
            self.fields[f"until_{day}"] = _clock(name)
        for facet in FACETS:
            for end in ("low", "high"):
                self.fields[f"{end}_{facet}"] = forms.FloatField(
                    label=str(PURPOSE_NAMES[facet.value]), required=False, min_value=0, max_value=60,
                    widget=forms.NumberInput(attrs={"step": "0.5", "inputmode": "decimal"}),
                )  # fmt: skip

    def hours_rows(self) -> Iterable[tuple[Any, forms.BoundField, forms.BoundField]]:
        """Each weekday with its two fields."""
        return [(name, self[f"from_{day}"], self[f"until_{day}"]) for day, name in WEEKDAYS.items()]

    def target_rows(self) -> Iterable[tuple[str, forms.BoundField, forms.BoundField]]:
        """Each facet with its two fields."""
        return [(facet.value, self[f"low_{facet}"], self[f"high_{facet}"]) for facet in FACETS]

    def clean(self) -> dict[str, Any]:
        """Both ends of a span, or none; and some working day."""
        cleaned = super().clean() or self.cleaned_data
        for day in WEEKDAYS:
            self._check_span(f"from_{day}", f"until_{day}", _("Give both times, or none for a day off."))
        self._check_span("lunch_from", "lunch_until", _("Give both times, or none for no lunch."))
        opens, closes = cleaned.get("lunch_from"), cleaned.get("lunch_until")
        if (
            opens
            and closes
            and cleaned.get("lunch_minutes")
            and _minute(closes) - _minute(opens) < cleaned["lunch_minutes"]
        ):
            self.add_error("lunch_minutes", _("So long a lunch does not fit between the two times."))
        for facet in FACETS:
            low, high = cleaned.get(f"low_{facet}"), cleaned.get(f"high_{facet}")
            if (low is None) != (high is None) or (low is not None and high is not None and high < low):
                self.add_error(f"high_{facet}", _("Give both hours, the second not smaller, or none."))
        if not self.errors and not any(cleaned.get(f"from_{day}") for day in WEEKDAYS):
            raise ValidationError(_("Give working hours for at least one day."))
        return cleaned

    def _check_span(self, first: str, last: str, both: Any) -> None:
        opens, closes = self.cleaned_data.get(first), self.cleaned_data.get(last)
        if first in self.errors or last in self.errors:
            return
        if (opens is None) != (closes is None):
            self.add_error(last, both)
        elif opens and closes and closes <= opens:
            self.add_error(last, _("It must end after it starts."))

    def wanted(self, kept_free: tuple[mapping.KeptFree, ...]) -> mapping.Wanted:
        """What a valid form holds."""
        cleaned = self.cleaned_data
        lunch = None
        if cleaned["lunch_from"]:
            lunch = mapping.Lunch(
                opens=cleaned["lunch_from"], closes=cleaned["lunch_until"], minutes=cleaned["lunch_minutes"]
            )
        words = (" ".join(word.split()) for word in cleaned["travel_words"].split(","))
        return mapping.Wanted(
            hours={
                day: (cleaned[f"from_{day}"], cleaned[f"until_{day}"]) for day in WEEKDAYS if cleaned[f"from_{day}"]
            },
            kept_free=kept_free,
            lunch=lunch,
            buffer_minutes=cleaned["buffer_minutes"],
            minutes_a_day=cleaned["minutes_a_day"],
            travel_words=tuple(word for word in words if word),
            travel_minutes=cleaned["travel_minutes"],
            focus=cleaned["focus"],
            targets={
                facet: (cleaned[f"low_{facet}"], cleaned[f"high_{facet}"])
                for facet in FACETS
                if cleaned[f"low_{facet}"] is not None
            },
        )


KeptFreeRows = forms.formset_factory(KeptFreeForm, extra=2, max_num=KEPT_FREE_ROWS * 2, absolute_max=KEPT_FREE_ROWS * 2)


def kept_free_initial(wanted: mapping.Wanted) -> list[dict[str, Any]]:
    """The spans kept free so far, as the rows of their form."""
    return [
        {"name": each.name, "kind": each.kind, "days": list(each.days), "opens": each.opens, "closes": each.closes}
        for each in wanted.kept_free
    ]


def _initial(wanted: mapping.Wanted) -> dict[str, Any]:
    lunch = wanted.lunch
    found: dict[str, Any] = {
        "lunch_from": lunch.opens if lunch else None,
        "lunch_until": lunch.closes if lunch else None,
        "lunch_minutes": lunch.minutes if lunch else 30,
        "buffer_minutes": wanted.buffer_minutes,
        "minutes_a_day": wanted.minutes_a_day,
        "travel_words": ", ".join(wanted.travel_words),
        "travel_minutes": wanted.travel_minutes,
        "focus": wanted.focus,
    }
    for day, (opens, closes) in wanted.hours.items():
        found |= {f"from_{day}": opens, f"until_{day}": closes}
    for facet, (low, high) in wanted.targets.items():
        found |= {f"low_{facet}": low, f"high_{facet}": high}
    return found


def _minute(clock: time) -> int:
    return 60 * clock.hour + clock.minute
