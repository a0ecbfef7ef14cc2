"""`equipoise classify`: from a table of entries to what each is for."""

from pathlib import Path

import click


@click.command()
@click.argument("entries", type=click.Path(exists=True, dir_okay=False, allow_dash=True), metavar="ENTRIES.csv")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="File to write to.")
def classify(entries: str, output: Path | None) -> None:
    """Say what each entry of a table is for.

    ENTRIES.csv is a UTF-8 table with a header; - reads standard input. Only the column title is needed; description,
    minutes, attendees, relation, recurring, organiser_self (yes or no) and id are used when there, other columns are
    ignored, and an empty cell means not known.

    Writes CSV: id, primary (the likeliest purpose), confidence (its probability), and the probability of each of the
    eight facets, other and unclear. Without a column id the rows are numbered from 1.

    \b
    Examples:
      equipoise classify entries.csv > purposes.csv
      printf 'title\\nBudget review\\n' | equipoise classify -

    Exit codes: 0 written, 2 wrong usage, 3 the table could not be read, 4 the output could not be written.
    """
    from equipoise.cli.classifying import carry_out

    carry_out(entries, output)
