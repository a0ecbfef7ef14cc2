import csv
import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema  # type: ignore[import-untyped]
import pytest
from tests.core.timeline import MONDAY, at, count, held, surely

from equipoise.adapters.reports import Report, csv_report, html_report, json_report, svg_report, text_report
from equipoise.adapters.reports.words import NOTICES
from equipoise.core.facets import PURPOSES, Purpose
from equipoise.core.intervals import Floats
from equipoise.core.timeuse.counting import Counted
from equipoise.core.timeuse.reading import measure_time
from equipoise.core.timeuse.uncertainty import Interval

ROOT = Path(__file__).resolve().parents[2]
SCHEMA: dict[str, Any] = json.loads((ROOT / "docs" / "reference" / "measure.schema.json").read_text(encoding="utf-8"))


def report(counted: Counted, chances: Floats, **fields: Any) -> Report:
    reading = measure_time(counted, chances, unplanned_hours=fields.pop("unplanned_hours", None))
    notes = tuple(NOTICES[notice] for notice in reading.notices)
    return replace(Report(reading=reading, behaviour=None, warnings=notes), **fields)


def four_weeks(**fields: Any) -> Report:
    some = [
        held(at(day, "9:00") + timedelta(weeks=week), at(day, "10:00") + timedelta(weeks=week, hours=week % 2), title)
        for week in range(4)
        for day, title in ((6, "Where to <go>"), (7, "Delivery"), (8, "1:1 Ana"), (9, "Budget"), (9, "Lunch"))
    ]
    purposes = (Purpose.VISION, Purpose.EXECUTION, Purpose.PEOPLE, Purpose.OVERSIGHT, Purpose.OTHER)
    return report(count(*some, end=MONDAY + timedelta(weeks=4)), surely(*purposes), **fields)


def nothing() -> Report:
    return report(count(), surely())


def one_week() -> Report:
    return report(count(held(at(6, "9:00"), at(6, "10:00"))), surely(Purpose.VISION))


EVERY = [four_weeks, nothing, one_week]


class TestJsonReport:
    @pytest.mark.parametrize("make", EVERY)
    def test_keeps_to_the_published_schema(self, make: Any) -> None:
        jsonschema.Draft202012Validator.check_schema(SCHEMA)
        jsonschema.validate(json.loads(json_report(make())), SCHEMA)

    def test_keeps_to_the_schema_with_everything_known(self) -> None:
        full = four_weeks(unplanned_hours=5, behaviour=Interval(value=0.5, low=0.2, high=0.8))
        record = json.loads(json_report(full))
        jsonschema.validate(record, SCHEMA)
        assert record["behaviour_index"] == {"value": 0.5, "low": 0.2, "high": 0.8}
        assert record["unplanned"]["leading_share"] < record["leading"]["share"]

    def test_adds_up(self) -> None:
        record = json.loads(json_report(four_weeks()))
        facets = sum(each["hours"] for each in record["facets"].values())
        assert facets == pytest.approx(record["counted"]["hours"], abs=1e-5)
        assert record["leading"]["share"] + record["managing"]["share"] == pytest.approx(1.0)
        weeks = sum(sum(each["hours"].values()) for each in record["weeks"])
        assert weeks == pytest.approx(facets, abs=1e-4)

    def test_writes_the_same_bytes_again(self) -> None:
        assert json_report(four_weeks()) == json_report(four_weeks())


class TestCsvReport:
    def test_has_a_line_a_week_and_a_column_a_purpose(self) -> None:
        rows = list(csv.DictReader(csv_report(four_weeks()).splitlines()))
        assert [row["week"] for row in rows] == ["2026-W02", "2026-W03", "2026-W04", "2026-W05"]
        assert [float(row["vision"]) for row in rows] == [1.0, 2.0, 1.0, 2.0]
        assert all(purpose.value in rows[0] for purpose in PURPOSES)


class TestTextReport:
    @pytest.mark.parametrize("make", EVERY)
    @pytest.mark.parametrize("plain", [True, False])
    def test_fits_eighty_columns(self, make: Any, *, plain: bool) -> None:
        assert max(len(line) for line in text_report(make(), plain=plain).splitlines()) <= 80

    def test_is_ascii_when_plain(self) -> None:
        assert text_report(four_weeks(), plain=True).isascii()

    def test_opens_with_the_share_and_its_denominator(self) -> None:
        text = text_report(four_weeks())
        assert re.search(r"You lead \d+ % of the time you lead or manage \(\d+ to \d+\)\.", text)
        assert "Measured from 20 entries" in text
        assert "in 4 of 4 weeks" in text

    def test_says_when_it_cannot_tell(self) -> None:
        assert "We can't tell yet" in text_report(one_week())
        assert "nothing can be measured" in text_report(nothing())

    def test_says_what_unplanned_talk_would_change(self) -> None:
        assert "With 5 hours a week of unplanned talk" in text_report(four_weeks(unplanned_hours=5))


class TestSvgReport:
    @pytest.mark.parametrize("make", EVERY)
    def test_is_a_picture_that_says_what_it_shows(self, make: Any) -> None:
        picture = ET.fromstring(svg_report(make()))  # noqa: S314 (our own text)
        names = {child.tag.partition("}")[2]: child.text or "" for child in picture}
        assert picture.get("role") == "img"
        assert "Leading and managing" in names["title"]
        assert "horizon, execution against vision" in names["desc"]

    def test_draws_leading_right_of_the_middle_and_managing_left(self) -> None:
        picture = svg_report(four_weeks())
        assert 'class="eq-l' in picture or 'class="eq-m' in picture
        assert "http://" not in picture.replace("http://www.w3.org/2000/svg", "")


class TestHtmlReport:
    @pytest.mark.parametrize("make", EVERY)
    def test_stands_alone(self, make: Any) -> None:
        page = html_report(make())
        assert page.startswith("<!doctype html>")
        assert not re.search(r"""(src|href)\s*=|@import|url\(|<script""", page)

    def test_shows_every_figure_of_the_picture_in_a_table(self) -> None:
        page = html_report(four_weeks())
        assert page.count("<table") == 4
        assert "Horizon" in page.split("</svg>")[1]

    def test_escapes_what_it_did_not_write(self) -> None:
        page = html_report(four_weeks(warnings=("<b>bold</b>",)))
        assert "<b>bold</b>" not in page
        assert "&lt;b&gt;bold&lt;/b&gt;" in page
