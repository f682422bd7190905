from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

import pytest

from isthmus.errors import AmbiguousEntityError, ArgumentError, UnknownEntityError, ValueFormatError
from isthmus.model import Source
from isthmus.picture import Picture
from isthmus.picture import picture as module


def fact(subject: str, **more: str) -> dict[str, str]:
    return {"subject": subject, "predicate": "supplies", "object": "x", **more}


def named(subject: str, name: str, **more: str) -> dict[str, str]:
    return {"subject": subject, "predicate": "name", "value": name, **more}


def subjects(picture: Picture) -> str:
    return "".join(sorted(claim.subject for claim in picture.reader.where("true")))


ROWS = [
    fact("a"),
    named("a", "Alpha", value_lang="en"),
    fact("b", valid_from="2016", source="t"),
    fact("c", observed="2018-05", qualifiers="item=lasers; tier=1", marking="TLP:AMBER"),
    named("x", "Xi", source="t"),
    fact("d", low=">5", unit="items", hedge="about") | {"predicate": "count", "object": "", "qualifiers": "of=members"},
]
ROWS = [{**row, "locator": f"page {number}"} for number, row in enumerate(ROWS)]

# -- which claims are shown -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        (None, "abcdef"),
        ("2013", "aef"),
        ("2014-12-31", "aef"),
        ("2015-01-01", "abef"),
        ("2016-06-30", "abdef"),
        ("2018-12-31", "abcdef"),
        ("2019", "abcde"),
        ("2020-02", "abde"),
    ],
)
def test_a_claim_is_shown_unless_it_surely_does_not_hold(evidence: Any, day: str | None, shown: str) -> None:
    evidence.add(
        fact("a"),
        fact("b", valid_from="2015"),
        fact("c", valid_from="2017-03", valid_to="2020-02-15"),
        fact("d", observed="2016-06"),
        fact("e", valid_from="<=2018"),
        fact("f", valid_to="2018"),
    )
    assert subjects(evidence.picture(as_of=day)) == shown


def test_a_source_left_out_takes_the_claims_that_rest_on_it(evidence: Any) -> None:
    evidence.add(
        fact("a", source="report"),
        fact("b", source="report", origin="wire"),
        fact("c", source="report", origin="wire paper"),
        fact("d", source="wire"),
    )
    assert subjects(evidence.picture(without=("wire",))) == "ac"
    assert subjects(evidence.picture(without=("wire", "paper"))) == "a"
    assert subjects(evidence.picture(without=("report",))) == "bcd"
    assert subjects(evidence.picture(without=("read:report",))) == "d"


def test_a_marking_above_the_ceiling_is_not_shown(evidence: Any) -> None:
    evidence.add(fact("a"), fact("b", marking="TLP:AMBER"), fact("c", marking="TLP:RED"))
    assert subjects(evidence.picture(ceiling="TLP:GREEN")) == "a"
    assert subjects(evidence.picture(ceiling="TLP:AMBER")) == "ab"
    assert subjects(evidence.picture()) == "abc"


def test_the_picture_as_known_earlier_can_be_had_again(evidence: Any) -> None:
    evidence.add(fact("a"))
    first = evidence.picture()
    evidence.add(fact("b"))
    evidence.store.retract([evidence.claim(subject="a").id], "withdrawn by its publisher")
    evidence.store.judge("b", "x", "same", "for the test")
    assert subjects(evidence.picture()) == "b"
    again = evidence.picture(known_at=first.known_at)
    assert subjects(again) == "a"
    assert again.resolution.of("x") == "x"
    assert again.hash == first.hash


@pytest.mark.parametrize(
    ("request_", "error"),
    [
        ({"ceiling": "TLP:WHITE"}, ArgumentError),
        ({"without": ("nobody",)}, ArgumentError),
        ({"known_at": "yesterday"}, ArgumentError),
        ({"as_of": "2020-13"}, ValueFormatError),
    ],
)
def test_a_request_that_makes_no_sense_is_refused(
    evidence: Any, request_: dict[str, Any], error: type[Exception]
) -> None:
    evidence.add(fact("a"))
    with pytest.raises(error):
        evidence.picture(**request_)


# -- the content hash -----------------------------------------------------------------------------------------------


def test_the_hash_does_not_depend_on_the_order_of_loading(make: Callable[[], Any]) -> None:
    one, two, three = make(), make(), make()
    one.add(*ROWS)
    two.add(*reversed(ROWS))
    mixed = random.Random(3).sample(ROWS, len(ROWS))
    for row in mixed:
        three.add(row)
    for store, (a, b) in ((one, "ab"), (two, "ba"), (three, "ab")):
        store.store.judge(a, b, "same", "for the test")
        store.store.judge("c", "d", "unsure", "for the test")
    assert one.picture().hash == two.picture().hash == three.picture().hash
    day = {"as_of": "2017"}
    assert one.picture(**day).hash == two.picture(**day).hash == three.picture(**day).hash


def test_judgements_in_another_order_give_the_same_hash(make: Callable[[], Any]) -> None:
    one, two = make().add(*ROWS), make().add(*ROWS)
    one.store.judge("a", "b", "same", "why")
    one.store.judge("c", "d", "different", "why")
    two.store.judge("d", "c", "different", "another reason")
    two.store.judge("b", "a", "same", "another reason")
    assert one.picture().hash == two.picture().hash


