"""Statements of BODS 0.4 out of the store: valid, complete in what they leave out, and read back as the same claims."""

from __future__ import annotations

import csv
import json
import tempfile
import uuid
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isthmus.claims.exports.bods import write_bods
from isthmus.claims.exports.bods_statements import plain_day
from isthmus.claims.exports.writing import Written
from isthmus.model import CLAIM_COLUMNS
from isthmus.service.adding import add_files
from isthmus.service.lending import export
from isthmus.sources.bods.codes import load_codes
from isthmus.sources.bods.values import record_id
from tests.claims.bods_demands import faults
from tests.sources.bods.readings import CONTROL, DATA, Row, columns, read

CASES = sorted(path for path in DATA.glob("*.json") if ".expected" not in path.name)
VECTORS = sorted(CONTROL.glob("*.bods.json"))
CODES = load_codes()
NAMES = (*CLAIM_COLUMNS, "id", "recorded_at")


def write(rows: Iterable[Row], target: Path) -> Written:
    """Write rows as the store would give them out."""
    with duckdb.connect() as engine:
        listed = ", ".join(f'"{name}" VARCHAR' for name in NAMES)
        engine.execute(f"CREATE TABLE kept ({listed})")
        for number, row in enumerate(rows):
            cells = [row.get(name) or None for name in CLAIM_COLUMNS]
            marks = ", ".join("?" for _ in NAMES)
            engine.execute(
                f"INSERT INTO kept VALUES ({marks})", [*cells, str(uuid.UUID(int=number + 1)), "2026-01-01 00:00:00"]
            )
        return write_bods(engine, "SELECT * FROM kept", target)


def claim(subject: str, predicate: str, object_: str = "", **more: str) -> Row:
    body = {
        "subject": subject,
        "predicate": predicate,
        "object": object_,
        "source": "bods:reg",
        "locator": "x#/y",
        **more,
    }
    return {name: value for name, value in body.items() if value}


def said(rows: Iterable[Row]) -> Counter[tuple[str, ...]]:
    return Counter(columns(row) for row in rows)


def there_and_back(path: Path, folder: Path) -> tuple[Counter[tuple[str, ...]], Counter[tuple[str, ...]], Written]:
    _, rows = read(path, folder / "first")
    written = write(rows, folder / "out.json")
    reading, back = read(folder / "out.json", folder / "second")
    assert reading.rejected == ()
    return said(rows), said(back), written


@pytest.mark.parametrize("path", [*CASES, *VECTORS], ids=[path.stem for path in (*CASES, *VECTORS)])
def test_what_was_read_goes_out_and_comes_back(path: Path, tmp_path: Path) -> None:
    first, second, written = there_and_back(path, tmp_path)
    assert first == second
    assert (written.claims, written.left_out, written.remarks) == (sum(first.values()), {}, {})


@pytest.mark.shared
def test_every_public_example_goes_out_and_comes_back(shared: Path, tmp_path: Path) -> None:
    for number, path in enumerate(sorted((shared / "data" / "open" / "bods-examples").glob("*.json"))):
        folder = tmp_path / str(number)
        folder.mkdir()
        first, second, written = there_and_back(path, folder)
        assert first == second, path.name
        assert written.left_out == {}, path.name


