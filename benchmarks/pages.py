"""Pages as many readers have them from `isthmus serve`: while evidence is added, while one types, of a large register, and in bytes.

    python -m benchmarks.pages --picture demo.duckdb

Readers are connections of this process, which stay open and ask for the next page when they have the last one; the server is a
process of its own. 200 things are drawn from the picture; that of rank r is asked for with weight 1/r, and one page in five is
the first page. Each is had once before by one reader (the row "first visit"). Pages of "while adding" were asked for between the
sending of the file and the end of its job, so the moment when the picture changes is in them; "after it" are the next seconds.
"""

from __future__ import annotations

import argparse
import gzip
import http.client
import json
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfile
from typing import Any
from urllib.parse import quote, urljoin

import numpy as np

from benchmarks.control_asked import write_claims
from benchmarks.measure import ROOT, machine, table
from benchmarks.ownership_register import register
from benchmarks.visitors import Visit, figures, visit
from isthmus.claims.reader import ReadStore
from isthmus.server.warming import FIRST
from isthmus.service import AddOptions, add_files, build_demo

READERS, THINGS, HOME, ROWS, OK = 50, 200, 0.2, 120_000, 200
QUIET, AFTER, ADDS = 5.0, 5.0, 3
TYPING, WORDS, LETTERS, PACE = 10, 12, 10, 0.15
COMPANIES, ASKED = 1_000_000, 60
BUSY_MS, TYPED_MS, REGISTER_MS, LOAD = 150, 80, 400, 600_000
"""Targets: p95 of pages while evidence is added, of lists while one types, of a register's pages; bytes of a first load."""
SHOWN = ("/", "/map", "/network", "/strips", "/sources", "/changes", "/work", "/identity", "/find?q=a", "/add", "/jobs")
_PARTS = re.compile(
    r'<link rel="(?:stylesheet|icon|modulepreload)"[^>]* href="([^"]+)"|<(?:script|img)[^>]* src="([^"]+)"'
)
_IMPORTS = re.compile(r'(?:\bfrom|\bimport)\s*\(?\s*"([./][\w./?=&-]*)"')
_LATER = re.compile(r'data-(?:later|layout|library|map)="(/[^"]+)"')


@contextmanager
def serving(picture: Path) -> Iterator[str]:
    """Serve a picture as a person does, and give the address."""
    words = [sys.executable, "-m", "isthmus", "-p", str(picture), "serve", "--port", "0"]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    try:
        assert process.stdout is not None
        found = re.search(r"http://[\w.:]+", process.stdout.readline())
        assert found is not None
        yield found[0]
    finally:
        process.terminate()
        process.communicate(timeout=60)


def things(picture: Path, count: int, seed: int = 6) -> list[str]:
    """Draw ids of things that have claims of their own."""
    with ReadStore(picture) as store:
        rows = store.rows("SELECT id FROM entities WHERE key IN (SELECT subject FROM claims) ORDER BY id")
    return random.Random(seed).sample([str(row[0]) for row in rows], min(count, len(rows)))


def entity(name: str) -> str:
    return "/entity/" + quote(name, safe="@:+,~")


def walk(names: list[str], seed: int, ended: threading.Event) -> Iterator[Visit]:
    """Ask for the first page and for things, the first of them most often, until told to end."""
    draw = random.Random(seed)
    weights = [1 / rank for rank in range(1, len(names) + 1)]
    while not ended.is_set():
        if draw.random() < HOME:
            yield Visit("home", "/")
        else:
            yield Visit("entity", entity(draw.choices(names, weights)[0]))


def typing(names: list[str], seed: int) -> Iterator[Visit]:
    """Type the beginnings of names, letter by letter."""
    draw = random.Random(seed)
    for name in draw.sample(names, min(WORDS, len(names))):
        for length in range(1, min(LETTERS, len(name)) + 1):
            yield Visit("typed", f"/find/list?q={quote(name[:length])}", draw.uniform(0.7, 1.3) * PACE)


