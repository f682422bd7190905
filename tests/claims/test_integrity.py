"""Every kind of harm that is done to a sound store must be found, and nothing else."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from isthmus.claims.integrity import integrity
from isthmus.claims.store import FileFacts, Store
from isthmus.errors import StoreCorruptError
from isthmus.model import Source

Select = Callable[[Iterable[Mapping[str, str | None]]], str]

ROWS = [
    {"subject": "a", "predicate": "name", "value": "Alpha Société"},
    {"subject": "b", "predicate": "name", "value": "华为", "value_lang": "zh", "hedge": "reportedly"},
    {
        "subject": "a",
        "predicate": "owns",
        "object": "b",
        "low": ">0.5",
        "high": "~0.75",
        "unit": "share",
        "valid_from": "<=2016-Q3",
    },
    {
        "subject": "a",
        "predicate": "supplies",
        "object": "c",
        "qualifiers": "item=@d; tier=1",
        "observed": "2018",
        "mode": "planned",
    },
    {
        "subject": "b",
        "predicate": "uses",
        "object": "c",
        "stance": "denies",
        "origin": "wire paper",
        "valid_to": "2020",
    },
    {"subject": "c", "predicate": "status", "value": "active", "marking": "TLP:AMBER", "licence": "CC0-1.0"},
]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory, select: Select, facts: FileFacts) -> Path:
    """Return a store with something in every table, to be copied."""
    path = tmp_path_factory.mktemp("sound") / "picture.duckdb"
    with Store(path) as opened:
        rows = [{"source": "s", "locator": f"p. {number}", **row} for number, row in enumerate(ROWS)]
        opened.add(select(rows[:4]), facts, sources=[Source("s", title="The source")])
        opened.add(select(rows[4:]), facts)
        opened.judge("a", "b", "unsure", "names differ", score=0.5, reasons=[{"feature": "name"}], valid_from="2019")
        opened.judge("a", "c", "same", "one register number")
        opened.unjudge("a", "c")
        opened.set_policy("second_reviewer", "on")
        opened.retract([str(opened.value("SELECT id FROM claims ORDER BY id LIMIT 1"))], "a slip of the pen")
        opened.reindex()
    return path


@pytest.fixture
def store(store_path: Path, sound: Path) -> Iterator[Store]:
    shutil.copy(sound, store_path)
    with Store(store_path) as opened:
        yield opened


def test_a_sound_store_has_no_problem(store: Store) -> None:
    steps: list[str] = []
    assert integrity(store, step=steps.append) == []
    assert len(steps) == len(set(steps)) > 5


def test_an_empty_store_has_no_problem(store_path: Path) -> None:
    with Store(store_path) as opened:
        assert integrity(opened) == []


HARM = {
    "claims.subject": "UPDATE claims SET subject = 999 WHERE subject = (SELECT key FROM entities WHERE id = 'b')",
    "claims.object": "DELETE FROM entities WHERE id = 'c'",
    "claims.qualifiers": "DELETE FROM qualifier_sets",
    "claims.valid_from": "DELETE FROM dates WHERE written = '<=2016-Q3'",
    "claims.valid_to": "DELETE FROM dates WHERE written = '2020'",
    "claims.observed": "DELETE FROM dates WHERE written = '2018'",
    "claims.source": "DELETE FROM sources WHERE id = 's'",
    "claims.origin": "DELETE FROM origin_sets",
    "claims.predicate": "DELETE FROM predicates WHERE id = 'owns'",
    "claims.batch": "DELETE FROM batches WHERE key = 2",
    "batches.key": "DELETE FROM batches WHERE key = 2",
    "batches.recorded_at": "UPDATE batches SET recorded_at = TIMESTAMP '2001-01-01' WHERE key = 3",
    "batches.claims_new": "UPDATE batches SET claims_new = claims_new + 1 WHERE key = 1",
    "claims.id": "UPDATE claims SET value = 'Omega' WHERE value = 'Alpha Société'",
    "claims.low": "UPDATE claims SET low = 0.9, high = 0.8 WHERE low IS NOT NULL",
    "claims.mode": "UPDATE claims SET mode = 90 WHERE mode > 0",
    "claims.stance": "UPDATE claims SET stance = 90 WHERE stance > 0",
    "claims.marking": "UPDATE claims SET marking = 90 WHERE marking > 0",
    "claims.bits": "UPDATE claims SET bits = 90 WHERE bits > 0",
    "claims.locator": "UPDATE claims SET locator = '' WHERE locator = 'p. 3'",
    "claims": "UPDATE claims SET value = NULL WHERE value = 'active'",
    "dates.written": "INSERT INTO dates SELECT key + 100, written, earliest, latest FROM dates LIMIT 1",
    "entities.id": "INSERT INTO entities VALUES (900, 'a')",
    "entities.key": "INSERT INTO entities SELECT key, 'another' FROM entities WHERE id = 'a'",
    "judgements.a": "UPDATE judgements SET a = 0",
    "judgements.verdict": "UPDATE judgements SET verdict = 'perhaps' WHERE key = 1",
    "judgements": "UPDATE judgements SET a = b WHERE key = 1",
    "judgements.why": "UPDATE judgements SET why = ' ' WHERE key = 1",
    "judgements.who": "UPDATE judgements SET who = '' WHERE key = 1",
    "judgements.score": "UPDATE judgements SET score = 1.5 WHERE key = 1",
    "judgements.reasons": "UPDATE judgements SET reasons = '{}' WHERE key = 1",
    "judgements.valid_from": "UPDATE judgements SET valid_from = 'lately' WHERE key = 1",
    "judgements.valid_to": "UPDATE judgements SET valid_to = '2019-13-13-13' WHERE key = 1",
    "policies.batch": "UPDATE policies SET batch = 900",
    "policies.value": "UPDATE policies SET value = 'perhaps'",
    "meta.indexed": "UPDATE meta SET value = '99' WHERE name = 'indexed'",
    "meta.recipe": "UPDATE meta SET value = 'claim/0' WHERE name = 'recipe'",
    "meta.store": "UPDATE meta SET value = 'mine' WHERE name = 'store'",
    "meta.version": "DELETE FROM meta WHERE name = 'version'",
    "meta.vocabulary": "UPDATE meta SET value = '1-000000000000' WHERE name = 'vocabulary'",
    "predicates": "INSERT INTO predicates VALUES (900, 'adores')",
    "origin_sets.members": "UPDATE origin_sets SET members = [900]",
    "qualifier_sets.pairs": "UPDATE qualifier_sets SET pairs = MAP {'item': '@nobody', 'tier': '1'}",
    "retractions.claim": "UPDATE retractions SET claim = uuid()",
    "retractions.superseded_by": "UPDATE retractions SET superseded_by = uuid()",
    "retractions.batch": "UPDATE retractions SET batch = 1 WHERE true",
    "retractions.why": "UPDATE retractions SET why = ' '",
    "source_documents.source": "UPDATE source_documents SET source = 900",
    "undone_judgements.judgement": "UPDATE undone_judgements SET judgement = 900",
    "undone_judgements.batch": "UPDATE undone_judgements SET batch = 1",
    "incoming": "DELETE FROM incoming WHERE \"object\" = (SELECT key FROM entities WHERE id = 'b')",
    "name_words": "DELETE FROM name_words WHERE subject = (SELECT key FROM entities WHERE id = 'b')",
    "folded_names": "DELETE FROM folded_names WHERE subject = (SELECT key FROM entities WHERE id = 'a')",
    "words": "DELETE FROM words WHERE word = 'alpha'",
}


@pytest.mark.parametrize("where", HARM)
def test_harm_is_found_where_it_was_done(store: Store, where: str) -> None:
    store.rows(HARM[where])
    problems = integrity(store)
    assert where in {problem["where"] for problem in problems}, problems
    for problem in problems:
        assert problem["severity"] in ("error", "warning")
        assert problem["n"] > 0
        assert problem["what"]
    severities = [problem["severity"] for problem in problems]
    assert severities == sorted(severities), "errors stand first"


def test_only_what_does_not_endanger_evidence_is_a_warning(store: Store) -> None:
    store.rows(HARM["meta.vocabulary"])
    store.rows(HARM["predicates"])
    assert [(problem["severity"], problem["where"]) for problem in integrity(store)] == [
        ("warning", "meta.vocabulary"),
        ("warning", "predicates"),
    ]


def test_a_doubled_claim_is_found(store: Store) -> None:
    store.rows("INSERT INTO claims SELECT * FROM claims LIMIT 1")
    assert "claims.id" in {problem["where"] for problem in integrity(store)}


def test_a_relation_that_no_claim_states_is_found(store: Store) -> None:
    store.rows("INSERT INTO incoming VALUES (1, 2, 3)")
    assert [problem["where"] for problem in integrity(store)] == ["incoming"]


def test_batches_that_the_index_does_not_cover_are_a_warning(store: Store, select: Select, facts: FileFacts) -> None:
    store.add(
        select([{"subject": "z", "predicate": "name", "value": "Zeta", "source": "s", "locator": "p. 99"}]), facts
    )
    assert [(problem["severity"], problem["where"]) for problem in integrity(store)] == [("warning", "meta.indexed")]
    store.reindex()
    assert integrity(store) == []


def test_nothing_is_changed(store: Store) -> None:
    def content() -> dict[str, Any]:
        tables = [row[0] for row in store.rows("SELECT table_name FROM duckdb_tables() ORDER BY 1")]
        return {name: store.value(f'SELECT bit_xor(hash(t)) FROM "{name}" t') for name in tables}

    before = content()
    integrity(store)
    assert content() == before


def test_a_block_that_cannot_be_read_is_an_error(store: Store) -> None:
    block = store.value("SELECT max(block_id) FROM pragma_storage_info('claims')")
    assert block >= 0, "the claims were to be in a block of the file"
    store.close()
    # Three headers of 4 KiB stand before the blocks of 256 KiB.
    with store.path.open("r+b") as file:
        file.seek(3 * 4096 + block * 262_144 + 100)
        byte = file.read(1)
        file.seek(-1, 1)
        file.write(bytes([byte[0] ^ 0x20]))
    with Store(store.path, read_only=True) as opened, pytest.raises(StoreCorruptError):
        integrity(opened)
