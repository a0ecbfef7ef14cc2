"""Forms of a reflection."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from equipoise.apps.growth.mapping import Content, Words
from equipoise.apps.growth.models import Reflection

LONGEST_ANSWER = 10_000
LONGEST_INTENTION = 300


class MomentField(forms.Field):
    """A moment as a page wrote it down for itself; what is none counts as not given."""

    def to_python(self, value: Any) -> datetime | None:
        """Read it to the microsecond."""
        try:
            found = datetime.fromisoformat(str(value))
        except ValueError:
            return None
        return found if found.tzinfo else None


class _Unseen(forms.HiddenInput):
    """What a page tells the server about itself; a browser that restores forms leaves it alone."""

    def __init__(self) -> None:
        """Not to be filled in by the browser."""
        super().__init__(attrs={"autocomplete": "off"})


class WordsForm(forms.Form):
    """Words to look for in the own reflections."""

    words = forms.CharField(required=False, max_length=100)


class BeginForm(forms.Form):
    """Which week or month to look back at."""

    rhythm = forms.ChoiceField(choices=Reflection.Rhythm.choices)
    start = forms.DateField(input_formats=["%Y-%m-%d"])


class RemindersForm(forms.Form):
    """Which reflections to be reminded of."""

    weekly = forms.BooleanField(label=_("Remind me of the week, from Friday on"), required=False)
    monthly = forms.BooleanField(label=_("Remind me of the month, in the two weeks after it"), required=False)


class ReflectionForm(forms.Form):
    """The questions of one reflection, none of which must be answered; and one intention."""

    def __init__(self, *args: Any, content: Content, monthly: bool, **kwargs: Any) -> None:
        """With a field for every question the reflection was begun with."""
        super().__init__(*args, **kwargs)
        for part in content.parts:
            for each in part.answers:
                self.fields[each.key] = _long_field(each.asked, each.answer)
        if content.meant:
            self.fields["came_of_it"] = _long_field(str(_("What came of it?")), content.came_of_it)
        self.fields["intention"] = forms.CharField(
            label=_("One thing I will do next month") if monthly else _("One thing I will do next week"),
            help_text=_("Small enough to be done, and yours to do. You may leave it empty."),
            required=False,
            max_length=LONGEST_INTENTION,
            initial=content.intention,
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        )
        self.fields["pen"] = forms.CharField(required=False, max_length=22, widget=_Unseen)
        self.fields["since"] = MomentField(required=False, widget=_Unseen)
        self._content = content

    def parts(self) -> list[tuple[str, tuple[str, ...], list[forms.BoundField]]]:
        """For each theme its name, its evidence and its questions, for the page."""
        return [(part.theme, part.evidence, [self[each.key] for each in part.answers]) for part in self._content.parts]

    @property
    def answers(self) -> Mapping[str, str]:
        """What was answered, by the key of the question."""
        return {each.key: self.cleaned_data[each.key] for part in self._content.parts for each in part.answers}

    @property
    def words(self) -> Words:
        """Everything that was written, and on which page."""
        return Words(
            answers=self.answers,
            came_of_it=self.cleaned_data.get("came_of_it", ""),
            intention=self.cleaned_data["intention"],
            pen=self.cleaned_data["pen"],
            since=self.cleaned_data["since"],
        )


def _long_field(label: str, initial: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=LONGEST_ANSWER,
        initial=initial,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )
