"""The components, services, dependencies and compositions of a bill of materials as JSON."""

from __future__ import annotations

from collections import Counter
from typing import Any

from isthmus.claims.exports.cyclonedx_crypto import place_use, take_suites, write_suites
from isthmus.claims.exports.cyclonedx_fields import component_fields, service_fields
from isthmus.claims.exports.cyclonedx_things import FORK, Row, Thing, Things
from isthmus.sources.cyclonedx.codes import load_codes
from isthmus.sources.cyclonedx.links import IMPLEMENTS
from isthmus.sources.cyclonedx.values import OWN, PURL

MAX_DEPTH = 60
_Body = dict[str, Any]


class Bodies:
    """Writes each thing once, where it stands first, and names it elsewhere."""

    def __init__(self, things: Things) -> None:
        self.things = things
        self.written: dict[str, _Body] = {}
        self.suites = take_suites(things)
        self.refs = _refs(things)
        self.needs = self._sayable_needs()

    def trees(self) -> tuple[_Body | None, list[_Body], list[_Body]]:
        """Return what the bill is of (None where it is not one thing), the components and the services."""
        components = self._forest([thing for thing in self.things.held.values() if not thing.is_service])
        services = self._forest([thing for thing in self.things.held.values() if thing.is_service])
        if len(components) == 1 and self._is_whole(components[0][0], [thing for thing, _ in services]):
            root = components[0][1]
            return root, root.pop("components", []), [body for _, body in services]
        return None, [body for _, body in components], [body for _, body in services]

    def _is_whole(self, root: Thing, services: list[Thing]) -> bool:
        """Tell whether the reader would make no claim but ours of `root` as that which the bill is of."""
        if root.wholes or any(row.predicate == "supplies" for row in root.makers):
            return False
        used = {row.object for row in self.needs if row.subject == root.id}
        operated = any(
            row.predicate == "operates"
            for thing in self.things.held.values()
            if thing.is_service
            for row in thing.makers
        )
        return bool(root.parts or used) and not operated and all(thing.id in used for thing in services)

    def _forest(self, listed: list[Thing]) -> list[tuple[Thing, _Body]]:
        """Return the trees of parts; a circle begins at the smallest id in it."""
        heads = sorted(thing.id for thing in listed if not thing.wholes)
        trees = []
        for entity in [*heads, *sorted(thing.id for thing in listed)]:
            if entity not in self.written:
                thing = self.things.held[entity]
                trees.append((thing, self._tree(thing, None, (), top=True)))
        return trees

    def _tree(self, thing: Thing, row: Row | None, path: tuple[str, ...], *, top: bool = False) -> _Body:
        body = self._whole(thing, row, top=top)
        inner: list[_Body] = []
        for part in sorted(thing.parts, key=lambda part: (part.object or "", part.id)):
            child = self.things.held[part.object or ""]
            if child.id in path or child.id == thing.id:
                self.things.leave(part, "a circle of parts cannot be nested")
            elif len(path) >= MAX_DEPTH and child.id not in self.written:
                self.things.leave(part, f"parts nested more than {MAX_DEPTH} deep")
            elif not _sayable_part(part):
                self.things.leave(part, "CycloneDX has no place for its strength, its number or its alternatives")
            else:
                self.things.say(part)
                again = child.id in self.written
                inner.append(self._again(child, part) if again else self._tree(child, part, (*path, thing.id)))
        if inner:
            body["services" if thing.is_service else "components"] = inner
        return body

    def _whole(self, thing: Thing, row: Row | None, *, top: bool) -> _Body:
        """Return all that is said of a thing."""
        body: _Body = {"bom-ref": self.refs[thing.id]}
        self.written[thing.id] = body
        fields = service_fields if thing.is_service else component_fields
        body.update(fields(self.things, thing, top and not thing.wholes))
        properties = body.setdefault("properties", [])
        if not _tells_id(body, thing.id):
            properties.append({"name": f"{OWN}entity", "value": thing.id})
        self._place(body, thing, row)
        for key, other in filter(None, [self._relative(one) for one in thing.pedigree]):
            body.setdefault("pedigree", {}).setdefault(key, []).append(other)
        return _tidy(body)

    def _again(self, thing: Thing, row: Row) -> _Body:
        """Return a part that was described within another thing."""
        body = self._named(thing)
        self._place(body, thing, row)
        return _tidy(body)

    def _named(self, thing: Thing) -> _Body:
        """Return a thing that is described elsewhere in the document."""
        fields = service_fields if thing.is_service else component_fields
        # Of what is described further on, the fields are worked out here too; nothing is counted twice.
        whole = self.written.get(thing.id) or fields(Things(Counter()), thing, False)
        body: _Body = {
            key: whole[key] for key in ("type", "group", "name", "version", "purl", "evidence") if key in whole
        }
        body["properties"] = [
            one for one in whole.get("properties", []) if one["name"] in (f"{OWN}kind", f"{OWN}unnamed")
        ]
        if not _tells_id(body, thing.id):
            body["properties"].append({"name": f"{OWN}entity", "value": thing.id})
        return body

    def _place(self, body: _Body, thing: Thing, row: Row | None) -> None:
        """Say how strongly, how often and under which name a part belongs to its whole."""
        strength = row.pairs.get("strength") if row is not None else self._strength(thing)
        if strength and not thing.is_service:
            body["scope"] = load_codes().strengths[strength]
        if row is not None and row.low and not thing.is_service:
            body["properties"].append({"name": load_codes().quantity, "value": row.low})
        ref = row.pairs.get("ref") if row is not None else None
        if ref and body.get("bom-ref") != ref:
            body["properties"].append({"name": f"{OWN}ref", "value": ref})

    def _strength(self, thing: Thing) -> str | None:
        told = {row.pairs.get("strength") for row in self.things.needs if row.object == thing.id}
        return next(iter(told)) if len(told) == 1 and told <= set(load_codes().strengths) else None

    def _relative(self, row: Row) -> tuple[str, _Body] | None:
        """Return the list of the pedigree and the other end of a claim that one thing is a variant of another."""
        relation = row.pairs.get("relation")
        if row.object == row.subject:
            self.things.leave(row, "a thing is no variant of itself")
            return None
        self.things.say(row)
        if relation not in (None, FORK):
            self.things.remarks[f"variant_of: the relation {relation} is lost"] += 1
        key, other = ("ancestors", row.object or "") if relation == FORK else ("variants", row.subject)
        return key, _tidy(self._named(self.things.held[other]))

    def _sayable_needs(self) -> list[Row]:
        """Return the needs that dependencies can say."""
        kept = []
        for row in self.things.needs:
            if row.object == row.subject:
                self.things.leave(row, "CycloneDX has no place for what needs itself")
            elif "need" in row.pairs or "at_least" in row.pairs:
                self.things.leave(row, "CycloneDX has no place for alternatives")
            elif row.low or row.high:
                self.things.leave(row, "CycloneDX has no place for a share")
            elif row.pairs.get("strength", "required") not in load_codes().strengths:
                self.things.leave(row, f"CycloneDX has no scope for the strength {row.pairs['strength']}")
            else:
                kept.append(row)
        return kept

    def dependencies(self) -> list[_Body]:
        """Return the dependencies; call it after `trees`."""
        found: dict[str, dict[str, set[str]]] = {}
        for entity, suites in self.suites.items():
            write_suites(self.things, self.written[entity], suites, self.ref)
        for row in self.needs:
            scope = self.written.get(row.object or "", {}).get("scope")
            strength = row.pairs.get("strength")
            if "optional" in (scope, strength) and scope != strength:
                self.things.leave(row, "what it needs is required by one thing and optional for another")
                continue
            if scope != strength:
                self.things.remarks["uses: the strength required is said by its absence, or the other way round"] += 1
            self.things.say(row)
            thing = self.things.held.get(row.subject)
            if thing is not None and place_use(self.written[row.subject], thing, row, self.ref(row.object or "")):
                continue
            for name in sorted(row.pairs.keys() - {"strength"}):
                if (name, row.pairs[name]) != ("function", IMPLEMENTS):
                    self.things.remarks[f"uses: its {name} is lost"] += 1
            key = "provides" if row.pairs.get("function") == IMPLEMENTS else "dependsOn"
            found.setdefault(row.subject, {}).setdefault(key, set()).add(self.ref(row.object or ""))
        return [
            {"ref": self.ref(entity), **{key: sorted(refs) for key, refs in sorted(found[entity].items())}}
            for entity in sorted(found)
        ]

    def compositions(self) -> list[_Body]:
        """Return how complete the lists are."""
        codes, found = load_codes(), dict[str, dict[str, set[str]]]()
        keys = {scope: key for key, scope in codes.composed.items()}
        for row in self.things.lists:
            key, value = keys.get(row.pairs.get("scope", "")), row.value or "unknown"
            if key is None:
                self.things.leave(row, "CycloneDX says it of components and dependencies only")
                continue
            given = row.pairs.get("reading", value)
            aggregate = given if codes.aggregates.get(given) == value else value
            if given != aggregate or "reading" not in row.pairs:
                self.things.remarks["completeness: an aggregate stands for it"] += 1
            self.things.say(row)
            found.setdefault(aggregate, {}).setdefault(key, set()).add(self.ref(row.subject))
        return [
            {"aggregate": name, **{key: sorted(refs) for key, refs in sorted(found[name].items())}}
            for name in sorted(found)
        ]

    def ref(self, entity: str) -> str:
        """Return the bom-ref of a thing, also of one that is not described."""
        return self.refs.get(entity) or f"{OWN}{entity}"