def test_pictures_made_from_a_file_and_from_its_export_hold_the_same_claims(tmp_path: Path) -> None:
    claims = []
    path = DATA / "closed.json"
    for name in ("first", "second"):
        picture = tmp_path / f"{name}.duckdb"
        report = add_files(picture, [path])["files"][0]
        assert (report["format"], report["rejected"]) == ("bods", [])
        export(picture, "csv", tmp_path / f"{name}.csv")
        with (tmp_path / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            claims.append(said(csv.DictReader(file)))
        path = tmp_path / f"{name}.json"
        export(picture, "bods", path)
    assert claims[0] == claims[1]
    assert sum(claims[0].values()) == 18


@pytest.mark.parametrize("path", CASES, ids=[path.stem for path in CASES])
def test_what_is_written_keeps_to_the_standard(path: Path, tmp_path: Path) -> None:
    write(read(path, tmp_path / "work")[1], tmp_path / "out.json")
    statements = json.loads((tmp_path / "out.json").read_text("utf-8"))
    assert statements
    assert faults(statements) == []


def test_same_claims_are_the_same_file(tmp_path: Path) -> None:
    rows = read(DATA / "changed.json", tmp_path / "work")[1]
    write(rows, tmp_path / "one.json")
    write(rows, tmp_path / "two.json")
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()


OTHERS = [
    claim("fund", "kind", value="fund"),
    claim("fund", "name", value="Sea Fund"),
    claim("fund", "name", value="Old Fund", qualifiers="type=former"),
    claim("cable", "kind", value="company"),
    claim("cable", "kind", value="committee"),
    claim("cable", "status", value="active", valid_from="2001-Q3"),
    claim("cable", "status", value="pilot"),
    claim("cable", "identifier", value="12", qualifiers="scheme=registration"),
    claim("cable", "identifier", value="262-01", qualifiers="scheme=plmn"),
    claim("cable", "located_in", "iso:GB", qualifiers="basis=node"),
    claim("cable", "described_as", value="the largest", qualifiers="aspect=market_position"),
    claim("hub", "kind", value="site"),
    claim("hub", "name", value="Hub"),
    claim("ada", "kind", value="person"),
    claim("ada", "name", value="Ada Berg"),
    claim("ada", "described_as", value="a lawyer"),
    claim("bo", "kind", value="person"),
    claim("bo", "name", value="Bo Idle"),
    claim("fund", "owns", "cable", low="~0.5", high="<0.6", unit="share", valid_from="~2015", hedge="reportedly"),
    claim("fund", "owns", "cable", low="1", high="1", unit="share", mode="planned"),
    claim("fund", "owns", "hub", low="1", high="1", unit="share"),
    claim("fund", "controls", "cable", qualifiers="right=party_body"),
    claim("cable", "subordinate_to", "fund"),
    claim("ada", "has_role_in", "cable", qualifiers="role=head; title=Chief, acting"),
    claim("ada", "has_role_in", "cable", qualifiers="role=board_chair"),
    claim("fund", "has_role_in", "cable", low="3", high="3", unit="seats", qualifiers="role=board_member"),
    claim("cable", "owners_unstated", value="natural_persons"),
    claim("cable", "owners_unstated", value="not_provided", qualifiers="title=asked twice"),
    claim("cable", "completeness", value="complete"),
    claim("cable", "owns", "ada"),
    claim("fund", "controls", "cable", stance="denies"),
]


def test_claims_of_other_sources_are_written_or_counted(tmp_path: Path) -> None:
    written = write(OTHERS, tmp_path / "out.json")
    statements = json.loads((tmp_path / "out.json").read_text("utf-8"))
    assert faults(statements) == []
    assert written.left_out == {
        "completeness: BODS has no place for it": 1,
        "described_as of a natural person: only the name leaves": 1,
        "described_as: no place for this one": 1,
        "has_role_in: a number of such relations has no place in BODS": 1,
        "has_role_in: of the roles, BODS has seats on the board only": 1,
        "kind committee: BODS has one type for an entity, and it is another": 1,
        "kind: of a thing that is neither an entity nor a natural person": 1,
        "located_in: no place for this one": 1,
        "mode planned: BODS would read it as a fact": 1,
        "name: of a thing that is neither an entity nor a natural person": 1,
        "natural persons who hold no interest that is written": 2,
        "owners_unstated: BODS has no reason for “natural_persons”": 1,
        "owns: BODS knows entities and natural persons only": 1,
        "owns: nobody has an interest in a natural person": 1,
        "stance denies: BODS would read it as a fact": 1,
        "status: no place for this one": 1,
    }
    assert written.remarks == {
        "controls: written, but it reads back as another claim": 1,
        "kind: written, but it reads back as another claim": 1,
        "subordinate_to: written, but it reads back as another claim": 1,
        "the doubt of the source stands in an annotation only": 1,
    }
    assert written.claims + sum(written.left_out.values()) == len(OTHERS)
    assert "Bo Idle" not in (tmp_path / "out.json").read_text("utf-8")
    _, back = read(tmp_path / "out.json", tmp_path / "work")
    share = next(row for row in back if row["predicate"] == "owns")
    assert (share["low"], share["high"], share["valid_from"], share.get("qualifiers")) == (
        "~0.5",
        "<0.6",
        "~2015",
        None,
    )
    assert {row["value"] for row in back if row["predicate"] == "name"} == {"Sea Fund", "Old Fund", "Ada Berg"}
    assert next(row for row in back if row.get("value") == "Old Fund")["qualifiers"] == "type=former"
    assert next(row for row in back if row["predicate"] == "status")["valid_from"] == "2001-Q3"


def test_each_source_keeps_its_own_voice(tmp_path: Path) -> None:
    """Two publishers of one record do not replace one another, neither on the way out nor on the way back."""
    rows = [
        claim("bods:a", "kind", value="company", observed="2020-01-01", source="bods:one"),
        claim("bods:a", "kind", value="company", observed="2022-01-01", source="bods:two"),
        claim("bods:a", "address", value="1 Old Street", observed="2020-01-01", source="bods:one"),
        claim("bods:a", "address", value="2 New Street", observed="2022-01-01", source="bods:two"),
        claim("bods:b", "kind", value="company", observed="2020-01-01", source="bods:one"),
        claim("bods:b", "owns", "bods:a", low="0.4", high="0.4", unit="share", source="bods:one"),
        claim("bods:b", "owns", "bods:a", low="0.6", high="0.6", unit="share", source="bods:two"),
    ]
    written = write(rows, tmp_path / "out.json")
    assert (written.claims, written.entities, written.left_out) == (7, 2, {})
    _, back = read(tmp_path / "out.json", tmp_path / "work")
    assert said(back) == said(rows)
    assert Counter(row["source"] for row in back) == {"bods:one": 4, "bods:two": 3}


def test_statute_that_another_source_tells_of_is_counted(tmp_path: Path) -> None:
    rows = [
        claim("bods:a", "kind", value="public_body"),
        claim("act", "kind", value="law"),
        claim("act", "name", value="Quays Act"),
        claim("act", "authorizes", "bods:a"),
        claim("bods:a/statute-x", "kind", value="law"),
        claim("bods:a/statute-x", "authorizes", "bods:a"),
    ]
    written = write(rows, tmp_path / "out.json")
    assert written.claims == 1
    assert sum(written.left_out.values()) == 5


def test_no_claim_is_no_statement(tmp_path: Path) -> None:
    assert write([], tmp_path / "out.json") == Written(0, 0)
    assert json.loads((tmp_path / "out.json").read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("date", "day"),
    [
        ("2020", "2020-01-01"),
        ("2020-05", "2020-05-01"),
        ("2020-Q3", "2020-07-01"),
        ("<=2020-05-06", "2020-05-06"),
        ("~2020", "2020-01-01"),
        ("", None),
        (None, None),
    ],
)
def test_partial_date_is_rounded_to_its_first_day(date: str | None, day: str | None) -> None:
    assert plain_day(date) == day


_MARK = st.sampled_from(["", "", "<", "<=", ">", ">=", "~"])
_DATE = st.one_of(
    st.none(),
    st.tuples(_MARK, st.sampled_from(["2001", "2001-Q3", "2001-04", "2001-04-05", "2019-12-31"])).map("".join),
)
_BOUND = st.integers(0, 10_000).map(lambda number: f"{number / 10_000:.4f}".rstrip("0").rstrip(".") or "0")
_TITLE = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"], exclude_characters=";=@"), min_size=1, max_size=8
)


