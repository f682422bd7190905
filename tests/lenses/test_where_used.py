"""Where a thing is used: every holder and user, the way, and whether it fails with it."""

from __future__ import annotations

from isthmus.lenses import where_used
from isthmus.model import Finding
from tests.dependence.worlds import V6, contains, supplies, uses

from .conftest import Build


def told(finding: Finding) -> dict[str, tuple[str, bool]]:
    return {row["entity"]: (" ".join(row["way"]), row["fails"]) for row in finding.answers}


def test_alternatives_are_understood(build: Build) -> None:
    picture = build(V6)
    assert told(where_used.ask(picture, "E")) == {"C": ("E C", True), "T": ("E C T", False)}
    assert told(where_used.ask(picture, "D"))["T"][1]
    assert where_used.ask(picture, "E").extra == {
        "tiers": [{"tier": 1, "things": 1}, {"tier": 2, "things": 1}],
        "totals": {"things": 2, "fail": 1},
    }


def test_optional_parts_are_in_a_product_too(build: Build) -> None:
    picture = build([contains("p", "lib", strength="optional"), uses("shop", "p"), supplies("m", "shop", "p")])
    finding = where_used.ask(picture, "lib")
    assert told(finding) == {"p": ("lib p", False), "shop": ("lib p shop", False)}
    assert [row["by"] for row in finding.answers] == [["contains"], ["uses", "contains"]]
    assert where_used.ask(picture, "lib", strength="required").answers == ()
    assert told(where_used.ask(picture, "m")) == {"shop": ("m shop", True)}


def test_circles_end_and_the_thing_is_not_its_own_user(build: Build) -> None:
    finding = where_used.ask(build([contains("a", "b"), contains("b", "c"), contains("c", "a")]), "c")
    assert told(finding) == {"b": ("c b", True), "a": ("c b a", True)}


def test_nothing_known_is_not_nothing(build: Build) -> None:
    finding = where_used.ask(build(V6), "T")
    assert (finding.answers, finding.extra["totals"]) == ((), {"things": 0, "fail": 0})
    assert "not to say that nothing does" in finding.gaps[0].what


def test_why_names_the_claims_of_the_way(build: Build) -> None:
    finding = where_used.ask(build([uses("a", "b"), uses("b", "c", source="t")]), "c", why=True)
    (a,) = [row for row in finding.answers if row["entity"] == "a"]
    assert a["support"]["works"] == ["s", "t"]
    assert len(a["support"]["minimal"][0]) == 2
