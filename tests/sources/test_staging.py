"""Text into columns: nothing dropped, every line number right, every fault named."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isthmus.errors import FormatError, IsthmusError
from isthmus.sources.adapter import no_progress
from isthmus.sources.scan import MAX_LINE, scan_text
from isthmus.sources.staging import Staged, plain_text, read_header, readable_file, stage_csv

Row = tuple[int, tuple[str | None, ...]]


def rows_of(staged: Staged) -> list[Row]:
    """Return (line, fields) of each staged row."""
    with duckdb.connect() as engine:
        found = engine.execute(f'SELECT * FROM ({staged.select_lines("the line")}) ORDER BY "the line"').fetchall()
    return [(row[-1], row[:-1]) for row in found]


def stage(folder: Path, body: bytes, delimiter: str = ",") -> Staged:
    path = folder / "table.csv"
    path.write_bytes(body)
    return stage_csv(plain_text(path, folder), folder, delimiter=delimiter, progress=no_progress)


def small_chunks(patch: pytest.MonkeyPatch, size: int) -> None:
    patch.setattr("isthmus.sources.scan.CHUNK", size)
    patch.setattr("isthmus.sources.staging.CHUNK", size)


# -- lines ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("chunk", [1, 3, 1 << 20])
@pytest.mark.parametrize(
    ("body", "rows"),
    [
        (b"a,b\n1,2\n3,4\n", [(2, ("1", "2")), (3, ("3", "4"))]),
        (b"a,b\n1,2\n3,4", [(2, ("1", "2")), (3, ("3", "4"))]),
        (b"a,b\r\n1,2\r\n3,4\r\n", [(2, ("1", "2")), (3, ("3", "4"))]),
        (b"a,b\r\n1,2\n3,4\r\n", [(2, ("1", "2")), (3, ("3", "4"))]),
        (b'a,b\n1,"x\ny"\n3,4\n', [(2, ("1", "x\ny")), (4, ("3", "4"))]),
        (b'a,b\r\n1,"x\r\ny"\r\n3,4\r\n', [(2, ("1", "x\r\ny")), (4, ("3", "4"))]),
        (b'a,b\r\n1,"x\r\ny"\n3,"4\n"\r\n', [(2, ("1", "x\r\ny")), (4, ("3", "4\n"))]),
        (b"a,b\n\n1,2\n\n\n3,4\n\n", [(3, ("1", "2")), (6, ("3", "4"))]),
        (b'a,b\n1,"x\n\n\ny"\n\n3,4\n', [(2, ("1", "x\n\n\ny")), (7, ("3", "4"))]),
        (b'"a\nb",c\n1,2\n', [(3, ("1", "2"))]),
        (b'a,b\n1,"he said ""no"""\n,\n', [(2, ("1", 'he said "no"')), (3, (None, None))]),
        (b"a,b\n#1,-\n=1,@x\n", [(2, ("#1", "-")), (3, ("=1", "@x"))]),
        (b'a,b\n1,"\r"\n', [(2, ("1", "\r"))]),
        (b"a,b\n1,2,\n", [(2, ("1", "2"))]),  # an empty field too many loses nothing
        (b"a\n1\n\n2\n", [(2, ("1",)), (3, (None,)), (4, ("2",))]),
        (b"a,b\n", []),
        (b"a,b", []),
        (b"\xef\xbb\xbfa,b\n1,2\n", [(2, ("1", "2"))]),
        ("a,b\n中国,é\u2028x\n".encode(), [(2, ("中国", "é\u2028x"))]),
    ],
)
def test_rows_and_their_lines(
    body: bytes, rows: list[Row], chunk: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_chunks(monkeypatch, chunk)
    staged = stage(tmp_path, body)
    assert rows_of(staged) == rows
    assert staged.rows == len(rows)
    assert staged.rejected == ()


def test_rejected_rows_keep_their_lines_and_shift_no_other(tmp_path: Path) -> None:
    body = b'a,b\n1\n"x\ny",1\n\n1,2,3\n5,6\n"7"x,8\n"p\nq"\n9,10\n'
    staged = stage(tmp_path, body)
    assert rows_of(staged) == [(3, ("x\ny", "1")), (7, ("5", "6")), (11, ("9", "10"))]
    assert [(item.line, item.reason) for item in staged.rejected] == [
        (2, "the row has fewer fields than the header (2)"),
        (6, "the row has more fields than the header (2)"),
        (8, "a quoted value is followed by something other than a comma"),
        (9, "the row has fewer fields than the header (2)"),
    ]


def test_column_names_of_ours_do_not_clash(tmp_path: Path) -> None:
    staged = stage(tmp_path, b"line,file_row_number,c0,select\n1,2,3,4\n")
    assert staged.columns == ("line", "file_row_number", "c0", "select")
    assert rows_of(staged) == [(2, ("1", "2", "3", "4"))]


def test_other_delimiters(tmp_path: Path) -> None:
    assert rows_of(stage(tmp_path, b"a;b\n1,5;2\n", delimiter=";")) == [(2, ("1,5", "2"))]
    assert rows_of(stage(tmp_path, b'a\tb\n"x\ty"\t2\n', delimiter="\t")) == [(2, ("x\ty", "2"))]


def test_many_rows_stay_in_order(tmp_path: Path) -> None:
    body = io.StringIO()
    body.write("n,text\n")
    for number in range(30_000):
        body.write(f'{number},"x\n{number}"\n' if number % 1000 == 7 else f"{number},x\n")
    rows = rows_of(stage(tmp_path, body.getvalue().encode()))
    assert [int(fields[0] or -1) for _, fields in rows] == list(range(30_000))
    assert rows[0][0] == 2
    assert rows[-1][0] == 30_000 + 1 + 30  # 30 quoted line breaks before it


# -- faults -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "said", "line"),
    [
        (b"", "the file is empty", None),
        (b"\n1,2\n", "the first line is empty", 1),
        (b"a,b\n1,2\n3,\x004\n", "line 3 holds a NUL byte", 3),
        (b"a,b\n1,2\n3,caf\xe9\n", "line 3 is not UTF-8 (byte 0xe9)", 3),
        (b"a,b\n1,\xff\xfe\n", "line 2 is not UTF-8", 2),
        (b"a,b\n1,\xe4\xbd", "the file is truncated", None),
        (b'a,b\n1,2\n3,"4\n5,6\n7,8\n', "a quote opened near line 3 is never closed", 3),
        (b'a,b\n1,x"y\n2,z"w\n3,4\n', "the rows of the file cannot be told apart", 2),
        (b"a,b\r1,2\r3,4\r", "line 1 holds a carriage return (CR) that no line feed follows", 1),
        (b"a,b\n1,2\n3\r,4\n", "line 3 holds a carriage return", 3),
        (b"a,b,a\n1,2,3\n", "the column “a” stands twice", 1),
        (b"name,Name\n1,2\n", "the column “Name” stands twice", 1),
        (b",column_1\n1,2\n", "the column “column_1” stands twice", 1),
        (b"a,b\n1," + b"x" * (10 * 1024 * 1024) + b"\n", "line 2 is longer than 8 MiB", 2),
        (b"a,b\n1,2\n1," + b"x" * (10 * 1024 * 1024), "line 3 is longer than 8 MiB", 3),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
@pytest.mark.parametrize("chunk", [7, 16 * 1024 * 1024])
def test_faults_name_the_line(
    body: bytes, said: str, line: int | None, chunk: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_chunks(monkeypatch, chunk if len(body) < 1000 else max(chunk, 1 << 20))
    with pytest.raises(FormatError) as caught:
        stage(tmp_path, body)
    assert said in caught.value.message
    assert (caught.value.where or "").endswith("table.csv" if line is None else f"table.csv, line {line}")
    assert caught.value.exit_code == 2


def test_the_longest_line_that_is_read(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_bytes(b"x" * (MAX_LINE - 1) + b"\n" + b"y" * (MAX_LINE - 1))
    assert scan_text(path, quoting=False, progress=no_progress).lines == 2


def test_a_folder_and_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="this is a folder"):
        readable_file(tmp_path)
    with pytest.raises(FormatError, match="there is no such file"):
        readable_file(tmp_path / "nothing.csv")


def test_progress_ends_at_the_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small_chunks(monkeypatch, 4)
    seen: list[tuple[int, int]] = []
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\n1,2\n3,4\n")
    stage_csv(path, tmp_path, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(4, 12), (8, 12), (12, 12)]


def test_a_header_alone_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b'\xef\xbb\xbf"a ", b,,"c,d"\n')
    assert read_header(path, ",") == ("a", "b", "column_3", "c,d")


# -- compression and encodings ----------------------------------------------------------------------------------


def test_gzip_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "table.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n1,2\n", mtime=0))
    plain = plain_text(path, tmp_path)
    assert plain.name == "table.csv"
    assert plain.read_bytes() == b"a,b\n1,2\n"


