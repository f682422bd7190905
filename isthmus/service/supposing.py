"""Ask scenarios of a picture, and give out the examples that come with the package."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from isthmus.errors import ArgumentError
from isthmus.picture import Request
from isthmus.scenarios.compare import compare
from isthmus.scenarios.reading import parse_scenarios, read_scenarios
from isthmus.scenarios.run import LIMIT
from isthmus.scenarios.run import suppose as run
from isthmus.scenarios.scenario import Baseline, Scenario
from isthmus.service.finding import opened


def suppose(
    path: Path,
    scenarios: Sequence[Path],
    request: Request | None = None,
    *,
    strength: str | None = None,
    why: bool = False,
    limit: int = LIMIT,
) -> dict[str, Any]:
    """Return what becomes of things under scenarios, JSON-ready; of several scenarios, side by side. The picture is only read.

    Parameters
    ----------
    scenarios : sequence of Path
        Files, each with one scenario or more.
    request : Request or None
        What it says of the baseline goes before what a scenario says.
    strength, why, limit
        See `isthmus.scenarios.run.suppose`.

    Raises
    ------
    ArgumentError, FormatError, UnknownEntityError, AmbiguousEntityError
        A file cannot be read, says something wrong, or names what is not there; nothing is answered then.
    """
    found = [scenario for name in scenarios for scenario in read_scenarios(name)]
    if not found:
        raise ArgumentError("no scenario is given.", hint="`isthmus suppose --list` names the examples.")
    names = [scenario.id for scenario in found]
    twice = next((scenario for scenario in found if names.count(scenario.id) > 1), None)
    if twice:
        raise ArgumentError(f"two scenarios are called “{twice.id}”.", where=twice.where, hint="Rename one.")
    findings = []
    for scenario in found:
        with opened(path, _asked(scenario.baseline, request or Request())) as picture:
            findings.append(run(picture, scenario, strength=strength, why=why, limit=limit))
    return (findings[0] if len(findings) == 1 else compare(findings)).to_json()


def _asked(baseline: Baseline, request: Request) -> Request:
    """Return the request with what it leaves open filled in from the scenario."""
    return replace(
        request,
        as_of=request.as_of or baseline.as_of,
        known_at=request.known_at or baseline.known_at,
        without=request.without or baseline.without,
    )


def list_examples() -> list[dict[str, Any]]:
    """Return the scenarios that come with the package: name, title, note."""
    return [_described(name) for name in _names()]


def _names() -> list[str]:
    """Return the names of the examples; beside them lies the evidence that some take."""
    names = (item.name for item in _folder().iterdir() if item.name.endswith(".yaml"))
    return sorted(name.removesuffix(".yaml") for name in names if not name.endswith(".source.yaml"))


def example(name: str, out: Path | None = None) -> dict[str, Any]:
    """Return a scenario that comes with the package, with its text; copy it, and what evidence comes with it, into a folder.

    Raises
    ------
    ArgumentError
        There is no such example or folder, or a file of that name stands there.
    """
    found = {**_described(name), "text": _text(name)}
    if out is None:
        return found
    if not out.is_dir():
        raise ArgumentError("there is no such folder.", where=str(out), hint="Make it, or give another with --out.")
    texts = {f"{found['name']}.yaml": found["text"]}
    for item in _folder().iterdir():
        # Evidence of an example is called as its name begins.
        evidence = not item.name.endswith(".yaml") or item.name.endswith(".source.yaml")
        if evidence and found["name"].startswith(item.name.partition(".")[0]):
            texts[item.name] = item.read_text("utf-8")
    taken = sorted(
        name for name, text in texts.items() if (out / name).exists() and (out / name).read_text("utf-8") != text
    )
    if taken:
        raise ArgumentError("a file of that name stands there.", where=str(out / taken[0]), hint="Give another --out.")
    for file, text in texts.items():
        (out / file).write_text(text, "utf-8")
    return {**found, "files": [str(out / file) for file in sorted(texts)]}


def _described(name: str) -> dict[str, Any]:
    (first, *_) = _parsed(name)
    return {"name": name.removesuffix(".yaml"), "title": first.title, "whose": first.whose, "note": first.note}


def _parsed(name: str) -> list[Scenario]:
    return parse_scenarios(_text(name), f"{name}.yaml")


def _text(name: str) -> str:
    known = _names()
    plain = name.removesuffix(".yaml")
    if plain not in known:
        raise ArgumentError(f"there is no example “{name}”.", where="--example", hint=f"Examples: {', '.join(known)}.")
    return _folder().joinpath(f"{plain}.yaml").read_text("utf-8")


def _folder() -> Traversable:
    return files("isthmus.data").joinpath("scenarios")
