"""Time the map of 30,000 sites in headless Chromium: from asking for the page to a map that can be moved, and how it moves.

Sites, vendors and their owners are invented: towns around 400 centres, one site in ten known by country only, one in five with two parties.
Zipped, the data of all points must stay below 1 MB.

    python -m benchmarks.map_points --sites 30000
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks.measure import ROOT, machine, table
from isthmus.briefs.maps import load_countries
from isthmus.model import CLAIM_COLUMNS
from isthmus.service import add_files

SITES, VENDORS, CENTRES = 30_000, 400, 400
READY, BYTES, FRAME = 2.0, 1_000_000, 50.0
"""Targets: seconds to a map that can be moved (after load), bytes of its data, milliseconds of a frame while it moves."""
KINDS = ("data_center", "site", "project", "network")
STAGES = ("active", "completed", "signed", "announced", "under_construction", "ended")
SERVER = """
import sys, uvicorn
from pathlib import Path
from isthmus.server.app import build_app
from isthmus.service.desk import Desk
uvicorn.run(build_app(Desk(Path(sys.argv[1]))), port=int(sys.argv[2]), log_level="error")
"""
MOVES = """
async () => {
  const canvas = document.querySelector("canvas");
  const frames = [];
  let last = performance.now();
  for (let step = 0; step < 60; step++) {
    const key = step % 20 === 0 ? "+" : ["ArrowLeft", "ArrowDown", "ArrowRight"][step % 3];
    canvas.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    await new Promise(requestAnimationFrame);
    const now = performance.now();
    frames.push(now - last);
    last = now;
  }
  return frames.sort((a, b) => a - b);
}
"""


def write_claims(target: Path, sites: int, seed: int = 6) -> int:
    """Write invented sites as claims; return how many claims."""
    draw = random.Random(seed)
    countries = sorted(set(load_countries().values()))
    centres = [
        (country.alpha2, country.latitude + draw.gauss(0, 3), country.longitude + draw.gauss(0, 3))
        for country in draw.choices(countries, k=CENTRES)
    ]
    count = 0
    with target.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, CLAIM_COLUMNS)
        writer.writeheader()

        def say(subject: str, predicate: str, **more: str) -> None:
            nonlocal count
            writer.writerow(
                {"subject": subject, "predicate": predicate, "source": "made", "locator": f"line {count}", **more}
            )
            count += 1

        for country in countries:
            say(f"iso:{country.alpha2}", "kind", value="state")
        for number in range(VENDORS):
            say(f"vendor-{number}", "kind", value="company")
            say(f"vendor-{number}", "name", value=f"Vendor {number} Networks")
            say(
                f"owner-{number // 4}",
                "owns",
                object=f"vendor-{number}",
                low=".4",
                high=draw.choice((".6", ".4")),
                unit="share",
            )
        for number in range(sites):
            name, (code, lat, lon) = f"site-{number}", draw.choice(centres)
            say(name, "kind", value=draw.choice(KINDS))
            say(name, "name", value=f"{draw.choice(('North', 'Harbour', 'Green', 'East'))} {number} {code}")
            say(name, "located_in", object=f"iso:{code}")
            if draw.random() < 0.9:
                place = f"{max(-55, min(83, lat + draw.gauss(0, 1.5))):.4f}, {(lon + draw.gauss(0, 1.5) + 180) % 360 - 180:.4f}"
                say(
                    name,
                    "coordinates",
                    value=place,
                    qualifiers="precision=locality",
                    valid_from=str(draw.randint(1995, 2026)),
                )
            say(name, "status", value=draw.choice(STAGES), valid_from=str(draw.randint(1995, 2026)))
            for role in ("supplies", "operates")[: 1 + (draw.random() < 0.2)]:
                say(f"vendor-{int(VENDORS * draw.random() ** 3)}", role, object=name)
    return count


@contextmanager
def serving(picture: Path) -> Iterator[str]:
    """Serve a picture from a process of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-c", SERVER, str(picture), str(port)], cwd=ROOT)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"{address}/static/icon.svg", timeout=5).read()
                break
            except OSError:
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(20)


def fetched(address: str) -> tuple[float, int]:
    """Return the seconds and the bytes of an answer, packed as a browser asks for it."""
    begun = time.perf_counter()
    request = urllib.request.Request(address, headers={"accept-encoding": "gzip"})
    with urllib.request.urlopen(request, timeout=120) as answer:
        return time.perf_counter() - begun, len(answer.read())


def look(address: str, rounds: int) -> dict[str, float]:
    """Return what a browser sees of the map: seconds to a map that can be moved, and milliseconds a frame while it moves."""
    with sync_playwright() as player:
        browser = player.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        taken, after = [], []
        for _ in range(rounds):
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.goto(f"{address}/map")
            page.wait_for_selector("html[data-map-ready]", state="attached", timeout=120_000)
            ready = float(page.evaluate("document.documentElement.dataset.mapReady"))
            loaded = float(page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd"))
            taken.append(ready / 1000)
            after.append(max(0.0, ready - loaded) / 1000)
            frames = page.evaluate(MOVES)
            page.close()
        browser.close()
    return {
        "ready_s": min(taken),
        "after_load_s": min(after),
        "frame_ms": frames[len(frames) // 2],
        "frame_p95_ms": frames[int(0.95 * len(frames))],
    }


def main() -> None:
    """Make the picture, serve it, look at it, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sites", type=int, default=SITES)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="map-points-") as folder:
        claims = Path(folder) / "claims.csv"
        count = write_claims(claims, given.sites)
        picture = Path(folder) / "picture.duckdb"
        add_files(picture, [claims])
        with serving(picture) as address:
            first, _ = fetched(f"{address}/map")
            data, size = fetched(f"{address}/api/v1/sites")
            again, _ = fetched(f"{address}/api/v1/sites")
            listed, _ = fetched(f"{address}/map/list?view=400,100,700,300")
            seen = look(address, given.rounds)
    figures = {
        "sites": given.sites, "claims": count, "first_page_s": first, "data_s": data, "data_again_s": again,
        "data_bytes": size, "list_s": listed, **seen,
    }  # fmt: skip
    met = {
        "after_load": seen["after_load_s"] <= READY,
        "bytes": size <= BYTES,
        "frame": seen["frame_ms"] <= FRAME,
    }
    print(json.dumps({"benchmark": "map_points", **figures, "met": met, **machine()}))
    table([figures])


if __name__ == "__main__":
    main()
