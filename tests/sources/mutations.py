"""Documents with one thing or several changed at random: values of any type in any place, and bytes cut, doubled, swapped or spoilt."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, 10**20, "", " ", "x", "@a; b=c", "\u0000", "\ud7ff", "é" * 300, [], [[]], [None], ["x"], {}, {"a": 1},
    {"ref": "x"}, [{"name": 3}], {"name": ["x"]}, {"id": {}}, "2024-02-31", "1e400", "pkg:npm/%", "urn:cdx:x/1#y", "iso:XX",
)  # fmt: skip
_SPOILT = (
    b"\x00",
    b"\xff",
    b"\xef\xbb\xbf",
    b"<",
    b"{",
    b'"',
    b"\n\n",
    b"\\",
    b"&x;",
    b"]]>",
    b"\r",
    b"\t",
    b",",
    b";",
    b":",
)


def places(body: Any) -> list[tuple[Any, Any]]:
    """Return each list and object of a document with each of its keys."""
    found: list[tuple[Any, Any]] = []
    stack = [body]
    while stack:
        held = stack.pop()
        keys = list(held) if isinstance(held, dict) else list(range(len(held)))
        found += [(held, key) for key in keys]
        stack += [held[key] for key in keys if isinstance(held[key], (dict, list))]
    return found


def change_tree(body: Any, chance: random.Random) -> Any:
    """Return a copy of a document with one to four nodes replaced, taken out, doubled, moved, wrapped or renamed."""
    body = copy.deepcopy(body)
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        found = places(body)
        if not found:
            return body
        held, key = chance.choice(found)
        _CHANGES[chance.randrange(len(_CHANGES))](held, key, found, chance)
    return body


def _replace(held: Any, key: Any, _: list[tuple[Any, Any]], chance: random.Random) -> None:
    held[key] = copy.deepcopy(chance.choice(ODD))


def _take_out(held: Any, key: Any, _: list[tuple[Any, Any]], chance: random.Random) -> None:
    del held[key]


def _double(held: Any, key: Any, _: list[tuple[Any, Any]], chance: random.Random) -> None:
    if isinstance(held, list):
        held.insert(chance.randrange(len(held) + 1), copy.deepcopy(held[key]))
    else:
        held[f"{key}x"] = copy.deepcopy(held[key])


def _move(held: Any, key: Any, found: list[tuple[Any, Any]], chance: random.Random) -> None:
    other, name = chance.choice(found)
    held[key] = copy.deepcopy(other[name])


def _wrap(held: Any, key: Any, _: list[tuple[Any, Any]], chance: random.Random) -> None:
    inner = held[key]
    held[key] = [inner] if chance.random() < 0.5 else {chance.choice(("name", "ref", "type", "id", "value")): inner}


def _rename(held: Any, key: Any, found: list[tuple[Any, Any]], chance: random.Random) -> None:
    names = [name for _, name in found if isinstance(name, str)]
    if isinstance(held, dict) and names:
        held[chance.choice(names)] = held.pop(key)


_CHANGES: tuple[Callable[[Any, Any, list[tuple[Any, Any]], random.Random], None], ...] = (
    _replace, _replace, _replace, _take_out, _double, _move, _wrap, _rename,
)  # fmt: skip


def change_bytes(text: bytes, chance: random.Random) -> bytes:
    """Return a text with one to three pieces cut off, taken out, doubled, moved or spoilt."""
    for _ in range(chance.choice((1, 1, 2, 3))):
        size = len(text)
        if size < 2:
            return text
        start = chance.randrange(size)
        end = min(size, start + chance.choice((1, 2, 8, 40, 200)))
        match chance.randrange(6):
            case 0:
                text = text[:start]
            case 1:
                text = text[:start] + text[end:]
            case 2:
                text = text[:end] + text[start:]
            case 3:
                text = text[:start] + chance.choice(_SPOILT) + text[start:]
            case 4:
                text = text[:start] + bytes([chance.randrange(256)]) + text[start + 1 :]
            case _:
                other = chance.randrange(size)
                text = text[:other] + text[start:end] + text[other:]
    return text


def change_json(text: bytes, chance: random.Random) -> bytes:
    """Return a JSON document with its tree changed, or, one time in four, its bytes."""
    if chance.random() < 0.25:
        return change_bytes(text, chance)
    return json.dumps(change_tree(json.loads(text), chance), ensure_ascii=chance.random() < 0.5).encode(
        "utf-8", "replace"
    )


def change_xml(text: bytes, chance: random.Random) -> bytes:
    """Return an XML document with its elements changed, or, one time in four, its bytes."""
    if chance.random() < 0.25:
        return change_bytes(text, chance)
    root = ElementTree.fromstring(text)
    for _ in range(chance.choice((1, 1, 2, 4))):
        parents = [node for node in root.iter() if len(node)]
        holder = chance.choice(parents)
        child = holder[chance.randrange(len(holder))]
        match chance.randrange(7):
            case 0:
                child.tag = chance.choice([node.tag for node in root.iter()])
            case 1:
                holder.remove(child)
            case 2:
                holder.insert(chance.randrange(len(holder) + 1), copy.deepcopy(child))
            case 3:
                chance.choice(parents).append(copy.deepcopy(child))
            case 4:
                child.text = str(chance.choice(ODD)).replace("\0", "")
            case 5:
                child.set(
                    chance.choice(("bom-ref", "ref", "type", "name", "alg", "flow", "new")),
                    chance.choice(("", "x", "@a;", "é")),
                )
            case _:
                child.attrib.clear()
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=chance.random() < 0.5)
    return written
