"""The ids of claims, and what loading does with them."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from isthmus.claims.store import FileFacts, Store
from isthmus.dates import PartialDate
from isthmus.model import CLAIM_COLUMNS, Source

Select = Callable[[Iterable[Mapping[str, str | None]]], str]
NAME = {"subject": "acme", "predicate": "name", "value": "Acme Ltd", "source": "register", "locator": "row 1"}


def python_id(row: Mapping[str, str | None]) -> uuid.UUID:
    """State the recipe claim/1 a second time: a claim's id from the texts of its columns."""

    def text(name: str) -> str:
        return row.get(name) or ""

    def number(name: str) -> str:
        return repr(float(text(name).lstrip("<>~"))) if text(name) else ""

    bits = (text("low")[:1] == ">") + 2 * (text("high")[:1] == "<")
    bits += 4 * (text("low")[:1] == "~") + 8 * (text("high")[:1] == "~")
    pairs = [part.partition("=") for part in text("qualifiers").split(";") if part.strip()]
    qualifiers = "; ".join(sorted(f"{key.strip()}={value.strip()}" for key, _, value in pairs))
    fields = [
        "claim/1",
        *(text(name) for name in ("subject", "predicate", "object", "value", "value_lang")),
        number("low"),
        number("high"),
        str(bits),
        text("unit"),
        qualifiers,
        *(text(name) for name in ("valid_from", "valid_to", "observed")),
        text("mode") or "actual",
        text("source"),
        " ".join(sorted(set(text("origin").split()))),
        text("locator"),
        text("hedge"),
        text("stance") or "asserts",
    ]
    return uuid.UUID(bytes=hashlib.sha256("\x1f".join(fields).encode()).digest()[:16])


def ids(store: Store) -> list[uuid.UUID]:
    return [row[0] for row in store.rows("SELECT id FROM claims ORDER BY id")]


def test_the_id_of_a_known_claim(store_path: Path, select: Select, facts: FileFacts) -> None:
    """One id written down once and for all: a change of the recipe must change its name."""
    row = {
        "subject": "tencent",
        "predicate": "owns",
        "object": "snap",
        "low": ">0.1",
        "high": "<0.15",
        "unit": "share",
        "qualifiers": "direct=direct; interest=shareholding",
        "observed": "2020-Q3",
        "source": "sec",
        "origin": "b a",
        "locator": "p. 3",
        "hedge": "reportedly",
    }
    canonical = (
        "claim/1|tencent|owns|snap|||0.1|0.15|3|share|direct=direct; interest=shareholding|||2020-Q3|actual|sec|a b|p. 3|"
        "reportedly|asserts"
    )
    wanted = uuid.UUID(hashlib.sha256(canonical.replace("|", "\x1f").encode()).hexdigest()[:32])
    assert python_id(row) == wanted
    with Store(store_path) as store:
        store.add(select([row]), facts)
        assert ids(store) == [wanted]


TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), include_characters="\n\t"), min_size=1, max_size=20
)
IDENTIFIER = st.from_regex(r"[a-z0-9中é][a-z0-9:./#-]{0,8}", fullmatch=True)
DATE = st.one_of(
    st.sampled_from(
        ["2020", "2020-Q3", "2020-07", "2020-07-31", "<=2019-02", ">2011", "~1999", ">=2001-01-01", "<2030"]
    ),
    st.dates().map(lambda day: day.isoformat()),
)
END = st.floats(min_value=-1e12, max_value=1e12, allow_nan=False).map(repr)
MAYBE_TEXT = st.none() | TEXT


@st.composite
def claim_rows(draw: st.DrawFn) -> dict[str, str | None]:
    common: dict[str, str | None] = {
        "subject": draw(IDENTIFIER),
        "source": draw(st.sampled_from(["register", "press-1", "中文"])),
        "locator": draw(TEXT),
        "origin": draw(st.none() | st.sampled_from(["a", "b  a", "c a b a"])),
        "hedge": draw(MAYBE_TEXT),
        "mode": draw(st.none() | st.sampled_from(["actual", "planned", ""])),
        "stance": draw(st.none() | st.sampled_from(["asserts", "denies", "not_found"])),
        "marking": draw(st.none() | st.sampled_from(["TLP:GREEN", "TLP:RED"])),
        "licence": draw(MAYBE_TEXT),
        "valid_from": draw(st.none() | DATE),
        "valid_to": draw(st.none() | DATE),
        "observed": draw(st.none() | DATE),
    }
    kind = draw(st.sampled_from(["name", "amount", "owns", "supplies"]))
    if kind == "name":
        more = {
            "value": draw(TEXT),
            "value_lang": draw(st.none() | st.just("zh")),
            "qualifiers": "type=legal;scope= x y",
        }
    elif kind == "amount":
        low, high = sorted((draw(END), draw(END)), key=float)
        marks = (
            ("", "")
            if float(low) == float(high)
            else draw(st.sampled_from([("", ""), (">", "<"), ("~", ""), (">", "~")]))
        )
        more = {"low": marks[0] + low, "high": marks[1] + high, "unit": "EUR", "qualifiers": "of=valuation"}
    elif kind == "owns":
        more = {"object": draw(IDENTIFIER), "low": draw(st.sampled_from(["0.5", ">.25", "~5e-1"])), "unit": "share"}
    else:
        more = {
            "object": draw(IDENTIFIER),
            "qualifiers": draw(st.sampled_from(["item=chips; tier=2", "tier=2;item=chips", ""])),
        }
    first, last = common["valid_from"], common["valid_to"]
    if (
        first
        and last
        and (PartialDate.parse(first).earliest or date.min) > (PartialDate.parse(last).latest or date.max)
    ):
        common["valid_to"] = None  # a period that ends before it begins is no claim
    return common | {"predicate": kind} | more


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(claim_rows(), min_size=1, max_size=12))
def test_ids_are_what_hashlib_says(
    rows: list[dict[str, str | None]], tmp_path_factory: pytest.TempPathFactory, select: Select, facts: FileFacts
) -> None:
    with Store(tmp_path_factory.mktemp("ids") / "p.duckdb") as store:
        done = store.add(select(rows), facts)
        assert done.rejections == ()
        wanted = sorted({python_id(row) for row in rows})
        assert ids(store) == wanted
        assert (done.rows, done.new, done.held) == (len(rows), len(wanted), len(rows) - len(wanted))


