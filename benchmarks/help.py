"""Time `isthmus --help` and an empty Python, each as a whole process, and name the heavy modules that it loads.

python -m benchmarks.help
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time

from benchmarks.measure import ROOT, machine, table

TARGET = 0.3
HEAVY = (
    "duckdb",
    "pyarrow",
    "numpy",
    "numba",
    "scipy",
    "openpyxl",
    "jinja2",
    "rapidfuzz",
    "isthmus.service",
    "isthmus.claims",
)
HELP = "import sys; from isthmus.cli import main; sys.argv = ['isthmus', '--help']; main()"
LOADED = f"""
import sys
from isthmus.cli import main
sys.argv = ["isthmus", "--help"]
try:
    main()
except SystemExit:
    pass
print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)
"""


def seconds(code: str, runs: int) -> list[float]:
    found = []
    for _ in range(runs):
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
        found.append(time.perf_counter() - begun)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=11)
    given = parser.parse_args()
    rows = []
    for what, code in (("python alone", "pass"), ("isthmus --help", HELP)):
        times = seconds(code, given.runs)
        figures = (statistics.median(times), min(times), max(times))
        rows.append(
            {"what": what, **dict(zip(("median_s", "least_s", "most_s"), (round(x, 3) for x in figures), strict=True))}
        )
    done = subprocess.run([sys.executable, "-c", LOADED], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = done.stderr.splitlines()[-1]
    print(json.dumps({"benchmark": "help", **machine(), "target_s": TARGET, "heavy_modules": loaded, "results": rows}))
    table(rows)


if __name__ == "__main__":
    main()
