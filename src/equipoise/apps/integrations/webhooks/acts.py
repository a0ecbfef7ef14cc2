"""Which acts of the audit trail webhooks are told of, in groups that can be chosen."""

from collections.abc import Collection, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TEST = "test"
"""The kind of a message that is sent to try an address."""

ORGANISATION: Mapping[str, frozenset[str]] = {
    "people": frozenset({
        "person added", "person changed", "person left", "person came back", "leaving planned", "leaving dropped",
        "person erased", "position set", "reporting lines set",
    }),
    "teams": frozenset({
        "team added", "team renamed", "team moved", "team ended", "lead of a team", "member of a team", "out of a team",
    }),
    "roles": frozenset({"role given", "role taken"}),
    "joining": frozenset({
        "joining link made", "joining link taken back", "joining mail sent", "joining link used",
    }),
    "programs": frozenset({
        "token made", "token ended", "webhook made", "webhook changed", "webhook ended", "webhook paused",
    }),
}  # fmt: skip
"""What a webhook of the organisation may be told of: who is here and what they may do, nobody's own records."""

PERSONAL: Mapping[str, frozenset[str]] = {
    "calendars": frozenset({
        "account asked", "account connected", "account disconnected", "account password renewed",
        "calendar disconnected", "calendar paused", "calendar resumed", "calendar synced", "calendars chosen",
        "calendar erased", "calendar handed in", "calendar read", "entry marked fixed", "entry marked movable",
        "entry withdrawn", "entry written", "entry corrected", "correction undone", "rule dropped", "rule made",
    }),
    "plan": frozenset({
        "block refused", "block shifted", "blocks accepted", "blocks found changed", "plan decision undone",
        "plan feed ended", "plan feed made", "planner settings changed", "one-to-one dropped", "one-to-one watched",
        "week proposed", "wish changed", "wish dropped",
    }),
    "situation": frozenset({
        "own band brought back", "own band dropped", "own band set", "situation scanned", "unplanned hours said",
    }),
    "reflections": frozenset({
        "reflection begun", "reflection changed", "reflection erased", "reflection kept", "reflection put back",
        "reflection reminders chosen", "reflection removed", "reflections downloaded",
    }),
    "assistants": frozenset({
        "assistance ended", "assistant invited", "invitation accepted", "invitation taken back", "pages opened for you",
    }),
    "account": frozenset({
        "account made", "settings changed", "password set", "data exported", "Monday mail sent",
        "Monday mail turned off", "Monday mail turned on",
    }),
    **{name: verbs for name, verbs in ORGANISATION.items() if name != "teams"},
    "teams": frozenset({"lead of a team", "member of a team", "out of a team"}),
}  # fmt: skip
"""What a person's webhook may be told of: acts on their own records, whoever did them."""

GROUP_NAMES: dict[str, Promise] = {
    "people": _("People: come, changed, gone; positions and reporting lines"),
    "teams": _("Teams and who belongs to them"),
    "roles": _("Roles given and taken"),
    "joining": _("Links to come in by"),
    "programs": _("Tokens and webhooks"),
    "calendars": _("Calendars, entries, what they are for"),
    "plan": _("The plan of the week"),
    "situation": _("Situation and what it calls for"),
    "reflections": _("Reflections (that there are, never what they say)"),
    "assistants": _("Assistants and what they open"),
    "account": _("Account, settings, export"),
}


def groups_for(*, organisation: bool) -> Mapping[str, frozenset[str]]:
    """The groups a webhook may choose from."""
    return ORGANISATION if organisation else PERSONAL


def verbs_of(groups: Collection[str], *, organisation: bool) -> dict[str, str]:
    """The kind of message for each verb of some groups, such as "team renamed" -> "teams.team_renamed"."""
    allowed = groups_for(organisation=organisation)
    return {verb: kind_of(group, verb) for group in groups for verb in allowed.get(group, ())}


def kind_of(group: str, verb: str) -> str:
    """The type of a message as it is told."""
    return f"{group}.{verb.lower().replace(' ', '_').replace('-', '_')}"
