"""The labelled sets of names that the model is fitted to and measured on.

``bench``: the organisation rows of the open set of name pairs (MIT); ``lists``: our own set (`benchmarks/data/NAME_PAIRS.md`).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from benchmarks.name_pairs import load_pairs

HERE = Path(__file__).resolve().parent
SHARED = HERE.parent.parent / "shared"
ORGANISATIONS = ("Company", "Organization", "LegalEntity")
BENCH_SHARE = 3.0
"""What a pair of the open set counts in the fit beside one of ours, which are many more. Disputed labels count nothing."""
DISPUTED = HERE / "data" / "name_pairs_disputed.csv"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A labelled pair: `group` holds families of firms together, `share` is its part in the fit."""

    id: str
    group: str
    name1: str
    name2: str
    is_match: bool
    cross_script: bool
    schema: str = "Company"
    country1: str = ""
    country2: str = ""
    share: float = 1.0


def bench_pairs(schemas: tuple[str, ...] = ORGANISATIONS) -> list[Labelled]:
    """Return the pairs of the open set; none where the data folder beside the repository is absent."""
    file = SHARED / "data" / "open" / "name-matching" / "pairs.csv"
    if not file.exists():
        return []
    found = []
    argued = disputed()
    with file.open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines), 2):
            if row["schema"] in schemas:
                family = row["name2"].split()[0].lower() if row["name2"].split() else ""
                share = 0.0 if (row["name1"], row["name2"]) in argued else BENCH_SHARE
                true = row["is_match"] == "true"
                found.append(
                    Labelled(
                        f"bench:{number}",
                        f"bench {family}",
                        row["name1"],
                        row["name2"],
                        true,
                        False,
                        row["schema"],
                        "",
                        "",
                        share,
                    )
                )
    return found


def disputed() -> dict[tuple[str, str], str]:
    """Return the pairs of the open set whose label we dispute, with the reason."""
    with DISPUTED.open(encoding="utf-8", newline="") as lines:
        return {(row["name1"], row["name2"]): row["why"] for row in csv.DictReader(lines)}


def list_pairs() -> list[Labelled]:
    """Return our own set; without the restricted lists where they are absent."""
    pairs = load_pairs(SHARED if SHARED.exists() else None)
    return [
        Labelled(p.id, p.group, p.name1, p.name2, p.is_match, p.cross_script, "Company", p.country1, p.country2)
        for p in pairs
    ]


def all_sets() -> dict[str, list[Labelled]]:
    """Return both sets by name."""
    return {"bench": bench_pairs(), "lists": list_pairs()}
