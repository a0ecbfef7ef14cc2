"""What a role calls for before anything is known about its situation.

No study gives a share of time for each of the eight facets by role, so every base is a proposal. Two sources set the
direction. Kraut, Pedigo, McKenna and Dunnette (1989, Academy of Management Executive 3(4)) asked 1,412 managers:
those of the first line rate managing individuals highest, of the middle linking groups, at the top the surroundings.
Porter and Nohria (2018, Harvard Business Review, July-August) timed 27 chief executives: strategy 21 %, people and
relationships 25 %, organisation and culture 16 %, functional and business reviews 25 %.
"""

from collections.abc import Mapping
from enum import StrEnum

from equipoise.core.facets import FACETS, Purpose


class Role(StrEnum):
    """What someone is in charge of."""

    TEAM_LEAD = "team_lead"
    PROJECT_LEAD = "project_lead"
    LEADS_MANAGERS = "leads_managers"
    FUNCTION_HEAD = "function_head"
    CHIEF = "chief"
    UNKNOWN = "unknown"


def _base(*points: float) -> Mapping[Purpose, float]:
    return dict(zip(FACETS, points, strict=True))


_KNOWN: Mapping[Role, Mapping[Purpose, float]] = {
    # vision, change, people, inspiration; execution, stability, process, oversight
    Role.TEAM_LEAD: _base(5, 6, 20, 5, 34, 8, 11, 11),
    Role.PROJECT_LEAD: _base(4, 6, 12, 5, 42, 9, 9, 13),
    Role.LEADS_MANAGERS: _base(8, 8, 20, 6, 24, 7, 11, 16),
    Role.FUNCTION_HEAD: _base(12, 9, 18, 8, 21, 7, 9, 16),
    Role.CHIEF: _base(18, 12, 16, 12, 12, 5, 6, 19),
}

BASES: Mapping[Role, Mapping[Purpose, float]] = {
    **_KNOWN,
    Role.UNKNOWN: {facet: sum(base[facet] for base in _KNOWN.values()) / len(_KNOWN) for facet in FACETS},
}
"""Points for each facet, 100 for each role: a proposal. Whose role is not known gets the mean of the others."""

BASE_DOUBT: Mapping[Role, float] = {role: 1 / 3 if role is not Role.UNKNOWN else 2 / 3 for role in Role}
"""How far each base may be off, as a part of itself."""

WEEK_PART: Mapping[Role, float] = {
    Role.TEAM_LEAD: 0.30,
    Role.PROJECT_LEAD: 0.40,
    Role.LEADS_MANAGERS: 0.45,
    Role.FUNCTION_HEAD: 0.45,
    Role.CHIEF: 0.55,
    Role.UNKNOWN: 0.30,
}
"""The part of a working week that the role leaves for leading and managing with others: a proposal. Chief executives
spend 0.54 of their working time in meetings (1,114 of them: Bandiera, Prat, Hansen and Sadun 2020,
doi:10.1086/705331); whoever is nearer to the work has more work of their own."""
