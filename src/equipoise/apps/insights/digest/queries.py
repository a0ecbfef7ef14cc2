"""Who wants the Monday mail, when it is due on their clock, and what became of the last one."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db.models import QuerySet

from equipoise.apps.insights.models import MondayMail, MondayMailSent
from equipoise.apps.people.models import Person

LEAVES_AT = time(7, 30)
NEVER_LATER_THAN = timedelta(days=1)
_signer = Signer(salt="equipoise.insights.digest.off")


def can_be_sent() -> bool:
    """Whether the administrator named a server that takes mail."""
    return bool(settings.PUBLIC_ADDRESS)


def is_wanted(person: Person) -> bool:
    """Whether the person turned it on."""
    return MondayMail.objects.filter(owner=person, wanted=True).exists()


def wishes() -> list[MondayMail]:
    """Everybody who turned it on, with whom they are."""
    return list(_wanted().order_by("pk"))


def wish_of(person_id: int) -> MondayMail | None:
    """The wish of one person, while they want it."""
    return _wanted().filter(owner_id=person_id).first()


def _wanted() -> QuerySet[MondayMail]:
    """Nobody of the demo agency gets mail, and nobody who waits to be erased."""
    here = MondayMail.objects.filter(wanted=True, owner__is_active=True, owner__erase_after=None)
    return here.filter(owner__demo_key="").select_related("owner")


def monday_due(wish: MondayMail, *, now: datetime) -> date | None:
    """The Monday whose mail is due at this moment on the person's clock.

    From half past seven for a day; `None` at other times, and when it was turned on only after that.
    """
    zone = ZoneInfo(wish.owner.zone)
    today = now.astimezone(zone).date()
    monday = today - timedelta(days=today.weekday())
    leaves = datetime.combine(monday, LEAVES_AT, tzinfo=zone)
    return monday if wish.changed_at <= leaves <= now < leaves + NEVER_LATER_THAN else None


def latest(person: Person) -> MondayMailSent | None:
    """What became of the latest mail."""
    return MondayMailSent.objects.filter(owner=person).first()


def token_of(person: Person) -> str:
    """What the link that turns it off holds: whoever has it can do that, and nothing else."""
    return _signer.sign(str(person.pk))


def person_by(token: str) -> Person:
    """Whose mail a link turns off.

    Raises:
        Person.DoesNotExist: When it is none of ours, or the person is no longer there.
    """
    try:
        return Person.objects.get(pk=int(_signer.unsign(token)))
    except BadSignature as error:
        raise Person.DoesNotExist from error


def export(person: Person) -> dict[str, object]:
    """What is kept of the mail, as plain values for an export."""
    return {
        "monday_mail": {
            "wanted": is_wanted(person),
            "mails": list(MondayMailSent.objects.filter(owner=person).values("monday", "state", "changed_at")),
        }
    }