@pytest.mark.parametrize("keep", [0.3, 0.9, 0.99])
def test_a_cut_off_gzip_file(keep: float, tmp_path: Path) -> None:
    body = gzip.compress("".join(f"{n},{n * n % 9973}\n" for n in range(20_000)).encode())
    path = tmp_path / "table.csv.gz"
    path.write_bytes(body[: int(len(body) * keep)])
    with pytest.raises(FormatError, match="damaged or cut off"):
        plain_text(path, tmp_path)


@pytest.mark.parametrize("body", [b"", b"not gzip at all", gzip.compress(b"x" * 999, mtime=0)[:-8] + b"\0" * 8])
def test_a_damaged_gzip_file(body: bytes, tmp_path: Path) -> None:
    path = tmp_path / "table.csv.gz"
    path.write_bytes(body)
    with pytest.raises(FormatError):
        stage_csv(plain_text(path, tmp_path), tmp_path, progress=no_progress)


def test_a_flipped_bit_in_a_gzip_file(tmp_path: Path) -> None:
    body = bytearray(gzip.compress(b"".join(b"%d,%d\n" % (n, n * n) for n in range(5000))))
    body[len(body) // 2] ^= 0x10
    path = tmp_path / "table.csv.gz"
    path.write_bytes(body)
    with pytest.raises(FormatError, match="damaged or cut off"):
        plain_text(path, tmp_path)


def test_an_archive_bomb(tmp_path: Path) -> None:
    path = tmp_path / "bomb.csv.gz"
    with gzip.open(path, "wb", compresslevel=9) as packed:
        for _ in range(48):
            packed.write(b"\0" * 1024 * 1024)
    with pytest.raises(FormatError, match="looks like an archive bomb"):
        plain_text(path, tmp_path)


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "latin-1", "cp1251"])
def test_other_encodings(encoding: str, tmp_path: Path) -> None:
    text = {"gb18030": "中国电信", "utf-16": "中é", "latin-1": "café", "cp1251": "Ёлка"}[encoding]
    path = tmp_path / "table.csv"
    path.write_bytes(f'a,b\r\n1,"{text}\n"\r\n'.encode(encoding))
    staged = stage_csv(plain_text(path, tmp_path, encoding), tmp_path, progress=no_progress)
    assert rows_of(staged) == [(2, ("1", f"{text}\n"))]


