"""The reading as a table: one line a week, one column of hours a purpose."""

import csv
import io

from equipoise.adapters.reports.report import Report
from equipoise.core.facets import PURPOSES

COLUMNS = ("week", "from", "to", "whole", *(purpose.value for purpose in PURPOSES), "leading", "managing")


def csv_report(report: Report) -> str:
    """Hours by purpose and week as CSV with a header; hours to six digits after the point."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(COLUMNS)
    for each in report.reading.weeks:
        week = each.week
        hours = (f"{value:.6f}" for value in (*each.hours, each.leading, each.managing))
        table.writerow((week.name, week.start, week.end, "yes" if week.whole else "no", *hours))
    return out.getvalue()
