"""Find entities and sources by words in any script."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from isthmus.claims.reader import ReadStore
from isthmus.claims.words import fold, search_words
from isthmus.model import Source

CANDIDATES = 50_000
WORDS = 2_000
FEW = 5
SPARE = 4
"""Candidates beyond the limit, for those whose names turn out not to be visible."""
_BEFORE = "\x1f"
"""Stands before each word of a title; no word holds it."""
WAYS = ("exact", "start", "word", "inside")
"""How a name holds what was typed, best first."""


def candidates(store: ReadStore, text: str, limit: int) -> list[int]:
    """Return keys of entities whose names or identifiers may hold every word of `text`, likely ones first.

    Names that begin with the text come first, then names whose words begin with the typed words, and only where these are
    few, names that hold them inside a word. Batches younger than the index are searched directly.
    """
    words = sorted(set(search_words(text)), key=len, reverse=True)
    if not words:
        return []
    found = dict.fromkeys(_by_name(store, fold(text).strip(), limit))
    if len(found) < limit:
        found |= dict.fromkeys(_by_words(store, words, limit))
    if len(found) < FEW:
        found |= dict.fromkeys(_inside(store, words, limit))
    likely = [*found][: limit + SPARE]
    return [*likely, *(key for key in _unindexed(store, words) if key not in found)]


def exact(store: ReadStore, text: str) -> list[int]:
    """Return keys of entities one of whose names or identifiers is `text`, but for case and accents."""
    wanted = fold(text).strip()
    rows = store.rows("SELECT DISTINCT subject FROM folded_names WHERE folded = ?", [wanted])
    return [row[0] for row in rows] + _unindexed(store, search_words(text))


def _by_name(store: ReadStore, wanted: str, limit: int) -> list[int]:
    rows = store.rows(
        "SELECT subject FROM folded_names WHERE folded >= ? AND folded < ? ORDER BY folded LIMIT ?",
        [wanted, _after(wanted), limit],
    )
    return [row[0] for row in rows]


def _by_words(store: ReadStore, words: Sequence[str], limit: int) -> list[int]:
    if len(words) == 1:
        rows = store.rows(
            "SELECT subject FROM name_words WHERE word >= ? AND word < ? ORDER BY word, subject LIMIT ?",
            [words[0], _after(words[0]), limit],
        )
        return [row[0] for row in rows]
    each = " INTERSECT ".join("SELECT subject FROM name_words WHERE word >= ? AND word < ?" for _ in words)
    ends = [end for word in words for end in (word, _after(word))]
    return [row[0] for row in store.rows(f"SELECT subject FROM ({each}) ORDER BY subject LIMIT ?", [*ends, limit])]


def _inside(store: ReadStore, words: Sequence[str], limit: int) -> list[int]:
    found: set[int] | None = None
    for word in words:
        rows = store.rows(
            "SELECT word FROM words WHERE contains(word, ?) ORDER BY length(word), word LIMIT ?", [word, WORDS]
        )
        spelled = [row[0] for row in rows]
        if not spelled:
            return []
        keys = {
            row[0]
            for row in store.rows(
                "SELECT subject FROM name_words WHERE word >= ? AND word <= ? "
                # One text for the whole list: the driver spends a tenth of a millisecond on each parameter of its own.
                "AND word IN (SELECT unnest(string_split(?, chr(31)))) LIMIT ?",
                [min(spelled), max(spelled), chr(31).join(spelled), limit if len(words) == 1 else CANDIDATES],
            )
        }
        found = keys if found is None else found & keys
        if not found:
            return []
    return sorted(found or ())[:limit]


def _unindexed(store: ReadStore, words: Sequence[str]) -> list[int]:
    """Return keys from the names in batches that the index does not cover yet."""
    indexed = store.indexed
    if store.last_batch <= indexed:
        return []
    rows = store.rows(
        "SELECT subject, value FROM claims WHERE batch > ? AND "
        "predicate IN (SELECT key FROM predicates WHERE id IN ('name', 'identifier'))",
        [indexed],
    )
    return sorted({key for key, name in rows if name and all(word in fold(name) for word in words)})


def _after(word: str) -> str:
    """Return a text that is greater than every text beginning with `word`, in code point order."""
    return word + "\U0010ffff"


def how_named(names: Iterable[str], text: str) -> tuple[str, str] | None:
    """Return (the name that fits best, how it does), or None where none holds every word of `text`."""
    wanted, words = fold(text).strip(), search_words(text)
    found = [(how, name) for name in names if (how := _how(fold(name).strip(), wanted, words))]
    if not found:
        return None
    how, name = min(found, key=lambda pair: (WAYS.index(pair[0]), len(pair[1]), pair[1]))
    return name, how


def _how(name: str, wanted: str, words: Sequence[str]) -> str | None:
    if name == wanted:
        return "exact"
    if name.startswith(wanted):
        return "start"
    held = search_words(name)
    if all(any(part.startswith(word) for part in held) for word in words):
        return "word"
    return "inside" if all(word in name for word in words) else None


def find_sources(sources: Sequence[Source], text: str) -> list[Source]:
    """Return the sources whose title (original or translated), publisher or id hold every word of `text`."""
    words = search_words(text)
    if not words:
        return []
    found = []
    for source in sources:
        if source.title is None and words[0] not in source.id.lower():
            continue
        held = _words_of(" ".join(filter(None, (source.id, source.title, source.title_original, source.publisher))))
        if all(f"{_BEFORE}{word}" in held for word in words):
            found.append(source)
    return found


@lru_cache(maxsize=20_000)
def _words_of(text: str) -> str:
    """Return the words of a title, a mark before each; they are asked for with every letter that somebody types."""
    return "".join(f"{_BEFORE}{word}" for word in search_words(text))
