"""Write the pages of the docs that are made from the code: `python -m tools.reference`."""

import os
import sys
import tempfile
from pathlib import Path

REFERENCE = Path(__file__).resolve().parent.parent / "docs" / "reference"


def access_page() -> str:
    """Who may open which address, as the views declare it. Needs Django to be set up."""
    from equipoise.platform.access import access_table

    lines = [
        "# Who may open what",
        "",
        "Made from the code. A test opens every address as owner, as assistant, as outsider and as nobody.",
        "Whoever may not see a record is told that nothing is there.",
        "",
        "| address | methods | kind of record | who |",
        "| --- | --- | --- | --- |",
    ]
    lines += [
        f"| `{row.route}` | {', '.join(row.access.methods)} | {row.access.record} | {'; '.join(row.access.audiences)} |"
        for row in access_table()
    ]
    return "\n".join([*lines, ""])


def records_page() -> str:
    """Who sees what for every kind of record, and for how long it is kept. Needs Django to be set up."""
    from equipoise.platform.records import kinds
    from equipoise.platform.viewers import VIEWERS, sees

    found = sorted(kinds(), key=lambda kind: str(kind.name))
    lines = [
        "# Who sees what",
        "",
        "Made from the code: each kind of record says who sees it, and a test holds that to what the pages and the API",
        "declare. The addresses stand in [Who may open what](access.md).",
        "",
        f"| kind of record | {' | '.join(str(each.name) for each in VIEWERS)} |",
        f"| --- |{' :-: |' * len(VIEWERS)}",
        *(f"| {kind.name} | {' | '.join('yes' if sees(each, kind) else '–' for each in VIEWERS)} |" for kind in found),
        "",
        "Roles add to what everybody has: administrators, people partners and auditors see their own records as the",
        "person themselves. A dash is held by the tests: they try each address and operation as each of these.",
    ]
    for kind in found:
        keeping = kind.keeping
        days = f"{keeping.days} days" if keeping.days is not None else "not by days"
        bounds = f"; an administrator may choose {keeping.least} to {keeping.most} days" if keeping.may_be_set else ""
        along = ", ".join(f"`{key}`" for key in kind.exported) or f"{kind.not_exported}"
        lines += [
            "",
            f"## {kind.name}",
            "",
            f"- **Holds.** {kind.holds}.",
            f"- **Why.** {kind.purpose}.",
            f"- **Comes from.** {kind.source}.",
            *([f"- **Seen.** {kind.seeing}."] if kind.seeing else []),
            f"- **Taken along.** {along}.",
            f"- **Erased.** {kind.erased}.",
            f"- **Kept.** {keeping.words} ({days}{bounds}).",
            *([f"- **Tables.** {', '.join(f'`{model}`' for model in kind.models)}."] if kind.models else []),
        ]
    return "\n".join([*lines, ""])


def main() -> int:
    """Write all of them."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("EQUIPOISE_DATA", folder)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "equipoise.config.settings")
        import django

        django.setup()
        (REFERENCE / "access.md").write_text(access_page(), encoding="utf-8")
        (REFERENCE / "records.md").write_text(records_page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
