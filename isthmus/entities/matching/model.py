"""The model: weights that turn evidence into a probability, and the bars between *same*, *possible* and *different*."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from math import exp

from isthmus.entities.matching.features import FEATURES, Evidence

SAME, POSSIBLE, DIFFERENT = "same", "possible", "different"


@dataclass(frozen=True, slots=True)
class Model:
    """A logistic model over the features.

    Attributes
    ----------
    version : str
        Its name, which judgements made by it carry.
    bias : float
        Log-odds before any evidence.
    weights : mapping
        Log-odds per unit of each feature.
    same, possible : float
        Probabilities from which a pair is *same* or *possible*.
    """

    version: str
    bias: float
    weights: Mapping[str, float]
    same: float
    possible: float

    def log_odds(self, evidence: Evidence) -> float:
        """Return the log-odds that two names mean one thing."""
        weights = self.weights
        return self.bias + sum(weights[name] * value for name, value in evidence.values.items())

    def verdict(self, score: float) -> str:
        """Return *same*, *possible* or *different* for a score."""
        return SAME if score >= self.same else POSSIBLE if score >= self.possible else DIFFERENT


def probability(log_odds: float) -> float:
    """Return the probability of log-odds, without overflow."""
    return 1 / (1 + exp(-max(-60.0, min(60.0, log_odds))))


@lru_cache(maxsize=1)
def load_model() -> Model:
    """Return the model in the package's data."""
    found = json.loads(files("isthmus").joinpath("data", "names", "weights.json").read_text("utf-8"))
    weights = {name: float(found["weights"][name]) for name in FEATURES}
    return Model(found["version"], float(found["bias"]), weights, float(found["same"]), float(found["possible"]))
