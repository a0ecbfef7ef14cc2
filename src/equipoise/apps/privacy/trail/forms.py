"""Looking for acts in the trail."""

from django import forms
from django.utils.translation import gettext_lazy as _

from equipoise.apps.privacy.trail.queries import Sought


class SoughtForm(forms.Form):
    """Who, on whom, what, and when; each may stay empty."""

    who = forms.CharField(label=_("Who"), required=False, max_length=120)
    whom = forms.CharField(label=_("On whose records"), required=False, max_length=120)
    verb = forms.ChoiceField(label=_("What"), required=False)
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, data: object, *, verbs: list[tuple[str, str]]) -> None:
        """With what there is to choose from."""
        super().__init__(data)  # type: ignore[arg-type]
        self.fields["verb"].choices = [("", _("Everything")), *verbs]  # type: ignore[attr-defined]

    def sought(self) -> Sought:
        """What is looked for; what makes no sense is left out."""
        self.full_clean()
        told = self.cleaned_data
        return Sought(
            who=told.get("who", ""),
            whom=told.get("whom", ""),
            verb=told.get("verb", ""),
            since=told.get("since"),
            until=told.get("until"),
        )
