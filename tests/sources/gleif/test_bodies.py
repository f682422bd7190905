"""Records cut out of JSON documents and XML, in pieces."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isthmus.sources.gleif import bodies
from isthmus.sources.gleif.bodies import content_date, document_bodies, is_document, xml_bodies

_TEXT = st.text(alphabet='ab"\\[]{},: é', max_size=8)
_RECORDS = st.lists(st.dictionaries(_TEXT, _TEXT | st.lists(_TEXT, max_size=2), max_size=3), max_size=6)


@given(records=_RECORDS, indent=st.sampled_from([None, 1]), piece=st.integers(20, 60), wrapped=st.booleans())
def test_document_is_cut_into_its_records(
    tmp_path_factory: pytest.TempPathFactory,
    records: list[dict[str, str]],
    indent: int | None,
    piece: int,
    wrapped: bool,
) -> None:
    path = tmp_path_factory.mktemp("document") / "given.json"
    document = {"relations": records} if wrapped else records
    path.write_text(json.dumps(document, indent=indent, ensure_ascii=False), "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bodies, "PIECE", piece)
        found = list(document_bodies(path))
    assert [json.loads(body) for body, _ in found] == records
    assert [line for _, line in found] == list(range(1, len(records) + 1))


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ('{"records": [', True),
        ('\n{"header": {"a": 1}, "exceptions":[{', True),
        ('[{"LEI"', True),
        ('{"LEI": "x", "Entity": {"records": 1}}', False),
        ('{"Relationship": {"RelationshipPeriods": [{"records": [1]}]}}', False),
    ],
)
def test_document_is_told_from_lines(start: str, expected: bool) -> None:
    assert is_document(start) is expected


def test_xml_becomes_json_with_attributes_and_lines(tmp_path: Path) -> None:
    path = tmp_path / "given.xml"
    path.write_text(
        '<a:LEIData xmlns:a="urn:x"><a:Header><a:LEI>no</a:LEI></a:Header>\n<a:LEIRecord>\n'
        '<a:LEI>X</a:LEI><a:Name xml:lang="en" type="T">A &amp; B</a:Name><a:Name> C </a:Name><a:Empty/>'
        "</a:LEIRecord></a:LEIData>",
        "utf-8",
    )
    ((body, line),) = xml_bodies(path)
    assert json.loads(body) == {
        "LEI": {"$": "X"},
        "Name": [{"@xml:lang": "en", "@type": "T", "$": "A & B"}, {"$": "C"}],
        "Empty": {},
    }
    assert line == 2


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("<lei:ContentDate>2023-11-06T08:20:40Z</lei:ContentDate>", "2023-11-06"),
        ('{"LEI": "x", "ContentDate": {"$": "2022-01-02T00:00:00Z"}}', "2022-01-02"),
        ('"ContentDate":"2021-05-06"', "2021-05-06"),
        ("<lei:ContentDate>soon</lei:ContentDate>", None),
    ],
)
def test_content_date_is_found_in_the_header(start: str, expected: str | None) -> None:
    assert content_date(start) == expected
