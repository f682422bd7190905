"""The what-if bench: changes by click, by form and by file, what falls, and files that the command line runs to the same finding."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from starlette.testclient import TestClient

from isthmus import service
from isthmus.cli import main
from isthmus.server.app import build_app
from isthmus.service.desk import Desk
from tests.small_picture import make_picture
from tests.web.small_strips import HOSTILE, ROWS_OF


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_picture(tmp_path_factory.mktemp("strips"), ROWS_OF)


@pytest.fixture(scope="module")
def site(path: Path) -> Iterator[TestClient]:
    with TestClient(build_app(Desk(path)), base_url="http://127.0.0.1") as client:
        yield client


def test_pressing_fail_this_puts_a_change_on_the_bench_and_it_can_be_removed(site: TestClient) -> None:
    part = site.get("/strips?part=heat&by=supplier&change=fail:%20nikon").text
    link = next(one for one in map(unescape, re.findall(r'<a href="([^"]+)">fail this', part)) if "euv" in one)
    page = site.get(link)
    assert "Loss of nikon" in page.text and "Loss of euv" in page.text
    removed = unescape(re.findall(r'<a class="button" href="([^"]+)">Remove', page.text)[0])
    left = site.get(removed).text
    assert "Loss of nikon" not in left and "Loss of euv" in left


def test_a_thing_with_any_id_can_be_put_on_the_bench(site: TestClient) -> None:
    part = site.get("/strips?part=heat&by=supplier").text
    links = [unescape(one) for one in re.findall(r'<a href="([^"]+)">fail this', part)]
    pages = [site.get(one).text for one in links]
    assert any("Loss of Slashed" in page for page in pages)
    assert all("This change cannot be read" not in page for page in pages)


def named(fields: dict[str, str]) -> dict[str, str]:
    return {key if key == "kind" else f"c_{key}": value for key, value in fields.items()}


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"kind": "fail", "what": " asml "}, "{fail: asml}"),
        (
            {"kind": "fail_controlled_by", "what": "asml", "rule": "majority"},
            "{fail_controlled_by: asml, rule: majority}",
        ),
        (
            {"kind": "restrict_export", "of": "tools", "from": "nl", "to": "", "left": "30 to 50 %", "at": "2"},
            "{restrict_export: {of: tools, from: nl, left: [30%, 50%]}, at: '2'}",
        ),
        (
            {"kind": "add_capacity", "of": "tools", "by": "New: one", "share": "20 %", "after": "2 years"},
            "{add_capacity: {of: tools, by: 'New: one', share: 20%, after: 2 years}}",
        ),
        ({"kind": "delay", "what": "asml", "months": "6"}, "{delay: {what: asml, months: '6'}}"),
    ],
)
def test_the_form_of_a_change_writes_it_as_a_scenario_file_would(
    site: TestClient, fields: dict[str, str], line: str
) -> None:
    answer = site.get(
        "/strips/add", params={"change": "fail: nikon", "by": "supplier", **named(fields)}, follow_redirects=False
    )
    assert answer.status_code == 307
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    assert query["change"] == ["fail: nikon", line] and query["by"] == ["supplier"]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"kind": "fail"}, "needs “what”"),
        ({"kind": "explode", "what": "x"}, "is no change"),
        ({"kind": "restrict_export", "of": "tools", "from": "nl", "left": "140 %"}, "more than the whole"),
        ({"kind": "delay", "what": "asml", "months": "soon"}, "no number of months"),
        ({"kind": "fail", "what": "asml", "at": "-3"}, "no number of months"),
    ],
)
def test_a_change_that_is_none_is_refused_with_a_hint(site: TestClient, fields: dict[str, str], told: str) -> None:
    answer = site.get("/strips/add", params=named(fields))
    assert answer.status_code == 400 and told in unescape(answer.text)


def test_what_falls_is_told_in_order_with_what_is_left(site: TestClient) -> None:
    page = site.get("/strips?part=answer&change=fail:%20asml").text
    told = page[page.index('<ol class="steps">') : page.index("</ol>", page.index('<ol class="steps">'))]
    order = [told.index(f">{name}</bdi>") for name in ("asml", "tools", "chips")]
    assert order == sorted(order)
    assert re.search(r">tools</bdi>.*?degrades.*?<span class=\"num\">30 %</span> left", told, re.S)
    assert re.search(r">best-chips</bdi></a></b> <span class=\"v\">fails", told)
    assert '<path class="ln"' in page


def test_survivors_say_by_what_they_survive(site: TestClient) -> None:
    page = site.get("/strips?part=answer&change=fail:%20glass-a").text
    after = page[page.index("What survives beside these") :]
    assert ">phone</bdi>" in after and "without glass-a: there is glass-b" in after


@pytest.mark.parametrize(
    "more", [{}, {"as_of": "2025"}, {"strength": "all", "ask": "phone", "title": "A title", "horizon": "24 months"}]
)
def test_the_saved_file_runs_on_the_command_line_to_the_same_finding(
    site: TestClient, path: Path, tmp_path: Path, more: dict[str, str]
) -> None:
    query = {
        "change": [
            "fail: asml",
            "{restrict_export: {of: tools, from: jp, left: [10%, 40%]}, at: 2}",
            "{add_capacity: {of: tools, by: New one, share: 20%, after: 12 months}}",
        ],
        **more,
    }
    page = site.get("/strips", params={"part": "answer", **query}).text
    (held,) = re.findall(r'Finding <span class="id">(f-[0-9a-f]+)</span>', page)
    sent = site.get("/strips/scenario.yaml", params=query)
    assert sent.headers["content-disposition"] == 'attachment; filename="scenario.yaml"'
    file = tmp_path / "scenario.yaml"
    file.write_bytes(sent.content)
    found = service.suppose(path, [file])
    assert found["id"] == held
    assert [row["entity"] for row in found["answers"]][:1]
    for answer in found["answers"]:
        assert (
            f">{answer['caption']}</bdi>".replace("<script>", "&lt;script&gt;") in page or answer["caption"] == HOSTILE
        )


def test_the_program_itself_runs_the_saved_file(
    site: TestClient, path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "scenario.yaml"
    file.write_bytes(site.get("/strips/scenario.yaml", params={"change": ["fail: asml"]}).content)
    code = main(["-p", str(path), "suppose", str(file), "--json"])
    found = json.loads(capsys.readouterr().out)
    page = site.get("/strips?part=answer&change=fail:%20asml").text
    assert code == 0 and found["id"] in page
    assert [row["verdict"] for row in found["answers"]].count("fails") == 3


def load(site: TestClient, text: str = "", file: bytes | None = None, name: str = "mine.yaml") -> httpx.Response:
    token = re.findall(r'name="token" value="([^"]+)"', site.get("/strips").text)[0]
    files = {"file": (name, file or b"", "application/yaml")}
    sent: httpx.Response = site.post(
        "/strips/suppose", data={"token": token, "text": text}, files=files, follow_redirects=False
    )
    return sent


FILE = """# mine
scenario: mine
title: A loss
whose: me
baseline: {as_of: 2025-01, without: other}
changes:
  - name: the first
    fail: asml
    why: because
  - restrict_export: {of: tools, from: jp, left: 0.4}
