"""Dependencies between the things of a document, and how complete its lists are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from isthmus.sources.cyclonedx.codes import load_codes
from isthmus.sources.cyclonedx.index import Bom
from isthmus.sources.cyclonedx.record import Fact
from isthmus.sources.cyclonedx.values import listed

IMPLEMENTS = "implements"
"""What a thing does with another that it provides: a specification or a cryptographic algorithm (1.6)."""


def read_dependencies(bom: Bom) -> Iterator[Fact]:
    """Yield the needs that the dependencies of the document state."""
    given = bom.document.body.get("dependencies")
    if given is not None and not isinstance(given, list):
        bom.refuse(bom.next_line(), "/dependencies", "the dependencies are not a list")
        return
    seen: set[tuple[str, str, str]] = set()
    for number, body in enumerate(given or ()):
        line, pointer = bom.next_line(), f"/dependencies/{number}"
        ref = body.get("ref") if isinstance(body, dict) else None
        if not isinstance(ref, str) or not ref:
            bom.refuse(line, pointer, "the dependency has no ref")
            continue
        subject = bom.entity_of(ref)
        for key in ("dependsOn", "provides"):
            for at, target in enumerate(listed(body.get(key))):
                yield from _need(bom, line, (ref, subject), target, f"{pointer}/{key}/{at}", key, seen)
        for key in body.keys() - {"ref", "dependsOn", "provides"}:
            bom.log.leave(f"dependency field {key[:60]}: no predicate")


def _need(
    bom: Bom, line: int, whose: tuple[str, str], target: Any, pointer: str, key: str, seen: set[tuple[str, str, str]]
) -> Iterator[Fact]:
    ref, subject = whose
    if not isinstance(target, str) or not target:
        bom.refuse(line, pointer, "the reference is no text")
        return
    needed = bom.entity_of(target)
    if needed == subject:
        bom.log.note("things that depend on themselves; no claim", bom.place(pointer, target))
        return
    if bom.excludes(target):
        bom.log.leave("dependencies on components of the scope excluded: no dependence")
        return
    if (known := (key, subject, needed)) in seen:
        bom.log.leave("dependencies that are stated twice")
        return
    seen.add(known)
    pairs = [f"function={IMPLEMENTS}"] if key == "provides" else []
    item = bom.known.get(target)
    scope = item.body.get("scope") if item is not None else None
    if isinstance(scope, str) and (strength := load_codes().scopes.get(scope)):
        pairs.append(f"strength={strength}")
    yield Fact(line, ref, pointer, subject, "uses", needed, qualifiers="; ".join(pairs) or None)


def read_mentions(bom: Bom) -> Iterator[Fact]:
    """Yield the parts that lists only name (2.0)."""
    for one in bom.mentions:
        part, item = bom.entity_of(one.ref), bom.known.get(one.ref)
        if part == one.parent:
            bom.log.note("things that are named as a part of themselves; no claim", bom.place(one.pointer, one.ref))
            continue
        predicate = "uses" if item is not None and item.sort == "service" else "contains"
        need = f"need={one.need}" if one.need else None
        yield Fact(one.line, one.ref, one.pointer, one.parent, predicate, part, qualifiers=need)


def read_compositions(bom: Bom) -> Iterator[Fact]:
    """Yield how complete the lists of the document are."""
    codes = load_codes()
    for number, body in enumerate(listed(bom.document.body.get("compositions"))):
        line, pointer = bom.next_line(), f"/compositions/{number}"
        aggregate = body.get("aggregate") if isinstance(body, dict) else None
        # The draft of 2.0 writes the same words with hyphens.
        word = aggregate.replace("-", "_") if isinstance(aggregate, str) and bom.document.draft else aggregate
        value = codes.aggregates.get(word) if isinstance(word, str) else None
        if value is None:
            known = ", ".join(codes.aggregates)
            bom.refuse(line, f"{pointer}/aggregate", f"the aggregate “{str(aggregate)[:60]}” is none of {known}")
            continue
        named = False
        for key, scope in _composed(bom, body).items():
            for at, one in enumerate(listed(body.get(key))):
                named = True
                ref = one.get("ref") if isinstance(one, dict) else one
                place = f"{pointer}/{key}/{at}"
                if not isinstance(ref, str) or not ref:
                    bom.refuse(line, place, "the reference is no text")
                elif ref in bom.others and ref not in bom.known:
                    bom.log.leave("compositions of vulnerabilities: no claim")
                else:
                    yield Fact(
                        line, ref, place, bom.entity_of(ref), "completeness", value=value,
                        qualifiers=f"reading={aggregate}; scope={scope}",
                    )  # fmt: skip
        if body.get("vulnerabilities"):
            named = True
            bom.log.leave("compositions of vulnerabilities: no claim", len(listed(body["vulnerabilities"])))
        if not named:
            bom.log.note("compositions that name nothing; no claim", bom.place(pointer))
        for key in body.keys() - {*_composed(bom, body), "kind", "aggregate", "bom-ref", "vulnerabilities"}:
            bom.log.leave(f"composition field {key[:60]}: no predicate")


def _composed(bom: Bom, body: dict[str, Any]) -> dict[str, str]:
    """Return the lists of a composition that name things, and of which of their lists it speaks."""
    codes = load_codes()
    if not bom.document.draft or "kind" not in body:
        return dict(codes.composed)
    kind = body["kind"]
    scope = codes.draft.kinds.get(kind) if isinstance(kind, str) else None
    return {"targets": scope} if scope else {}


def count_vulnerabilities(bom: Bom) -> int:
    """Count what is said of vulnerabilities; no claim is made of it. Return how many there are."""
    found = [flaw for flaw in listed(bom.document.body.get("vulnerabilities")) if isinstance(flaw, dict)]
    for flaw in found:
        analysis = flaw.get("analysis")
        state = analysis.get("state") if isinstance(analysis, dict) else None
        words = f", analysis {str(state)[:40]}" if state else ""
        bom.log.leave(f"vulnerabilities{words}: no vocabulary of vulnerabilities")
    return len(found)
