"""The model as levels of a probabilistic linker (Splink): what each level is worth, and which level a pair has.

The linker adds the weight of one level per comparison to its prior. Its prior is our bias; our log-odds fall into levels a hundredth of
probability wide, so that its probability is our score within half of that; identifiers are a comparison of their own, where a level of two
different values of a scheme that gives each thing one value takes everything away.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import pyarrow as arrow

from isthmus.entities.matching.match import Subject, match
from isthmus.entities.matching.model import Model, probability

FUNCTION = "isthmus_level"
"""The name of the function that tells the level of a pair, in the engine."""
BELOW, SHARED, APART = 0, -1, -2
"""The levels of pairs under the bar, with a shared identifier, and with identifiers that differ; others count from 1 upwards."""
_KEPT_ANSWERS = 50_000
_NEVER = 1e-12
_FINE = (0.995, 0.999)


def write_subject(subject: Subject) -> str:
    """Return a subject as the text that the engine's function reads."""
    lists = [list(subject.names), sorted(subject.countries), sorted(map(list, subject.identifiers))]
    return json.dumps([subject.kind, subject.since, subject.until, *lists], ensure_ascii=False)


@lru_cache(maxsize=65_536)
def read_subject(text: str) -> Subject:
    """Return the subject that `write_subject` wrote."""
    kind, since, until, names, countries, identifiers = json.loads(text)
    known = frozenset((scheme, value) for scheme, value in identifiers)
    return Subject(tuple(names), kind, frozenset(countries), known, since, until)


def edges_of(bar: float, model: Model) -> tuple[float, ...]:
    """Return the lowest score of each level from the bar up; no level holds two verdicts."""
    wanted = {*(hundredth / 100 for hundredth in range(100)), *_FINE, model.same, model.possible}
    return (bar, *sorted(edge for edge in wanted if edge > bar))


class Judge:
    """Tells the level of a pair; it keeps its last answers, because the engine asks once for each level.

    Parameters
    ----------
    bar : float
        The lowest score that has a level of its own.
    model : Model
        The weights; they go with it to other machines.
    """

    def __init__(self, bar: float, model: Model) -> None:
        self._bar = bar
        self._model = model
        self._edges = edges_of(bar, model)
        self._answers: dict[tuple[str, str], int] = {}

    def level(self, one: str, two: str) -> int:
        """Return the level of two subjects, each as `write_subject` wrote it."""
        answer = self._answers.get((one, two))
        if answer is None:
            if len(self._answers) >= _KEPT_ANSWERS:
                self._answers.clear()
            answer = self._answers[one, two] = self._judge(one, two)
        return answer

    def levels(self, ones: Any, twos: Any) -> Any:
        """Return the levels of many pairs, from and to columns of Arrow."""
        level = self.level
        pairs = zip(ones.to_pylist(), twos.to_pylist(), strict=True)
        return arrow.array([level(one, two) for one, two in pairs], arrow.int32())

    def _judge(self, one: str, two: str) -> int:
        found = match(read_subject(one), read_subject(two), model=self._model, bar=self._bar)
        said = found.reasons[0].feature if found.reasons else ""
        if said in ("identifier", "identifiers_differ"):
            return SHARED if said == "identifier" else APART
        return bisect_right(self._edges, found.score)


def comparisons(bar: float, model: Model) -> list[dict[str, Any]]:
    """Return the comparisons of a linker's settings: names with what is known beside them, and identifiers.

    The commonest level (under the bar) comes first, so that it costs one look.
    """
    edges = edges_of(bar, model)
    said = f"{FUNCTION}(subject_l, subject_r)"
    names = [_level(f"{said} = {BELOW}", "under the bar", _NEVER, model)]
    names.append({"sql_condition": f"{said} < 0", "label_for_charts": "identifiers decide", "is_null_level": True})
    for number in range(len(edges), 0, -1):
        low, high = edges[number - 1], (*edges, 1.0)[number]
        condition = f"{said} = {number}" if number > 1 else "ELSE"
        names.append(_level(condition, f"{low:g} to {high:g}", (low + high) / 2, model))
    identifiers = [
        {"sql_condition": f"{said} >= {BELOW}", "label_for_charts": "identifiers say nothing", "is_null_level": True},
        _level(f"{said} = {SHARED}", "one identifier in common", match(_ALIKE, _ALIKE, model=model).score, model),
        _level("ELSE", "identifiers that cannot be of one thing", _NEVER, model),
    ]
    return [
        {"output_column_name": "names", "comparison_levels": names},
        {"output_column_name": "identifiers", "comparison_levels": identifiers},
    ]


def prior(model: Model) -> float:
    """Return the probability before any evidence."""
    return probability(model.bias)


def _level(condition: str, label: str, score: float, model: Model) -> dict[str, Any]:
    """Return a level after which the linker's probability is `score`; its m and u are fixed, for nothing is trained."""
    ratio = score / (1 - score) * (1 - prior(model)) / prior(model)
    return {
        "sql_condition": condition,
        "label_for_charts": label,
        "m_probability": ratio / (1 + ratio),
        "u_probability": 1 / (1 + ratio),
        "fix_m_probability": True,
        "fix_u_probability": True,
    }


_ALIKE = Subject(("x",), identifiers=frozenset({("lei", "1")}))

__all__: Sequence[str] = ("FUNCTION", "Judge", "comparisons", "edges_of", "prior", "read_subject", "write_subject")
