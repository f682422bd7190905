"""Relationship records and reporting exceptions: what each becomes, what is left out, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from isthmus.sources.adapter import Reading
from isthmus.sources.adapters.gleif import ADAPTER
from tests.sources.readings import Row, assert_in_vocabulary, claim, ordered, read, said

DATA = Path(__file__).resolve().parents[2] / "data" / "gleif"
CABLE = "0000HARBOURCABLE0009"
QUAY = "0000QUAYHOLDINGS0085"
TOWERS = "0000ISLANDTOWERS0007"
OLD = "0000OLDHARBOUR000015"
MINISTRY = "0000PORTMINISTRY0011"
FUND = "0000LIGHTHOUSEFD0019"

Found = tuple[Reading, list[Row]]


@pytest.fixture(scope="module")
def relations(tmp_path_factory: pytest.TempPathFactory) -> Found:
    return read(ADAPTER, DATA / "relations.csv", tmp_path_factory.mktemp("relations"))


@pytest.fixture(scope="module")
def exceptions(tmp_path_factory: pytest.TempPathFactory) -> Found:
    return read(ADAPTER, DATA / "exceptions.xml", tmp_path_factory.mktemp("exceptions"))


ME = f"lei:{CABLE}"


def link(start: str, end: str, kind: str) -> str:
    return f"{start}/{end}#{kind}"


RELATIONS = [
    (
        link(CABLE, QUAY, "IS_DIRECTLY_CONSOLIDATED_BY"),
        [
            claim(
                f"lei:{QUAY}", "consolidates", ME,
                qualifiers="direct=direct; accounting=IFRS; date_words=ACCOUNTING_PERIOD 2022-01-01/2022-12-31; "
                "reading=quantifier ACCOUNTING_CONSOLIDATION 51.50 PERCENTAGE",
                valid_from="2018-08-18", observed="2024-07-02",
            )
        ],
    ),
    (
        link(CABLE, TOWERS, "IS_ULTIMATELY_CONSOLIDATED_BY"),
        [
            claim(
                f"lei:{TOWERS}", "consolidates", ME, qualifiers="direct=indirect; accounting=US_GAAP",
                valid_from="2012-01-01", valid_to="2016-06-30", hedge="registration LAPSED; ENTITY_SUPPLIED_ONLY",
            )
        ],
    ),
    (
        link(CABLE, OLD, "IS_DIRECTLY_CONSOLIDATED_BY"),
        [
            claim(
                f"lei:{OLD}", "consolidates", ME, qualifiers="direct=direct", valid_to="<=2017-02-03",
                hedge="registration RETIRED",
            )
        ],
    ),
    (
        link("0000HARBOURBRNCH0022", CABLE, "IS_INTERNATIONAL_BRANCH_OF"),
        [
            claim(
                "lei:0000HARBOURBRNCH0022", "part_of", ME, qualifiers="reason=IS_INTERNATIONAL_BRANCH_OF",
                valid_from="2001-01-01", observed="2024-02-03",
            )
        ],
    ),
    (
        # Two periods of one relation are two claims; one that has ended was not seen at the last update.
        link(FUND, QUAY, "IS_FUND-MANAGED_BY"),
        [
            claim(
                f"lei:{QUAY}", "has_role_in", f"lei:{FUND}", qualifiers="role=manager", valid_from="2010-05-05",
                observed="2024-02-03",
            ),
            claim(
                f"lei:{QUAY}", "has_role_in", f"lei:{FUND}", qualifiers="role=manager", valid_from="2014-05-05",
                valid_to="2015-05-05",
            ),
        ],
    ),
    (
        link("0000LIGHTHOUSESF0038", FUND, "IS_SUBFUND_OF"),
        [
            claim(
                "lei:0000LIGHTHOUSESF0038", "part_of", f"lei:{FUND}", qualifiers="reason=IS_SUBFUND_OF",
                hedge="no relationship status",
            )
        ],
    ),
    (
        link("0000FEEDERFUND000090", FUND, "IS_FEEDER_TO"),
        [
            claim(
                "lei:0000FEEDERFUND000090", "finances", f"lei:{FUND}", qualifiers="instrument=equity",
                observed="2024-02-03",
            )
        ],
    ),
    (
        link(TOWERS, "P-0042", "IS_DIRECTLY_CONSOLIDATED_BY"),
        [
            claim(
                "gleif-pni:P-0042", "consolidates", f"lei:{TOWERS}", qualifiers="direct=direct", observed="2024-02-03",
            )
        ],
    ),
    (
        link(TOWERS, QUAY, "IS_DIRECTLY_CONSOLIDATED_BY"),
        [claim(f"lei:{QUAY}", "consolidates", f"lei:{TOWERS}", qualifiers="direct=direct")],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("locator", "expected"), RELATIONS)
def test_relation_becomes_claims(relations: Found, locator: str, expected: list[Row]) -> None:
    assert said(relations[1], locator) == ordered(expected)


def test_relations_are_all_accounted_for(relations: Found) -> None:
    reading, rows = relations
    assert reading.rows == 13
    assert {row["locator"] for row in rows if row["predicate"] != "identifier"} == {place for place, _ in RELATIONS}
    assert [(fault.line, fault.reason) for fault in reading.rejected] == [
        (10, "start node: “0000HARBOURCABLE0010” is no LEI: its check digits are 10 but the rest calls for 09"),
        (11, "there is no relationship type “IS_LOVED_BY”"),
        (12, f"the relationship is of {QUAY} with itself"),
        (14, "LastUpdateDate “soon” is no date"),
        (14, "the relationship ends (2019-01-01) before it begins (2020-01-01): the claim stands without dates"),
    ]
    assert reading.left_out == {"relationship records that were published in error: ANNULLED": 1}


def test_each_node_has_its_lei_once_as_its_own_record_says_it(relations: Found) -> None:
    given = [row for row in relations[1] if row["predicate"] == "identifier"]
    assert len(given) == len({row["subject"] for row in given}) == 8
    assert said(relations[1], f"{CABLE}#LEI") == [claim(ME, "identifier", value=CABLE, qualifiers="scheme=lei")]


def test_exceptions_become_claims_with_their_codes(exceptions: Found) -> None:
    reading, rows = exceptions
    found = [
        (row["line"], row["subject"], row["value"], row["qualifiers"])
        for row in rows
        if row["predicate"] == "owners_unstated"
    ]
    assert found == [
        (9, ME, "not_public", "direct=indirect; reason=NON_PUBLIC: Ports Act, section 4"),
        (15, f"lei:{QUAY}", "consent_not_given", "direct=direct; reason=CONSENT_NOT_OBTAINED"),
        (15, f"lei:{QUAY}", "natural_persons", "direct=direct; reason=NATURAL_PERSONS"),
        (38, f"lei:{MINISTRY}", "unknown", "direct=direct; reason=NO_KNOWN_PERSON"),
    ]
    assert reading.rows == 6
    assert [(fault.line, fault.reason) for fault in reading.rejected] == [
        (22, "there is no reason for an exception “BECAUSE”"),
        (27, "there is no category of exceptions “AUNT”"),
    ]
    assert reading.left_out == {
        "ExceptionReference with a reason that may name people": 1,
        "reporting exceptions that GLEIF has withdrawn": 1,
    }
    assert [source.date for source in reading.sources] == ["2023-06-09"]


def test_no_natural_person_is_in_the_claims(exceptions: Found) -> None:
    assert "Secret" not in json.dumps(exceptions[1])


def test_every_row_keeps_to_the_vocabulary(relations: Found, exceptions: Found) -> None:
    assert_in_vocabulary([*relations[1], *exceptions[1]])
