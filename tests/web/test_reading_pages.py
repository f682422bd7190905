"""Home, search, a thing and a claim as a reader without script gets them: addresses, answers, and text that is only text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from isthmus.briefs.svg import ink
from isthmus.server.app import build_app
from isthmus.service.desk import Desk
from isthmus.service.keeping import judge, retract
from isthmus.web.assets import folder
from isthmus.web.words import bounded, told
from tests.small_picture import make_picture, row

SCRIPT = '<script>alert(1)</script><img src=x onerror="alert(1)">'
TURNED = "gpj.\u202eexe"
LONG = "N" * 10_000
ROWS = [
    row("evil", "kind", "company"),
    row("evil", "name", SCRIPT),
    row("evil", "supplies", "turned", hedge=SCRIPT, locator=SCRIPT, qualifiers="item=<b>bold</b>"),
    row("evil", "described_as", '"><script>x</script>', value_lang="en"),
    row("turned", "kind", "company"),
    row("turned", "name", TURNED),
    row("long", "kind", "company"),
    row("long", "name", LONG),
    row("long", "owns", "evil", low="0.51", high="0.6", unit="share"),
    row("a/b?c#d🚢", "kind", "company"),
    row("a/b?c#d🚢", "name", "Slashed"),
    row("lone", "owns", "a/b?c#d🚢"),
    row("twin-1", "kind", "company"),
    row("twin-1", "name", "Twin Works"),
    row("twin-2", "kind", "company"),
    row("twin-2", "name", "Twin Works"),
    row("planted", "kind", "company", marking="TLP:AMBER"),
    row("planted", "name", "Xyzzyplugh", marking="TLP:AMBER"),
    row("planted", "owns", "evil", marking="TLP:AMBER"),
]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_picture(tmp_path_factory.mktemp("hostile"), ROWS)


@pytest.fixture(scope="module")
def hostile(path: Path) -> Iterator[TestClient]:
    with TestClient(build_app(Desk(path)), base_url="http://127.0.0.1") as client:
        yield client


class _Tags(HTMLParser):
    """Gathers the tags, event attributes and styles of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def tags(page: str) -> list[tuple[str, dict[str, str | None]]]:
    parser = _Tags()
    parser.feed(page)
    return parser.found


PAGES = (
    "/", "/?part=alarms", "/?part=unknown", "/find", "/find?q=script", "/find/list?q=script", "/entity/evil", "/entity/turned",
    "/entity/long", "/entity/evil?part=control", "/entity/evil?part=points", "/entity/evil?part=depends", "/entity/evil?part=same",
    "/entity/evil?part=claims",
)  # fmt: skip


@pytest.mark.parametrize("address", PAGES)
def test_no_text_of_a_source_becomes_markup(hostile: TestClient, address: str) -> None:
    page = hostile.get(address)
    assert page.status_code == 200
    for tag, attributes in tags(page.text):
        assert tag not in ("style", "img"), tag
        assert "style" not in attributes and not any(name.startswith("on") for name in attributes), (tag, attributes)
        assert tag != "script" or str(attributes.get("src")).startswith("/static/")
    assert "<b>bold" not in page.text


def test_claims_pages_hold_hostile_text_as_text(hostile: TestClient) -> None:
    names = set(re.findall(r"/claim/([0-9a-f-]{36})", hostile.get("/entity/evil").text))
    assert len(names) >= 4
    for name in names:
        for part in ("", "?part=rests"):
            page = hostile.get(f"/claim/{name}{part}")
            assert page.status_code == 200 and "<script>" not in page.text


def test_a_text_that_turns_its_neighbours_shows_its_code(hostile: TestClient) -> None:
    page = hostile.get("/entity/turned").text
    assert "\u202e" not in page and "gpj.[U+202E]exe" in page


def test_a_long_name_is_cut_and_the_page_stays_small(hostile: TestClient) -> None:
    page = hostile.get("/entity/long").text
    assert LONG not in page and "…" in page and len(page) < 60_000


def test_an_id_with_slashes_signs_and_emoji_has_a_page(hostile: TestClient) -> None:
    found = hostile.get("/find?q=Slashed").text
    (address,) = set(re.findall(r'href="(/entity/[^"]+)"', found))
    page = hostile.get(address)
    assert page.status_code == 200 and "<h1><bdi>Slashed</bdi></h1>" in page.text
    csv = re.search(r'href="(/entity/[^"]+/claims\.csv)"', page.text)
    assert csv and hostile.get(csv[1]).headers["content-type"].startswith("text/csv")


