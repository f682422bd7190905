"""Read the labelled pairs of organisation names that the matcher is measured on.

Two files hold them. `name_pairs.csv` holds names; `name_pairs_restricted.csv` points at names in lists whose licence does not
let us copy them, and those are read when the data folder is there. How the pairs were made and what the labels mean stands in
`benchmarks/data/NAME_PAIRS.md`.

    python -m benchmarks.name_pairs --shared ../shared
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "data"
OPEN = FOLDER / "name_pairs.csv"
RESTRICTED = FOLDER / "name_pairs_restricted.csv"
COLUMNS = (
    "id",
    "group",
    "kind",
    "name1",
    "name2",
    "country1",
    "country2",
    "is_match",
    "cross_script",
    "source1",
    "source2",
    "why",
)

# The lists by SHA-256: row numbers mean nothing in another edition of a list, so its pairs are then left out.
DIGESTS = {
    "eto-chips/providers.csv": "c529479afe7d35afa750729bf6dd45227a375568c02b8cf401aad239360a13e4",
    "opensanctions-curated/eu__journal_sanctions__32014R0833.csv": "a8cc4f08422094eedc9668ba4adff9b39ba6e3942c4a5cd4f4372163add3e8ee",
    "opensanctions-curated/us__dod_chinese_milcorps__sanctions.csv": "502dfa5a9af6d8737d39e3c4e420ee349f41012e72c05ba69f4f15e6dbf57d71",
    "opensanctions-curated/us__special_leg__section_1286.csv": "e9b929ff5780edc114ce487d94e1a2af7130db3263d5e46683c942a536d4140f",
}


@dataclass(frozen=True)
class Pair:
    """Two names and whether they name one organisation.

    `group` is the family of firms: no name stands in two groups, so groups can be kept whole in cross-validation.
    """

    id: str
    group: str
    kind: str
    name1: str
    name2: str
    country1: str
    country2: str
    is_match: bool
    cross_script: bool
    source1: str
    source2: str
    why: str

    @property
    def restricted(self) -> bool:
        """Whether a name was read from a list that may not be copied."""
        return "#" in self.source1 or "#" in self.source2


@dataclass(frozen=True)
class Loaded:
    """The pairs, and how many were left out for which reason."""

    pairs: list[Pair]
    left_out: dict[str, int]


class Lists:
    """The restricted lists of one data folder, each read once."""

    def __init__(self, shared: Path | None) -> None:
        self._folder = None if shared is None else shared / "data" / "restricted"
        self._rows: dict[str, list[dict[str, str]] | str] = {}

    def _read(self, name: str) -> list[dict[str, str]] | str:
        """Return the rows of a list, or the reason why it cannot be used."""
        path = None if self._folder is None else self._folder / name
        if path is None or not path.is_file():
            return "list absent"
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() != DIGESTS.get(name):
            return "another edition of the list"
        return list(csv.DictReader(content.decode("utf-8").splitlines(keepends=True)))

    def name(self, source: str) -> tuple[str, str]:
        """Return the name that `FILE#ROW#COLUMN` or `FILE#ROW#COLUMN#PART` points at, or "" and the reason.

        Rows count from 1 below the header. A part counts from 1 between semicolons.
        """
        file, row, column, *part = source.split("#")
        rows = self._rows[file] if file in self._rows else self._rows.setdefault(file, self._read(file))
        if isinstance(rows, str):
            return "", rows
        value = rows[int(row) - 1][column]
        if part:
            value = value.split(";")[int(part[0]) - 1]
        return value.strip(), ""


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise ValueError(f"{path.name}: the columns are {reader.fieldnames}, expected {list(COLUMNS)}")
        yield from reader


def _pair(row: dict[str, str], lists: Lists) -> tuple[Pair | None, str]:
    """Return the pair of a row with its names filled in, or None and the reason why a name cannot be read."""
    names = []
    for which in "12":
        name, source = row[f"name{which}"], row[f"source{which}"]
        if "#" in source:
            name, reason = lists.name(source)
            if not name:
                return None, reason or "empty cell"
        names.append(name)
    pair = Pair(
        id=row["id"],
        group=row["group"],
        kind=row["kind"],
        name1=names[0],
        name2=names[1],
        country1=row["country1"],
        country2=row["country2"],
        is_match=row["is_match"] == "1",
        cross_script=row["cross_script"] == "1",
        source1=row["source1"],
        source2=row["source2"],
        why=row["why"],
    )
    return pair, ""


def load(shared: Path | None) -> Loaded:
    """Return all pairs whose names can be had, and count the others by reason."""
    lists = Lists(shared)
    pairs: list[Pair] = []
    left_out: Counter[str] = Counter()
    for path in (OPEN, RESTRICTED):
        for row in _rows(path):
            pair, reason = _pair(row, lists)
            if pair is None:
                left_out[reason] += 1
            else:
                pairs.append(pair)
    return Loaded(pairs, dict(left_out))


def load_pairs(shared: Path | None) -> list[Pair]:
    """Return all pairs whose names can be had: those in the repository, and those of the lists under `shared`."""
    return load(shared).pairs


def summary(pairs: list[Pair]) -> dict[str, int]:
    """Count pairs, matches, cross-script pairs and groups."""
    return {
        "pairs": len(pairs),
        "matches": sum(pair.is_match for pair in pairs),
        "cross_script": sum(pair.cross_script for pair in pairs),
        "cross_script_matches": sum(pair.cross_script and pair.is_match for pair in pairs),
        "restricted": sum(pair.restricted for pair in pairs),
        "groups": len({pair.group for pair in pairs}),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--shared", type=Path, help="the data folder; without it the restricted pairs are left out")
    loaded = load(parser.parse_args().shared)
    print(json.dumps({"benchmark": "name_pairs", **summary(loaded.pairs), "left_out": loaded.left_out}))


if __name__ == "__main__":
    main()
