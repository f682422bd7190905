"""The claims of a page, numbered as they are met: a mark where a figure or sentence rests on one, and the slip that it opens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from markupsafe import Markup, escape

from isthmus.web.words import cut, told

_CLAIM = ("hedge", "licence", "valid_from", "valid_to", "observed", "recorded_at")
_SOURCE = ("title", "publisher", "kind", "date", "reliability", "licence")
"""What a slip asks for; what a claim or a source does not say is left out of its JSON."""


class Notes:
    """Numbers the claims of one page in the order in which it names them.

    Parameters
    ----------
    claims : mapping of claim id to the claim as `isthmus.lenses.finding.claim_json` gives it
    sources : mapping of source id to the source
    """

    def __init__(self, claims: Mapping[str, Any], sources: Mapping[str, Any]) -> None:
        self.claims = claims
        self.sources = sources
        self._numbers: dict[str, int] = {}

    def number(self, claim: str) -> int:
        """Return the number of a claim on this page; it gets one when first asked for."""
        return self._numbers.setdefault(claim, len(self._numbers) + 1)

    def mark(self, claims: Iterable[str] | str, limit: int = 4) -> Markup:
        """Return the marks of claims that the page knows; of many, the first few and how many more."""
        known = [name for name in ([claims] if isinstance(claims, str) else claims) if name in self.claims]
        marks = [
            Markup('<a class="mark" href="#s-{}" aria-label="claim {}: {}">{}</a>').format(
                name, self.number(name), self._by(name), self.number(name)
            )
            for name in known[:limit]
        ]
        if len(known) > limit:
            more = Markup('<span class="mark">+{}</span>').format(len(known) - limit)
            marks.append(more)
        return Markup("").join(marks)

    def _by(self, claim: str) -> str:
        source = self.sources.get(self.claims[claim]["source"], {})
        return str(told(cut(source.get("title") or self.claims[claim]["source"], 160)))

    def slips(self) -> list[dict[str, Any]]:
        """Return the claims that were marked, in order, each with its number and its sources."""
        return [self._slip(name, number) for name, number in self._numbers.items()]

    def _slip(self, name: str, number: int) -> dict[str, Any]:
        claim = self.claims[name]
        origins = claim.get("origin") or []
        return {
            **dict.fromkeys(_CLAIM),
            **claim,
            "number": number,
            "read_in": self._source(claim["source"]),
            "origins": [self._source(origin) for origin in origins],
        }

    def _source(self, name: str) -> dict[str, Any]:
        return {**dict.fromkeys(_SOURCE), "id": name, **self.sources.get(name, {})}


def tagged_name(text: str, lang: str | None) -> Markup:
    """Return a name in an element that says its language, so that it is drawn and read aloud in its own way."""
    if not lang:
        return Markup("<bdi>{}</bdi>").format(told(text))
    return Markup('<bdi lang="{}">{}</bdi>').format(escape(lang), told(text))
