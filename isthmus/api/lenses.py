"""The lenses over HTTP: one address each, with the lens's own arguments as parts of the query."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from isthmus.service.answers import find_lens
from isthmus.serving.asking import asked
from isthmus.serving.reply import Json, envelope, tag_of, tagged

ROUTER = APIRouter(tags=["lenses"])
LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a lens: its type, what it is without being given, and what it says."""

    kind: type
    default: Any
    says: str


def _text(says: str, default: Any = None) -> Argument:
    return Argument(str, default, says)


_OF = Argument(str, ..., "an entity by id, identifier (lei:…) or a name that only one thing has")
_WHY = Argument(bool, False, "add the claims that carry each answer, and the sources without which it falls")
_MODES = Argument(list, (), "actual, planned, agreed …; without it what the lens takes by itself")
_PREDICATES = Argument(list, (), "only these predicates")
_STRENGTH = _text("which needs count: required, recommended, optional, build or all", "required")
ARGUMENTS: Mapping[str, Mapping[str, Argument]] = {
    "relations": {
        "of": _OF,
        "depth": Argument(int, 1, "how many steps"),
        "predicates": _PREDICATES,
        "modes": _MODES,
    },
    "timeline": {"of": _OF, "predicates": _PREDICATES, "modes": _MODES},
    "tally": {
        "measure": Argument(str, ..., "what is counted: posts, contributions, amount …"),
        "within": _text("only within this entity"),
        "of": _text("only towards this entity"),
        "by": _text("by whom it is counted: subject, country …", "subject"),
        "where": Argument(list, (), "key=value, as the qualifiers of the claims"),
        "modes": Argument(list, ("actual",), "actual, planned, agreed …"),
    },
    "control": {
        "of": _text("who controls this"),
        "by": Argument(list, (), "what this controls; several hold together"),
        "ultimate": Argument(bool, False, "only those whom nobody controls"),
        "state": Argument(bool, False, "states and their bodies above the thing"),
        "profiles": Argument(list, (), "the tests of control; several stand side by side"),
        "quota": Argument(float, None, "the share that controls, in the place of the profile's"),
    },
    "points-of-control": {"of": _OF},
    "concentration": {"need": _text("a good, a stage, or a thing with needs; without it everything that is supplied")},
    "chokepoints": {
        "of": _text("the thing that must not fail; without it what takes most along"),
        "pairs": Argument(bool, False, "also pairs that fail it together"),
        "semantics": _text("operating or bootstrap", "operating"),
        "strength": _STRENGTH,
        "limit": Argument(int, 50, "at most so many answers"),
    },
    "dependence": {
        "of": _OF,
        "depth": Argument(int, 3, "how many tiers"),
        "strength": _STRENGTH,
        "alone": Argument(bool, False, "say of each thing whether it alone fails the one that is asked about"),
    },
    "exposure": {
        "of": _OF,
        "to": Argument(str, ..., "the actor: an entity by id, identifier or name"),
        "profile": _text("the test of control", "majority"),
        "strength": _STRENGTH,
    },
    "where-used": {"of": _OF, "strength": _text("which needs count", "all")},
}
"""What each lens may be asked, by the lens's own names; `why` is added to all."""


def question_of(lens: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of a lens from those of a request: what was not given is left to the lens."""
    found = {}
    for name, argument in ARGUMENTS[lens].items():
        value = given[name]
        if argument.kind is list:
            value = tuple(value)
        if value not in (None, ()) or argument.default is ...:
            found[name] = value
    found["why"] = given["why"]
    return found


def _route(lens: str) -> Callable[..., Response]:
    def answer(**given: Any) -> Response:
        http = given.pop("http")
        who = asked(http)
        ask = find_lens(lens)
        finding = who.desk.read(who.request, lambda picture: ask(picture, **question_of(lens, given)).to_json())
        return tagged(http, Json(envelope(who, finding)), tag_of(who, finding["picture"], str(http.url)))

    parameters = [inspect.Parameter("http", inspect.Parameter.KEYWORD_ONLY, annotation=Request)]
    for name, argument in {**ARGUMENTS[lens], "why": _WHY}.items():
        parameters.append(
            inspect.Parameter(
                name, inspect.Parameter.KEYWORD_ONLY, default=_default(argument), annotation=_annotation(argument)
            )
        )
    answer.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    answer.__name__ = f"ask_{lens.replace('-', '_')}"
    answer.__doc__ = "Return the finding of the lens: answers, gaps, conflicts, what it hangs on, claims and sources."
    return answer


def _default(argument: Argument) -> Any:
    if argument.default is ...:
        return inspect.Parameter.empty
    return list(argument.default) if argument.kind is list else argument.default


def _annotation(argument: Argument) -> Any:
    if argument.kind is list:
        return Annotated[
            list[Annotated[str, Query(max_length=LONGEST)]], Query(description=argument.says, max_length=50)
        ]
    if argument.kind is str:
        plain = str if argument.default is ... else str | None
        return Annotated[plain, Query(description=argument.says, min_length=1, max_length=LONGEST)]
    if argument.kind is int:
        return Annotated[int, Query(description=argument.says, ge=1, le=10_000)]
    if argument.kind is float:
        return Annotated[float | None, Query(description=argument.says, ge=0, le=1, allow_inf_nan=False)]
    return Annotated[bool, Query(description=argument.says)]


for _lens in ARGUMENTS:
    ROUTER.add_api_route(f"/ask/{_lens}", _route(_lens), methods=["GET"], summary=f"Ask the lens {_lens}")
