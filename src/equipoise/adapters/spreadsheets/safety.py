"""Cells that a spreadsheet program would take for a formula, made harmless and read back as they were.

A text that begins like a formula gets an apostrophe before it, as OWASP advises against CSV injection; so does one that
begins with apostrophes and then like a formula, so that reading takes off exactly what writing put on.
"""

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a formula may begin with, in the programs people use."""


def guarded(text: str) -> str:
    """The text as it is written."""
    return f"'{text}" if text.lstrip("'").startswith(STARTS) and text != "-" else text


def unguarded(text: str) -> str:
    """The text as it was before it was written."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(STARTS) else text