ask: [chips]
"""


def test_a_scenario_file_is_taken_onto_the_bench_and_given_back_the_same(
    site: TestClient, tmp_path: Path, path: Path
) -> None:
    answer = load(site, file=FILE.replace(", without: other", "").encode())
    assert answer.status_code == 303
    address = answer.headers["location"]
    query = parse_qs(urlsplit(address).query)
    assert query["as_of"] == ["2025-01"] and query["name"] == ["mine"] and query["ask"] == ["chips"]
    page = site.get(address).text
    assert "The first: loss of asml" in page and "Jp lets out 40 % of its tools" in page and "A loss" in page
    first = tmp_path / "first.yaml"
    first.write_text(FILE.replace(", without: other", ""), "utf-8")
    again = tmp_path / "again.yaml"
    saved = re.findall(r'<a class="button" href="(/strips/scenario.yaml[^"]+)"', page)[0]
    again.write_bytes(site.get(unescape(saved)).content)
    assert service.suppose(path, [first]) == service.suppose(path, [again])


def test_the_text_of_a_scenario_can_be_pasted(site: TestClient) -> None:
    assert load(site, text="scenario: x\nchanges:\n  - fail: asml\n").status_code == 303


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (b"", "scenario was given"),
        (b"scenario: x\nchanges:\n  - explode: asml\n", "line 3"),
        (b"scenario: x\nchange: []\n", "has no key"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"a: &a [*a, *a]", "alias"),
        (b"[" * 5000, "nests deeper"),
        (b"scenario: x\nchanges:\n" + b"  - fail: asml\n" * 900, "too long"),
    ],
)
def test_a_file_that_is_no_scenario_is_refused_where_it_is_wrong(site: TestClient, sent: bytes, told: str) -> None:
    answer = load(site, file=sent)
    assert answer.status_code == 400
    assert "Traceback" not in answer.text
    assert told in unescape(answer.text)


def test_a_form_of_another_page_loads_nothing(site: TestClient) -> None:
    assert site.post("/strips/suppose", data={"token": "made up", "text": FILE}).status_code == 403


def test_two_scenarios_stand_side_by_side_and_their_address_keeps_them(site: TestClient) -> None:
    page = site.get("/strips?change=fail:%20asml").text
    kept = unescape(re.findall(r'href="([^"]+)">Keep it beside', page)[0])
    page = site.get(kept).text
    assert "Beside it: what-if (1 change)" in page
    part = next(unescape(one) for one in re.findall(r'data-later="([^"]+)"', page) if "part=answer" in one)
    told = site.get(part + "&change=fail:%20nikon").text
    assert re.search(
        r">nikon</bdi></a></b>.*?</th><td data-h=\"1\">.*?fails.*?<td data-h=\"2\">.*?survives", told, re.S
    )
    files = b"scenario: a\nchanges: [fail: asml]\n---\nscenario: b\nchanges: [fail: nikon]\n"
    assert "beside=" in load(site, file=files).headers["location"]


def test_a_name_that_is_not_there_is_told_at_its_change(site: TestClient) -> None:
    page = site.get("/strips", params={"change": ["fail: Nonesuch", "fail: asml", "no: {yaml", "fail: [a, b]"]})
    assert page.status_code == 200
    text = unescape(page.text)
    assert text.count("This change cannot be read") == 3 and "nothing in this picture is called “Nonesuch”" in text
    answer = site.get("/strips", params={"part": "answer", "change": ["fail: Nonesuch"]})
    assert answer.status_code == 200 and "This cannot be answered" in answer.text


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/strips?part=nothing", 400),
        ("/strips?part=heat&by=colour", 400),
        ("/strips?part=heat&page=99", 400),
        ("/strips/heat.svg?by=colour", 400),
        ("/strips?part=heat&page=-1", 400),
        ("/strips?of=Nonesuch", 404),
        ("/strips?need=Nonesuch", 404),
        ("/strips?part=of&of=", 404),
        ("/strips?beside=%7Bno", 400),
        ("/strips?beside=" + "%5B" * 2000, 400),
        ("/strips/scenario.yaml?change=explode:%20x", 400),
        ("/strips?as_of=yesterday", 400),
        ("/strips?" + "&".join(["change=fail:%20asml"] * 61), 400),
        ("/strips?change=" + "x" * 20_000, 413),
    ],
)
def test_what_cannot_be_shown_says_so_in_a_page(site: TestClient, address: str, status: int) -> None:
    answer = site.get(address)
    assert answer.status_code == status
    assert "Traceback" not in answer.text


def test_the_examples_of_the_package_can_be_loaded_from_the_bench(site: TestClient) -> None:
    page = site.get("/strips").text
    links = [unescape(one) for one in re.findall(r'<li><a href="(/strips\?[^"]*change=[^"]+)"', page)]
    assert len(links) == len(service.list_examples())
    assert all(site.get(one).status_code == 200 for one in links)