@st.composite
def _relations(draw: st.DrawFn) -> Row:
    """Draw a claim that BODS can say: an interest, a seat on a board, or why an owner is not stated."""
    predicate = draw(st.sampled_from(["owns", "has_interest_in", "has_role_in", "owners_unstated"]))
    pairs = {}
    kinds = [kind for kind, name in CODES.interests.items() if name == predicate]
    if predicate == "has_role_in":
        pairs["role"] = draw(st.sampled_from(["board_member", "board_chair"]))
    elif predicate != "owners_unstated":
        pairs["interest"] = draw(st.sampled_from(kinds))
        if draw(st.booleans()):
            pairs["right"] = draw(st.sampled_from(["veto", "golden_share", "party_body"]))
    else:
        pairs["interest"] = draw(st.sampled_from(sorted(CODES.interests)))
    if direct := draw(st.sampled_from([None, "direct", "indirect", "unknown"])):
        pairs["direct"] = direct
    beneficial = draw(st.sampled_from([None, "yes", "no"]))
    if beneficial and predicate != "owners_unstated":
        pairs["beneficial"] = beneficial
    if draw(st.booleans()):
        pairs["title"] = draw(_TITLE)
    more = {"qualifiers": "; ".join(f"{name}={value}" for name, value in pairs.items())}
    if predicate == "owners_unstated":
        more["value"] = draw(st.sampled_from(sorted(CODES.reasons.values())))
    if predicate == "owns" and draw(st.booleans()):
        low, high = sorted((draw(_BOUND), draw(_BOUND)), key=float)
        marks = (
            draw(st.sampled_from([("", ""), (">", ""), ("", "<"), ("~", "~"), (">", "<")])) if low != high else ("", "")
        )
        more |= {"low": marks[0] + low, "high": marks[1] + high, "unit": "share"}
    dates = {name: draw(_DATE) for name in ("valid_from", "valid_to", "observed")}
    more |= {name: date for name, date in dates.items() if date}
    subject, object_ = draw(st.permutations(["bods:a", "bods:b", "bods:c%20d"]))[:2]
    return claim(subject, predicate, "" if predicate == "owners_unstated" else object_, **more)


