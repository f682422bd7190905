"""The what-if bench: scenarios kept in an address or sent as text, asked of an open picture, and written as files.

A change is held as one line of YAML, as it stands in a scenario file: an address that holds it can be read, and the file that is written
from it runs on the command line to the same answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import yaml

from isthmus.errors import ArgumentError, InputError
from isthmus.picture import Picture
from isthmus.picture import Request as PictureRequest
from isthmus.scenarios.causes import Effect
from isthmus.scenarios.compare import compare
from isthmus.scenarios.document import parse_documents
from isthmus.scenarios.reading import parse_scenarios
from isthmus.scenarios.run import LIMIT
from isthmus.scenarios.run import suppose as run
from isthmus.scenarios.scenario import Change, Scenario
from isthmus.scenarios.words import change_words
from isthmus.service.bench_forms import one_line
from isthmus.service.desk import Desk
from isthmus.service.supposing import example, list_examples
from isthmus.sources.documents import Node

NAME = "what-if"
MOST = 60
"""So many changes are kept on the bench; a file may hold more."""
BESIDE = 4
"""So many scenarios are compared at once."""
_HEAD = ("title", "whose", "note", "horizon")


@dataclass(frozen=True, slots=True)
class Bench:
    """A scenario as the bench holds it.

    Attributes
    ----------
    name : str
        Its id.
    changes : tuple of str
        Each one line of YAML.
    ask : tuple of str
    head : tuple of (str, str)
        Title, whose it is, note and horizon, as far as they are said.
    baseline : tuple of (str, object)
        Of which picture it is asked, as far as it is said.
    """

    name: str = NAME
    changes: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()
    head: tuple[tuple[str, str], ...] = ()
    baseline: tuple[tuple[str, Any], ...] = ()

    def query(self) -> dict[str, Any]:
        """Return it as parts of an address; the baseline's day and sources are parts of every address of their own."""
        found: dict[str, Any] = {"change": list(self.changes), "ask": list(self.ask), **dict(self.head)}
        found |= {"strength": dict(self.baseline).get("strength")}
        found |= {"name": self.name if self.name != NAME else None}
        return {key: value for key, value in found.items() if value}

    def frame(self) -> dict[str, Any]:
        """Return what it says of the picture, as parts of an address."""
        return {key: value for key, value in self.baseline if key != "strength"}

    def document(self) -> dict[str, Any]:
        """Return it as the mapping that a scenario file holds."""
        body: dict[str, Any] = {"scenario": self.name, **dict(self.head)}
        if self.baseline:
            body["baseline"] = dict(self.baseline)
        body["changes"] = [_loaded(line) for line in self.changes]
        if self.ask:
            body["ask"] = list(self.ask)
        return body

    def text(self) -> str:
        """Return the scenario file."""
        return yaml.safe_dump(self.document(), sort_keys=False, allow_unicode=True, width=110)

    def line(self) -> str:
        """Return the whole of it on one line, to be kept beside another in an address."""
        return one_line(self.document())

    def scenario(self) -> Scenario:
        """Return it read and checked.

        Raises
        ------
        FormatError
            A change is not as changes are written.
        """
        return parse_scenarios(self.text(), self.name)[0]


def bench_of(
    changes: Sequence[str],
    *,
    name: str | None = None,
    ask: Sequence[str] = (),
    head: Mapping[str, str | None] | None = None,
    request: PictureRequest | None = None,
    strength: str | None = None,
) -> Bench:
    """Return the bench that an address holds, on the picture that it names.

    Raises
    ------
    ArgumentError
        There are too many changes.
    """
    if len(changes) > MOST:
        raise ArgumentError(
            f"{len(changes):,} changes are more than the {MOST} that the bench holds.",
            where="change",
            hint="Write a scenario file, and run it with `isthmus suppose FILE`.",
        )
    wanted = request or PictureRequest()
    baseline: dict[str, Any] = {"as_of": wanted.as_of, "known_at": wanted.known_at, "without": list(wanted.without)}
    baseline["strength"] = strength
    said = {key: " ".join(value.split()) for key, value in (head or {}).items() if value and value.strip()}
    return Bench(
        name=(name or "").strip() or NAME,
        changes=tuple(line.strip() for line in changes if line.strip()),
        ask=tuple(one for one in ask if one.strip()),
        head=tuple((key, said[key]) for key in _HEAD if key in said),
        baseline=tuple((key, value) for key, value in baseline.items() if value),
    )


def benches_of(text: str, name: str) -> list[Bench]:
    """Return the scenarios of a file as the bench holds them; whatever is wrong in it is told with its line.

    Raises
    ------
    FormatError
    """
    parse_scenarios(text, name)
    found = []
    for document in parse_documents(text, name):
        several = dict(document.pairs or ()).get("scenarios")
        for node in several.listed("scenarios") if several is not None else (document,):
            found.append(_bench(dict(node.pairs or ())))
    return found


