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
    named = {"name": past.name, "words": past.words}
    if past.what == "place":
        return _("stood under %(words)s") % named if past.words else _("stood at the top")
    return {
        "position": _("%(words)s"),
        "line": _("reported to %(words)s"),
        "further line": _("also reported to %(words)s"),
        "lead": _("led %(words)s"),
        "member": _("belonged to %(words)s"),
        "team lead": _("%(name)s led it"),
        "team member": _("%(name)s belonged to it"),
    }[past.what] % named
