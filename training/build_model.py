"""Write the model that ships: the linear part, trained here in a minute, beside an encoder trained before.

Run `python training/build_model.py encoder.npz`; it writes `words.npz` and `encoder.npz` under
`src/equipoise/adapters/classifier/data`.
"""

import sys
from pathlib import Path

import numpy as np
from labelled import ENTRIES, HERE, held_out, read_labelled
from train_words import train

from equipoise.adapters.classifier.stored import pack_words

DATA = HERE.parent / "src" / "equipoise" / "adapters" / "classifier" / "data"
WEIGHTS = (0.11, 0.99)
"""How the scores of words and encoder are added up: chosen for the smallest log loss on hands held out of training."""


def main(encoder: Path) -> None:
    """Train, and write both parts."""
    DATA.mkdir(exist_ok=True)
    rows = read_labelled(ENTRIES)
    part = train(rows.at(~held_out(rows)))
    np.savez_compressed(DATA / "words.npz", **pack_words(part), weights=np.array(WEIGHTS))
    (DATA / "encoder.npz").write_bytes(encoder.read_bytes())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
