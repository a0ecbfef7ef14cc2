"""Plans in and out: wishes as a TOML file, a plan as JSON, text or a calendar."""

from equipoise.adapters.plans.calendar import ics_plan
from equipoise.adapters.plans.record import json_plan
from equipoise.adapters.plans.report import PlanReport
from equipoise.adapters.plans.text import text_plan
from equipoise.adapters.plans.wishes import Wished, WishesUnreadable, read_wishes

__all__ = ["PlanReport", "Wished", "WishesUnreadable", "ics_plan", "json_plan", "read_wishes", "text_plan"]