def write_rows(target: Path, rows: int, number: int) -> None:
    """Write evidence of invented firms: a name, a kind and an owner each."""
    lines = ["subject,predicate,object,value,low,high,unit,source,locator"]
    for row in range(rows // 3):
        firm = f"invented-{number}-{row}"
        lines.append(f"{firm},name,,Invented Firm {number} {row},,,,invented-{number},line {row}")
        lines.append(f"{firm},kind,,company,,,,invented-{number},line {row}")
        lines.append(f"invented-{number}-{row // 7},owns,{firm},,0.3,0.6,share,invented-{number},line {row}")
    target.write_text("\n".join(lines) + "\n", "utf-8")


def add(address: str, path: Path) -> float:
    """Send a file, wait until its job is done, and return the seconds; the file is sent in pieces, as a browser sends it."""
    begun = time.perf_counter()
    place = address.removeprefix("http://")
    connection = http.client.HTTPConnection(place, timeout=600)
    head = f'--b\r\nContent-Disposition: form-data; name="files"; filename="{path.name}"\r\n\r\n'
    body = head.encode() + path.read_bytes() + b"\r\n--b--\r\n"
    connection.request("POST", "/api/v1/evidence", body, {"Content-Type": "multipart/form-data; boundary=b"})
    job = json.loads(connection.getresponse().read())["data"]
    while job["state"] in ("queued", "running"):
        time.sleep(0.25)
        connection.request("GET", f"/api/v1/jobs/{job['id']}")
        job = json.loads(connection.getresponse().read())["data"]
    if job["state"] != "done":
        raise SystemExit(f"the job is {job['state']}: {job}")
    return time.perf_counter() - begun


def busy(picture: Path, rows: int, readers: int, adds: int, count: int) -> list[dict[str, Any]]:
    """Return how long the first page and pages of things take: at first, with nothing else to do, while evidence is added, and after it."""
    names = things(picture, count)
    with tempfile.TemporaryDirectory(prefix="pages-") as folder, serving(picture) as address:
        cold = visit(address, [iter([Visit("home", "/"), *(Visit("entity", entity(name)) for name in names)])])
        # An id that is judged to be another thing's only sends on to it.
        names = [name for name, item in zip(names, cold.seen[1:], strict=True) if item.status == OK]
        cold.seen = [item for item in cold.seen if item.status == OK]
        spans: list[tuple[float, float]] = []
        ended = threading.Event()

        def adding() -> None:
            try:
                time.sleep(QUIET)
                for number in range(adds):
                    path = Path(folder) / f"evidence-{number}.csv"
                    write_rows(path, rows, number)
                    begun = time.perf_counter()
                    add(address, path)
                    spans.append((begun, time.perf_counter()))
                    time.sleep(AFTER)
            finally:
                ended.set()

        worker = threading.Thread(target=adding)
        worker.start()
        begun = time.perf_counter()
        seen = visit(address, [walk(names, number, ended) for number in range(readers)])
        worker.join()
    found = [{"what": "first visit, one reader", **figures(cold.seen)}]
    pages = ("home", "entity")
    found.append({"what": "nothing else to do", **figures(seen.within(pages, begun, spans[0][0]))})
    for kinds in (("home",), ("entity",), pages):
        told = [item for start, end in spans for item in seen.within(kinds, start, end)]
        found.append({"what": f"while adding, {' and '.join(kinds)}", **figures(told)})
    after = [item for _, end in spans for item in seen.within(pages, end, end + AFTER)]
    found.append({"what": "after it", **figures(after), "add_s": [round(end - start, 1) for start, end in spans]})
    return found


def typed(picture: Path, readers: int) -> list[dict[str, Any]]:
    """Return how long the list takes that is shown while one types the names of things."""
    with ReadStore(picture) as store:
        names = "SELECT DISTINCT value FROM claims WHERE value IS NOT NULL AND predicate = "
        rows = store.rows(names + "(SELECT key FROM predicates WHERE id = 'name') ORDER BY value")
    words = [str(row[0]) for row in rows]
    with serving(picture) as address:
        # Who types has the first page before them, with its later parts.
        visit(address, [iter([Visit("home", path) for path in FIRST])])
        seen = visit(address, [typing(words, number) for number in range(readers)])
    return [{"what": f"list while {readers} type", **figures(seen.seen)}]


def large(picture: Path, companies: int) -> list[dict[str, Any]]:
    """Return how long pages of companies take that nobody asked for before, in a register of so many."""
    if not picture.exists():
        claims = picture.with_suffix(".parquet")
        write_claims(register(companies), claims)
        add_files(picture, [claims], AddOptions())
    targets = np.unique(register(companies).targets)
    chosen = [f"n{number}" for number in np.random.default_rng(7).choice(targets, ASKED, replace=False).tolist()]
    with serving(picture) as address:
        book = visit(address, [iter([Visit("entity", entity(name)) for name in chosen])])
        again = visit(address, [iter([Visit("entity", entity(name)) for name in chosen])])
    return [
        {"what": f"{companies:,} companies, first page of a process", **figures(book.seen[:1])},
        {"what": f"{companies:,} companies, pages nobody asked for before", **figures(book.seen[1:])},
        {"what": f"{companies:,} companies, the same again", **figures(again.seen)},
    ]


def fetched(address: str) -> tuple[int, bytes]:
    """Return the bytes of an answer on the wire, as a browser asks for it, and what they hold."""
    asked = urllib.request.Request(address, headers={"accept-encoding": "gzip", "accept": "text/html,*/*"})
    with urllib.request.urlopen(asked, timeout=120) as answer:
        sent = answer.read()
        packed = answer.headers.get("content-encoding") == "gzip"
    return len(sent), gzip.decompress(sent) if packed else sent


def loads(picture: Path) -> list[dict[str, Any]]:
    """Return the bytes of each page with everything that it loads, packed: style sheets, scripts, what they import, and later parts."""
    with ReadStore(picture) as store:
        most = "SELECT e.id FROM claims c JOIN entities e ON e.key = c.subject GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
        name = str(store.rows(most)[0][0])
    found = []
    with serving(picture) as address:
        for path in (*SHOWN, entity(name), f"/network?of={quote(name)}"):
            size, body = fetched(address + path)
            text = body.decode()
            waiting = [urljoin(address + path, one or other) for one, other in _PARTS.findall(text)]
            waiting += [urljoin(address + path, item.replace("&amp;", "&")) for item in _LATER.findall(text)]
            held: dict[str, int] = {}
            while waiting:
                item = waiting.pop()
                if item in held or not item.startswith(address):
                    continue
                held[item], inner = fetched(item)
                if item.partition("?")[0].endswith(".js"):
                    waiting += [urljoin(item, other) for other in _IMPORTS.findall(inner.decode())]
            found.append({"page": path, "page_bytes": size, "loads": len(held), "all_bytes": size + sum(held.values())})
    return found


def main() -> None:
    """Serve, read, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--picture", type=Path, help="the reference picture, where one is built already")
    parser.add_argument("--only", choices=("busy", "typed", "large", "loads"))
    parser.add_argument("--readers", type=int, default=READERS)
    parser.add_argument("--things", type=int, default=THINGS)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--adds", type=int, default=ADDS)
    parser.add_argument("--companies", type=int, default=COMPANIES)
    parser.add_argument("--data", type=Path, default=Path("benchmarks/data"))
    given = parser.parse_args()
    results: dict[str, list[dict[str, Any]]] = {}
    with tempfile.TemporaryDirectory(prefix="pages-") as folder:
        picture = Path(folder) / "picture.duckdb"
        if given.picture:
            copyfile(given.picture, picture)
        elif given.only != "large":
            build_demo(Path(folder))
        works = {
            "busy": lambda: busy(picture, given.rows, given.readers, given.adds, given.things),
            "typed": lambda: typed(picture, TYPING),
            "loads": lambda: loads(picture),
            "large": lambda: large(given.data / f"control-{given.companies}.duckdb", given.companies),
        }
        for name, work in works.items():
            if given.only in (None, name):
                results[name] = work()
                print(json.dumps({"benchmark": f"pages {name}", **machine(), "results": results[name]}), flush=True)
                table(results[name])


if __name__ == "__main__":
    main()
