"""What is kept of the programs a person let in, for them to take along."""

from equipoise.apps.integrations.models import Token
from equipoise.apps.integrations.webhooks import queries as webhooks
from equipoise.apps.people.models import Person


def export(person: Person) -> dict[str, object]:
    """A person's tokens and webhooks without their secrets, as plain values."""
    kept = ("name", "scopes", "made_at", "expires_at", "used_on", "ended_at")
    return {"tokens": list(Token.objects.filter(person=person).values(*kept)), **webhooks.export(person)}
