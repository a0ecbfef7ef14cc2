"""Read activities of many people from Parquet files and sum them by person, week and purpose.

A file has the columns `person` (whole number), `start` and `end` (whole seconds from Monday midnight of the first week,
on the person's own clock) and `purpose` (index in `PURPOSES`), or instead of `purpose` the ten probabilities, each
named for its purpose. All activities of a person must stand in one file; the files are read one after the other, so
that memory depends on the largest file only.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import polars as pl

from equipoise.core.facets import LEADING, MANAGING, PURPOSES
from equipoise.core.timeuse.population import ActivitiesWrong, PopulationHours, weekly_hours

NAMES = tuple(purpose.value for purpose in PURPOSES)
PLACES = ("person", "start", "end")


def weekly_hours_of_files(files: Iterable[Path], *, weeks: int) -> Iterator[pl.DataFrame]:
    """Hours by person, week and purpose, one table a file.

    Args:
        files: Parquet files, each with whole persons.
        weeks: How many weeks from the first Monday.

    Yields:
        Columns `person`, `week` (from 0), the hours of each purpose under its name, and `leading_share`, leading
        hours as a share of leading + managing hours, null where there are none. People and weeks are in order, and
        every week of every person is there.

    Raises:
        ActivitiesWrong: When a column is missing or does not hold what it should.
    """
    for file in files:
        table = pl.read_parquet(file, columns=_columns(file))
        yield _as_table(_hours(table, weeks))


def _columns(file: Path) -> list[str]:
    there = pl.read_parquet_schema(file)
    wanted = [*PLACES, *(["purpose"] if "purpose" in there else NAMES)]
    missing = [name for name in wanted if name not in there]
    if missing:
        raise ActivitiesWrong(f"{file.name} lacks the column {missing[0]}.")
    return wanted


def _hours(table: pl.DataFrame, weeks: int) -> PopulationHours:
    purposes = table["purpose"].to_numpy() if "purpose" in table.columns else table.select(NAMES).to_numpy()
    return weekly_hours(
        people=table["person"].to_numpy(),
        starts=table["start"].to_numpy(),
        ends=table["end"].to_numpy(),
        purposes=purposes,
        weeks=weeks,
    )


def _as_table(found: PopulationHours) -> pl.DataFrame:
    people, weeks, _ = found.hours.shape
    rows = found.hours.reshape(people * weeks, len(NAMES))
    table = pl.DataFrame({"person": found.people.repeat(weeks), "week": np.tile(np.arange(weeks), people)})
    hours = [pl.Series(name, rows[:, number]) for number, name in enumerate(NAMES)]
    both = pl.sum_horizontal([*LEADING, *MANAGING])
    share = pl.when(both > 0).then(pl.sum_horizontal(list(LEADING)) / both)
    return table.with_columns(hours).with_columns(share.alias("leading_share"))
