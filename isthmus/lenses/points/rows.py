"""From pieces of evidence to the rows of an answer: one row a holder, with who stands behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from isthmus.lenses.points.above import Edges, Path, behind
from isthmus.lenses.points.evidence import Piece
from isthmus.lenses.points.posts import Post, directed, state_behind
from isthmus.lenses.points.standing import DISPUTED, HELD, MAY, PAST, resting_on, together
from isthmus.lenses.points.table import Table
from isthmus.lenses.points.words import phrase
from isthmus.model import Claim
from isthmus.picture import Entity, Picture
from isthmus.picture.words import say, when_said

_ORDER = (HELD, DISPUTED, MAY)
Support = tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One holder of a channel: how it stands, the row as JSON values, every claim in it, and the sets that carry it alone."""

    how: str
    body: Mapping[str, Any]
    claims: tuple[Claim, ...]
    supports: tuple[Support, ...]


class Rows:
    """Makes the rows of one thing.

    Parameters
    ----------
    edges : mapping
        The way upwards from every holder and every body in which people have a post (see `climb`).
    posts : mapping of person to list of Post
        The other posts of people that matter.
    """

    def __init__(
        self, picture: Picture, entity: Entity, table: Table, edges: Edges, posts: Mapping[str, Sequence[Post]]
    ) -> None:
        self.picture = picture
        self.entity = entity
        self.table = table
        self.edges = edges
        self.posts = posts

    def make(self, pieces: Iterable[Piece]) -> list[Row]:
        """Return the rows of one channel, those that are held first."""
        groups: dict[tuple[str, str], list[Piece]] = {}
        for piece in pieces:
            groups.setdefault((piece.holder, piece.through or ""), []).append(piece)
        rows = [self._row(holder, through, group) for (holder, through), group in groups.items()]
        return sorted(rows, key=_order)

    def _row(self, holder: str, through: str, pieces: Sequence[Piece]) -> Row:
        posts = self.posts.get(holder, ())
        needed = [post for post in posts if any(piece.needs_post for piece in pieces)]
        best = needed[0].how if needed else HELD
        alone = together([(piece.claim, piece.how) for piece in pieces])
        how = resting_on(alone, best)
        paths = behind(self.edges, holder, self.table.steps)
        claims = tuple(sorted((piece.claim for piece in pieces), key=lambda claim: claim.id))
        above = [*(row for post in posts for row in self._post(post)), *(self._above(path) for path in paths)]
        beside = [claim for piece in pieces for claim in piece.beside]
        thing = self.picture.entity(holder)
        body: dict[str, Any] = {
            "entity": holder,
            "caption": thing.caption,
            "kinds": list(thing.kinds),
            "words": "; ".join(dict.fromkeys(self._words(piece) for piece in pieces)),
            "standing": how,
            "shares": [
                claim.quantity.to_json() for claim in claims if claim.quantity and claim.quantity.unit == "share"
            ],
            "when": sorted({when_said(claim) for claim in claims} - {""}),
            "hedges": sorted({claim.hedge for claim in (*claims, *beside) if claim.hedge}),
            "state": self._state(holder, paths, posts),
            "via": list(dict.fromkeys(row["entity"] for row in above)),
            "behind": above,
            "sentences": [say(self.picture, claim) for claim in claims],
            "claims": [claim.id for claim in claims],
            "sources": sorted({claim.source for claim in claims}),
            "independent": self.picture.independent(claims),
        }
        if through:
            body["through"] = {"entity": through, "caption": self.picture.caption(through)}
        paths += [path for post in posts for path in behind(self.edges, post.body, self.table.steps)]
        beside += [post.claim for post in posts]
        beside += [claim for path in paths for edge in path for claim in edge.claims]
        carrying = [piece for piece in pieces if piece.how == alone or (alone == DISPUTED and piece.how in (HELD, MAY))]
        further: list[Support] = [(post.claim,) for post in needed if post.how == best] or [()]
        supports = [(piece.claim, *piece.beside, *more) for piece in carrying for more in further]
        return Row(how, body, (*claims, *beside), tuple(supports))

    def _words(self, piece: Piece) -> str:
        called = {piece.holder: "", self.entity.id: "it"}
        text = phrase(self.picture, piece.claim, called if piece.claim.subject in self._members(piece.holder) else None)
        if piece.through:
            text += f"; it is a member of {self.picture.caption(piece.through)}"
        return text

    def _members(self, name: str) -> tuple[str, ...]:
        return self.picture.entity(name).members

    def _state(self, holder: str, paths: Sequence[Path], posts: Iterable[Post]) -> str | None:
        """Return in words what makes a holder a matter of a state or party; None where nothing held does, which says nothing."""
        own = self.table.state_of(self.picture, holder) or directed(self.picture, self.table, paths)
        if own:
            return own
        for post in posts:
            words = state_behind(self.picture, self.table, self.edges, post.body)
            if words:
                body = f"a body {words}" if self.table.state_of(self.picture, post.body) is None else f"a {words}"
                return f"{'held' if post.how == PAST else 'holds'} a post in {body}"
        return None

    def _post(self, post: Post) -> list[dict[str, Any]]:
        """Return what stands behind a person: a body in which they hold another post, and who stands behind that."""
        held = post.how == HELD
        text = phrase(self.picture, post.claim, {post.person: ""})
        edge = [post.person, post.claim.predicate, post.body, [post.claim.id]]
        hedges = [post.claim.hedge] if post.claim.hedge else []
        body = self._behind(post.body, text if held else f"{text} ({post.how})", [edge], hedges, sure=held)
        further = [self._above(path) for path in behind(self.edges, post.body, self.table.steps)]
        return [
            body,
            *(
                {**row, "path": [edge, *row["path"]], "steps": row["steps"] + 1, "sure": held and row["sure"]}
                for row in further
            ),
        ]

    def _above(self, path: Path) -> dict[str, Any]:
        sure = all(edge.sure for edge in path)
        words = "; ".join(phrase(self.picture, edge.claims[0]) for edge in path)
        hedges = [hedge for edge in path for hedge in edge.hedges]
        edges = [self._edge(edge.claims) for edge in path]
        return self._behind(path[-1].upper, words if sure else f"{words} (not sure)", edges, hedges, sure=sure)

    def _behind(
        self, name: str, words: str, path: Sequence[Any], hedges: Sequence[str], *, sure: bool
    ) -> dict[str, Any]:
        return {
            "entity": name,
            "caption": self.picture.caption(name),
            "state": state_behind(self.picture, self.table, self.edges, name),
            "words": words,
            "hedges": list(hedges),
            "sure": sure,
            "steps": len(path),
            "path": list(path),
        }

    def _edge(self, claims: Sequence[Claim]) -> list[Any]:
        of, first = self.picture.resolution.of, claims[0]
        return [of(first.subject), first.predicate, of(first.object or ""), [claim.id for claim in claims]]


def _order(row: Row) -> tuple[int, str, str]:
    rank = _ORDER.index(row.how) if row.how in _ORDER else len(_ORDER)
    return rank, str(row.body["caption"]), str(row.body["entity"])
