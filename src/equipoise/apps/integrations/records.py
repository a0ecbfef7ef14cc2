"""What is kept of programs that were let in."""

from django.utils.translation import gettext_lazy as _

from equipoise.platform.records import WITH_PERSON, Ground, Keeping, Kind

KINDS = (
    Kind(
        key="tokens",
        name=_("Tokens for programs"),
        holds=_("What a token is for, what it allows, when it was made, and the day it was used last; not its secret"),
        models=("integrations.Token",),
        purpose=_("Programs act for the person, or for the organisation, without a password"),
        ground=Ground.CHOICE,
        source=_("The person; for the organisation an administrator"),
        exported=("tokens",),
        erased=WITH_PERSON,
        keeping=Keeping(words=_("Until it is ended; that there was one, until the person is erased")),
    ),
)
