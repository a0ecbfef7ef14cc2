"""What a group of a directory means here."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from equipoise.apps.people.models import Team
from equipoise.apps.provisioning.models import DirectoryGroup
from equipoise.platform.access import Role

NEW = "new"


class MeaningForm(forms.Form):
    """A team, a role, or nothing."""

    meaning = forms.ChoiceField(label=_("Its members"), required=False)
    leads = forms.BooleanField(
        label=_("They lead the team"),
        required=False,
        help_text=_("For a group of those who lead, beside one of those who belong."),
    )

    def __init__(self, data: Any = None, *, group: DirectoryGroup, teams: Iterable[Team]) -> None:
        """For a group, with the teams it can mean."""
        super().__init__(data, initial={"meaning": meaning_of(group), "leads": group.leads})
        self._teams = {team.pk: team for team in teams}
        choice = self.fields["meaning"]
        assert isinstance(choice, forms.ChoiceField)  # noqa: S101 - for the type
        choice.choices = [
            ("", _("are only kept: nothing follows")),
            (NEW, _("are a team of the same name")),
            (_("belong to the team"), [(f"team:{pk}", team.name) for pk, team in self._teams.items()]),
            (_("have the role"), [(f"role:{role}", name) for role, name in DirectoryGroup.ROLES]),
        ]

    def clean(self) -> dict[str, Any]:
        """Only of a team can one be the lead."""
        cleaned = super().clean() or self.cleaned_data
        kind = str(cleaned.get("meaning", "")).partition(":")[0]
        if cleaned.get("leads") and kind not in (NEW, "team"):
            self.add_error("leads", ValidationError(_now("Choose a team they lead.")))
        return cleaned

    def chosen(self) -> dict[str, Any]:
        """What was chosen, as the action takes it."""
        kind, _colon, which = self.cleaned_data["meaning"].partition(":")
        return {
            "team": self._teams[int(which)] if kind == "team" else None,
            "new_team": kind == NEW,
            "role": Role(which) if kind == "role" else None,
            "leads": self.cleaned_data["leads"],
        }


def meaning_of(group: DirectoryGroup) -> str:
    """What a group means, as the form writes it."""
    if group.role:
        return f"role:{group.role}"
    return f"team:{group.team_id}" if group.team_id else ""
