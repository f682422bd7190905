"""The table of points of control: which claims are evidence of which channel, read from a data file and checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from isthmus.errors import VocabularyError
from isthmus.model import GAP_KINDS, Claim
from isthmus.picture import Picture
from isthmus.vocabulary import Vocabulary, load_vocabulary

FILE = "data/points_of_control.yaml"
EACH, SOME = "each", "some"
POST = "public_post"
_ENDS = ("subject", "object", "either")
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Values = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Channel:
    """A way to direct a thing. `when_held`: shown only where there is evidence of it."""

    name: str
    label: str
    means: str
    when_held: bool = False


@dataclass(frozen=True, slots=True)
class Test:
    """What a claim must be: its predicate, its qualifiers (``""`` = absent), and the kinds of its two ends."""

    says: frozenset[str]
    end: str
    holder: frozenset[str] = frozenset()
    no_holder: frozenset[str] = frozenset()
    thing: frozenset[str] = frozenset()
    having: Values = field(default_factory=dict)
    lacking: Values = field(default_factory=dict)

    def takes(self, picture: Picture, claim: Claim, other: str, thing: str, end: str) -> bool:
        """Tell whether a claim between `thing` and the `other`, which stands at `end`, meets the test."""
        if claim.predicate not in self.says or self.end not in (end, "either"):
            return False
        told = dict(claim.qualifiers)
        if any(told.get(name, "") not in values for name, values in self.having.items()):
            return False
        if any(told.get(name, "") in values for name, values in self.lacking.items()):
            return False
        if self.no_holder and picture.is_kind(other, *self.no_holder):
            return False
        if self.holder and not picture.is_kind(other, *self.holder):
            return False
        return not self.thing or picture.is_kind(thing, *self.thing)


@dataclass(frozen=True, slots=True)
class Rule:
    """A claim that meets `test` is evidence of `channel`; `may`: that it may be held, not that it is."""

    channel: str
    test: Test
    may: bool = False
    post: bool = False
    members: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A claim that meets `test` leads from a holder to who stands above it; `through`: to a group that it only belongs to."""

    test: Test
    majority: bool = False
    through: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """The whole table.

    Attributes
    ----------
    aside : tuple of (Test, str)
        What counts in no channel, and why.
    steps : int
        How many steps up from a holder those who stand behind it are looked for.
    state : mapping of str to str
        Kinds that are, or belong to, a state or a party, and the words for them.
    unstated : mapping of str to str
        Reasons why no owner is stated, and the kind of gap that each is.
    """

    version: str
    title: str
    whose: str
    channels: tuple[Channel, ...]
    rules: tuple[Rule, ...]
    aside: tuple[tuple[Test, str], ...]
    above: tuple[Step, ...]
    steps: int
    state: Mapping[str, str]
    unstated: Mapping[str, str]

    def state_of(self, picture: Picture, entity: str) -> str | None:
        """Return in words what an entity is of a state or a party, or None where nothing held says that it is."""
        return next((words for kind, words in self.state.items() if picture.is_kind(entity, kind)), None)


@cache
def load_table() -> Table:
    """Return the table that ships with the package, checked."""
    return read_table(files("isthmus").joinpath(FILE).read_text("utf-8"), load_vocabulary())


def read_table(text: str, vocabulary: Vocabulary) -> Table:
    """Read a table from the text of its file.

    Raises
    ------
    VocabularyError
        The file is no such table, or names a channel, predicate, qualifier, code or kind that does not exist.
    """
    try:
        raw = yaml.load(text, Loader=_Loader)
        channels = tuple(Channel(name=name, **body) for name, body in raw["channels"].items())
        table = Table(
            version=str(raw["version"]),
            title=raw["title"],
            whose=raw["whose"],
            channels=channels,
            rules=tuple(map(_rule, raw["rules"])),
            aside=tuple((_test(body), str(body["why"])) for body in raw["aside"]),
            above=tuple(map(_step, raw["above"]["rules"])),
            steps=int(raw["above"]["steps"]),
            state=dict(raw["state"]),
            unstated={value: kind for kind, values in raw["unstated"].items() for value in values},
        )
    except (yaml.YAMLError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise VocabularyError(f"the table of points of control cannot be read: {error!r}.", where=FILE) from error
    _check(table, vocabulary)
    return table


def _test(body: Mapping[str, Any]) -> Test:
    return Test(
        says=frozenset(body["says"]),
        end=body["holder"] if "holder" in body else body["upper"],
        holder=frozenset(body.get("is", ())),
        no_holder=frozenset(body.get("not", ())),
        thing=frozenset(body.get("thing", ())),
        having=_values(body.get("with", {})),
        lacking=_values(body.get("without", {})),
    )


def _values(body: Mapping[str, Sequence[Any]]) -> Values:
    return {name: frozenset(map(str, values)) for name, values in body.items()}


def _rule(body: Mapping[str, Any]) -> Rule:
    _only("standing", body.get("standing", "may"), ("may",))
    _only("test", body.get("test", POST), (POST,))
    members = body.get("members", "")
    _only("members", members, ("", EACH, SOME))
    return Rule(body["channel"], _test(body), "standing" in body, "test" in body, members)


def _step(body: Mapping[str, Any]) -> Step:
    _only("share", body.get("share", "majority"), ("majority",))
    return Step(_test(body), "share" in body, bool(body.get("through", False)))


def _check(table: Table, vocabulary: Vocabulary) -> None:
    names = {channel.name for channel in table.channels}
    for rule in table.rules:
        _only("channel", rule.channel, names)
    for kind in table.unstated.values():
        _only("kind of gap", kind, GAP_KINDS)
    for kind in table.state:
        _only("kind", kind, vocabulary.kinds)
    counted = [rule.test for rule in table.rules]
    for test in (*counted, *(test for test, _ in table.aside), *(step.test for step in table.above)):
        _check_test(test, vocabulary)


def _check_test(test: Test, vocabulary: Vocabulary) -> None:
    _only("end", test.end, _ENDS)
    for predicate in test.says:
        _only("predicate", predicate, vocabulary.predicates)
    for kind in test.holder | test.no_holder | test.thing:
        _only("kind", kind, vocabulary.kinds)
    for name, values in (*test.having.items(), *test.lacking.items()):
        _only("qualifier", name, vocabulary.qualifiers)
        if vocabulary.qualifiers[name].type == "code" and not vocabulary.qualifiers[name].open:
            for value in values:
                _only(name, value, ("", *vocabulary.qualifiers[name].values))


def _only(what: str, value: str, allowed: Iterable[str]) -> None:
    if value not in allowed:
        raise VocabularyError(
            f"the table of points of control names the {what} “{value}”, which does not exist.", where=FILE
        )
