"""Read the demo agency's hand-written data: lines of fields between bars."""

from importlib.resources import files


class BrokenLine(ValueError):
    """A line of the demo agency's data does not have the fields it should have."""


def rows(name: str, *, fields: int) -> list[tuple[str, ...]]:
    """The lines of one data file, each split into its fields.

    Empty lines and lines that begin with `#` are left out.

    Args:
        name: File name in the package's `data` folder, for example `"people.txt"`.
        fields: How many fields each line must have.

    Raises:
        BrokenLine: A line has another number of fields; the message names the file and line.
    """
    text = (files(__package__) / "data" / name).read_text(encoding="utf-8")
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        row = tuple(field.strip() for field in line.split("|"))
        if len(row) != fields:
            raise BrokenLine(f"{name}, line {number}: {len(row)} fields where {fields} are needed; mend the line.")
        found.append(row)
    return found
