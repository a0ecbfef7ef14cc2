"""A document of sections, and how it is written down."""

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.translation import get_language


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under a head; the first cell of each row names it."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading with what stands under it: paragraphs, then points, then a table."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    table: Table | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A title, what it is for, and its sections."""

    key: str
    title: str
    intro: str
    sections: tuple[Section, ...]


def as_markdown(document: Document) -> str:
    """The document as Markdown."""
    lines = [f"# {document.title}", "", document.intro]
    for section in document.sections:
        lines += ["", f"## {section.heading}"]
        for paragraph in section.paragraphs:
            lines += ["", paragraph]
        if section.points:
            lines += ["", *(f"- {point}" for point in section.points)]
        if section.table:
            lines += ["", _row(section.table.head), _row(("---",) * len(section.table.head))]
            lines += [_row(row) for row in section.table.rows]
    return "\n".join([*lines, ""])


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|').replace(chr(10), ' ') for cell in cells)} |"


def as_page(document: Document) -> str:
    """The document as a page that stands alone, to read and to print."""
    return render_to_string("privacy/document.html", {"document": document, "language": get_language()})
