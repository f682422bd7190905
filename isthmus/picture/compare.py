"""What changed between two pictures of one store: claims, relations and conclusions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from isthmus.dates import PartialDate
from isthmus.errors import ArgumentError
from isthmus.model import Claim
from isthmus.picture.changes import ADDED, APART, CHANGED, REMOVED, Change, Changes
from isthmus.picture.conclusions import compare_conclusions
from isthmus.picture.picture import Picture
from isthmus.picture.words import say, when_said

CLAIMS_SHOWN = 50
"""How many claims an entry lists; ``n_claims`` says how many there are."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Claims, relations and conclusions that were added, removed or changed.

    Each is ``{"added": […], "removed": […], "changed": […], "totals": {…}}``; the lists hold up to the limit asked for, the totals count
    all. See `compare`.
    """

    claims: Mapping[str, Any] = field(default_factory=dict)
    relations: Mapping[str, Any] = field(default_factory=dict)
    conclusions: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the difference as JSON values."""
        return {
            "claims": dict(self.claims),
            "relations": dict(self.relations),
            "conclusions": dict(self.conclusions),
        }


def compare(before: Picture, after: Picture, *, limit: int = 200) -> Difference:
    """Compare two pictures of one store: of two days, or as known at two times.

    Parameters
    ----------
    limit : int
        The most entries in any list.

    Returns
    -------
    Difference
        ``claims``: what the later picture shows anew or no longer (names and kinds are only counted, under ``apart``; a retracted claim
        says why and by whom); *changed* are attributes with another newest value. ``relations``: subject, predicate, object, qualifiers
        and mode that began or came into view, that ended or went, and those that say something else; each with ``how`` and whether
        that is ``certain``. A relation that began and ended between the two days is in both lists. ``conclusions``: conflicts, gaps and
        merges.

    Raises
    ------
    ArgumentError
        The pictures are of two stores, or the limit is negative.
    """
    if before.store is not after.store:
        raise ArgumentError("two pictures can be compared only if they are of one store.")
    if limit < 0:
        raise ArgumentError(f"a limit of {limit} makes no sense.", where="--limit", hint="Use 0 or more.")
    with Changes(before, after) as changes:
        claims = _claims(changes, limit)
        relations = _relations(changes, limit)
        conclusions = compare_conclusions(changes, limit)
    return Difference(claims, relations, conclusions)


