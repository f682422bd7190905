"""The file of the store: versions, damage, rights, and who holds it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import duckdb
import pytest

from isthmus.claims.schema import MIGRATIONS, VERSION
from isthmus.claims.store import FileFacts, Store
from isthmus.errors import (
    FormatError,
    StoreCorruptError,
    StoreLockedError,
    StoreReadOnlyError,
)
from isthmus.model import CLAIM_COLUMNS
from tests.claims.few import claim_ids, names

Select = Callable[[Iterable[Mapping[str, str | None]]], str]
NOBODY = 65534


def test_a_new_file_is_brought_to_the_newest_version(store_path: Path) -> None:
    duckdb.connect(str(store_path)).close()
    with Store(store_path) as store:
        assert store.value("SELECT value FROM meta WHERE name = 'version'") == str(VERSION)
        assert store.value("SELECT value FROM meta WHERE name = 'recipe'") == "claim/1"
    assert len(MIGRATIONS) == VERSION
    with Store(store_path, read_only=True) as again:
        assert again.last_batch == 0


def test_a_migration_that_breaks_leaves_the_file_as_it_was(store_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("isthmus.claims.schema.MIGRATIONS", (MIGRATIONS[0] + "; CREATE TABLE broken(nonsense",))
        with pytest.raises(Exception, match="could not do this"):
            Store(store_path)
    with duckdb.connect(str(store_path)) as plain:
        assert plain.execute("SELECT count(*) FROM duckdb_tables()").fetchone() == (0,)
    with Store(store_path) as store:
        assert store.last_batch == 0


def test_a_newer_version_is_refused(store: Store, store_path: Path) -> None:
    store.connection.execute("UPDATE meta SET value = '999' WHERE name = 'version'")
    store.close()
    for read_only in (False, True):
        with pytest.raises(StoreCorruptError, match="schema version 999; this Isthmus knows up to") as caught:
            Store(store_path, read_only=read_only)
        assert caught.value.hint == "Use a newer Isthmus."


def test_an_empty_database_cannot_be_read_yet(store_path: Path) -> None:
    duckdb.connect(str(store_path)).close()
    with pytest.raises(StoreCorruptError, match="the picture is empty"):
        Store(store_path, read_only=True)


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TABLE customers(id INTEGER)",
        "CREATE TABLE meta(x INTEGER)",
        "CREATE TABLE meta(name VARCHAR, value VARCHAR); INSERT INTO meta VALUES ('version', 'two')",
        "CREATE TABLE meta(name VARCHAR, value VARCHAR)",
    ],
)
@pytest.mark.parametrize("read_only", [False, True])
def test_another_database_is_no_store(sql: str, read_only: bool, store_path: Path) -> None:
    with duckdb.connect(str(store_path)) as plain:
        plain.execute(sql)
        tables = plain.execute("SELECT table_name FROM duckdb_tables()").fetchall()
    with pytest.raises(StoreCorruptError, match="but not a picture of Isthmus"):
        Store(store_path, read_only=read_only)
    with duckdb.connect(str(store_path)) as plain:
        assert plain.execute("SELECT table_name FROM duckdb_tables()").fetchall() == tables


# -- what opening can meet --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "it is empty"),
        (b"subject,predicate,value\na,name,b\n", "it looks like CSV"),
        (b'{"subject": "a"}\n', "it looks like JSON"),
        (bytes(range(128, 256)) * 32, "some other binary file"),
    ],
)
def test_a_file_that_is_no_store(body: bytes, said: str, store_path: Path) -> None:
    store_path.write_bytes(body)
    with pytest.raises(StoreCorruptError, match=said):
        Store(store_path)
    assert store_path.read_bytes() == body


def test_a_missing_file_is_not_made_for_reading(store_path: Path) -> None:
    with pytest.raises(StoreCorruptError, match="there is no picture here yet"):
        Store(store_path, read_only=True)
    assert not store_path.exists()


def test_a_folder_where_the_file_should_be(tmp_path: Path) -> None:
    with pytest.raises(StoreCorruptError, match="a folder stands where the picture should be"):
        Store(tmp_path)


def test_a_folder_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(StoreReadOnlyError, match="does not exist"):
        Store(tmp_path / "no" / "p.duckdb")


def test_a_store_opened_for_reading_takes_nothing(
    store: Store, store_path: Path, select: Select, facts: FileFacts
) -> None:
    store.close()
    with Store(store_path, read_only=True) as reader:
        with pytest.raises(StoreReadOnlyError):
            reader.add(select(names(1, "x")), facts)
        with pytest.raises(StoreReadOnlyError):
            reader.judge("e0", "e1", "same", "x")
        assert len(claim_ids(reader)) == 5


def bulk(count: int) -> str:
    """Return many claims of which no two have the same words, so that they fill the file."""
    given = {"subject": "'e' || n", "predicate": "'name'", "value": "sha256(n::VARCHAR)", "source": "'s'"}
    given["locator"] = "'row ' || n"
    columns = ", ".join(f'{given.get(name, "NULL::VARCHAR")} AS "{name}"' for name in CLAIM_COLUMNS)
    return f"SELECT n + 2 AS line, {columns} FROM range({count}) numbers(n)"


def read_all(path: Path) -> None:
    with Store(path) as store:
        for table in ("claims", "entities", "batches", "sources"):
            store.rows(f"SELECT * FROM {table}")


@pytest.mark.parametrize("share", [0.75, 0.5, 0.1, 0.01])
def test_a_cut_off_store_is_told(share: float, store_path: Path, facts: FileFacts) -> None:
    with Store(store_path) as store:
        store.add(bulk(20_000), facts)
    with store_path.open("r+b") as file:
        file.truncate(int(store_path.stat().st_size * share))
    with pytest.raises(StoreCorruptError):
        read_all(store_path)


def test_flipped_bytes_are_found_when_they_are_read(store_path: Path, facts: FileFacts) -> None:
    with Store(store_path) as store:
        store.add(bulk(20_000), facts)
    body = bytearray(store_path.read_bytes())
    for place in range(len(body) // 4, len(body), 256 * 1024):
        body[place] ^= 0xFF
    store_path.write_bytes(body)
    with pytest.raises(StoreCorruptError, match="damaged"):
        read_all(store_path)


# -- other processes and rights ---------------------------------------------------------------------------------

HOLD = """
import sys, time
from isthmus.claims.store import Store
with Store(sys.argv[1], read_only=sys.argv[2] == "read"):
    print("open", flush=True)
    time.sleep(60)
