"""Erasing sessions that ran out."""

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction

from equipoise.apps.people.models import Person


@transaction.atomic
def erase_sessions(*, before: datetime, most: int) -> int:
    """Erase sessions that ran out before a moment, and what is listed of sessions that are gone; how many."""
    going = list(Session.objects.filter(expire_date__lt=before).values_list("pk", flat=True)[:most])
    gone = Session.objects.filter(pk__in=going).delete()[0]
    there = Session.objects.values("session_key")
    listed = UserSession.objects.filter(last_seen_at__lt=before).exclude(session_key__in=there)
    orphans = list(listed.values_list("pk", flat=True)[:most])
    return int(gone + UserSession.objects.filter(pk__in=orphans).delete()[0])


@transaction.atomic
def erase_sessions_of(person: Person) -> None:
    """Erase everything somebody is signed in by, before they are erased."""
    listed = UserSession.objects.filter(user=person)
    Session.objects.filter(pk__in=list(listed.values_list("session_key", flat=True))).delete()
    listed.delete()
