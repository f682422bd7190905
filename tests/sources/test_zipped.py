"""Files inside a zip archive of their own."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import pytest

from isthmus.errors import FormatError
from isthmus.sources import zipped
from isthmus.sources.zipped import plain_file, zipped_start


def archive(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return path


def test_only_file_is_unpacked_into_the_working_folder(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.csv.zip", **{"../../x": b"one\ntwo\n"})
    assert zipped_start(path) == b"one\ntwo\n"
    work = tmp_path / "work"
    work.mkdir()
    found = plain_file(path, work)
    assert found.read_bytes() == b"one\ntwo\n"
    assert list(work.iterdir()) == [found]


def test_other_files_are_as_they_were(tmp_path: Path) -> None:
    plain, packed, work = tmp_path / "a.csv", tmp_path / "b.csv.gz", tmp_path / "work"
    work.mkdir()
    plain.write_bytes(b"x")
    packed.write_bytes(gzip.compress(b"y"))
    assert plain_file(plain, tmp_path) == plain
    assert plain_file(packed, work).read_bytes() == b"y"
    assert zipped_start(plain) is None


def test_several_files_are_refused(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", x=b"1", y=b"2")
    assert zipped_start(path) is None
    with pytest.raises(FormatError, match="holds 2 files"):
        plain_file(path, tmp_path)


def test_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = archive(tmp_path / "a.zip", x=b"0" * 10_000)
    monkeypatch.setattr(zipped, "MAX_UNPACKED", 9_999)
    with pytest.raises(FormatError, match="archive bomb"):
        plain_file(path, tmp_path)


def test_damaged_archive_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", x=bytes(range(256)) * 40)
    data = bytearray(path.read_bytes())
    data[60:80] = b"\xff" * 20
    path.write_bytes(bytes(data))
    with pytest.raises(FormatError, match="damaged"):
        plain_file(path, tmp_path)
    assert zipped_start(path) is None
