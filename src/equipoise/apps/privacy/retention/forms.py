"""Choosing for how many days records are kept."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from equipoise.apps.privacy.retention.queries import Kept


class RetentionForm(forms.Form):
    """A number of days for each kind whose time can be chosen; empty takes the default."""

    def __init__(self, *args: Any, kept: list[Kept], **kwargs: Any) -> None:
        """For these kinds."""
        super().__init__(*args, **kwargs)
        for each in kept:
            self.fields[each.kind.key] = _field(each)

    def days(self) -> dict[str, int | None]:
        """What was chosen."""
        return dict(self.cleaned_data)


def _field(each: Kept) -> forms.IntegerField:
    keeping = each.kind.keeping
    return forms.IntegerField(
        label=str(each.kind.name),
        required=False,
        min_value=keeping.least,
        max_value=keeping.most,
        initial=each.days,
        help_text=_("%(words)s. %(least)d to %(most)d days; empty: %(default)s.")
        % {
            "words": keeping.words,
            "least": keeping.least,
            "most": keeping.most,
            "default": _("not by days")
            if keeping.days is None
            else ngettext("%(days)d day", "%(days)d days", keeping.days) % {"days": keeping.days},
        },
    )