@pytest.mark.parametrize("encoding", ["ascii", "utf-16", "no-such-encoding"])
def test_a_wrong_encoding(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes("a,b\n1,é\n".encode())
    with pytest.raises(FormatError, match=f"the file is not {encoding}"):
        plain_text(path, tmp_path, encoding)


# -- any bytes, any table ---------------------------------------------------------------------------------------

PIECES = st.sampled_from(
    [
        b"a",
        b",",
        b'"',
        b"\n",
        b"\r",
        b"\r\n",
        b"\0",
        b"\xff",
        b"\xe4\xbd",
        b"\xe4\xbd\xa0",
        b'""',
        b" ",
        b"\\",
        b"a,b\n",
    ]
)


@settings(max_examples=80)
@given(pieces=st.lists(PIECES, max_size=25), start=st.sampled_from([b"", b"a,b\n", b"\xef\xbb\xbfa\n"]))
def test_any_bytes_are_read_or_refused(
    pieces: list[bytes], start: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("any")
    try:
        staged = stage(folder, start + b"".join(pieces))
    except IsthmusError as error:
        assert error.exit_code == 2
        return
    assert len(rows_of(staged)) == staged.rows


CELL = st.text(st.sampled_from("ab1 ,\"\n\ré中\\'#;\t="), max_size=5)


@st.composite
def tables(draw: st.DrawFn) -> tuple[int, str]:
    """Return the number of columns and the text of a CSV file as `csv` writes it, with some rows of other lengths."""
    width = draw(st.integers(1, 4))
    rows = draw(
        st.lists(st.lists(CELL, min_size=width, max_size=width) | st.lists(CELL, min_size=1, max_size=5), max_size=8)
    )
    quoting: Callable[[], int] = lambda: draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))  # noqa: E731
    end = draw(st.sampled_from(["\n", "\r\n", None]))
    parts = []
    for row in [[f"c{number}" for number in range(width)], *rows]:
        buffer = io.StringIO()
        csv.writer(buffer, quoting=quoting(), lineterminator="\r\n").writerow(row)  # type: ignore[arg-type]
        parts.append(buffer.getvalue().removesuffix("\r\n") + (end or draw(st.sampled_from(["\n", "\r\n"]))))
        if width > 1 and draw(st.integers(0, 9)) == 0:
            parts.append(end or "\n")
    text = "".join(parts)
    return width, text if draw(st.booleans()) else text.removesuffix("\n").removesuffix("\r")


@settings(max_examples=80)
@given(table=tables(), chunk=st.sampled_from([1, 2, 5, 16, 1 << 24]))
def test_tables_are_read_as_csv_reads_them(
    table: tuple[int, str], chunk: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Rows, values, rejections and line numbers are those of Python's csv module."""
    width, text = table
    reader = csv.reader(io.StringIO(text, newline="\n"))
    wanted: list[Row] = []
    refused: list[int] = []
    line = 1
    for number, fields in enumerate(reader):
        begun, line = line, reader.line_num + 1
        if number == 0 or (not fields and width > 1):
            continue
        fields = fields or [""]
        if len(fields) < width or any(fields[width:]):
            refused.append(begun)
        else:
            wanted.append((begun, tuple(field or None for field in fields[:width])))
    with pytest.MonkeyPatch.context() as patch:
        small_chunks(patch, chunk)
        staged = stage(tmp_path_factory.mktemp("table"), text.encode())
    assert rows_of(staged) == wanted
    assert [item.line for item in staged.rejected] == refused