def _bench(keys: Mapping[str, Node]) -> Bench:
    baseline = dict(keys["baseline"].pairs or ()) if "baseline" in keys else {}
    told = {key: _plain(node) for key, node in baseline.items()}
    if "without" in told and not isinstance(told["without"], list):
        told["without"] = [told["without"]]
    return Bench(
        name=keys["scenario"].words("scenario"),
        changes=tuple(one_line(_plain(item)) for item in keys["changes"].listed("changes")),
        ask=tuple(item.words("ask") for item in keys["ask"].listed("ask")) if "ask" in keys else (),
        head=tuple((key, " ".join(keys[key].words(key).split())) for key in _HEAD if key in keys),
        baseline=tuple(told.items()),
    )


def _plain(node: Node) -> Any:
    if node.pairs is not None:
        return {key: _plain(value) for key, value in node.pairs}
    return [_plain(item) for item in node.items] if node.items is not None else node.text


def _loaded(line: str) -> Any:
    """Return what a line of an address says; one that is no YAML stays a text, which is refused where it is read."""
    try:
        documents = parse_documents(line, "change")
    except InputError:
        return line
    return _plain(documents[0]) if len(documents) == 1 else line


def told_changes(picture: Picture, bench: Bench) -> list[dict[str, Any]]:
    """Return each change in words, with what is wrong with it: a name that is not there is told where it stands.

    Returns
    -------
    list of dict
        ``{"line", "words", "kind", "fault"}``; `fault` is ``{"message", "hint", "candidates"}`` or None.
    """
    found = []
    for line in bench.changes:
        body: dict[str, Any] = {"line": line, "words": line, "kind": None, "fault": None}
        try:
            change = replace(bench, changes=(line,)).scenario().changes[0]
            body["kind"] = change.kind
            body |= _in_words(picture, change)
        except InputError as error:
            body["fault"] = {"message": error.message, "hint": error.hint, "candidates": []}
        found.append(body)
    return found


def _in_words(picture: Picture, change: Change) -> dict[str, Any]:
    entities: dict[str, dict[str, Any]] = {}
    fault: dict[str, Any] | None = None
    for role, text in change.names.items():
        try:
            entity = picture.resolve(text)
            entities[role] = {"entity": entity.id, "caption": entity.caption}
        except InputError as error:
            entities[role] = {"entity": None, "caption": text}
            # Who adds capacity may be somebody whom nobody knows yet.
            if not (change.kind == "add_capacity" and role == "by"):
                near = [{"entity": one, "caption": caption} for one, caption in getattr(error, "candidates", ())]
                fault = fault or {"message": error.message, "hint": error.hint, "candidates": near[:5]}
    words = change_words(Effect(change, 0, entities))
    return {"words": f"{change.name}: {words}" if change.name else words, "fault": fault}


def suppose_text(
    desk: Desk,
    request: PictureRequest,
    texts: Sequence[tuple[str, str]],
    *,
    strength: str | None = None,
    why: bool = False,
    limit: int = LIMIT,
) -> dict[str, Any]:
    """Return what becomes of things under the scenarios of some texts; of several, side by side. The picture is only read.

    Parameters
    ----------
    request : Request
        What it says of the baseline goes before what a scenario says; a reader's marking always holds.
    texts : sequence of (str, str)
        Each the name and the text of a scenario file.

    Raises
    ------
    ArgumentError, FormatError, UnknownEntityError, AmbiguousEntityError
    """
    scenarios = [scenario for name, text in texts for scenario in parse_scenarios(text, name)]
    names = [scenario.id for scenario in scenarios]
    twice = next((scenario for scenario in scenarios if names.count(scenario.id) > 1), None)
    if twice:
        raise ArgumentError(f"two scenarios are called “{twice.id}”.", where=twice.where, hint="Rename one.")
    if len(scenarios) > BESIDE:
        raise ArgumentError(
            f"{len(scenarios):,} scenarios are more than the {BESIDE} that are compared at once here.",
            hint="`isthmus suppose FILE…` compares as many as you like.",
        )
    findings = []
    for scenario in scenarios:
        base = scenario.baseline
        wanted = replace(
            request,
            as_of=request.as_of or base.as_of,
            known_at=request.known_at or base.known_at,
            without=request.without or base.without,
        )
        findings.append(desk.read(wanted, run, scenario, strength=strength, why=why, limit=limit))
    return (findings[0] if len(findings) == 1 else compare(findings)).to_json()


def examples() -> list[dict[str, Any]]:
    """Return the scenarios that come with the package, each with its text."""
    return [{**one, "text": example(one["name"])["text"]} for one in list_examples()]
