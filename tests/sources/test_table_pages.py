"""The pages about mappings, held against what they describe."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from isthmus.errors import MappingError
from isthmus.sources.adapter import READING_COLUMNS, Job, Reading
from isthmus.sources.adapters.table import ADAPTER
from isthmus.sources.mapping.describe import DELIMITERS, FORMATS
from isthmus.sources.mapping.entities import ENTITY_KEYS
from isthmus.sources.mapping.read import KEYS
from isthmus.sources.mapping.rules import RULE_KEYS
from isthmus.sources.mapping.steps import COUNTRY_FORMS, KINDS, NUMBER_STYLES

DOCS = Path(__file__).resolve().parents[2] / "docs"


def read(path: Path, folder: Path) -> Reading:
    work = folder / "work"
    work.mkdir()
    return ADAPTER.read(Job(path, work))


def claims(reading: Reading) -> list[dict[str, str | int]]:
    with duckdb.connect() as engine:
        found = engine.execute(f"SELECT * FROM ({reading.select}) ORDER BY ALL").fetchall()
    named = [dict(zip(READING_COLUMNS, row, strict=True)) for row in found]
    return [{name: value for name, value in row.items() if value is not None} for row in named]


def blocks(page: str, language: str) -> list[str]:
    text = (DOCS / page).read_text(encoding="utf-8")
    return [part.split("```")[0] for part in text.split(f"```{language}\n")[1:]]


def test_the_example_of_the_how_to_does_what_it_says(tmp_path: Path) -> None:
    (tmp_path / "stations.csv").write_text(blocks("how-to/add-a-dataset.md", "csv")[0], encoding="utf-8")
    text = blocks("how-to/add-a-dataset.md", "yaml")[0]
    (tmp_path / "stations.mapping.yaml").write_text(text, encoding="utf-8")
    reading = read(tmp_path / "stations.csv", tmp_path)
    assert (reading.rows, reading.rejected, reading.left_out) == (4, (), {"the station is closed": 1})
    owned = [row for row in claims(reading) if row["predicate"] == "owns"]
    assert [(row["subject"], row.get("low"), row.get("unit")) for row in owned] == [
        ("operator:northgate-as", "0.515", "share"),
        ("operator:eastgate-co-ltd", None, None),
    ]
    placed = [(row["subject"], row["object"]) for row in claims(reading) if row["predicate"] == "located_in"]
    assert ("station:18", "iso:KR") in placed
    assert sum(str(subject).startswith("cable:") for subject, _ in placed) == 3
    assert {row["mode"] for row in claims(reading) if row["predicate"] == "status"} == {"actual", "planned"}


@pytest.mark.parametrize("wrong", ["predicate: ownes", "{Share}"])
def test_the_errors_of_the_how_to_are_those_that_are_given(tmp_path: Path, wrong: str) -> None:
    (tmp_path / "stations.csv").write_text(blocks("how-to/add-a-dataset.md", "csv")[0], encoding="utf-8")
    text = blocks("how-to/add-a-dataset.md", "yaml")[0]
    text = text.replace("predicate: owns", wrong) if "ownes" in wrong else text.replace("{Share %}", wrong)
    path = tmp_path / "stations.mapping.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(MappingError) as caught:
        read(tmp_path / "stations.csv", tmp_path)
    shown = str(caught.value).replace(f"{tmp_path}/", "").split(" There are:")[0]
    assert shown in (DOCS / "how-to/add-a-dataset.md").read_text(encoding="utf-8")


def test_the_reference_names_every_key_and_step() -> None:
    text = (DOCS / "reference/mapping.md").read_text(encoding="utf-8")
    words = {*KINDS, *KEYS, *RULE_KEYS, *ENTITY_KEYS, *FORMATS, *NUMBER_STYLES, *COUNTRY_FORMS, *DELIMITERS}
    assert sorted(word for word in words if f"`{word}" not in text and f"{word}:" not in text) == []
