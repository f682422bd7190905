"""Rules of ownership and control as data: which stakes count, what is enough, and what each right comes to.

A profile is a YAML file. Those of `isthmus/data/profiles` ship with the package; a user may give the path of his own. A finding names the
profile and its version: two rules may give two answers to one question, and both are right under their rule.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import yaml

from isthmus.control.evidence import EQUITY, READ, VOTES, Evidence
from isthmus.control.rows import WHOLE
from isthmus.errors import ArgumentError, ProfileError

# The loader in C reads the same, several times as fast; it is not in every build.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
ARITHMETICS = ("control", "multiply", "control_is_100", "aggregate")
EFFECTS = ("controls", "may control", "can block", "influences", "none")
DEFAULT = "majority"
_FIELDS = {
    "profile", "title", "whose", "note", "arithmetic", "quota", "inclusive", "basis", "threshold", "from_threshold", "disclose", "block",
    "nearness",
    "effects", "rights", "test",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Profile:
    """One rule.

    Attributes
    ----------
    id : str
        Name and version, as ``majority/1``.
    title, whose, note, test : str
        What it asks, whose rule it is, what to know about it, and the test in a few words ("owns at least 10 %").
    arithmetic : str
        *control*: who surely or perhaps commands more than the quota, together with what he controls. *multiply*: shares along a chain are
        multiplied. *control_is_100*: multiplied, a controlled link counting as all of it. *aggregate*: the shares of several listed parties
        and of what they own are added.
    quota : int
        Control takes more than this many units of 1e-8 (with `inclusive`: at least so many).
    basis : tuple of str
        Which stakes count: *votingRights*, *shareholding*, or none. The first that is said of a holder counts; with *either*, the larger.
    threshold, disclose : int or None
        The share beyond which the test of an arithmetic of shares is met, and from which on a holder is to be named.
    from_threshold : bool
        Whether the threshold itself is enough.
    block : int
        A stake of so many units can block.
    nearness : int
        How far a share that its source calls approximate may lie from the number given; a convention, as the source does not say.
    effects : mapping
        What evidence comes to that is no share: by predicate, or by predicate and qualifier.
    rights : mapping
        What a special right comes to; it goes before the predicate.
    """

    id: str
    title: str
    whose: str
    note: str
    test: str
    arithmetic: str
    quota: int
    inclusive: bool
    basis: tuple[str, ...]
    either: bool
    threshold: int | None
    from_threshold: bool
    disclose: int | None
    block: int
    nearness: int
    effects: Mapping[str, str | Mapping[str, str]]
    rights: Mapping[str, str]

    def effect(self, evidence: Evidence) -> str:
        """Return what a claim comes to that is no share: one of `EFFECTS`."""
        if evidence.right:
            found: str | Mapping[str, str] = self.rights.get(evidence.right, "none")
        else:
            found = self.effects.get(evidence.predicate, "none")
        effect = found if isinstance(found, str) else found.get(evidence.detail, found.get("other", "none"))
        return "may control" if effect == "controls" and evidence.conditional else effect

    @property
    def by_shares(self) -> bool:
        """Whether the rule asks what part of a thing somebody has, and not who commands it."""
        return self.arithmetic in ("multiply", "control_is_100")

    def passes(self, held: int) -> bool:
        """Tell whether so many units are enough for control."""
        return held >= self.quota if self.inclusive else held > self.quota

    def to_json(self) -> dict[str, Any]:
        """Return what a finding says of the rule."""
        body: dict[str, Any] = {"id": self.id, "title": self.title, "whose": self.whose, "note": self.note}
        body |= {"arithmetic": self.arithmetic, "quota": self.quota / WHOLE, "inclusive": self.inclusive}
        body |= {"basis": list(self.basis)}
        for name in ("threshold", "disclose"):
            value = getattr(self, name)
            if value is not None:
                body[name] = value / WHOLE
        if self.test:
            body["test"] = self.test
        return body


@cache
def shipped() -> dict[str, Profile]:
    """Return the profiles of the package by name without version."""
    names = sorted(item.name for item in _folder().iterdir() if item.name.endswith(".yaml"))
    return {name.removesuffix(".yaml"): _shipped(name.removesuffix(".yaml")) for name in names}


@cache
def _shipped(name: str) -> Profile:
    """Return one profile of the package, which is named as its file is; a question needs no other."""
    profile = read_profile(_folder().joinpath(f"{name}.yaml").read_text("utf-8"), f"{name}.yaml")
    if profile.id.split("/")[0] != name:
        raise ProfileError(f"the profile is called “{profile.id}”, and its file is not.", where=f"{name}.yaml")
    return profile


def _folder() -> Traversable:
    return files("isthmus.data").joinpath("profiles")


def find_profile(name: str, *, quota: float | None = None) -> Profile:
    """Return a profile by name (``majority`` or ``majority/1``) or by the path of a YAML file, perhaps with another quota.

    Raises
    ------
    ArgumentError, ProfileError
        There is no such profile, or the file breaks a rule; the message says which.
    """
    plain, _, version = name.partition("/")
    if name.endswith((".yaml", ".yml")):
        try:
            found = read_profile(Path(name).read_text("utf-8"), name)
        except (OSError, UnicodeDecodeError) as error:
            raise ArgumentError(f"the profile cannot be read: {_reason(error)}.", where=name) from error
    elif plain.isidentifier() and _folder().joinpath(f"{plain}.yaml").is_file() and version in ("", _version(plain)):
        found = _shipped(plain)
    else:
        listed = ", ".join(profile.id for profile in shipped().values())
        raise ArgumentError(
            f"there is no profile “{name}”.", where="--profile", hint=f"Profiles: {listed}; or the path of a YAML file."
        )
    return found if quota is None else _with_quota(found, quota)


def _version(name: str) -> str:
    return _shipped(name).id.split("/")[1]


def _reason(error: OSError | UnicodeDecodeError) -> str:
    if isinstance(error, FileNotFoundError):
        return "there is no such file"
    return "it is no text in UTF-8" if isinstance(error, UnicodeDecodeError) else str(error.strerror)


def _with_quota(profile: Profile, quota: float) -> Profile:
    # Not a number is neither above nor below anything.
    units = round(quota * WHOLE) if 0 < quota <= 1 else 0
    if not units:
        raise ArgumentError(
            f"a quota of {quota} makes no sense.", where="--quota", hint="Write a share of 1: two thirds is 0.6667."
        )
    values = {name: getattr(profile, name) for name in Profile.__slots__}
    told = f"{100 * units / WHOLE:g} %"
    return Profile(
        **{
            **values,
            "id": f"{profile.id} quota={quota:g}",
            "title": f"{profile.title}; here with a quota of {told}",
            "test": f"more than {told}",
            "quota": units,
            "block": WHOLE - units,
        }
    )


def read_profile(text: str, where: str) -> Profile:
    """Read a profile from YAML.

    Raises
    ------
    ProfileError
        A field is missing, unknown or has a value that it cannot have.
    """
    try:
        body = yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as error:
        raise ProfileError(f"the profile is not YAML: {error}", where=where) from error
    if not isinstance(body, dict):
        raise ProfileError("a profile is a mapping of fields.", where=where)
    unknown = sorted(set(body) - _FIELDS)
    if unknown:
        raise ProfileError(
            f"a profile has no field “{unknown[0]}”.", where=where, hint=f"Fields: {', '.join(sorted(_FIELDS))}."
        )
    for name in ("profile", "title", "whose", "arithmetic", "basis"):
        if not body.get(name):
            raise ProfileError(f"the profile has no “{name}”.", where=where)
    for name in ("profile", "title", "whose", "note", "test"):
        if not isinstance(body.get(name, ""), str):
            raise ProfileError(f"{name} “{body[name]}” is no text.", where=where, hint="Put it in quotation marks.")
    _one_of(body["arithmetic"], ARITHMETICS, "arithmetic", where)
    if "/" not in body["profile"]:
        raise ProfileError(f"“{body['profile']}” has no version.", where=where, hint="Write name/1.")
    effects, rights = body.get("effects") or {}, body.get("rights") or {}
    _check_effects(effects, rights, where)
    basis = body["basis"] if isinstance(body["basis"], list) else [body["basis"]]
    either = basis == ["either"]
    if basis == ["none"]:
        basis = []
    for name in [] if either else basis:
        _one_of(name, (VOTES, EQUITY), "basis", where)
    quota = _share(body, "quota", where, 0.5)
    block = body.get("block")
    return Profile(
        id=body["profile"],
        title=body["title"],
        whose=body["whose"],
        note=body.get("note", "").strip(),
        test=body.get("test", ""),
        arithmetic=body["arithmetic"],
        quota=quota,
        inclusive=_flag(body, "inclusive", where),
        basis=(VOTES, EQUITY) if either else tuple(basis),
        either=either,
        threshold=_share(body, "threshold", where, None),
        from_threshold=_flag(body, "from_threshold", where),
        disclose=_share(body, "disclose", where, None),
        block=WHOLE - quota if block is None else _share(body, "block", where, 0.5),
        nearness=_share(body, "nearness", where, 0.01),
        effects=effects,
        rights=rights,
    )


def _flag(body: Mapping[str, Any], name: str, where: str) -> bool:
    value = body.get(name, False)
    if not isinstance(value, bool):
        raise ProfileError(f"{name} “{value}” is neither yes nor no.", where=where)
    return value


def _share(body: Mapping[str, Any], name: str, where: str, default: float | None) -> Any:
    value = body.get(name, default)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise ProfileError(f"{name} “{value}” is no share of 1.", where=where, hint="Write half as 0.5.")
    return round(value * WHOLE)


def _check_effects(effects: Any, rights: Any, where: str) -> None:
    if not isinstance(effects, dict) or not isinstance(rights, dict):
        raise ProfileError("effects and rights are mappings.", where=where)
    for predicate, effect in effects.items():
        _one_of(predicate, READ, "predicate", where)
        for value in effect.values() if isinstance(effect, dict) else [effect]:
            _one_of(value, EFFECTS, "effect", where)
    for value in rights.values():
        _one_of(value, EFFECTS, "effect", where)


def _one_of(value: Any, known: Sequence[str], what: str, where: str) -> None:
    if value not in known:
        raise ProfileError(f"“{value}” is no {what}.", where=where, hint=f"Known: {', '.join(known)}.")
