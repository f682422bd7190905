"""The other posts of people: whoever holds a post in a thing and another in a public body brings that body's direction with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from isthmus.lenses.points.above import Edges, Path, behind
from isthmus.lenses.points.standing import DISPUTED, HELD, MAY, PAST, standing
from isthmus.lenses.points.table import Table
from isthmus.model import Claim
from isthmus.picture import Entity, Picture

_COUNT = (HELD, DISPUTED, MAY, PAST)


@dataclass(frozen=True, slots=True)
class Post:
    """A post of a person in `body`, and how it stands; a post that is past still says where a person comes from."""

    person: str
    body: str
    claim: Claim
    how: str


def read_posts(picture: Picture, entity: Entity, people: Iterable[str]) -> dict[str, list[Post]]:
    """Return the posts of people in other bodies than `entity`, by person, those held now first."""
    heads = sorted(set(people))
    picture.load_entities(heads)
    keys = picture.reader.keys([name for head in heads for name in picture.entity(head).members])
    found: dict[str, list[Post]] = {}
    for claim in picture.reader.about(keys, predicates=("has_role_in",)):
        person, body = picture.resolution.of(claim.subject), picture.resolution.of(claim.object or "")
        how = standing(picture, claim)
        if claim.object and body != entity.id and how in _COUNT:
            found.setdefault(person, []).append(Post(person, body, claim, how))
    picture.load_entities(post.body for posts in found.values() for post in posts)
    return {person: sorted(posts, key=_order) for person, posts in found.items()}


def that_matter(
    picture: Picture, table: Table, posts: Mapping[str, list[Post]], edges: Edges, holders: Set[str]
) -> dict[str, list[Post]]:
    """Return the posts in a state or party body, in one that such a body directs, or in a holder of another channel."""
    found = {}
    for person, held in posts.items():
        kept = [post for post in held if post.body in holders or state_behind(picture, table, edges, post.body)]
        if kept:
            found[person] = kept
    return found


def state_behind(picture: Picture, table: Table, edges: Edges, name: str) -> str | None:
    """Return in words what a body is of a state or party, or that one directs it; None where nothing held says so."""
    return table.state_of(picture, name) or directed(picture, table, behind(edges, name, table.steps))


def directed(picture: Picture, table: Table, paths: Sequence[Path]) -> str | None:
    """Return by what kind of state or party body a holder is directed, in words: one that surely does first, then the nearest."""
    for sure, verb in ((True, "directed"), (False, "perhaps directed")):
        for path in paths:
            words = table.state_of(picture, path[-1].upper)
            if words and all(edge.sure for edge in path) == sure:
                return f"{verb} by a {words}"
    return None


def _order(post: Post) -> tuple[int, str, str]:
    return (_COUNT.index(post.how), post.body, post.claim.id)
