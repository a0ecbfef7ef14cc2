"""What was, in sentences."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from equipoise.apps.people.organising.queries import Past


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A sentence, and the days it held: from one until the day before another."""

    sentence: str
    from_day: date
    until_day: date | None


def told(past: Past) -> Told:
    """Say what held."""
    return Told(sentence=_sentence(past), from_day=past.from_day, until_day=past.until_day)


def _sentence(past: Past) -> str:
    """Without a verb, since some of it still holds and some is yet to come."""
    named = {"name": past.name, "words": past.words}
    if past.what == "place":
        return _("Under %(words)s") % named if past.words else _("At the top")
    return {
        "position": _("Position: %(words)s"),
        "line": _("Reporting to %(words)s"),
        "further line": _("Also reporting to %(words)s"),
        "lead": _("Lead of %(words)s"),
        "member": _("Member of %(words)s"),
        "team lead": _("Lead: %(name)s"),
        "team member": _("Member: %(name)s"),
    }[past.what] % named
