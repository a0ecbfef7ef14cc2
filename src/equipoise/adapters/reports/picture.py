"""The four axes as a picture (SVG): diverging bars with their intervals, managing to the left, leading to the right."""

from html import escape

from equipoise.adapters.reports.report import Report
from equipoise.adapters.reports.words import headline, lean_words, period_name, purpose_name
from equipoise.core.timeuse.reading import AxisReading, TimeReading

WIDTH, TOP, ROW, FOOT = 760, 92, 58, 40
MIDDLE, REACH = 400, 220  # where a lean of 0 stands, and how far a lean of 1 reaches
BAR = 20

LEADING_LIGHT = ("#0b4a8f", "#1d63b5", "#3a7fd0", "#5590d6")
MANAGING_LIGHT = ("#8a3d00", "#a94f08", "#c2661a", "#c9762c")
LEADING_DARK = ("#5ea0ec", "#7cb3f2", "#99c5f6", "#b5d5fa")
MANAGING_DARK = ("#e0853a", "#e89a58", "#efaf78", "#f5c59b")


def svg_report(report: Report) -> str:
    """The picture as a file of its own."""
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + axes_picture(report.reading) + "\n"


def axes_picture(reading: TimeReading, *, headed: bool = True) -> str:
    """The picture as an element, with a title and a description for those who do not see it.

    Args:
        reading: What to show.
        headed: Write headline and period above; not where the page does so.
    """
    height = TOP + ROW * len(reading.axes) + FOOT
    top = 0 if headed else TOP - 40
    rows = "\n".join(_row(number, each) for number, each in enumerate(reading.axes))
    bottom = TOP + ROW * len(reading.axes)
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 {top} {WIDTH} {height - top}" role="img" \
aria-labelledby="eq-title eq-desc" class="eq-axes">
<title id="eq-title">{escape(f"Leading and managing, {period_name(reading.counted)}")}</title>
<desc id="eq-desc">{escape(_description(reading))}</desc>
<style>{_style()}</style>
{_heading(reading, height) if headed else ""}
<text class="eq-soft" x="{MIDDLE - 12}" y="{TOP - 12}" text-anchor="end">managing</text>
<text class="eq-soft" x="{MIDDLE + 12}" y="{TOP - 12}">leading</text>
{_scale(bottom)}
{rows}
<line class="eq-middle" x1="{MIDDLE}" y1="{TOP - 24}" x2="{MIDDLE}" y2="{bottom}"/>
</svg>"""


def _heading(reading: TimeReading, height: int) -> str:
    return f"""<rect class="eq-paper" width="{WIDTH}" height="{height}" rx="8"/>
<text class="eq-head" x="24" y="34">{escape(headline(reading))}</text>
<text class="eq-soft" x="24" y="58">{escape(period_name(reading.counted))}</text>"""


def _description(reading: TimeReading) -> str:
    axes = "; ".join(
        f"{each.axis.name}, {each.axis.managing} against {each.axis.leading}: {lean_words(each.lean)}"
        for each in reading.axes
    )
    return (
        f"{headline(reading)} Lean by axis, from -1 for all managing to +1 for all leading, with 90 % interval: {axes}."
    )


def _style() -> str:
    light = _colours(LEADING_LIGHT, MANAGING_LIGHT)
    dark = _colours(LEADING_DARK, MANAGING_DARK)
    return (
        ".eq-axes{font:14px system-ui,Inter,'Segoe UI',sans-serif;font-variant-numeric:tabular-nums;max-width:100%}"
        ".eq-paper{fill:#fff}.eq-axes text{fill:#1c2430}.eq-axes .eq-soft{fill:#566070;font-size:13px}"
        ".eq-axes .eq-head{font-size:17px;font-weight:600}.eq-name{font-weight:600}"
        ".eq-grid{stroke:#e3e7ec}.eq-middle{stroke:#566070}.eq-doubt{stroke:#1c2430;stroke-width:2;fill:none}"
        ".eq-halo{stroke:#fff;stroke-width:6;fill:none}"
        f"{light}"
        "@media (prefers-color-scheme:dark){.eq-paper{fill:#161b22}.eq-axes text{fill:#e8ecf1}"
        ".eq-axes .eq-soft{fill:#a3adba}.eq-grid{stroke:#2c343e}.eq-middle{stroke:#a3adba}.eq-doubt{stroke:#e8ecf1}"
        ".eq-halo{stroke:#161b22}"
        f"{dark}}}"
    )


def _colours(leading: tuple[str, ...], managing: tuple[str, ...]) -> str:
    return "".join(
        f".eq-l{number}{{fill:{blue}}}.eq-m{number}{{fill:{orange}}}"
        for number, (blue, orange) in enumerate(zip(leading, managing, strict=True))
    )


def _scale(bottom: int) -> str:
    lines = [
        f'<line class="eq-grid" x1="{_x(lean)}" y1="{TOP}" x2="{_x(lean)}" y2="{bottom}"/>'
        for lean in (-1, -0.5, 0.5, 1)
    ]
    names = [
        f'<text class="eq-soft" x="{_x(lean)}" y="{bottom + 22}" text-anchor="middle">{lean:+g}</text>'
        for lean in (-1, -0.5, 0, 0.5, 1)
    ]
    return "\n".join([*lines, *names]).replace(">+0<", ">0<")


def _row(number: int, reading: AxisReading) -> str:
    y = TOP + ROW * number + 8
    axis, lean = reading.axis, reading.lean
    managing, leading = purpose_name(axis.managing), purpose_name(axis.leading)
    parts = [
        f'<text class="eq-name" x="24" y="{y + 15}">{escape(axis.name.capitalize())}</text>',
        f'<text class="eq-soft" x="{MIDDLE - REACH}" y="{y + 37}">{escape(managing)}</text>',
        f'<text class="eq-soft" x="{MIDDLE + REACH}" y="{y + 37}" text-anchor="end">{escape(leading)}</text>',
        f'<text x="{WIDTH - 24}" y="{y + 15}" text-anchor="end">{"" if lean is None else f"{lean.value:+.2f}"}</text>',
    ]
    if lean is None:
        parts.append(f'<text class="eq-soft" x="{MIDDLE + 12}" y="{y + 15}">not enough evidence</text>')
        return "\n".join(parts)
    left, right = sorted((_x(0.0), _x(lean.value)))
    pole = "l" if lean.value >= 0 else "m"
    parts.append(f'<rect class="eq-{pole}{number}" x="{left}" y="{y}" width="{right - left:.1f}" height="{BAR}"/>')
    low, high, middle = _x(lean.low), _x(lean.high), y + BAR // 2
    whiskers = f"M{low} {middle}H{high}M{low} {middle - 5}V{middle + 5}M{high} {middle - 5}V{middle + 5}"
    parts.extend(f'<path class="eq-{name}" d="{whiskers}"/>' for name in ("halo", "doubt"))
    return "\n".join(parts)


def _x(lean: float) -> float:
    return round(MIDDLE + REACH * lean, 1)
