"""Templates: texts with names in braces."""

from __future__ import annotations

from isthmus.sources.documents import Node
from isthmus.sources.mapping.parts import Hole, Template

_HINT = "Write {Column Name}, and a brace that is meant as a brace twice: {{ or }}."


def read_template(node: Node, what: str) -> Template:
    """Read a template; refuse a lone brace and an empty name."""
    text = node.words(what)
    parts: list[str | Hole] = []
    plain, at = "", 0
    while at < len(text):
        two, one = text[at : at + 2], text[at]
        if two in ("{{", "}}"):
            plain += one
            at += 2
        elif one == "{":
            end = text.find("}", at)
            name = text[at + 1 : end] if end > 0 else ""
            if not name.strip() or "{" in name:
                node.fail(f"{what} “{text}” has a brace that opens no name.", _HINT)
            if plain:
                parts.append(plain)
            parts.append(Hole(name.strip()))
            plain, at = "", end + 1
        elif one == "}":
            node.fail(f"{what} “{text}” has a brace that closes no name.", _HINT)
        else:
            plain += one
            at += 1
    if plain:
        parts.append(plain)
    return Template(tuple(parts), node.where)


def constant(text: str, where: str) -> Template:
    """Return the template that is just `text`."""
    return Template((text,), where)


def hole(name: str, where: str) -> Template:
    """Return the template ``{name}``."""
    return Template((Hole(name),), where)
