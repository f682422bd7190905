"""What carries an answer: claims, those that it hangs on, and the works without which it is another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from isthmus.dependence.hanging import Causes, trial_of
from isthmus.lenses.chokepoints.rows import Row, Rows
from isthmus.lenses.finding import hanging_on
from isthmus.model import Claim

TESTED = 400
"""Up to so many claims are left out in turn to see what hangs on them; of more only the paths are told."""


@dataclass(frozen=True)
class Supports:
    """The answers with what carries them, and what hangs on one work alone."""

    answers: list[dict[str, Any]]
    sensitivity: dict[str, Any]

    @classmethod
    def of(cls, rows: Rows, made: Sequence[Row]) -> Self:
        """Return what carries some rows.

        Of a question about one thing each claim that can bear on it is left out in turn, and so is each work. Without one thing, a
        row is carried by the needs shown with it.
        """
        if rows.target is None:
            carried = {row.body["caption"]: [claim for link in row.links for claim in link] for row in made}
            answers = [
                {**row.body, "support": {"minimal": [_minimal(row)], "pivotal": [], "works": _works(rows, row.claims)}}
                for row in made
            ]
            return cls(answers, hanging_on(rows.web.picture, carried))
        return cls(*_tried(rows, made))


def _minimal(row: Row) -> list[str]:
    return sorted({link[0].id for link in row.links})


def _works(rows: Rows, claims: Sequence[Claim]) -> list[str]:
    return sorted({work for claim in claims for work in rows.web.picture.support(claim)})


def _tried(rows: Rows, made: Sequence[Row]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    web, picture = rows.web, rows.web.picture
    assert rows.target is not None
    trial = trial_of(web, rows.target, rows.semantics)
    causes: list[Causes] = [tuple(int(web.given.keys[node]) for node in row.causes) for row in made]
    pivotal: dict[Causes, set[str]] = {each: set() for each in causes}
    flips: dict[str, list[str]] = {}
    few = len(trial.rows) <= TESTED
    if few:
        claims = trial.claims()
        for place, claim in claims.items():
            for each in set(causes) - trial.still_failing({place}, causes):
                pivotal[each].add(claim.id)
        for work in _works(rows, list(claims.values())):
            gone = {place for place, claim in claims.items() if picture.support(claim) == {work}}
            lost = set(causes) - trial.still_failing(gone, causes)
            captions = [_called(row) for row, each in zip(made, causes, strict=True) if each in lost]
            if captions:
                flips[work] = sorted(captions)
    answers = []
    for row, each in zip(made, causes, strict=True):
        support: dict[str, Any] = {
            "minimal": [_minimal(row)],
            "pivotal": sorted(pivotal[each]),
            "works": _works(rows, row.claims),
        }
        if not few:
            support["tested"] = False
        answers.append({**row.body, "support": support})
    single = {work for row in made if len(works := _works(rows, row.claims)) == 1 for work in works}
    return answers, {
        "single_source": sorted(single),
        "flips_without": sorted(flips),
        "flips": dict(sorted(flips.items())),
    }


def _called(row: Row) -> str:
    return " with ".join([row.body["caption"], *row.body["with_captions"]])
