"""The strips: what stands in each cell and why, what narrows below a thing, and a bench whose files the command line runs to the same."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
from starlette.testclient import TestClient

from isthmus.server.app import build_app
from isthmus.service.desk import Desk
from isthmus.service.pages.strips import COLUMNS, ROWS
from tests.small_picture import make_picture, row
from tests.web.small_strips import HOSTILE, ROWS_OF, made


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_picture(tmp_path_factory.mktemp("strips"), ROWS_OF)


@pytest.fixture(scope="module")
def site(path: Path) -> Iterator[TestClient]:
    with TestClient(build_app(Desk(path)), base_url="http://127.0.0.1") as client:
        yield client


class _Table(HTMLParser):
    """Reads the heat map: by market, each cell's class and text; the bars by their label."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows: list[list[tuple[str, str]]] = []
        self.heads: list[str] = []
        self._cell: tuple[str, list[str]] | None = None
        self._inside = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "table":
            self._inside = told.get("class") == "heat"
        if not self._inside:
            return
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self._cell = (told.get("class") or "", [])
        elif tag == "svg" and self._cell is not None:
            self._cell[1].append(f" [{told.get('aria-label')}]")

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th") and self._inside and self._cell is not None:
            self.rows[-1].append((self._cell[0], " ".join(" ".join(self._cell[1]).replace("\u00a0", " ").split())))
            self._cell = None
        elif tag == "table":
            self._inside = False

    def row(self, market: str) -> list[tuple[str, str]]:
        return next(cells for cells in self.rows if cells[0][1].startswith(market + " "))

    def column(self, head: str) -> int:
        return [text for _, text in self.rows[0]].index(head)


