from pathlib import Path

import polars as pl
import pytest

from equipoise.adapters.activities import weekly_hours_of_files
from equipoise.core.facets import PURPOSES
from equipoise.core.timeuse.population import ActivitiesWrong


class TestWeeklyHoursOfFiles:
    def test_gives_every_week_of_every_person(self, tmp_path: Path) -> None:
        file = tmp_path / "a.parquet"
        activities = {"person": [4, 4, 2], "start": [0, 0, 700_000], "end": [7200, 7200, 703_600], "purpose": [0, 4, 9]}
        pl.DataFrame(activities).write_parquet(file)
        (table,) = weekly_hours_of_files([file], weeks=2)
        assert table.select("person", "week").rows() == [(2, 0), (2, 1), (4, 0), (4, 1)]
        assert table["unclear"].to_list() == [0.0, 1.0, 0.0, 0.0]
        assert table["vision"].to_list() == [0.0, 0.0, 1.0, 0.0]
        assert table["leading_share"].to_list() == [None, None, 0.5, None]

    def test_takes_probabilities(self, tmp_path: Path) -> None:
        file = tmp_path / "p.parquet"
        chances = {purpose.value: [0.1] for purpose in PURPOSES}
        pl.DataFrame({"person": [1], "start": [0], "end": [36_000], **chances}).write_parquet(file)
        (table,) = weekly_hours_of_files([file], weeks=1)
        assert table["people"].to_list() == pytest.approx([1.0])

    def test_names_a_missing_column(self, tmp_path: Path) -> None:
        file = tmp_path / "b.parquet"
        pl.DataFrame({"person": [1], "start": [0], "purpose": [0]}).write_parquet(file)
        with pytest.raises(ActivitiesWrong, match=r"b\.parquet lacks the column end"):
            list(weekly_hours_of_files([file], weeks=1))