def test_a_name_leads_to_the_id(hostile: TestClient) -> None:
    answer = hostile.get("/entity/Slashed?as_of=2030", follow_redirects=False)
    assert answer.status_code == 307
    assert answer.headers["location"] == "/entity/a%2Fb%3Fc%23d%F0%9F%9A%A2?as_of=2030"


def test_an_unknown_name_is_a_page_with_near_names(hostile: TestClient) -> None:
    answer = hostile.get("/entity/Slasht")
    assert answer.status_code == 404 and "Slashed" in answer.text


def test_an_ambiguous_name_is_a_page_with_candidates(hostile: TestClient) -> None:
    answer = hostile.get("/entity/Twin Works")
    assert answer.status_code == 409 and "/entity/twin-1" in answer.text and "/entity/twin-2" in answer.text


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/entity/evil?part=nothing", 400),
        ("/entity/evil?part=claims&page=99", 400),
        ("/entity/evil?part=claims&page=-1", 400),
        ("/entity/evil?part=claims&predicate=' OR 1=1", 400),
        ("/entity/evil/claims.csv?predicate=nothing", 400),
        ("/entity/nobody/claims.csv", 404),
        ("/entity/evil?as_of=yesterday", 400),
        ("/claim/not-an-id", 404),
        ("/claim/00000000-0000-0000-0000-000000000000", 404),
        ("/find?q=" + "+".join(f"w{number}" for number in range(2_000)), 400),
        ("/find/list?q=" + "x" * 500, 400),
    ],
)
def test_what_cannot_be_answered_says_so_in_a_page(hostile: TestClient, address: str, status: int) -> None:
    answer = hostile.get(address)
    assert answer.status_code == status
    assert "text/html" in answer.headers["content-type"] and "Traceback" not in answer.text


@pytest.mark.parametrize("text", ["'; DROP TABLE claims; --", "%", "\\", "\x00", "🚢", "   ", "華為", "ﷺ", "("])
def test_any_text_can_be_searched(hostile: TestClient, text: str) -> None:
    assert hostile.get("/find", params={"q": text}).status_code == 200
    assert hostile.get("/find/list", params={"q": text}).status_code == 200


def test_search_groups_by_kind_and_says_why(hostile: TestClient) -> None:
    page = hostile.get("/find?q=twin").text
    assert "Companies and organisations" in page and page.count("begins so") == 2


def test_below_its_marking_a_planted_word_is_nowhere(hostile: TestClient) -> None:
    clear = "ceiling=TLP%3ACLEAR"
    for address in (
        *PAGES,
        "/entity/planted",
        "/entity/long?part=claims",
        "/entity/evil/claims.csv",
        "/find?q=xyzzy",
        "/entity/Xyzzyplug",
    ):
        page = hostile.get(address + ("&" if "?" in address else "?") + clear)
        assert "xyzzyplugh" not in page.text.casefold(), address
    assert hostile.get("/entity/planted").status_code == 200
    assert hostile.get(f"/entity/planted?{clear}").status_code == 404


