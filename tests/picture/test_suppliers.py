"""Who supplies a thing: the rules as a file, and figures as shares of a whole."""

from __future__ import annotations

from importlib.resources import files

import pytest

from isthmus.errors import VocabularyError
from isthmus.picture.shares.suppliers import load_supply_rules, read_supply_rules
from isthmus.vocabulary import load_vocabulary


def test_the_rules_that_ship_are_whole() -> None:
    rules = load_supply_rules()
    assert rules.version.startswith("suppliers/")
    assert ("produces", "supplies", "builds") in rules.suppliers
    assert "suppliers" in rules.complete


@pytest.mark.parametrize(
    ("old", "new"),
    [("operates", "runs it"), ("suppliers:", "makers:"), ("[suppliers, makers, producers]", ""), ("version", "[")],
)
def test_rules_that_are_wrong_are_refused(old: str, new: str) -> None:
    text = files("isthmus").joinpath("data/suppliers.yaml").read_text("utf-8")
    assert old in text
    with pytest.raises(VocabularyError, match=r"suppliers\.yaml"):
        read_supply_rules(text.replace(old, new), load_vocabulary())
