"""Find claims that cannot all hold, by the conflict rule of each predicate.

SQL groups the visible claims by what makes them comparable and keeps the groups that differ in anything; only those few are read and
judged claim by claim, with dates compared as intervals and numbers as bounded quantities. Only claims of one mode are compared, a
source that looked and did not find contradicts nobody, and a group's claim is never weighed against its members'.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from isthmus.kernels.components import circles
from isthmus.model import Claim, Conflict
from isthmus.picture.extent import meet, starts_differ
from isthmus.picture.heads import qualifier_rows, resolved
from isthmus.picture.picture import Picture
from isthmus.vocabulary import Predicate

ROUNDING = 0.005
_DIFFER = "count(DISTINCT concat_ws('|', c.value, c.low, c.high, c.bits)) > 1"
_STARTS = "max(w.earliest) FILTER (c.stance = 0) > min(w.latest) FILTER (c.stance = 0)"
_SUBJECTS = "min(c.subject) <> max(c.subject)"
_RIVALS = f"({_SUBJECTS} OR {_STARTS})"
_UNTIMED = "c.valid_from IS NULL AND c.valid_to IS NULL"
_ALL_MEET = (  # the latest of the first days is not after the earliest of the last days (see `extent`)
    f"coalesce(max(CASE WHEN {_UNTIMED} THEN o.earliest ELSE w.earliest END) FILTER (c.stance = 0) "
    f"<= min(CASE WHEN {_UNTIMED} THEN o.latest ELSE u.latest END) FILTER (c.stance = 0), true)"
)
_STANCES = "count(DISTINCT c.stance) FILTER (c.stance < 2) > 1"
_SUM = "sum(c.low) FILTER (c.unit = 'share' AND c.stance = 0) > 1"


@dataclass(frozen=True, slots=True)
class _Clash:
    """Claims that cannot all hold, before anything is said about them."""

    predicate: Predicate
    rule: str
    claims: tuple[Claim, ...]
    what: str


def find_conflicts(
    picture: Picture, near: Sequence[Claim] | None = None, *, beside: str | None = None
) -> list[Conflict]:
    """Return the conflicts among the visible claims, or only among `near` where given.

    Parameters
    ----------
    near : sequence of Claim or None
        Claims already read (those about and towards an entity, say); None: every visible claim.
    beside : str or None
        A working table with the columns predicate, subject and object (canonical keys): only claims that one of its rows could be
        compared with are looked at.

    Returns
    -------
    list of Conflict
        In order of predicate and subject; the same picture gives the same list.
    """
    finder = _Finder(picture, near, beside)
    clashes = finder.clashes()
    picture.load_entities(
        end for clash in clashes for claim in clash.claims for end in (claim.subject, claim.object) if end
    )
    found = [finder.described(clash) for clash in clashes]
    return sorted(found, key=lambda item: (item.predicate or "", item.subject or "", item.claims))


def count_conflicts(picture: Picture) -> dict[str, int]:
    """Return how many conflicts there are by rule, without a word about any of them."""
    counts: Counter[str] = Counter()
    finder = _Finder(picture, None, None)
    for predicate in picture.vocabulary.predicates.values():
        counts.update(finder.count(predicate))
    return {rule: number for rule, number in sorted(counts.items()) if number}


class _Finder:
    def __init__(self, picture: Picture, near: Sequence[Claim] | None, beside: str | None) -> None:
        self.picture = picture
        self.store = picture.store
        self.near = near
        self.beside = beside
        if near is None:
            held = "SELECT id FROM predicates WHERE key IN (SELECT DISTINCT predicate FROM claims{0})"
            some = f" WHERE predicate IN (SELECT predicate FROM {beside})" if beside else ""
            self.present = {row[0] for row in self.store.rows(held.format(some))}
            self.denied = {row[0] for row in self.store.rows(held.format(" WHERE stance = 1"))}
        else:
            self.present = {claim.predicate for claim in near}
            self.denied = {claim.predicate for claim in near if claim.stance == "denies"}

    def clashes(self) -> list[_Clash]:
        return [clash for predicate in self.picture.vocabulary.predicates.values() for clash in self._of(predicate)]

    def count(self, predicate: Predicate) -> dict[str, int]:
        """Return how many clashes there are by rule; what the store can tell for sure is not read."""
        rule, key = predicate.conflict.rule, predicate.conflict.key
        if predicate.name not in self.present - self.denied or rule not in ("one_start", "one_subject"):
            return Counter(clash.rule for clash in self._of(predicate))
        if rule == "one_start":
            same, test, sure = ["subject", "object", *key], _STARTS, "true"
        else:
            # Where all extents share a day, any two holders clash; where there is one holder, the starts alone decide.
            same, test, sure = ["object", *key], _RIVALS, f"({_SUBJECTS} AND {_ALL_MEET}) OR NOT {_SUBJECTS}"
        sure = f"coalesce({sure}, false)"
        rows = self.store.rows(
            f"SELECT {sure}, CASE WHEN NOT {sure} THEN list(c.id)::VARCHAR[] END {self._candidates(predicate, same, test)}"
        )
        unsure = self._claims([row[1] for row in rows if not row[0]])
        judged = [clash for group in unsure for clash in self._rivals(predicate, group)]
        return {rule: len(rows) - len(unsure) + len(judged)}

    def _of(self, predicate: Predicate) -> list[_Clash]:
        if predicate.name not in self.present:
            return []
        rule, key = predicate.conflict.rule, predicate.conflict.key
        found: list[_Clash] = []
        if predicate.name in self.denied:
            found += self._groups(predicate, ["subject", "object", "value", *key], _STANCES, self._denials)
        if rule == "one":
            number_or_value = ["subject", *key]
            found += self._groups(predicate, number_or_value, _DIFFER, self._differing)
        elif rule == "one_start":
            found += self._groups(predicate, ["subject", "object", *key], _STARTS, self._starting)
        elif rule == "one_subject":
            found += self._groups(predicate, ["object", *key], _RIVALS, self._rivals)
        elif rule == "sum<=1":
            found += self._groups(predicate, ["object", *key], _SUM, self._sums)
        elif rule == "cycle":
            found += self._cycles(predicate)
        return found

    def _groups(
        self,
        predicate: Predicate,
        same: Sequence[str],
        test: str,
        judge: Callable[[Predicate, list[Claim]], list[_Clash]],
    ) -> list[_Clash]:
        groups = self._read(predicate, same, test) if self.near is None else self._gather(predicate, same)
        if predicate.conflict.rule == "sum<=1":
            self.picture.load_entities(claim.subject for group in groups for claim in group)
        found: list[_Clash] = []
        for group in sorted(groups, key=lambda claims: claims[0].id):
            found += judge(predicate, group)
        return found

    def _gather(self, predicate: Predicate, same: Sequence[str]) -> list[list[Claim]]:
        """Group the claims at hand by what makes them comparable."""
        groups: dict[tuple[str | None, ...], list[Claim]] = {}
        for claim in self.near or ():
            if claim.predicate == predicate.name and claim.stance != "not_found":
                groups.setdefault((*(self._part(claim, name) for name in same), claim.mode), []).append(claim)
        return [sorted(group, key=lambda claim: claim.id) for group in groups.values() if len(group) > 1]

    def _part(self, claim: Claim, name: str) -> str | None:
        if name in ("subject", "object"):
            end = claim.subject if name == "subject" else claim.object
            return self.picture.resolution.of(end) if end else None
        return claim.value if name == "value" else self._meant(claim.qualifier(name))

    def _meant(self, value: str | None) -> str | None:
        """Return a qualifier's value with the canonical entity behind ``@``."""
        return f"@{self.picture.resolution.of(value[1:])}" if value and value.startswith("@") else value

    def _read(self, predicate: Predicate, same: Sequence[str], test: str) -> list[list[Claim]]:
        """Let the store group every visible claim, and read the groups that differ."""
        rows = self.store.rows(f"SELECT list(c.id)::VARCHAR[] {self._candidates(predicate, same, test)}")
        return self._claims([row[0] for row in rows])

    def _claims(self, groups: Sequence[Sequence[str]]) -> list[list[Claim]]:
        claims = {claim.id: claim for claim in self.picture.reader.by_id(name for group in groups for name in group)}
        return [[claims[name] for name in sorted(group)] for group in groups]

    def _candidates(self, predicate: Predicate, same: Sequence[str], test: str) -> str:
        """Return the end of the query for groups of visible claims that differ."""
        columns = [f'c."{name}"' for name in same if name in ("subject", "object", "value")]
        if test == _SUM:
            columns += ['c."source"', "c.observed"]  # `_partitions` adds up nothing across these
        qualifiers = [name for name in same if name not in ("subject", "object", "value")]
        columns += [f"q.part{place}" for place in range(len(qualifiers))]
        where = f"c.predicate = (SELECT key FROM predicates WHERE id = '{predicate.name}')"
        # Values are told apart by number: there are few sets of qualifiers, and many claims to group.
        parts = ", ".join(
            f"CASE WHEN pairs['{name}'] IS NOT NULL THEN dense_rank() OVER (ORDER BY pairs['{name}']) END AS part{place}"
            for place, name in enumerate(qualifiers)
        )
        sets = f"(SELECT key, {parts} FROM {qualifier_rows(self.picture)})"
        join = f"LEFT JOIN {sets} q ON q.key = c.qualifiers " if qualifiers else ""
        if _STARTS in test:
            dates = (("w", "valid_from"), ("u", "valid_to"), ("o", "observed"))
            join += " ".join(f"LEFT JOIN dates {alias} ON {alias}.key = c.{column}" for alias, column in dates)
        only = ""
        if self.beside:
            end = "subject" if "subject" in same else "object"
            only = f'AND c."{end}" IN (SELECT t."{end}" FROM {self.beside} t WHERE t.{where[2:]})'
        return (
            f"FROM {resolved(self.picture, where)} c {join} WHERE c.stance < 2 {only} "
            f"GROUP BY {', '.join([*columns, 'c.mode'])} HAVING count(*) > 1 AND {test}"
        )

    def _denials(self, predicate: Predicate, claims: list[Claim]) -> list[_Clash]:
        clashing = [
            pair
            for pair in combinations(claims, 2)
            if {pair[0].stance, pair[1].stance} == {"asserts", "denies"}
            and self._telling(pair[0], predicate) == self._telling(pair[1], predicate)
            and meet(*pair)
        ]
        return self._conflict(predicate, "stance", clashing, "asserted and denied")

    def _telling(self, claim: Claim, predicate: Predicate) -> list[tuple[str, str | None]]:
        """Return the qualifiers that tell two claims apart, without those that only explain."""
        remarks = ("reading", "reason", "date_words", *(() if predicate.conflict.key else ("title",)))
        return [(name, self._meant(value)) for name, value in claim.qualifiers if name not in remarks]

    def _differing(self, predicate: Predicate, claims: list[Claim]) -> list[_Clash]:
        clashing = [pair for pair in combinations(_asserted(claims), 2) if _values_differ(*pair) and meet(*pair)]
        return self._conflict(predicate, "one", clashing, "different values")

    def _starting(self, predicate: Predicate, claims: list[Claim]) -> list[_Clash]:
        clashing = [pair for pair in combinations(_asserted(claims), 2) if starts_differ(*pair)]
        return self._conflict(predicate, "one_start", clashing, "different starts")

    def _rivals(self, predicate: Predicate, claims: list[Claim]) -> list[_Clash]:
        heads = {claim.id: self.picture.resolution.of(claim.subject) for claim in claims}
        clashing = [
            pair
            for pair in combinations(_asserted(claims), 2)
            if (heads[pair[0].id] != heads[pair[1].id] and meet(*pair))
            or (heads[pair[0].id] == heads[pair[1].id] and starts_differ(*pair))
        ]
        return self._conflict(predicate, "one_subject", clashing, "different holders or starts")

    def _sums(self, predicate: Predicate, claims: list[Claim]) -> list[_Clash]:
        found: list[_Clash] = []
        for part in self._partitions(claims):
            shares = [claim.quantity for claim in part if claim.quantity and claim.quantity.unit == "share"]
            lows = [share.low for share in shares if share.low is not None]
            if sum(lows) > 1 + ROUNDING * len(lows):
                pairs = [pair for pair in combinations(part, 2) if meet(*pair)]
                found += self._conflict(predicate, "sum<=1", pairs, f"shares add up to {100 * sum(lows):.1f} %")
        return found

    def _partitions(self, claims: list[Claim]) -> list[list[Claim]]:
        """Part claims that must not be added to one another: places beside firms, groups beside members, one date beside another."""
        parts: dict[tuple[bool, str | None, str | None], dict[str, Claim]] = {}
        for claim in claims:
            if claim.stance != "asserts" or self.picture.is_kind(claim.subject, "group"):
                continue
            place = self.picture.is_kind(claim.subject, "place", "state")
            part = parts.setdefault((place, claim.observed, claim.source), {})
            part.setdefault(self.picture.resolution.of(claim.subject), claim)
        return [list(part.values()) for part in parts.values()]

    def _cycles(self, predicate: Predicate) -> list[_Clash]:
        rows = self._edges(predicate)
        found = []
        for members in circles((head, tail) for head, tail, _ in rows):
            inside = set(members)
            claims = tuple(self.picture.reader.by_id(claim for head, tail, claim in rows if {head, tail} <= inside))
            found.append(_Clash(predicate, "cycle", claims, f"“{predicate.name}” runs in a circle"))
        return found

    def _edges(self, predicate: Predicate) -> list[tuple[Any, Any, str]]:
        if self.near is not None:
            return self._near_edges(predicate)
        where = (
            f"c.predicate = (SELECT key FROM predicates WHERE id = '{predicate.name}') AND c.\"object\" IS NOT NULL "
            "AND c.stance = 0 AND c.mode = 0"
        )
        # Only what stands below one thing and above another can be in a circle: that leaves little of a hierarchy.
        rows = self.store.rows(
            f'WITH e AS (SELECT c.subject, c."object", c.id FROM {resolved(self.picture, where)} c) '
            'SELECT subject, "object", id::VARCHAR FROM e WHERE subject IN (SELECT "object" FROM e) '
            'AND "object" IN (SELECT subject FROM e)'
        )
        return [(row[0], row[1], row[2]) for row in rows]

    def _near_edges(self, predicate: Predicate) -> list[tuple[Any, Any, str]]:
        edges = [
            (self.picture.resolution.of(claim.subject), self.picture.resolution.of(claim.object), claim.id)
            for claim in self.near or ()
            if claim.predicate == predicate.name
            and claim.object
            and claim.stance == "asserts"
            and claim.mode == "actual"
        ]
        names = sorted({end for edge in edges for end in edge[:2]})
        number = {name: index for index, name in enumerate(names)}
        return [(number[head], number[tail], claim) for head, tail, claim in edges]

    def _conflict(
        self, predicate: Predicate, rule: str, pairs: Iterable[tuple[Claim, Claim]], what: str
    ) -> list[_Clash]:
        claims = {claim.id: claim for pair in pairs for claim in pair}
        if not claims:
            return []
        return [_Clash(predicate, rule, tuple(claims[name] for name in sorted(claims)), what)]

    def described(self, clash: _Clash) -> Conflict:
        """Say what a clash is about, with the names of things."""
        rule, claims, first = clash.rule, clash.claims, clash.claims[0]
        subject = self.picture.resolution.of(
            first.object if rule in ("one_subject", "sum<=1") and first.object else first.subject
        )
        return Conflict(
            about=f"{self.picture.caption(subject)}: {clash.predicate.name.replace('_', ' ')}, {clash.what}",
            rule=rule,
            claims=tuple(claim.id for claim in claims),
            values=tuple(self._value(claim, rule) for claim in claims),
            subject=subject,
            predicate=clash.predicate.name,
        )

    def _value(self, claim: Claim, rule: str) -> str:
        parts: list[str] = []
        if rule in ("one_subject", "sum<=1", "cycle"):
            parts.append(self.picture.caption(claim.subject))
        if claim.object and rule not in ("one_subject", "sum<=1"):
            parts.append(self.picture.caption(claim.object))
        if claim.value:
            parts.append(claim.value)
        if claim.quantity:
            parts.append(claim.quantity.words())
        if claim.valid_from:
            parts.append(claim.valid_from)
        if claim.stance != "asserts":
            parts.append(claim.stance)
        return f"{' '.join(parts)} ({claim.source}, {claim.locator})"


def _asserted(claims: Iterable[Claim]) -> list[Claim]:
    return [claim for claim in claims if claim.stance == "asserts"]


def _values_differ(a: Claim, b: Claim) -> bool:
    if a.quantity and b.quantity:
        return a.quantity.unit == b.quantity.unit and not a.quantity.compatible(b.quantity)
    if a.quantity or b.quantity:
        return False
    if a.value is not None and b.value is not None:
        return a.value != b.value
    return _told(a) != _told(b)


def _told(claim: Claim) -> dict[str, str]:
    """Return what a claim without value or number says in its qualifiers of a closed list, by which such claims differ."""
    return {key: value for key, value in claim.qualifiers if key in ("position", "outcome", "modality")}
