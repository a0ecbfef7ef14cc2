"""Forms of a reflection."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from equipoise.apps.growth.mapping import Content
from equipoise.apps.growth.models import Reflection

LONGEST_ANSWER = 10_000
LONGEST_INTENTION = 300


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
        self._content = content

    def parts(self) -> list[tuple[str, tuple[str, ...], list[forms.BoundField]]]:
        """For each theme its name, its evidence and its questions, for the page."""
        return [(part.theme, part.evidence, [self[each.key] for each in part.answers]) for part in self._content.parts]

    @property
    def answers(self) -> Mapping[str, str]:
        """What was answered, by the key of the question."""
        return {each.key: self.cleaned_data[each.key] for part in self._content.parts for each in part.answers}

    @property
    def given(self) -> dict[str, Any]:
        """Everything that was written, as the actions take it."""
        return {
            "answers": self.answers,
            "came_of_it": self.cleaned_data.get("came_of_it", ""),
            "intention": self.cleaned_data["intention"],
        }


def _long_field(label: str, initial: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=LONGEST_ANSWER,
        initial=initial,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )
