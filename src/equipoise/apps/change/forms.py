"""Forms about a situation."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from equipoise.apps.change import mapping
from equipoise.apps.change.words import QUESTION_WORDS, choices_of
from equipoise.core.situation.profile import Band
from equipoise.core.situation.scan import QUESTIONS

SINCE = "change_since"
LONG_CHANGES = ("ways", "strategy", "merger")
EARLIEST = date(1990, 1, 1)


class ScanForm(forms.Form):
    """The twelve questions, and since when a large change has been under way."""

    change_since = forms.DateField(
        label=_("Since when? (if you like)"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Give a day, such as 2026-09-01.")},
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        """With the questions in the reader's language."""
        super().__init__(*args, **kwargs)
        self._today = today
        for question in QUESTIONS:
            self.fields[question.key] = forms.ChoiceField(
                label=str(QUESTION_WORDS[question.key]),
                choices=choices_of(question.key),
                widget=forms.RadioSelect,
                error_messages={"required": _("Choose an answer."), "invalid_choice": _("Choose an answer.")},
            )
        self.order_fields([question.key for question in QUESTIONS])

    def questions(self) -> Iterator[forms.BoundField]:
        """The twelve questions, as fields."""
        return (self[question.key] for question in QUESTIONS)

    def clean_change_since(self) -> date | None:
        """A change under way began on a day before today."""
        since: date | None = self.cleaned_data[SINCE]
        if since and not EARLIEST <= since <= self._today:
            raise ValidationError(_("A change under way began today or earlier."))
        return since

    @property
    def answers(self) -> dict[str, str]:
        """The answers of a valid form, as they are kept."""
        answers = {question.key: self.cleaned_data[question.key] for question in QUESTIONS}
        since = self.cleaned_data[SINCE]
        return answers | ({SINCE: since.isoformat()} if since and answers["change"] in LONG_CHANGES else {})


class BandForm(forms.Form):
    """A band of one's own: in percent, or as a lean from -1 to +1."""

    low = forms.FloatField(label=_("From"))
    high = forms.FloatField(label=_("To"))
    reason = forms.CharField(
        label=_("Why?"),
        max_length=500,
        help_text=_("A sentence for yourself, to read when you look back."),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why. You will want to know when you look back.")},
    )

    def __init__(self, *args: Any, target: str, **kwargs: Any) -> None:
        """For one band."""
        super().__init__(*args, **kwargs)
        self._lean = mapping.is_axis(target)
        for name in ("low", "high"):
            attrs = {
                "step": "0.05" if self._lean else "1",
                "min": -1 if self._lean else 0,
                "max": 1 if self._lean else 100,
            }
            self.fields[name].widget = forms.NumberInput(attrs=attrs)

    def clean(self) -> dict[str, Any]:
        """Inside the limits, and not backwards."""
        cleaned = super().clean() or self.cleaned_data
        least, most = (-1, 1) if self._lean else (0, 100)
        for name in ("low", "high"):
            value = cleaned.get(name)
            if value is not None and not least <= value <= most:
                self.add_error(name, _("Give a number from %(least)d to %(most)d.") % {"least": least, "most": most})
        if not self.errors and cleaned["high"] < cleaned["low"]:
            self.add_error("high", _("The band ends before it begins. Give a larger number here."))
        return cleaned

    @property
    def band(self) -> Band:
        """The band of a valid form, in the units of the core."""
        scale = 1 if self._lean else 100
        return Band(low=self.cleaned_data["low"] / scale, high=self.cleaned_data["high"] / scale)
