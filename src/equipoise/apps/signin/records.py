"""What is kept of how people sign in."""

from django.utils.translation import gettext_lazy as _

from equipoise.platform.access import Audience
from equipoise.platform.records import UNTIL_ERASED, Ground, Keeping, Kind

KINDS = (
    Kind(
        key="sessions",
        name=_("Sessions"),
        holds=_("Where a person is signed in: since when, last seen, network address, and what the browser says it is"),
        models=("sessions.Session", "usersessions.UserSession"),
        purpose=_("To stay signed in from one page to the next, to see where one is, and to end it"),
        ground=Ground.SECURITY,
        source=_("Signing in"),
        records=("own session",),
        seen_by=frozenset({Audience.SELF, Audience.ANYONE}),
        seeing=_("The person; signing out is open to whoever has the page"),
        exported=("sessions",),
        erased=_("By signing out or ending it, and with the person"),
        keeping=Keeping(words=_("From when it ran out; then it is erased"), days=1, least=0, most=30),
    ),
    Kind(
        key="sign_in",
        name=_("Ways to sign in"),
        holds=_(
            "The password as a hash, second steps and passkeys, and the mark by which the organisation's own server "
            "knows the person"
        ),
        models=(
            "account.EmailAddress",
            "account.EmailConfirmation",
            "mfa.Authenticator",
            "socialaccount.SocialAccount",
            "socialaccount.SocialToken",
        ),
        purpose=_("To let the person in, and nobody else"),
        ground=Ground.SECURITY,
        source=_("The person, and the organisation's own sign-on server"),
        records=("own sign-in",),
        seen_by=frozenset({Audience.SELF}),
        seeing=_("Nobody sees a password or a secret"),
        exported=("sign_in_steps", "sign_in_elsewhere"),
        erased=_("By the person, and with the person"),
        keeping=UNTIL_ERASED,
    ),
    Kind(
        key="sign_on",
        name=_("Sign-on of the organisation"),
        holds=_("At which servers people sign in, which groups there give which role, and what is asked of everybody"),
        models=("signin.Provider", "signin.GroupRole", "signin.Policy", "socialaccount.SocialApp"),
        purpose=_("To sign in with the organisation's own account"),
        ground=Ground.NONE,
        source=_("An administrator"),
        records=("sign-on of the organisation",),
        seen_by=frozenset({Audience.ADMINISTRATOR}),
        not_exported=_("It is about no person"),
        erased=_("By an administrator"),
        keeping=Keeping(words=_("Until it is disconnected")),
    ),
)
