"""Write the reference page of the vocabulary from its YAML. Run it as ``scripts/docs``."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from made import cell, write_page

from isthmus.vocabulary import Kind, Predicate, Qualifier, Vocabulary, load_vocabulary

PAGE = Path(__file__).parent / "reference" / "vocabulary.md"

_HEAD = """# Vocabulary

<!-- Made by scripts/docs from isthmus/vocabulary/*.yaml. Change the YAML and run scripts/docs. -->

What a claim may say. `isthmus vocabulary` prints the same in the terminal, and `isthmus vocabulary TERM` explains one term.

Version `{version}`: {kinds} kinds, {predicates} predicates, {qualifiers} qualifiers, {units} units. The version is part of the content hash
of every picture.

[Kinds](#kinds) · [Predicates](#predicates) · [Qualifiers](#qualifiers) · [Units](#units) · [Modes and stances](#modes-and-stances)
"""

_PREDICATES = """
## Predicates

A predicate says which kinds its subject and object may have, which value, number and qualifiers it takes, and which
claims cannot both hold. Narrower kinds are included. A claim whose ends are of another kind is held all the same, because two files
may each know a part; `isthmus check` counts such misfits. All predicates also allow the qualifiers {common}.

*A lone date* is the start of the relation or the act (`start`), a day on which it was seen to hold (`at`), or the span that
the claim is about (`span`). The *conflict* rules are explained in
[Conflicts and gaps](../explanation/conflicts-and-gaps.md#how-conflicts-are-found); after the rule stand the parts that make
claims different.
"""

_VALUES = {"text": "any text", "kinds": "a [kind](#kinds)"}
_DATES = {"start": "the start", "at": "seen to hold on that date", "span": "the span"}


def render(vocabulary: Vocabulary) -> str:
    """Return the page."""
    units = sum(len(members) for members in vocabulary.units.values())
    head = _HEAD.format(
        version=vocabulary.version,
        kinds=len(vocabulary.kinds),
        predicates=len(vocabulary.predicates),
        qualifiers=len(vocabulary.qualifiers),
        units=units,
    )
    common = ", ".join(f"`{name}`" for name in vocabulary.common)
    parts = [
        head,
        _kinds(vocabulary.kinds.values()),
        _PREDICATES.format(common=common),
        *_groups(vocabulary),
        _qualifiers(vocabulary.qualifiers.values()),
        _units(vocabulary),
        _modes(vocabulary),
    ]
    return "\n".join(part.strip("\n") + "\n" for part in parts)


def _kinds(kinds: Iterable[Kind]) -> str:
    lines = ["## Kinds", "", "A kind says what a thing is. An entity may have several.", ""]
    lines += ["| kind | broader | meaning | in public standards |", "|---|---|---|---|"]
    for kind in kinds:
        broader = f"`{kind.broader}`" if kind.broader else ""
        lines.append(f"| `{kind.name}` | {broader} | {cell(kind.means)} | {_maps(kind.maps.items())} |")
    return "\n".join(lines)


def _groups(vocabulary: Vocabulary) -> Iterator[str]:
    for group in dict.fromkeys(predicate.group for predicate in vocabulary.predicates.values()):
        yield f"### Group: {group}"
        for predicate in vocabulary.predicates.values():
            if predicate.group == group:
                yield _predicate(predicate, vocabulary)


def _predicate(predicate: Predicate, vocabulary: Vocabulary) -> str:
    inverse = f" Inverse: *{predicate.inverse}*." if predicate.inverse else ""
    lines = [f"#### `{predicate.name}`", "", f"{predicate.means[0].upper()}{predicate.means[1:]}.{inverse}", ""]
    lines.append(f"- sentence: {predicate.sentence}")
    if predicate.flags:
        lines.append(f"- the relation is {' and '.join(sorted(predicate.flags))}")
    lines.append(f"- subject: {_names(predicate.subject)}")
    if predicate.object:
        lines.append(f"- object: {_names(predicate.object)}")
    if predicate.value:
        closed = _names(predicate.value) if isinstance(predicate.value, tuple) else _VALUES[predicate.value]
        lines.append(f"- value: {closed}")
    if predicate.families:
        shown = "; ".join(f"[{family}](#units)" for family in predicate.families)
        lines.append(f"- number in: {shown}")
    if predicate.need:
        lines.append(f"- needs: {_names(predicate.need)}")
    if predicate.qualifiers:
        lines.append(f"- qualifiers: {_names(predicate.qualifiers)}")
    lines.append(f"- a lone date: {_DATES[predicate.date]}")
    key = f"; told apart by {_names(predicate.conflict.key)}" if predicate.conflict.key else ""
    lines.append(f"- conflict: `{predicate.conflict.rule}`{key}")
    if predicate.maps:
        lines.append(f"- in public standards: {_maps(predicate.maps.items())}")
    return "\n".join(lines)


def _qualifiers(qualifiers: Iterable[Qualifier]) -> str:
    lines = ["## Qualifiers", "", "Details of one claim, written `key=value; key=@entity`.", ""]
    lines += ["| qualifier | type | meaning | values |", "|---|---|---|---|"]
    for body in qualifiers:
        values = _names(body.values) + (" and others" if body.open and body.values else "")
        kind = body.type.replace("_", " ")
        lines.append(f"| `{body.name}` | {kind} | {cell(body.means)} | {values} |")
    return "\n".join(lines)


def _units(vocabulary: Vocabulary) -> str:
    lines = ["## Units", "", "A predicate names families of units. Unlike units never add.", ""]
    lines += ["| family | units |", "|---|---|"]
    lines += [f"| {family} | {_names(members)} |" for family, members in vocabulary.units.items()]
    return "\n".join(lines)


def _modes(vocabulary: Vocabulary) -> str:
    return (
        "## Modes and stances\n\n"
        f"Mode: {_names(vocabulary.modes)}. Stance: {_names(vocabulary.stances)}. What they mean: "
        "[Write claims by hand](../how-to/write-claims.md)."
    )


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _maps(maps: Iterable[tuple[str, str]]) -> str:
    return "; ".join(f"{standard} {cell(term)}" for standard, term in maps)


if __name__ == "__main__":
    sys.exit(write_page(PAGE, render(load_vocabulary()), sys.argv[1:]))
