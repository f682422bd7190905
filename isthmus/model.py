"""The values that rooms hand to one another: sources, claims, rejections and findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from isthmus.quantities import Quantity

CLAIM_COLUMNS = (
    "subject",
    "predicate",
    "object",
    "value",
    "value_lang",
    "low",
    "high",
    "unit",
    "qualifiers",
    "valid_from",
    "valid_to",
    "observed",
    "mode",
    "source",
    "origin",
    "locator",
    "hedge",
    "stance",
    "marking",
    "licence",
)
"""The columns of a claim as people and adapters write it: all text, empty where there is nothing."""

MARKINGS = ("TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:AMBER+STRICT", "TLP:RED")
"""Traffic Light Protocol 2.0, from free to closed; the place in the tuple is the rank."""

SOURCE_KINDS = (
    "register",
    "filing",
    "law",
    "agreement_text",
    "official_list",
    "official_document",
    "self_declaration",
    "report",
    "scholarship",
    "press",
    "testimony",
    "interview",
    "dataset",
    "measurement",
    "analysis",
    "website",
    "unknown",
)


@dataclass(frozen=True, slots=True)
class Source:
    """What we read: who published it, of what kind, how good, on which terms.

    `reliability` is the Admiralty letter A-F (F: cannot be judged); `derived_from` lists sources that it copies or rests on, so
    that ten copies of one story count once.
    """

    id: str
    title: str | None = None
    title_original: str | None = None
    publisher: str | None = None
    kind: str = "unknown"
    date: str | None = None
    language: str | None = None
    reliability: str = "F"
    licence: str | None = None
    marking: str = "TLP:CLEAR"
    url: str | None = None
    retrieved: str | None = None
    sha256: str | None = None
    derived_from: tuple[str, ...] = ()
    cited_at: str | None = None
    note: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the fields that are filled in, as JSON values."""
        return {name: value for name in _FIELDS if (value := getattr(self, name)) not in (None, (), "")}


_FIELDS = tuple(field.name for field in fields(Source))


@dataclass(frozen=True, slots=True)
class Rejection:
    """A row that could not become a claim: the line in its file and the reason in words."""

    line: int
    reason: str

    def to_json(self) -> dict[str, Any]:
        """Return ``{"line", "reason"}``."""
        return {"line": self.line, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class Claim:
    """One source saying one thing, as the store gives it back.

    Text columns are as in `CLAIM_COLUMNS`; `quantity` holds the bounded number; dates are partial dates in text.
    """

    id: str
    subject: str
    predicate: str
    object: str | None
    value: str | None
    value_lang: str | None
    quantity: Quantity | None
    qualifiers: tuple[tuple[str, str], ...]
    valid_from: str | None
    valid_to: str | None
    observed: str | None
    mode: str
    source: str
    origin: tuple[str, ...]
    locator: str
    hedge: str | None
    stance: str
    marking: str
    licence: str | None
    batch: int
    recorded_at: str
    retracted_at: str | None = None
    retracted_why: str | None = None

    def qualifier(self, name: str) -> str | None:
        """Return the value of a qualifier, or None."""
        return next((value for key, value in self.qualifiers if key == name), None)

    def to_json(self) -> dict[str, Any]:
        """Return the claim as JSON values, without the columns that say nothing."""
        body: dict[str, Any] = {key: getattr(self, key) for key in self.__slots__}
        body["quantity"] = self.quantity.to_json() if self.quantity else None
        body["qualifiers"] = dict(self.qualifiers)
        body["origin"] = list(self.origin)
        return {key: value for key, value in body.items() if value not in (None, [], {})}


GAP_KINDS = ("unnamed", "unknown", "searched", "withheld")


@dataclass(frozen=True, slots=True)
class Gap:
    """What is not known: `n` of `of` things, of a kind in `GAP_KINDS`, and the claims that say so."""

    kind: str
    what: str
    claims: tuple[str, ...] = ()
    n: Quantity | int | None = None
    of: Quantity | int | None = None
    where: str | None = None
    when: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the gap of the design, section 5."""
        body: dict[str, Any] = {"kind": self.kind, "what": self.what, "n": _plain(self.n), "of": _plain(self.of)}
        body["claims"] = list(self.claims)
        if self.where:
            body["where"] = self.where
        if self.when:
            body["when"] = self.when
        return body


@dataclass(frozen=True, slots=True)
class Conflict:
    """Claims that cannot all hold, by a rule of the vocabulary."""

    about: str
    rule: str
    claims: tuple[str, ...]
    values: tuple[str, ...] = ()
    subject: str | None = None
    predicate: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the conflict of the design, section 5."""
        return {
            "about": self.about,
            "rule": self.rule,
            "claims": list(self.claims),
            "values": list(self.values),
            "subject": self.subject,
            "predicate": self.predicate,
        }


@dataclass(frozen=True, slots=True)
class Finding:
    """What a lens answers: the answers with their claims, and everything that is doubtful about them.

    `extra` holds what only some lenses add (a tally's rows, total and concentration), under the names of the design.
    """

    id: str
    lens: str
    question: Mapping[str, Any]
    as_of: str | None
    known_at: str
    picture: str
    answers: tuple[Mapping[str, Any], ...] = ()
    gaps: tuple[Gap, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    sensitivity: Mapping[str, Any] = field(default_factory=dict)
    limits: tuple[str, ...] = ()
    claims: Mapping[str, Any] = field(default_factory=dict)
    sources: Mapping[str, Any] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the finding of the design, section 5, with the cited claims and sources in full."""
        return {
            "id": self.id,
            "lens": self.lens,
            "question": dict(self.question),
            "as_of": self.as_of,
            "known_at": self.known_at,
            "picture": self.picture,
            "answers": [dict(answer) for answer in self.answers],
            **self.extra,
            "gaps": [gap.to_json() for gap in self.gaps],
            "conflicts": [conflict.to_json() for conflict in self.conflicts],
            "sensitivity": dict(self.sensitivity),
            "limits": list(self.limits),
            "claims": dict(self.claims),
            "sources": dict(self.sources),
        }


def _plain(value: Quantity | int | None) -> Any:
    return value.to_json() if isinstance(value, Quantity) else value
