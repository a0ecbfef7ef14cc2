"""Forms about tables of people and teams."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from equipoise.adapters.spreadsheets import MOST_BYTES
from equipoise.apps.provisioning.spreadsheets.words import REFUSALS

MOST_FILES = 4


class FilesInput(forms.ClearableFileInput):
    """Lets several files be chosen at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, each small enough to be read at once."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        """All of them; each must be there, and not too large."""
        given: Sequence[UploadedFile[Any]] = data if isinstance(data, (list, tuple)) else [data] if data else []
        if not given:
            raise ValidationError(self.error_messages["required"], code="required")
        if len(given) > MOST_FILES:
            raise ValidationError(_("Choose at most %(most)s files.") % {"most": MOST_FILES})
        if any((each.size or 0) > MOST_BYTES for each in given):
            raise ValidationError(str(REFUSALS["too large"]) % {"megabytes": MOST_BYTES // 1_000_000})
        return [super(FilesField, self).clean(each, initial) for each in given]


class TableForm(forms.Form):
    """Tables to be read."""

    file = FilesField(
        label=_("Tables of people, teams or both"),
        help_text=_("One .xlsx, or one or two .csv files. Nothing is written before you have seen what would change."),
        widget=FilesInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,text/csv"}),
    )


class LeaversForm(forms.Form):
    """Who is not in the table and shall leave, and from which day."""

    on = forms.DateField(label=_("They leave on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    listed = forms.TypedMultipleChoiceField(coerce=int)
    leave = forms.TypedMultipleChoiceField(coerce=int, required=False)

    def __init__(self, *args: Any, missing: Sequence[int], **kwargs: Any) -> None:
        """Of those who are not in the table."""
        super().__init__(*args, **kwargs)
        for name in ("listed", "leave"):
            field = self.fields[name]
            assert isinstance(field, forms.TypedMultipleChoiceField)  # noqa: S101 - tells the type
            field.choices = [(pk, str(pk)) for pk in missing]
