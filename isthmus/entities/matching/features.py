"""What two names have in common and what parts them, as numbers with the words that carry them.

Each feature is zero where it says nothing. The weights that make them a probability are data (`isthmus/data/names/weights.json`), fitted
on labelled pairs under the signs that `SIGNS` gives, so that no feature can count against its meaning.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from isthmus.entities.matching.align import CUT, EXACT, HEARD, JOINED, SLIP, Alignment, align, weight_of
from isthmus.entities.matching.initials import initialism
from isthmus.entities.names.name import NameReading, Word
from isthmus.entities.names.tables import BODY, NAME, NUMBER, PLACE, QUALITY, TRADE, Form

SIGNS: dict[str, int] = {
    "identical": 1,
    "overlap": 1,
    "brand_agrees": 1,
    "brand_conflict": -1,
    "brand_only_one": -1,
    "no_brand": -1,
    "trade_agrees": 1,
    "trade_conflict": -1,
    "trade_only_one": -1,
    "place_conflict": -1,
    "place_only_one": -1,
    "branch_marked": -1,
    "number_conflict": -1,
    "number_only_one": -1,
    "quality_conflict": -1,
    "quality_only_one": -1,
    "body_conflict": -1,
    "body_only_one": -1,
    "form_agrees": 1,
    "form_conflict": -1,
    "form_abroad": -1,
    "form_only_one": -1,
    "slip": -1,
    "slip_short": -1,
    "heard": -1,
    "cut": -1,
    "order": -1,
    "short": -1,
    "initialism_known": 1,
    "initialism_letters": 1,
    "sole_slip": -1,
    "link_conflict": -1,
    "other_conflict": -1,
    "form_differs": -1,
    "form_english": -1,
    "matched": 1,
    "bare_brand": 1,
    "slip_known": -1,
    "gap_both": -1,
    "gap_one": -1,
    "gap_crossed": 1,
    "identical_plain": -1,
    "country_agrees": 1,
    "country_differs": -1,
}
"""Every feature and the sign of its weight: for the pair (1) or against it (-1)."""

FEATURES = tuple(SIGNS)


@dataclass(slots=True)
class Evidence:
    """The features of a pair of names, and for those that need it the words behind them."""

    values: dict[str, float] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)

    def put(self, feature: str, value: float, note: str = "") -> None:
        """Set a feature, unless it says nothing."""
        if value:
            self.values[feature] = value
            if note:
                self.notes[feature] = note


def compare(a: NameReading, b: NameReading) -> Evidence:
    """Return the features of two readings of names; both have words. Which is given first changes nothing but the order in the notes."""
    if (a.whole, a.joined) > (b.whole, b.joined):
        found = _compare(b, a)
        found.notes = {name: " / ".join(reversed(note.split(" / "))) for name, note in found.notes.items()}
        return found
    return _compare(a, b)


def _compare(a: NameReading, b: NameReading) -> Evidence:
    found = Evidence()
    side = align(a, b)
    overlap = _overlap(side)
    joined = bool(a.joined) and (a.joined == b.joined or a.whole == b.whole) and not (a.native and b.native)
    if not joined and overlap < 0.5 and (short := initialism(a, b)) is not None:
        known, letters = short
        found.put(
            "initialism_known" if known else "initialism_letters",
            1.0 if known else min(letters, 5) / 5,
            "one is the initials of the other",
        )
        _forms(found, a.forms, b.forms, a.whole.isascii() != b.whole.isascii())
        return found
    side.left_a, side.left_b = _numbers(side.left_a, side.left_b), _numbers(side.left_b, side.left_a)
    found.put("overlap", 1.0 if joined else overlap)
    if joined:
        side.left_a, side.left_b = [], []
        found.put("identical", 1.0, "all words agree")
    elif not side.left_a and not side.left_b and all(pair.how not in (SLIP, HEARD, CUT) for pair in side.pairs):
        found.put("identical", 1.0, "all words agree")
    if not side.left_a and not side.left_b:
        found.put("matched", 1.0, "every word has an answer")
    if (
        "identical" in found.values
        and a.whole != b.whole
        and len(a.words) <= 2
        and not any(word.role in (NAME, PLACE) for word in a.words)
    ):
        found.put("identical_plain", 1.0, "a name of common words only")
    bare = [
        not left and not reading.forms and all(word.role == NAME for word in reading.words)
        for left, reading in ((side.left_a, a), (side.left_b, b))
    ]
    if any(bare) and "matched" not in found.values and all(pair.alike > 0.9 for pair in side.pairs):
        found.put("bare_brand", 1.0, "one name is the brand alone")
    _gaps(found, side, a.native != b.native)
    _brands(found, side, a, b)
    _rest(found, side)
    _pairs(found, side, joined)
    _forms(found, a.forms, b.forms, a.whole.isascii() != b.whole.isascii())
    if a.links != b.links and a.links and b.links:
        found.put("link_conflict", 1.0, f"{' '.join(sorted(a.links))} / {' '.join(sorted(b.links))}")
    return found


def _gaps(found: Evidence, side: Alignment, crossed: bool) -> None:
    """Put how much of both names, and how much more of one of them, has no answer; across scripts that may be the lexicon's gap."""
    one, two = sum(map(weight_of, side.left_a)), sum(map(weight_of, side.left_b))
    both, more = min(one, two), abs(one - two)
    found.put("gap_both", min(both, 2.0))
    found.put("gap_one", min(more, 2.0))
    if crossed:
        found.put("gap_crossed", min(both + more, 2.0))