@pytest.mark.parametrize(
    ("column", "other"),
    [
        ("subject", "beta"),
        ("predicate", "described_as"),
        ("value", "Acme Limited"),
        ("value_lang", "en"),
        ("qualifiers", "scope=x"),
        ("valid_from", "2020"),
        ("valid_to", "2020"),
        ("observed", "2020"),
        ("mode", "planned"),
        ("source", "press"),
        ("origin", "press"),
        ("locator", "row 2"),
        ("hedge", "reportedly"),
        ("stance", "denies"),
    ],
)
def test_each_column_that_makes_the_claim_changes_its_id(
    column: str, other: str, store_path: Path, select: Select, facts: FileFacts
) -> None:
    with Store(store_path) as store:
        assert store.add(select([NAME, NAME | {column: other}]), facts).new == 2


@pytest.mark.parametrize(("column", "other"), [("marking", "TLP:RED"), ("licence", "CC-BY-4.0")])
def test_terms_of_use_do_not_make_another_claim(
    column: str, other: str, store_path: Path, select: Select, facts: FileFacts
) -> None:
    with Store(store_path) as store:
        done = store.add(select([NAME, NAME | {column: other}]), facts)
        assert (done.new, done.held) == (1, 1)


def test_of_twins_the_closest_marking_stays(store_path: Path, select: Select, facts: FileFacts) -> None:
    rows = [NAME | {"marking": marking} for marking in ("TLP:CLEAR", "TLP:RED", "TLP:GREEN")]
    with Store(store_path) as store:
        store.add(select(rows), facts)
        assert store.rows("SELECT marking FROM claims") == [(4,)]


def test_different_spellings_of_the_same_claim_are_one(store_path: Path, select: Select, facts: FileFacts) -> None:
    share = {"subject": "a", "predicate": "owns", "object": "b", "unit": "share", "source": "s", "locator": "1"}
    rows = [
        share | {"low": "0.5", "qualifiers": "interest=shareholding; direct=direct", "mode": "actual"},
        share | {"low": "5e-1", "qualifiers": "direct=direct;interest=shareholding;", "mode": "", "stance": "asserts"},
        share | {"low": ".50", "qualifiers": " direct = direct ; interest=shareholding", "hedge": ""},
    ]
    with Store(store_path) as store:
        assert store.add(select(rows), facts).new == 1


def test_adding_again_adds_nothing(store_path: Path, select: Select, facts: FileFacts) -> None:
    rows = [NAME | {"locator": f"row {number}"} for number in range(50)]
    with Store(store_path) as store:
        first = store.add(select(rows), facts)
        held = ids(store)
        again = store.add(select(rows), facts)
        assert (first.new, first.held) == (50, 0)
        assert (again.rows, again.new, again.held) == (50, 0, 50)
        assert ids(store) == held
        assert [batch.key for batch in store.batches()] == [1]


def test_the_same_statement_of_another_source_is_another_claim(
    store_path: Path, select: Select, facts: FileFacts
) -> None:
    with Store(store_path) as store:
        store.add(select([NAME]), facts)
        assert store.add(select([NAME | {"source": "press"}]), facts).new == 1


def test_two_halves_in_reverse_order_give_the_same_ids(tmp_path: Path, select: Select, facts: FileFacts) -> None:
    rows = [
        {
            "subject": f"e{number % 13}",
            "predicate": "supplies",
            "object": f"e{number % 7}",
            "qualifiers": f"item=part {number % 5}",
            "valid_from": str(2000 + number % 9),
            "source": f"s{number % 3}",
            "origin": f"o{number % 4} o{number % 2}",
            "locator": f"row {number}",
        }
        for number in range(200)
    ]
    found: list[object] = []
    for name, parts in {"whole": [rows], "halves": [rows[100:], rows[:100][::-1]]}.items():
        with Store(tmp_path / f"{name}.duckdb") as store:
            for part in parts:
                store.add(select(part), facts)
            found.append(ids(store))
            assert len(ids(store)) == 200
            texts = store.rows(
                "SELECT c.id, s.id, q.canonical, d.written FROM claims c JOIN entities s ON s.key = c.subject JOIN "
                "qualifier_sets q ON q.key = c.qualifiers JOIN dates d ON d.key = c.valid_from ORDER BY c.id"
            )
            found.append(texts)
    assert found[0] == found[2]
    assert found[1] == found[3]


