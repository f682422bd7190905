"""Which cryptographic asset uses which, in the fields that CycloneDX has for it: algorithms, keys and the cipher suites of protocols."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any, NamedTuple

from isthmus.claims.exports.cyclonedx_things import Row, Thing, Things
from isthmus.sources.cyclonedx.codes import load_codes
from isthmus.sources.cyclonedx.crypto import SECURED, SUITE, SUITES, suite_id

_OF_ASSET = {
    "certificate": "certificateProperties",
    "related-crypto-material": "relatedCryptoMaterialProperties",
    "protocol": "protocolProperties",
}
_ALGORITHM = "algorithm"
_LISTS = frozenset({"cryptoRefArray"})


class Suite(NamedTuple):
    """A cipher suite: no component of CycloneDX, but a part of its protocol."""

    thing: Thing
    need: Row
    algorithms: tuple[Row, ...]


def take_suites(things: Things) -> dict[str, list[Suite]]:
    """Take the cipher suites of protocols, as our reader names them, out of the things and needs."""
    needs: dict[str, list[Row]] = defaultdict(list)
    for row in things.needs:
        needs[row.subject].append(row)
    found: dict[str, list[Suite]] = {}
    for entity, thing in list(things.held.items()):
        if thing.form.asset != "protocol":
            continue
        suites: list[Suite] = []
        while (held := things.held.get(suite_id(entity, len(suites)))) is not None:
            own = needs[held.id]
            need = [
                row
                for row in needs[entity]
                if row.object == held.id and row.pairs == {"function": SUITE, "need": SUITE}
            ]
            if len(need) != 1 or held.wholes or any(row.pairs != {"function": _ALGORITHM} for row in own):
                break
            suites.append(Suite(held, need[0], tuple(own)))
            del things.held[held.id]
        if suites:
            found[entity] = suites
    taken = {row.id for suites in found.values() for one in suites for row in (one.need, *one.algorithms)}
    things.needs = [row for row in things.needs if row.id not in taken]
    return found


def write_suites(things: Things, body: dict[str, Any], suites: list[Suite], ref: Callable[[str], str]) -> None:
    """Write the cipher suites of a protocol, and count what is said of them."""
    written = []
    for suite in suites:
        for row in (suite.need, *suite.algorithms):
            things.say(row)
        one: dict[str, Any] = {}
        about = suite.thing.about
        name = things.one([row for row in about.get("name", []) if not row.pairs], lambda row: row.value, "name")
        if name is not None:
            one["name"] = name.value
        for row in (row for predicate, rows in about.items() for row in rows if predicate != "name" or row.pairs):
            if row.predicate == "kind" and row.pairs == {"reading": SUITE}:
                things.say(row)
            else:
                things.leave(row, "of a cipher suite, CycloneDX has the name only")
        one["algorithms"] = sorted({ref(row.object or "") for row in suite.algorithms})
        written.append(one)
    _properties(body, "protocol")[SUITES] = written


def place_use(body: dict[str, Any], thing: Thing, row: Row, ref: str) -> bool:
    """Write that a cryptographic asset uses another for a function; tell whether there is a field for it that is free."""
    asset, function = thing.form.asset or "", row.pairs.get("function")
    if function is None or asset not in _OF_ASSET or row.pairs.keys() != {"function"}:
        return False
    if function == SECURED and asset == "related-crypto-material":
        secured = _properties(body, asset).setdefault("securedBy", {})
        return bool(secured.setdefault("algorithmRef", ref) == ref)
    keys = load_codes().crypto_refs[_OF_ASSET[asset]]
    key = next((key for key, words in keys.items() if words == function), None)
    if key is None:
        return False
    if key in _LISTS:
        listed = _properties(body, asset).setdefault(key, [])
        listed.append(ref) if ref not in listed else None
        return True
    return bool(_properties(body, asset).setdefault(key, ref) == ref)


def _properties(body: dict[str, Any], asset: str) -> dict[str, Any]:
    held: dict[str, Any] = body["cryptoProperties"].setdefault(_OF_ASSET[asset], {})
    return held
