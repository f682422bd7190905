"""What flows into a place and what the place uses of it, in a small invented world; no country and no measure is known to the code."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import pytest

from isthmus.errors import VocabularyError
from isthmus.lenses import concentration
from isthmus.lenses.concentration.marks import load_marks, read_marks
from isthmus.model import Finding
from isthmus.vocabulary import load_vocabulary

from .conftest import Build, Row

INTO = "of=imports; place=@brask"
NEED = "of=net_import_reliance; place=@brask"


def thing(name: str, kind: str) -> list[Row]:
    return [
        {"subject": name, "predicate": "kind", "value": kind},
        {"subject": name, "predicate": "name", "value": name.title(), "value_lang": "en"},
    ]


def share(holder: str, target: str, part: str, qualifiers: str, **more: str) -> Row:
    low, high = (part, "") if part.startswith(">") else (part, part)
    row = {"subject": holder, "predicate": "share", "object": target, "unit": "share", "low": low, "high": high}
    return {**row, "qualifiers": qualifiers, **more}


def form(name: str, whole: str) -> Row:
    return {"subject": name, "predicate": "variant_of", "object": whole}


LANDS = [row for name in ("arden", "brask", "corvia") for row in thing(name, "state")]
ORE = [
    *LANDS,
    *thing("ore", "material"),
    *thing("metal", "material"),
    *thing("salt", "material"),
    *thing("net", "group"),
]
TWO = [share("arden", "ore", "0.6", INTO), share("corvia", "ore", "0.3", INTO)]
RELIANCE = share("net", "ore", "0.8", NEED)


def flows(finding: Finding) -> list[dict[str, Any]]:
    return [one["flow"] for one in (finding.extra, *finding.extra["other_series"]) if "flow" in one]


def parts(body: dict[str, Any]) -> dict[str, tuple[float | None, float | None]]:
    return {one["caption"]: (round(one["share"]["low"], 9), round(one["share"]["high"], 9)) for one in body["exposure"]}


def test_the_part_of_what_is_used(build: Build) -> None:
    finding = concentration.ask(build([*ORE, *TWO, RELIANCE]), "ore")
    (body,) = flows(finding)
    assert parts(body) == {"Arden": (0.48, 0.48), "Corvia": (0.24, 0.24)}
    assert body["exposure_unattributed"]["high"] == pytest.approx(0.08)
    assert (body["by"], body["into"]["entity"], body["stands_for"]) == ("site_country", "brask", False)
    assert len(body["exposure"][0]["claims"]) == 2
    assert set(body["exposure"][0]["claims"]) <= finding.claims.keys()
    site = next(row for row in finding.answers if row["by"] == "site_country")
    assert (site["hhi"]["low"], site["hhi"]["high"]) == (4500, 4600)


def test_a_bound_and_a_range_go_through(build: Build) -> None:
    rows = [*ORE, share("arden", "ore", ">0.5", INTO), share("net", "ore", ">0.4", NEED)]
    (body,) = flows(concentration.ask(build(rows), "ore"))
    (arden,) = body["exposure"]
    assert (arden["share"]["low"], arden["share"]["open_low"], arden["share"]["high"]) == (0.2, True, None)


def test_each_place_has_its_own_flow_and_its_own_reliance(build: Build) -> None:
    there = [
        share("brask", "ore", "1", "of=imports; place=@corvia"),
        share("net", "ore", "0.1", NEED.replace("brask", "corvia")),
    ]
    bodies = {
        body["into"]["entity"]: body for body in flows(concentration.ask(build([*ORE, *TWO, RELIANCE, *there]), "ore"))
    }
    assert parts(bodies["brask"])["Arden"] == (0.48, 0.48)
    assert parts(bodies["corvia"]) == {"Brask": (0.1, 0.1)}


def test_the_reliance_of_another_place_is_not_taken(build: Build) -> None:
    (body,) = flows(
        concentration.ask(build([*ORE, *TWO, share("net", "ore", "0.8", NEED.replace("brask", "arden"))]), "ore")
    )
    assert body["exposure_refused"] == "no claim says how much of what Brask uses comes in"
    assert (body["reliance"], body["exposure"]) == (None, [])


def test_a_flow_into_no_named_place_has_no_reliance(build: Build) -> None:
    rows = [*ORE, share("arden", "ore", "0.6", "of=imports"), share("net", "ore", "0.8", "of=net_import_reliance")]
    (body,) = flows(concentration.ask(build(rows), "ore"))
    assert body["exposure_refused"] == "no claim says into which place it flows"


def test_one_form_stands_for_the_whole(build: Build) -> None:
    rows = [*ORE, form("metal", "ore"), share("arden", "metal", "0.5", INTO), RELIANCE]
    finding = concentration.ask(build(rows), "ore")
    (body,) = flows(finding)
    assert (body["item"]["entity"], body["reliance_of"]["entity"], body["stands_for"]) == ("metal", "ore", True)
    assert parts(body) == {"Arden": (0.4, 0.4)}
    assert any("imports of Metal stand for those of Ore" in limit for limit in finding.limits)
    assert flows(concentration.ask(build(rows), "metal")) == [body]


def test_of_two_forms_none_stands_for_the_whole(build: Build) -> None:
    rows = [*ORE, form("metal", "ore"), form("salt", "ore"), RELIANCE]
    rows += [share("arden", "metal", "0.5", INTO), share("corvia", "salt", "0.9", INTO)]
    bodies = flows(concentration.ask(build(rows), "ore"))
    assert [body["item"]["entity"] for body in bodies] == ["metal", "salt"]
    assert "also those of Salt; nobody says how much each is" in bodies[0]["exposure_refused"]
    assert "also those of Metal" in bodies[1]["exposure_refused"]


def test_a_form_beside_the_whole_does_not_stand_for_it(build: Build) -> None:
    bodies = flows(
        concentration.ask(
            build([*ORE, *TWO, RELIANCE, form("metal", "ore"), share("arden", "metal", "1", INTO)]), "ore"
        )
    )
    assert parts(bodies[0])["Arden"] == (0.48, 0.48)
    assert "whose imports are told as a whole" in bodies[1]["exposure_refused"]


def test_what_is_tied_to_nothing_is_a_state_that_is_said(build: Build) -> None:
    finding = concentration.ask(build([*ORE, share("arden", "metal", "1", INTO), RELIANCE]), "metal")
    assert flows(finding)[0]["exposure_refused"] == "no claim says how much of what Brask uses comes in"
    assert any("comes from where; no claim says" in gap.what for gap in finding.gaps)


@pytest.mark.parametrize("stated", [">1"])
def test_a_reliance_over_the_whole_is_refused(build: Build, stated: str) -> None:
    (body,) = flows(concentration.ask(build([*ORE, *TWO, share("net", "ore", stated, NEED)]), "ore"))
    assert body["exposure_refused"].startswith("what is stated is no part of a whole")


def test_reliances_that_disagree_are_a_span(build: Build) -> None:
    rows = [
        *ORE,
        *TWO,
        share("net", "ore", "0.6", NEED, observed="2025"),
        share("net", "ore", "0.8", NEED, observed="2025"),
    ]
    (body,) = flows(concentration.ask(build(rows), "ore"))
    assert parts(body)["Arden"] == (0.36, 0.48)


def test_reliances_of_several_measures_are_refused(build: Build) -> None:
    rows = [*ORE, *TWO, RELIANCE, share("net", "ore", "0.5", f"{NEED}; segment=metal")]
    (body,) = flows(concentration.ask(build(rows), "ore"))
    assert "each of another measure or part" in body["exposure_refused"]


@pytest.mark.parametrize("more", [{"mode": "planned"}, {"stance": "denies"}])
def test_a_denied_or_planned_reliance_is_not_counted(build: Build, more: dict[str, str]) -> None:
    rows = [*ORE, *TWO, {**RELIANCE, **more}]
    (body,) = flows(concentration.ask(build(rows), "ore"))
    assert "exposure_refused" in body


def test_alarms_say_that_it_is_a_flow(build: Build) -> None:
    finding = concentration.ask(build([*ORE, *TWO, RELIANCE]), "ore")
    (alarm,) = finding.extra["alarms"]
    assert alarm["words"] == "Arden as the origin of imports has half or more of the imports of Ore into Brask: 60 %"
    assert alarm["of"] == "imports"


def test_shares_that_stay_short_of_the_whole_leave_the_rest_to_nobody(build: Build) -> None:
    others = [*thing("others", "group"), share("others", "ore", "0.1", INTO)]
    rows = [*ORE, share("arden", "ore", "0.5", INTO), share("corvia", "ore", "0.1", INTO), *others]
    row = next(row for row in concentration.ask(build(rows), "ore").answers if row["by"] == "site_country")
    assert (row["unattributed"]["low"], row["unattributed"]["high"]) == (pytest.approx(0.4), pytest.approx(0.4))
    assert (row["hhi"]["low"], row["hhi"]["high"]) == (2600, 4200)


def test_a_measure_that_does_not_exist_is_refused() -> None:
    text = files("isthmus").joinpath("data/concentration.yaml").read_text("utf-8")
    assert load_marks().flows[0].of == "imports"
    with pytest.raises(VocabularyError, match="outports"):
        read_marks(text.replace("of: imports", "of: outports"), load_vocabulary())
