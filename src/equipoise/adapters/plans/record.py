"""A plan as JSON; its schema is docs/reference/plan.schema.json."""

import json
from datetime import datetime
from typing import Any

from equipoise.adapters.plans.report import PlanReport
from equipoise.adapters.plans.words import block_words, conflict_words, left_out_words, reason_words
from equipoise.core.planning.week import Block, Cause, Conflict, LeftOut, Move, Wish

Json = dict[str, Any]
DIGITS = 6


def json_plan(report: PlanReport) -> str:
    """The plan as indented JSON in a fixed order of keys; the same but for `seconds` each time it is made."""
    return json.dumps(as_record(report), indent=2, ensure_ascii=False) + "\n"


def as_record(report: PlanReport) -> Json:
    """The plan in plain values."""
    plan, week = report.plan, report.week
    wishes = {wish.key: wish for wish in report.wishes}
    return {
        "status": plan.status.value,
        "objective": _number(plan.objective),
        "bound": _number(plan.bound),
        "seconds": _number(plan.seconds),
        "week": {"monday": week.monday.isoformat(), "zone": week.zone.key},
        "blocks": [_block(block, wishes) for block in plan.blocks],
        "moves": [_move(move, report) for move in plan.moves],
        "left_out": [_left_out(each, wishes) for each in plan.left_out],
        "conflicts": [conflict_words(each, week, wishes) for each in plan.conflicts],
        "conflict_sets": [_conflict(each) for each in plan.conflicts],
        "facets": {
            purpose.value: {
                "minutes": facet.minutes,
                "target_low": facet.target_low,
                "target_high": facet.target_high,
            }
            for purpose, facet in plan.facets.items()
        },
        "fixed": {"entries": len(report.fixed), "left_aside": dict(report.left_aside)},
    }


def _number(value: float) -> float:
    return round(value, DIGITS) + 0.0


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _block(block: Block, wishes: dict[str, Wish]) -> Json:
    titles = {key: wish.title for key, wish in wishes.items()}
    wish = wishes[block.wish]
    return {
        "start": _moment(block.start),
        "end": _moment(block.end),
        "title": block.title,
        "facet": None if block.purpose is None else block.purpose.value,
        "minutes": block.minutes,
        "value": wish.value,
        "wish": int(block.wish),
        "number": block.number,
        "part": block.part,
        "parts": block.parts,
        "reason": block_words(block, titles),
        "reasons": [{"kind": each.kind.value, "text": reason_words(each)} for each in block.reasons],
        "displaced": [{"wish": int(each.wish), "number": each.number} for each in block.displaced],
    }


def _move(move: Move, report: PlanReport) -> Json:
    zone = report.week.zone
    return {
        "title": move.title,
        "start": _moment(move.start.astimezone(zone)),
        "end": _moment(move.end.astimezone(zone)),
        "new_start": _moment(move.moved_to),
        "new_end": _moment(move.moved_end),
    }


def _left_out(left_out: LeftOut, wishes: dict[str, Wish]) -> Json:
    return {
        "title": left_out.title,
        "wish": int(left_out.wish),
        "number": left_out.number,
        "why": left_out.why.value,
        "reason": left_out_words(left_out, wishes[left_out.wish]),
    }


def _conflict(conflict: Conflict) -> Json:
    return {"proven": conflict.proven, "causes": [_cause(each) for each in conflict.causes]}


def _cause(cause: Cause) -> Json:
    found: Json = {"kind": cause.hurdle.value}
    if cause.wish is not None:
        found |= {"wish": int(cause.wish), "title": cause.title}
    more = {"weekday": cause.weekday, "minutes": cause.minutes, "count": cause.count}
    return found | {key: value for key, value in more.items() if value is not None}
