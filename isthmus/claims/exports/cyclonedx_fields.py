"""What the fields of a component and of a service say: names, identifiers, words, makers, data."""

from __future__ import annotations

import re
from typing import Any

from isthmus.claims.exports.cyclonedx_things import Row, Thing, Things
from isthmus.sources.cyclonedx.codes import load_codes
from isthmus.sources.cyclonedx.evidence import WORDS
from isthmus.sources.cyclonedx.values import OWN, PURL, organisation_id, read_purl, slug

_SURE = re.compile(re.escape(WORDS) + r"(0|1|0?\.\d+|1\.0+)( by .*)?")
_Body = dict[str, Any]
_PLAIN = {"version": "version", "versionRange": "versionRange", "description": "description"}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def component_fields(things: Things, thing: Thing, root: bool) -> _Body:
    """Return the fields of a component.

    Parameters
    ----------
    root : bool
        It may be what the bill is of.
    """
    body, properties = dict[str, Any](), list[dict[str, str]]()
    body["type"] = thing.form.type
    body["properties"] = properties
    _kind(things, thing, properties, root)
    evidence: list[_Body] = []
    _names(things, thing, body, properties, evidence)
    _identifiers(things, thing, body, properties, evidence)
    _words(things, thing, body, properties, evidence, ("function", "oid"))
    _crypto(things, thing, body)
    # The supplier of what nothing else contains has no customer: it is the one that distributes it.
    alone = not thing.wholes and not any(row.predicate == "supplies" for row in thing.makers)
    roles = {"supplies": "supplier", "operates": "supplier" if alone else "publisher"}
    _makers(things, thing, body, properties, roles)
    if evidence:
        body["evidence"] = {"identity": evidence}
    if isinstance(body.get("publisher"), dict):
        body["publisher"] = body["publisher"]["name"]
    for row in thing.about.get("address", []):
        things.leave(row, "a component has none")
    order = (
        "type",
        "bom-ref",
        "supplier",
        "manufacturer",
        "publisher",
        "group",
        "name",
        "version",
        "description",
        "scope",
    )
    return {
        key: body[key] for key in (*(key for key in order if key in body), *(key for key in body if key not in order))
    }


def service_fields(things: Things, thing: Thing, root: bool) -> _Body:
    """Return the fields of a service."""
    body, properties = dict[str, Any](), list[dict[str, str]]()
    body["properties"] = properties
    for row in thing.about.get("kind", []):
        if row.value == "platform":
            things.say(row)
        else:
            things.leave(row, f"CycloneDX has one type for a thing, and {row.value} is another")
    _names(things, thing, body, properties, [])
    _words(things, thing, body, properties, [], ("authenticated", "x-trust-boundary", "trustZone"))
    for row in [*thing.about.get("identifier", []), *thing.about.get("status", [])]:
        things.leave(row, "a service has none")
    endpoints = []
    for row in thing.about.get("address", []):
        if row.pairs.get("basis") == "node":
            things.say(row)
            endpoints.append(row.value)
        else:
            things.leave(row, "CycloneDX has the addresses of endpoints only")
    if endpoints:
        body["endpoints"] = list(dict.fromkeys(endpoints))
    _data(things, thing, body, properties)
    _makers(things, thing, body, properties, {"supplies": "provider", "operates": "provider"})
    return body


def _kind(things: Things, thing: Thing, properties: list[dict[str, str]], root: bool) -> None:
    codes, form = load_codes(), thing.form
    default = codes.types[form.type]
    if root:
        default = codes.root_types.get(form.type, default)
    if form.asset:
        default = codes.assets.get(form.asset, default)
    if form.kind != default:
        properties.append({"name": f"{OWN}kind", "value": form.kind})
    whole = f"{form.type}/{form.asset}" if form.asset else form.type
    for row in thing.about.get("kind", []):
        if row.value != form.kind:
            things.leave(row, f"CycloneDX has one type for a thing, and {row.value} is another")
            continue
        things.say(row)
        if row.pairs.get("reading") != whole:
            things.remarks["kind: a type of component stands for it"] += 1


