"""From changes in words to changes of the needs: whom each names, what it strikes, for sure or perhaps, and the claims that say so."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from isthmus.control.inquiry import ask_below
from isthmus.control.profiles import find_profile
from isthmus.control.support import chain
from isthmus.control.verdicts import CONTROLS, MAY_CONTROL
from isthmus.dependence.supply import SupplyWeb
from isthmus.errors import AmbiguousEntityError, ArgumentError, InputError, UnknownEntityError
from isthmus.model import Claim
from isthmus.picture import Entity, Picture
from isthmus.scenarios.draft import Draft
from isthmus.scenarios.places import INSIDE, PARTLY, UNKNOWN, places_of
from isthmus.scenarios.scenario import Change, Scenario, Span

SHOWN = 25
"""So many of the things that a change strikes are named; the rest are counted."""
ASSUMED = "assumed:"
"""Before the name of a party that is in no evidence, and that a scenario assumes."""
ROUNDED = 0.005
"""Shares are printed in whole percent: sums may differ by so much and mean the same."""
GROUND = ("place", "state", "site")


@dataclass(eq=False)
class Effect:
    """What one change comes to.

    Attributes
    ----------
    change : Change
    number : int
        Its place in the scenario, from 0.
    entities : dict
        Whom it names, by role.
    sure, may : list of str
        Ids of the things that it strikes for sure, and of those that it may strike.
    claims : list of Claim
        What says that these are struck.
    notes : list of str
    extra : dict
        What only some changes tell.
    """

    change: Change
    number: int
    entities: dict[str, dict[str, Any]]
    sure: list[str] = field(default_factory=list)
    may: list[str] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(eq=False)
class Setting:
    """A scenario held against a picture: the needs that it changes, and who is who."""

    picture: Picture
    web: SupplyWeb
    scenario: Scenario
    draft: Draft
    named: dict[int, str] = field(default_factory=dict)
    """Ids of nodes that are in no need of the picture."""
    _nodes: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, picture: Picture, web: SupplyWeb, scenario: Scenario) -> Setting:
        """Return a setting in which nothing is changed yet."""
        return cls(picture, web, scenario, Draft(web))

    def entity(self, text: str, where: str) -> Entity:
        """Return whom a scenario names; errors say where."""
        return _at(where, self.picture.resolve, text)

    def node(self, name: str) -> int:
        """Return the node of an entity; one of its own where nothing is held of what it needs or who needs it."""
        found = self.web.node(name) if not name.startswith(ASSUMED) else None
        if found is not None:
            return found
        if name not in self._nodes:
            self._nodes[name] = self.draft.new_node(hidden=False)
            self.named[self._nodes[name]] = name
        return self._nodes[name]

    def key(self, node: int) -> int:
        """Return the key of a thing in the store, -1 for one that is assumed."""
        if node in self.named:
            held = self.picture.reader.keys([self.named[node]])
            return held[0] if held else -1
        return int(self.web.keys[self.web.thing(node)])

    def ids(self, nodes: Iterable[int]) -> list[str]:
        """Return the ids of nodes, read in one go."""
        nodes, web = list(nodes), self.web
        held = {int(web.keys[web.thing(node)]) for node in nodes if node not in self.named}
        found = self.picture.reader.ids(held)
        return [self.named.get(node) or found[int(web.keys[web.thing(node)])] for node in nodes]

    def caption(self, name: str) -> str:
        """Return what to call an entity."""
        return name.removeprefix(ASSUMED) if name.startswith(ASSUMED) else self.picture.caption(name)


def _at(where: str, ask: Callable[[str], Entity], text: str) -> Entity:
    try:
        return ask(text)
    except AmbiguousEntityError as error:
        raise AmbiguousEntityError(error.message, candidates=error.candidates, where=where, hint=error.hint) from error
    except UnknownEntityError as error:
        raise UnknownEntityError(error.message, where=where, hint=error.hint) from error


def named(setting: Setting, change: Change, number: int) -> Effect:
    """Return an effect with all that its change names looked up; whoever adds capacity may be new.

    Raises
    ------
    UnknownEntityError, AmbiguousEntityError
        With file and line.
    """
    found: dict[str, dict[str, Any]] = {}
    for role, text in change.names.items():
        if change.kind == "add_capacity" and role == "by":
            found[role] = _maybe_new(setting, text, change.where)
            continue
        entity = setting.entity(text, change.where)
        found[role] = {"entity": entity.id, "caption": entity.caption, "kinds": list(entity.kinds)}
    return Effect(change, number, found)


def _maybe_new(setting: Setting, text: str, where: str) -> dict[str, Any]:
    try:
        entity = setting.entity(text, where)
    except UnknownEntityError:
        return {"entity": ASSUMED + text, "caption": text, "kinds": [], "assumed": True}
    return {"entity": entity.id, "caption": entity.caption, "kinds": list(entity.kinds)}


def fail(setting: Setting, effect: Effect) -> None:
    """Take one thing away: for good, or for the months of a delay."""
    change = effect.change
    name = effect.entities["what"]["entity"]
    stop = np.inf if change.months is None else change.at + change.months
    setting.draft.pin(setting.node(name), change.at, stop, 0.0, 0.0, effect.number)
    effect.sure.append(name)
    if setting.web.node(name) is None:
        effect.notes.append("nothing is held here about what it needs, who needs it or who makes it")


def fail_country(setting: Setting, effect: Effect) -> None:
    """Take away a place as a maker, and all that lies in it."""
    what = effect.entities["what"]
    _must_be(effect, "what", "fail_country", GROUND)
    node = setting.node(what["entity"])
    area = places_of(setting.picture).around(setting.key(node))
    states = [area.of(int(key)) for key in setting.web.keys]
    sure = [one for one, state in enumerate(states) if state == INSIDE]
    may = [one for one, state in enumerate(states) if state == PARTLY]
    _strike(setting, effect, {node, *sure}, may)
    _cover(setting, effect, node, set(sure))
    effect.claims += area.claims(setting.key(one) for one in (*sure, *may))
    if may:
        effect.notes.append(
            f"{len(may):,} lie in {what['caption']} and elsewhere; what is lost of them may be anything"
        )
    nowhere = states.count(UNKNOWN)
    if nowhere:
        many = "1 thing" if nowhere == 1 else f"{nowhere:,} things"
        effect.notes.append(
            f"where {many} lie{'s' if nowhere == 1 else ''} nobody says; it does not count as lying there"
        )


def _cover(setting: Setting, effect: Effect, country: int, inside: set[int]) -> None:
    """Count what makers give who lie in a place and nowhere else as part of what the place gives, where that is known.

    Else both would be lost at worst, one beside the other. A place that is said to give less than its makers covers none of them.
    """
    web, draft, change = setting.web, setting.draft, effect.change
    if country >= web.needs.nodes:
        return
    for place in draft.uses(country):
        need = int(draft.of_need[place])
        twin = int(web.twin[need])
        if twin < 0:
            continue
        firms = [other for other in web.places(twin) if int(web.needs.alternatives[other]) in inside]
        if firms and sum(float(web.least[other]) for other in firms) <= float(web.least[place]) + ROUNDED:
            for other in firms:
                draft.cover(other, change.at)


def fail_controlled(setting: Setting, effect: Effect) -> None:
    """Take away all that a party controls, and the party itself unless it is a country."""
    what = effect.entities["what"]
    picture = setting.picture
    try:
        profile = find_profile(effect.change.rule)
    except InputError as error:
        raise ArgumentError(error.message, where=effect.change.where, hint=error.hint) from error
    actor = picture.entity(what["entity"])
    inquiry = ask_below(picture, profile, actor)
    found = {word: [item for item in inquiry.below if item.word == word] for word in (CONTROLS, MAY_CONTROL)}
    place = picture.is_kind(actor.id, *GROUND)
    nodes: dict[str, list[int]] = {CONTROLS: [] if place else [setting.node(actor.id)], MAY_CONTROL: []}
    rows: set[int] = set()
    for word, items in found.items():
        for item in items:
            node = setting.web.node(picture.resolution.of(inquiry.id(item.target)))
            if node is not None:
                nodes[word].append(node)
                rows |= {row for link in chain(inquiry.evaluation, item) for row in link.rows}
    _strike(setting, effect, nodes[CONTROLS], nodes[MAY_CONTROL])
    effect.claims += inquiry.claims(sorted(rows))
    effect.extra["rule"] = profile.id
    effect.extra["controls"] = {"sure": len(found[CONTROLS]), "may": len(found[MAY_CONTROL])}
    if not inquiry.below:
        effect.notes.append(
            f"nothing is held here that {what['caption']} controls, which is not to say that there is nothing"
        )


def _strike(setting: Setting, effect: Effect, sure: Iterable[int], may: Iterable[int]) -> None:
    at, number = effect.change.at, effect.number
    struck = sorted(set(sure))
    perhaps = sorted(set(may) - set(struck))
    for nodes, high, listed in ((struck, 0.0, effect.sure), (perhaps, 1.0, effect.may)):
        for node in nodes:
            setting.draft.pin(node, at, np.inf, 0.0, high, number)
        listed += setting.ids(nodes)


def substitute(setting: Setting, effect: Effect) -> None:
    """Put one thing in another's place, wherever that is an alternative."""
    change, draft, web = effect.change, setting.draft, setting.web
    old, new = effect.entities["for"]["entity"], effect.entities["with"]["entity"]
    if old == new:
        raise ArgumentError(f"{effect.entities['for']['caption']} cannot take its own place.", where=change.where)
    node, inside = web.node(old), effect.entities.get("in")
    made = setting.node(new)
    places = [] if node is None else _uses(web, node)
    needs = [int(draft.of_need[place]) for place in places]
    subjects = setting.ids(int(web.needs.subjects[need]) for need in needs)
    for place, need, subject in zip(places, needs, subjects, strict=True):
        fits = (inside is None or inside["entity"] == subject) and change.need in (None, web.need_name(need))
        if fits and subject != new and draft.substitute(place, made, change.at + change.after, effect.number):
            effect.sure.append(subject)
    effect.sure = sorted(set(effect.sure))
    if not effect.sure:
        effect.notes.append(
            "nothing here has the one as an alternative without having the other too: it changes nothing"
        )


