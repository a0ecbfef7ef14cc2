"""What the audit trail tells, in words people read."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ACT_NAMES: dict[str, Promise] = {
    "Monday mail sent": _("Monday mail sent"),
    "Monday mail turned off": _("Monday mail turned off"),
    "Monday mail turned on": _("Monday mail turned on"),
    "account made": _("account made"),
    "calendar erased": _("calendar erased"),
    "calendar handed in": _("calendar handed in"),
    "calendar read": _("calendar read"),
    "correction undone": _("correction undone"),
    "data exported": _("data exported"),
    "demo agency loaded": _("demo agency loaded"),
    "entry corrected": _("entry corrected"),
    "password set": _("password set"),
    "person erased": _("person erased"),
    "reflection begun": _("reflection begun"),
    "reflection changed": _("reflection changed"),
    "reflection erased": _("reflection erased"),
    "reflection kept": _("reflection kept"),
    "reflection put back": _("reflection put back"),
    "reflection reminders chosen": _("reflection reminders chosen"),
    "reflection removed": _("reflection removed"),
    "reflections downloaded": _("reflections downloaded"),
    "rule dropped": _("rule dropped"),
    "rule made": _("rule made"),
    "settings changed": _("settings changed"),
    "unplanned hours said": _("unplanned hours said"),
    "block refused": _("block refused"),
    "block shifted": _("block shifted"),
    "blocks accepted": _("blocks accepted"),
    "blocks found changed": _("blocks found changed in your calendar"),
    "plan decision undone": _("plan decision undone"),
    "plan feed ended": _("plan feed ended"),
    "plan feed made": _("plan feed made"),
    "planner settings changed": _("planner settings changed"),
    "one-to-one dropped": _("one-to-one dropped"),
    "one-to-one watched": _("one-to-one watched"),
    "week proposed": _("week proposed"),
    "assistance ended": _("assistance ended"),
    "assistant invited": _("assistant invited"),
    "invitation accepted": _("invitation accepted"),
    "invitation taken back": _("invitation taken back"),
    "pages opened for you": _("pages opened, to act for the owner"),
    "own band brought back": _("own band brought back"),
    "own band dropped": _("own band dropped"),
    "own band set": _("own band set"),
    "situation scanned": _("situation scanned"),
    "wish changed": _("wish changed"),
    "wish dropped": _("wish dropped"),
}
"""By the verb that the trail keeps; a verb once written stays here, since old trails hold it."""


def act_name(verb: str) -> str:
    """An act in the reader's language; one of another version of Equipoise as the trail has it."""
    return str(ACT_NAMES.get(verb, verb))
