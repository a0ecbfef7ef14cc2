"""What is kept of how a person signs in, for them to take along; nothing by which somebody could."""

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession

from equipoise.apps.people.models import Person


def export(person: Person) -> dict[str, object]:
    """Second steps and passkeys without their secrets, accounts elsewhere, and sessions, as plain values."""
    return {
        "sign_in_steps": list(Authenticator.objects.filter(user=person).values("type", "created_at", "last_used_at")),
        "sign_in_elsewhere": list(
            SocialAccount.objects.filter(user=person).values(
                "provider", "uid", "date_joined", "last_login", "extra_data"
            )
        ),
        "sessions": list(
            UserSession.objects.filter(user=person).values("created_at", "last_seen_at", "ip", "user_agent")
        ),
    }
