"""Claims are read by their rows in the store, in whichever blocks of the table these lie."""

from __future__ import annotations

from typing import Any

import pytest

from isthmus.picture import reading


@pytest.mark.parametrize("block", [1, 4, 122_880])
def test_claims_by_row_are_those_of_the_store(evidence: Any, monkeypatch: pytest.MonkeyPatch, block: int) -> None:
    monkeypatch.setattr(reading, "_BLOCK", block)
    evidence.add(
        *(
            {"subject": f"e{number:02}", "predicate": "name", "value": f"name {number}", "source": "s", "locator": "1"}
            for number in range(60)
        )
    )
    reader = evidence.picture().reader
    rows = evidence.store.rows("SELECT rowid, id::VARCHAR, subject FROM claims ORDER BY rowid")
    wanted = [row for number, row in enumerate(rows) if number % 7 not in (2, 3)]
    assert len(wanted) > reading.POINTS
    assert reader.names_at(row for row, _, _ in wanted) == {row: name for row, name, _ in wanted}
    found = reader.at({row: subject for row, _, subject in wanted})
    assert {row: claim.id for row, claim in found.items()} == {row: name for row, name, _ in wanted}
