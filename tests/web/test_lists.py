"""The pages of lists: sources, the picture without one, changes, conflicts and gaps, identity; and the network."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

MARK = re.compile(r'<a class="mark" href="#s-([^"]+)"')


def marks_have_slips(text: str) -> set[str]:
    marks = set(MARK.findall(text))
    assert all(f'id="s-{name}"' in text for name in marks)
    return marks


def test_sources_are_listed_by_what_was_read_in_them(client: TestClient) -> None:
    text = client.get("/sources").text
    assert text.index("GPU clusters") < text.index("Mineral Commodity Summaries 2026")
    press = client.get("/sources", params={"kind": "press"}).text
    assert "GPU clusters" not in press


def test_a_source_shows_its_claims_with_their_places(client: TestClient) -> None:
    text = client.get("/source/nbr97").text
    assert "NBR Special Report 97" in text
    assert marks_have_slips(text)
    second = client.get("/source/nbr97", params={"page": 2}).text
    assert not marks_have_slips(text) & marks_have_slips(second)


def test_the_picture_without_a_source_says_what_flips(client: TestClient) -> None:
    listed = client.get("/api/v1/sources", params={"size": 500}).json()["data"]
    source = next(entry["id"] for entry in listed if "gansu" in entry["id"])
    text = client.get(f"/without/{source}").text
    assert "Silk Road" in text
    assert marks_have_slips(text)
    assert client.get("/without/no-such-source").status_code == 404


def test_two_dates_stand_side_by_side(client: TestClient) -> None:
    text = client.get("/changes", params={"from": "2020", "to": "2021"}).text
    assert "Only before" in text and "Only after" in text
    assert "may control" in text
    assert marks_have_slips(text)


def test_two_moments_of_the_picture_are_compared(client: TestClient) -> None:
    text = client.get("/changes").text
    address = re.search(r'href="(/changes\?known_from=[^"]+)"', text)
    assert address
    assert "What this picture knew at" in client.get(address[1].replace("&amp;", "&")).text


def test_dates_that_cannot_be_read_are_said(client: TestClient) -> None:
    answer = client.get("/changes", params={"from": "yesterday", "to": "2021"})
    assert answer.status_code == 400
    assert "yesterday" in answer.text


def test_both_sides_of_a_conflict_are_told(client: TestClient) -> None:
    text = client.get("/work").text
    assert "≠" in text and "SAC-AFNOR" in text
    assert marks_have_slips(text)
    gaps = client.get("/work", params={"show": "gaps"}).text
    assert "are not named" in gaps
    assert marks_have_slips(gaps)


def test_pairs_wait_to_be_judged(client: TestClient) -> None:
    text = client.get("/identity").text
    assert "China Telecom" in text
    assert text.count('action="/judge"') > 5
    assert "Judged lately" in text


def test_a_judgement_takes_its_pair_from_the_list(client: TestClient) -> None:
    before = client.get("/identity").text
    form = before.partition('action="/judge"')[2].partition("</form>")[0]
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]+)">', form))
    pair = f'name="b" value="{fields["b"]}"'
    assert pair in before
    answer = client.post("/judge", data={**fields, "verdict": "different", "why": "two firms"})
    assert answer.status_code == 200
    after = client.get("/identity").text
    assert f'name="a" value="{fields["a"]}"' not in after or pair not in after
    assert "two firms" in after


def test_the_network_starts_small_and_says_what_is_left(client: TestClient) -> None:
    text = client.get("/network", params={"of": "huawei"}).text
    assert text.count("data-caption=") == 13
    assert "more not drawn" in text
    assert marks_have_slips(text)


def test_the_network_grows_by_what_stands_beside(client: TestClient) -> None:
    first = client.get("/api/v1/network", params={"of": "huawei", "most": 5}).json()["data"]
    names = [node["id"] for node in first["nodes"]]
    assert names[0] == "huawei" and len(names) == 6
    more = client.get("/api/v1/network", params={"of": "huawei", "most": 5, "beside": names}).json()["data"]
    assert not {node["id"] for node in more["nodes"]} & set(names[1:]) or all(
        edge["from"] in names or edge["to"] in names for edge in more["edges"]
    )
    ends = {node["id"] for node in more["nodes"]} | set(names)
    assert all({edge["from"], edge["to"]} <= ends for edge in more["edges"])


def test_only_what_holds_for_sure_is_drawn_when_asked(client: TestClient) -> None:
    sure = client.get("/api/v1/network", params={"of": "bytedance", "certain": True}).json()["data"]
    assert {edge["verdict"] for edge in sure["edges"]} <= {"holds"}


@pytest.mark.parametrize("path", ["/network", "/changes", "/work", "/identity", "/sources"])
def test_a_picture_with_nothing_in_it_still_teaches_something(path: str, empty_client: TestClient) -> None:
    answer = empty_client.get(path)
    assert answer.status_code == 200
    assert "<h1>" in answer.text
