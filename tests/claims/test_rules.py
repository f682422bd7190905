"""Why a row cannot be a claim: every reason, in words and with its line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import pytest

from isthmus.claims.rules import (
    Shape,
    date_fault,
    entity_fault,
    parse_qualifiers,
    shape_fault,
    value_fault,
)
from isthmus.claims.store import FileFacts, Store
from isthmus.model import Rejection
from isthmus.vocabulary import load_vocabulary

Select = Callable[[Iterable[Mapping[str, str | None]]], str]
GOOD = {"subject": "acme", "predicate": "name", "value": "Acme", "source": "register", "locator": "row 1"}
OWNS = {
    "subject": "a",
    "predicate": "owns",
    "object": "b",
    "low": "0.5",
    "unit": "share",
    "source": "s",
    "locator": "1",
}

REASONS: list[tuple[str, dict[str, str], dict[str, str], str]] = [
    # what, row, change, reason (the whole of it, or its beginning where a list follows: …)
    ("no subject", GOOD, {"subject": ""}, "the subject is empty"),
    ("no source", GOOD, {"source": ""}, "the source is empty: no claim without a source"),
    ("no locator", GOOD, {"locator": ""}, "the locator is empty: no claim without a place in its source"),
    ("blank locator", GOOD, {"locator": "  "}, "the locator is empty: no claim without a place in its source"),
    ("no predicate", GOOD, {"predicate": ""}, "the predicate is empty"),
    ("unknown predicate", GOOD, {"predicate": "haunts"}, "there is no predicate “haunts”"),
    ("predicate in capitals", GOOD, {"predicate": "Name"}, "there is no predicate “Name”"),
    ("unknown kind", GOOD, {"predicate": "kind", "value": "ghost"}, "there is no kind “ghost” in the vocabulary"),
    (
        "closed value",
        GOOD,
        {"predicate": "status", "value": "sleepy"},
        "“sleepy” is not a value of “status” (proposed, …",
    ),
    ("mode", GOOD, {"mode": "dreamt"}, "the mode “dreamt” is none of actual, possible, agreed, …"),
    ("stance", GOOD, {"stance": "doubts"}, "the stance “doubts” is none of asserts, denies, not_found"),
    ("marking", GOOD, {"marking": "SECRET"}, "the marking “SECRET” is none of TLP:CLEAR, TLP:GREEN, …"),
    ("says nothing", GOOD, {"value": ""}, "the row has no object, value or number: it says nothing"),
    ("object not allowed", GOOD, {"object": "b"}, "“name” takes no object"),
    ("value not allowed", OWNS, {"value": "half"}, "“owns” takes no text value"),
    ("number not allowed", GOOD, {"low": "3", "unit": "posts"}, "“name” takes no number"),
    ("no unit", OWNS, {"unit": ""}, "a number of “owns” needs a unit (share …)"),
    ("foreign unit", OWNS, {"unit": "USD"}, "“owns” cannot be in “USD” (allowed: share …)"),
    ("unknown unit", OWNS, {"unit": "furlongs"}, "“owns” cannot be in “furlongs” (allowed: share …)"),
    ("lone unit", OWNS, {"low": ""}, "a unit (“share”) stands without a number or a word for one"),
    ("needs an object", OWNS, {"object": ""}, "“owns” needs an object"),
    ("needs a number", OWNS, {"predicate": "share", "low": "", "unit": ""}, "“share” needs a number"),
    (
        "needs a qualifier",
        OWNS,
        {"predicate": "restricts", "low": "", "unit": ""},
        "“restricts” needs the qualifier “measure”",
    ),
    (
        "needs another qualifier",
        OWNS,
        {"predicate": "restricts", "low": "", "unit": "", "qualifiers": "item=routers"},
        "“restricts” needs the qualifier “measure”",
    ),
    ("qualifier form", OWNS, {"qualifiers": "direct"}, "the qualifier “direct” is not of the form key=value"),
    (
        "qualifier without value",
        OWNS,
        {"qualifiers": "direct="},
        "the qualifier “direct=” is not of the form key=value",
    ),
    (
        "unknown qualifier",
        OWNS,
        {"qualifiers": "colour=red"},
        "“owns” has no qualifier “colour” (allowed: beneficial, …",
    ),
    ("qualifier elsewhere", OWNS, {"qualifiers": "tier=1"}, "“owns” has no qualifier “tier” (allowed: beneficial, …"),
    ("qualifier twice", OWNS, {"qualifiers": "scope=a; scope=b"}, "the qualifier “scope” stands twice"),
    (
        "qualifier code",
        OWNS,
        {"qualifiers": "direct=perhaps"},
        "“perhaps” is not a value of the qualifier “direct” (direct, …",
    ),
    ("qualifier entity", OWNS, {"qualifiers": "scope=@x"}, "the qualifier “scope” takes no entity"),
    (
        "qualifier number",
        OWNS,
        {"predicate": "supplies", "low": "", "unit": "", "qualifiers": "tier=first"},
        "the qualifier “tier” takes a number; “first” is not one",
    ),
    (
        "qualifier wants an entity",
        OWNS,
        {"predicate": "uses", "low": "", "unit": "", "qualifiers": "place=China"},
        "the qualifier “place” takes an entity, written @id; “China” is not one",
    ),
    (
        "qualifier entity with a blank",
        OWNS,
        {"predicate": "uses", "low": "", "unit": "", "qualifiers": "place=@New York"},
        "“@New York” is not an entity id",
    ),
    (
        "qualifier date",
        OWNS,
        {"predicate": "designates", "low": "", "unit": "", "qualifiers": "deadline=2020-02-30"},
        "the qualifier “deadline”: …",
    ),
    ("impossible date", GOOD, {"valid_from": "2021-02-29"}, "valid_from: …"),
    ("impossible month", GOOD, {"valid_to": "2021-13"}, "valid_to: …"),
    ("no date", GOOD, {"observed": "last year"}, "observed: …"),
    ("share over 1", OWNS, {"low": "34"}, "a share of more than 1 (100 %) cannot be: 34 (write 34 % as 0.34)"),
    (
        "high over 1",
        OWNS,
        {"low": "0.5", "high": "1.5"},
        "a share of more than 1 (100 %) cannot be: 1.5 (write 34 % as 0.34)",
    ),
    (
        "proportion over 1",
        OWNS,
        {"predicate": "uses", "low": "", "high": "~60", "unit": "proportion"},
        "a proportion of more than 1 (100 %) cannot be: ~60 (write 34 % as 0.34)",
    ),
    ("share below 0", OWNS, {"low": "-0.1"}, "a share below 0 cannot be"),
    ("low above high", OWNS, {"low": "0.6", "high": "0.5"}, "low 0.6 is above high 0.5"),
    ("nothing between", OWNS, {"low": ">0.5", "high": "0.5"}, "no number lies between low >0.5 and high 0.5"),
    ("low is no number", OWNS, {"low": "half"}, "low “half” is not a number (one mark > or ~ may stand before it; …"),
    ("thousands", OWNS, {"low": "1,000"}, "low “1,000” is not a number (one mark > or ~ may stand before it; …"),
    ("low less than", OWNS, {"low": "<0.5"}, "low “<0.5” is not a number (one mark > or ~ may stand before it; …"),
    ("high more than", OWNS, {"high": ">0.5"}, "high “>0.5” is not a number (one mark < or ~ may stand before it; …"),
    ("two marks", OWNS, {"low": ">~0.5"}, "low “>~0.5” is not a number (one mark > or ~ may stand before it; …"),
    ("mark alone", OWNS, {"low": ">"}, "low “>” is not a number (one mark > or ~ may stand before it; …"),
    ("not a number", OWNS, {"low": "nan"}, "low “nan” is not a number (one mark > or ~ may stand before it; …"),
    ("endless", OWNS, {"high": "inf"}, "high “inf” is not a number (one mark < or ~ may stand before it; …"),
    (
        "beyond a double",
        OWNS,
        {"high": "1e999"},
        "high “1e999” is not a number (one mark < or ~ may stand before it; …",
    ),
    ("subject with a blank", GOOD, {"subject": "Acme Ltd"}, "an entity id holds a blank or begins with @, ; or ="),
    ("subject with a tab", GOOD, {"subject": "Acme\tLtd"}, "an entity id holds a blank or begins with @, ; or ="),
    ("subject with @", GOOD, {"subject": "@acme"}, "an entity id holds a blank or begins with @, ; or ="),
    ("object with a blank", OWNS, {"object": "b c"}, "an entity id holds a blank or begins with @, ; or ="),
    ("object with @", OWNS, {"object": "@b"}, "an entity id holds a blank or begins with @, ; or ="),
    ("source with a blank", GOOD, {"source": "a b"}, "the source id holds a blank: ids of sources are one word"),
    ("blank origin", GOOD, {"origin": "  "}, "the origin is blank"),
    ("unit separator", GOOD, {"value": "a\x1fb"}, "a text holds a control character"),
    ("escape", GOOD, {"locator": "\x1b[31m1"}, "a text holds a control character"),
    ("bell in a hedge", GOOD, {"hedge": "\x07"}, "a text holds a control character"),
    ("control in a qualifier", GOOD, {"qualifiers": "scope=a\x1fb"}, "a text holds a control character"),
    ("delete", GOOD, {"licence": "x\x7f"}, "a text holds a control character"),
]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterable[Store]:
    """Return a store for many refusals: nothing of them stays in it."""
    with Store(tmp_path_factory.mktemp("rules") / "p.duckdb") as opened:
        yield opened


@pytest.mark.parametrize(("row", "change", "reason"), [case[1:] for case in REASONS], ids=[case[0] for case in REASONS])
def test_the_reason_and_the_line(
    row: dict[str, str], change: dict[str, str], reason: str, store: Store, select: Select, facts: FileFacts
) -> None:
    done = store.add(select([row, row | change, row | {"locator": "2"}]), facts, dry_run=True)
    assert [rejection.line for rejection in done.rejections] == [3]
    said = done.rejections[0].reason
    assert said.startswith(reason.removesuffix("…")) if reason.endswith("…") else said == reason
    assert (done.rows, done.new, done.rejected) == (3, 2, 1)


def test_every_line_is_listed_in_order(store: Store, select: Select, facts: FileFacts) -> None:
    rows = [reason[1] | reason[2] for reason in REASONS]
    done = store.add(select([GOOD, *rows]), facts, dry_run=True)
    assert [rejection.line for rejection in done.rejections] == list(range(3, 3 + len(rows)))
    assert done.new == 1


def test_rejections_of_the_format_are_counted_with_the_others(store: Store, select: Select) -> None:
    facts = FileFacts("e.csv", "", "claims", rejected=(Rejection(9, "too few fields"), Rejection(1, "x")))
    done = store.add(select([GOOD, GOOD | {"subject": ""}]), facts, dry_run=True)
    assert [(item.line, item.reason) for item in done.rejections] == [
        (1, "x"),
        (3, "the subject is empty"),
        (9, "too few fields"),
    ]
    assert (done.rows, done.new, done.rejected) == (4, 1, 3)


@pytest.mark.parametrize(
    "change",
    [
        {"low": "~156", "high": "<156", "unit": "parties", "predicate": "count", "object": ""},
        {"low": "-5", "high": "", "unit": "ratio", "predicate": "growth"},
        {"low": ".5", "high": "5E-1"},
        {"low": "0", "high": "1"},
        {"low": "", "high": "<0.2"},
        {"low": "", "unit": ""},
        {"locator": "a\tb\nc"},
        {"subject": "purl:pkg:npm/%40x/y@1.0", "object": "中国电信"},
        {"qualifiers": "direct=direct; scope=a=b"},
        {"predicate": "growth", "low": "", "unit": "", "value": "fast", "object": ""},
        {"predicate": "count", "low": "", "unit": "people", "value": "dozens", "object": ""},
        {"predicate": "supplies", "low": "", "unit": "", "qualifiers": "item=@chips; tier=2"},
        {"valid_from": "2020-Q3", "valid_to": "~2021-02", "observed": "<=2020-11-27"},
        {"marking": "TLP:AMBER+STRICT", "mode": "attempted", "stance": "not_found"},
    ],
)
def test_what_is_allowed(change: dict[str, str], store: Store, select: Select, facts: FileFacts) -> None:
    done = store.add(select([OWNS | change]), facts, dry_run=True)
    assert done.rejections == ()
    assert done.new == 1


def test_a_shape_is_judged_without_its_texts() -> None:
    words = load_vocabulary()
    shape = Shape("owns", "share", None, None, None, True, False, True, False)
    assert shape_fault(words, shape) is None
    assert shape_fault(words, Shape("owns", None, None, None, None, False, False, False, True)) is not None


def test_qualifiers_have_one_canonical_form() -> None:
    parsed = parse_qualifiers(load_vocabulary(), "handles_data", " place = @cn ;activity=store;; ")
    assert not isinstance(parsed, str)
    assert parsed.canonical == "activity=store; place=@cn"
    assert parsed.pairs == (("activity", "store"), ("place", "@cn"))
    assert parsed.entities == ("cn",)


def test_open_codes_take_new_values() -> None:
    words = load_vocabulary()
    assert not isinstance(parse_qualifiers(words, "identifier", "scheme=a-new-register"), str)


def test_closed_values() -> None:
    words = load_vocabulary()
    assert value_fault(words, "kind", "organization") is None
    assert value_fault(words, "status", "active") is None
    assert value_fault(words, "name", "anything at all") is None


@pytest.mark.parametrize("entity", ["a", "lei:5493001KJTIIGC8Y1R12", "a;b", "x@y", "中国"])
def test_entity_ids(entity: str) -> None:
    assert entity_fault(entity) is None


@pytest.mark.parametrize("entity", ["", " ", "a b", "@a", ";a", "=a", "a\n", "\x00", "a\tb"])
def test_texts_that_are_no_entity_ids(entity: str) -> None:
    assert entity_fault(entity) is not None


def test_dates() -> None:
    assert date_fault("2020-Q3") is None
    assert date_fault("2020-Q5") is not None
