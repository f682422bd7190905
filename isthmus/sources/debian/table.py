"""The index as a table: one package a row, needs parted by blanks, alternatives by ``|``; without versions and Provides."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from isthmus.errors import FormatError
from isthmus.sources.debian.package import Package
from isthmus.sources.log import Log

COLUMNS = ("package", "version", "depends", "pre_depends")
_READ = {*COLUMNS, "essential"}
_FIELDS = {"pre_depends": "Pre-Depends", "depends": "Depends"}


def is_table(first: str) -> bool:
    """Tell whether a first line has the columns of the table."""
    return {name.strip().strip('"') for name in first.split(",")} >= set(COLUMNS)


def read_table(text: Path, log: Log) -> Iterator[Package]:
    """Yield the packages of a table."""
    with text.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file, strict=True)
        try:
            header = next(rows)
            begins = rows.line_num + 1
            for cells in rows:
                line, begins = begins, rows.line_num + 1
                if len(cells) != len(header):
                    if cells:
                        log.refuse(line, "row", f"it has {len(cells)} fields, and the header has {len(header)}")
                    continue
                row = dict(zip(header, cells, strict=True))
                if not row["package"].strip():
                    log.refuse(line, "row", "it names no package")
                    continue
                for name, cell in row.items():
                    if cell and name not in _READ:
                        log.leave(f"column {name}")
                relations = {field: ", ".join(row[name].split()) for name, field in _FIELDS.items() if row[name]}
                essential = row.get("essential", "").lower() == "yes"
                yield Package(line, row["package"].strip(), row["version"].strip(), "", essential, relations)
        except csv.Error as error:
            raise FormatError(
                f"the table cannot be read: {error}.", where=f"{text.name}, line {rows.line_num}"
            ) from error
