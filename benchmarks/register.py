"""Invent two lists of firms, with the truth about which rows are one firm; for speed and accuracy at scale.

Nothing in them is true. Names are made of a brand (coined of syllables, like a surname, of real words that many firms share, of letters),
words of the trade (few usual, many rare) in ten languages, places, and the legal forms of 15 countries. A third of the firms belong to a
family that shares its brand: sisters with another trade or place, numbered funds, branches, and the same name in two countries. These are
different firms. List b has a known share of the firms of list a; every row of b, shared or not, is written as another source would
(`benchmarks.register_spellings`), so that a changed spelling does not give away that a row has a partner.

No two firms have the same words, whatever their order and legal form, but for the same name in two countries, where both rows keep their
country. Initials (about 1 row in 1,000) are the one change that leaves a name which others may share.

    python -m benchmarks.register --a 10000 --b 100000 --overlap 0.05 --out benchmarks/data
"""

from __future__ import annotations

import argparse
import json
import random
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.register_brands import brands, coined
from benchmarks.register_spellings import Name, respell
from benchmarks.register_words import BODIES, COUNTRIES, TRADES, Form

SEED = 20261125
FAMILY = 0.12
NO_COUNTRY = {"a": 0.03, "b": 0.15}
# Of all firms: a tenth has its LEI in both lists, 7.5 % in a alone, 7.5 % in b alone.
LEI = {"both": 0.10, "a": 0.075, "b": 0.075}
SISTER, PLACED, NUMBERED, BRANCH, TWIN = range(1, 6)
ROLES = (0.40, 0.28, 0.12, 0.10, 0.10)
NUMBERS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII")
BRANCHES = {
    "de": "Zweigniederlassung {}",
    "fr": "Succursale de {}",
    "es": "Sucursal {}",
    "it": "Sede di {}",
    "nl": "Filiaal {}",
    "pl": "Oddział {}",
}

Words = npt.NDArray[np.object_]
Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Firms:
    """Firms as columns; the truth of a firm is its row."""

    names: list[Name]
    country: Numbers
    keeps_country: Flags


def zipf(size: int) -> npt.NDArray[np.float64]:
    """Return the shares of `size` words, the first the most usual."""
    weights = 1 / (np.arange(size) + 1.5) ** 0.9
    shares: npt.NDArray[np.float64] = weights / weights.sum()
    return shares


def families(count: int, chance: np.random.Generator) -> tuple[Numbers, Numbers]:
    """Return the family of each firm, and its number in the family (0 is the head)."""
    sizes = np.where(chance.random(count) < FAMILY, 1 + np.minimum(chance.geometric(0.4, count), 7), 1)
    family = np.repeat(np.arange(count), sizes)[:count]
    starts = np.cumsum(sizes) - sizes
    return family, np.arange(count) - starts[family]


def firms(count: int, seed: int) -> Firms:
    """Invent `count` different firms."""
    chance = np.random.default_rng(seed)
    family, member = families(count, chance)
    heads = int(family[-1]) + 1 if count else 0
    weights = np.array([one.weight for one in COUNTRIES])
    home = chance.choice(len(COUNTRIES), heads, p=weights / weights.sum())
    language = np.array([one.language for one in COUNTRIES], dtype=object)[home]
    brand = brands(language, chance)[family]
    role = np.where(member == 0, 0, chance.choice(np.arange(1, 6), count, p=ROLES))
    abroad = (role == TWIN) | (np.isin(role, (PLACED, BRANCH)) & (chance.random(count) < 0.6))
    step = chance.integers(1, len(COUNTRIES), count)
    country = np.where(abroad, (home[family] + step) % len(COUNTRIES), home[family])

    spoken = language[family]
    trade, body = np.full(count, "", dtype=object), np.full(count, "", dtype=object)
    place, front, back = (np.full(count, "", dtype=object) for _ in range(3))
    for name, words in TRADES.items():
        rows = np.flatnonzero(spoken == name)
        trade[rows] = _trades(rows, words, family, member, role, heads, chance)
        body[rows] = _sometimes(np.array(BODIES[name], dtype=object), len(rows), 0.15, chance)
    head = np.arange(count) - member
    same = np.isin(role, (PLACED, NUMBERED, BRANCH, TWIN))
    body[same] = body[head][same]
    for number, one in enumerate(COUNTRIES):
        rows = np.flatnonzero(country == number)
        place[rows] = np.array(one.places, dtype=object)[
            chance.choice(len(one.places), len(rows), p=zipf(len(one.places)))
        ]
    drawn = chance.random(count)
    front_share = np.where(spoken == "asia", 0.6, 0.06)
    ordinary = (role == 0) | (role == SISTER)
    in_front = ordinary & (drawn < front_share)
    at_back = (ordinary & (drawn > 0.92)) | (role == PLACED)
    front[in_front], back[at_back] = place[in_front], place[at_back]
    brackets = at_back & (chance.random(count) < 0.5)
    back[brackets] = "(" + back[brackets] + ")"
    of_head = same & (role != PLACED)
    front[of_head], back[of_head] = front[head][of_head], back[head][of_head]
    numbers = np.where(role == NUMBERED, np.array(NUMBERS, dtype=object)[np.minimum(member, 7)], "")
    branch = np.full(count, "", dtype=object)
    for row in np.flatnonzero(role == BRANCH):
        branch[row] = BRANCHES.get(spoken[row], "{} Branch").format(place[row])
    form = _forms(country, chance)
    form[role == BRANCH] = form[head][role == BRANCH]
    columns = (front, brand, trade, body, numbers, back, form, branch)
    names = [Name(*parts) for parts in zip(*(column.tolist() for column in columns), strict=True)]
    twins = np.where(np.isin(family, family[role == TWIN]), family, -1)
    return Firms(distinct(names, country.tolist(), twins.tolist(), seed), country, twins >= 0)


