"""The form somebody comes in by."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from equipoise.apps.people.forms import PasswordForm


class JoinForm(PasswordForm):
    """A password for this server."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """For the person the link is for."""
        super().__init__(*args, **kwargs)
        self.fields["password"].label = _("A password for this server")