def _tidy(body: _Body) -> _Body:
    """Return an object without properties where it has none."""
    if not body["properties"]:
        del body["properties"]
    return body


def _tells_id(body: _Body, entity: str) -> bool:
    """Tell whether the reader finds the id of a thing without a property."""
    return body.get("bom-ref") == f"{OWN}{entity}" or ("purl" in body and entity == f"{PURL}{body['purl']}")


def _sayable_part(row: Row) -> bool:
    codes = load_codes()
    plain = row.low == row.high and (row.low is None or (row.low.isdigit() and row.unit == "items"))
    return (
        plain
        and row.pairs.get("strength", "required") in codes.strengths
        and not {"need", "at_least"} & row.pairs.keys()
    )


def _refs(things: Things) -> dict[str, str]:
    """Return a bom-ref for each thing: what its document called it, its purl, or its id; no two are alike."""
    wanted = {entity: _wanted(thing) for entity, thing in things.held.items()}
    often = Counter(wanted.values())
    return {entity: ref if ref and often[ref] == 1 else f"{OWN}{entity}" for entity, ref in wanted.items()}


def _wanted(thing: Thing) -> str | None:
    told = {row.pairs.get("ref") for row in thing.wholes}
    if len(told) == 1 and (ref := told.pop()):
        return ref
    return thing.id.removeprefix(PURL) if thing.id.startswith(PURL) else None