def _uses(web: SupplyWeb, node: int) -> list[int]:
    """Return the places at which a thing, or what stands for it as one party gets it, is an alternative of somebody else."""
    same = {node, *(web.things + int(at) for at in np.flatnonzero(web.behind == node))}
    found = np.flatnonzero(np.isin(web.needs.alternatives, sorted(same)))
    subjects = np.repeat(web.needs.subjects, np.diff(web.needs.cuts))[found]
    return [int(place) for place, subject in zip(found, subjects, strict=True) if int(subject) not in same]


def add_capacity(setting: Setting, effect: Effect) -> None:
    """Let somebody make more of a thing, or begin to."""
    change, web = effect.change, setting.web
    thing, maker = effect.entities["of"]["entity"], effect.entities["by"]["entity"]
    node = web.node(thing)
    needs = [need for need in web.needs_of(node) if web.is_making(need)] if node is not None else []
    start = change.at + change.after
    made = setting.node(maker)
    for need in needs:
        if web.is_shared(need):
            setting.draft.add_maker(need, made, change.share, start, effect.number)
        elif not any(web.needs.alternatives[place] == made for place in web.places(need)):
            setting.draft.add_alternative(need, made, start, effect.number)
    if needs:
        effect.sure.append(thing)
    else:
        effect.notes.append(
            f"nobody is known here to make {effect.entities['of']['caption']}, so there is nothing to add to"
        )
    if effect.entities["by"].get("assumed"):
        effect.notes.append(f"{effect.entities['by']['caption']} is in no evidence: the scenario assumes it")


def _must_be(effect: Effect, role: str, what: str, kinds: tuple[str, ...]) -> None:
    entity = effect.entities[role]
    if entity["kinds"] and not set(kinds) & set(entity["kinds"]):
        raise ArgumentError(
            f"{what} takes a place, and {entity['caption']} is of kind {', '.join(entity['kinds'])}.",
            where=effect.change.where,
            hint="To take one thing away write `fail`.",
        )


def shown(span: Span) -> str:
    """Return a share in words: “40 %”, “30 to 50 %”."""
    low, high = (f"{100 * end:g}" for end in span)
    return f"{low} %" if low == high else f"{low} to {high} %"
