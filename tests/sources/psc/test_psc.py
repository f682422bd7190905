"""The reader of people with significant control: what each kind of line becomes, what is left out, and what is refused."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from isthmus.model import Source
from isthmus.sources.adapter import Head, Reading
from isthmus.sources.adapters.psc import ADAPTER
from tests.sources.readings import Row, assert_in_vocabulary, claim, ordered, read, said

DATA = Path(__file__).resolve().parents[2] / "data" / "psc"
SNAPSHOT = DATA / "snapshot.txt"
COMPANY, LLP, OVERSEAS = "gb-coh:01234567", "gb-coh:OC300001", "gb-coh:OE000017"
SECRETS = ("Secret", "Utopian", "1971", "SA1 1AA", "Swansea")

Found = tuple[Reading, list[Row]]


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Found:
    return read(ADAPTER, SNAPSHOT, tmp_path_factory.mktemp("snapshot"))


def entry(company: str, kind: str, name: str) -> str:
    return f"/company/{company}/persons-with-significant-control/{kind}/{name}"


ENTRIES = [
    (
        # A person: the name and what is held, nothing else.
        entry("01234567", "individual", "AbC-1_x"),
        [
            claim(
                "gb-psc:AbC-1_x", "has_interest_in", COMPANY,
                qualifiers="interest=appointmentOfBoard; direct=unknown; right=board_appointment", valid_from="<=2016-04-06",
            ),
            claim("gb-psc:AbC-1_x", "kind", value="person"),
            claim("gb-psc:AbC-1_x", "name", value="Ms Ann Example"),
            claim(
                "gb-psc:AbC-1_x", "owns", COMPANY, low=">0.25", high="0.5", unit="share",
                qualifiers="interest=shareholding; direct=unknown", valid_from="<=2016-04-06",
            ),
            claim(
                "gb-psc:AbC-1_x", "owns", COMPANY, low=">0.25", high="0.5", unit="share",
                qualifiers="interest=votingRights; direct=unknown", valid_from="<=2016-04-06",
            ),
        ],
    ),
    (
        # A company of the register itself is known by its number.
        entry("01234567", "corporate-entity", "CorP-1"),
        [
            claim("gb-coh:SC004711", "address", value="Unit 4, 9 Pier Road, Leith, United Kingdom", qualifiers="basis=office"),
            claim("gb-coh:SC004711", "described_as", value="Private Limited Company", qualifiers="aspect=legal_form"),
            claim("gb-coh:SC004711", "located_in", "iso:GB", qualifiers="basis=registered"),
            claim("gb-coh:SC004711", "name", value="Quay Holdings Limited"),
            claim(
                "gb-coh:SC004711", "owns", COMPANY, low=">0.5", high="<0.75", unit="share",
                qualifiers="interest=shareholding; direct=unknown", valid_from="<=2017-01-02", valid_to="2021-03-04",
            ),
        ],
    ),
    (
        # A bare number of Scotland is not taken for an English one; what a trust holds is held indirectly.
        entry("01234567", "corporate-entity", "CorP-2"),
        [
            claim("gb-psc:CorP-2", "described_as", value="Limited", qualifiers="aspect=legal_form"),
            claim("gb-psc:CorP-2", "identifier", value="4711", qualifiers="scheme=registration; scope=Scotland"),
            claim("gb-psc:CorP-2", "kind", value="company"),
            claim("gb-psc:CorP-2", "located_in", "iso:GB", qualifiers="basis=registered"),
            claim("gb-psc:CorP-2", "name", value="Bare Number Limited"),
            claim(
                "gb-psc:CorP-2", "owns", COMPANY, low="0.75", high="1", unit="share",
                qualifiers="interest=shareholding; direct=indirect; title=ownership-of-shares-75-to-100-percent-as-trust",
                valid_from="<=2021-03-04",
            ),
        ],
    ),
    (
        entry("OC300001", "legal-person", "LeG-1"),
        [
            claim("gb-psc:LeG-1", "described_as", value="State body", qualifiers="aspect=legal_form"),
            claim(
                "gb-psc:LeG-1", "has_interest_in", LLP,
                qualifiers="interest=appointmentOfBoard; direct=indirect; right=board_appointment; "
                "title=right-to-appoint-and-remove-members-as-firm-limited-liability-partnership",
                valid_from="<=2018-05-06",
            ),
            claim(
                "gb-psc:LeG-1", "has_interest_in", LLP,
                qualifiers="interest=otherInfluenceOrControl; direct=unknown; "
                "title=significant-influence-or-control-limited-liability-partnership",
                valid_from="<=2018-05-06",
            ),
            claim("gb-psc:LeG-1", "kind", value="organization"),
            claim("gb-psc:LeG-1", "located_in", "iso:IE", qualifiers="basis=registered"),
            claim("gb-psc:LeG-1", "name", value="Harbour Office"),
            claim(
                "gb-psc:LeG-1", "owns", LLP, low="0.75", high="1", unit="share",
                qualifiers="interest=rightsToSurplusAssetsOnDissolution; direct=unknown; "
                "title=right-to-share-surplus-assets-75-to-100-percent-limited-liability-partnership",
                valid_from="<=2018-05-06",
            ),
        ],
    ),
    (
        entry("OE000017", "individual-beneficial-owner", "BeN-1"),
        [
            claim("gb-psc:BeN-1", "kind", value="person"),
            claim("gb-psc:BeN-1", "name", value="Bo Example"),
            claim(
                "gb-psc:BeN-1", "owns", OVERSEAS, low=">0.25", high="1", unit="share",
                qualifiers="interest=shareholding; direct=unknown; "
                "title=ownership-of-shares-more-than-25-percent-registered-overseas-entity; beneficial=yes",
                valid_from="<=2022-11-01",
            ),
            claim(
                "gb-psc:BeN-1", "owns", OVERSEAS, low=">0.25", high="1", unit="share",
                qualifiers="interest=votingRights; direct=unknown; "
                "title=voting-rights-more-than-25-percent-as-trust-registered-overseas-entity; beneficial=yes",
                valid_from="<=2022-11-01",
            ),
        ],
    ),
    (
        # Withheld: a holder without a name, whose interest is not published.
        entry("SC004711", "super-secure", "SeC-1"),
        [
            claim(
                "gb-coh:SC004711", "owners_unstated", value="holder_exempt",
                qualifiers="reason=super-secure-persons-with-significant-control",
            ),
            claim("gb-psc:SeC-1", "has_interest_in", "gb-coh:SC004711", qualifiers="interest=unpublishedInterest; direct=unknown"),
            claim("gb-psc:SeC-1", "kind", value="person"),
        ],
    ),
    (
        # Ceased on a day that is not said: by the day of the snapshot.
        entry("SC004711", "super-secure", "SeC-2"),
        [
            claim(
                "gb-coh:SC004711", "owners_unstated", value="holder_exempt",
                qualifiers="reason=super-secure-persons-with-significant-control", valid_to="<=2024-05-06",
            ),
            claim(
                "gb-psc:SeC-2", "has_interest_in", "gb-coh:SC004711",
                qualifiers="interest=unpublishedInterest; direct=unknown", valid_to="<=2024-05-06",
            ),
            claim("gb-psc:SeC-2", "kind", value="person"),
        ],
    ),
    (
        "/company/02000002/persons-with-significant-control-statements/St-1",
        [
            claim(
                "gb-coh:02000002", "owners_unstated", value="steps_not_completed",
                qualifiers="reason=steps-to-find-psc-not-yet-completed", valid_from="<=2016-07-01", valid_to="2019-01-31",
            )
        ],
    ),
    (
        "/company/SL000003/persons-with-significant-control-statements/St-2",
        [
            claim(
                "gb-coh:SL000003", "owners_unstated", value="unable_to_confirm",
                qualifiers="reason=psc-exists-but-not-identified-partnership", valid_from="<=2018-07-01",
            )
        ],
    ),
    ("/company/OE000017/persons-with-significant-control-statements/St-3", []),
    (
        "/company/02000002/exemptions#disclosure_transparency_rules_chapter_five_applies",
        [
            claim(
                "gb-coh:02000002", "owners_unstated", value="subject_exempt",
                qualifiers="reason=disclosure-transparency-rules-chapter-five-applies",
                valid_from="2017-06-07", valid_to="2023-02-02",
            )
        ],
    ),
    (
        "/company/02000002/exemptions#psc_exempt_as_trading_on_uk_regulated_market",
        [
            claim(
                "gb-coh:02000002", "owners_unstated", value="subject_exempt",
                qualifiers="reason=psc-exempt-as-trading-on-uk-regulated-market", valid_from="2018-06-18",
            )
        ],
    ),
    # A nature that is not known brings nobody in.
    (entry("02000002", "individual", "NeW-1"), []),
    (
        # No nature at all: an interest that is not said, and a name put together from its parts.
        entry("02000002", "individual", "NeW-2"),
        [
            claim("gb-psc:NeW-2", "has_interest_in", "gb-coh:02000002", qualifiers="interest=unknownInterest; direct=unknown"),
            claim("gb-psc:NeW-2", "kind", value="person"),
            claim("gb-psc:NeW-2", "name", value="Cy D Example"),
        ],
    ),
    (
        "/company/SC004711",
        [
            claim("gb-coh:SC004711", "identifier", value="RA000587:SC004711", qualifiers="scheme=ra"),
            claim("gb-coh:SC004711", "kind", value="company"),
        ],
    ),
    (
        "/company/OE000017",
        [
            claim(OVERSEAS, "identifier", value="OE000017", qualifiers="scheme=registration"),
            claim(OVERSEAS, "kind", value="organization"),
        ],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("locator", "expected"), ENTRIES)
def test_entry_becomes_claims(snapshot: Found, locator: str, expected: list[Row]) -> None:
    assert said(snapshot[1], locator) == ordered(expected)


def test_lines_are_all_accounted_for(snapshot: Found) -> None:
    reading, rows = snapshot
    assert reading.rows == 19
    assert {row["line"] for row in rows} == {1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13}
    assert [(fault.line, fault.reason) for fault in reading.rejected] == [
        (12, "there is no nature of control “ownership-of-the-moon”"),
        (13, "notified_on “1083-01-01” is no date that the register can have"),
        (14, "there is no kind “astral-person-with-significant-control”"),
        (15, "“?” is no company number"),
        (16, "the key “kind” stands twice in the object"),
        (17, "the line is not JSON: Expecting value at character 1"),
    ]
    assert reading.left_out == {
        "blank lines": 1,
        "field address: personal data": 1,
        "field country_of_residence: personal data": 1,
        "field date_of_birth: personal data": 1,
        "field is_sanctioned: personal data": 1,
        "field linked_psc_name: no predicate": 1,
        "field nationality: personal data": 1,
        "identification.legal_authority: no predicate": 3,
        "statement all-beneficial-owners-identified: leaves nobody unstated": 1,
        "the totals of the snapshot": 1,
    }
    assert reading.notes == ("the snapshot counts 9 holders, 3 statements and 1 exemptions; this file has 10, 3 and 1",)
    assert [(source.id, source.date) for source in reading.sources] == [("gb-psc", "2024-05-06")]


def test_nothing_personal_is_in_claims_or_working_files(tmp_path: Path) -> None:
    _, rows = read(ADAPTER, SNAPSHOT, tmp_path)
    assert not [secret for secret in SECRETS if secret in json.dumps(rows)]
    files = list(tmp_path.glob("psc.*"))
    assert files
    for file in files:
        assert not [secret for secret in SECRETS if secret.encode() in file.read_bytes()], file


def test_every_row_keeps_to_the_vocabulary(snapshot: Found) -> None:
    assert_in_vocabulary(snapshot[1])


def test_each_company_is_described_once(snapshot: Found) -> None:
    kinds = [
        row["subject"] for row in snapshot[1] if row["predicate"] == "kind" and row["subject"].startswith("gb-coh:")
    ]
    assert sorted(kinds) == sorted(set(kinds))
    assert set(kinds) == {
        f"gb-coh:{number}" for number in ("01234567", "02000002", "OC300001", "OE000017", "SC004711", "SL000003")
    }


def test_source_given_by_hand_wins(tmp_path: Path) -> None:
    reading, rows = read(ADAPTER, SNAPSHOT, tmp_path, Source(id="my-register"))
    assert {row["source"] for row in rows} == {"my-register"}
    assert reading.sources == ()


def test_snapshot_is_read_out_of_its_zip_archive(snapshot: Found, tmp_path: Path) -> None:
    path = tmp_path / "psc-snapshot-2024-05-06_1of1.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(SNAPSHOT, "psc-snapshot.txt")
    assert ADAPTER.recognises(Head(path, path.stat().st_size, path.read_bytes()))
    assert read(ADAPTER, path, tmp_path / "work")[1] == snapshot[1]
