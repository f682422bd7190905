"""Libraries of others are those of the list, unchanged, each with its licence."""

from __future__ import annotations

import hashlib
import re

from isthmus.web.assets import folder

VENDOR = folder() / "vendor"
ROW = re.compile(r"^\| `([^`]+)` \| ([^|]+) \| ([^|]+) \| `([0-9a-f]{64})` \|$", re.MULTILINE)


def test_every_library_is_listed_with_its_hash_and_licence() -> None:
    rows = {
        name: (holds, licence, digest)
        for name, holds, licence, digest in ROW.findall((VENDOR / "README.md").read_text("utf-8"))
    }
    assert set(rows) == {path.name for path in VENDOR.glob("*.js")}
    for name, (holds, licence, digest) in rows.items():
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == digest
        assert re.search(r"\d+\.\d+\.\d+", holds)
        for text in re.findall(r"`(LICENSE[^`]+)`", licence):
            assert "permission" in (VENDOR / text).read_text("utf-8").casefold()
