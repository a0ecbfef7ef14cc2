"""Where results go: standard output or a file."""

import sys
from pathlib import Path

from equipoise.cli.errors import OutputRefused

PROBE = "█▓░·│◀▶"


def can_draw() -> bool:
    """Whether standard output knows the signs that bars are drawn with."""
    encoding = getattr(sys.stdout, "encoding", None) or "ascii"
    try:
        PROBE.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def write(text: str, output: Path | None) -> None:
    """Write a result as UTF-8 to a file, or to standard output.

    Raises:
        OutputRefused: When the file cannot be written.
    """
    if output is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode("utf-8"))
        sys.stdout.buffer.flush()
        return
    try:
        output.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise OutputRefused(f"Cannot write {output}: {error.strerror or error}. Choose another --output.") from error
