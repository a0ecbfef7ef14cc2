"""What is done to the Monday mail.

It leaves at most once a Monday, with several workers and after a crash too: it is claimed by the one row there can be
of a Monday, and marked as leaving before it leaves. If the server stops in between, it is not sent again.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation

from equipoise.apps.insights.digest import queries
from equipoise.apps.insights.digest.letter import Letter, as_page, as_text, compose
from equipoise.apps.insights.models import MondayMail, MondayMailSent
from equipoise.apps.people.models import Person
from equipoise.platform import audit
from equipoise.platform.post import Outcome, hand_over

State = MondayMailSent.State
FIRST_PAUSE = timedelta(minutes=10)
LONGEST_PAUSE = timedelta(hours=2)

BECOMES = {
    Outcome.SENT: State.SENT,
    Outcome.LATER: State.WAITING,
    Outcome.REFUSED: State.REFUSED,
    Outcome.UNCLEAR: State.LEAVING,
}


@transaction.atomic
def turn_on(*, actor: Person, person: Person, now: datetime) -> None:
    """Have the mail sent from the next Monday on."""
    if _choose(person, wanted=True, now=now):
        audit.record(actor_id=actor.pk, subject_id=person.pk, verb="Monday mail turned on", now=now)


@transaction.atomic
def turn_off(*, actor: Person | None, person: Person, now: datetime) -> None:
    """Have no mail sent any more; `actor` is `None` for whoever holds the link from a mail."""
    if _choose(person, wanted=False, now=now):
        actor_id = actor.pk if actor else None
        audit.record(actor_id=actor_id, subject_id=person.pk, verb="Monday mail turned off", now=now)


def _choose(person: Person, *, wanted: bool, now: datetime) -> bool:
    """Keep the choice; whether it is another one than before."""
    found = MondayMail.objects.select_for_update().filter(owner=person).first()
    if (found.wanted if found else False) == wanted:
        return False
    MondayMail.objects.update_or_create(owner=person, defaults={"wanted": wanted, "changed_at": now})
    return True


def claim(*, person: Person, monday: date, now: datetime) -> MondayMailSent | None:
    """Take on the mail of a Monday; `None` when it is done, or another worker has it.

    A claim lasts for a pause, after which a mail that nobody got to write is taken on anew.
    """
    try:
        with transaction.atomic():
            return MondayMailSent.objects.create(
                owner=person, monday=monday, next_try_at=now + FIRST_PAUSE, changed_at=now
            )
    except IntegrityError:
        pass
    waiting = MondayMailSent.objects.filter(owner=person, monday=monday, state=State.WAITING, next_try_at__lte=now)
    if not waiting.update(next_try_at=now + FIRST_PAUSE, changed_at=now):
        return None
    return MondayMailSent.objects.get(owner=person, monday=monday)


def send(mail_id: int, *, now: datetime) -> None:
    """Write a claimed mail and hand it over; one without anything to say is not sent.

    Nothing happens when it was turned off in the meantime, when its time is over, or when another worker was quicker.
    """
    mail = MondayMailSent.objects.filter(pk=mail_id, state=State.WAITING).first()
    wish = queries.wish_of(mail.owner_id) if mail else None
    if mail is None or wish is None or queries.monday_due(wish, now=now) != mail.monday:
        return
    person = wish.owner
    with translation.override(person.language), timezone.override(ZoneInfo(person.zone)):
        letter = compose(person, now=now)
        if not letter.says_something:
            _becomes(mail, State.NOTHING_TO_SAY, now)
            return
        message = _message(person, letter, mail)
    leaving = MondayMailSent.objects.filter(pk=mail.pk, state=State.WAITING)
    if leaving.update(state=State.LEAVING, attempts=mail.attempts + 1, changed_at=now):
        mail.attempts += 1
        _becomes(mail, BECOMES[hand_over(message)], now)


@transaction.atomic
def _becomes(mail: MondayMailSent, state: MondayMailSent.State, now: datetime) -> None:
    """Keep what became of a mail; one that may be taken later waits longer each time."""
    pause = min(FIRST_PAUSE * 2 ** max(mail.attempts - 1, 0), LONGEST_PAUSE)
    MondayMailSent.objects.filter(pk=mail.pk).update(state=state, next_try_at=now + pause, changed_at=now)
    if state == State.SENT:
        audit.record(actor_id=None, subject_id=mail.owner_id, verb="Monday mail sent", now=now)


def _message(person: Person, letter: Letter, mail: MondayMailSent) -> EmailMultiAlternatives:
    """The mail, addressed, with the link that turns it off where mail programs look for it (RFC 8058)."""
    root = settings.PUBLIC_ADDRESS
    off = root + reverse("insights:digest-off", args=[queries.token_of(person)])
    headers = {
        "List-Unsubscribe": f"<{off}>",
        "Auto-Submitted": "auto-generated",
        "Message-ID": f"<monday-{mail.pk}-{mail.monday:%Y%m%d}@{root.partition('://')[2].partition('/')[0].partition(':')[0]}>",
    }
    if root.startswith("https://"):
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message = EmailMultiAlternatives(
        subject=letter.subject, body=as_text(letter, root=root, off=off), to=[person.email], headers=headers
    )
    message.attach_alternative(as_page(letter, root=root, off=off, language=person.language), "text/html")
    return message
