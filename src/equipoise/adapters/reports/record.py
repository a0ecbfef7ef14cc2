"""The reading as JSON; its schema is docs/reference/measure.schema.json."""

import json
from typing import Any

from equipoise.adapters.reports.report import Report
from equipoise.core.facets import PURPOSES
from equipoise.core.timeuse.counting import Amount, Reason
from equipoise.core.timeuse.reading import AxisReading, Quantity, Unplanned, WeekReading
from equipoise.core.timeuse.uncertainty import Interval

Json = dict[str, Any]
DIGITS = 6


def json_report(report: Report) -> str:
    """The reading as indented JSON in a fixed order of keys, numbers to six digits after the point."""
    return json.dumps(as_record(report), indent=2, ensure_ascii=False) + "\n"


def as_record(report: Report) -> Json:
    """The reading in plain values, as it is written to JSON."""
    reading = report.reading
    counted = reading.counted
    return {
        "period": {"from": counted.start.isoformat(), "to": counted.end.isoformat(), "zone": counted.zone.key},
        "counted": _amount(counted.counted),
        "left_out": {reason.value: _amount(counted.left_out[reason]) for reason in Reason},
        "facets": {purpose.value: _quantity(reading.purposes[purpose]) for purpose in PURPOSES},
        "leading": _quantity(reading.leading),
        "managing": _quantity(reading.managing),
        "axes": {each.axis.name: _axis(each) for each in reading.axes},
        "weeks": [_week(week) for week in reading.weeks],
        "unplanned": _unplanned(reading.unplanned),
        "behaviour_index": None if report.behaviour is None else _interval("value", report.behaviour),
        "warnings": list(report.warnings),
    }


def _number(value: float) -> float:
    return round(value, DIGITS) + 0.0


def _amount(amount: Amount) -> Json:
    return {"entries": amount.entries, "hours": _number(amount.hours)}


def _interval(name: str, interval: Interval | None, low: str = "low", high: str = "high") -> Json:
    if interval is None:
        return {name: None, low: None, high: None}
    return {name: _number(interval.value), low: _number(interval.low), high: _number(interval.high)}


def _quantity(quantity: Quantity) -> Json:
    weekly = _interval("hours_per_week", quantity.weekly, "hours_per_week_low", "hours_per_week_high")
    return {"hours": _number(quantity.hours), **_interval("share", quantity.share), **weekly}


def _axis(reading: AxisReading) -> Json:
    return _interval("lean", reading.lean)


def _week(reading: WeekReading) -> Json:
    week = reading.week
    return {
        "week": week.name,
        "from": week.start.isoformat(),
        "to": week.end.isoformat(),
        "whole": week.whole,
        "leading": _number(reading.leading),
        "managing": _number(reading.managing),
        "hours": {
            purpose.value: _number(hours) for purpose, hours in zip(PURPOSES, reading.hours, strict=True)
        },
    }  # fmt: skip


def _unplanned(unplanned: Unplanned | None) -> Json | None:
    if unplanned is None:
        return None
    return {
        "hours_per_week": _number(unplanned.weekly_hours),
        **_interval("leading_share", unplanned.leading_share, "leading_share_low", "leading_share_high"),
    }