def test_everything_that_makes_the_picture_is_in_the_hash(evidence: Any) -> None:
    evidence.add(*ROWS)
    hashes = {
        evidence.picture(**request).hash for request in ({}, {"as_of": "2015"}, {"as_of": "2014"}, {"without": ("t",)})
    }
    hashes.add(evidence.picture(ceiling="TLP:GREEN").hash)
    assert len(hashes) == 5
    before = evidence.picture().hash
    evidence.store.judge("a", "b", "same", "for the test")
    judged = evidence.picture().hash
    assert judged != before
    evidence.store.unjudge("a", "b")
    assert evidence.picture().hash == before
    evidence.store.retract([evidence.claim(subject="b").id], "wrong")
    assert evidence.picture().hash not in {before, judged}


def test_adding_the_same_again_leaves_the_hash(evidence: Any) -> None:
    first = evidence.add(*ROWS).picture().hash
    assert evidence.add(*ROWS).picture().hash == first


def test_the_hash_of_a_large_store_is_kept_and_of_a_small_one_not(
    evidence: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    evidence.add(*ROWS)
    worked_out = evidence.picture().hash
    folder = evidence.store.path.with_name(evidence.store.path.name + ".cache")
    assert not folder.exists()
    monkeypatch.setattr(module, "HASHED_EACH_TIME", 0)
    assert evidence.picture().hash == worked_out
    (kept,) = folder.glob("*.hash.json")
    with monkeypatch.context() as patch:
        patch.setattr(Picture, "_content_hash", lambda self: pytest.fail("the hash was worked out again"))
        assert evidence.picture().hash == worked_out
    document = json.loads(kept.read_text())
    document["body"]["hash"] = "sha256:0"
    kept.write_text(json.dumps(document))
    assert evidence.picture().hash == worked_out, "a record that was tampered with is not believed"


def test_a_changed_store_does_not_get_the_kept_hash(evidence: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "HASHED_EACH_TIME", 0)
    evidence.add(*ROWS)
    first = evidence.picture().hash
    evidence.add(fact("z"))
    assert evidence.picture().hash != first
    assert evidence.picture(as_of="2015").hash not in {first, evidence.picture().hash}


# -- entities -------------------------------------------------------------------------------------------------------


def test_the_caption_is_the_plainest_name(evidence: Any) -> None:
    evidence.add(
        named("a", "华为", value_lang="zh"),
        named("a", "Huawei Technologies Co., Ltd.", qualifiers="type=legal"),
        named("a", "Huawei", value_lang="en"),
        named("a", "HW", stance="denies"),
        named("b", "中联", value_lang="zh"),
        fact("c"),
    )
    picture = evidence.picture()
    assert [picture.caption(name) for name in "abc"] == ["Huawei", "中联", "c"]


def test_merged_entities_are_one_with_all_names_and_kinds(evidence: Any) -> None:
    evidence.add(
        named("a", "Alpha Group"),
        named("b", "Alpha"),
        {"subject": "b", "predicate": "kind", "value": "company"},
        {"subject": "a", "predicate": "kind", "value": "consortium"},
        fact("a"),
        {"subject": "y", "predicate": "supplies", "object": "b"},
    )
    evidence.store.judge("a", "b", "same", "one register number")
    picture = evidence.picture()
    entity = picture.entity("b")
    assert (entity.id, entity.members, entity.caption) == ("a", ("a", "b"), "Alpha")
    assert entity.kinds == ("company", "consortium")
    assert {claim.subject for claim in picture.claims_about(entity)} == {"a", "b"}
    assert [claim.subject for claim in picture.claims_towards(entity)] == ["y"]
    assert picture.is_kind("a", "organization")
    assert not picture.is_kind("a", "place")


def test_an_entity_is_resolved_by_id_identifier_or_name(evidence: Any) -> None:
    lei = "506700GE1G29325QX363"
    evidence.add(
        named("gleif", "Global Legal Entity Identifier Foundation"),
        {"subject": "gleif", "predicate": "identifier", "value": lei, "qualifiers": "scheme=lei"},
        named("other", "Global Data Foundation"),
    )
    picture = evidence.picture()
    for text in (
        "gleif",
        f"lei:{lei}",
        f"LEI:{lei.lower()}",
        "global legal entity identifier foundation",
        "Identifier Found",
    ):
        assert picture.resolve(text).id == "gleif", text
    with pytest.raises(AmbiguousEntityError) as caught:
        picture.resolve("global foundation")
    assert {name for name, _ in caught.value.candidates} == {"gleif", "other"}
    with pytest.raises(UnknownEntityError):
        picture.resolve("nowhere at all")


def test_copies_of_one_story_are_one_voice(evidence: Any) -> None:
    evidence.add(
        fact("a", source="wire"),
        fact("a", source="paper"),
        fact("a", source="report", origin="wire"),
        fact("a", source="register"),
        sources=[Source("wire"), Source("paper", derived_from=("wire",)), Source("register")],
    )
    picture = evidence.picture()
    claims = picture.claims_about(picture.entity("a"))
    assert len(claims) == 4
    assert picture.independent(claims) == 2
    assert picture.independent([claim for claim in claims if claim.source != "register"]) == 1
    assert picture.independent([]) == 0
