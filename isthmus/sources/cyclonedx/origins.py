"""Where the draft of 2.0 says that a thing is from: by stage, in shares of countries, with the party that did it there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from isthmus.sources.cyclonedx.codes import load_codes
from isthmus.sources.cyclonedx.index import Bom
from isthmus.sources.cyclonedx.record import Fact, Item
from isthmus.sources.cyclonedx.roles import country_of, made, party_of
from isthmus.sources.cyclonedx.values import is_number, length, listed, text_of
from isthmus.sources.qualifier_texts import qualifier_text

_READ = frozenset({"stage", "basis", "distribution"})
_ENTRY = frozenset({"isoCode", "percentage", "performedBy"})
_NOT_CODE = re.compile(r"\W+")
WHOLE = Decimal(100)
SLIP = Decimal("0.5")
"""What each share of a distribution may be rounded by."""


def read_origins(bom: Bom, item: Item) -> Iterator[Fact]:
    """Yield the origins of a component or a service."""
    for number, one in enumerate(listed(item.body.get("origins"))):
        pointer = f"{item.pointer}/origins/{number}"
        if not isinstance(one, dict):
            bom.refuse(item.line, pointer, "it is not an object")
            continue
        for key in one.keys() - _READ:
            bom.log.leave(f"origin field {key[:60]}: no predicate", length(one[key]))
        stage, words = _stage(bom, item, one.get("stage"), f"{pointer}/stage")
        pairs = [stage] if stage else []
        if basis := text_of(one.get("basis")):
            # The shares of a thing by weight, by value and by number are three measures and never add.
            pairs.append(f"of={_NOT_CODE.sub('_', basis.casefold()).strip('_') or 'not_said'}")
        yield from _distribution(bom, item, one.get("distribution"), f"{pointer}/distribution", pairs, words)


def _stage(bom: Bom, item: Item, given: Any, pointer: str) -> tuple[str | None, str | None]:
    """Return the qualifier for a stage, and the stage where it is one of those that are known."""
    if given is None:
        return None, None
    if isinstance(given, str) and given in load_codes().draft.stages:
        return f"stage={given}", given
    own = qualifier_text(text_of(given.get("name") if isinstance(given, dict) else given) or "")
    if own is None:
        bom.refuse(item.line, pointer, "the stage has no name; the origin is read without it")
        return None, None
    return f"scope={own}", None


def _distribution(
    bom: Bom, item: Item, given: Any, pointer: str, pairs: list[str], stage: str | None
) -> Iterator[Fact]:
    total, shares, entries = Decimal(0), 0, listed(given)
    if not entries:
        bom.refuse(item.line, pointer, "the origin names no country")
        return
    for number, one in enumerate(entries):
        place = f"{pointer}/{number}"
        code = text_of(one.get("isoCode")) if isinstance(one, dict) else None
        country, part = country_of(code) if code else (None, None)
        if not isinstance(one, dict) or country is None:
            bom.refuse(item.line, place, f"“{str(code)[:40]}” is no country of ISO 3166")
            continue
        for key in one.keys() - _ENTRY:
            bom.log.leave(f"origin distribution field {key[:60]}: no predicate", length(one[key]))
        percent = _percent(bom, item, one.get("percentage"), f"{place}/percentage")
        if percent is not None:
            total, shares = total + percent, shares + 1
        share = None if percent is None else format((percent / WHOLE).normalize(), "f")
        here = [*pairs, *([f"segment={words}"] if part and (words := qualifier_text(part)) else [])]
        yield Fact(
            item.line, item.ref, place, f"iso:{country}", "produces", item.entity, pieces=share,
            unit="share", qualifiers="; ".join(here) or None,
        )  # fmt: skip
        if stage == load_codes().draft.hosted:
            yield Fact(item.line, item.ref, place, item.entity, "located_in", f"iso:{country}", qualifiers="basis=node")
        if one.get("performedBy") is not None:
            yield from _performed(bom, item, one["performedBy"], f"{place}/performedBy", (country, share, stage), pairs)
    if shares == len(entries) and abs(total - WHOLE) > SLIP * shares:
        bom.refuse(
            item.line, pointer,
            f"the shares add up to {total.normalize():f} %, not to 100 %; they are read as they stand",
        )  # fmt: skip


def _percent(bom: Bom, item: Item, value: Any, pointer: str) -> Decimal | None:
    if value is None:
        return None
    if not is_number(value) or not 0 <= value <= 100:
        bom.refuse(item.line, pointer, f"“{str(value)[:40]}” is no share from 0 to 100; the country is read without it")
        return None
    return Decimal(repr(value))


def _performed(
    bom: Bom, item: Item, given: Any, pointer: str, what: tuple[str, str | None, str | None], pairs: list[str]
) -> Iterator[Fact]:
    """Yield what the party did that performed a stage in a country."""
    codes, (country, share, stage) = load_codes().draft, what
    party = party_of(bom, item, given, pointer)
    if party is None:
        return
    if party.entity is None:
        bom.log.leave("origins that are performed by a party that is no organisation with a name")
        return
    where = (item.line, item.ref, pointer)
    if stage is not None and stage in codes.served:
        qualifiers = f"role={codes.served[stage]}; place=@iso:{country}"
        yield Fact(*where, party.entity, "operates", item.entity, qualifiers=qualifiers)
        return
    doing = codes.performed.get(stage or "")
    predicate = made(item, doing) if doing else "produces"
    if predicate == "produces":
        yield Fact(
            *where, party.entity, predicate, item.entity, pieces=share, unit="share",
            qualifiers="; ".join([*pairs, f"place=@iso:{country}"]),
        )  # fmt: skip
    else:
        yield Fact(*where, party.entity, predicate, item.entity, qualifiers=f"stage={stage}")