def _sometimes(words: Words, count: int, share: float, chance: np.random.Generator) -> Words:
    """Return one of the words for `share` of the rows, and nothing for the others."""
    picked = words[chance.integers(0, len(words), count)]
    picked[chance.random(count) >= share] = ""
    return picked


def _trades(
    rows: Numbers,
    words: tuple[str, ...],
    family: Numbers,
    member: Numbers,
    role: Numbers,
    heads: int,
    chance: np.random.Generator,
) -> Words:
    """Return the trade of each row: the head's, but for sisters, which have another; some have none, some two."""
    listed = np.array(words, dtype=object)
    shares = zipf(len(words))
    of_family = chance.choice(len(words), heads, p=shares)[family[rows]]
    other = (of_family + 1 + chance.choice(len(words) - 1, len(rows), p=zipf(len(words) - 1))) % len(words)
    sister = role[rows] == SISTER
    trade = listed[np.where(sister, other, of_family)]
    none = (chance.random(heads) < 0.18)[family[rows]] & ~sister
    second = (chance.random(heads) < 0.12)[family[rows]] & ~sister & ~none
    further = listed[
        (of_family[second] + 1 + chance.integers(0, len(words) - 1, heads)[family[rows]][second]) % len(words)
    ]
    trade[second] = trade[second] + " & " + further
    trade[none] = ""
    return trade


def _forms(country: Numbers, chance: np.random.Generator) -> Words:
    form = np.empty(len(country), dtype=object)
    for number, one in enumerate(COUNTRIES):
        rows = np.flatnonzero(country == number)
        listed = np.empty(len(one.forms), dtype=object)
        listed[:] = one.forms
        form[rows] = listed[chance.choice(len(listed), len(rows), p=zipf(len(listed)))]
    return form


def distinct(names: list[Name], country: list[int], twins: list[int], seed: int) -> list[Name]:
    """Give a firm a further coined word where another has the same words; in a family with twins (not -1), of the same country."""
    chance = random.Random(seed)
    owner: dict[str, int] = {}
    seen: set[tuple[str, int]] = set()
    for row, name in enumerate(names):
        twin, place = twins[row], country[row]
        words = _words_of(name)
        while words in owner and (twin < 0 or owner[words] != twin or (words, place) in seen):
            name = Name(name.front, f"{name.brand} {coined(chance)}", *_rest(name))
            words = _words_of(name)
        owner[words] = twin
        if twin >= 0:
            seen.add((words, place))
        names[row] = name
    return names


def _words_of(name: Name) -> str:
    """Return the words in an order that says nothing, without the legal form."""
    parts = (name.front, name.brand, name.trade, name.body, name.number, name.back, name.branch)
    text = " ".join([part for part in parts if part]).replace("(", "").replace(")", "")
    return " ".join(sorted(text.casefold().split(" ")))


def _rest(name: Name) -> tuple[str, str, str, str, Form, str]:
    return name.trade, name.body, name.number, name.back, name.form, name.branch


