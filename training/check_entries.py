"""Check the labelled entries under `training/entries`: form, values, balance, repeats.

Run `python training/check_entries.py [FILE...]`; without files, all are read. Exits 1 if a row is wrong.
"""

import csv
import sys
from collections import Counter
from pathlib import Path

HERE = Path(__file__).parent
COLUMNS = [
    "id", "title", "description", "minutes", "attendees",
    "relation", "recurring", "organiser_self", "primary", "also",
]  # fmt: skip
FACETS = ["vision", "change", "people", "inspiration", "execution", "stability", "process", "oversight"]
PURPOSES = [*FACETS, "other", "unclear"]
RELATIONS = ["none", "direct_report", "boss", "peer", "team", "cross_team", "outside", "mixed", "many"]
CHOICES = {
    "relation": {"", *RELATIONS},
    "recurring": {"", "no", "daily", "weekly", "biweekly", "monthly", "quarterly", "yearly"},
    "organiser_self": {"", "yes", "no"},
    "primary": set(PURPOSES),
}


def faults(row: dict[str, str]) -> list[str]:
    """What is wrong with one row, in words; an empty list when nothing is."""
    found = [f"{name}: {row[name]!r} is not one of the choices" for name in CHOICES if row[name] not in CHOICES[name]]
    found += [
        f"{name}: {row[name]!r} is not a whole number" for name in ("minutes", "attendees")
        if row[name] and not row[name].isdigit()
    ]  # fmt: skip
    if not row["title"].strip():
        found.append("title: empty")
    for also in row["also"].split():
        if also not in PURPOSES or also == row["primary"]:
            found.append(f"also: {also!r} is not another purpose")
    return found


def main(names: list[str]) -> int:
    """Print what is wrong and how the rows are spread; 1 if anything is wrong."""
    paths = [Path(name) for name in names] or sorted((HERE / "entries").glob("*.csv"))
    wrong = 0
    seen: dict[tuple[str, str], str] = {}
    total: Counter[str] = Counter()
    for path in paths:
        with path.open(encoding="utf-8", newline="") as handle:
            reader = csv.DictReader(handle, strict=True)
            if reader.fieldnames != COLUMNS:
                print(f"{path}: the columns are {reader.fieldnames}, not {COLUMNS}")
                wrong += 1
                continue
            spread: Counter[str] = Counter()
            for row in reader:
                if None in row or None in row.values():
                    print(f"{path}:{reader.line_num}: wrong number of columns (quote a title that has a comma)")
                    wrong += 1
                    continue
                for fault in faults(row):
                    print(f"{path}:{reader.line_num}: {fault}")
                    wrong += 1
                key = (row["title"].strip().lower(), row["description"].strip().lower())
                if key in seen and row["primary"] != "unclear":
                    print(f"{path}:{reader.line_num}: repeats {seen[key]}: {row['title']}")
                    wrong += 1
                seen.setdefault(key, f"{path.name}:{reader.line_num}")
                spread[row["primary"]] += 1
            total += spread
            print(path.name, sum(spread.values()), dict(spread.most_common()))
    print("all", sum(total.values()), dict(total.most_common()))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