class _Attributes(HTMLParser):
    """Gathers the names of all attributes of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {name for name, _ in attrs}


def heat(site: TestClient, by: str, **more: str) -> _Table:
    answer = site.get("/strips", params={"part": "heat", "by": by, **more})
    assert answer.status_code == 200
    return _Table(answer.text)


def test_a_cell_is_a_share_with_its_bracket_coloured_by_its_lower_end(site: TestClient) -> None:
    table = heat(site, "site_country")
    tools = table.row("tools")
    assert tools[table.column("nl")][0] == "h4"
    assert re.fullmatch(r"70 % \d+ \[70 % .*\]", tools[table.column("nl")][1])
    assert tools[table.column("jp")][0] == "h2"
    assert tools[table.column("us")] == ("u", "· not stated")
    assert tools[-2][0] == "rest" and tools[-2][1].startswith("10 %")
    assert tools[-1] == ("end", "5,300–6,800")


def test_rows_stand_by_concentration_and_those_without_an_index_last_with_the_reason(site: TestClient) -> None:
    table = heat(site, "supplier")
    order = [cells[0][1].split()[0] for cells in table.rows[1:]]
    # At least 10,000, 8,100 twice, 5,300, 2,500 and 1,600.
    assert order[0] == "euv" and set(order[1:3]) == {"secret-thing", HOSTILE.split()[0]}
    assert order[3:] == ["tools", "bolts", "Slashed", "optics"]
    assert table.row("optics")[-1][1].startswith("not computable: ")


def test_withheld_and_not_stated_look_and_read_differently(site: TestClient) -> None:
    table = heat(site, "supplier")
    bolts, optics = table.row("bolts"), table.row("optics")
    assert ("u withheld", "shy withheld") in [(kind, re.sub(r" \d+$", "", text)) for kind, text in bolts]
    assert [(kind, re.sub(r" \d+$", "", text)) for kind, text in optics[1:3]] == [
        ("u", "asml not stated"),
        ("u", "nikon not stated"),
    ]


def test_who_has_most_comes_first_where_holders_have_no_columns(site: TestClient) -> None:
    tools = heat(site, "controller").row("tools")
    assert tools[1][1].startswith("asml 70 %") and tools[2][1].startswith("nikon 20 %")


@pytest.mark.parametrize(
    "address",
    [
        "/strips?part=heat&by=site_country",
        "/strips?part=heat&by=supplier",
        "/strips?part=heat&by=controller",
        "/strips?part=heat&by=controller_country",
        "/strips?part=failures",
        "/strips?part=need&need=tools",
        "/strips?part=of&of=phone",
        "/strips?part=answer&change=fail:%20asml",
    ],
)
def test_every_mark_opens_a_slip_and_sources_stay_text(site: TestClient, address: str) -> None:
    page = site.get(address).text
    marks = set(re.findall(r'class="(?:mark|hedge)" href="#(s-[0-9a-f-]+)"', page))
    slips = set(re.findall(r'<article class="slip" id="(s-[0-9a-f-]+)"', page))
    assert marks and marks <= slips
    assert "<script>alert" not in page and 'onerror="' not in page
    assert not _Attributes(page).found & {"style", "onclick", "onerror", "onload"}


def test_every_stated_share_of_the_heat_map_has_a_mark(site: TestClient) -> None:
    for by in ("site_country", "supplier", "controller", "controller_country"):
        page = site.get(f"/strips?part=heat&by={by}").text
        cells = re.findall(r'<td class="(h\d|u withheld)[^"]*">(.*?)</td>', page, re.S)
        assert cells
        assert all('class="mark"' in body for _, body in cells), by


def test_the_frame_comes_at_once_and_each_part_is_a_link(site: TestClient) -> None:
    page = site.get("/strips?change=fail:%20asml").text
    parts = [parse_qs(urlsplit(unescape(one)).query)["part"][0] for one in re.findall(r'data-later="([^"]+)"', page)]
    assert parts == ["heat", "answer", "failures"]
    assert page.count("data-later") == len(
        re.findall(r'<div data-later="([^"]+)"><p class="note"><a class="button" href="\1"', page)
    )


def test_what_alone_and_in_pairs_fails_a_thing_and_its_tree(site: TestClient) -> None:
    page = site.get("/strips?part=of&of=phone").text
    alone, _, pairs = page.partition("Pairs, where neither does it alone")
    assert all(f">{name}</bdi>" in alone for name in ("chips", "tools"))
    assert "glass-a</bdi>" not in alone
    assert "glass-a" in pairs and "glass-b" in pairs
    assert "<svg xmlns" in page and "What phone depends on" in page


def test_one_market_four_ways(site: TestClient) -> None:
    page = site.get("/strips?part=need&need=tools").text.replace("\u00a0", " ")
    assert page.count("<h4>") >= 4
    assert "HHI 5,300–6,800" in page
    assert "“it is said”" in page
    nobody = site.get("/strips?part=need&need=best-chips")
    assert nobody.status_code == 200 and "Looked for who supplies it" in nobody.text


def test_shares_as_csv_are_safe_to_open_and_complete(site: TestClient) -> None:
    answer = site.get("/strips/heat.csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    tools = [one for one in rows if one["thing_id"] == "tools" and one["by"] == "supplier"]
    assert [(one["holder"], one["share_low"], one["state"]) for one in tools][:2] == [
        ("asml", "0.7", "share"),
        ("nikon", "0.2", "share"),
    ]
    assert (tools[0]["hhi_low"], tools[0]["hhi_high"]) == ("5300", "5400")
    assert any(one["state"] == "withheld" for one in rows)
    assert not any(cell.startswith(("=", "+", "@")) for one in rows for cell in one.values() if cell)


def test_below_its_marking_a_planted_word_is_nowhere(site: TestClient) -> None:
    clear = "ceiling=TLP%3ACLEAR"
    parts = ("heat&by=supplier", "heat&by=site_country", "failures", "of&of=phone", "answer&change=fail:%20phone")
    for address in ("/strips", "/strips/heat.csv", *(f"/strips?part={part}" for part in parts)):
        page = site.get(address + ("&" if "?" in address else "?") + clear).text
        assert "xyzzyplugh" not in page and "secret-thing" not in page, address
    assert "xyzzyplugh" in site.get("/strips?part=heat&by=supplier").text
    assert "This cannot be answered" in site.get(f"/strips?part=answer&change=fail:%20xyzzyplugh&{clear}").text


def test_many_markets_and_countries_are_paged_and_folded_together(tmp_path: Path) -> None:
    countries = [f"c{number:02}" for number in range(20)]
    rows = [row(country, "kind", "state") for country in countries]
    for good in range(30):
        rows += [made(country, f"good-{good:02}", round(0.04 + good / 10_000, 4)) for country in countries]
    with TestClient(build_app(Desk(make_picture(tmp_path, rows))), base_url="http://127.0.0.1") as client:
        seen: list[str] = []
        for page in (1, 2, 3):
            table = heat(client, "site_country", page=str(page))
            assert len(table.rows[0]) == 1 + COLUMNS + 3
            seen += [cells[0][1].split()[0] for cells in table.rows[1:]]
            others = table.rows[1][table.column("others, named")][1]
            assert others.endswith("]") and f"{20 - COLUMNS} named" in others
        assert len(seen) == len(set(seen)) == 30 and ROWS < 30
        assert client.get("/strips?part=heat&page=4").status_code == 400


def test_a_picture_without_markets_teaches_what_to_do(tmp_path: Path) -> None:
    picture = make_picture(tmp_path, [row("one", "kind", "company")])
    with TestClient(build_app(Desk(picture)), base_url="http://127.0.0.1") as client:
        assert "nobody is named" in client.get("/strips?part=heat").text
        assert "bring needs in" in client.get("/strips?part=failures").text
        assert client.get("/strips").status_code == 200


def test_the_heat_map_is_given_out_as_a_drawing_and_text_in_it_stays_text(site: TestClient) -> None:
    answer = site.get("/strips/heat.svg?by=supplier")
    assert (
        answer.headers["content-type"].startswith("image/svg+xml")
        and "attachment" in answer.headers["content-disposition"]
    )
    names = {one.tag.rpartition("}")[2] for one in ElementTree.fromstring(answer.text).iter()}
    assert "script" not in names and "image" not in names and "by supplier" in answer.text


def test_another_day_keeps_what_is_looked_at(site: TestClient) -> None:
    page = site.get("/strips", params={"by": "supplier", "change": ["fail: asml", "fail: nikon"]}).text
    form = page[page.index('class="asof"') : page.index("</form>", page.index('class="asof"'))]
    kept = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form)
    assert [value for name, value in kept if name == "change"] == ["fail: asml", "fail: nikon"] and (
        "by",
        "supplier",
    ) in kept