def leis(rows: Numbers, count: int, seed: int) -> list[str]:
    """Return the LEI of each of these firms out of `count`: of no issuer's prefix, with valid check digits (ISO 17442-1)."""
    chance = np.random.default_rng([seed, 1])
    largest, factor = 36**6, 1_000_000_007
    scrambled = (rows * factor + int(chance.integers(largest))) % largest
    random_part = chance.integers(0, largest, count)[rows]
    digits = np.empty((len(rows), 18), dtype=np.int64)
    digits[:, 0:6] = (9, 9, 35, 0, 0, 0)
    digits[:, 3] = rows % 10
    for column in range(6):
        digits[:, 6 + column] = random_part // 36**column % 36
        digits[:, 12 + column] = scrambled // 36**column % 36
    remainder = np.zeros(len(rows), dtype=np.int64)
    for column in range(18):
        digit = digits[:, column]
        remainder = (remainder * np.where(digit > 9, 100, 10) + digit) % 97
    check = 98 - remainder * 100 % 97
    letters = np.frombuffer(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", dtype=np.uint8)[digits]
    ends = np.stack((check // 10, check % 10), axis=1).astype(np.uint8) + ord("0")
    text: list[str] = np.concatenate((letters, ends), axis=1).astype(np.uint8).view("S20").ravel().astype(str).tolist()
    return text


def registers(
    a: int, b: int, overlap: float = 0.3, seed: int = SEED, *, explain: bool = False
) -> tuple[pa.Table, pa.Table]:
    """Return two lists of firms, `id, name, country, lei, truth`; rows of equal truth are one firm, once in each list at most.

    Parameters
    ----------
    a, b : int
        The rows of each list.
    overlap : float
        The share of the shorter list's firms that the other list has too.
    seed : int
        The same numbers and the same seed give the same lists.
    explain : bool
        Adds the column `how`: what was changed in the name, joined by "+".

    Raises
    ------
    ValueError
        If the overlap is no share, or a number of rows is negative.
    """
    if not 0 <= overlap <= 1 or a < 0 or b < 0:
        raise ValueError("the overlap must be between 0 and 1, and the numbers of rows 0 or more")
    shared = round(overlap * min(a, b))
    all_firms = firms(a + b - shared, seed)
    chance = np.random.default_rng([seed, 3])
    order = chance.permutation(a + b - shared)
    has_lei = chance.random(len(order))
    in_b = np.concatenate((order[:shared], order[a:]))
    rows = {"a": chance.permutation(order[:a]), "b": chance.permutation(in_b)}
    marked = {
        "a": has_lei < LEI["both"] + LEI["a"],
        "b": (has_lei < LEI["both"]) | ((has_lei >= LEI["both"] + LEI["a"]) & (has_lei < sum(LEI.values()))),
    }
    first, second = (_table(side, rows[side], all_firms, marked[side], seed, explain) for side in ("a", "b"))
    return first, second


def _table(side: str, rows: Numbers, all_firms: Firms, marked: Flags, seed: int, explain: bool) -> pa.Table:
    chance = random.Random(f"{seed} {side}")
    names = [all_firms.names[row] for row in rows.tolist()]
    written = [(name.text(), "") for name in names] if side == "a" else [respell(name, chance) for name in names]
    codes = np.array([one.code for one in COUNTRIES], dtype=object)[all_firms.country[rows]]
    draw = np.random.default_rng([seed, 4, ord(side)]).random(len(rows))
    codes[(draw < NO_COUNTRY[side]) & ~all_firms.keeps_country[rows]] = None
    lei = np.full(len(rows), None, dtype=object)
    lei[marked[rows]] = leis(rows[marked[rows]], len(all_firms.names), seed)
    columns: dict[str, Any] = {
        "id": pa.array([f"{side}-{number:07d}" for number in range(len(rows))], pa.string()),
        "name": pa.array([name for name, _ in written], pa.string()),
        "country": pa.array(codes, pa.string()),
        "lei": pa.array(lei, pa.string()),
        "truth": pa.array(rows, pa.int64()),
    }
    if explain:
        columns["how"] = pa.array([how for _, how in written], pa.string())
    return pa.table(columns)


def write(folder: Path, a: int, b: int, overlap: float, seed: int = SEED) -> tuple[Path, Path]:
    """Write both lists as Parquet where they are missing, with the column `how`, and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"register-{a}-{b}-{overlap:g}-{seed}"
    paths = folder / f"{stem}-a.parquet", folder / f"{stem}-b.parquet"
    if not all(path.exists() for path in paths):
        for path, table in zip(paths, registers(a, b, overlap, seed, explain=True), strict=True):
            partial = path.with_suffix(".partial")
            pq.write_table(table, partial, compression="zstd")
            partial.rename(path)
    return paths


def write_lines(table: pa.Table, path: Path, columns: tuple[str, ...] = ("id", "name", "country")) -> None:
    """Write columns of a list as JSON Lines, as the peer's scripts read them; empty cells are left out."""
    with path.open("w", encoding="utf-8") as file:
        for batch in table.select(list(columns)).to_batches(max_chunksize=50_000):
            for row in batch.to_pylist():
                present = {name: value for name, value in row.items() if value is not None}
                file.write(json.dumps(present, ensure_ascii=False) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--a", type=int, default=10_000)
    parser.add_argument("--b", type=int, default=100_000)
    parser.add_argument("--overlap", type=float, default=0.5, help="share of the shorter list that the other has too")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--out", type=Path, default=Path("benchmarks/data"))
    given = parser.parse_args()
    begun = time.perf_counter()
    paths = write(given.out, given.a, given.b, given.overlap, given.seed)
    print(json.dumps({"files": [str(path) for path in paths], "seconds": round(time.perf_counter() - begun, 2)}))


if __name__ == "__main__":
    main()
