"""Say how well the packaged model does on entries it was not trained on.

`python training/evaluate.py` prints, for `training/development.csv` (never trained on), macro-F1, accuracy, top-2
accuracy, calibration error and the confusion matrix, whole and by title alone.
`python training/evaluate.py --held-out` prints the same for the entries of other hands that `held_out.txt` keeps
away from training, hand by hand; the shipped model's last round saw them, so for it these figures are too kind.
`python training/evaluate.py --folds 10` cross-validates the linear part over all entries (minutes), at random and by
hand; to hold hands out of the encoder too, train it anew with `training/train_encoder.py --hold-out`.
"""

import argparse

import numpy as np
from labelled import DEVELOPMENT, ENTRIES, Labelled, held_out, read_labelled
from numpy.typing import NDArray
from train_words import train

from equipoise.adapters.classifier import load_classifier
from equipoise.core.facets import PURPOSES
from equipoise.core.timeuse.purpose_model import softmax

BINS = 15


def f1_scores(truth: NDArray[np.int64], said: NDArray[np.int64]) -> NDArray[np.float64]:
    """F1 of each purpose; 0 where it was neither there nor said."""
    found = []
    for purpose in range(len(PURPOSES)):
        hit = np.sum((truth == purpose) & (said == purpose))
        both = np.sum(truth == purpose) + np.sum(said == purpose)
        found.append(2 * hit / both if both else 0.0)
    return np.array(found)


def calibration_error(truth: NDArray[np.int64], probabilities: NDArray[np.float64]) -> float:
    """Expected calibration error of the likeliest purpose, in equal bins of confidence (Naeini and others 2015)."""
    sure = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == truth
    bins = np.minimum((sure * BINS).astype(int), BINS - 1)
    gaps = [abs(right[bins == each].sum() - sure[bins == each].sum()) for each in range(BINS)]
    return float(sum(gaps) / len(truth))


def summary(truth: NDArray[np.int64], probabilities: NDArray[np.float64]) -> str:
    """One line of figures."""
    said = probabilities.argmax(axis=1)
    second = np.argsort(-probabilities, axis=1, kind="stable")[:, :2]
    figures = {
        "macro-F1": f1_scores(truth, said).mean(),
        "accuracy": np.mean(said == truth),
        "top-2": np.mean((second == truth[:, None]).any(axis=1)),
        "calibration error": calibration_error(truth, probabilities),
    }
    return f"n {len(truth)}  " + "  ".join(f"{name} {value:.3f}" for name, value in figures.items())


def confusion(truth: NDArray[np.int64], said: NDArray[np.int64]) -> str:
    """Rows are what entries are for, columns what the model says."""
    counts = np.zeros((len(PURPOSES), len(PURPOSES)), int)
    np.add.at(counts, (truth, said), 1)
    lines = [" " * 12 + "".join(f"{purpose.value[:6]:>8}" for purpose in PURPOSES)]
    lines += [
        f"{purpose.value:<12}" + "".join(f"{count:>8}" for count in row)
        for purpose, row in zip(PURPOSES, counts, strict=True)
    ]
    return "\n".join(lines)


def report(rows: Labelled, name: str) -> None:
    """The packaged model on some entries, with all there is to see and with less."""
    for view, words in VIEWS.items():
        seen = rows.seen_as(view)
        told = load_classifier().probabilities(seen.entries, seen.minutes)
        print(f"{name}, {words}: {summary(rows.purposes, told)}")
        if view == "full":
            print(confusion(rows.purposes, told.argmax(axis=1)))


VIEWS = {"full": "whole", "notes": "without notes", "setting": "without setting", "title": "title alone"}


def cross_validate(rows: Labelled, folds: NDArray[np.int64], name: str) -> None:
    """The linear part, each fold told by what was trained on the others."""
    told = np.zeros((len(rows), len(PURPOSES)))
    for fold in np.unique(folds):
        part, out = train(rows.at(folds != fold)), rows.at(folds == fold)
        told[folds == fold] = softmax(part.read(out.entries, out.minutes).scores)
        print(f"  fold {fold}: {summary(out.purposes, told[folds == fold])}", flush=True)
    print(f"linear part, {name}: {summary(rows.purposes, told)}")


def main() -> None:
    """Report by the command line's wishes."""
    wishes = argparse.ArgumentParser(description=__doc__)
    wishes.add_argument("--held-out", action="store_true")
    wishes.add_argument("--folds", type=int)
    wish = wishes.parse_args()
    rows = read_labelled(ENTRIES)
    if wish.held_out:
        kept = rows.at(held_out(rows))
        report(kept, "held out")
        for hand in np.unique(kept.hands):
            report(kept.at(kept.hands == hand), str(hand))
        return
    if wish.folds is None:
        report(read_labelled([DEVELOPMENT]), "development")
        return
    drawn = np.random.default_rng(0).permutation(len(rows)) % wish.folds
    cross_validate(rows, drawn, f"{wish.folds} random folds")
    cross_validate(rows, np.unique(rows.hands, return_inverse=True)[1], "one hand left out at a time")


if __name__ == "__main__":
    main()