def _overlap(side: Alignment) -> float:
    total = side.total_a + side.total_b
    return 2 * sum(pair.weight * pair.alike for pair in side.pairs) / total if total else 0.0


def _of(words: Sequence[Word], role: str) -> list[Word]:
    return [word for word in words if word.role == role]


def _said(*sides: Sequence[Word]) -> str:
    return " / ".join(" ".join(word.native or word.text for word in side) or "-" for side in sides)


def _brands(found: Evidence, side: Alignment, a: NameReading, b: NameReading) -> None:
    left_a, left_b = _of(side.left_a, NAME), _of(side.left_b, NAME)
    if left_a and left_b:
        apart = min(sum(map(weight_of, left_a)), sum(map(weight_of, left_b)))
        found.put("brand_conflict", 2 * apart / (apart + _brand_agreed(side)), _said(left_a, left_b))
    elif left_a or left_b:
        found.put("brand_only_one", min(2.0, sum(map(weight_of, left_a or left_b))), _said(left_a, left_b))
    brand = _brand_agreed(side)
    if brand:
        found.put("brand_agrees", min(2.0, brand), _said(*_matched(side)))
        if brand < 0.7:
            found.put("short", 1.0, "the word that agrees is short")
    elif not any(word.role == NAME for word in (*a.words, *b.words)):
        found.put("no_brand", 1.0, "no distinctive word: places and trades only")
    else:
        found.put("no_brand", 1.5, "the distinctive words do not agree")


def _brand_agreed(side: Alignment) -> float:
    return sum(pair.weight for pair in side.pairs if any(word.role == NAME for word in (*pair.a, *pair.b)))


def _matched(side: Alignment) -> tuple[list[Word], list[Word]]:
    pairs = [pair for pair in side.pairs if any(word.role == NAME for word in (*pair.a, *pair.b))]
    return [word for pair in pairs for word in pair.a], [word for pair in pairs for word in pair.b]


def _rest(found: Evidence, side: Alignment) -> None:
    agreed = sum(1 for pair in side.pairs if any(word.role == TRADE for word in pair.a))
    found.put("trade_agrees", float(min(agreed, 2)))
    for role, name in ((TRADE, "trade"), (PLACE, "place"), (NUMBER, "number"), (QUALITY, "quality"), (BODY, "body")):
        left_a, left_b = _of(side.left_a, role), _of(side.left_b, role)
        if left_a and left_b:
            within = role == PLACE and _within(left_a, left_b)
            found.put(f"{name}_conflict", 0.4 if within else 1.0, _said(left_a, left_b))
        elif left_a or left_b:
            found.put(f"{name}_only_one", float(min(len(left_a or left_b), 2)), _said(left_a, left_b))
    if not any(f"{name}_conflict" in found.values for name in ("brand", "trade", "place", "number", "quality", "body")):
        other_a, other_b = ([w for w in left if w.role not in (NAME, NUMBER)] for left in (side.left_a, side.left_b))
        if other_a and other_b:
            found.put("other_conflict", 1.0, _said(other_a, other_b))
    # A trade against a brand, or a place against a brand, is a conflict too: "Northgate Steel" is not "Northgate Harlan".
    odd_a, odd_b = (
        [w for w in side.left_a if w.role in (NAME, TRADE)],
        [w for w in side.left_b if w.role in (NAME, TRADE)],
    )
    if odd_a and odd_b and "brand_conflict" not in found.values and "trade_conflict" not in found.values:
        found.put("trade_conflict", 0.8, _said(odd_a, odd_b))
    marked = [
        word
        for word in (*side.left_a, *side.left_b)
        if (word.role == PLACE and word.aside) or word.readings[:1] in _BRANCH
    ]
    if marked:
        found.put("branch_marked", 1.0, " ".join(word.native or word.text for word in marked))