def test_claims_lie_sorted_by_subject(store_path: Path, select: Select, facts: FileFacts) -> None:
    rows = [NAME | {"subject": f"e{(number * 37) % 100}", "locator": str(number)} for number in range(300)]
    with Store(store_path) as store:
        store.add(select(rows), facts)
        keys = [row[0] for row in store.rows("SELECT subject FROM claims ORDER BY rowid")]
    assert keys == sorted(keys)


def test_entities_come_from_subjects_objects_and_qualifiers(store_path: Path, select: Select, facts: FileFacts) -> None:
    row = {"subject": "a", "predicate": "handles_data", "object": "b", "source": "s", "locator": "1"}
    row |= {"qualifiers": "activity=store; place=@c; recipient=@d"}
    with Store(store_path) as store:
        store.add(select([row]), facts)
        assert store.rows("SELECT id FROM entities ORDER BY id") == [("a",), ("b",), ("c",), ("d",)]
        assert store.row("SELECT pairs['place'], pairs['recipient'] FROM qualifier_sets") == ("@c", "@d")


def test_entities_of_rejected_rows_are_not_kept(store_path: Path, select: Select, facts: FileFacts) -> None:
    with Store(store_path) as store:
        store.add(select([NAME, NAME | {"subject": "ghost", "predicate": "haunts"}]), facts)
        assert store.rows("SELECT id FROM entities") == [("acme",)]


def test_every_column_is_kept(store_path: Path, select: Select, facts: FileFacts) -> None:
    row = dict.fromkeys(CLAIM_COLUMNS, "") | {
        "subject": "chn",
        "predicate": "has_role_in",
        "object": "itu-t",
        "low": "~34",
        "high": "<40",
        "unit": "posts",
        "qualifiers": "role=management_team",
        "valid_from": "2016",
        "valid_to": "<=2020-10",
        "observed": "2018-Q1",
        "mode": "planned",
        "source": "itu",
        "origin": "r2 r1",
        "locator": "§ 2",
        "hedge": "nearly",
        "stance": "denies",
        "marking": "TLP:AMBER",
        "licence": "own words",
    }
    with Store(store_path) as store:
        assert store.add(select([row]), facts).new == 1
        assert store.row(
            "SELECT c.low, c.high, c.bits, c.unit, q.canonical, f.written, t.written, o.written, c.mode, s.id, "
            "g.canonical, c.locator, c.hedge, c.stance, c.marking, c.licence, c.batch, c.value FROM claims c "
            'JOIN qualifier_sets q ON q.key = c.qualifiers JOIN sources s ON s.key = c."source" '
            "JOIN origin_sets g ON g.key = c.origin JOIN dates f ON f.key = c.valid_from "
            "JOIN dates t ON t.key = c.valid_to JOIN dates o ON o.key = c.observed"
        ) == (
            *(34.0, 40.0, 4 + 2, "posts", "role=management_team", "2016", "<=2020-10", "2018-Q1", 3, "itu", "r1 r2"),
            *("§ 2", "nearly", 1, 2, "own words", 1, None),
        )


def test_rows_without_a_source_take_the_one_that_is_given(store_path: Path, select: Select, facts: FileFacts) -> None:
    with Store(store_path) as store:
        store.add(select([NAME | {"source": ""}, NAME | {"source": "own"}]), facts, sources=[Source(id="o'given")])
        assert store.rows('SELECT s.id FROM claims c JOIN sources s ON s.key = c."source" ORDER BY 1') == [
            ("o'given",),
            ("own",),
        ]


def test_a_dry_run_counts_and_writes_nothing(store_path: Path, select: Select, facts: FileFacts) -> None:
    with Store(store_path) as store:
        done = store.add(select([NAME, NAME | {"predicate": "x"}]), facts, dry_run=True)
        assert (done.rows, done.new, done.rejected) == (2, 1, 1)
        for table in ("claims", "batches", "entities", "sources", "qualifier_sets"):
            assert store.value(f"SELECT count(*) FROM {table}") == 0


def test_strict_refuses_the_whole_file(store_path: Path, select: Select, facts: FileFacts) -> None:
    with Store(store_path) as store:
        done = store.add(select([NAME, NAME | {"predicate": "x"}]), facts, strict=True)
        assert done.rejected == 1
        assert ids(store) == []
        assert store.add(select([NAME]), facts, strict=True).new == 1


def test_the_steps_of_a_load_are_told(store_path: Path, select: Select, facts: FileFacts) -> None:
    steps: list[str] = []
    with Store(store_path) as store:
        store.add(select([NAME]), facts, step=steps.append)
    assert steps == ["checking what the rows say", "finding new entities", "writing claims"]
