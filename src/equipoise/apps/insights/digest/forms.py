"""One question: whether to send the Monday mail."""

from django import forms
from django.utils.translation import gettext_lazy as _


class MondayMailForm(forms.Form):
    """Off unless it is ticked."""

    wanted = forms.BooleanField(label=_("Send me the Monday mail"), required=False)
