"""Ten million activities of ten thousand people to hours by week and purpose: ours, Polars by hand, DuckDB by hand.

    .venv/bin/python benchmarks/weekly_shares.py [--people 10000] [--activities 1000] [--files 32] [--rounds 3]

Makes the activities in a temporary folder (Parquet, whole people to a file, rows in random order), then runs each
engine in a process of its own over the same files, one after the other, and takes the best of the rounds. Double-booked
time is shared: k activities that run at once get 1/k each. Prints seconds, peak memory and ratios, and fails when the
results differ. The files are read once before, so that none of the engines waits for the disk.
"""

# ruff: noqa: PLC0415 (each engine is imported in its own process only, where its memory is measured)

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

WEEKS = 52
KINDS = 10
WEEK_SECONDS = 604_800
ENGINES = ("equipoise", "polars", "duckdb")
FRESH = {name: value for name, value in os.environ.items() if not name.startswith("OPENBLAS_")}


def make(folder: Path, people: int, activities: int, files: int) -> None:
    """Write activities of working weeks: quarter hours between 8 and 18, a quarter to two hours long."""
    import numpy as np
    import polars as pl

    rng = np.random.default_rng(7)
    for number, mine in enumerate(np.array_split(np.arange(people), files)):
        person = np.repeat(mine, activities)
        rng.shuffle(person)
        day = rng.integers(0, WEEKS, len(person)) * 7 + rng.integers(0, 5, len(person))
        start = day * 86_400 + rng.integers(32, 65, len(person)) * 900
        end = start + rng.integers(1, 9, len(person)) * 900
        purpose = rng.integers(0, KINDS, len(person)).astype(np.uint8)
        table = pl.DataFrame({"person": person.astype(np.int32), "start": start, "end": end, "purpose": purpose})
        table.write_parquet(folder / f"{number:04d}.parquet")


def run_equipoise(files: list[Path], out: Path) -> None:
    """Ours: one sweep a file."""
    import polars as pl

    from equipoise.adapters.activities import weekly_hours_of_files

    pl.concat(list(weekly_hours_of_files(files, weeks=WEEKS))).write_parquet(out)


def run_polars(files: list[Path], out: Path) -> None:
    """Polars by hand, file by file: boundaries in order, running count, time given so far, sums of its differences."""
    import polars as pl

    parts = []
    for file in files:
        table = pl.read_parquet(file)
        ends = [table.select("person", "purpose", pl.col(at).alias("t"), step=pl.lit(step, pl.Int32))
                for at, step in (("start", 1), ("end", -1))]  # fmt: skip
        swept = (
            pl.concat(ends)
            .sort("person", "t")
            .with_columns(running=pl.col("step").cum_sum(), gap=pl.col("t").shift(-1) - pl.col("t"))
            .with_columns(piece=pl.when(pl.col("running") > 0).then(pl.col("gap") / pl.col("running")).otherwise(0.0))
            .with_columns(given=pl.col("piece").cum_sum().shift(1, fill_value=0.0))
        )
        parts.append(
            swept.group_by("person", (pl.col("t") // WEEK_SECONDS).alias("week"), "purpose").agg(
                hours=-(pl.col("step") * pl.col("given")).sum() / 3600
            )
        )
    pl.concat(parts).write_parquet(out)


DUCKDB = """
    COPY (
        WITH ends AS (
            SELECT person, purpose, "start" AS t, 1 AS step FROM read_parquet('{file}')
            UNION ALL SELECT person, purpose, "end" AS t, -1 AS step FROM read_parquet('{file}')
        ), counted AS (
            SELECT *, sum(step) OVER sweep AS running, lead(t) OVER sweep - t AS gap, row_number() OVER sweep AS place
            FROM ends WINDOW sweep AS (PARTITION BY person ORDER BY t ROWS UNBOUNDED PRECEDING)
        ), swept AS (
            SELECT person, purpose, t, step,
                   coalesce(sum(CASE WHEN running > 0 THEN gap / running ELSE 0 END) OVER before, 0) AS given
            FROM counted WINDOW before AS (
                PARTITION BY person ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            )
        )
        SELECT person, t // {week} AS week, purpose, -sum(step * given) / 3600 AS hours FROM swept GROUP BY ALL
    ) TO '{out}' (FORMAT parquet)
"""


def run_duckdb(files: list[Path], out: Path) -> None:
    """DuckDB by hand, file by file: the same with window functions."""
    import duckdb

    out.mkdir()
    for file in files:
        duckdb.sql(DUCKDB.format(file=file, out=out / file.name, week=WEEK_SECONDS))


RUNNERS: dict[str, Callable[[list[Path], Path], None]] = {
    "equipoise": run_equipoise,
    "polars": run_polars,
    "duckdb": run_duckdb,
}


def run_alone(engine: str, folder: Path, out: Path) -> None:
    """Run one engine in this process and print its seconds and peak memory as JSON."""
    began = time.perf_counter()
    RUNNERS[engine](sorted(folder.glob("*.parquet")), out)
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "megabytes": peak}))


