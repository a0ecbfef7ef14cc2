"""What is kept of plans."""

from django.utils.translation import gettext_lazy as _

from equipoise.platform.access import Audience
from equipoise.platform.records import UNTIL_ERASED, WITH_PERSON, Ground, Kind

KINDS = (
    Kind(
        key="plan",
        name=_("Plan of the week"),
        holds=_(
            "Wishes, one-to-ones to keep up (names), blocks that were proposed with their reasons, and the answers"
        ),
        models=(
            "planner.Settings",
            "planner.Wish",
            "planner.OneToOne",
            "planner.Proposal",
            "planner.Block",
            "planner.Decision",
        ),
        purpose=_("To propose a week, and to learn from the answers"),
        ground=Ground.CHOICE,
        source=_("The person, their assistant, and the software's proposals"),
        records=("own plan", "own planner settings"),
        seen_by=frozenset({Audience.ASSISTED}),
        exported=("planner_settings", "wishes", "one_to_ones", "proposals", "blocks", "plan_decisions"),
        erased=WITH_PERSON,
        keeping=UNTIL_ERASED,
    ),
    Kind(
        key="feed",
        name=_("Address of the plan's feed"),
        holds=_("A digest of the secret in the address, and when it was made"),
        models=("planner.Feed",),
        purpose=_("A calendar program reads the accepted blocks"),
        ground=Ground.CHOICE,
        source=_("The person or their assistant"),
        records=("own plan feed", "accepted blocks of whoever has the feed's address"),
        seen_by=frozenset({Audience.ASSISTED, Audience.ANYONE}),
        seeing=_("The accepted blocks, also whoever has the address"),
        exported=("plan_feed",),
        erased=_("By ending the feed, and with the person"),
        keeping=UNTIL_ERASED,
    ),
)
