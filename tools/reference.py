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


def main() -> int:
    """Write all of them."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("EQUIPOISE_DATA", folder)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "equipoise.config.settings")
        import django

        django.setup()
        (REFERENCE / "access.md").write_text(access_page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
