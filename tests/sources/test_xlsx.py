"""Workbooks: cells as texts, and archives that are refused before they are opened."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest

from isthmus.errors import FormatError
from isthmus.sources.xlsx import cell_text, check_workbook, peek_sheets, stage_xlsx


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """Return a workbook with two sheets."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "First"
    for row in [("id", "where"), (1, "here"), (2, None)]:
        sheet.append(row)
    book.create_sheet("Second").append(("a", "a"))
    book.save(tmp_path / "t.xlsx")
    return tmp_path / "t.xlsx"


def test_a_workbook_that_unpacks_beyond_measure_is_refused_unopened(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * (64 * 1024 * 1024))
    with pytest.raises(FormatError, match="archive bomb"):
        check_workbook(path)


def test_a_workbook_with_a_document_type_is_refused(workbook: Path, tmp_path: Path) -> None:
    evil = tmp_path / "evil.xlsx"
    with zipfile.ZipFile(workbook) as old, zipfile.ZipFile(evil, "w") as new:
        for member in old.infolist():
            body = old.read(member)
            new.writestr(member, b'<!DOCTYPE x [<!ENTITY a "b">]>' + body if "sheet1" in member.filename else body)
    with pytest.raises(FormatError, match="declares a document type"):
        stage_xlsx(evil, tmp_path, sheet=None, header_row=1)


def test_a_workbook_that_is_cut_off_is_refused(workbook: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.xlsx"
    cut.write_bytes(workbook.read_bytes()[:-100])
    with pytest.raises(FormatError, match="not a readable XLSX workbook"):
        check_workbook(cut)


def test_the_first_rows_of_every_sheet_are_seen(workbook: Path) -> None:
    assert [(sheet.name, sheet.rows[0]) for sheet in peek_sheets(workbook, 1)] == [
        ("First", ("id", "where")),
        ("Second", ("a", "a")),
    ]


@pytest.mark.parametrize(
    ("sheet", "header_row", "says"),
    [("Third", 1, "no sheet “Third”"), ("Second", 1, "“a” stands twice"), ("First", 9, "header row is empty")],
)
def test_a_sheet_without_a_sound_header_is_refused(
    workbook: Path, tmp_path: Path, sheet: str, header_row: int, says: str
) -> None:
    with pytest.raises(FormatError, match=says):
        stage_xlsx(workbook, tmp_path, sheet=sheet, header_row=header_row)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        (2004.0, "2004"),
        (0.5, "0.5"),
        (True, "TRUE"),
        (" a ", "a"),
        (10**15, "1000000000000000"),
    ],
)
def test_cells_become_texts(cell: object, text: str) -> None:
    assert cell_text(cell) == text
