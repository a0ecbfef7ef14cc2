"""Who sees a kind of record, by what somebody is: the columns of the matrix in the docs and on the pages."""

from dataclasses import dataclass
from functools import cache

from django.utils.translation import gettext_lazy as _

from equipoise.platform.access import AccessRow, Audience, access_table
from equipoise.platform.api.declaring import ORGANISATION_MAY
from equipoise.platform.records import Kind, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Somebody who may see records.

    Attributes:
        key: What they are, in the code.
        name: What people call it.
        audiences: The audiences they belong to as this, beside being a person with records of their own.
    """

    key: str
    name: Text
    audiences: frozenset[Audience]


OWN = frozenset({Audience.SELF, Audience.SIGNED_IN, Audience.ASSISTED})

VIEWERS = (
    Viewer(key="self", name=_("the person"), audiences=OWN),
    Viewer(key="assistant", name=_("their assistant"), audiences=frozenset({Audience.ASSISTED})),
    Viewer(key="member", name=_("everybody here"), audiences=frozenset({Audience.MEMBER})),
    Viewer(key="lead", name=_("lead of the team"), audiences=frozenset({Audience.LEAD, Audience.MEMBER})),
    Viewer(key="partner", name=_("people partner"), audiences=frozenset({Audience.PARTNER, Audience.MEMBER})),
    Viewer(
        key="administrator", name=_("administrator"), audiences=frozenset({Audience.ADMINISTRATOR, Audience.MEMBER})
    ),
    Viewer(key="auditor", name=_("auditor"), audiences=frozenset({Audience.AUDITOR, Audience.MEMBER})),
    Viewer(key="token", name=_("token of the organisation"), audiences=ORGANISATION_MAY - {Audience.ANYONE}),
    Viewer(key="link", name=_("whoever has the link"), audiences=frozenset({Audience.ANYONE})),
)


def sees(viewer: Viewer, kind: Kind) -> bool:
    """Whether a viewer sees records of a kind.

    The person sees whatever they take along; a token opens operations of the API alone; a link shows something only
    where its address holds a secret, since what is open to all shows nothing of anybody.
    """
    if viewer.key == "self" and kind.exported:
        return True
    rows = [row for row in _rows() if row.access.record in kind.records and _opens(viewer, row)]
    return any(viewer.audiences & set(row.access.audiences) for row in rows)


@cache
def _rows() -> tuple[AccessRow, ...]:
    """The access table, which stays as it is while the program runs."""
    return tuple(access_table())


def _opens(viewer: Viewer, row: AccessRow) -> bool:
    if viewer.key == "token":
        return bool(row.access.scope)
    return viewer.key != "link" or "<str:" in row.route
