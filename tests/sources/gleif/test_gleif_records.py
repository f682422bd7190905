"""LEI records: what each field becomes, in JSON and CSV, what is left out, and what is refused."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from isthmus.sources.adapter import Reading
from isthmus.sources.adapters.gleif import ADAPTER
from tests.sources.readings import Row, assert_in_vocabulary, claim, ordered, read, said

DATA = Path(__file__).resolve().parents[2] / "data" / "gleif"
CABLE = "0000HARBOURCABLE0009"
QUAY = "0000QUAYHOLDINGS0085"
OLD = "0000OLDHARBOUR000015"
MINISTRY = "0000PORTMINISTRY0011"
DOUBLE = "0000DOUBLETTE0000076"
FUND = "0000LIGHTHOUSEFD0019"

Found = tuple[Reading, list[Row]]


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Found:
    return read(ADAPTER, DATA / "records.json", tmp_path_factory.mktemp("records"))


ME, SEEN = f"lei:{CABLE}", {"observed": "2024-03-28"}
RECORD = [
    ("EntityCategory", [claim(ME, "kind", value="organization", **SEEN)]),
    ("LEI", [claim(ME, "identifier", value=CABLE, qualifiers="scheme=lei")]),
    (
        "LegalName",
        [
            claim(
                ME, "name", value="Harbour Cable Ltd", value_lang="en", qualifiers="type=legal",
                valid_from="2021-05-01", **SEEN,
            )
        ],
    ),
    (
        "OtherEntityNames",
        [
            claim(ME, "name", value="Cebl yr Harbwr Cyf", value_lang="cy", qualifiers="type=alias", **SEEN),
            claim(ME, "name", value="HARBOUR CABLE LTD", qualifiers="type=transliteration", **SEEN),
            claim(ME, "name", value="Harbour Wire Ltd", value_lang="en", qualifiers="type=former", valid_to="<2021-05-01"),
            claim(ME, "name", value="HarbourNet", qualifiers="type=alias", **SEEN),
        ],
    ),
    ("RegistrationAuthority", [claim(ME, "identifier", value="RA000585:01234567", qualifiers="scheme=ra", **SEEN)]),
    ("LegalForm", [claim(ME, "described_as", value="ELF H0PO", qualifiers="aspect=legal_form", **SEEN)]),
    ("LegalJurisdiction", [claim(ME, "located_in", "iso:GB", qualifiers="basis=jurisdiction; scope=GB-WLS", **SEEN)]),
    ("LegalAddress.Country", [claim(ME, "located_in", "iso:GB", qualifiers="basis=registered", **SEEN)]),
    ("HeadquartersAddress.Country", [claim(ME, "located_in", "iso:IE", qualifiers="basis=headquarters", **SEEN)]),
    (
        "LegalAddress",
        [
            claim(
                ME, "address", value="1 Quay Street, Floor 2, Room 3, Swansea, GB-WLS, SA1 1AA, GB",
                qualifiers="basis=registered", **SEEN,
            )
        ],
    ),
    ("HeadquartersAddress", [claim(ME, "address", value="9 Pier Road, Dublin, IE", qualifiers="basis=headquarters", **SEEN)]),
    ("EntityStatus", [claim(ME, "status", value="active", valid_from="1998-04-30", **SEEN)]),
    (
        "LegalEntityEvents",
        [
            claim(ME, "status", value="ended", qualifiers="reason=DISSOLUTION", mode="attempted"),
            claim(ME, "status", value="impaired", qualifiers="reason=VOLUNTARY_ARRANGEMENT", valid_from="2024-02-01"),
        ],
    ),
    # The registration has lapsed; the entity lives.
    ("RegistrationStatus", [claim(ME, "described_as", value="LEI registration LAPSED", qualifiers="aspect=other", **SEEN)]),
]  # fmt: skip


@pytest.mark.parametrize(("field", "expected"), RECORD)
def test_record_becomes_claims(records: Found, field: str, expected: list[Row]) -> None:
    assert said(records[1], f"{CABLE}#{field}") == ordered(expected)


def test_record_makes_no_other_claims(records: Found) -> None:
    fields = {row["locator"].partition("#")[2] for row in records[1] if row["locator"].startswith(CABLE)}
    assert fields == {field for field, _ in RECORD}


def test_end_of_an_entity_and_its_successors(records: Found) -> None:
    old, unlisted = f"lei:{OLD}", f"lei:{OLD}/successor/2"
    assert said(records[1], f"{OLD}#EntityStatus") == [
        claim(old, "status", value="ended", qualifiers="reason=CORPORATE_ACTION", valid_from="2015-07-01")
    ]
    assert said(records[1], f"{OLD}#SuccessorEntity") == [
        claim(by, "succeeds", old, qualifiers="how=absorption", valid_from="2015-07-01") for by in (ME, unlisted)
    ]
    seen = {"observed": "2016-01-05"}
    assert said(records[1], f"{OLD}#SuccessorEntityName") == [
        claim(unlisted, "kind", value="organization", **seen),
        claim(unlisted, "name", value="Pilot Boats Ltd", **seen),
    ]


def test_end_without_a_date_lies_at_the_latest_at_the_last_update(records: Found) -> None:
    assert said(records[1], f"{MINISTRY}#EntityStatus") == [
        claim(f"lei:{MINISTRY}", "status", value="ended", valid_from="<=2023-09-03")
    ]


def test_number_of_an_unlisted_register_names_the_register(records: Found) -> None:
    assert said(records[1], f"{OLD}#RegistrationAuthority") == [
        claim(
            f"lei:{OLD}", "identifier", value="Harbour Roll 77", qualifiers="scheme=registration", observed="2016-01-05"
        )
    ]
    assert said(records[1], f"{OLD}#LegalForm") == []
    assert [row["value"] for row in said(records[1], f"{OLD}#OtherLegalForm")] == ["PORT COMPANY"]


def test_duplicate_is_the_same_and_no_successor(records: Found) -> None:
    seen = {"observed": "2020-02-02"}
    assert said(records[1], f"{DOUBLE}#SuccessorEntity") == [claim(f"lei:{DOUBLE}", "same_as", ME, **seen)]
    assert said(records[1], f"{DOUBLE}#AssociatedEntity") == [
        claim(f"lei:{DOUBLE}", "linked_to", f"lei:{QUAY}", qualifiers="reason=FUND_FAMILY", **seen)
    ]
    assert said(records[1], f"{DOUBLE}#EntityStatus") == []


def test_records_are_all_accounted_for(records: Found) -> None:
    reading, rows = records
    assert reading.rows == 7
    assert {row["line"] for row in rows} == {1, 2, 3, 4}
    assert [(fault.line, fault.reason) for fault in reading.rejected] == [
        (3, "EntityCreationDate “someday” is no date"),
        (3, "LegalJurisdiction “Atlantis” is no country code"),
        (6, "“0000HARBOURCABLE0010” is no LEI: its check digits are 10 but the rest calls for 09"),
    ]
    assert reading.left_out == {
        "AssociatedEntity without an LEI": 1,
        "EntityStatus NULL: not said": 1,
        "LEI records that were issued in error: ANNULLED": 1,
        "LEI records with addresses in other languages or scripts, which are read past": 1,
        "LegalEntityEvent CHANGE_HQ_ADDRESS: not completed, so it dates nothing": 1,
        "LegalEntityEvent SPINOFF: no predicate": 1,
        "sole proprietors: natural persons": 1,
    }
    assert [(source.id, source.date) for source in reading.sources] == [("gleif", "2024-03-28")]


def test_no_natural_person_is_in_the_claims(records: Found) -> None:
    assert "Secret" not in json.dumps(records[1])


def test_every_row_keeps_to_the_vocabulary(records: Found) -> None:
    assert_in_vocabulary(records[1])


def test_records_as_csv_say_what_they_say_as_json(tmp_path: Path) -> None:
    columns = {
        "LEI": CABLE,
        "Entity.LegalName": "Harbour Cable Ltd",
        "Entity.LegalName.xmllang": "en",
        "Entity.OtherEntityNames.OtherEntityName.1": "Harbour Wire Ltd",
        "Entity.OtherEntityNames.OtherEntityName.1.xmllang": "en",
        "Entity.OtherEntityNames.OtherEntityName.1.type": "PREVIOUS_LEGAL_NAME",
        "Entity.OtherEntityNames.OtherEntityName.2": "HarbourNet",
        "Entity.OtherEntityNames.OtherEntityName.2.type": "TRADING_OR_OPERATING_NAME",
        "Entity.LegalAddress.FirstAddressLine": "1 Quay Street",
        "Entity.LegalAddress.AdditionalAddressLine.1": "Floor 2",
        "Entity.LegalAddress.City": "Swansea",
        "Entity.LegalAddress.Country": "GB",
        "Entity.OtherAddresses.OtherAddress.1.FirstAddressLine": "1 Stryd y Cei",
        "Entity.RegistrationAuthority.RegistrationAuthorityID": "RA000585",
        "Entity.RegistrationAuthority.RegistrationAuthorityEntityID": "01234567",
        "Entity.EntityCategory": "FUND",
        "Entity.EntityStatus": "INACTIVE",
        "Entity.EntityExpirationDate": "2022-02-02T00:00:00Z",
        "Entity.SuccessorEntity.1.SuccessorLEI": QUAY,
        "Entity.LegalEntityEvents.LegalEntityEvent.1.LegalEntityEventType": "CHANGE_LEGAL_NAME",
        "Entity.LegalEntityEvents.LegalEntityEvent.1.event_status": "COMPLETED",
        "Entity.LegalEntityEvents.LegalEntityEvent.1.LegalEntityEventEffectiveDate": "2021-05-01T00:00:00Z",
        "Registration.LastUpdateDate": "2024-03-28T15:27:52.162Z",
        "Registration.RegistrationStatus": "ISSUED",
    }
    record = {
        "LEI": CABLE,
        "Entity": {
            "LegalName": {"@xml:lang": "en", "$": "Harbour Cable Ltd"},
            "OtherEntityNames": [
                {"lang": "en", "type": "PREVIOUS_LEGAL_NAME", "OtherEntityName": "Harbour Wire Ltd"},
                {"type": "TRADING_OR_OPERATING_NAME", "OtherEntityName": "HarbourNet"},
            ],
            "LegalAddress": {
                "FirstAddressLine": "1 Quay Street", "AdditionalAddressLine": "Floor 2", "City": "Swansea", "Country": "GB",
            },
            "OtherAddresses": [{"FirstAddressLine": "1 Stryd y Cei"}],
            "RegistrationAuthority": {"RegistrationAuthorityID": "RA000585", "RegistrationAuthorityEntityID": "01234567"},
            "EntityCategory": "FUND",
            "EntityStatus": "INACTIVE",
            "EntityExpirationDate": "2022-02-02",
            "SuccessorEntity": {"SuccessorLEI": QUAY},
            "LegalEntityEvents": [
                {
                    "LegalEntityEventType": "CHANGE_LEGAL_NAME", "event_status": "COMPLETED",
                    "LegalEntityEventEffectiveDate": "2021-05-01",
                }
            ],
        },
        "Registration": {"LastUpdateDate": "2024-03-28", "RegistrationStatus": "ISSUED"},
    }  # fmt: skip
    table, lines = tmp_path / "given.csv", tmp_path / "given.jsonl"
    with table.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([list(columns), list(columns.values())])
    lines.write_text(json.dumps(record), "utf-8")
    from_table, from_lines = read(ADAPTER, table, tmp_path / "a"), read(ADAPTER, lines, tmp_path / "b")
    assert [{**row, "line": 1} for row in from_table[1]] == from_lines[1]
    assert {row["predicate"] for row in from_table[1]} >= {"status", "succeeds", "name", "address", "identifier"}
    assert from_table[0].left_out == from_lines[0].left_out != {}
    assert from_table[0].rejected == from_lines[0].rejected == ()
