"""Identifiers: canonical forms, check digits, reasons for refusal, and the code tables that come with the package."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isthmus.errors import ValueFormatError
from isthmus.identifiers import (
    Identifier,
    check,
    countries,
    currencies,
    find_scheme,
    parse_identifier,
    scheme_names,
)

CANONICAL = [
    ("lei", " 5067-00GE 1G29 325QX3-63 ", "506700GE1G29325QX363"),
    ("lei", "213800kud8lajwsq9d15", "213800KUD8LAJWSQ9D15"),
    ("iso3166", "de", "DE"),
    ("iso3166", "DEU", "DE"),
    ("iso3166", "276", "DE"),
    ("iso3166", "4", "AF"),
    ("iso3166", "XKX", "XK"),
    ("iso4217", "usd", "USD"),
    ("iso4217", "840", "USD"),
    ("iso4217", "8", "ALL"),
    ("iso4217", "532", "XCG"),
    ("iso4217", "DEM", "DEM"),
    ("hs", "8542.31", "854231"),
    ("hs", "85", "85"),
    ("purl", "pkg:PyPI/Foo_Bar@1.0", "pkg:pypi/foo-bar@1.0"),
    ("purl", "pkg://npm/%40angular/core", "pkg:npm/%40angular/core"),
    ("oui", "00:22:72", "002272"),
    ("oui", "f4-bd-9e", "F4BD9E"),
    ("oui", "F4BD.9E", "F4BD9E"),
    ("asn", "AS64496", "64496"),
    ("asn", "asn 03320", "3320"),
    ("asn", "4294967294", "4294967294"),
    ("doi", "https://doi.org/10.1038/NPHYS1170", "10.1038/nphys1170"),
    ("doi", "doi:10.1002/(SICI)1097-4571", "10.1002/(sici)1097-4571"),
    ("doi", "http://dx.doi.org/10.1000/a%2Fb", "10.1000/a/b"),
    ("doi", "10.1000/a%2Fb", "10.1000/a%2fb"),
    ("doi", "10.1000/ÄB", "10.1000/Äb"),
    ("rfc", "RFC 0793", "793"),
    ("rfc", "rfc8200", "8200"),
    ("isin", "us0378331005", "US0378331005"),
    ("ra", "ra000585: 1234567", "RA000585:01234567"),
    ("ra", "RA000585:oc 30123", "RA000585:OC030123"),
    ("ra", "RA000587:SC 286832", "RA000587:SC286832"),
    ("ra", "RA000586:ni6176", "RA000586:NI006176"),
    ("ra", "RA000587:123456", "RA000587:123456"),
    ("ra", "RA000242:HRB  6684 B", "RA000242:HRB 6684 B"),
    ("uscc", "９１110000 6000 37341l", "91110000600037341L"),
    ("duns", "80-473-5132", "804735132"),
    ("ror", "https://ror.org/03VEK6S52", "03vek6s52"),
    ("wikidata", "http://www.wikidata.org/entity/q42", "Q42"),
    ("wikidata", "https://www.wikidata.org/wiki/Q42", "Q42"),
    ("cpe", "cpe:2.3:A:OpenSSL:openssl:3.0.7:*:*:*:*:*:*:*", "2.3:a:openssl:openssl:3.0.7:*:*:*:*:*:*:*"),
    ("cpe", r"2.3:a:foo\:bar:b\\c:-:*:*:*:*:*:*:*", r"2.3:a:foo\:bar:b\\c:-:*:*:*:*:*:*:*"),
    ("eli", "https://data.europa.eu/eli/reg/2016/679/oj/", "http://data.europa.eu/eli/reg/2016/679/oj"),
    ("eli", "reg/2016/679/oj", "http://data.europa.eu/eli/reg/2016/679/oj"),
    ("eli", "/eli/dir/2022/2555", "http://data.europa.eu/eli/dir/2022/2555"),
    (
        "eli",
        "https://www.legifrance.gouv.fr/eli/loi/2016/10/7/2016-1321/jo/texte",
        "https://www.legifrance.gouv.fr/eli/loi/2016/10/7/2016-1321/jo/texte",
    ),
    ("celex", "CELEX: 32016r0679", "32016R0679"),
    ("celex", "02016R0679-20160504", "02016R0679-20160504"),
    ("celex", "32016R0679R(02)", "32016R0679R(02)"),
    ("celex", "62018CJ0311", "62018CJ0311"),
    ("celex", "52020PC0767", "52020PC0767"),
    ("celex", "12012E/TXT", "12012E/TXT"),
    ("euid", "iecro.123456", "IECRO.123456"),
    ("euid", "ROONRC.J40/2845/1998", "ROONRC.J40/2845/1998"),
    ("euid", "ELGEMI.1", "ELGEMI.1"),
    ("vat", "be 697.449.992", "BE0697449992"),
    ("vat", "GR 094259216", "EL094259216"),
    ("plmn", "26201", "262-01"),
    ("plmn", "310 410", "310-410"),
    ("plmn", "310/410", "310-410"),
]

REFUSED = [
    ("lei", "506700GE1G29325QX364", "calls for 63"),
    ("lei", "506700GE1G29325QX36", "20 letters"),
    ("lei", "506700GE1G29325QX3A3", "last two are digits"),
    ("lei", "506700GE1G29325QX3６٣", "last two are digits"),
    # 18 characters whose digits are 98: 01 leaves the same remainder and is not what the standard generates
    ("lei", "315700100000000484" + "01", "calls for 98"),
    ("iso3166", "UK", "the code is GB"),
    ("iso3166", "ZZ", "not an alpha-2"),
    ("iso3166", "999", "not an alpha-2"),
    ("iso3166", "Germany", "not an alpha-2"),
    ("iso4217", "BTC", "ISO 4217"),
    ("hs", "854", "2, 4 or 6"),
    ("hs", "77", "chapter 77"),
    ("hs", "990000", "chapter 99"),
    ("purl", "npm/foo", "pkg"),
    ("purl", "pkg:npm", "type"),
    ("purl", "pkg:npm/", "name"),
    ("oui", "00227", "6 hexadecimal"),
    ("oui", "0022720", "MA-M"),
    ("oui", "002272-ABC", "MA-S"),
    ("oui", "00:22:72:11:22:33", "whole address"),
    ("oui", "00227G", "6 hexadecimal"),
    ("asn", "AS0", "RFC 7607"),
    ("asn", "65535", "RFC 7300"),
    ("asn", "4294967295", "RFC 7300"),
    ("asn", "23456", "RFC 6793"),
    ("asn", "4294967296", "4294967294"),
    ("asn", "1.10", "a number"),
    ("asn", "9" * 5000, "a number"),
    ("doi", "11.1000/x", "10."),
    ("doi", "10.1000", "slash"),
    ("doi", "10.1000/a b", "10."),
    ("rfc", "0", "empty"),
    ("rfc", "draft-ietf-quic", "number of the RFC"),
    ("isin", "US0378331006", "calls for 5"),
    ("isin", "QQ0378331005", "expected|calls for|prefix"),
    ("ra", "RA000585:", "a number after the code"),
    ("ra", "RA000585", "a number after the code"),
    ("ra", "RA585:1", "six digits"),
    ("ra", "RA999999:1", "no register"),
    ("ra", "RA000585:123456789", "eight letters and digits"),
    ("ra", "RA000242:a\x00b", "a number after the code"),
    ("uscc", "91110000600037341M", "calls for L"),
    ("uscc", "A1110000600037341L", "8 digits"),
    ("uscc", "9111000060003734IL", "without I"),
    ("duns", "12345678", "9 digits"),
    ("ror", "03vek6s53", "calls for 52"),
    ("ror", "03vel6s52", "without i, l"),
    ("wikidata", "P31", "Q and a number"),
    ("wikidata", "Q0", "Q and a number"),
    ("cpe", "/a:openssl:openssl:3.0.7", "2.3"),
    ("cpe", "2.3:a:openssl:openssl", "11 parts"),
    ("cpe", "2.3:x:a:b:*:*:*:*:*:*:*:*", "first part"),
    ("cpe", "2.3:a:a b:b:*:*:*:*:*:*:*:*", "escaped"),
    ("cpe", "2.3:a:a*b:b:*:*:*:*:*:*:*:*", "escaped"),
    ("cpe", "2.3:a:a::*:*:*:*:*:*:*:*", "11 parts"),
    ("eli", "https://example.org/law/1", "/eli/"),
    ("celex", "2016R0679", "sector"),
    ("euid", "IECRO123456", "a point"),
    ("euid", "QQABC.1", "no country code"),
    ("vat", "BE0697449993", "rules of its country"),
    ("vat", "US123456789", "rules of its country"),
    ("vat", "DE", "country code"),
    ("plmn", "2620", "2 or 3 digits"),
    ("plmn", "001-01", "test networks"),
    ("plmn", "999-99", "private networks"),
    ("plmn", "100-01", "not assigned"),
]


@pytest.mark.parametrize(("scheme", "text", "value"), CANONICAL)
def test_canonical_forms(scheme: str, text: str, value: str) -> None:
    found = Identifier.parse(scheme, text)
    assert (found.scheme, found.value) == (scheme, value)
    assert parse_identifier(str(found)) == found
    assert parse_identifier(f" {scheme.upper()}:{text}") == found
    assert check(scheme, text) is None


@pytest.mark.parametrize(("scheme", "text", "why"), REFUSED)
def test_refusals_give_the_reason(scheme: str, text: str, why: str) -> None:
    with pytest.raises(ValueFormatError, match=why) as caught:
        Identifier.parse(scheme, text)
    assert caught.value.hint == f"An example is {scheme}:{find_scheme(scheme).example}."
    assert len(str(caught.value)) < 800
    reason = check(scheme, text)
    assert reason is not None
    assert reason in caught.value.message


def test_every_scheme_is_tested_both_ways() -> None:
    assert {row[0] for row in CANONICAL} == {row[0] for row in REFUSED} == set(scheme_names())


@pytest.mark.parametrize("name", scheme_names())
def test_examples_are_canonical(name: str) -> None:
    scheme = find_scheme(name)
    assert scheme.name == name
    assert scheme.identifies
    assert str(parse_identifier(f"{name}:{scheme.example}")) == f"{name}:{scheme.example}"


def test_the_scheme_has_to_be_known() -> None:
    for call in (lambda: parse_identifier("imo:9074729"), lambda: check("imo", "1"), lambda: find_scheme("imo")):
        with pytest.raises(ValueFormatError, match=r"no identifier scheme 'imo'.*asn, celex.*wikidata"):
            call()
    with pytest.raises(ValueFormatError, match="has no scheme"):
        parse_identifier("506700GE1G29325QX363")


def test_package_urls_and_cpes_are_read_as_people_write_them() -> None:
    assert str(parse_identifier("pkg:npm/foo@1")) == "purl:pkg:npm/foo@1"
    cpe = "cpe:2.3:a:openssl:openssl:3.0.7:*:*:*:*:*:*:*"
    assert str(parse_identifier(cpe)) == cpe


@pytest.mark.parametrize("name", scheme_names())
@given(text=st.text(max_size=30) | st.text("0123456789ABCXZaq .:-/", max_size=24))
@settings(max_examples=60)
def test_any_text_is_read_or_refused(name: str, text: str) -> None:
    """No other error comes out; a value that was read reads back as itself."""
    reason = check(name, text)
    if reason is None:
        found = Identifier.parse(name, text)
        assert parse_identifier(str(found)) == found
    else:
        with pytest.raises(ValueFormatError):
            Identifier.parse(name, text)


@pytest.mark.parametrize("country", ["AT", "BE", "DE", "ES", "FR", "GR", "IE", "IT", "NL", "PL", "XI"])
@given(number=st.text("0123456789ABCKLUXY", min_size=7, max_size=12))
@settings(max_examples=40)
def test_vat_rules_of_countries_never_fail(country: str, number: str) -> None:
    if check("vat", country + number) is None:
        found = Identifier.parse("vat", country + number)
        assert Identifier.parse("vat", found.value) == found


@pytest.mark.parametrize("scheme", ["lei", "uscc", "isin"])
@given(data=st.data())
@settings(max_examples=60)
def test_check_digits_find_every_single_wrong_digit(scheme: str, data: st.DataObject) -> None:
    value = find_scheme(scheme).example
    digits = [place for place, character in enumerate(value) if character.isdigit()]
    place = data.draw(st.sampled_from(digits))
    other = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != value[place]]))
    assert check(scheme, value[:place] + other + value[place + 1 :]) is not None


@given(st.integers(0, 32**6 - 1))
@settings(max_examples=60)
def test_ror_check_digits(number: int) -> None:
    """The two digits make the whole, read as a number in base 32 and then 100, leave a remainder of 1 by 97."""
    alphabet = "0123456789abcdefghjkmnpqrstvwxyz"
    body = "".join(alphabet[number >> shift & 31] for shift in range(25, -1, -5))
    valid = [digits for digits in (f"{n:02}" for n in range(2, 99)) if (number * 100 + int(digits)) % 97 == 1]
    assert [digits for digits in (f"{n:02}" for n in range(100)) if check("ror", f"0{body}{digits}") is None] == valid


def test_countries() -> None:
    table = countries()
    assert len(table) == 250
    assert table["DE"] == ("DE", "DEU", "276", "Germany")
    assert table["XK"].numeric == ""
    for column in ("alpha_2", "alpha_3", "numeric"):
        codes = [getattr(row, column) for row in table.values() if getattr(row, column)]
        assert not [code for code, times in Counter(codes).items() if times > 1]
    assert {len(row.alpha_2) for row in table.values()} == {2}
    assert {len(row.alpha_3) for row in table.values()} == {3}
    assert all(row.name.strip() == row.name != "" for row in table.values())


def test_currencies() -> None:
    table = currencies()
    current = [row for row in table.values() if not row.withdrawn]
    assert len(current) == 178
    assert table["CNY"].numeric == "156"
    assert table["BGN"].withdrawn == "2026"
    assert all(len(row.code) == 3 and len(row.numeric) == 3 and row.numeric.isdigit() for row in table.values())
    assert not [code for code, times in Counter(row.numeric for row in current).items() if times > 1]


@pytest.mark.shared
def test_countries_are_those_of_the_source(shared: Path) -> None:
    text = (shared / "data/open/iso-codes/iso_3166-1.json").read_text(encoding="utf-8")
    source = {row["alpha_2"]: (row["alpha_3"], row["numeric"], row["name"]) for row in json.loads(text)["3166-1"]}
    assert {code: tuple(row[1:]) for code, row in countries().items() if code != "XK"} == source


@pytest.mark.shared
def test_oui_assignments_of_the_register_are_valid(shared: Path) -> None:
    with (shared / "data/open/ieee-oui/oui.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row for _, row in zip(range(2000), csv.DictReader(stream), strict=False)]
    assert len(rows) == 2000
    assert not [row for row in rows if check("oui", row["Assignment"]) is not None]