"""


def child(*arguments: str) -> subprocess.Popen[str]:
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    command = [sys.executable, "-c", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)


def line_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


@pytest.mark.parametrize("read_only", [False, True])
def test_a_second_process_is_told_who_holds_the_file(read_only: bool, store: Store, store_path: Path) -> None:
    store.close()
    with child(HOLD, str(store_path), "write") as process:
        try:
            assert line_of(process) == "open"
            with pytest.raises(StoreLockedError, match=f"process {process.pid} holds this picture") as caught:
                Store(store_path, read_only=read_only)
            assert caught.value.pid == process.pid
        finally:
            process.kill()
    with Store(store_path, read_only=read_only) as free:
        assert len(claim_ids(free)) == 5


def test_two_processes_may_read(store: Store, store_path: Path) -> None:
    store.close()
    with child(HOLD, str(store_path), "read") as process:
        try:
            assert line_of(process) == "open"
            with Store(store_path, read_only=True) as reader:
                assert len(claim_ids(reader)) == 5
        finally:
            process.kill()


AS_NOBODY = """
import os, sys
import duckdb
from isthmus.claims.store import Store
from isthmus.errors import IsthmusError
if os.geteuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
try:
    with Store(sys.argv[1], read_only=sys.argv[2] == "read") as store:
        print("opened", store.value("SELECT count(*) FROM claims"))
except IsthmusError as error:
    print(type(error).__name__, error.exit_code, error.message)
"""


@pytest.mark.parametrize(
    ("file_mode", "folder_mode", "how", "wanted"),
    [
        (0o444, 0o755, "read", "opened 5"),
        (0o444, 0o755, "write", "StoreReadOnlyError 1 the picture may not be written"),
        (0o000, 0o755, "read", "StoreReadOnlyError 1"),
    ],
)
def test_files_that_may_not_be_written(file_mode: int, folder_mode: int, how: str, wanted: str, store: Store) -> None:
    """Root may write everything, so the child gives its rights away first."""
    store.close()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "p.duckdb"
        path.write_bytes(store.path.read_bytes())
        path.chmod(file_mode)
        folder.chmod(folder_mode)
        with child(AS_NOBODY, str(path), how) as process:
            said = line_of(process)
            errors = process.stderr.read() if process.stderr else ""
        folder.chmod(0o755)
    assert said.startswith(wanted), errors


def test_a_folder_that_may_not_be_written() -> None:
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o555)
        with child(AS_NOBODY, str(Path(name) / "p.duckdb"), "write") as process:
            said = line_of(process)
            errors = process.stderr.read() if process.stderr else ""
        Path(name).chmod(0o755)
    assert said.startswith("StoreReadOnlyError 1"), errors


# -- errors of the evidence while it is loaded ------------------------------------------------------------------


def test_damaged_evidence_is_not_called_a_damaged_store(store: Store, tmp_path: Path) -> None:
    evidence = tmp_path / "working.parquet"
    with duckdb.connect() as engine:
        engine.execute(f"COPY ({bulk(20_000)}) TO '{evidence}' (FORMAT parquet, COMPRESSION zstd)")
    content = bytearray(evidence.read_bytes())
    for place in range(4, len(content) * 3 // 4, 64):
        content[place] ^= 0x5A
    evidence.write_bytes(content)
    facts = FileFacts("evidence.parquet", "", "claims")
    with pytest.raises(FormatError, match="nothing was written") as caught:
        store.add(f"SELECT * FROM read_parquet('{evidence}')", facts)
    assert caught.value.where == "evidence.parquet"
    assert len(claim_ids(store)) == 5
    assert store.last_batch == 1


def test_a_store_is_quick_to_open(store: Store, store_path: Path) -> None:
    store.close()
    begun = time.perf_counter()
    with Store(store_path, read_only=True):
        assert time.perf_counter() - begun < 2