def _names(things: Things, thing: Thing, body: _Body, properties: list[dict[str, str]], evidence: list[_Body]) -> None:
    rows = thing.about.get("name", [])
    plain = [row for row in rows if "type" not in row.pairs]
    for row in rows:
        if "type" in row.pairs:
            things.leave(row, "CycloneDX has one name for a thing")
    first = things.one(plain, lambda row: (row.value, row.pairs.get("scope")), "name")
    if first is None:
        body["name"] = thing.id
        properties.append({"name": f"{OWN}unnamed", "value": "yes"})
        return
    if group := first.pairs.get("scope"):
        body["group"] = group
    body["name"] = first.value
    _sure(things, first, "name", evidence)


def _sure(things: Things, row: Row, field: str, evidence: list[_Body]) -> None:
    """Write the confidence in a field, where the doubt of the source is one."""
    found = _SURE.fullmatch(row.hedge or "")
    if found is None:
        return
    things.remarks["the doubt of the source is lost"] -= 1
    evidence.append({"field": field, "confidence": float(found[1])})
    if found[2]:
        things.remarks["the technique behind a confidence is lost"] += 1


def _identifiers(
    things: Things, thing: Thing, body: _Body, properties: list[dict[str, str]], evidence: list[_Body]
) -> None:
    codes, own = load_codes(), thing.id.removeprefix(PURL)
    hashes = {scheme: alg for alg, (scheme, _) in codes.hashes.items()}
    lists = {scheme: key for key, scheme in codes.identifiers.items()}
    by_scheme: dict[str, list[Row]] = {}
    for row in thing.about.get("identifier", []):
        by_scheme.setdefault(row.pairs.get("scheme", ""), []).append(row)
    for scheme, rows in sorted(by_scheme.items()):
        if scheme in ("purl", "swid") or (scheme in ("cpe", "cpe22") and "cpe" not in body):
            first = things.one(rows, lambda row: (row.value != own, row.value), scheme)
            if first is None:
                continue
            _sure(things, first, "cpe" if scheme == "cpe22" else scheme, evidence)
            if scheme == "swid":
                body["swid"] = {"tagId": first.value, "name": body["name"]}
            else:
                key, before = {"purl": ("purl", ""), "cpe": ("cpe", "cpe:"), "cpe22": ("cpe", "cpe:/")}[scheme]
                body[key] = f"{before}{first.value}"
        elif scheme in hashes:
            first = things.one(rows, lambda row: row.value, f"hash by {hashes[scheme]}")
            if first is not None:
                body.setdefault("hashes", []).append({"alg": hashes[scheme], "content": first.value})
                _sure(things, first, "hash", evidence)
        elif scheme in lists or scheme == "gtin":
            for row in rows:
                things.say(row)
                if scheme == "gtin":
                    one = {"name": f"{codes.gtin}-{len(row.value or '')}", "value": row.value or ""}
                    properties.append(one) if one not in properties else None
                elif row.value not in body.setdefault(lists[scheme], []):
                    body[lists[scheme]].append(row.value)
        else:
            for row in rows:
                things.leave(row, f"CycloneDX has no field for the scheme {scheme or 'not said'}")


def _words(
    things: Things,
    thing: Thing,
    body: _Body,
    properties: list[dict[str, str]],
    evidence: list[_Body],
    more: tuple[str, ...],
) -> None:
    by_scope: dict[str, list[Row]] = {}
    for row in thing.about.get("described_as", []):
        by_scope.setdefault(row.pairs.get("scope", ""), []).append(row)
    for scope, rows in sorted(by_scope.items()):
        if scope == "licence":
            for row in rows:
                things.say(row)
                how = {"acknowledgement": row.pairs["reading"]} if "reading" in row.pairs else {}
                one = {"license": {"name": row.value, **how}}
                listed = body.setdefault("licenses", [])
                listed.append(one) if one not in listed else None
        elif scope in _PLAIN or scope in more:
            first = things.one(rows, lambda row: row.value, scope)
            if first is None:
                continue
            if scope == "function":
                properties.append({"name": load_codes().function, "value": first.value or ""})
            elif scope == "oid":
                body.setdefault("cryptoProperties", {})["oid"] = first.value
            elif scope in ("authenticated", "x-trust-boundary"):
                body[scope] = first.value == "yes"
            else:
                body[scope] = first.value
            if scope == "version":
                _sure(things, first, "version", evidence)
        else:
            for row in rows:
                things.leave(row, "CycloneDX has no field for these words")
    parsed = read_purl(body["purl"]) if "purl" in body else None
    if "version" not in body and parsed and parsed[1]:
        body["version"] = parsed[1]