_BRANCH = frozenset({(("branch",),), (("subsidiary",),), (("office",),), (("division",),)})


def _numbers(mine: list[Word], other: list[Word]) -> list[Word]:
    """Return the words that count: a lone first ("I") against no number is no difference yet."""
    if len(mine) == 1 and not other and mine[0].role == NUMBER and mine[0].readings[0] == ("#1",):
        return []
    return mine


def _within(a: list[Word], b: list[Word]) -> bool:
    """Tell whether the places of one side may lie in those of the other."""
    one, two = [w.place for w in a if w.place], [w.place for w in b if w.place]
    if not one or not two:
        return True
    return all(x.country == y.country and x.kind != y.kind for x in one for y in two)


def _pairs(found: Evidence, side: Alignment, joined: bool) -> None:
    slips = [pair for pair in side.pairs if pair.how == SLIP] if not joined else []
    if slips:
        worst = min(pair.alike for pair in slips)
        found.put(
            "slip",
            (1 - worst) * 4 * len(slips) + 0.3,
            _said([w for p in slips for w in p.a], [w for p in slips for w in p.b]),
        )
        if any(min(len(word.text) for word in (*pair.a, *pair.b)) <= 5 for pair in slips):
            found.put("slip_short", 1.0)
        if any(word.role != NAME for pair in slips for word in (*pair.a, *pair.b)):
            found.put("slip_known", 1.0, "a slip would turn one common word into another")
        if len(side.pairs) == len(slips):
            found.put("sole_slip", 1.0, "nothing else agrees")
    heard = [pair for pair in side.pairs if pair.how == HEARD] if not joined else []
    if heard:
        found.put(
            "heard",
            sum(1 - pair.alike for pair in heard) * 4,
            _said([w for p in heard for w in p.a], [w for p in heard for w in p.b]),
        )
    found.put("cut", float(sum(pair.how == CUT for pair in side.pairs)))
    found.put("order", 0.0 if side.in_order else 1.0)
    if any(pair.how == JOINED for pair in side.pairs):
        found.notes.setdefault("overlap", "written apart or as one")


def _forms(found: Evidence, a: Sequence[Form], b: Sequence[Form], crossed: bool) -> None:
    if not a and not b:
        return
    if not a or not b:
        found.put("branch_marked" if _is_branch(a or b) else "form_only_one", 1.0, (a or b)[0].form)
        return
    one, two = a[0], b[0]
    said = f"{one.form} / {two.form}"
    if _is_branch(a) != _is_branch(b):
        found.put("branch_marked", 1.0, said)
    elif one.form == two.form:
        found.put("form_agrees", 1.0, said)
    elif one.countries and two.countries and not one.countries & two.countries:
        found.put("form_abroad", 1.0, said)
    elif one.kind == two.kind and (one.countries or not two.countries):
        found.put("form_agrees", 0.8, said)
    elif bool(one.countries) != bool(two.countries) and not crossed and not {one.kind, two.kind} & {"company"}:
        found.put("form_english", 1.0, said)
    elif {one.kind, two.kind} & _VAGUE or ({one.kind, two.kind} == _SHARES and not one.countries & two.countries):
        found.put("form_agrees", 0.3)
        if not crossed and "company" not in (one.kind, two.kind):
            found.put("form_differs", 1.0, said)
    elif one.kind == two.kind:
        found.put("form_agrees", 0.5, said)
    else:
        found.put("form_conflict", 1.6 if {one.kind, two.kind} & _PARTNERSHIPS else 1.0, said)


_VAGUE = frozenset({"company", "corporation"})
_PARTNERSHIPS = frozenset(
    {"composite_partnership", "limited_partnership", "partnership", "limited_liability_partnership"}
)
_SHARES = {"joint_stock", "private_limited"}


def _is_branch(forms: Sequence[Form]) -> bool:
    return any(form.kind == "branch" for form in forms)


__all__ = ["EXACT", "FEATURES", "SIGNS", "Evidence", "compare"]
