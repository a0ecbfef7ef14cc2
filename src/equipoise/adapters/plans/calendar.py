"""A plan as a calendar to import; importing it again updates what was imported before."""

from collections import defaultdict
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from equipoise.adapters.ics.writing import EntryToWrite, written_calendar
from equipoise.adapters.plans.report import PlanReport
from equipoise.adapters.plans.words import block_words
from equipoise.core.planning.week import Block


def ics_plan(report: PlanReport, *, now: datetime) -> str:
    """The proposed blocks as a calendar.

    A block is known by its week, its title, which of the blocks of this title it is, and its part; so a later plan of
    the same week moves it instead of adding another.

    Args:
        report: The plan.
        now: When it is made.
    """
    titles = {wish.key: wish.title for wish in report.wishes}
    seen: dict[str, int] = defaultdict(int)
    entries = []
    for block in sorted(report.plan.blocks, key=lambda each: (int(each.wish), each.number, each.part)):
        seen[block.title] += 1
        entries.append(
            EntryToWrite(
                uid=_uid(report, block, seen[block.title]),
                title=block.title,
                start=block.start,
                end=block.end,
                description=block_words(block, titles),
                stamp=now,
                purpose=block.purpose,
            )
        )
    name = f"Equipoise, week from {report.week.monday.isoformat()}"
    return written_calendar(entries, name=name).decode("utf-8")


def _uid(report: PlanReport, block: Block, number: int) -> str:
    return f"{uuid5(NAMESPACE_URL, f'equipoise:plan:{report.week.monday}:{block.title}:{number}')}@equipoise"
