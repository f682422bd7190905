"""The reference pages, held against the code that they describe."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import uuid
from pathlib import Path
from urllib.parse import unquote

import pytest

from isthmus import errors
from isthmus.claims.schema import MIGRATIONS, RECIPE
from isthmus.control.profiles import ARITHMETICS, EFFECTS, read_profile, shipped
from isthmus.control.verdicts import ORDER
from isthmus.lenses.points.table import load_table
from isthmus.model import CLAIM_COLUMNS, GAP_KINDS, MARKINGS, SOURCE_KINDS
from isthmus.service import add_files, ask, list_export_formats, list_formats
from isthmus.sources.catalogue import source_from
from isthmus.vocabulary import load_vocabulary

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md"))])
_LINK = re.compile(r"\]\(([^)\s]+)\)")


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def cells(text: str, column: int = 0) -> set[str]:
    """Return the code words that stand in a column of the tables of a page."""
    rows = [line.split("|")[1:-1] for line in text.splitlines() if line.startswith("|")]
    return {word for row in rows if len(row) > column for word in re.findall(r"`([^`]+)`", row[column])}


def anchor(heading: str) -> str:
    """Return the anchor that a heading gets on common forges."""
    kept = re.sub(r"[^\w\- ]", "", heading.strip().lower())
    return kept.replace(" ", "-")


def anchors(path: Path) -> set[str]:
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    return {anchor(line.lstrip("#")) for line in text.splitlines() if line.startswith("#")}


def broken_links(path: Path) -> list[str]:
    text = re.sub(r"```.*?```|`[^`\n]*`", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    broken = []
    for link in _LINK.findall(text):
        if "://" in link:
            continue
        target, _, part = link.partition("#")
        file = (path.parent / unquote(target)).resolve() if target else path
        if not file.exists() or (part and file.suffix == ".md" and part not in anchors(file)):
            broken.append(link)
    return broken


@pytest.mark.parametrize("maker", sorted(DOCS.glob("*_page.py")), ids=lambda maker: maker.stem)
def test_made_pages_are_up_to_date(maker: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(maker), "--check"],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_page_of_the_vocabulary_names_every_term() -> None:
    vocabulary = load_vocabulary()
    text = page("reference/vocabulary.md")
    terms = [*vocabulary.kinds, *vocabulary.predicates, *vocabulary.qualifiers]
    terms += [unit for members in vocabulary.units.values() for unit in members]
    assert [term for term in terms if f"`{term}`" not in text] == []


def test_the_page_of_the_claim_has_every_column() -> None:
    text = page("reference/claim.md")
    assert set(CLAIM_COLUMNS) <= cells(text)
    vocabulary = load_vocabulary()
    assert [word for word in (*vocabulary.modes, *vocabulary.stances) if f"`{word}`" not in text] == []


def test_the_page_of_errors_has_every_class_with_its_kind_and_exit_code() -> None:
    def below(error: type[errors.IsthmusError]) -> list[type[errors.IsthmusError]]:
        return [error, *(found for child in error.__subclasses__() for found in below(child))]

    wanted = {
        f"| `{error.__name__}` | `{error.kind}` | {error.exit_code} |"
        for error in below(errors.IsthmusError)
        if error.__module__ == errors.__name__
    }
    text = page("reference/errors.md")
    assert {row for row in wanted if row not in text} == set()
    assert len(re.findall(r"^\| `\w+Error` \|", text, re.MULTILINE)) == len(wanted)


def test_the_page_of_the_store_has_every_table_and_every_column_of_claims() -> None:
    text = page("reference/store.md")
    tables = dict(re.findall(r"CREATE TABLE (\w+)\((.*?)\);", "\n".join(MIGRATIONS), re.DOTALL))
    assert set(tables) <= cells(text)
    columns = [part.strip().split()[0].strip('"') for part in tables["claims"].split(",")]
    assert [name for name in columns if f"`{name}`" not in text] == []
    assert f"`{RECIPE}`" in text


def test_the_pages_of_sources_and_gaps_list_every_word() -> None:
    described = page("how-to/describe-a-source.md")
    assert [kind for kind in SOURCE_KINDS if f"`{kind}`" not in described] == []
    gaps = page("explanation/conflicts-and-gaps.md")
    assert [kind for kind in GAP_KINDS if f"| `{kind}` |" not in gaps] == []
    picture = page("explanation/picture.md")
    assert [marking for marking in MARKINGS if f"`{marking}`" not in picture] == []


def test_every_field_of_a_source_is_described() -> None:
    with pytest.raises(errors.FormatError) as caught:
        source_from({"id": "x", "no-such-field": 1}, "here")
    fields = re.findall(r"\w+", (caught.value.hint or "").removeprefix("Fields: "))
    assert fields
    assert set(fields) <= cells(page("how-to/describe-a-source.md"))


def test_the_page_of_profiles_has_every_profile_field_and_effect() -> None:
    text = page("reference/profiles.md")
    assert [profile.id for profile in shipped().values() if f"### {profile.id}\n" not in text] == []
    with pytest.raises(errors.ProfileError) as caught:
        read_profile("no-such-field: 1", "here")
    fields = re.findall(r"\w+", (caught.value.hint or "").removeprefix("Fields: "))
    assert "quota" in fields
    assert {*fields, *ARITHMETICS, *EFFECTS} - cells(text) == set()


def test_the_page_on_control_has_every_verdict_and_the_effects_of_the_first_rule() -> None:
    for name in ("explanation/control.md", "how-to/ask-who-controls.md"):
        assert set(ORDER) - cells(page(name)) == set(), name
    profile = shipped()["majority"]
    text = page("explanation/control.md")
    kinds = {value for effect in profile.effects.values() if not isinstance(effect, str) for value in effect}
    named = {*profile.effects, *profile.rights, *kinds} - {"", "other"}
    assert {name for name in named if f"`{name}`" not in text} == set()


def test_the_page_of_the_finding_has_every_channel() -> None:
    text = page("reference/finding.md")
    assert [channel.name for channel in load_table().channels if f"`{channel.name}`" not in text] == []


def test_the_page_of_the_finding_has_every_field_of_control(tutorial: Path) -> None:
    picture = tutorial / "fields.duckdb"
    add_files(picture, [tutorial / "kelda.csv"])
    text = page("reference/finding.md")
    for lens, words in (
        ("control", {"of": "kelda-station", "why": True}),
        ("points-of-control", {"of": "kelda-station"}),
    ):
        found = ask(picture, lens, words)
        fields = {*found, *found["answers"][0], *(found["answers"][0].get("holders") or [{}])[0]}
        assert {name for name in fields if f"`{name}`" not in text} == set(), lens


def test_every_format_is_named_where_formats_are_listed() -> None:
    written = {form["name"] for form in list_export_formats()}
    assert written - cells(page("how-to/export-and-share.md")) == set()
    assert written - cells(page("reference/formats.md")) == set()
    assert {form["name"] for form in list_formats()} - cells(page("reference/formats.md")) == set()


def test_the_recipe_of_ids_is_as_the_store_makes_them(kelda_ids: dict[str, str]) -> None:
    code = re.search(r"```python\n(.*?)```", page("reference/store.md"), re.DOTALL)
    assert code is not None
    fields = re.search(r'fields = "([^"]+)"', code[1])
    assert fields is not None
    listed = fields[1].split("|")
    made = uuid.UUID(hashlib.sha256("\x1f".join(listed).encode()).hexdigest()[:32])
    assert kelda_ids[f"{listed[1]} {listed[2]}"] == str(made)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path: Path) -> None:
    assert broken_links(path) == []


def test_every_page_can_be_reached_from_the_index() -> None:
    reached = {(DOCS / link.partition("#")[0]).resolve() for link in _LINK.findall(page("index.md"))}
    pages = {path for path in DOCS.rglob("*.md") if path.parent.name != "decisions"} - {DOCS / "index.md"}
    assert {str(path.relative_to(DOCS)) for path in pages if path not in reached} == set()


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = [int(path.name[:4]) for path in sorted((DOCS / "decisions").glob("*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))


def test_a_broken_link_is_recognised(tmp_path: Path) -> None:
    text = tmp_path / "page.md"
    text.write_text("# One thing\n[a](#one-thing) [b](#two) [c](missing.md) `[d](no.md)`\n", encoding="utf-8")
    assert broken_links(text) == ["#two", "missing.md"]
