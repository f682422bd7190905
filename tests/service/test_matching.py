"""Matching names, screening lists and resolving entities, on an invented coast."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pyarrow as arrow
import pytest
from openpyxl import Workbook
from pyarrow import parquet

from isthmus import ArgumentError, FormatError, Request, service
from isthmus.claims.store import Store
from isthmus.picture import Picture
from isthmus.picture.subjects import read_subjects
from isthmus.picture.twins import one_letter_apart
from isthmus.service.screened_file import guarded

HEADER = (
    "subject",
    "predicate",
    "object",
    "value",
    "qualifiers",
    "valid_from",
    "valid_to",
    "mode",
    "source",
    "locator",
)
LEIS = ("506700GE1G29325QX363", "5493006MHB84DD0ZWV18")
LISTED = {"as": "Watched firm"}


def claim(subject: str, predicate: str, value: str = "", **more: str) -> dict[str, str]:
    held = {
        "subject": subject,
        "predicate": predicate,
        "value": value,
        "mode": "actual",
        "source": "atlas",
        "locator": "p. 1",
    }
    return held | more


def thing(name: str, kind: str, *names: str, source: str = "atlas") -> list[dict[str, str]]:
    return [claim(name, "kind", kind, source=source), *(claim(name, "name", text, source=source) for text in names)]


def listed(name: str, since: str, until: str = "", source: str = "watch-list") -> dict[str, str]:
    dates = {"valid_from": since, "valid_to": until}
    return claim("coast-office", "designates", object=name, qualifiers="as=Watched firm", source=source, **dates)


CLAIMS = [
    *thing("coast-office", "public_body", "Coast Office"),
    *thing("northgate", "company", "Northgate Networks Ltd", "诺斯盖特网络有限公司"),
    *thing("list:northgate", "company", "Northgate Networks Limited", source="watch-list"),
    *thing("list:tarnfell", "company", "Tarnfell Dynamics Inc", source="watch-list"),
    *thing("list:skerrow", "company", "Skerrow Marine Cable GmbH", source="watch-list"),
    *thing("list:later", "company", "Oxmoor Satellite AG", source="watch-list"),
    listed("list:northgate", "2020-05-01"),
    listed("list:tarnfell", "2019-01-01", "<2022-01-01"),
    listed("list:skerrow", "2018-01-01"),
    listed("list:skerrow", "2020-01-01", "<2023-06-01"),
    listed("list:later", "2099-01-01"),
    *thing("kelda-1", "company", "Kelda Harbour Systems Ltd"),
    *thing("kelda-2", "company", "Kelda Harbour Systems Ltd"),
    claim("kelda-1", "identifier", LEIS[0], qualifiers="scheme=lei"),
    claim("kelda-2", "identifier", LEIS[1], qualifiers="scheme=lei"),
    *thing("zetrix", "network", "Zetrix"),
    *thing("zitrix", "network", "Zitrix"),
    *thing("ro-1", "person", "Ro Baskun"),
    *thing("ro-2", "person", "Ro Baskuan"),
    *thing("ivo", "company", "Ivoria Optics Group"),
    *thing("ivo-labs", "company", "Ivoria Optics Group Ltd"),
    claim("ivo", "owns", object="ivo-labs"),
    claim("northgate", "located_in", object="harrow"),
    *thing("harrow", "place", "Harrow Quay"),
    claim("harrow", "located_in", object="iso:GB"),
    *thing("iso:GB", "state", "United Kingdom"),
    claim("northgate", "status", "active", valid_from="2001"),
    claim("list:tarnfell", "status", "ended", valid_from="2021-03"),
]


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    evidence = tmp_path / "claims.csv"
    with evidence.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, HEADER, restval="")
        writer.writeheader()
        writer.writerows(CLAIMS)
    path = tmp_path / "coast.duckdb"
    report = service.add_files(path, [evidence])["files"][0]
    assert report["rejected"] == []
    return path


def names_file(folder: Path, *rows: str, header: str = "name", name: str = "names.csv") -> Path:
    path = folder / name
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def screen(picture: Path | None, file: Path, *against: str, **more: Any) -> dict[str, Any]:
    return service.screen(picture, file, against or ("watch-list",), as_of="2026-01-01", **more)


def pairs(found: dict[str, Any]) -> set[tuple[str, str]]:
    return {(item["a"], item["b"]) for item in found["proposals"]}


# -- match ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["organization", "Organisation", "Company", "LegalEntity", "person", None])
def test_match_takes_kinds_of_the_vocabulary_and_of_ftm(kind: str | None) -> None:
    found = service.match("Northgate Networks Ltd", "Northgate Networks Limited", kind=kind)
    assert set(found) == {"score", "verdict", "reasons", "names"}
    assert found["verdict"] == "same"


def test_match_refuses_what_is_no_kind_or_no_name() -> None:
    with pytest.raises(ArgumentError, match="no kind"):
        service.match("Northgate", "Northgate", kind="cheese")
    with pytest.raises(ArgumentError, match="empty"):
        service.match("  ", "Northgate")


# -- subjects -------------------------------------------------------------------------------------------------------


def test_subjects_have_countries_by_way_of_places_and_dates(picture: Path) -> None:
    with Store(picture, read_only=True) as store:
        found = read_subjects(Picture(store))
    assert found["northgate"].countries == {"gb"}
    assert found["northgate"].since == "2001-01-01"
    assert found["list:tarnfell"].until == "2021-03-31"
    assert found["kelda-1"].identifiers == {("lei", LEIS[0])}
    assert found["ro-1"].kind == "person"
    assert set(found["northgate"].names) == {"Northgate Networks Ltd", "诺斯盖特网络有限公司"}


def test_a_slip_is_one_letter_of_a_long_word() -> None:
    def apart(one: str, two: str) -> bool:
        return bool(list(one_letter_apart([("a", one), ("b", two)])))

    assert apart("Zetrix", "Zitrix")
    assert apart("Ro Baskun", "Ro Baskuan")
    assert apart("ZETRIX", "Zetrix")
    assert not apart("Release 15", "Release 16")
    assert not apart("DF-31", "DF-31A")
    assert not apart("Class A", "Class B")
    assert not apart("Zetrix", "Zytrax")


# -- screen ---------------------------------------------------------------------------------------------------------


def test_screen_finds_what_is_listed_with_programme_and_dates(picture: Path, tmp_path: Path) -> None:
    found = screen(picture, names_file(tmp_path, "Northgate Networks", "Nobody Knows Me"))
    assert (found["names"], found["matched"]) == (2, 1)
    candidate = found["rows"][0]["candidates"][0]
    assert (candidate["id"], candidate["state"], candidate["lists"]) == ("list:northgate", "listed", ["watch-list"])
    assert candidate["reasons"]
    entry = candidate["listings"][0]
    assert (entry["programme"], entry["from"], entry["to"]) == ("Watched firm", "2020-05-01", None)
    assert found["lists"][0] | {"title": ""} == {
        "list": "watch-list", "title": "", "entries": 4, "listed": 1, "delisted": 2, "not_yet_listed": 1, "rejected": 0,
    }  # fmt: skip


def test_delisted_is_not_listed_but_counted(picture: Path, tmp_path: Path) -> None:
    file = names_file(tmp_path, "Tarnfell Dynamics", "Skerrow Marine Cable GmbH", "Oxmoor Satellite AG")
    found = screen(picture, file)
    assert found["matched"] == 0
    assert found["left_out"] == {"delisted": 2, "not_yet_listed": 1, "judged_different": 0}
    assert found["rows"][0]["delisted"] == ["Tarnfell Dynamics Inc"]
    shown = screen(picture, file, include_delisted=True)
    assert [row["candidates"][0]["state"] for row in shown["rows"]] == ["delisted", "delisted", "not yet"]
    earlier = service.screen(picture, file, ["watch-list"], as_of="2021")
    assert [len(row["candidates"]) for row in earlier["rows"]] == [1, 1, 0]


def test_an_open_entry_ends_with_a_later_one_of_its_programme(picture: Path, tmp_path: Path) -> None:
    found = screen(picture, names_file(tmp_path, "Skerrow Marine Cable GmbH"), include_delisted=True)
    entries = found["rows"][0]["candidates"][0]["listings"]
    assert [(item["to"], item["closed_by_later"]) for item in entries] == [
        ("<2023-06-01", True),
        ("<2023-06-01", False),
    ]


def test_judged_different_stays_out_and_is_counted(picture: Path, tmp_path: Path) -> None:
    file = names_file(tmp_path, "northgate,Northgate Networks Ltd", ",Northgate Networks Ltd", header="id,name")
    assert [len(row["candidates"]) for row in screen(picture, file)["rows"]] == [1, 1]
    service.judge(picture, "northgate", "list:northgate", "different", "two registers", who="ana")
    found = screen(picture, file)
    assert [len(row["candidates"]) for row in found["rows"]] == [0, 0]
    assert found["left_out"]["judged_different"] == 2


def test_a_namesake_of_what_was_judged_different_is_still_found(picture: Path, tmp_path: Path) -> None:
    service.judge(picture, "northgate", "list:northgate", "different", "two registers", who="ana")
    found = screen(picture, names_file(tmp_path, "Northgate Networks Limited"))
    assert found["rows"][0]["candidates"][0]["id"] == "list:northgate"


def test_bad_rows_are_listed_with_line_and_reason(picture: Path, tmp_path: Path) -> None:
    rows = (",", "Q,", "GmbH,", "Northgate Networks,Atlantis", f"{'x' * 2000},", "?!,", "a,b,c")
    found = screen(picture, names_file(tmp_path, *rows, header="name,country"))
    told = {item["line"]: item["reason"] for item in found["rejected"]}
    assert set(told) == {2, 4, 6, 7, 8}
    assert "empty" in told[2]
    assert "legal form" in told[4]
    assert "2,000 characters" in told[6]
    assert [(item["line"], "one letter" in item["what"]) for item in found["remarks"]] == [(3, True), (5, False)]
    assert found["names"] == 2


def test_lists_and_names_may_be_files_of_any_kind(tmp_path: Path) -> None:
    watch = tmp_path / "watch.txt"
    watch.write_text("Northgate Networks Ltd\n\nGmbH\n", encoding="utf-8")
    parquet.write_table(arrow.table({"Firm": ["Northgate Networks", None]}), tmp_path / "n.parquet")
    book = Workbook()
    for row in (["Firm", "note"], ["Northgate Networks", 1]):
        book.active.append(row)
    book.save(tmp_path / "n.xlsx")
    names_file(tmp_path, "1;Northgate Networks", header="no;Firm", name="n.csv")
    for name in ("n.parquet", "n.xlsx", "n.csv"):
        found = screen(None, tmp_path / name, str(watch), column="firm")
        assert found["rows"][0]["candidates"][0]["caption"] == "Northgate Networks Ltd", name
        assert found["lists"][0]["rejected"] == 2


def test_screen_refuses_what_is_no_list(picture: Path, tmp_path: Path) -> None:
    file = names_file(tmp_path, "Northgate")
    with pytest.raises(ArgumentError, match="neither a source"):
        screen(picture, file, "no-such-list")
    with pytest.raises(ArgumentError, match="no picture here"):
        screen(None, file, "watch-list")
    with pytest.raises(ArgumentError, match="no column “firm”"):
        screen(picture, file, column="firm")
    with pytest.raises(FormatError):
        screen(picture, tmp_path / "missing.csv")
    with pytest.raises(ArgumentError, match="CSV or JSON"):
        screen(picture, file, out=tmp_path / "o.pdf")
    with pytest.raises(ArgumentError, match="read itself"):
        screen(picture, file, out=file)


def test_results_are_written_safe_for_a_spreadsheet(picture: Path, tmp_path: Path) -> None:
    file = names_file(tmp_path, "=HYPERLINK(1)", "@Northgate Networks", "Tarnfell Dynamics", "GmbH")
    out = tmp_path / "found.csv"
    result = screen(picture, file, out=out)
    with out.open(encoding="utf-8", newline="") as held:
        rows = list(csv.DictReader(held))
    assert [row["line"] for row in rows] == ["2", "3", "4", "5"]
    assert rows[0]["name"] == "'=HYPERLINK(1)"
    assert rows[1]["name"] == "'@Northgate Networks"
    assert rows[1]["candidate_id"] == "list:northgate"
    assert rows[2]["remark"] == "delisted: Tarnfell Dynamics Inc"
    assert rows[3]["remark"].startswith("not compared")
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())
    screen(picture, file, out=tmp_path / "found.json")
    written = json.loads((tmp_path / "found.json").read_text("utf-8"))
    assert written["rows"] == result["rows"]
    assert guarded("-1") == "'-1"


# -- resolve --------------------------------------------------------------------------------------------------------


def test_resolve_proposes_best_first_with_reasons(picture: Path) -> None:
    found = service.resolve(picture)
    assert set(found) >= {"proposals", "applied", "left"}
    assert {("list:northgate", "northgate"), ("zetrix", "zitrix"), ("ro-1", "ro-2"), ("ivo", "ivo-labs")} <= pairs(
        found
    )
    assert ("kelda-1", "kelda-2") not in pairs(found)
    scores = [item["score"] for item in found["proposals"]]
    assert scores == sorted(scores, reverse=True)
    assert all(set(item) == {"a", "b", "score", "verdict", "reasons", "names"} for item in found["proposals"])
    told = {(item["a"], item["b"]): item for item in found["proposals"]}
    slip = told["zetrix", "zitrix"]
    assert slip["verdict"] == "possible"
    assert slip["reasons"][0]["feature"] == "one_letter"
    assert told["ro-1", "ro-2"]["verdict"] == "possible"
    assert told["ivo", "ivo-labs"]["verdict"] == "possible"
    assert told["ivo", "ivo-labs"]["reasons"][0]["feature"] == "related"
    assert (found["applied"], found["left"]) == (0, len(found["proposals"]))


@pytest.mark.parametrize("verdict", ["same", "different", "unsure"])
def test_what_is_judged_is_not_proposed(picture: Path, verdict: str) -> None:
    service.judge(picture, "zetrix", "zitrix", verdict, "looked", who="ana")
    assert ("zetrix", "zitrix") not in pairs(service.resolve(picture))


def test_apply_joins_the_sure_ones_by_rule_and_can_be_undone(picture: Path) -> None:
    with Store(picture, read_only=True) as store:
        before = Picture(store).hash
    found = service.resolve(picture, apply=True)
    assert found["applied"] == len(found["joined"]) == 1
    with Store(picture, read_only=True) as store:
        view = Picture(store)
        stored = view.judgements[-1]
        assert view.resolution.group("northgate") == ("list:northgate", "northgate")
        assert view.resolution.group("kelda-1") == ("kelda-1",)
        assert (stored.who, stored.verdict) == ("rule names/1", "same")
        assert stored.score is not None
        assert stored.reasons
    assert service.resolve(picture, apply=True)["applied"] == 0
    service.unjudge(picture, "northgate", "list:northgate", who="ana", why=None)
    with Store(picture, read_only=True) as store:
        assert Picture(store).hash == before


def test_apply_never_joins_by_way_of_a_third(picture: Path, tmp_path: Path) -> None:
    """A third Kelda without an identifier may join one of the two, never both."""
    extra = tmp_path / "extra.csv"
    with extra.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, HEADER, restval="")
        writer.writeheader()
        writer.writerows(thing("kelda-3", "company", "Kelda Harbour Systems Ltd"))
    service.add_files(picture, [extra])
    found = service.resolve(picture, apply=True)
    assert len([item for item in found["joined"] if "kelda-3" in (item["a"], item["b"])]) == 1
    assert len(found["held_back"]) == 1
    assert "lei" in found["held_back"][0]["why"]
    with Store(picture, read_only=True) as store:
        assert not Picture(store).resolution.contradictions


def test_above_a_bar_only(picture: Path) -> None:
    assert service.resolve(picture, apply=True, bar=1.0)["applied"] == 0
    assert pairs(service.resolve(picture, bar=0.999999)) == set()
    few = service.resolve(picture, limit=1)
    assert len(few["proposals"]) == 1
    assert few["left"] > 1


def test_a_second_reviewer_is_asked_and_the_first_is_not(picture: Path) -> None:
    found = service.resolve(picture, require_second=True, who="ana")
    proposal = next(item for item in found["proposals"] if item["a"] == "zetrix")
    service.decide(picture, proposal, "same", who="ana")
    assert ("zetrix", "zitrix") not in pairs(service.resolve(picture, who="ana"))
    again = service.resolve(picture, who="ben")
    asked = next(item for item in again["proposals"] if item["a"] == "zetrix")
    assert asked["reasons"][0]["feature"] == "second_reviewer"
    with Store(picture, read_only=True) as store:
        assert Picture(store).resolution.of("zitrix") == "zitrix"
    service.decide(picture, asked, "same", who="ben")
    with Store(picture, read_only=True) as store:
        assert Picture(store, Request()).resolution.of("zitrix") == "zetrix"


def test_a_decision_is_taken_back(picture: Path) -> None:
    proposal = next(item for item in service.resolve(picture)["proposals"] if item["a"] == "zetrix")
    service.decide(picture, proposal, "different", who="ana")
    assert service.take_back(picture, proposal, who="ana") == 1
    assert ("zetrix", "zitrix") in pairs(service.resolve(picture))
    assert [side["entity"]["id"] for side in service.sides(picture, "zetrix", "zitrix")] == ["zetrix", "zitrix"]


def test_initials_alone_are_no_ground_for_a_rule(tmp_path: Path) -> None:
    rows = [
        *thing("long", "company", "Ostrava Plastics Quarry Xenon Corporation"),
        *thing("short", "company", "OPQXC"),
        *thing("both", "company", "OPQXC", "Ostrava Plastics Quarry Xenon Corp"),
    ]
    evidence = tmp_path / "claims.csv"
    with evidence.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, HEADER, restval="")
        writer.writeheader()
        writer.writerows(rows)
    path = tmp_path / "p.duckdb"
    service.add_files(path, [evidence])
    found = service.resolve(path, apply=True)
    joined = {(item["a"], item["b"]) for item in found["joined"]}
    assert ("both", "long") in joined
    assert ("long", "short") not in joined
