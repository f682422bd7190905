"""The 1260H list: its printed parents as chains of control, and who stands on it on which day.

What is expected is worked out from the file itself, without a picture.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from isthmus.claims.store import Store
from isthmus.lenses import control
from isthmus.picture import Picture, Request
from isthmus.service import add_files

from .conftest import Told, answer, verdicts

FILE = "data/restricted/opensanctions-curated/us__dod_chinese_milcorps__sanctions.csv"
FIRST = "2021-06-03"
"""The day of the first notice."""
DAYS = (FIRST, "2024-01-30", "2024-01-31", "2025-01-06", "2025-01-07", "2026-02-16", "2026-02-17", "2026-06-08")
AVIC = "us-1260h:aviation-industry-corporation-of-china-ltd"

pytestmark = pytest.mark.shared


@dataclass(frozen=True)
class Line:
    """One line of the list."""

    company: str
    parent: str
    listed: str
    removed: str

    def stands(self, day: str) -> bool:
        return self.listed <= day and (not self.removed or day < self.removed)


def named(text: str) -> str:
    """Return the id of a printed name: its letters and digits."""
    return "us-1260h:" + re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") if text.strip() else ""


@pytest.fixture(scope="module")
def lines(shared: Path) -> list[Line]:
    path = shared / FILE
    if not path.is_file():
        pytest.skip(f"the shared data lack {path.name}")
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Line(named(row["Clean Name"]), named(row["Parent Name"]), row["Start date"], row["End date"])
            for row in csv.DictReader(file)
        ]


@pytest.fixture(scope="module")
def listing(shared: Path, lines: list[Line], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the picture of the list alone."""
    path = tmp_path_factory.mktemp("listing") / "picture.duckdb"
    report = add_files(path, [shared / FILE])["files"][0]
    assert (report["rows"], report["rejected"]) == (len(lines), [])
    return path


@pytest.fixture(scope="module")
def store(listing: Path) -> Iterator[Store]:
    with Store(listing, read_only=True) as opened:
        yield opened


def parents_of(lines: list[Line], day: str = "9999") -> dict[str, set[str]]:
    """Return the parents that are printed for each company in the notices up to a day."""
    found: dict[str, set[str]] = {}
    for line in lines:
        if line.parent and line.listed <= day:
            found.setdefault(line.company, set()).add(line.parent)
    return found


def tops(parents: dict[str, set[str]], company: str) -> set[str]:
    """Return those above a company who have nobody above them."""
    above, found = [company], set[str]()
    seen: set[str] = set()
    while above:
        one = above.pop()
        if one in seen:
            continue
        seen.add(one)
        above += parents.get(one, ())
        if one != company and one not in parents:
            found.add(one)
    return found


def test_the_list_prints_as_many_parents_as_are_known(lines: list[Line]) -> None:
    printed = [line for line in lines if line.parent]
    parents = parents_of(lines)
    assert (len(printed), len(parents), sum(map(len, parents.values()))) == (197, 135, 141)
    assert not any(company in names for company, names in parents.items()), "nobody is his own parent"


def test_the_ultimate_controller_of_each_is_the_top_of_its_chain(lines: list[Line], store: Store) -> None:
    picture, parents = Picture(store), parents_of(lines)
    for company in parents:
        found = control.ask(picture, of=company, ultimate=True)
        assert {row["entity"] for row in found.extra["holders"]} == parents[company]
        assert {row["entity"] for row in found.answers} == tops(parents, company)
        assert {row["verdict"] for row in found.answers} == {"may control"}, "the list says no share"
        assert {row["share"]["high"] for row in found.answers} == {1}


def test_nothing_is_held_before_the_first_notice(lines: list[Line], store: Store) -> None:
    picture, parents = Picture(store, Request(as_of="2021-06-02")), parents_of(lines)
    assert not parents_of(lines, "2021-06-02")
    for parent in sorted(set().union(*parents.values())):
        assert control.ask(picture, by=parent).answers == ()
    for company in sorted(parents)[:5]:
        assert control.ask(picture, of=company).answers == ()


@pytest.mark.parametrize("day", DAYS)
def test_who_is_listed_differs_with_the_day(lines: list[Line], store: Store, day: str) -> None:
    picture = Picture(store, Request(as_of=day))
    parents = parents_of(lines, day)
    listed = {line.company for line in lines if line.stands(day)}
    marked: set[str] = set()
    for parent in sorted(set().union(*parents.values())):
        answers = control.ask(picture, by=parent).answers
        children = {row["entity"] for row in answers}
        assert children == {company for company, names in parents.items() if parent in names}
        found = {row["entity"] for row in answers if "designated" in row}
        assert found == children & listed
        marked |= found
    assert marked
    company = max(parents, key=lambda name: len(parents[name] & listed))
    answers = control.ask(picture, of=company).answers
    assert {row["entity"] for row in answers if "designated" in row} == parents[company] & listed


def test_a_company_that_was_removed_is_listed_before_and_not_after(
    lines: list[Line], listing: Path, told: Told
) -> None:
    """Through the command line; the parent that a notice printed is still known when the company is off the list."""
    ended = {line.company: line for line in lines if line.removed and line.parent}
    again = {line.company for line in lines if not line.removed}
    line = next(line for name, line in sorted(ended.items()) if name not in again)
    before = told(listing, "ask", "control", "--by", line.parent, "--as-of", line.listed)
    (mark,) = [item for item in answer(before, line.company)["designated"] if item["from"] == line.listed]
    assert (mark["by"], mark["as"]) == ("us-dod", "Chinese military company (section 1260H)")
    assert set(mark["claims"]) <= set(before["claims"])
    after = told(listing, "ask", "control", "--by", line.parent, "--as-of", line.removed)
    assert "designated" not in answer(after, line.company)
    assert verdicts(after)[line.company] == "may control"
    for day, listed in ((line.listed, True), (line.removed, False)):
        of = told(listing, "ask", "control", "--of", line.company, "--as-of", day)
        assert bool(of.get("designated")) == listed, "of the thing asked about as well"
    now = told(listing, "ask", "control", "--by", line.parent)
    assert "designated" not in answer(now, line.company)


def test_what_listed_parties_own_of_a_thing_is_asked_without_naming_them(listing: Path, told: Told) -> None:
    found = told(
        listing, "ask", "control", "--of", "us-1260h:avic-heavy-machinery-company-limited", "--profile", "aggregate_50"
    )
    row = answer(found, AVIC)
    assert (row["verdict"], row["met"], row["rule"]) == ("may control", None, "aggregate_50/1")
    assert row["designated"]
