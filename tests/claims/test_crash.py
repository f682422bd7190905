"""Kill, interrupt and starve a process that writes: no acknowledged batch is lost, and none is there in part."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from isthmus.claims.store import FileFacts, Store
from isthmus.errors import InterruptedRunError, StoreFullError
from isthmus.model import CLAIM_COLUMNS

ROOT = Path(__file__).resolve().parents[2]
KILLS = int(os.environ.get("ISTHMUS_KILLS", "6"))
BATCHES = 6
ROWS = 6_000
FACTS = FileFacts("generated", "", "claims")


def batch_sql(number: int, rows: int) -> str:
    """Return the claims of batch `number`: every field differs from those of the other batches."""
    given = {
        "subject": f"'b{number}-' || n",
        "predicate": "'supplies'",
        "object": f"'b{number}-' || (n + 1) % 1000",
        "qualifiers": f"'item=part {number}-' || n % 50",
        "valid_from": f"'20{number % 90 + 10}'",
        "source": f"'s{number}'",
        "locator": "'row ' || n",
    }
    columns = ", ".join(f'{given.get(name, "NULL::VARCHAR")} AS "{name}"' for name in CLAIM_COLUMNS)
    return f"SELECT n + 2 AS line, {columns} FROM range({rows}) numbers(n)"


WRITER = """
import sys
from isthmus.claims.store import FileFacts, Store
path, rows, *statements = sys.argv[1:]
with Store(path) as store:
    print("open", flush=True)
    for number, sql in enumerate(statements):
        done = store.add(sql, FileFacts("generated", "", "claims"))
        print("added", number, done.new, flush=True)
        if number % 3 == 2:
            store.reindex()
            print("indexed", flush=True)
print("end", flush=True)
"""


def start(code: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )


def write_batches(path: Path) -> subprocess.Popen[str]:
    return start(WRITER, str(path), str(ROWS), *(batch_sql(number, ROWS) for number in range(BATCHES)))


def assert_whole(store: Store) -> set[int]:
    """Assert that every batch is there whole, and return the numbers of those that are there."""
    counts = dict(store.rows('SELECT s.id, count(*) FROM claims c JOIN sources s ON s.key = c."source" GROUP BY s.id'))
    assert set(counts.values()) <= {ROWS}
    found = {int(source[1:]) for source in counts}
    assert store.value("SELECT count(*) FROM batches WHERE claims_new <> ?", [ROWS]) == 0
    assert store.last_batch == len(found)
    assert store.value("SELECT count(*) - count(DISTINCT id) FROM claims") == 0
    for column, table in (
        ("subject", "entities"),
        ('"object"', "entities"),
        ("qualifiers", "qualifier_sets"),
        ("valid_from", "dates"),
        ('"source"', "sources"),
        ("batch", "batches"),
        ("predicate", "predicates"),
    ):
        assert store.value(f"SELECT count(*) FROM claims c ANTI JOIN {table} t ON t.key = c.{column}") == 0, column
    for table in ("entities", "qualifier_sets", "dates", "sources", "predicates"):
        assert store.value(f"SELECT count(*) - count(DISTINCT key) FROM {table}") == 0, table
    return found


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> float:
    """Return how long a writer lives when nobody kills it, in seconds from its first word on."""
    path = tmp_path_factory.mktemp("life") / "p.duckdb"
    with write_batches(path) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        begun = time.perf_counter()
        assert process.stdout.read().splitlines()[-1] == "end"
    return time.perf_counter() - begun


def test_kill_at_any_moment(life: float, tmp_path: Path) -> None:
    """After SIGKILL: acknowledged batches are there, the others wholly or not at all, and adding again completes."""
    chance = random.Random(20261123)
    cut = 0
    for kill in range(KILLS):
        path = tmp_path / f"{kill}.duckdb"
        with write_batches(path) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "open\n"
            time.sleep(chance.uniform(0, life * 0.9))
            process.send_signal(signal.SIGKILL)
            words = [line.split() for line in process.stdout.read().splitlines()]
        acknowledged = {int(word[1]) for word in words if word[0] == "added"}
        cut += ["end"] not in words
        with Store(path) as store:
            found = assert_whole(store)
            assert acknowledged <= found
            assert len(found - acknowledged) <= 1  # killed between the commit and the word
            for number in range(BATCHES):
                done = store.add(batch_sql(number, ROWS), FACTS)
                assert done.new == (0 if number in found else ROWS)
            assert assert_whole(store) == set(range(BATCHES))
            store.reindex()
            wanted = store.value('SELECT count(*) FROM (SELECT DISTINCT "object", subject, predicate FROM claims)')
            assert store.value("SELECT count(*) FROM incoming") == wanted
        path.unlink()
    assert cut >= KILLS // 3  # most, on an idle machine; a loaded one starts the work late


INTERRUPTED = """
import os, signal, sys, threading, time
from isthmus.claims.store import FileFacts, Store
from isthmus.errors import IsthmusError
path, delay, first, second = sys.argv[1:]
with Store(path) as store:
    store.add(first, FileFacts("first", "", "claims"))
    def stop():
        time.sleep(float(delay))
        os.kill(os.getpid(), signal.SIGINT)
    threading.Thread(target=stop, daemon=True).start()
    try:
        store.add(second, FileFacts("second", "", "claims"))
        print("finished")
    except IsthmusError as error:
        print(type(error).__name__, error.exit_code)
    print(store.value("SELECT count(*) FROM claims"), store.last_batch)
    print(store.add(first, FileFacts("again", "", "claims")).held)
"""


@pytest.mark.parametrize("delay", [0.02, 0.15, 0.4])
def test_ctrl_c_in_a_batch(delay: float, store_path: Path) -> None:
    """The batch in work is rolled back, the store goes on in the same process, and the file is as it was."""
    with start(INTERRUPTED, str(store_path), str(delay), batch_sql(0, 1000), batch_sql(1, 2_000_000)) as process:
        said, errors = process.communicate()
    assert said.splitlines() == ["InterruptedRunError 1", "1000 1", "1000"], errors
    with Store(store_path) as store:
        assert store.value("SELECT count(*) FROM claims") == 1000
        assert store.value("SELECT count(*) FROM sources") == 1


def test_ctrl_c_between_statements(store_path: Path) -> None:
    with Store(store_path) as store:
        with pytest.raises(InterruptedRunError, match="rolled back"), store.transaction("judge"):
            raise KeyboardInterrupt
        assert store.last_batch == 0
        assert store.add(batch_sql(0, 10), FACTS).new == 10


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Return a folder on a disk of 10 MB."""
    place = tmp_path / "small"
    place.mkdir()
    mount = shutil.which("mount")
    if mount is None or os.geteuid() != 0:
        pytest.skip("only root can mount a small disk to fill")
    tried = subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=10m", "tmpfs", str(place)], capture_output=True, text=True
    )
    if tried.returncode:
        pytest.skip(f"no small disk can be mounted here: {tried.stderr.strip()}")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk(small_disk: Path) -> None:
    """The batch that does not fit is rolled back with one clear error; the first stays, and the store goes on."""
    path = small_disk / "p.duckdb"
    with Store(path) as store:
        store.add(batch_sql(0, ROWS), FACTS)
        with pytest.raises(StoreFullError, match="no space left on the disk; the batch was rolled back"):
            store.add(batch_sql(1, 400_000), FACTS)
        assert store.value("SELECT count(*) FROM claims") == ROWS
        assert store.add(batch_sql(0, ROWS), FACTS).held == ROWS
    with Store(path) as store:
        assert assert_whole(store) == {0}
