"""A plan as text for a terminal, 80 columns wide."""

import textwrap
from collections.abc import Iterable, Iterator

from equipoise.adapters.plans.report import PlanReport
from equipoise.adapters.plans.words import (
    DAY_NAMES,
    block_words,
    conflict_words,
    left_out_words,
    length,
    move_words,
    status_words,
)
from equipoise.core.planning.week import Block

WIDTH = 80
INDENT = " " * 15


def text_plan(report: PlanReport) -> str:
    """The plan as text."""
    parts = [_opening(report), *_days(report), _moves(report), _left_out(report), _conflicts(report), _facets(report)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _opening(report: PlanReport) -> str:
    plan, week = report.plan, report.week
    many = len({(each.wish, each.number) for each in plan.blocks})
    wished = sum(wish.count for wish in report.wishes)
    lines = [
        f"Proposed week from {week.monday.day} {week.monday:%B %Y} ({week.zone.key})",
        "",
        (
            f"{many} of {wished} {'block' if wished == 1 else 'blocks'} placed, "
            f"{length(sum(each.minutes for each in plan.blocks))} in all. {status_words(plan)}"
        ),
        _fixed(report),
    ]
    return "\n".join(line for text in lines for line in (textwrap.wrap(text, WIDTH) or [""]))


def _fixed(report: PlanReport) -> str:
    many = len(report.fixed)
    text = "1 entry stays as it is" if many == 1 else f"{many} entries stay as they are"
    aside = [f"{count} {reason}" for reason, count in report.left_aside.items()]
    return f"{text}; left aside: {', '.join(aside)}." if aside else f"{text}."


def _days(report: PlanReport) -> Iterator[str]:
    titles = {wish.key: wish.title for wish in report.wishes}
    for weekday, name in enumerate(DAY_NAMES):
        blocks = [each for each in report.plan.blocks if each.start.weekday() == weekday]
        if blocks:
            day = report.week.day(weekday)
            yield "\n".join([f"{name} {day.day} {day:%B}", *(_block(each, titles) for each in blocks)])


def _block(block: Block, titles: dict[str, str]) -> str:
    facet = "" if block.purpose is None else f"  [{block.purpose.value}]"
    part = f" (part {block.part} of {block.parts})" if block.parts > 1 else ""
    head = f"  {block.start:%H:%M}-{block.end:%H:%M}  {block.title}{part}{facet}"
    return "\n".join([head, *_wrapped(block_words(block, titles), INDENT)])


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent)


def _listed(title: str, sentences: Iterable[str]) -> str:
    lines = [
        line
        for sentence in sentences
        for line in textwrap.wrap(sentence, WIDTH, initial_indent="  ", subsequent_indent="    ")
    ]
    return "\n".join([title, *lines]) if lines else ""


def _moves(report: PlanReport) -> str:
    return _listed("Moves proposed", (move_words(each, report.week) for each in report.plan.moves))


def _left_out(report: PlanReport) -> str:
    wishes = {wish.key: wish for wish in report.wishes}
    return _listed("Left out", (left_out_words(each, wishes[each.wish]) for each in report.plan.left_out))


def _conflicts(report: PlanReport) -> str:
    wishes = {wish.key: wish for wish in report.wishes}
    return _listed("In conflict", (conflict_words(each, report.week, wishes) for each in report.plan.conflicts))


def _facets(report: PlanReport) -> str:
    rows = []
    for purpose, facet in report.plan.facets.items():
        target = "" if facet.target_low is None else f"{facet.target_low} to {facet.target_high}"
        rows.append(f"  {purpose.value:<12}{facet.minutes:>8}  {target}".rstrip())
    return "\n".join([f"  {'Minutes':<12}{'planned':>8}  wished for", *rows]) if rows else ""
