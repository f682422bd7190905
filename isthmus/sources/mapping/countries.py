"""The names of countries: ISO 3166-1, and other names in use, written to a working file for the queries."""

from __future__ import annotations

import csv
import io
from importlib.resources import files
from pathlib import Path

import pyarrow as arrow
from pyarrow import parquet

CODES = "data/iso/countries.csv"
ALIASES = "data/iso/country_aliases.csv"


def country_names() -> list[tuple[str, str, str, str]]:
    """Return (name as it may be printed, alpha-2, alpha-3, usual name), several for each country."""
    codes = _table(CODES)
    aliases = _table(ALIASES)
    usual = {row["alpha_2"]: row["name"] for row in aliases if row["usual"]}
    alpha_3 = {row["alpha_2"]: row["alpha_3"] for row in codes}
    printed = [(text, row["alpha_2"]) for row in codes for text in (row["alpha_2"], row["alpha_3"], row["name"])]
    printed += [(row["name"], row["alpha_2"]) for row in aliases]
    short = {row["alpha_2"]: usual.get(row["alpha_2"], row["name"]) for row in codes}
    return [(text, code, alpha_3[code], short[code]) for name, code in printed for text in {name, _turned(name)}]


def _table(path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files("isthmus").joinpath(path).read_text("utf-8"))))


def _turned(name: str) -> str:
    """Return "Korea, Republic of" as "Republic of Korea"; other names as they are."""
    head, comma, tail = name.partition(", ")
    return f"{tail} {head}" if comma else name


def write_countries(target: Path) -> Path:
    """Write the names to a Parquet file with columns key, alpha_2, alpha_3, name; return `target`."""
    rows = country_names()
    columns = ("key", "alpha_2", "alpha_3", "name")
    parquet.write_table(arrow.table({name: [row[index] for row in rows] for index, name in enumerate(columns)}), target)
    return target
