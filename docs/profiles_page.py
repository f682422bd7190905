"""Write the reference page of the profiles from their YAML files. Run it from the root: ``.venv/bin/python docs/profiles_page.py``."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from made import cell, write_page

from isthmus.control.profiles import Profile, shipped
from isthmus.control.rows import WHOLE

PAGE = Path(__file__).parent / "reference" / "profiles.md"

_HEAD = """# Profiles

<!-- Made by docs/profiles_page.py from isthmus/data/profiles/*.yaml. Change the YAML and make the page anew. -->

A profile is one rule of ownership or control, as data: what counts, how much is enough, and what each right comes to. It says whose rule it
is. A finding names its profile with the version. Two profiles may give two answers to one question, each right under its own rule.

`isthmus ask control --profile NAME` takes the name, with or without the version, or the path of a YAML file (its name ends in `.yaml` or
`.yml`). Several `--profile` stand side by side; without any, it is `{default}`. `--quota SHARE` puts another quota in the place of the
profile's, and the stake that can block is then the rest to 100 %.

The profiles that ship give the words of public rules as Isthmus reads them. They are no legal advice, and no list of countries or parties
is among them.

## Shipped

| profile | what it asks | arithmetic | met from | counted |
|---|---|---|---|---|
{rows}
"""

_FIELDS: Mapping[str, tuple[str, str]] = {
    "profile": ("must be there", "name and version: `my-rule/1`. Change the rule and change the version"),
    "title": ("must be there", "what it asks, one line"),
    "whose": ("must be there", "whose rule it is, with the text and its date, and who read it"),
    "arithmetic": ("must be there", "`control`, `multiply`, `control_is_100` or `aggregate`; see below"),
    "basis": (
        "must be there",
        "which stakes count, in order: `votingRights`, `shareholding`. The first that is said of a holder counts. `either`: the larger "
        "of both",
    ),
    "note": ("", "what a reader should know about the rule"),
    "test": ("", "the test in a few words, shown beside *met* and *not met*"),
    "quota": ("0.5", "control takes more than this share of 1"),
    "inclusive": ("no", "`yes`: the quota itself is enough"),
    "threshold": ("the quota", "of rules that ask for a share: beyond which share the test is met"),
    "from_threshold": ("no", "`yes`: the threshold itself is enough"),
    "disclose": ("none", "from which share on a holder is to be named"),
    "block": ("1 less the quota", "a stake of so much can block"),
    "nearness": ("0.01", "how far a share that its source calls approximate may lie from the number given"),
    "effects": (
        "none",
        "what evidence comes to that is no share: an effect for each predicate, or for each value of its qualifier (`interest`; `basis` of "
        '`subordinate_to`; `role` of `has_role_in`, `established` and `operates`). `""`: without the qualifier; `other`: any other value',
    ),
    "rights": ("none", "what a claim with the qualifier `right` comes to, by its value; it goes before the predicate"),
}

_ARITHMETICS = {
    "control": (
        "who commands more than the quota, alone or with what he commands; over chains, circles and joint holdings",
        "all five",
    ),
    "multiply": (
        "shares along a chain multiplied, chains added: the share that belongs to somebody in the end",
        "of the share: *controls* from more than half, *may control* where it may be more, *influences* where the test is met with less, "
        "else *cannot*; beside it *met*, *not met* or *perhaps*",
    ),
    "control_is_100": (
        "the same, but what a party commands under the quota counts as the party itself",
        "as `multiply`",
    ),
    "aggregate": (
        "what several listed parties, and what they so own, have together: those of `--by`, else those that a list in the picture "
        "designates on the day",
        "*controls* where the test is met, *may control* where it may be, else *cannot*",
    ),
}

_EFFECTS = """
How each is worked out: [Control](../explanation/control.md).

## The five effects

| effect | what it means |
|---|---|
| `controls` | a fact of control, as certain as its claim; with a `condition` it only may control |
| `may control` | control that is possible and not certain |
| `can block` | a decision cannot pass without it. It is not handed on as control |
| `influences` | a say that is no control, in the thing or in somebody who controls it; over one link |
| `none` | does not count |
"""


def render(profiles: Mapping[str, Profile]) -> str:
    """Return the page."""
    rows = "\n".join(_row(profile) for profile in profiles.values())
    parts = [
        _HEAD.format(rows=rows, default=next(name for name in profiles if name == "majority")),
        _fields(),
        _arithmetics(),
        _EFFECTS,
        "## Each profile",
        *(_profile(profile) for profile in profiles.values()),
    ]
    return "\n".join(part.strip("\n") + "\n" for part in parts)


def _row(profile: Profile) -> str:
    counted = (
        "votes or shares, whichever is more"
        if profile.either
        else ", then ".join(_BASES[name] for name in profile.basis)
    )
    name = profile.id.partition("/")[0]
    return f"| [`{name}`](#{_anchor(profile.id)}) | {cell(profile.title)} | `{profile.arithmetic}` | {_met(profile)} | {counted} |"


_BASES = {"votingRights": "votes", "shareholding": "shares"}


def _met(profile: Profile) -> str:
    share = profile.quota if profile.threshold is None else profile.threshold
    if share == WHOLE:
        return "facts alone"
    return f"{percent(share)} on" if profile.inclusive else f"more than {percent(share)}"


def percent(units: int) -> str:
    """Return units of 1e-8 as a percentage."""
    return f"{100 * units / WHOLE:g} %"


def _fields() -> str:
    lines = ["## Fields of a profile file", "", "| field | without it | holds |", "|---|---|---|"]
    lines += [f"| `{name}` | {absent} | {cell(about)} |" for name, (absent, about) in _FIELDS.items()]
    text = (
        "Shares are written as parts of 1: half is `0.5`. An unknown field, predicate, effect or basis is an error. How to write one: "
        "[CONTRIBUTING](../../CONTRIBUTING.md#how-to-add-)."
    )
    return "\n".join([*lines, "", text])


def _arithmetics() -> str:
    lines = ["## The four arithmetics", "", "| arithmetic | what is worked out | verdicts |", "|---|---|---|"]
    return "\n".join(
        [*lines, *(f"| `{name}` | {what} | {verdicts} |" for name, (what, verdicts) in _ARITHMETICS.items())]
    )


def _profile(profile: Profile) -> str:
    lines = [f"### {profile.id}", "", f"{_sentence(profile.title)} Whose: {_sentence(profile.whose)}", ""]
    if profile.note:
        lines += [" ".join(profile.note.split()), ""]
    said = [
        f"Arithmetic `{profile.arithmetic}`",
        f"quota {percent(profile.quota)}{' (itself enough)' if profile.inclusive else ''}",
    ]
    if profile.threshold is not None:
        said.append(f"threshold {percent(profile.threshold)}")
    if profile.disclose is not None:
        said.append(f"to be disclosed from {percent(profile.disclose)}")
    said += [
        f"can block from {percent(profile.block)}",
        f"an approximate share lies within {100 * profile.nearness / WHOLE:g} points",
    ]
    lines += ["; ".join(said) + ".", ""]
    if profile.effects or profile.rights:
        lines += [
            "| evidence | comes to |",
            "|---|---|",
            *(f"| {what} | {effect} |" for what, effect in _effects(profile)),
        ]
    else:
        lines.append("No evidence but shares counts.")
    return "\n".join(lines)


def _effects(profile: Profile) -> Iterator[tuple[str, str]]:
    """Yield one row for each predicate and effect, the values of its qualifier together."""
    for predicate, effect in profile.effects.items():
        if isinstance(effect, str):
            yield f"`{predicate}`", effect
            continue
        for word in dict.fromkeys(effect.values()):
            values = [_value(value) for value, found in effect.items() if found == word]
            yield f"`{predicate}`: {', '.join(values)}", word
    for word in dict.fromkeys(profile.rights.values()):
        yield f"right: {', '.join(f'`{right}`' for right, found in profile.rights.items() if found == word)}", word


def _value(value: str) -> str:
    return {"": "not said", "other": "any other"}.get(value, f"`{value}`")


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:].rstrip(".") + "."


def _anchor(heading: str) -> str:
    return "".join(char for char in heading.lower() if char.isalnum() or char in "_- ").replace(" ", "-")


if __name__ == "__main__":
    sys.exit(write_page(PAGE, render(shipped()), sys.argv[1:]))