def _crypto(things: Things, thing: Thing, body: _Body) -> None:
    if thing.form.asset:
        body.setdefault("cryptoProperties", {})["assetType"] = thing.form.asset
    for row in thing.about.get("status", []):
        days = [day for day in (row.valid_from, row.valid_to) if day]
        exact = row.valid_from and all(_DAY.fullmatch(day) for day in days)
        inner = body.get("cryptoProperties", {})
        if thing.form.asset != "certificate" or row.value != "active" or not exact or "certificateProperties" in inner:
            things.leave(row, "CycloneDX has the days of one certificate only")
            continue
        things.say(row)
        keys = ("notValidBefore", "notValidAfter")
        inner["certificateProperties"] = {key: f"{day}T00:00:00Z" for key, day in zip(keys, days, strict=False)}


def _makers(things: Things, thing: Thing, body: _Body, properties: list[dict[str, str]], roles: dict[str, str]) -> None:
    """Write who supplies, makes and publishes a thing: one of each."""
    codes, chosen, supplied = load_codes(), dict[str, str](), list[str]()
    builds = thing.form.type in codes.built
    for row in sorted(thing.makers, key=lambda row: (row.subject, row.object or "", row.id)):
        role = roles.get(row.predicate, "manufacturer")
        right = "operator" if thing.is_service else "distributor"
        if role == "manufacturer" and (thing.is_service or (row.predicate == "builds") != builds):
            things.leave(
                row, "CycloneDX has makers of components, and says of its type whether they build or develop it"
            )
            continue
        if row.predicate == "operates" and row.pairs.get("role") != right:
            things.leave(row, f"CycloneDX has no field for the role {row.pairs.get('role', 'not said')}")
            continue
        entry = _entry(things, row.subject)
        if entry is None or chosen.setdefault(role, row.subject) != row.subject:
            things.leave(row, f"CycloneDX has one {role} with a name for a thing")
            continue
        things.say(row)
        other = things.others[row.subject]
        other.written, other.paged = True, other.paged or role != "publisher"
        body[role] = entry
        own = {"name": f"{OWN}{role}", "value": row.subject}
        if own not in properties and (role == "publisher" or row.subject != organisation_id(entry["name"])):
            properties.append(own)
        if row.predicate == "supplies" and row.object and row.object not in supplied:
            supplied.append(row.object)
            properties.append({"name": f"{OWN}supplied-to", "value": row.object})
        for lost in sorted(row.pairs.keys() - {"item", "role"}):
            things.remarks[f"{row.predicate}: its {lost} is lost"] += 1


def _entry(things: Things, entity: str) -> _Body | None:
    """Return an organisation, None where it has no name."""
    other = things.others.get(entity)
    if other is None or other.name is None:
        return None
    return {"name": other.name, **({"url": pages} if (pages := other.pages) else {})}


def _data(things: Things, thing: Thing, body: _Body, properties: list[dict[str, str]]) -> None:
    codes = load_codes()
    for row in thing.data:
        category = things.others.get(row.object or "")
        name = category.name if category else None
        flow = row.pairs.get("reading")
        activity = row.pairs.get("activity")
        if flow is None or codes.flows.get(flow) != activity:
            flow = next((code for code in reversed(list(codes.flows)) if codes.flows[code] == activity), None)
        if category is None or name is None or flow is None:
            things.leave(row, f"CycloneDX has no flow for the activity {activity}")
            continue
        things.say(row)
        category.written = True
        listed = body.setdefault("data", [])
        one = {"flow": flow, "classification": name}
        if one not in listed:
            listed.append(one)
        own = {"name": f"{OWN}data:{slug(name)}", "value": row.object or ""}
        if own not in properties:
            properties.append(own)
