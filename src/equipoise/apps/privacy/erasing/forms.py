"""Asking for erasing."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from equipoise.apps.people.forms import EraseForm
from equipoise.apps.people.models import Person


class ErasingForm(EraseForm):
    """One's own address to confirm; on an own machine also whether to wait."""

    at_once = forms.BooleanField(
        label=_("At once, without a waiting time"),
        required=False,
        help_text=_("Then nothing can be taken back."),
    )

    def __init__(self, *args: Any, person: Person, alone: bool, **kwargs: Any) -> None:
        """For the person whose records go; `alone` where there is nobody else."""
        super().__init__(*args, person=person, **kwargs)
        if not alone:
            del self.fields["at_once"]