def _claims(changes: Changes, limit: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    totals, apart = {}, {}
    for sort, picture in ((ADDED, changes.after), (REMOVED, changes.before)):
        counts = changes.claim_counts(sort)
        apart[sort] = {name: counts.pop(name) for name in APART if name in counts}
        totals[sort] = sum(counts.values())
        claims = picture.reader.by_id(changes.claim_ids(sort, limit))
        _load(changes, claims)
        retractions = _retractions(changes, claims) if sort == REMOVED else {}
        entries = [{**_claim(changes, claim), **retractions.get(claim.id, {})} for claim in claims]
        found[sort] = sorted(entries, key=lambda entry: (entry["date"] or "9999", entry["id"]))
    totals[CHANGED], attributes = changes.attributes(limit)
    found[CHANGED] = _entries(changes, attributes, CHANGED)
    return {**found, "totals": totals, "apart": apart}


def _relations(changes: Changes, limit: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    by = {}
    for sort in (ADDED, REMOVED, CHANGED):
        by[sort] = changes.relation_counts(sort)
        found[sort] = _entries(changes, changes.relations(sort, limit), sort)
    return {**found, "totals": {sort: sum(counts.values()) for sort, counts in by.items()}, "by": by}


def _entries(changes: Changes, listed: Sequence[Change], sort: str) -> list[dict[str, Any]]:
    """Read the claims of the changes listed, all at once, and write an entry for each."""
    wanted = {name for change in listed for name in (*change.before, *change.after, *change.events)}
    claims = {claim.id: claim for claim in changes.after.reader.by_id(wanted)}
    _load(changes, claims.values())
    return [_entry(changes, change, sort, claims) for change in listed]


def _entry(changes: Changes, change: Change, sort: str, claims: Mapping[str, Claim]) -> dict[str, Any]:
    before, after, events = (
        sorted((claims[name] for name in names), key=_order) for names in (change.before, change.after, change.events)
    )
    shown = {ADDED: after, REMOVED: before, CHANGED: [*before, *after]}[sort]
    own = sorted({claim.id: claim for claim in (*events, *shown)}.values(), key=_order)
    first = next((claim for claim in own if claim in events), own[0])
    entry: dict[str, Any] = {
        **_ends(changes, first),
        "how": change.how,
        "certain": change.certain,
        "sentence": say(changes.after, first),
        "began": _first(claim.valid_from for claim in own),
        "ended": _last(claim.valid_to for claim in own),
        "observed": _last(claim.observed for claim in own),
        "claims": [claim.id for claim in own[:CLAIMS_SHOWN]],
        "n_claims": len(own),
        "sources": [first.source, *sorted({claim.source for claim in own} - {first.source})],
        "locators": [first.locator, *sorted({claim.locator for claim in own} - {first.locator})][:CLAIMS_SHOWN],
        "origins": sorted({work for claim in own for work in claim.origin}),
    }
    if sort == CHANGED:
        entry["before"] = [_said(changes, claim) for claim in before[:CLAIMS_SHOWN]]
        entry["after"] = [_said(changes, claim) for claim in after[:CLAIMS_SHOWN]]
    if sort == REMOVED and change.how == "retracted":
        entry["retractions"] = list(_retractions(changes, own).values())
    return {key: value for key, value in entry.items() if value is not None}


def _ends(changes: Changes, claim: Claim) -> dict[str, Any]:
    picture = changes.after
    subject = picture.resolution.of(claim.subject)
    entry: dict[str, Any] = {
        "subject": subject,
        "subject_caption": _caption(changes, subject),
        "predicate": claim.predicate,
    }
    if claim.object:
        head = picture.resolution.of(claim.object)
        entry |= {"object": head, "object_caption": _caption(changes, head)}
    return {**entry, "qualifiers": dict(claim.qualifiers), "mode": claim.mode}


def _said(changes: Changes, claim: Claim) -> dict[str, Any]:
    """Return what one claim says and where, in short."""
    body = {
        "claim": claim.id,
        "sentence": say(changes.after, claim),
        "value": claim.value,
        "quantity": claim.quantity.to_json() if claim.quantity else None,
        "stance": claim.stance if claim.stance != "asserts" else None,
        "when": when_said(claim) or None,
        "source": claim.source,
        "locator": claim.locator,
    }
    return {key: value for key, value in body.items() if value is not None}


def _claim(changes: Changes, claim: Claim) -> dict[str, Any]:
    dates = (claim.valid_from, claim.observed, claim.valid_to)
    return {
        **claim.to_json(),
        **_ends(changes, claim),
        "sentence": say(changes.after, claim),
        "when": when_said(claim),
        "date": next((_plain(text) for text in dates if text), None),
        "claims": [claim.id],
    }


def _retractions(changes: Changes, claims: Iterable[Claim]) -> dict[str, dict[str, Any]]:
    """Return, for the claims retracted by the later picture's time, why, by whom, when and what stands in their place."""
    names = " ".join(claim.id for claim in claims)
    rows = changes.store.rows(
        "SELECT r.claim::VARCHAR, r.why, r.who, b.recorded_at, r.superseded_by::VARCHAR "
        "FROM retractions r JOIN batches b ON b.key = r.batch WHERE r.batch <= ? "
        "AND r.claim IN (SELECT try_cast(unnest(string_split(?, ' ')) AS UUID)) ORDER BY r.claim",
        [changes.after.visibility.batch, names],
    )
    return {
        claim: {
            "claim": claim,
            "retracted_why": changes.after.reader.withheld.words(why),
            "retracted_by": who,
            "retracted_at": moment.isoformat() + "Z",
            **({"superseded_by": successor} if successor else {}),
        }
        for claim, why, who, moment, successor in rows
    }


def _load(changes: Changes, claims: Iterable[Claim]) -> None:
    ends = {end for claim in claims for end in (claim.subject, claim.object) if end}
    ends |= {value[1:] for claim in claims for _, value in claim.qualifiers if value.startswith("@")}
    changes.after.load_entities(ends)


def _caption(changes: Changes, name: str) -> str:
    """Return what the later picture calls an entity, or the earlier one where the later knows no name."""
    caption = changes.after.caption(name)
    return changes.before.caption(name) if caption == name else caption


def _order(claim: Claim) -> tuple[str, str]:
    return (_plain(claim.valid_from or claim.observed or claim.valid_to or "9999"), claim.id)


def _plain(text: str) -> str:
    return text.lstrip("<>=~")


def _first(dates: Iterable[str | None]) -> str | None:
    return min((text for text in dates if text), key=_sortable, default=None)


def _last(dates: Iterable[str | None]) -> str | None:
    return max((text for text in dates if text), key=_sortable, default=None)


def _sortable(text: str) -> PartialDate:
    return PartialDate.parse(text)
