"""Several scenarios side by side: what becomes of each thing in each of them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from isthmus.model import Finding
from isthmus.scenarios.rows import SURVIVES, VERDICTS

_WHOLE = {"low": 1, "high": 1, "open_low": False, "open_high": False, "approx": False, "unit": "share", "hedge": None}


def compare(findings: Sequence[Finding]) -> Finding:
    """Return one finding of several scenarios: a row a thing, with what becomes of it in each.

    Where the scenarios are asked of different pictures, the finding has no day of its own; each scenario tells its baseline.
    """
    names = [finding.question["scenario"] for finding in findings]
    found: dict[tuple[str, str], dict[int, dict[str, Any]]] = {}
    heads: dict[tuple[str, str], dict[str, Any]] = {}
    for at, finding in enumerate(findings):
        for row in finding.answers:
            key = (row["entity"], row.get("seen", ""))
            heads.setdefault(
                key, {field: row[field] for field in ("entity", "caption", "seen", "kinds") if field in row}
            )
            found.setdefault(key, {})[at] = dict(row)
    rows = [_row(heads[key], by, names, findings) for key, by in found.items()]
    rows.sort(
        key=lambda row: (
            min(VERDICTS.index(one["verdict"]) for one in row["by"] if one["verdict"]),
            row["caption"],
            row["entity"],
        )
    )
    pictures = list(dict.fromkeys(finding.picture for finding in findings))
    days = list(dict.fromkeys(finding.as_of for finding in findings))
    limits = list(dict.fromkeys(limit for finding in findings for limit in finding.limits))
    if len(pictures) > 1:
        limits.insert(0, "the scenarios are asked of different pictures; each tells its baseline")
    text = "\x1f".join(finding.id for finding in findings)
    gaps = {gap.what: gap for finding in findings for gap in finding.gaps}
    return Finding(
        id="f-" + hashlib.sha256(text.encode()).hexdigest()[:16],
        lens=findings[0].lens,
        question={"scenarios": names},
        as_of=days[0] if len(days) == 1 else None,
        known_at=max(finding.known_at for finding in findings),
        picture=" ".join(pictures),
        answers=tuple(rows),
        gaps=tuple(gaps.values()),
        conflicts=tuple(dict.fromkeys(item for finding in findings for item in finding.conflicts)),
        limits=tuple(limits),
        claims={name: claim for finding in findings for name, claim in finding.claims.items()},
        sources={name: source for finding in findings for name, source in finding.sources.items()},
        extra={"scenarios": [_scenario(finding) for finding in findings]},
    )


def _row(
    head: dict[str, Any], by: dict[int, dict[str, Any]], names: Sequence[str], findings: Sequence[Finding]
) -> dict[str, Any]:
    told = []
    for at, (name, finding) in enumerate(zip(names, findings, strict=True)):
        row = by.get(at)
        told_of = row is not None or _is_told(head, finding)
        one: dict[str, Any] = {"scenario": name, "verdict": None, "left": None}
        if told_of:
            one |= {"verdict": row["verdict"] if row else SURVIVES, "left": _WHOLE}
        if row:
            one |= {
                field: row[field] for field in ("left", "from_month", "until_month", "step", "course") if field in row
            }
        told.append(one if told_of else {**one, "not_told": True})
    claims = sorted({claim for row in by.values() for claim in row["claims"]})
    sources = sorted({source for row in by.values() for source in row["sources"]})
    hedges = sorted({hedge for row in by.values() for hedge in row["hedges"]})
    return {**head, "by": told, "claims": claims, "sources": sources, "hedges": hedges}


def _is_told(head: dict[str, Any], finding: Finding) -> bool:
    """Tell whether a scenario that has no answer about a thing says thereby that nothing becomes of it.

    It does not where it was asked of other things only, nor where its list was cut.
    """
    asked = {one["entity"] for one in finding.question.get("ask") or ()}
    if not asked:
        return bool(len(finding.answers) >= finding.extra["totals"]["changed"])
    # What is asked is told in any case; as some see it, only where that differs.
    return head["entity"] in asked and "seen" in head and len(finding.answers) >= len(asked)


def _scenario(finding: Finding) -> dict[str, Any]:
    """Return a finding without the claims and sources, which stand in that of all."""
    body = finding.to_json()
    for name in ("claims", "sources"):
        body.pop(name)
    return body
