"""Write the model that ships: the linear part, trained here in a minute or two, beside an encoder trained before.

Run `python training/build_model.py encoder.npz`; it writes `words.npz` and `encoder.npz` under
`src/equipoise/adapters/classifier/data`, and prints the weights of the parts, which it chooses on the entries that
`held_out.txt` keeps away from training.
With `--all`, for a last round, the linear part is trained on these entries, too, and the weights stay as they are in
the package: nothing is left to choose them on.
"""

import argparse
from pathlib import Path

import numpy as np
from labelled import ENTRIES, HERE, Labelled, held_out, read_labelled
from numpy.typing import NDArray
from scipy.optimize import minimize
from train_words import train

from equipoise.adapters.classifier.stored import pack_words, unpack_encoder
from equipoise.core.timeuse.purpose_model import Part, softmax

DATA = HERE.parent / "src" / "equipoise" / "adapters" / "classifier" / "data"


def weights_of(parts: tuple[Part, Part], rows: Labelled) -> NDArray[np.float64]:
    """The weights of the parts' scores with the smallest log loss on entries that neither was trained on."""
    scores = np.stack([part.read(rows.entries, rows.minutes).scores for part in parts])
    own = (np.arange(len(rows)), rows.purposes)

    def loss(weights: NDArray[np.float64]) -> float:
        return float(-np.log(softmax(np.tensordot(weights, scores, 1))[own] + 1e-12).mean())

    found: NDArray[np.float64] = np.round(minimize(loss, [0.3, 0.8], method="Nelder-Mead").x, 2)
    print("weights of words and encoder:", found, "log loss on what was held out:", round(loss(found), 3))
    return found


def main() -> None:
    """Train, weigh, and write both parts."""
    wishes = argparse.ArgumentParser(description=__doc__)
    wishes.add_argument("encoder", type=Path)
    wishes.add_argument("--all", action="store_true", help="train on what is held out, too, and keep the weights")
    wish = wishes.parse_args()
    encoder: Path = wish.encoder
    DATA.mkdir(exist_ok=True)
    rows = read_labelled(ENTRIES)
    if wish.all:
        words = train(rows)
        with np.load(DATA / "words.npz") as stored:
            weights = stored["weights"]
    else:
        out = held_out(rows)
        words = train(rows.at(~out))
        with np.load(encoder) as stored:
            weights = weights_of((words, unpack_encoder(stored)), rows.at(out))
    np.savez_compressed(DATA / "words.npz", **pack_words(words), weights=weights)
    (DATA / "encoder.npz").write_bytes(encoder.read_bytes())


if __name__ == "__main__":
    main()
