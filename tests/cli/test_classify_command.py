import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from equipoise.cli.app import equipoise
from equipoise.core.facets import PURPOSES

Classify = Callable[..., Result]
HEADER = ["id", "primary", "confidence", *(purpose.value for purpose in PURPOSES)]
FULL = (
    "id,title,description,minutes,attendees,relation,recurring,organiser_self,primary,also\n"
    's1,"Budget, second look",,60,5,cross_team,no,yes,oversight,\n'
    "s2,1:1 Ana,her next step,30,1,direct_report,weekly,yes,people,\n"
)


@pytest.fixture
def classify() -> Classify:
    def run(text: str | bytes, *words: str) -> Result:
        return CliRunner().invoke(equipoise, ["classify", "-", *words], input=text)

    return run


def rows(result: Result) -> list[dict[str, str]]:
    assert result.exit_code == 0, result.output
    return list(csv.DictReader(result.stdout.splitlines()))


class TestClassify:
    def test_writes_a_row_an_entry_in_order(self, classify: Classify) -> None:
        found = rows(classify(FULL))
        assert list(found[0]) == HEADER
        assert [row["id"] for row in found] == ["s1", "s2"]

    def test_gives_probabilities_that_sum_to_one(self, classify: Classify) -> None:
        for row in rows(classify(FULL)):
            chances = {purpose.value: float(row[purpose.value]) for purpose in PURPOSES}
            assert sum(chances.values()) == pytest.approx(1, abs=1e-5)
            assert float(row["confidence"]) == max(chances.values()) == chances[row["primary"]]

    def test_needs_a_title_only(self, classify: Classify) -> None:
        assert [row["id"] for row in rows(classify("title\nBudget review\n\nSprint planning\n"))] == ["1", "2"]

    def test_takes_a_byte_order_mark_and_windows_lines(self, classify: Classify) -> None:
        assert len(rows(classify("\ufefftitle\r\nBudget review\r\n".encode()))) == 1

    def test_answers_an_empty_table_with_the_header(self, classify: Classify) -> None:
        assert classify("title\n").stdout == ",".join(HEADER) + "\n"

    def test_reads_a_file_and_writes_one(self, tmp_path: Path) -> None:
        (tmp_path / "in.csv").write_text(FULL, encoding="utf-8")
        words = ["classify", str(tmp_path / "in.csv"), "--output", str(tmp_path / "out.csv")]
        assert CliRunner().invoke(equipoise, words).exit_code == 0
        assert (tmp_path / "out.csv").read_text(encoding="utf-8").startswith("id,primary,confidence,vision")

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("name\nBudget\n", "one of them must be 'title'"),
            ("", "one of them must be 'title'"),
            ("title,minutes\nA,30\nB,long\n", "line 3: minutes is 'long'"),
            ("title,minutes\nA,nan\n", "line 2: minutes is 'nan'"),
            ("title,attendees\nA,2.5\n", "line 2: attendees is '2.5'"),
            ("title,relation\nA,cousin\n", "line 2: relation is 'cousin'"),
            ("title,recurring\nA,often\n", "line 2: recurring is 'often'"),
            ("title,organiser_self\nA,perhaps\n", "line 2: organiser_self is 'perhaps'"),
            ("title\nA,B\n", "line 2: the row has more cells"),
            ('title\n"A\n', "line 2"),
            (b"title\nA\nB\xff\n", "line 3: the text is not UTF-8"),
        ],
    )
    def test_names_the_line_of_what_is_wrong(self, classify: Classify, text: str | bytes, said: str) -> None:
        result = classify(text)
        assert result.exit_code == 3
        assert result.stdout == ""
        assert said in result.stderr
        assert "standard input" in result.stderr

    def test_refuses_a_file_that_is_not_there(self) -> None:
        result = CliRunner().invoke(equipoise, ["classify", "nowhere.csv"])
        assert result.exit_code == 2
        assert "nowhere.csv" in result.stderr

    def test_takes_the_development_labels(self, shared: Path) -> None:
        result = CliRunner().invoke(equipoise, ["classify", str(shared / "labels" / "development.csv")])
        assert len(rows(result)) == 600
