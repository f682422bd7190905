"""The record of what was done: its chain, and how it lives through crashes and many writers."""

from __future__ import annotations

import json
import multiprocessing
import stat
from pathlib import Path

import pytest

from isthmus.access.audit import Audit
from isthmus.access.reader import LOCAL, Reader


def written(path: Path, count: int = 5) -> Audit:
    audit = Audit(path)
    for number in range(count):
        audit.write(LOCAL, "judge", {"number": number, "why": "“ü} 华为”"})
    return audit


def test_a_whole_record_is_whole(store_path: Path) -> None:
    audit = written(store_path)
    found = audit.check()
    assert (found.lines, found.broken, found.torn) == (5, None, 0)
    assert audit.write(LOCAL, "more") == audit.check().last != found.last
    assert stat.S_IMODE(audit.path.stat().st_mode) == 0o600
    assert Audit(store_path.with_name("other")).check().lines == 0


@pytest.mark.parametrize("place", range(5))
def test_a_line_that_is_changed_is_named(store_path: Path, place: int) -> None:
    audit = written(store_path)
    lines = audit.path.read_bytes().splitlines(keepends=True)
    body = json.loads(lines[place])
    body["who"] = "somebody else"
    lines[place] = json.dumps(body).encode() + b"\n"
    audit.path.write_bytes(b"".join(lines))
    found = audit.check()
    # Of the last line nothing behind it can tell: its digest, kept elsewhere, does.
    assert found.broken == (place + 2 if place < 4 else None)


@pytest.mark.parametrize("place", range(4))
def test_a_line_that_is_taken_out_or_put_in_is_named(store_path: Path, place: int) -> None:
    audit = written(store_path)
    lines = audit.path.read_bytes().splitlines(keepends=True)
    audit.path.write_bytes(b"".join(lines[:place] + lines[place + 1 :]))
    assert audit.check().broken == place + 1
    audit.path.write_bytes(b"".join([*lines[: place + 1], lines[place], *lines[place + 1 :]]))
    assert audit.check().broken == place + 2


@pytest.mark.parametrize("place", range(5))
def test_a_line_that_is_spoiled_is_named(store_path: Path, place: int) -> None:
    audit = written(store_path)
    lines = audit.path.read_bytes().splitlines(keepends=True)
    lines[place] = lines[place].replace(b'"who":', b'"who"')
    audit.path.write_bytes(b"".join(lines))
    assert audit.check().broken == place + 1


def test_a_line_cut_anywhere_by_a_crash_breaks_nothing(store_path: Path) -> None:
    audit = written(store_path, 3)
    whole = audit.path.read_bytes()
    last = whole.rindex(b"\n", 0, -1) + 1
    for cut in range(last, len(whole)):
        audit.path.write_bytes(whole[:cut])
        digest = audit.write(LOCAL, "after the crash")
        found = audit.check()
        assert (found.broken, found.last) == (None, digest), whole[last:cut]


def _write(path: Path, name: str) -> None:
    audit = Audit(path)
    for number in range(25):
        audit.write(Reader(name), "judge", {"number": number})


def test_many_processes_write_one_chain(store_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_write, args=(store_path, f"w{number}")) for number in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    found = Audit(store_path).check()
    assert (found.lines, found.broken) == (75, None)


def test_a_long_line_is_found_again(store_path: Path) -> None:
    audit = Audit(store_path)
    audit.write(LOCAL, "add", {"files": ["x" * 200_000]})
    audit.write(LOCAL, "add")
    assert audit.check().broken is None


def test_lines_of_who_sees_more_are_not_shown(store_path: Path) -> None:
    audit = Audit(store_path)
    audit.write(Reader("ana", "steward", "TLP:RED"), "judge", {"why": "secret"})
    audit.write(Reader("ben", "steward", "TLP:GREEN"), "judge", {"why": "plain"})
    assert [line["who"] for line in audit.lines(Reader("cem", "steward", "TLP:AMBER"))] == ["ben"]
    assert [line["who"] for line in audit.lines(LOCAL)] == ["ben", "ana"]
