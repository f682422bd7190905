"""The picture: the state of the world as the evidence has it, as of a date; read-only."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from isthmus.claims.reader import Batch, ReadStore, StoredJudgement
from isthmus.entities import Resolution, Standing
from isthmus.errors import AmbiguousEntityError, UnknownEntityError
from isthmus.model import Claim, Source
from isthmus.picture.cache import open_cache
from isthmus.picture.identity import resolve, standing
from isthmus.picture.reading import ClaimReader, Label
from isthmus.picture.request import RULES, Request
from isthmus.picture.search import WAYS, candidates, exact, find_sources, how_named
from isthmus.vocabulary import Vocabulary, load_vocabulary

FIND_LIMIT = 20
HASHED_EACH_TIME = 200_000
"""Up to so many claims, working out the content hash is quicker than keeping it."""
_CAPTION_ORDER = {"legal": 1, "alias": 2, "former": 4, "transliteration": 3, "as_printed": 3}


@dataclass(frozen=True, slots=True)
class Entity:
    """One thing: its canonical id, every id that is it, and what to call it."""

    id: str
    members: tuple[str, ...]
    caption: str
    kinds: tuple[str, ...]

    def to_json(self) -> dict[str, object]:
        """Return the entity as JSON values."""
        return {"id": self.id, "caption": self.caption, "kinds": list(self.kinds), "members": list(self.members)}


@dataclass(frozen=True, slots=True)
class Hit:
    """What a search found: an entity, the name that matched and how."""

    entity: Entity
    matched: str
    how: str


class Picture:
    """A read-only view of a store. The same store content and request give the same content hash.

    Parameters
    ----------
    store : ReadStore
        The store; it must stay open while the picture is used.
    request : Request
        As of when, as known when, without which sources, under which marking.
    """

    def __init__(self, store: ReadStore, request: Request | None = None, vocabulary: Vocabulary | None = None) -> None:
        self.store = store
        self.request = request or Request()
        self.vocabulary = vocabulary or load_vocabulary()
        self.visibility = self.request.bind(store)
        self.reader = ClaimReader(store, self.visibility, self.vocabulary)
        self.memo: dict[str, object] = {}
        """What rooms above worked out of this picture, by a name of theirs; it lives as long as the picture."""
        self._entities: dict[str, Entity] = {}
        self._names: dict[str, tuple[str, ...]] = {}

    @property
    def as_of(self) -> str | None:
        """The day of the picture, as asked."""
        return self.request.as_of

    @property
    def known_at(self) -> str:
        """The record time of the picture (ISO 8601, UTC)."""
        return self.visibility.known_at

    @cached_property
    def judgements(self) -> tuple[StoredJudgement, ...]:
        """The judgements as they stood at the record time, undone ones marked; see `isthmus.picture.withheld`."""
        return self.reader.withheld.shown(self.store.judgements(known_batch=self.visibility.batch))

    @cached_property
    def standing(self) -> Standing:
        """The judgements in force, by pair, and those that await a second reviewer."""
        return standing(self.store, self.visibility, self.judgements)

    @cached_property
    def resolution(self) -> Resolution:
        """Which entities the judgements make one."""
        return resolve(self.store, self.visibility, self.vocabulary.version, self.standing)

    @cached_property
    def sources(self) -> dict[str, Source]:
        """Every source by id, without those that only marked claims name."""
        hidden = self.reader.withheld.sources
        return {source.id: source for source in self.store.sources() if source.id not in hidden}

    @cached_property
    def batches(self) -> tuple[Batch, ...]:
        """Every batch up to the record time, oldest first; one that brought marked claims does not tell its file."""
        return self.reader.withheld.batches()

    @cached_property
    def hash(self) -> str:
        """The content hash: ``sha256:`` over the visible claim ids, the judgements by entity id, the request and the rule versions.

        Of a large store it is kept beside the file (see `isthmus.picture.cache`) and not worked out again.
        """
        if int(self.store.value("SELECT count(*) FROM claims")) <= HASHED_EACH_TIME:
            return self._content_hash()
        cache = open_cache(self.store, self.visibility, self.vocabulary.version)
        kept = cache.record("hash").get("hash")
        if isinstance(kept, str):
            return kept
        found = self._content_hash()
        cache.keep_record("hash", {"hash": found})
        return found

    def _content_hash(self) -> str:
        digest = hashlib.sha256()
        head = [
            RULES,
            self.vocabulary.version,
            str(self.visibility.as_of),
            *self.visibility.without_ids,
            str(self.visibility.ceiling),
        ]
        digest.update("\x1f".join(head).encode())
        for line in self.standing.lines():
            digest.update(f"\x1e{line}".encode())
        for chunk in self.store.id_chunks(self.visibility.sql("id")):
            digest.update(chunk)
        return f"sha256:{digest.hexdigest()}"

    # -- entities -----------------------------------------------------------------------------------------------

    def entity(self, name: str) -> Entity:
        """Return the entity with an id (canonical or not); its caption is its best name."""
        head = self.resolution.of(name)
        if head not in self._entities:
            self.load_entities([head])
        return self._entities[head]

    def load_entities(self, names: Iterable[str]) -> None:
        """Read names and kinds of many entities in one go."""
        heads = sorted({self.resolution.of(name) for name in names} - self._entities.keys())
        if not heads:
            return
        members = {head: self.resolution.group(head) for head in heads}
        keys = self.reader.keys([member for group in members.values() for member in group])
        labels: dict[str, list[Label]] = {}
        for label in self.reader.labels(keys):
            labels.setdefault(self.resolution.of(label.entity), []).append(label)
        for head, group in members.items():
            told = labels.get(head, [])
            self._names[head] = tuple(label.value for label in told if label.predicate != "kind")
            kinds = {label.value for label in told if label.predicate == "kind"}
            self._entities[head] = Entity(head, group, _caption(told, head), tuple(sorted(kinds)))

    def caption(self, name: str) -> str:
        """Return what to call an entity."""
        return self.entity(name).caption

    def is_kind(self, name: str, *kinds: str) -> bool:
        """Tell whether an entity is of one of the kinds, or of a narrower one."""
        return any(self.vocabulary.is_a(held, kind) for held in self.entity(name).kinds for kind in kinds)

    def find(self, text: str, limit: int = FIND_LIMIT) -> list[Hit]:
        """Return entities whose names or identifiers hold every word of `text`, in any script, best first."""
        return self._hits(candidates(self.store, text, limit), text)[:limit]

    def _hits(self, keys: Sequence[int], text: str) -> list[Hit]:
        """Return the entities among `keys` with a visible name that holds `text`, best first."""
        ids = self.reader.ids(keys)
        heads = list(dict.fromkeys(self.resolution.of(ids[key]) for key in keys))
        self.load_entities(heads)
        hits = []
        for head in heads:
            fit = how_named(self._names.get(head, ()), text)
            if fit:
                hits.append(Hit(self._entities[head], *fit))
        return sorted(hits, key=lambda hit: (WAYS.index(hit.how), len(hit.matched), hit.matched, hit.entity.id))

    def find_sources(self, text: str) -> list[Source]:
        """Return sources whose title, translated title, publisher or id hold every word of `text`."""
        return find_sources(tuple(self.sources.values()), text)

    def resolve(self, text: str) -> Entity:
        """Return the entity that `text` names: an id, an identifier (``lei:…``) or an unambiguous name.

        Raises
        ------
        UnknownEntityError, AmbiguousEntityError
            Nothing, or more than one thing, is called so.
        """
        text = text.strip()
        if self.is_held(text):
            return self.entity(text)
        scheme, colon, value = text.partition(":")
        if colon and scheme.lower() in self.vocabulary.qualifiers["scheme"].values:
            return self._one(text, self._identified(scheme.lower(), value.strip()))
        same = [hit.entity for hit in self._hits(exact(self.store, text), text) if hit.how == "exact"]
        return self._one(text, same or [hit.entity for hit in self.find(text, limit=60)])

    def is_held(self, name: str) -> bool:
        """Tell whether an entity has this id; one of which only marked claims speak is not held."""
        keys = self.reader.keys([name])
        return bool(keys) and not self.reader.withheld.hides(keys[0], name)

    def _identified(self, scheme: str, value: str) -> list[Entity]:
        claims = self.reader.where(
            "c.predicate IN (SELECT key FROM predicates WHERE id = 'identifier') AND lower(c.value) = lower(?) "
            "AND c.qualifiers IN (SELECT key FROM qualifier_sets WHERE pairs['scheme'] = ?)",
            [value, scheme],
        )
        return [self.entity(head) for head in sorted({self.resolution.of(claim.subject) for claim in claims})]

    def _one(self, text: str, found: Sequence[Entity]) -> Entity:
        if len(found) == 1:
            return found[0]
        if not found:
            raise UnknownEntityError(
                f"nothing in this picture is called “{text}”.", hint="Try `isthmus find` with a part of the name."
            )
        named = ", ".join(f"{entity.caption} ({entity.id})" for entity in found[:6])
        more = f" and {len(found) - 6} more" if len(found) > 6 else ""
        raise AmbiguousEntityError(
            f"“{text}” could mean {len(found)} things: {named}{more}.",
            candidates=[(entity.id, entity.caption) for entity in found],
            hint="Name one of them by its id.",
        )

    # -- claims -------------------------------------------------------------------------------------------------

    def claims_about(self, entity: Entity, *, predicates: Sequence[str] = ()) -> list[Claim]:
        """Return the visible claims whose subject is the entity."""
        return self.reader.about(self.reader.keys(entity.members), predicates=predicates)

    def claims_towards(self, entity: Entity, *, predicates: Sequence[str] = ()) -> list[Claim]:
        """Return the visible claims whose object is the entity."""
        return self.reader.towards(self.reader.keys(entity.members), predicates=predicates)

    def claims_mentioning(self, entity: Entity) -> list[Claim]:
        """Return the visible claims that name the entity in a qualifier."""
        return self.reader.mentioning(entity.members)

    def support(self, claim: Claim) -> frozenset[str]:
        """Return the works that a claim rests on: its origins where it names any, else its source."""
        return frozenset(claim.origin or (claim.source,))

    def independent(self, claims: Sequence[Claim]) -> int:
        """Count independent voices: works that share no work and are not derived from one another."""
        groups: list[set[str]] = []
        for claim in claims:
            works = set(self.support(claim))
            for name in tuple(works):
                held = self.sources.get(name)
                if held and not claim.origin:
                    works |= set(held.derived_from)
            touching = [group for group in groups if group & works]
            groups = [group for group in groups if not group & works]
            groups.append(works.union(*touching))
        return len(groups)


def _caption(labels: Sequence[Label], fallback: str) -> str:
    """Choose a name: of no special type, in English or Latin letters, short; the choice depends on the claims alone."""
    best = min(
        (label for label in labels if label.predicate == "name"),
        key=lambda label: (
            _CAPTION_ORDER.get(label.type or "", 0),
            0 if label.lang == "en" else 1 if label.lang is None else 2,
            len(label.value),
            label.value,
        ),
        default=None,
    )
    return best.value if best else fallback
