"""Names of uploads are no paths, and what was sent lies where nobody else reads."""

from __future__ import annotations

import io
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isthmus.errors import ArgumentError
from isthmus.service.uploading import Sent, harmless_name, take_in


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("claims.csv", "claims.csv"),
        ("../../../etc/passwd.csv", "passwd.csv"),
        ("..\\..\\x.csv", "x.csv"),
        ("C:\\x.csv", "x.csv"),
        ("a\u202egnp.csv", "agnp.csv"),
        ("con.csv", "_con.csv"),
        (".hidden.csv", "hidden.csv"),
        ("华为 2026.csv", "华为 2026.csv"),
        ("a\x00b\n.csv", "ab.csv"),
        ("é" * 200 + ".csv", "é" * 58 + ".csv"),
    ],
)
def test_a_name_is_made_harmless(name: str, plain: str) -> None:
    assert harmless_name(name) == plain


@pytest.mark.parametrize("name", ["", "..", "/", "...", " ", "a/", "\x00"])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(ArgumentError):
        harmless_name(name)


@given(st.text(max_size=300))
def test_no_name_leads_out_of_the_folder(name: str) -> None:
    try:
        plain = harmless_name(name)
    except ArgumentError:
        return
    assert Path("/folder", plain).resolve().parent == Path("/folder")
    assert len(plain.encode()) <= 120 and plain not in (".", "..")


def test_what_was_sent_lies_in_a_folder_of_its_own(tmp_path: Path) -> None:
    files = [Sent("a.csv", io.BytesIO(b"1")), Sent("a.csv.source.yaml", io.BytesIO(b"id: x"))]
    folder, paths, source, mapping = take_in(tmp_path / "uploads", files, None, Sent("a.csv", io.BytesIO(b"m")))
    assert [path.name for path in paths] == ["a.csv"]
    assert (paths[0].read_bytes(), source, mapping and mapping.read_bytes()) == (b"1", None, b"m")
    assert stat.S_IMODE((tmp_path / "uploads").stat().st_mode) == stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_two_of_one_name_leave_nothing(tmp_path: Path) -> None:
    files = [Sent("a/x.csv", io.BytesIO(b"1")), Sent("b/x.csv", io.BytesIO(b"2"))]
    with pytest.raises(ArgumentError, match="two files"):
        take_in(tmp_path / "uploads", files, None, None)
    assert list((tmp_path / "uploads").iterdir()) == []
