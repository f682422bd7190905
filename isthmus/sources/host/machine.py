"""The machine that is read, and where on it things are installed."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from isthmus.sources.bods.values import slug
from isthmus.sources.log import Log

MOST_FOLDERS = 300_000
NODE, PYTHON = "node_modules", ("site-packages", "dist-packages")
_NOT_SEARCHED = {"proc", "sys", "dev", "run", "tmp"}
_KNOWN_NODE = ("usr/lib/node_modules", "usr/local/lib/node_modules", "usr/share/nodejs", "opt/*/node_modules")
_KNOWN_PYTHON = (
    "usr/lib/python3*/dist-packages", "usr/lib/python3*/site-packages", "usr/local/lib/python3*/dist-packages",
    "usr/local/lib/python3*/site-packages", "opt/*/lib/python3*/site-packages",
)  # fmt: skip


@dataclass(slots=True)
class Machine:
    """A root folder with what was read there.

    Attributes
    ----------
    absent : list of str
        What was looked for and is not there.
    counted : dict of what to number
        How many things of each kind were read.
    """

    root: Path
    log: Log
    absent: list[str] = field(default_factory=list)
    counted: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def live(self) -> bool:
        """Whether the root is that of the machine on which this runs."""
        return self.root == Path("/")

    @property
    def name(self) -> str:
        """What the machine calls itself, else the name of the folder."""
        told = read_text(self.root / "etc" / "hostname")
        own = platform.node() if self.live else self.root.resolve().name
        return (told or "").strip() or own or "unnamed"

    @property
    def id(self) -> str:
        """Return the id of the machine as a thing."""
        return f"host:{slug(self.name)}"

    def release(self) -> dict[str, str]:
        """Return the fields of os-release, such as ID and VERSION_ID."""
        for place in ("etc/os-release", "usr/lib/os-release"):
            text = read_text(self.root / place)
            if text is not None:
                pairs = (line.partition("=") for line in text.splitlines() if "=" in line)
                return {key.strip(): value.strip().strip("\"'") for key, _, value in pairs}
        self.absent.append("os-release: which distribution it is is not known")
        return {}

    def place(self, path: Path) -> str:
        """Return a path as it stands on the machine, for locators."""
        inside = path.relative_to(self.root) if path.is_relative_to(self.root) else path
        return f"/{inside}".replace("//", "/")

    def installed(self) -> tuple[list[list[Path]], list[Path]]:
        """Return the Python environments (each a list of folders that are searched together), and the module trees."""
        if self.live:
            python = [[Path(entry) for entry in sys.path if entry and Path(entry).is_dir()]]
            seen = {folder.resolve() for folder in python[0]}
            for pattern in _KNOWN_PYTHON:
                for folder in sorted(self.root.glob(pattern)):
                    if folder.resolve() not in seen:
                        python.append([folder])
            node = [folder for pattern in _KNOWN_NODE for folder in sorted(self.root.glob(pattern)) if folder.is_dir()]
            return python, node
        found = list(self._search())
        python = [[folder] for folder in found if folder.name in PYTHON]
        return python, [folder for folder in found if folder.name == NODE or folder.match("usr/share/nodejs")]

    def _search(self) -> Iterator[Path]:
        """Yield the folders of distributions and modules below the root; not those within them."""
        for visited, (place, folders, _) in enumerate(os.walk(self.root), start=1):
            if visited > MOST_FOLDERS:
                self.absent.append(f"folders after the first {MOST_FOLDERS:,} of the tree: not searched")
                return
            here = Path(place)
            wanted = [
                name for name in folders if name == NODE or name in PYTHON or (here / name).match("usr/share/nodejs")
            ]
            yield from (here / name for name in sorted(wanted))
            top = here == self.root
            folders[:] = sorted(name for name in folders if name not in wanted and not (top and name in _NOT_SEARCHED))


def read_text(path: Path) -> str | None:
    """Return the text of a small file, None where there is none that can be read."""
    try:
        return path.read_text("utf-8", "replace")
    except OSError:
        return None
