"""Entities of nomenklatura from names, for the scripts that run in the peer's environment; nothing of Isthmus is imported here."""

from __future__ import annotations

import hashlib
import importlib.metadata
import time
from typing import Any

from followthemoney import Dataset, StatementEntity
from nomenklatura.matching import ScoringAlgorithm, ScoringConfig

KINDS = ("Company", "Organization", "LegalEntity", "Person", "Vessel")
DATASET = Dataset.make({"name": "benchmark", "title": "Benchmark"})


def content_id(*parts: str) -> str:
    """Return an id that is a function of content: the matcher remembers the names of an id, so no id may stand for two contents."""
    return hashlib.sha1("\x1f".join(parts).encode(), usedforsecurity=False).hexdigest()


def entity(
    kind: str, name: str, *, key: str = "", country: str | None = None, lei: str | None = None
) -> StatementEntity:
    """Return an entity with one name; `key` keeps apart records of the same content.

    Raises
    ------
    SystemExit
        If the kind is none that the benchmark compares.
    """
    if kind not in KINDS:
        raise SystemExit(f"unknown kind {kind!r}: the benchmark compares {', '.join(KINDS)}")
    properties = {"name": [name]}
    if country:
        properties["country"] = [country]
    if lei:
        properties["leiCode"] = [lei]
    record = {"id": content_id(kind, key, name, country or "", lei or ""), "schema": kind, "properties": properties}
    return StatementEntity.from_data(DATASET, record, cleaned=False)


def warm_up(algorithm: type[ScoringAlgorithm], config: ScoringConfig) -> None:
    """Compare a pair of each kind, so that the tables of names and words are loaded before a clock starts."""
    for kind in KINDS:
        algorithm.compare(entity(kind, "Anything Quite Ltd"), entity(kind, "Any Thing Quiet Limited"), config)


def versions() -> dict[str, str]:
    return {name: importlib.metadata.version(name) for name in ("nomenklatura", "followthemoney", "rigour")}


class Clock:
    """Seconds and processor seconds of this process since it was made."""

    def __init__(self) -> None:
        self._wall = time.perf_counter()
        self._processor = time.process_time()

    def figures(self, name: str) -> dict[str, Any]:
        """Return `name_s` and `name_processor_s`."""
        wall, processor = time.perf_counter() - self._wall, time.process_time() - self._processor
        return {f"{name}_s": round(wall, 3), f"{name}_processor_s": round(processor, 3)}
