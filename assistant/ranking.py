"""How likely each candidate answers: gradient-boosted trees over what is known of it.

The trees (Friedman, 2001; grown with LightGBM) are fitted by `training/ranker.py` on question sets and kept as plain
numbers in `data/ranker.json`; here they are only walked.
"""

import json
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from assistant import artefacts
from assistant.errors import DataError
from assistant.features import NAMES
from assistant.lexicon import DATA

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Trees:
    """Trees side by side, each padded to the same number of nodes: shape (trees, nodes).

    A node sends a row left when its feature is at most the split; a leaf points at itself and holds its value.
    `scale` and `shift` make the summed values log odds that an answer is right (Platt, 1999). An answer is given from
    `threshold` on, and a letter costs `brevity` when candidates are about as likely.
    """

    feature: Ints
    split: Floats
    left: Ints
    right: Ints
    value: Floats
    depth: int
    scale: float
    shift: float
    threshold: float
    brevity: float

    def probabilities(self, rows: Floats) -> Floats:
        """Return how likely each row is right, shape (n,), from 0 to 1."""
        count, trees = len(rows), np.arange(len(self.feature))
        at = np.zeros((count, len(trees)), dtype=np.int64)
        for _ in range(self.depth):
            values = np.take_along_axis(rows, self.feature[trees, at], axis=1)
            at = np.where(values <= self.split[trees, at], self.left[trees, at], self.right[trees, at])
        odds = self.scale * self.value[trees, at].sum(axis=1) + self.shift
        return np.asarray(1.0 / (1.0 + np.exp(-odds)))


@lru_cache(maxsize=1)
def load() -> Trees:
    """Load the shipped trees.

    Raises:
        DataError: they were fitted to other features than `features.NAMES`.
    """
    raw = json.loads(artefacts.read(DATA / "ranker.json"))
    if tuple(raw["features"]) != NAMES:
        raise DataError("data_file", name="ranker.json", reason="must be fitted to the features of features.py")
    return Trees(
        np.array(raw["feature"], dtype=np.int64),
        np.array(raw["split"], dtype=np.float64),
        np.array(raw["left"], dtype=np.int64),
        np.array(raw["right"], dtype=np.int64),
        np.array(raw["value"], dtype=np.float64),
        int(raw["depth"]),
        float(raw["scale"]),
        float(raw["shift"]),
        float(raw["threshold"]),
        float(raw["brevity"]),
    )
