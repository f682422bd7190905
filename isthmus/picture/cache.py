"""What was worked out of a large store, kept in a folder beside it: ``<store>.cache/``.

A cache is a convenience and never evidence. Its name is a hash of the request, the store's own id and its newest batch, so a changed store
misses it; every file is checked against a digest when read, and one that is damaged counts as absent; where the folder cannot be
written nothing is kept and nobody is troubled. It may hold claims of a high marking and so has the permissions of the store.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from isthmus.claims.reader import ReadStore
from isthmus.picture.request import Visibility

RECIPE = "cache/1"
KEPT = {"picture": 4, "hash": 64, "identity": 64}
"""How many pictures of each sort of record are kept, the last used first."""
STALE = 3600.0


class Cache:
    """The files kept for one picture.

    Parameters
    ----------
    folder : Path
        Where they lie; made when something is first kept.
    key : str
        What the picture is of, whole; its SHA-256 names the files.
    permissions : int
        The permission bits of the store's file.
    """

    def __init__(self, folder: Path, key: str, permissions: int) -> None:
        self.folder = folder
        self.key = key
        self.permissions = permissions
        self.name = hashlib.sha256(key.encode()).hexdigest()[:32]

    def record(self, sort: str) -> dict[str, Any]:
        """Return a kept record; empty where there is none, it is damaged, or it is of another picture."""
        path = self._path(f"{sort}.json")
        try:
            document = json.loads(path.read_bytes())
            body: dict[str, Any] = document["body"]
            whole = document["key"] == self.key and document["check"] == _check(self.key, body)
        except (OSError, ValueError, KeyError, TypeError):
            return {}
        if not whole:
            return {}
        _touch(path)
        return body

    def keep_record(self, sort: str, body: Mapping[str, Any]) -> bool:
        """Keep a record of JSON values, let the oldest of its sort go, and tell whether that could be done."""
        document = {"key": self.key, "check": _check(self.key, body), "body": body}
        done = self.keep_file(f"{sort}.json", json.dumps(document, ensure_ascii=False).encode())
        if done:
            self._tidy(sort)
        return done

    def file(self, product: str, digest: str) -> bytes | None:
        """Return the bytes of a kept file if they have this SHA-256, else None."""
        try:
            data = self._path(product).read_bytes()
        except OSError:
            return None
        return data if self.digest(data) == digest else None

    @staticmethod
    def digest(data: bytes | memoryview) -> str:
        """Return the SHA-256 by which `file` knows the bytes again."""
        return hashlib.sha256(data).hexdigest()

    def keep_file(self, product: str, data: bytes | memoryview) -> bool:
        """Write a file whole or not at all, and tell whether it was written."""
        path = self._path(product)
        draft = path.with_name(f"{path.name}.{os.getpid()}.draft")
        try:
            self._make_folder()
            handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            draft.chmod(self.permissions)
            draft.replace(path)
        except OSError:
            _remove(draft)
            return False
        return True

    def _path(self, product: str) -> Path:
        return self.folder / f"{self.name}.{product}"

    def _make_folder(self) -> None:
        if not self.folder.is_dir():
            self.folder.mkdir(mode=0o700, exist_ok=True)
            # Who may read the store may look into the folder.
            self.folder.chmod(self.permissions | (self.permissions & 0o444) >> 2)

    def _tidy(self, sort: str) -> None:
        """Remove all but the newest records of a sort, with their products, and drafts that a killed process left."""
        try:
            records = sorted(self.folder.glob(f"*.{sort}.json"), key=lambda path: path.stat().st_mtime, reverse=True)
            drafts = [path for path in self.folder.glob("*.draft") if time.time() - path.stat().st_mtime > STALE]
        except OSError:
            return
        for draft in drafts:
            _remove(draft)
        for record in records[KEPT[sort] :]:
            _remove(record)
            if sort == "picture":
                for product in self.folder.glob(f"{record.name.split('.')[0]}.*.parquet"):
                    _remove(product)


def open_cache(store: ReadStore, visibility: Visibility, vocabulary: str) -> Cache:
    """Return the cache of a picture; nothing is read or written yet.

    The time of the batch belongs to the name: a store that was put back from a copy may reach the same batch number by another road.
    """
    moment = store.value("SELECT recorded_at FROM batches WHERE key = ?", [visibility.batch])
    key = json.dumps([RECIPE, visibility.key(store.identity), str(moment), vocabulary], separators=(",", ":"))
    try:
        permissions = store.path.stat().st_mode & 0o777
    except OSError:
        permissions = 0o600
    return Cache(store.path.with_name(store.path.name + ".cache"), key, permissions | 0o600)


def _check(key: str, body: Mapping[str, Any]) -> str:
    text = json.dumps([key, body], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _touch(path: Path) -> None:
    try:
        os.utime(path)
    except OSError:
        return


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return
