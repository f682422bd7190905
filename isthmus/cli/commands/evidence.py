"""The verbs that bring evidence in, say what is held, and give it out."""

from __future__ import annotations

from isthmus.cli.commands.options import ALL, AS_OF, ASKING, KNOWN_AT, WITHOUT
from isthmus.cli.grammar import Argument, Command, Option, port, some_text

_DEMO = Command(
    "demo",
    "build the reference picture from the data in the package, and show the tour",
    "demo:build",
    "demo",
    afterwards="sharing:serve_demo",
    about=(
        "Builds the picture from nothing in half a minute or so, asks it the questions of the tour and writes a "
        "summary page that opens from disk. A reference picture that stands in the folder already is replaced; a "
        "picture with other evidence is left alone. With --serve it is then shown as pages in a browser, until Ctrl-C."
    ),
    options=(
        Option(
            "--out", "out", "the folder for picture.duckdb and summary.html", metavar="DIR", default=".", read=some_text
        ),
        Option("--serve", "serve", "then serve the picture, and print the address of its first page"),
        Option("--port", "port", "the port for --serve; 0 is one that is free", metavar="N", default=8765, read=port),
    ),
    examples=(
        ("isthmus demo", "builds picture.duckdb and summary.html here"),
        ("isthmus demo --out /tmp/tour", "builds them in another folder"),
        ("isthmus demo --serve", "builds them, and shows the picture in a browser"),
    ),
    works_long=True,
    fields=(
        "picture",
        "summary",
        "hash",
        "tour",
        "files",
        "claims",
        "sources",
        "entities",
        "conflicts",
        "gaps",
    ),
)

_ADD = Command(
    "add",
    "read files of evidence into the picture",
    "evidence:add",
    "add",
    about=(
        "Each file is one batch: all of it is written or nothing. Claims that the picture holds already are "
        "counted and not added again. Rejected rows are listed with line and reason, and written to a file beside"
        " the picture."
    ),
    arguments=(Argument("files", "FILE", "a file of evidence", many=True),),
    options=(
        Option(
            "--as", "format", "the format (`isthmus formats`); without it the format is recognised", metavar="FORMAT"
        ),
        Option("--source", "source", "a YAML file that describes the source", metavar="FILE.yaml", read=some_text),
        Option(
            "--mapping",
            "mapping",
            "a mapping file that says how rows become claims",
            metavar="FILE.yaml",
            read=some_text,
        ),
        Option("--dry-run", "dry_run", "read, check and count, and write nothing"),
        Option("--strict", "strict", "refuse a file whole where any of its rows is rejected"),
    ),
    examples=(
        ("isthmus add claims.csv", "adds claims; beside it may lie claims.csv.source.yaml"),
        ("isthmus add --dry-run claims.csv", "says what would be added"),
        ("isthmus add register.xlsx --mapping register.yaml", "reads any table through a mapping file"),
    ),
    works_long=True,
    fields=(
        "picture",
        "files",
    ),
)

_FORMATS = Command(
    "formats",
    "list what can be read and written",
    "evidence:formats",
    "formats",
    examples=(("isthmus formats", "lists formats and the mappings that come with the package"),),
    fields=(
        "read",
        "write",
    ),
)

_SOURCES = Command(
    "sources",
    "list what was read, and the works that it rests on",
    "evidence:sources",
    "sources",
    options=(ALL,),
    examples=(("isthmus sources", "lists each source: kind, reliability, claims"),),
    fields=("sources",),
)

_STATS = Command(
    "stats",
    "say what the picture holds, and how much of it is doubtful",
    "evidence:stats",
    "stats",
    options=ASKING,
    examples=(
        ("isthmus stats", "counts claims, entities, kinds and predicates"),
        ("isthmus stats --as-of 2019", "counts those that may hold at the end of 2019"),
    ),
    fields=(
        "claims",
        "sources",
        "entities",
        "kinds",
        "predicates",
        "dated",
        "observed",
        "undated",
        "numbered",
        "bounded",
        "hedged",
        "not_actual",
        "denied",
        "not_found",
        "shares",
        "relations",
        "single_source_relations",
        "without_name",
        "without_kind",
        "undescribed_sources",
        "failing_identifiers",
        "misfits",
        "groups",
        "conflicts",
        "picture",
        "as_of",
        "known_at",
        "batches",
    ),
)

_CHECK = Command(
    "check",
    "check that the picture is whole, and list what cannot all hold",
    "evidence:check",
    "check",
    about=(
        "Problems are of the file and end with 1. Conflicts are of the evidence: they are kept, shown and no "
        "fault of the picture. Where the picture was served, the record of what was done is checked too: each line carries the digest of "
        "the one before, and the first that does not fit is named."
    ),
    options=(ALL,),
    examples=(("isthmus check", "says ok, or what is wrong"),),
    fields=(
        "ok",
        "problems",
        "conflicts",
        "contradictions",
        "awaiting",
        "coverage",
        "record",
    ),
)

_EXPORT = Command(
    "export",
    "write the picture in a public format, within licence and marking",
    "evidence:export",
    "export",
    about="What may not leave is withheld and counted. Claims files are read back by `isthmus add` unchanged.",
    options=(
        Option(
            "--as",
            "format",
            "csv (claims), jsonl, parquet, ftm, bods, cyclonedx, graphml",
            metavar="FORMAT",
            required=True,
        ),
        Option("--out", "out", "the file to write", metavar="FILE", required=True, read=some_text),
        Option(
            "--source",
            "sources",
            "only claims that were read in this source",
            metavar="SOURCE",
            repeat=True,
            read=some_text,
        ),
        AS_OF,
        KNOWN_AT,
        WITHOUT,
        Option("--ceiling", "ceiling", "the highest marking that may leave", metavar="TLP", default="TLP:CLEAR"),
        Option(
            "--include-restricted",
            "include_restricted",
            "also claims whose licence forbids to pass them on, for use in one's own house",
        ),
    ),
    examples=(
        ("isthmus export --as csv --out claims.csv", "writes every claim that may leave"),
        (
            "isthmus export --as graphml --out graph.graphml --as-of 2021",
            "writes the relations of 2021 for a graph program",
        ),
    ),
    fields=(
        "file",
        "format",
        "claims",
        "entities",
        "withheld",
        "left_out",
        "remarks",
        "sources_file",
    ),
)

EVIDENCE: tuple[Command, ...] = (_DEMO, _ADD, _FORMATS, _SOURCES, _STATS, _CHECK, _EXPORT)
