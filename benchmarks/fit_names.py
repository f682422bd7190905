"""Fit the weights of the name model on labelled pairs, and measure it on pairs that it was not fitted to.

    python -m benchmarks.fit_names            cross-validate and print
    python -m benchmarks.fit_names --write    and write isthmus/data/names/weights.json, fitted on all pairs

A logistic regression with the signs of `SIGNS` as bounds and a pull towards the weights that were set by hand (`PRIOR`), so that a feature
which the pairs hardly show keeps a sensible weight. Pairs of one family of firms stay in one fold.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import numpy as np
from scipy.optimize import minimize

from benchmarks.name_sets import Labelled, all_sets
from isthmus.entities.matching.features import FEATURES, SIGNS, compare
from isthmus.entities.names import read_name

WEIGHTS = Path(__file__).resolve().parent.parent / "isthmus" / "data" / "names" / "weights.json"
PRIOR = Path(__file__).resolve().parent / "data" / "name_prior.json"
PULL = 0.15
BOUNDS = {"country_agrees": (0.2, 1.0), "country_differs": (-3.0, -2.0)}
"""The pairs were picked for their names, so that they say too much about countries: these weights stay within what a person would grant."""
FOLDS = 5


@dataclass(frozen=True, slots=True)
class Fitted:
    """A bias and the weights of `FEATURES`."""

    bias: float
    weights: np.ndarray


def rows_of(pair: Labelled) -> np.ndarray:
    """Return the features of every pair of readings of a labelled pair, one row each."""
    found = []
    for one in read_name(pair.name1).readings:
        for two in read_name(pair.name2).readings:
            if one.words and two.words:
                values = compare(one, two).values
                if pair.country1 and pair.country2:
                    values["country_agrees" if pair.country1 == pair.country2 else "country_differs"] = 1.0
                found.append([values.get(name, 0.0) for name in FEATURES])
    return np.array(found or [[0.0] * len(FEATURES)])


def fit(rows: Sequence[np.ndarray], labels: np.ndarray, shares: np.ndarray, prior: Fitted) -> Fitted:
    """Fit on pairs; of the readings of a pair the likeliest counts, chosen anew in a few rounds."""
    current = prior
    bounds = [(None, None), *(BOUNDS.get(name, (0, None) if SIGNS[name] > 0 else (None, 0)) for name in FEATURES)]
    start = np.concatenate([[prior.bias], prior.weights])
    for _ in range(4):
        x = np.array([row[np.argmax(row @ current.weights)] for row in rows])

        def loss(theta: np.ndarray, x: np.ndarray = x) -> tuple[float, np.ndarray]:
            odds = theta[0] + x @ theta[1:]
            miss = 1 / (1 + np.exp(-odds)) - labels
            value = float(
                np.sum(shares * (np.logaddexp(0, odds) - labels * odds)) + PULL * np.sum((theta - start) ** 2)
            )
            slope = np.concatenate([[np.sum(shares * miss)], x.T @ (shares * miss)]) + 2 * PULL * (theta - start)
            return value, slope

        done = minimize(
            loss, np.concatenate([[current.bias], current.weights]), jac=True, bounds=bounds, method="L-BFGS-B"
        )
        current = Fitted(float(done.x[0]), done.x[1:])
    return current


def score(rows: Sequence[np.ndarray], fitted: Fitted) -> np.ndarray:
    """Return the probability of each pair."""
    return np.array([1 / (1 + np.exp(-(fitted.bias + float(np.max(row @ fitted.weights))))) for row in rows])


def read_prior() -> Fitted:
    """Return the weights that were set by hand."""
    held = json.loads(PRIOR.read_text("utf-8"))
    return Fitted(held["bias"], np.array([held["weights"][name] for name in FEATURES]))


def cross_validate(pairs: Sequence[Labelled]) -> tuple[np.ndarray, Fitted]:
    """Return (each pair's score by a model that saw no pair of its family, the model fitted on all)."""
    rows = [rows_of(pair) for pair in pairs]
    labels = np.array([float(pair.is_match) for pair in pairs])
    shares = np.array([pair.share for pair in pairs])
    folds = np.array([crc32(pair.group.encode()) % FOLDS for pair in pairs])
    prior = read_prior()
    scores = np.zeros(len(pairs))
    for fold in range(FOLDS):
        train, test = folds != fold, folds == fold
        fitted = fit([row for row, use in zip(rows, train, strict=True) if use], labels[train], shares[train], prior)
        scores[test] = score([row for row, use in zip(rows, test, strict=True) if use], fitted)
    return scores, fit(rows, labels, shares, prior)


def main() -> None:
    """Cross-validate, print, and with ``--write`` keep the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the weights fitted on all pairs")
    given = parser.parse_args()
    pairs = [pair for pairs in all_sets().values() for pair in pairs]
    scores, fitted = cross_validate(pairs)
    labels = np.array([pair.is_match for pair in pairs])
    for bar in (0.5, 0.7, 0.8, 0.9, 0.95):
        hit = scores >= bar
        right = int(np.sum(hit & labels))
        print(f"bar {bar:.2f}: P {right / max(1, int(hit.sum())):.3f}  R {right / int(labels.sum()):.3f}")
    print(json.dumps({name: round(float(w), 3) for name, w in zip(FEATURES, fitted.weights, strict=True)}))
    if given.write:
        held = json.loads(WEIGHTS.read_text("utf-8"))
        held |= {
            "bias": round(fitted.bias, 3),
            "weights": {n: round(float(w), 3) for n, w in zip(FEATURES, fitted.weights, strict=True)},
        }
        WEIGHTS.write_text(json.dumps(held, indent=2) + "\n", "utf-8")
        print(f"written: {WEIGHTS.name}")


if __name__ == "__main__":
    main()
