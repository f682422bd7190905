"""Ask the picture."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from isthmus import service
from isthmus.cli.call import Call
from isthmus.cli.verbs.evidence import request
from isthmus.cli.verbs.picture_file import existing
from isthmus.errors import ArgumentError

CHANGES = 200
"""How many changes of each list are asked for where nobody says."""


def find(call: Call) -> dict[str, Any]:
    """Search names and titles."""
    return service.find(existing(call), call.values["text"], limit=call.values["limit"])


def show(call: Call) -> dict[str, Any]:
    """Show one entity."""
    return service.show(existing(call), call.values["entity"], request(call))


def ask(call: Call) -> dict[str, Any]:
    """Ask a lens."""
    values = call.values
    question: dict[str, Any] = {"why": call.verb == "why" or values["why"]}
    if call.lens == "tally":
        question |= {key: values[key] for key in ("measure", "within", "of", "by", "where")}
    else:
        question |= {"of": values["entity"], "predicates": values["predicates"]}
    if call.lens == "relations":
        question["depth"] = values["depth"]
    if values["modes"]:
        question["modes"] = values["modes"]
    return service.ask(existing(call), call.lens, question, request(call))


def ask_control(call: Call) -> dict[str, Any]:
    """Ask who controls what; draw the chain where a file is named."""
    values = call.values
    keys = ("of", "by", "ultimate", "state", "profiles", "quota")
    question: dict[str, Any] = {key: values[key] for key in keys}
    question["why"] = call.verb == "why" or values["why"]
    if values["svg"] and not (values["of"] or values["by"]):
        raise ArgumentError("an overview has no chain to draw.", where="--svg", hint="Add --of or --by.")
    found = service.ask(existing(call), call.lens, question, request(call))
    if values["svg"]:
        service.draw_chain(found, Path(values["svg"]))
    return found


def ask_points(call: Call) -> dict[str, Any]:
    """Ask by which channels a thing can be directed."""
    why = call.verb == "why" or call.values["why"]
    return service.ask(existing(call), call.lens, {"of": call.values["entity"], "why": why}, request(call))


def ask_concentration(call: Call) -> dict[str, Any]:
    """Ask who supplies a thing with which share, and whose that is; draw the heat map where a file is named."""
    values = call.values
    if values["by"] and not values["svg"]:
        raise ArgumentError(
            "--by says what is drawn.", where="--by", hint="Add --svg FILE; the table has all four ways."
        )
    question = {"need": values["need"], "why": call.verb == "why" or values["why"]}
    found = service.ask(existing(call), call.lens, question, request(call))
    if values["svg"]:
        service.draw_heat_map(found, Path(values["svg"]), values["by"])
    return found


def ask_chokepoints(call: Call) -> dict[str, Any]:
    """Ask whose failure fails a thing, or takes most along."""
    return _ask_needs(call, "of", "pairs", "semantics", "strength", "limit")


def ask_dependence(call: Call) -> dict[str, Any]:
    """Ask what a thing depends on, tier by tier; draw the tree where a file is named."""
    target = call.values["svg"]
    # Only the drawing marks what fails the thing alone: to work that out takes longer than all else here.
    found = _ask_needs(call, "of", "depth", "strength", **({"alone": True} if target else {}))
    if target:
        service.draw_dependence(found, Path(target))
    return found


def ask_where_used(call: Call) -> dict[str, Any]:
    """Ask which things hold or need a thing."""
    return _ask_needs(call, "of", "strength")


def ask_exposure(call: Call) -> dict[str, Any]:
    """Ask by how much a thing depends on what an actor controls."""
    return _ask_needs(call, "of", "to", "profile", "strength")


def _ask_needs(call: Call, *keys: str, **more: Any) -> dict[str, Any]:
    question = {key: call.values[key] for key in keys} | more
    question["why"] = call.verb == "why" or call.values["why"]
    return service.ask(existing(call), call.lens, question, request(call))


def diff(call: Call) -> dict[str, Any]:
    """Compare two dates."""
    values = call.values
    return service.difference(
        existing(call),
        valid=_pair(call, "--from", "valid_from", "--to", "valid_to"),
        known=_pair(call, "--known-from", "known_from", "--known-to", "known_to"),
        without=values["without"],
        limit=values["limit"] or CHANGES,
    )


def _pair(call: Call, first: str, first_key: str, last: str, last_key: str) -> tuple[str, str] | None:
    earlier, later = call.values[first_key], call.values[last_key]
    if (earlier is None) != (later is None):
        given, missing = (first, last) if later is None else (last, first)
        raise ArgumentError(f"{given} is given without {missing}.", where=call.path, hint=f"Give {missing} too.")
    return (earlier, later) if earlier is not None else None


def vocabulary(call: Call) -> dict[str, Any]:
    """Explain the vocabulary."""
    return service.explain(call.values["term"])
