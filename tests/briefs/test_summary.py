"""The summary page as a document: its policy, its links, its words."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from isthmus.briefs import (
    ConflictPair,
    ConflictValue,
    Held,
    MapPoint,
    Note,
    SourceLine,
    Summary,
    TourItem,
    render_summary,
)
from isthmus.errors import ArgumentError

VOID = {"meta", "link", "br", "col", "img", "input", "hr"}
EMPTY = Summary("An empty picture", "sha256:00", Held(0, 0, 0, 0, 0))


class Page(HTMLParser):
    """Reads a page: its elements, its words, and whether every element is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] != "style":
            self.words.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", "".join(self.words))

    def values(self, attribute: str) -> list[str]:
        return [value for _, attrs in self.elements if (value := attrs.get(attribute)) is not None]


def test_policy_allows_the_one_style_sheet_and_nothing_else(demo: Summary) -> None:
    text = render_summary(demo)
    (sheet,) = re.findall(r"<style>(.*?)</style>", text, re.S)
    digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="(.*?)"', text)
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}';")
    assert "unsafe" not in policy
    assert "@import" not in sheet
    assert set(re.findall(r"url\((.*?)\)", sheet)) == {"#hatch"}


def test_page_asks_for_nothing_and_runs_nothing(demo: Summary) -> None:
    page = Page(render_summary(demo))
    assert not {"script", "iframe", "img", "object", "embed", "form"} & {tag for tag, _ in page.elements}
    assert page.values("style") == []
    assert page.values("src") == []
    assert not [name for _, attrs in page.elements for name in attrs if name.startswith("on")]
    assert {attrs["href"] for tag, attrs in page.elements if tag == "link"} == {"data:,"}


def test_every_link_has_its_end_and_every_mark_its_note(demo: Summary) -> None:
    page = Page(render_summary(demo))
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    targets = [href[1:] for href in page.values("href") if href.startswith("#")]
    assert set(targets) <= set(ids)
    marks = {attrs["href"] or "" for _, attrs in page.elements if attrs.get("class") == "mark"}
    numbered = {f"#{name}" for name in ids if re.fullmatch(r"n\d+", name)}
    assert marks == numbered != set()
    assert {f"m{target[2:]}" for target in marks} <= set(targets)


def test_references_to_ids_hold(demo: Summary) -> None:
    page = Page(render_summary(demo))
    assert set(page.values("aria-labelledby")) <= set(page.values("id"))


def test_page_says_what_it_was_given(demo: Summary) -> None:
    page = Page(render_summary(demo))
    for words in (
        demo.title,
        "As of 2022-03-31",
        "14,212 claims",
        "Six questions",
        "Not known: six of the eight owners",
        "6 of 8",
        "172–191 of 225",
        "Looked for in the report on 2026-11-20: nothing.",
        "more than a third",
        "HHI 5,554 to 5,729 of 10,000.",
        "13 of 82 stand at their coordinates",
        "a site in no such country (ZZ)",
        "Eight provincial state enterprises own Silk Road Information Port Co. (丝绸之路信息港股份有限公司).",
        "Looked for and not found.",
        "resting on Gansu government notice 2021",
        "made available under the ODC Attribution Licence",
        demo.picture,
    ):
        assert words in page.text, words
    for item in demo.tour:
        assert item.question in page.text
        assert item.command in page.text
    assert page.text.count("≠") == len(demo.conflicts)


def test_same_summary_same_page(demo: Summary) -> None:
    assert render_summary(demo) == render_summary(demo)


def test_empty_picture_has_a_page() -> None:
    page = Page(render_summary(EMPTY))
    assert "No gap is named in this picture. That does not mean that there is none." in page.text
    assert "None" not in page.text.replace("No", "")
    assert set(page.values("href")) >= {"#gaps", "#conflicts"}


def test_text_of_others_stays_text() -> None:
    evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7 * 7 }}"
    summary = replace(
        EMPTY,
        title=evil,
        lede=evil,
        picture=evil,
        tour=(TourItem(evil, evil, evil, evil, evil, claims=("c",), hedges=(evil,), gaps=evil),),
        points=(MapPoint(evil, evil, country="KE", country_name=evil, source=evil, when=evil),),
        conflicts=(ConflictPair(evil, (ConflictValue(evil, evil), ConflictValue(evil))),),
        notes=(Note("c", evil, evil, evil, hedge=evil, stance=evil, valid=evil, origin=evil, recorded=evil),),
        sources=(SourceLine(evil, evil, evil, evil, evil, evil, evil, url="javascript:alert(1)"),),
    )
    page = Page(render_summary(summary))
    assert not {"script", "img"} & {tag for tag, _ in page.elements}
    assert not [name for _, attrs in page.elements for name in attrs if name.startswith("on")]
    assert "{{ 7 * 7 }}" in page.text
    assert all(href.startswith(("#", "data:,")) for href in page.values("href"))


def test_web_sources_are_linked() -> None:
    source = SourceLine("T", url="https://example.org/a?b=1&c=2")
    page = Page(render_summary(replace(EMPTY, sources=(source,))))
    (link,) = [attrs for _, attrs in page.elements if attrs.get("href") == source.url]
    assert link["rel"] == "noreferrer noopener"


def test_two_notes_of_one_claim_are_refused() -> None:
    note = Note("c1", "words", "S", "line 1")
    with pytest.raises(ArgumentError, match="c1"):
        render_summary(replace(EMPTY, notes=(note, note)))


def test_a_conflict_has_two_sides() -> None:
    with pytest.raises(ArgumentError, match="fewer than two"):
        ConflictPair("a date", (ConflictValue("2014"),))


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour (WCAG 2.2)."""
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(a: str, b: str) -> float:
    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_can_be_told_from_their_ground(scheme: str) -> None:
    sheet = re.findall(r"<style>(.*?)</style>", render_summary(EMPTY), re.S)[0]
    light, dark = re.findall(r":root \{(.*?)\}", sheet, re.S)[:2]
    tokens = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})\b", light + (dark if scheme == "dark" else "")))
    for words in ("ink", "ink-2", "ink-3", "link"):
        assert contrast(tokens[words], tokens["bg"]) >= 4.5, words
    assert contrast(tokens["link"], tokens["hit"]) >= 4.5
    for line in ("edge", "hatch", *(f"k{i}-line" for i in range(7))):
        assert contrast(tokens[line], tokens["bg"]) >= 3, line
        assert line in ("edge", "hatch") or contrast(tokens[line], tokens["land"]) >= 3, line
    for kind in range(7):
        assert contrast(tokens["on-kind"], tokens[f"k{kind}"]) >= 4.5, kind
