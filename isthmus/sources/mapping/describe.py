"""Read the parts of a mapping that describe: how the file is known, how it is laid out, what source it is."""

from __future__ import annotations

import codecs
from dataclasses import fields

from isthmus.dates import PartialDate
from isthmus.errors import ValueFormatError
from isthmus.model import MARKINGS, SOURCE_KINDS, Source
from isthmus.sources.documents import Node
from isthmus.sources.mapping.parts import Input, Recognise

FORMATS = ("csv", "tsv", "xlsx", "parquet", "jsonl", "json")
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
COUNTRY_SOURCE = Source(
    id="iso-3166-1",
    title="ISO 3166-1, codes for the representation of names of countries",
    publisher="International Organization for Standardization",
    kind="official_list",
    reliability="A",
    language="en",
    note="codes, short names and common names",
)
"""What the names and codes of countries rest on; the files only print them."""


def read_recognise(node: Node | None) -> Recognise:
    """Read `recognise`."""
    if node is None:
        return Recognise()
    keys = node.keys(("columns", "file"), "`recognise`")
    columns = tuple(item.words("a column") for item in keys["columns"].listed("`columns`")) if "columns" in keys else ()
    if not columns:
        node.fail("`recognise` lists no columns.", "List the columns that tell this table from others.")
    return Recognise(columns, keys["file"].words("`file`") if "file" in keys else None)


def read_input(node: Node | None) -> Input:
    """Read `input`."""
    if node is None:
        return Input()
    keys = node.keys(("format", "delimiter", "encoding", "sheet", "header_row", "rows", "missing"), "`input`")
    encoding = keys["encoding"].words("`encoding`") if "encoding" in keys else "utf-8"
    try:
        codecs.lookup(encoding)
    except LookupError:
        keys["encoding"].fail(
            f"there is no encoding “{encoding}”.", "Common ones are utf-8, latin-1, cp1252, utf-16, gb18030."
        )
    form = keys["format"].one_of(FORMATS, "the format") if "format" in keys else None
    if "rows" in keys and form != "json":
        keys["rows"].fail("`rows` names the array of a JSON document, and goes with `format: json`.")
    if form == "json" and "rows" not in keys:
        node.fail(
            "`format: json` needs `rows`, the key of the array whose items are the rows.", "Write rows: features."
        )
    return Input(
        format=form,
        delimiter=_delimiter(keys.get("delimiter")),
        encoding=encoding,
        sheet=keys["sheet"].words("`sheet`") if "sheet" in keys else None,
        header_row=keys["header_row"].whole("`header_row`") if "header_row" in keys else 1,
        rows=keys["rows"].words("`rows`") if "rows" in keys else None,
        missing=tuple(item.words("`missing`") for item in keys["missing"].listed("`missing`"))
        if "missing" in keys
        else (),
    )


def _delimiter(node: Node | None) -> str | None:
    if node is None:
        return None
    text = node.text or ""
    mark = DELIMITERS.get(text, text)
    if len(mark) != 1 or mark in '"\r\n' or not mark.isascii():
        node.fail(f"“{text}” is not a delimiter.", f"Write one character, or one of {', '.join(DELIMITERS)}.")
    return mark


def read_sources(
    source: Node | None, origins: Node | None, *, with_countries: bool
) -> tuple[Source | None, tuple[Source, ...]]:
    """Read `source` and `origins`; the list of countries is added where the mapping names countries."""
    found = [_source(item) for item in origins.listed("`origins`")] if origins else []
    if with_countries:
        found.append(COUNTRY_SOURCE)
    return (_source(source) if source else None), tuple(found)


def _source(node: Node) -> Source:
    known = {item.name for item in fields(Source)} - {"sha256", "derived_from", "cited_at"}
    keys = node.keys([*sorted(known), "derived_from"], "a source")
    if "id" not in keys:
        node.fail("the source has no id.", "Write `id: my-source`, the name by which claims cite it.")
    texts = {name: value.words(f"`{name}`") for name, value in keys.items() if name != "derived_from"}
    if any(mark in texts["id"] for mark in " \t\n;=@"):
        keys["id"].fail(
            f"“{texts['id']}” cannot be the id of a source.", "Use letters, digits and hyphens, without blanks."
        )
    if "kind" in keys:
        keys["kind"].one_of(SOURCE_KINDS, "the kind of source")
    if "marking" in keys:
        keys["marking"].one_of(MARKINGS, "the marking")
    if "reliability" in keys:
        keys["reliability"].one_of(tuple("ABCDEF"), "the reliability (Admiralty code)")
    for name in ("date", "retrieved"):
        if name in keys:
            _check_date(keys[name], texts[name])
    derived = keys["derived_from"].listed("`derived_from`") if "derived_from" in keys else ()
    return Source(**texts, derived_from=tuple(item.words("a source") for item in derived))


def _check_date(node: Node, text: str) -> None:
    try:
        PartialDate.parse(text)
    except ValueFormatError as error:
        node.fail(error.message, error.hint)