def measure(engine: str, folder: Path, out: Path) -> dict[str, float]:
    """Run one engine in a process of its own."""
    command = [sys.executable, __file__, "--alone", engine, str(folder), str(out)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=FRESH)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def difference(ours: Path, theirs: Path) -> float:
    """The largest difference in hours between our wide table and a long one; missing cells count as zero."""
    import polars as pl

    from equipoise.core.facets import PURPOSES

    names = [purpose.value for purpose in PURPOSES]
    wide = pl.read_parquet(ours).sort("person", "week")
    source = theirs / "*.parquet" if theirs.is_dir() else theirs
    long = pl.read_parquet(source).with_columns(pl.col("person", "week").cast(pl.Int64))
    pivoted = long.pivot(on="purpose", index=["person", "week"], values="hours")
    other = wide.select("person", "week").join(pivoted, on=["person", "week"], how="left", maintain_order="left")
    gaps = [(wide[name] - other[str(number)].fill_null(0.0)).abs().max() for number, name in enumerate(names)]
    return max(float(str(gap)) for gap in gaps)


def compare(chosen: argparse.Namespace) -> int:
    """Make the data, run the engines in turn, print the table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "activities"
        folder.mkdir()
        make_in = [sys.executable, __file__, "--make", str(folder), str(chosen.people), str(chosen.activities)]
        subprocess.run([*make_in, str(chosen.files)], check=True, env=FRESH)
        for file in folder.glob("*.parquet"):
            file.read_bytes()
        best: dict[str, dict[str, float]] = {}
        for turn in range(chosen.rounds):
            for engine in ENGINES:
                found = measure(engine, folder, Path(name) / f"{engine}{turn}")
                if engine not in best or found["seconds"] < best[engine]["seconds"]:
                    best[engine] = found
        print(f"{chosen.people * chosen.activities:,} activities of {chosen.people:,} people in {chosen.files} files")
        for engine in ENGINES:
            seconds, megabytes = best[engine]["seconds"], best[engine]["megabytes"]
            ratio = seconds / best["equipoise"]["seconds"]
            print(f"{engine:>10}  {seconds:6.2f} s  {megabytes:6.0f} MB  {ratio:5.2f}x ours")
        gaps = {each: difference(Path(name) / "equipoise0", Path(name) / f"{each}0") for each in ENGINES[1:]}
    print("largest difference in hours: " + ", ".join(f"{each} {gap:.1e}" for each, gap in gaps.items()))
    faster = min(best["polars"]["seconds"], best["duckdb"]["seconds"])
    print(f"ratio of ours to the faster of the two: {best['equipoise']['seconds'] / faster:.2f}")
    return 0 if max(gaps.values()) < 1e-6 else 1


def main() -> int:
    """Read the options; the hidden ones are how the benchmark calls itself."""
    if sys.argv[1:2] == ["--alone"]:
        run_alone(sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4]))
        return 0
    if sys.argv[1:2] == ["--make"]:
        make(Path(sys.argv[2]), *(int(each) for each in sys.argv[3:6]))
        return 0
    parser = argparse.ArgumentParser(description="Weekly hours of many people: ours, Polars, DuckDB.")
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--activities", type=int, default=1_000, help="a person")
    parser.add_argument("--files", type=int, default=32)
    parser.add_argument("--rounds", type=int, default=3)
    return compare(parser.parse_args())


if __name__ == "__main__":
    sys.exit(main())
