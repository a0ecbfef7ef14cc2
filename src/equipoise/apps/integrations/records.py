"""What is kept of programs that were let in."""

from django.utils.translation import gettext_lazy as _

from equipoise.platform.access import Audience
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
        records=("own tokens", "tokens of the organisation"),
        seen_by=frozenset({Audience.SELF, Audience.ADMINISTRATOR}),
        exported=("tokens",),
        erased=WITH_PERSON,
        keeping=Keeping(words=_("Until it is ended; that there was one, until the person is erased")),
    ),
    Kind(
        key="webhooks",
        name=_("Webhooks"),
        holds=_(
            "Addresses that are told of acts (sealed), and for 14 days what they were told: kinds of acts, numbers"
        ),
        models=("integrations.Webhook", "integrations.Delivery"),
        purpose=_("Other programs learn that something was done, without asking again and again"),
        ground=Ground.CHOICE,
        source=_("The person; for the organisation an administrator"),
        records=("own webhooks", "webhooks of the organisation"),
        seen_by=frozenset({Audience.SELF, Audience.ADMINISTRATOR}),
        exported=("webhooks",),
        erased=WITH_PERSON,
        keeping=Keeping(words=_("Until it is ended; what was told, for 14 days")),
    ),
    Kind(
        key="kept answers",
        name=_("Answers kept for programs"),
        holds=_("The answer to a request that named a key (Idempotency-Key), sealed, with a digest of the request"),
        models=("platform.KeptAnswer",),
        purpose=_("What a program sends twice is done once"),
        ground=Ground.CHOICE,
        source=_("The program"),
        not_exported=_("Told again to the program that asked, and to nobody else; the records themselves are exported"),
        erased=WITH_PERSON,
        keeping=Keeping(words=_("24 hours")),
    ),
)
