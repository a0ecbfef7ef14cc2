import csv
import gzip
from pathlib import Path

import numpy as np
import pytest

from equipoise.adapters.behaviour import load_weights
from equipoise.core.timeuse.behaviour import CLIP, Activity, Company, Kind, leader_share


def planned_meeting(*functions: str) -> Activity:
    return Activity(
        kind=Kind.MEETING,
        minutes=90,
        blocks=6,
        planned=True,
        company=Company.SEVERAL,
        functions=frozenset(functions),
    )


class TestLoadWeights:
    def test_knows_the_654_activities(self) -> None:
        assert len(load_weights().known) == 654

    def test_leans_the_way_the_diaries_do(self) -> None:
        """Orientation: the top of the firm speaks for leader-like, production for manager-like behaviour."""
        weights = load_weights()
        assert weights.log_ratio(planned_meeting("groupcom")) > 2
        assert weights.log_ratio(planned_meeting("production")) < -0.5

    @pytest.mark.parametrize(
        ("term", "published"),
        [("constant", -0.01), ("business_meal", 1.31), ("unplanned", -1.53), ("production", -2.10), ("bunits", 3.36)],
    )
    def test_puts_activities_together_from_the_published_terms(self, term: str, published: float) -> None:
        assert load_weights().terms[term] == pytest.approx(published, abs=0.005)


class TestPublishedShares:
    def test_agree_for_916_chief_executives(self, shared: Path) -> None:
        """EM with the fixed, clipped log ratios against the posterior means of ValidMLInference."""
        with gzip.open(shared / "ceo_behaviour" / "estimation_data.csv.gz", "rt", encoding="utf-8") as file:
            blocks = np.array([[float(row[f"w_{number}"]) for number in range(654)] for row in csv.DictReader(file)])
        with (shared / "ceo_behaviour" / "theta_est_full.csv").open(encoding="utf-8") as file:
            published = np.array([float(row["V1"]) for row in csv.DictReader(file)])
        ratios = np.clip(np.array(list(load_weights().known.values())), -CLIP, CLIP)
        ours = np.array([leader_share(ratios[row > 0], row[row > 0]) for row in blocks])
        assert len(ours) == 916
        assert np.corrcoef(ours, published)[0, 1] >= 0.999
        assert np.abs(ours - published).mean() < 0.03
