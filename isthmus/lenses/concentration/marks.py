"""The marks beyond which a share is an alarm, and where a supplier makes it: read from a data file and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from isthmus.errors import VocabularyError
from isthmus.quantities import Quantity
from isthmus.vocabulary import Vocabulary, load_vocabulary

FILE = "data/concentration.yaml"
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Mark:
    """A share of one holder that is an alarm: more than `share`, or with `inclusive` at least so much."""

    name: str
    label: str
    share: float
    inclusive: bool = False

    def passed(self, share: Quantity) -> bool | None:
        """Tell whether a share passes the mark; None where it may."""
        if share.low is not None and self._over(share.low, share.open_low, share.near_low):
            return True
        # A share without an upper end may be anything: that is no sign that it is large.
        return None if share.high is not None and self._reached(share.high, share.open_high) else False

    def _reached(self, end: float, excluded: bool) -> bool:
        return end > self.share or (end == self.share and self.inclusive and not excluded)

    def _over(self, end: float, excluded: bool, near: bool) -> bool:
        return end > self.share or (end == self.share and not near and (self.inclusive or excluded))


@dataclass(frozen=True, slots=True)
class Line:
    """A value of the index that an authority uses."""

    hhi: float
    label: str


@dataclass(frozen=True, slots=True)
class FlowKind:
    """What flows into a place, as claims measure it.

    Attributes
    ----------
    of, part : str
        What `share` claims are `of`: the flow by origin, and the part of what the place uses that comes in by it.
    words, uses : str
        How the two are called: what flows, and what the place uses.
    """

    of: str
    part: str
    words: str
    uses: str


@dataclass(frozen=True, slots=True)
class Marks:
    """The whole file: see its own words."""

    version: str
    title: str
    whose: str
    marks: tuple[Mark, ...]
    lines: tuple[Line, ...]
    alternatives: int
    sites: tuple[str, ...]
    rule: str
    flows: tuple[FlowKind, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return what a finding says of the marks it was made by."""
        return {
            "version": self.version,
            "whose": self.whose,
            "marks": {mark.name: mark.share for mark in self.marks},
            "lines": {line.label: line.hhi for line in self.lines},
        }


@cache
def load_marks() -> Marks:
    """Return the marks that ship with the package, checked."""
    return read_marks(files("isthmus").joinpath(FILE).read_text("utf-8"), load_vocabulary())


def read_marks(text: str, vocabulary: Vocabulary) -> Marks:
    """Read marks from the text of their file.

    Raises
    ------
    VocabularyError
        The file is no such list, a mark is no share, or a basis or measure does not exist.
    """
    try:
        raw = yaml.load(text, Loader=_Loader)
        found = Marks(
            version=str(raw["version"]),
            title=str(raw["title"]),
            whose=str(raw["whose"]),
            marks=tuple(_mark(name, body) for name, body in raw["marks"].items()),
            lines=tuple(Line(float(body["hhi"]), str(body["label"])) for body in raw["lines"]),
            alternatives=int(raw["alternatives"]),
            sites=tuple(raw["sites"]),
            rule=str(raw["rule"]),
            flows=tuple(_flow(body) for body in raw["flows"]),
        )
    except (yaml.YAMLError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise VocabularyError(f"the marks of concentration cannot be read: {error!r}.", where=FILE) from error
    unknown = [name for name in found.sites if name not in vocabulary.qualifiers["basis"].values]
    measures = vocabulary.qualifiers["of"].values
    unknown += [name for flow in found.flows for name in (flow.of, flow.part) if name not in measures]
    if unknown:
        raise VocabularyError(f"the vocabulary has no “{unknown[0]}”.", where=FILE)
    outside = [mark.name for mark in found.marks if not 0 < mark.share <= 1]
    if outside:
        raise VocabularyError(f"the mark “{outside[0]}” is no share of 1.", where=FILE)
    return found


def _flow(body: Mapping[str, Any]) -> FlowKind:
    return FlowKind(str(body["of"]), str(body["part"]), str(body["words"]), str(body["uses"]))


def _mark(name: str, body: Mapping[str, Any]) -> Mark:
    return Mark(str(name), str(body["label"]), float(body["share"]), bool(body.get("from", False)))
