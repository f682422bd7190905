"""The page of one thing as data: what is said, from which claims, and nothing else."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isthmus.claims.reader import ReadStore
from isthmus.errors import AmbiguousEntityError, ArgumentError, UnknownEntityError
from isthmus.picture import Picture, Request
from isthmus.service.keeping import judge
from isthmus.service.pages.entity import (
    claim_csv,
    claim_list,
    claim_table,
    control_part,
    entity_page,
    points_part,
    same_part,
)
from isthmus.service.pages.entity.evidence import MOST, SOME, read_evidence
from isthmus.service.pages.entity.intro import _plural
from isthmus.service.pages.entity.timeline import _bar
from tests.small_picture import make_picture, row

ROWS = [
    row("acme", "kind", "company"),
    row("acme", "name", "Acme Cables"),
    row("acme", "name", "亚美电缆", value_lang="zh"),
    row("acme", "located_in", "ruritania"),
    row("acme", "supplies", "port", hedge="reportedly"),
    row("acme", "builds", "port", mode="agreed"),
    row("port", "kind", "site"),
    row("port", "name", "Port of Strelsau"),
    row("hold", "kind", "company"),
    row("hold", "name", "Holding One"),
    row("hold", "owns", "acme", low="0.6", high="0.6", unit="share", valid_from="2015", valid_to="2021-03"),
    row("crew", "kind", "group"),
    row("crew", "name", "Crew of owners"),
    row("crew", "owns", "acme"),
    row("crew", "count", "", low="8", high="8", unit="parties", qualifiers="of=members"),
    row("hold", "member_of", "crew"),
    row("ruritania", "kind", "place"),
    row("ruritania", "kind", "state"),
    row("ruritania", "name", "Ruritania"),
    row("ruritania", "restricts", "acme", qualifiers="measure=ban", valid_from="2020-07-14"),
    row("rudolf", "kind", "person"),
    row("rudolf", "name", "Rudolf R."),
    row("rudolf", "has_role_in", "acme", qualifiers="role=chair"),
    row("rudolf", "located_in", "ruritania"),
    row("rudolf", "located_in", "ruritania", valid_from="2019"),
    row("rudolf-2", "kind", "person"),
    row("rudolf-2", "name", "Rudolf R."),
    row("acme-2", "kind", "company"),
    row("acme-2", "name", "Acme Cables Ltd."),
    row("silent", "kind", "company"),
    row("silent", "name", "Silent Co."),
    row("hidden", "name", "Zenda Secret Works", marking="TLP:AMBER"),
    row("hidden", "kind", "company", marking="TLP:AMBER"),
]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_picture(tmp_path_factory.mktemp("entity"), ROWS)


@pytest.fixture
def picture(path: Path) -> Iterator[Picture]:
    with ReadStore(path) as store:
        yield Picture(store)


def text(sentences: list[list[dict[str, object]]]) -> list[str]:
    return ["".join(str(piece["text"]) for piece in pieces) for pieces in sentences]


def test_two_sentences_say_what_it_is_and_who_stands_over_it(picture: Picture) -> None:
    said = text(entity_page(picture, "acme")["sentences"])
    assert said == [
        "Acme Cables is a company in Ruritania; it builds Port of Strelsau (agreed, not said to be done), "
        "and supplies to Port of Strelsau.",
        "Crew of owners own it (share not said), and Holding One owns 60 % of it (from 2015 until 2021-03).",
    ]


def test_every_piece_of_a_sentence_has_claims_or_says_a_gap_or_a_count(picture: Picture) -> None:
    for name in ("acme", "port", "hold", "crew", "ruritania", "rudolf", "silent"):
        page = entity_page(picture, name)
        for pieces in page["sentences"]:
            for piece in pieces:
                assert piece["claims"] or piece["gap"] or piece["text"] == "." or "such claims" in piece["text"], piece
                assert all(claim in page["claims"] for claim in piece["claims"][:4])


def test_a_hedge_stands_beside_what_it_hedges(picture: Picture) -> None:
    pieces = entity_page(picture, "acme")["sentences"][0]
    (hedged,) = [piece for piece in pieces if piece["hedges"]]
    assert "supplies" in hedged["text"] and hedged["hedges"] == ["reportedly"]


def test_of_whom_nothing_is_said_that_is_said(picture: Picture) -> None:
    said = text(entity_page(picture, "silent")["sentences"])
    assert said == [
        "Silent Co. is a company.",
        "No source in this picture says who owns or controls it: that is not known, and not the same as nobody.",
    ]


def test_a_group_says_how_many_of_it_are_named(picture: Picture) -> None:
    page = entity_page(picture, "crew")
    assert text(page["sentences"])[0].startswith("Crew of owners is a group of 8 parties, 1 of them named")
    assert any(gap["n"] == 7 and gap["of"] == 8 for gap in page["gaps"])


def test_of_a_person_only_role_and_interest_are_shown(picture: Picture) -> None:
    page = entity_page(picture, "rudolf")
    assert text(page["sentences"]) == ["Rudolf R. is chair of Acme Cables."]
    assert page["places"] == [] and not page["parts"]["asked"]
    assert page["sections"]["depends"] == page["sections"]["rules"] == page["sections"]["does"] == []
    assert control_part(picture, "rudolf")["asked_for"] is False
    assert points_part(picture, "rudolf")["asked_for"] is False


def test_where_a_person_was_is_on_no_timeline_and_no_likeness_is_counted(picture: Picture) -> None:
    assert entity_page(picture, "rudolf")["timeline"]["rows"] == []
    (other,) = same_part(picture, "rudolf", who="me")["candidates"]
    assert (other["entity"]["id"], other["score"], other["words"]) == ("rudolf-2", None, "may be the same")


def test_an_id_that_only_marked_claims_speak_of_is_not_listed(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.duckdb"
    copy.write_bytes(path.read_bytes())
    judge(copy, "acme", "hidden", "same", "one register number", who="me")
    with ReadStore(copy) as store:
        assert "hidden" in entity_page(Picture(store), "acme")["members"]
        assert entity_page(Picture(store, Request(ceiling="TLP:CLEAR")), "acme")["members"] == ["acme"]


def test_of_a_state_nobody_asks_who_controls_it(picture: Picture) -> None:
    page = entity_page(picture, "ruritania")
    assert text(page["sentences"]) == ["Ruritania is a state and a place."]
    assert not page["parts"]["control"]


def test_control_has_a_drawing_whose_links_are_claims_of_the_table(picture: Picture) -> None:
    found = control_part(picture, "acme")
    links = {part.split('"')[0] for part in found["drawing"].split('href="#s-')[1:]}
    shown = {claim for answer in found["answers"] for step in answer["steps"] for claim in step["claims"]}
    assert links and links & shown and "style" not in found["drawing"]


def test_every_point_of_control_is_listed_also_where_nothing_is_known(picture: Picture) -> None:
    found = points_part(picture, "acme")
    assert {"held", "unknown"} <= {row["verdict"] for row in found["channels"]}


def test_rules_that_reach_a_thing_name_the_one_who_makes_them(picture: Picture) -> None:
    (group,) = entity_page(picture, "acme")["sections"]["rules"]
    (line,) = group["lines"]
    assert (line["other"]["id"], line["after"], line["when"]) == (
        "ruritania",
        " restricts it (ban)",
        ["from 2020-07-14"],
    )


def test_counts_are_of_all_claims_though_few_are_read(tmp_path: Path) -> None:
    many = [row(f"f{number}", "located_in", "land", source=f"s{number % 7}") for number in range(MOST + 500)]
    named = [row("land", "kind", "place"), row("land", "name", "Land"), row("f1", "supplies", "land")]
    with ReadStore(make_picture(tmp_path, [*many, *named])) as store:
        picture = Picture(store)
        evidence = read_evidence(picture, picture.entity("land"))
        assert evidence.count("towards", "located_in") == MOST + 500 and not evidence.whole
        assert len(evidence.side("towards", ["located_in"])) == SOME
        assert len(evidence.side("towards", ["supplies"])) == 1
        page = entity_page(picture, "land")
        assert page["table"]["total"] == MOST + 503
        (place,) = [group for group in page["sections"]["does"] if group["predicate"] == "located_in"]
        assert place["more"] == MOST + 500 - sum(len(line["claims"]) for line in place["lines"])


def test_few_subjects_are_read_point_by_point_and_give_the_same(picture: Picture) -> None:
    acme = picture.entity("acme")
    evidence = read_evidence(picture, acme)
    assert [claim.id for claim in evidence.towards] == [claim.id for claim in picture.claims_towards(acme)]
    assert [claim.id for claim in evidence.about] == [claim.id for claim in picture.claims_about(acme)]


def test_younger_batches_are_read_too(tmp_path: Path) -> None:
    late = [row("late", "kind", "company"), row("late", "name", "Late Co."), row("late", "owns", "acme")]
    with ReadStore(make_picture(tmp_path, ROWS, late)) as store:
        picture = Picture(store)
        assert {claim.subject for claim in read_evidence(picture, picture.entity("acme")).towards} >= {"late", "hold"}


def test_a_marked_thing_is_unknown_below_its_marking(path: Path) -> None:
    with ReadStore(path) as store:
        above, below = Picture(store), Picture(store, Request(ceiling="TLP:CLEAR"))
        assert entity_page(above, "hidden")["caption"] == "Zenda Secret Works"
        for name in ("hidden", "Zenda Secret Works"):
            with pytest.raises(UnknownEntityError) as error:
                entity_page(below, name)
            assert "Secret" not in str(error.value).replace(name, "") and not error.value.candidates


def test_an_unknown_name_has_the_nearest_names_beside(picture: Picture) -> None:
    with pytest.raises(UnknownEntityError) as error:
        entity_page(picture, "Acmee Cabels")
    assert "acme" in dict(error.value.candidates)


def test_an_ambiguous_name_is_refused_with_its_candidates(picture: Picture) -> None:
    with pytest.raises(AmbiguousEntityError) as error:
        entity_page(picture, "Acme")
    assert {name for name, _ in error.value.candidates} == {"acme", "acme-2"}


def test_what_may_be_the_same_is_offered_until_it_is_judged(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.duckdb"
    copy.write_bytes(path.read_bytes())
    with ReadStore(copy) as store:
        offered = same_part(Picture(store), "acme", who="me")["candidates"]
        assert [one["entity"]["id"] for one in offered] == ["acme-2"]
        assert offered[0]["reasons"] and offered[0]["score"] > 0.5
    judge(copy, "acme", "acme-2", "different", "two registers", who="me")
    with ReadStore(copy) as store:
        assert same_part(Picture(store), "acme", who="me")["candidates"] == []


def test_a_merged_id_gives_the_page_of_the_whole(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.duckdb"
    copy.write_bytes(path.read_bytes())
    judge(copy, "acme", "acme-2", "same", "one register number", who="me")
    with ReadStore(copy) as store:
        pages = [entity_page(Picture(store), name) for name in ("acme", "acme-2")]
    assert pages[0]["id"] == pages[1]["id"] and set(pages[0]["members"]) == {"acme", "acme-2"}


def test_pages_of_the_table_hold_each_claim_once(picture: Picture) -> None:
    entity = picture.entity("acme")
    whole = claim_table(picture, entity, size=1000)
    parts = [claim_table(picture, entity, page=page, size=4)["rows"] for page in range(1, -(-whole["total"] // 4) + 1)]
    assert [row["id"] for part in parts for row in part] == [row["id"] for row in whole["rows"]]
    assert len(whole["rows"]) == whole["total"] == sum(one["n"] for one in whole["predicates"])
    first = entity_page(picture, "acme")["table"]
    assert [row["id"] for row in first["rows"]] == [row["id"] for row in whole["rows"]][:25]


@pytest.mark.parametrize(("predicate", "page"), [("no_such", 1), (None, 0), (None, 99)])
def test_a_page_that_is_not_there_is_refused(picture: Picture, predicate: str | None, page: int) -> None:
    with pytest.raises(ArgumentError):
        claim_list(picture, "acme", predicate=predicate, page=page)


def test_the_csv_can_be_added_again_and_holds_no_formula(tmp_path: Path) -> None:
    rows = [
        row("x", "kind", "company"),
        row("x", "name", '=HYPERLINK("http://evil")'),
        row("x", "name", 'Ex, "quoted"\nand lined'),
    ]
    with ReadStore(make_picture(tmp_path, rows)) as store:
        told = list(csv.DictReader(io.StringIO("".join(claim_csv(Picture(store), "x")))))
    assert len(told) == 3
    values = {one["value"] for one in told}
    assert '\'=HYPERLINK("http://evil")' in values and 'Ex, "quoted"\nand lined' in values
    again = tmp_path / "again"
    again.mkdir()
    plain = [{key: value for key, value in one.items() if not key.startswith("_")} for one in told]
    with ReadStore(make_picture(again, plain)) as store:
        ids = {str(found[0]) for found in store.rows("SELECT id FROM claims")}
    assert ids == {one["_id"] for one in told}


@given(st.lists(st.integers(0, 40), min_size=4, max_size=4))
def test_a_bar_stays_on_its_scale_and_in_order(days: list[int]) -> None:
    early, late, soon, far = sorted(days)
    years = [2000 + number for number in (early, late, soon, far)]

    spans = [date(year, 6, 1) for year in years]
    bar = _bar(((spans[0], spans[1]), (spans[2], spans[3])), False, (2000, 2041))
    assert 0 <= bar["from"] <= bar["sure_from"] <= bar["sure_to"] <= bar["to"] <= 100


def test_the_timeline_shows_what_is_not_known_of_a_date(picture: Picture) -> None:
    rows = {found["text"]: found["bar"] for found in entity_page(picture, "acme")["timeline"]["rows"]}
    owned = rows["Holding One owns 60 % of it"]
    assert owned["from"] < owned["sure_from"] < owned["sure_to"] < owned["to"] and not owned["open"]
    assert rows["Ruritania restricts it (ban)"]["open"]


@pytest.mark.parametrize(
    ("said", "plural"),
    [
        ("Owners owns it", "Owners own it"),
        ("Owners supplies it", "Owners supply it"),
        ("Owners has 3 of it", "Owners have 3 of it"),
        ("it is owned", "it is owned"),
    ],
)
def test_a_group_takes_the_plural(said: str, plural: str) -> None:
    assert _plural(said, "Owners") == plural