def test_a_retracted_claim_says_so_at_its_old_address(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.duckdb"
    copy.write_bytes(path.read_bytes())
    with TestClient(build_app(Desk(copy)), base_url="http://127.0.0.1") as client:
        page = client.get("/entity/a%2Fb%3Fc%23d%F0%9F%9A%A2").text
        name = next(
            name for name in re.findall(r"/claim/([0-9a-f-]{36})", page) if "owns" in client.get(f"/claim/{name}").text
        )
    retract(copy, [name], "the register withdrew it <b>", who="steward")
    with TestClient(build_app(Desk(copy)), base_url="http://127.0.0.1") as client:
        told_page = client.get(f"/claim/{name}")
        assert told_page.status_code == 200
        assert "<b>Retracted</b>" in told_page.text and "the register withdrew it &lt;b&gt;" in told_page.text
        assert client.get(f"/claim/{name}?part=rests").status_code == 200


def test_a_claim_says_when_the_picture_leaves_it_out(hostile: TestClient) -> None:
    page = hostile.get("/entity/evil").text
    name = re.findall(r"/claim/([0-9a-f-]{36})", page)[0]
    assert "Left out" in hostile.get(f"/claim/{name}?without=src").text
    assert "Left out" not in hostile.get(f"/claim/{name}").text


def test_who_is_judged_the_same_is_sent_on(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.duckdb"
    copy.write_bytes(path.read_bytes())
    judge(copy, "twin-1", "twin-2", "same", "one register", who="me")
    with TestClient(build_app(Desk(copy)), base_url="http://127.0.0.1") as client:
        ends = {client.get(f"/entity/{name}").url.path for name in ("twin-1", "twin-2", "Twin Works")}
        assert len(ends) == 1


def test_a_form_of_the_page_judges_and_comes_back(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.duckdb"
    copy.write_bytes(path.read_bytes())
    with TestClient(build_app(Desk(copy)), base_url="http://127.0.0.1") as client:
        page = client.get("/entity/twin-1?part=same").text
        fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
        assert {fields["a"], fields["b"]} == {"twin-1", "twin-2"}
        answer = client.post(
            "/judge", data={**fields, "verdict": "different", "why": "two towns"}, follow_redirects=False
        )
        assert (answer.status_code, answer.headers["location"]) == (303, "/entity/twin-1?judged=1")
        assert "Judge same" not in client.get("/entity/twin-1?part=same").text
        for back, place in (("/identity", "/identity"), ("https://evil.example/", "/entity/twin-1")):
            told_back = client.post(
                "/judge", data={**fields, "verdict": "unsure", "back": back}, follow_redirects=False
            )
            assert told_back.headers["location"].startswith(f"{place}?judged=")
        assert client.post("/judge", data={**fields, "token": "made up", "verdict": "same"}).status_code == 403
        assert client.post("/judge", data={**fields, "verdict": "perhaps"}).status_code == 400
        assert client.post("/judge", data={"token": fields["token"], "verdict": "same"}).status_code == 400


def test_the_first_page_of_an_empty_picture_teaches_what_to_do(tmp_path: Path) -> None:
    picture = make_picture(tmp_path, [row("one", "kind", "company")])
    with TestClient(build_app(Desk(picture)), base_url="http://127.0.0.1") as client:
        page = client.get("/?without=src")
        assert page.status_code == 200 and "isthmus add" in page.text


def test_every_link_of_the_first_page_of_the_demo_that_is_ours_answers(client: TestClient) -> None:
    page = client.get("/").text
    addresses = {found.replace("&amp;", "&") for found in re.findall(r'href="(/(?:entity|claim|find)[^"#]*)"', page)}
    assert addresses
    for address in addresses:
        assert client.get(address).status_code == 200, address


def test_figures_of_a_page_carry_marks_whose_slips_are_there(client: TestClient) -> None:
    for address in ("/", "/?part=alarms", "/?part=unknown", "/entity/huawei", "/entity/huawei?part=points"):
        page = client.get(address).text
        marks = set(re.findall(r'class="(?:mark|hedge)" href="#(s-[0-9a-f-]+)"', page))
        slips = set(re.findall(r'<article class="slip" id="(s-[0-9a-f-]+)"', page))
        assert marks and marks <= slips, (address, marks - slips)


def test_every_ink_of_the_drawing_is_turned_to_one_of_the_page() -> None:
    """The drawing says its colours itself; on a dark page each must be told anew."""
    sheet = (folder() / "css" / "entity.css").read_text("utf-8")
    for name in ("GROUND", "INK", "QUIET", "EDGE", "FILL", "PAST", "PAST_INK", "PALE"):
        assert f'="{getattr(ink, name)}"]' in sheet, name


def test_a_number_and_its_hedge_both_survive() -> None:
    value = {"low": 0.3333, "high": None, "open_low": True, "unit": "share", "hedge": "more than a third"}
    assert bounded(value) == "more than 33.33 % (“more than a third”)"
    assert bounded({"low": None, "high": None}) == "not stated"


def test_only_plain_text_is_told_by_its_codes() -> None:
    assert told("a\u2066b\x00") == "a[U+2066]b[U+0000]"
    assert told("عربي\u200f") == "عربي\u200f"
    assert told(7) == 7
