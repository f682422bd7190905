"""Find entities and sources by words in any script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from isthmus.claims import Store
from isthmus.claims.index import fold, search_words
from isthmus.model import Source
from isthmus.picture.request import Visibility

CANDIDATES = 50_000
_NAMES = "c.predicate IN (SELECT key FROM predicates WHERE id IN ('name', 'identifier'))"


@dataclass(frozen=True, slots=True)
class Match:
    """An entity key that a search found, the name that matched, and how: exact, start, word, or inside."""

    key: int
    matched: str
    how: str

    @property
    def rank(self) -> tuple[int, int, str]:
        """Best first: exact, then the start of the name, whole words, parts; short names before long ones."""
        return (("exact", "start", "word", "inside").index(self.how), len(self.matched), self.matched)


def find_keys(store: Store, visibility: Visibility, text: str, limit: int) -> list[Match]:
    """Return up to `limit` entities whose visible names or identifiers hold every word of `text`, best first."""
    words = search_words(text)
    if not words:
        return []
    keys = _by_start(store, words)
    matches = _named(store, visibility, keys, text, words)
    if len(matches) < limit:
        inside = _inside(store, words) - keys
        matches += _named(store, visibility, inside, text, words)
    matches += _unindexed(store, visibility, text, words)
    best: dict[int, Match] = {}
    for match in sorted(matches, key=lambda item: item.rank):
        best.setdefault(match.key, match)
    return list(best.values())[:limit]


def _by_start(store: Store, words: Sequence[str]) -> set[int]:
    found: set[int] | None = None
    for word in sorted(set(words), key=len, reverse=True):
        rows = store.rows(
            "SELECT subject FROM name_words WHERE word >= ? AND word < ? LIMIT ?", [word, _after(word), CANDIDATES]
        )
        keys = {row[0] for row in rows}
        found = keys if found is None else found & keys
        if not found:
            return set()
    return found or set()


def _inside(store: Store, words: Sequence[str]) -> set[int]:
    found: set[int] | None = None
    for word in sorted(set(words), key=len, reverse=True):
        pattern = "%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        rows = store.rows(
            "SELECT subject FROM name_words WHERE word IN (SELECT word FROM words WHERE word LIKE ? ESCAPE '\\' LIMIT 2000) LIMIT ?",
            [pattern, CANDIDATES],
        )
        keys = {row[0] for row in rows}
        found = keys if found is None else found & keys
        if not found:
            return set()
    return found or set()


def _after(word: str) -> str:
    """Return the least text that is greater than every text beginning with `word`, in code point order."""
    return word + "\U0010ffff"


def _named(store: Store, visibility: Visibility, keys: set[int], text: str, words: Sequence[str]) -> list[Match]:
    if not keys:
        return []
    listed = ", ".join(map(str, sorted(keys)[:2000]))
    rows = store.rows(visibility.sql("DISTINCT subject, value", f"c.subject IN ({listed}) AND {_NAMES}"))
    return _matches(rows, text, words)


def _unindexed(store: Store, visibility: Visibility, text: str, words: Sequence[str]) -> list[Match]:
    indexed = int(store.value("SELECT value::INTEGER FROM meta WHERE name = 'indexed'"))
    if visibility.batch <= indexed:
        return []
    rows = store.rows(visibility.sql("DISTINCT subject, value", f"c.batch > {indexed} AND {_NAMES}"))
    return _matches(rows, text, words)


def _matches(rows: Sequence[tuple[int, str]], text: str, words: Sequence[str]) -> list[Match]:
    wanted = fold(text).strip()
    matches = []
    for key, name in rows:
        how = _how(fold(name), wanted, words)
        if how:
            matches.append(Match(key, name, how))
    return matches


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
        held = search_words(" ".join(filter(None, (source.id, source.title, source.title_original, source.publisher))))
        if all(any(part.startswith(word) for part in held) for word in words):
            found.append(source)
    return found