@settings(max_examples=60)
@given(st.lists(_relations(), min_size=1, max_size=8))
def test_any_relations_come_back_as_they_were(relations: list[Row]) -> None:
    parties = [
        claim(name, "kind", value="company", observed="2020-01-01") for name in ("bods:a", "bods:b", "bods:c%20d")
    ]
    rows = [*parties, *relations]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        written = write(rows, folder / "out.json")
        assert (written.claims, written.left_out, written.remarks) == (len(rows), {}, {})
        assert faults(json.loads((folder / "out.json").read_text("utf-8"))) == []
        reading, back = read(folder / "out.json", folder / "work")
        assert reading.rejected == ()
        assert said(back) == said(rows)


@pytest.mark.shared
def test_codes_that_are_written_are_in_the_public_codelists(shared: Path, tmp_path: Path) -> None:
    folder = shared / "data" / "open" / "bods-examples" / "codelists"
    lists = {}
    for path in folder.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            lists[path.stem] = {row["code"] for row in csv.DictReader(file)}
    for case in CASES:
        write(read(case, tmp_path / case.stem)[1], tmp_path / "out.json")
        for item in json.loads((tmp_path / "out.json").read_text("utf-8")):
            details = item["recordDetails"]
            assert item["recordType"] in lists["recordType"]
            assert item["recordStatus"] in lists["recordStatus"]
            assert details.get("personType", "knownPerson") in lists["personType"]
            assert {one["type"] for one in details.get("interests", [])} <= lists["interestType"]
            assert {one["type"] for one in details.get("names", []) if "type" in one} <= lists["nameType"]
            assert {one["type"] for one in details.get("addresses", []) if "type" in one} <= lists["addressType"]
            assert {note["motivation"] for note in item.get("annotations", [])} <= lists["annotationMotivation"]
            type_ = details.get("entityType", {})
            assert type_.get("type", "state") in lists["entityType"]
            assert type_.get("subtype", "other") in lists["entitySubtype"]


def test_record_of_an_entity_is_its_own_id_again(tmp_path: Path) -> None:
    write(read(DATA / "flaws.json", tmp_path / "work")[1], tmp_path / "out.json")
    records = {item["recordId"] for item in json.loads((tmp_path / "out.json").read_text("utf-8"))}
    assert "a b;c" in records
    assert record_id("lei:PY6ZZQWO2IZFZC3IOL08") == "lei:PY6ZZQWO2IZFZC3IOL08"
