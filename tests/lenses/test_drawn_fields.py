"""What a drawing needs of a finding, and nobody else does: shares of the rest, what is withheld, who is cut, what is certain."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from isthmus.claims.store import Store
from isthmus.lenses import concentration, dependence
from isthmus.model import Finding
from isthmus.picture import Picture, Request
from isthmus.service import add_files

HEAD = "subject,predicate,object,low,high,unit,qualifiers,source,locator,valid_from\n"
NEEDS = """\
works,uses,line,,,,,s,1,
works,uses,gate,,,,condition=if it rains,s,1,
works,uses,lift,,,,,s,1,~2020-06
works,uses,pump,,,,condition=if it rains,s,1,
works,uses,pump,,,,,t,1,
plant,uses,rail,,,,,s,1,
plant,uses,one,,,,need=power,s,1,
plant,uses,two,,,,need=power,s,1,
rail,uses,valve,,,,,s,1,
one,uses,valve,,,,,s,1,
two,uses,belt,,,,,s,1,
"""
SILENT = "shy,produces,bolts,,,,reason=withheld,s,3,\nmute,produces,bolts,,,,,s,4,\n"


def firms(good: str, *shares: int) -> str:
    rows = [
        f"{good}-firm-{at:02},produces,{good},{part},{part},t/year,out_of=1000,s,2," for at, part in enumerate(shares)
    ]
    return "\n".join(rows) + "\n"


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Picture]:
    """Return a picture of three markets and of two things with needs, in the middle of a month."""
    folder: Path = tmp_path_factory.mktemp("drawn")
    claims = firms("wire", 500, 250) + firms("bolts", 500) + SILENT + firms("nails", *range(42, 2, -1)) + NEEDS
    (folder / "claims.csv").write_text(HEAD + claims, "utf-8")
    add_files(folder / "p.duckdb", [folder / "claims.csv"])
    with Store(folder / "p.duckdb", read_only=True) as store:
        yield Picture(store, Request(as_of="2020-06-15"))


@pytest.fixture(scope="module")
def whole(picture: Picture) -> Finding:
    return concentration.ask(picture)


def supplier(rows: Any) -> dict[str, Any]:
    return dict(next(row for row in rows if row["by"] == "supplier"))


def both(picture: Picture, whole: Finding, good: str) -> list[dict[str, Any]]:
    """Return the row of a good by supplier, from the question about it and from that about the whole picture."""
    (answer,) = (answer for answer in whole.answers if answer["entity"] == good)
    return [supplier(concentration.ask(picture, good).answers), supplier(answer["ways"])]


def test_what_nobody_named_has_is_a_share_whatever_the_unit(picture: Picture, whole: Finding) -> None:
    for row in both(picture, whole, "wire"):
        assert (row["unattributed"]["low"], row["unattributed"]["unit"]) == (250, "t/year")
        rest = row["unattributed_share"]
        assert (rest["low"], rest["high"], rest["unit"]) == (0.25, 0.25, "share")


def test_what_is_withheld_is_told_from_what_is_not_stated(picture: Picture, whole: Finding) -> None:
    for row in both(picture, whole, "bolts"):
        top = {holder["entity"]: holder for holder in row["top"]}
        assert {name: holder.get("withheld", False) for name, holder in top.items()} == {
            "bolts-firm-00": False, "shy": True, "mute": False
        }  # fmt: skip
        assert top["shy"]["share"] is None


def test_those_beyond_the_first_thirty_are_added_up(picture: Picture, whole: Finding) -> None:
    full, brief = both(picture, whole, "nails")
    assert len(full["top"]) == 40
    assert "more" not in full
    assert len(brief["top"]) == 30
    assert (brief["more"]["holders"], brief["more"]["without_share"]) == (10, 0)
    # The last ten have 12 to 3 of 1000, 75 together.
    assert brief["more"]["share"]["low"] == pytest.approx(0.075)


def test_an_alternative_is_certain_where_a_claim_surely_holds_and_under_no_condition(picture: Picture) -> None:
    needs = dependence.ask(picture, "works").to_json()["needs"]
    found = {one["alternatives"][0]["entity"]: one["alternatives"][0]["certain"] for one in needs}
    assert found == {"line": True, "gate": False, "lift": False, "pump": True}


def test_what_fails_it_alone_is_said_only_where_it_is_asked(picture: Picture) -> None:
    plain, marked = dependence.ask(picture, "plant"), dependence.ask(picture, "plant", alone=True)
    assert all("alone" not in row for row in plain.answers)
    assert {row["entity"]: row["alone"] for row in marked.answers} == {
        "rail": True, "one": False, "two": False, "valve": True, "belt": False
    }  # fmt: skip
    assert plain.id != marked.id
