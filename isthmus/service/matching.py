"""Match two names: how likely they are of one thing, and why."""

from __future__ import annotations

from typing import Any

from isthmus.entities.matching import match_names
from isthmus.errors import ArgumentError
from isthmus.vocabulary import load_vocabulary

_OTHER_WORDS = {"organisation": "organization", "legalentity": "party", "legal_entity": "party", "firm": "company"}


def match(name1: str, name2: str, *, kind: str | None = None) -> dict[str, Any]:
    """Match two names.

    Parameters
    ----------
    kind : str or None
        What both are: a kind of the vocabulary, or a schema of the FtM format (``Company``, ``LegalEntity``).

    Returns
    -------
    dict
        ``{"score", "verdict", "reasons", "names"}``.

    Raises
    ------
    ArgumentError
        A name cannot be compared, or there is no such kind.
    """
    return match_names(name1, name2, kind=read_kind(kind) if kind is not None else None).to_json()


def read_kind(text: str) -> str:
    """Return the kind of the vocabulary that a word means.

    Raises
    ------
    ArgumentError
        It means none.
    """
    kinds = load_vocabulary().kinds
    word = text.strip().casefold().replace(" ", "_")
    word = _OTHER_WORDS.get(word, word)
    by_schema: dict[str, str] = {}
    for name, kind in kinds.items():
        by_schema.setdefault(kind.maps.get("ftm", "").casefold().replace(" ", "_"), name)
    found = word if word in kinds else by_schema.get(word) if word else None
    if found is None:
        raise ArgumentError(
            f"there is no kind “{text}”.",
            where="--kind",
            hint="For example organization, company or person; `isthmus vocabulary` lists the kinds.",
        )
    return found
