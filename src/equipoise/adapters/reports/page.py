"""The reading as one page that stands alone: no script, no other file, no other host; light, dark and on paper."""

from collections.abc import Iterable, Sequence
from html import escape

from equipoise.adapters.reports.picture import axes_picture
from equipoise.adapters.reports.report import Report
from equipoise.adapters.reports.words import (
    REASONS,
    TOO_LITTLE,
    behaviour_words,
    evidence_words,
    headline,
    lean_words,
    percent,
    percent_range,
    period_name,
    purpose_name,
    unplanned_words,
)
from equipoise.core.facets import PURPOSES
from equipoise.core.timeuse.reading import Quantity, TimeReading

STYLE = """
:root{color-scheme:light dark;--paper:#f6f7f9;--card:#fff;--ink:#1c2430;--soft:#566070;--line:#e3e7ec}
@media (prefers-color-scheme:dark){:root{--paper:#0e1217;--card:#161b22;--ink:#e8ecf1;--soft:#a3adba;--line:#2c343e}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 Inter,system-ui,"Segoe UI",sans-serif;
font-variant-numeric:tabular-nums}
main{max-width:60rem;margin:0 auto;padding:2rem 1rem}
h1{font-size:1.75rem;line-height:1.25;margin:0 0 .25rem}h2{font-size:1.125rem;margin:0 0 .75rem}
p{margin:.25rem 0}.soft,caption{color:var(--soft)}
section{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:1.25rem;margin-top:1rem}
.wide{overflow-x:auto}svg{display:block;width:100%;min-width:32rem;height:auto}
table{border-collapse:collapse;width:100%}caption{text-align:left;padding-bottom:.5rem}
.small{font-size:.8125rem}.small th,.small td{padding:.25rem}
th,td{padding:.375rem .5rem;border-top:1px solid var(--line);text-align:right;white-space:nowrap}
th:first-child,td:first-child{text-align:left}tbody th{white-space:normal}
.small tbody th{white-space:nowrap}
thead th{border-top:0;color:var(--soft);font-weight:600}
ul{margin:0;padding-left:1.25rem}
@media print{body{background:#fff}main{padding:0}section{break-inside:avoid;border:0;padding:0}.wide{overflow:visible}}
"""


def html_report(report: Report) -> str:
    """The reading as a page of HTML; everything shown in the picture stands in a table too."""
    reading = report.reading
    title = f"Leading and managing, {period_name(reading.counted)}"
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{escape(title)}</title>
<style>{STYLE}</style>
</head>
<body>
<main>
<h1>{escape(headline(reading))}</h1>
<p class="soft">{escape(period_name(reading.counted))}. {escape(evidence_words(reading))}</p>
<section><h2>Four axes</h2><div class="wide" tabindex="0" role="group" aria-label="Picture of the four axes">
{axes_picture(reading, headed=False)}</div>
{_axes_table(reading)}</section>
<section><h2>Hours by purpose</h2>{_purposes_table(reading)}</section>
<section><h2>Week by week</h2>{_weeks_table(reading)}</section>
<section><h2>What was counted and what was left out</h2>{_counted_table(reading)}</section>
<section><h2>What to keep in mind</h2>{_notes(report)}</section>
</main>
</body>
</html>
"""


def _table(caption: str, head: Sequence[str], rows: Iterable[Sequence[str]], *, small: bool = False) -> str:
    header = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    body = "\n".join(_line(row) for row in rows)
    kind = ' class="small"' if small else ""
    return (
        f'<div class="wide" tabindex="0" role="group" aria-label="{escape(caption)}">'
        f"<table{kind}>"
        f"<caption>{escape(caption)}</caption>"
        f"<thead><tr>{header}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _line(row: Sequence[str]) -> str:
    first, *rest = row
    cells = "".join(f"<td>{escape(cell)}</td>" for cell in rest)
    return f'<tr><th scope="row">{escape(first)}</th>{cells}</tr>'


def _axes_table(reading: TimeReading) -> str:
    return _table(
        "Lean of each axis, from -1 (all managing) to +1 (all leading), with its 90 % interval.",
        ("Axis", "Managing", "Leading", "Lean"),
        (
            (each.axis.name.capitalize(), each.axis.managing.value, each.axis.leading.value, lean_words(each.lean))
            for each in reading.axes
        ),
    )


def _purposes_table(reading: TimeReading) -> str:
    rows = [(purpose_name(purpose), *_figures(reading.purposes[purpose])) for purpose in PURPOSES]
    rows.append(("Leading, of both", *_figures(reading.leading)))
    rows.append(("Managing, of both", *_figures(reading.managing)))
    return _table(
        "Double-booked time is shared; shares are of all counted hours, with their 90 % interval.",
        ("Purpose", "Hours", "Hours a week", "Share", "Interval"),
        rows,
    )


def _figures(quantity: Quantity) -> tuple[str, str, str, str]:
    weekly = "-" if quantity.weekly is None else f"{quantity.weekly.value:.1f}"
    if quantity.share is None:
        return f"{quantity.hours:,.1f}", weekly, TOO_LITTLE, ""
    share = quantity.share
    return f"{quantity.hours:,.1f}", weekly, f"{percent(share.value)} %", percent_range(share)


def _weeks_table(reading: TimeReading) -> str:
    head = ("Week", "Leading", "Managing", *(purpose_name(purpose) for purpose in PURPOSES))
    rows = (
        (
            each.week.name if each.week.whole else f"{each.week.name} *",
            *(f"{hours:.1f}" for hours in (each.leading, each.managing, *each.hours)),
        )
        for each in reading.weeks
    )
    return _table("Hours by ISO week; * a week cut by the edge of the period.", head, rows, small=True)


def _counted_table(reading: TimeReading) -> str:
    counted = reading.counted
    amounts = [("counted", counted.counted), *((REASONS[key], value) for key, value in counted.left_out.items())]
    rows = [(name, f"{amount.entries:,}", f"{amount.hours:,.1f}") for name, amount in amounts]
    rows.append(("everything", f"{counted.everything.entries:,}", f"{counted.everything.hours:,.1f}"))
    return _table("Counted and left out add up to everything that was read.", ("Time", "Entries", "Hours"), rows)


def _notes(report: Report) -> str:
    known = (unplanned_words(report.reading), behaviour_words(report.behaviour), *report.warnings)
    return "<ul>" + "".join(f"<li>{escape(note)}</li>" for note in known if note) + "</ul>"
