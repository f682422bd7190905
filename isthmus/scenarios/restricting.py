"""Restrictions of export: who still sees the whole of a good, and who sees it without what one country makes.

The good itself is not touched. A node of its own stands for it as those see it whom the restriction strikes; makers in the country stand
there with what they are still let out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from isthmus.scenarios.causes import GROUND, Effect, Setting
from isthmus.scenarios.places import INSIDE, OUTSIDE, Area, places_of

SURE, MAY = "sure", "may"
Seen = tuple[tuple[int, str], ...]
"""Which restrictions strike a viewer, by their place among those of one good, and whether for sure."""


@dataclass(frozen=True, eq=False)
class Restriction:
    """One restriction with the place that it comes from, and the one that it is aimed at.

    Attributes
    ----------
    effect : Effect
    source : Area
    target : Area or None
        None: everybody outside the source.
    only : int or None
        The key of the party that it is aimed at, where that is no place.
    """

    effect: Effect
    source: Area
    target: Area | None
    only: int | None

    def strikes(self, key: int) -> str | None:
        """Return whether a viewer is struck: `SURE`, `MAY` or not."""
        if self.only is not None:
            return SURE if key == self.only else None
        state = (self.target or self.source).of(key) if key >= 0 else ""
        if self.target is None:
            return None if state == INSIDE else SURE if state == OUTSIDE else MAY
        return SURE if state == INSIDE else None if state == OUTSIDE else MAY

    def words(self, how: str) -> str:
        """Say for whom the good is meant."""
        names = self.effect.entities
        where = f"in {names['to']['caption']}" if "to" in names else f"outside {names['from']['caption']}"
        return where if how == SURE else f"where nobody says whether it is {where}"


@dataclass(eq=False)
class Good:
    """A good that is restricted, once or more often."""

    setting: Setting
    node: int
    name: str
    restrictions: list[Restriction]
    stands: dict[Seen, int] = field(default_factory=dict)
    struck: dict[tuple[int, str], dict[int, None]] = field(default_factory=dict)
    """Whom each restriction strikes, for sure and perhaps: nodes in the order in which they were met."""

    def seen_by(self, key: int) -> Seen:
        """Return which restrictions strike a viewer."""
        struck = ((at, one.strikes(key)) for at, one in enumerate(self.restrictions))
        return tuple((at, how) for at, how in struck if how)

    def work_in(self) -> None:
        """Put what stands for the good in its place wherever somebody is struck."""
        web, draft = self.setting.web, self.setting.draft
        for at in range(len(self.restrictions)):
            self.as_seen(((at, SURE),))
        if self.node >= web.needs.nodes:
            return
        same = [self.node, *(web.things + int(at) for at in np.flatnonzero(web.behind == self.node))]
        for place in np.flatnonzero(np.isin(web.needs.alternatives, same)).tolist():
            need = int(draft.of_need[place])
            subject = int(web.needs.subjects[need])
            if subject in same or int(web.needs.alternatives[place]) != self.node or self._has_suppliers(subject):
                continue
            seen = self.seen_by(self.setting.key(subject))
            if seen:
                draft.alternative[place] = self.as_seen(seen)
                self._told(seen, subject)
        given = web.web.given
        numbers = web.needs.numbers
        for need in np.flatnonzero((numbers >= given.supply_from) & (numbers < given.free_from)).tolist():
            if web.supplied(need) == self.name:
                self._cut_suppliers(need)
        for (at, how), nodes in self.struck.items():
            effect = self.restrictions[at].effect
            listed = effect.sure if how == SURE else effect.may
            listed += sorted(set(self.setting.ids(nodes)))

    def _has_suppliers(self, subject: int) -> bool:
        """Tell whether it is known who supplies somebody with the good; then only what these lose counts."""
        web = self.setting.web
        return any(web.is_supply(need) and web.supplied(need) == self.name for need in web.needs_of(subject))

    def _cut_suppliers(self, need: int) -> None:
        web, draft = self.setting.web, self.setting.draft
        subject = int(web.needs.subjects[need])
        party = subject if subject < web.things else self._user_of(subject)
        seen = self.seen_by(self.setting.key(party))
        for place in web.places(need) if seen else ():
            cut = self._cut(place, seen, exact=False)
            if cut is not None:
                draft.alternative[place] = cut
                self._told(seen, party)

    def _user_of(self, node: int) -> int:
        starts, users = self.setting.web.needs.users
        return int(self.setting.web.needs.subjects[users[starts[node]]])

    def _told(self, seen: Seen, node: int) -> None:
        for at, how in seen:
            self.struck.setdefault((at, how), {})[node] = None

    def as_seen(self, seen: Seen) -> int:
        """Return the node of the good as viewers see it whom some restrictions strike."""
        if seen in self.stands:
            return self.stands[seen]
        web, draft = self.setting.web, self.setting.draft
        cuts: dict[int, int] = {}
        making = [need for need in draft.needs_of(self.node) if web.is_making(need)]
        told = [need for need in making if any(self._is_named(place, seen) for place in web.places(need))]
        for need in making:
            twin = int(web.twin[need])
            if twin >= 0 and twin in told and web.side(twin) == "countries":
                # The country's own figure says what comes from it, whoever makes it there.
                continue
            for place in web.places(need):
                cut = self._cut(place, seen, exact=need in told and web.side(need) == "countries")
                if cut is not None:
                    cuts[place] = cut
        label = ", ".join(self.restrictions[at].words(how) for at, how in seen)
        made = self.stands[seen] = draft.stand_in(self.node, label, cuts)
        if not told:
            self._cut_rest(made, making, seen)
        return made

    def _is_named(self, place: int, seen: Seen) -> bool:
        key = self.setting.key(int(self.setting.web.needs.alternatives[place]))
        return any(self.restrictions[at].source.key == key for at, _ in seen)

    def _cut(self, place: int, seen: Seen, *, exact: bool) -> int | None:
        """Return what stands for a maker with what it is still let out; None where nothing of it comes from the country.

        Where the country stands among the makers itself (`exact`), nobody else there is counted as of it.
        """
        web, draft = self.setting.web, self.setting.draft
        maker = int(web.needs.alternatives[place])
        bounds = []
        for at, how in seen:
            one = self.restrictions[at]
            state = one.source.of(self.setting.key(maker))
            if state == OUTSIDE or (exact and state != INSIDE):
                continue
            low, high = one.effect.change.left
            sure = how == SURE and state == INSIDE
            bounds.append((one, low, high if sure else 1.0))
        if not bounds:
            return None
        cut = draft.new_node(leads=maker)
        draft.new_need(cut, [int(draft.alternative[place])])
        for one, low, high in bounds:
            draft.pin(cut, one.effect.change.at, np.inf, low, high, one.effect.number)
        return cut

    def _made(self, making: Sequence[int], one: Restriction, state: str) -> list[float]:
        """Return, for each need that is shared out, what those surely make who lie so to the country."""
        web, key = self.setting.web, self.setting.key
        return [
            sum(
                float(web.least[place])
                for place in web.places(need)
                if not web.doubtful[place] and one.source.of(key(int(web.needs.alternatives[place]))) == state
            )
            for need in making
            if web.is_shared(need)
        ]

    def _cut_rest(self, made: int, making: Sequence[int], seen: Seen) -> None:
        """Where the country is no maker by name, it has at most what those do not make who lie elsewhere."""
        for at, _ in seen:
            one = self.restrictions[at]
            elsewhere, inside = (max(self._made(making, one, state), default=0.0) for state in (OUTSIDE, INSIDE))
            rest = max(1.0 - elsewhere, 0.0)
            change, entities = one.effect.change, one.effect.entities
            low = 1.0 - rest * (1.0 - change.left[0])
            self.setting.draft.pin(made, change.at, np.inf, low, 1.0, one.effect.number)
            source, good = entities["from"]["caption"], entities["of"]["caption"]
            least = f"from the {100 * inside:.4g} % of those who lie there " if inside > 0 else ""
            note = f"no share of {source} in the making of {good} is known: it may be anything {least}up to {100 * rest:.4g} %"
            if note not in one.effect.notes:
                one.effect.notes.append(note)


def restrict(setting: Setting, effects: Sequence[Effect]) -> dict[str, Good]:
    """Work all restrictions in; return the goods by id."""
    goods: dict[str, Good] = {}
    for effect in effects:
        name = effect.entities["of"]["entity"]
        good = goods.setdefault(name, Good(setting, setting.node(name), name, []))
        good.restrictions.append(_restriction(setting, effect))
    for good in goods.values():
        good.work_in()
    for effect in effects:
        _evidence(setting, effect)
    return goods


def _restriction(setting: Setting, effect: Effect) -> Restriction:
    places = places_of(setting.picture)
    source = places.around(setting.key(setting.node(effect.entities["from"]["entity"])))
    if "to" not in effect.entities:
        return Restriction(effect, source, None, None)
    aimed = effect.entities["to"]["entity"]
    key = setting.key(setting.node(aimed))
    if setting.picture.is_kind(aimed, *GROUND):
        return Restriction(effect, source, places.around(key), None)
    return Restriction(effect, source, None, key)


def _evidence(setting: Setting, effect: Effect) -> None:
    """Add the claims that say that the country restricts the good, and say so where nothing is held of whom it is aimed at."""
    picture = setting.picture
    source = picture.entity(effect.entities["from"]["entity"])
    good = picture.entity(effect.entities["of"]["entity"])
    items = {f"@{member}" for member in good.members}
    claims = [
        claim
        for claim in picture.claims_about(source, predicates=("restricts",))
        if claim.qualifier("item") in items or claim.object in good.members
    ]
    effect.claims += claims
    if "to" in effect.entities:
        aimed = picture.entity(effect.entities["to"]["entity"])
        mine = sorted(claim.id for claim in claims if claim.object in aimed.members)
        effect.extra["restricted"] = {"entity": aimed.id, "caption": aimed.caption, "claims": mine}
        if not (effect.sure or effect.may):
            effect.notes.append(
                f"nothing is held here about who needs {good.caption} in {aimed.caption}: "
                "what the restriction takes from whom is not known"
            )
    elif not (effect.sure or effect.may):
        effect.notes.append(f"nothing is held here about who needs {good.caption}")
