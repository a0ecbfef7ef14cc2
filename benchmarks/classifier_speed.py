"""How fast the classifier loads, and how many distinct entries it says the purpose of in a second, on one core.

Run `env -u OPENBLAS_CORETYPE -u OPENBLAS_L2_SIZE python benchmarks/classifier_speed.py`. The baseline in the same run
is a bare hashed linear model (the classifier's own linear part).
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before numpy is loaded: one core

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "training"))

import numpy as np
from labelled import ENTRIES, read_labelled

from equipoise.adapters.classifier import load_classifier

COUNT, REPEATS = 3000, 5
LOAD = "import time; a = time.perf_counter(); import numpy; b = time.perf_counter();"
LOAD += "from equipoise.adapters.classifier import load_classifier; load_classifier();"
LOAD += "print(time.perf_counter() - a, time.perf_counter() - b)"


def best(call: Callable[[], object]) -> float:
    """The least seconds of processor time a call takes."""
    found = []
    for _ in range(REPEATS):
        begun = time.process_time()
        call()
        found.append(time.process_time() - begun)
    return min(found)


def main() -> None:
    """Print loading time, entries a second, and the ratio to the linear part alone."""
    loads = [subprocess.run([sys.executable, "-c", LOAD], capture_output=True, text=True, check=True) for _ in range(3)]
    whole, own = min(tuple(map(float, each.stdout.split())) for each in loads)
    print(f"loading in a new process: {whole:.2f} s with numpy, {own:.2f} s without")
    rows = read_labelled(ENTRIES)
    chosen = np.random.default_rng(0).permutation(len(rows))[:COUNT]
    entries = [rows.entries[number] for number in chosen]
    minutes = [rows.minutes[number] for number in chosen]
    assert len({(each.title, each.description) for each in entries}) > 0.99 * COUNT
    model = load_classifier().model
    linear = replace(model, parts=model.parts[:1], weights=model.weights[:1], sizes=model.sizes[:1])
    all_parts, one_part = (best(lambda each=each: each.read(entries, minutes)) for each in (model, linear))
    alone = best(lambda: [model.read([entry], [length]) for entry, length in zip(entries[:200], minutes, strict=False)])
    print(f"distinct entries a second: {COUNT / all_parts:,.0f}; one by one {200 / alone:,.0f}")
    print(f"linear part alone: {COUNT / one_part:,.0f}; the whole takes {all_parts / one_part:.1f} times as long")
    data = Path(sys.modules["equipoise.adapters.classifier"].__file__ or "").parent / "data"
    print(f"model data: {sum(each.stat().st_size for each in data.iterdir()) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
