"""The rows of an answer: what becomes of each thing, when, in which order, and because of what; and what survives by what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from isthmus.kernels.compiled import Flags, Floats, Longs
from isthmus.model import Claim
from isthmus.quantities import Quantity
from isthmus.scenarios.causes import ASSUMED, Setting
from isthmus.scenarios.course import NOTHING, Course, Run, rounds
from isthmus.scenarios.staged import NONE, Staged

FAILS, MAY_FAIL, DEGRADES, MAY_DEGRADE, SURVIVES = "fails", "may fail", "degrades", "may degrade", "survives"
VERDICTS = (FAILS, MAY_FAIL, DEGRADES, MAY_DEGRADE, SURVIVES)
NEEDS = 3
"""So many needs that give a thing as little as it has left are told."""
LOST = 12
"""So many of the alternatives that a need has lost, or that carry it, are named; the rest are counted."""
NO_NEED = "it is not sure that there is this need"
NO_PART = "it is not sure that all that is lost has a part in it"
NO_HELP = "what is left of it is not sure to help"
"""What is said of a need that rests on claims which may not hold on the day, or under a condition."""
Body = dict[str, Any]


def verdict_of(low: float, high: float, before_low: float = 1.0, before_high: float = 1.0) -> str:
    """Return what becomes of a thing whose lowest level lies between two ends, held against its level before."""
    if high <= NOTHING < before_high:
        return FAILS
    if low <= NOTHING < before_low:
        return MAY_FAIL
    if high < before_high - NOTHING:
        return DEGRADES
    return MAY_DEGRADE if low < before_low - NOTHING else SURVIVES


def span(low: float, high: float) -> Body:
    """Return what is left as a bounded number."""
    low, high = (round(max(end, 0.0), 9) for end in (min(low, high), high))
    return Quantity(low, high, unit="share").to_json()


@dataclass(eq=False)
class Rows:
    """Makes the rows of one scenario."""

    setting: Setting
    staged: Staged
    course: Course
    claims: dict[str, Claim] = field(default_factory=dict)

    @cached_property
    def lowest(self) -> tuple[Floats, Floats]:
        """The lowest level that each node reaches, at the worst and at the best."""
        return self.course.lowest()

    @cached_property
    def reported(self) -> list[int]:
        """The nodes that are things, or stand for one as others see it."""
        web = self.setting.web
        others = [*self.setting.named, *self.staged.stands]
        return [*range(web.things), *sorted(others)]

    @cached_property
    def changed(self) -> list[int]:
        """The reported nodes of which less is left at some time than before."""
        low, high = self.lowest
        worst, best = self.course.worst.before, self.course.best.before
        less = (low < worst - NOTHING) | (high < best - NOTHING)
        return [node for node in self.reported if less[node]]

    @cached_property
    def _steps(self) -> dict[int, Longs]:
        """The step in which each node falls, by the place of the month."""
        return {}

    def verdict(self, node: int) -> str:
        """Return what becomes of a node."""
        (low, high), before = self.lowest, (self.course.worst.before, self.course.best.before)
        return verdict_of(float(low[node]), float(high[node]), float(before[0][node]), float(before[1][node]))

    def id(self, node: int) -> str:
        """Return the id of what a node is or stands for."""
        node = self._thing(node)
        return self.setting.named.get(node) or self.setting.web.id(node)

    def _thing(self, node: int) -> int:
        node = self.staged.behind(node)
        return self.staged.stands[node][0] if node in self.staged.stands else node

    def called(self, node: int) -> Body:
        """Return id and caption of what a node is or stands for, and as whom it is seen."""
        name = self.id(node)
        body: Body = {"entity": name, "caption": self.setting.caption(name)}
        seen = self.staged.stands.get(self.staged.behind(node))
        if seen:
            body["seen"] = seen[1]
        return body

    def load(self, nodes: Iterable[int]) -> None:
        """Read what the rows of nodes will name and cite in one go."""
        nodes = list(nodes)
        staged, low = self.staged, self.lowest[0]
        less = low < self.course.worst.before - NOTHING
        places: set[int] = set()
        ends: set[int] = set()
        for node in nodes:
            first, last = staged.needs.reach_starts[node : node + 2].tolist()
            for place in range(first, last):
                end = int(staged.needs.alternatives[place])
                if less[end] or less[staged.behind(end)]:
                    ends.add(end)
                    if staged.origin[place] != NONE:
                        places.add(int(staged.origin[place]))
        self.setting.web.claims_at(sorted(places))
        names = self.ids([*nodes, *sorted(ends)])
        self.setting.picture.load_entities([name for name in names if not name.startswith(ASSUMED)])

    def ids(self, nodes: Iterable[int]) -> list[str]:
        """Return the ids of what nodes are or stand for, read in one go."""
        return self.setting.ids(map(self._thing, nodes))

    def order(self, nodes: Iterable[int]) -> list[int]:
        """Return nodes in the order in which they fall: by month and step, those of which least is left first."""
        nodes = list(nodes)
        low, high = self.lowest
        names = dict(zip(nodes, self.ids(nodes), strict=True))
        first = {run: self._firsts(run) for run in (self.course.worst, self.course.best)}

        def when(node: int) -> tuple[float, int]:
            for run, places in first.items():
                place = int(places[node])
                if place >= 0:
                    return float(run.months[place]), self.step(node, place) if run is self.course.worst else 0
            return np.inf, 0

        return sorted(nodes, key=lambda node: (*when(node), float(high[node]), float(low[node]), names[node], node))

    def _firsts(self, run: Run) -> Longs:
        """Return the place of the month in which less is left of each node for the first time; -1 where it never is."""
        less = run.left < run.before - NOTHING
        if not len(less):
            return np.full(self.staged.needs.nodes, -1, np.int64)
        return np.where(less.any(axis=0), less.argmax(axis=0), -1)

    def step(self, node: int, place: int) -> int:
        """Return in which step of the month at a place of the worst course a node falls."""
        if place not in self._steps:
            self._steps[place] = rounds(self.staged, self.course.worst, place)
        return max(int(self._steps[place][node]), 0)

    def _first(self, run: Run, node: int) -> int | None:
        less = np.flatnonzero(run.left[:, node] < run.before[node] - NOTHING)
        return int(less[0]) if less.size else None

    def _back(self, run: Run, node: int) -> int | None:
        """Return the place of the month from which on all is there again that was there before; None where it is not."""
        less = np.flatnonzero(run.left[:, node] < run.before[node] - NOTHING)
        return int(less[-1]) + 1 if less.size and less[-1] + 1 < run.months.size else None

    # -- rows ----------------------------------------------------------------------------------------------------------

    def make(self, node: int) -> Body:
        """Return the row of a node."""
        low, high = (float(end[node]) for end in self.lowest)
        worst, best = self.course.worst, self.course.best
        claims: dict[str, Claim] = {}
        called = self.called(node)
        entity = None if called["entity"].startswith(ASSUMED) else self.setting.picture.entity(called["entity"])
        body: Body = {**called, "kinds": list(entity.kinds) if entity else [], "verdict": self.verdict(node)}
        body["left"] = span(low, high)
        first, back = self._first(worst, node), self._back(worst, node)
        if first is None:
            body |= {"from_month": None, "until_month": None, "step": None, "because": []}
            body["carried"] = self._carried(node, claims)
        else:
            sure = self._first(best, node)
            body |= {
                "from_month": float(worst.months[first]),
                "sure_from_month": None if sure is None else float(best.months[sure]),
                "until_month": None if back is None else float(worst.months[back]),
                "step": self.step(node, first),
                "course": self._course(node),
                "because": self._because(node, claims),
            }
            last = worst.months.size - 1
            more = worst.left[last, node] > low + NOTHING
            told = self._carried(node, claims, last if back is None else back) if more else []
            body["carried"] = [one for one in told if one["carried_by"]]
        body["claims"] = sorted(claims)
        body["sources"] = sorted({claim.source for claim in claims.values()})
        body["hedges"] = sorted({claim.hedge for claim in claims.values() if claim.hedge})
        self.claims |= claims
        return body

    def _course(self, node: int) -> list[Body]:
        """Return each month in which what is left changes, and between which ends it lies from then on."""
        found: list[Body] = []
        last = (float(self.course.worst.before[node]), float(self.course.best.before[node]))
        for month in self.course.months:
            ends = float(self.course.worst.at(month)[node]), float(self.course.best.at(month)[node])
            if max(abs(one - other) for one, other in zip(ends, last, strict=True)) > NOTHING:
                found.append({"month": month, "left": span(*ends)})
                last = ends
        return found

    def _because(self, node: int, claims: dict[str, Claim]) -> list[Body]:
        """Return what takes most from a node when it is at its lowest: changes that strike it, and needs."""
        run = self.course.worst
        place = int(np.argmin(run.left[:, node]))
        month, level = float(run.months[place]), float(run.left[place, node])
        struck = {pin.change for pin in self.staged.pins if pin.node == node and pin.change != NONE and pin.low < 1}
        active = {
            pin.change for pin in self.staged.pins if pin.node == node and pin.start <= month < pin.stop and pin.low < 1
        }
        found: list[Body] = [{"change": number} for number in sorted(active & struck)]
        needs = self.staged.needs
        mine = range(int(needs.starts[node]), int(needs.starts[node + 1]))
        broken = [need for need in mine if run.met[place, need] < run.before[node] - NOTHING]
        # Twins lose together what neither loses alone, so that a level may lie below that of each need.
        least = min((float(run.met[place, need]) for need in broken), default=1.0)
        tight = [need for need in broken if run.met[place, need] <= max(level, least) + NOTHING]
        tight += [int(self.staged.twin[need]) for need in tight if self.staged.twin[need] in broken]
        for need in list(dict.fromkeys(tight))[:NEEDS]:
            told = self._need(need, run.left[place], float(run.met[place, need]), claims)
            if told:
                found.append(told)
        return found

    def _need(self, need: int, left: Floats, met: float, claims: dict[str, Claim]) -> Body:
        """Return a need with what it has lost."""
        staged, web = self.staged, self.setting.web
        before = self.course.worst.before
        places = range(int(staged.needs.cuts[need]), int(staged.needs.cuts[need + 1]))
        ends = [int(staged.needs.alternatives[place]) for place in places]
        lost = [(place, end) for place, end in zip(places, ends, strict=True) if left[end] < before[end] - NOTHING]
        origin = int(staged.need_origin[need])
        if origin == NONE:
            return self._switching(need, claims)
        body = self._about(origin)
        body |= {"met": round(met, 9), "had": len(ends), "left": len(ends) - len(lost)}
        body["lost"] = [self._end(place, end, float(left[end])) for place, end in lost[:LOST]]
        if len(lost) > LOST:
            body["lost_more"] = len(lost) - LOST
        held = web.claims_at(sorted({int(staged.origin[place]) for place, _ in lost if staged.origin[place] != NONE}))
        claims |= {claim.id: claim for claim in held}
        body["claims"] = [claim.id for claim in held]
        told = self._doubts(need, [place for place, _ in lost])
        if told:
            body["doubt"] = told
        return body

    def _doubts(self, need: int, lost: Sequence[int]) -> list[str]:
        """Say what of a need that gave way is not sure: the need, some that it lost, some that it has left."""
        doubt = self.staged.doubt
        if doubt is None:
            return []
        places = range(int(self.staged.needs.cuts[need]), int(self.staged.needs.cuts[need + 1]))
        if doubt.fewest[need] == 0:
            return [NO_NEED]
        gone = set(lost)
        told = [NO_PART] if any(doubt.unsure[place] for place in lost) else []
        return [*told, *([NO_HELP] if any(doubt.unsure[place] for place in places if place not in gone) else [])]

    def _about(self, origin: int) -> Body:
        """Return what a need of the picture is for."""
        web = self.setting.web
        body: Body = {"need": web.need_name(origin), "takes": int(web.needs.at_least[origin])}
        if web.is_making(origin):
            body["made_by"] = web.side(origin)
        elif web.is_supply(origin):
            item = web.supplied(origin)
            body |= {"supply_of": item, "supply_caption": self.setting.caption(item)}
        body["shared"] = web.is_shared(origin)
        return body

    def _end(self, place: int, node: int, left: float) -> Body:
        staged, web = self.staged, self.setting.web
        body = {**self.called(node), "left": round(left, 9)}
        origin = int(staged.origin[place])
        if origin != NONE and bool(web.said[origin]):
            body["share"] = span(float(web.least[origin]), float(web.most[origin]))
        return body

    def _switching(self, need: int, claims: dict[str, Claim]) -> Body:
        """Return the need that is broken while somebody changes over."""
        staged = self.staged
        ends = set(staged.needs.alternatives[staged.needs.cuts[need] : staged.needs.cuts[need + 1]].tolist())
        watch = next((watch for watch in staged.switches if watch.leaf in ends), None)
        if watch is None:
            return {}
        held = self.setting.web.claims_at([watch.place])
        claims |= {claim.id: claim for claim in held}
        months = watch.high if np.isfinite(watch.high) else None
        body = self._about(int(self.setting.draft.of_need[watch.place]))
        return {
            **body,
            "switching_months": months,
            "lost": [self.called(watch.watched)],
            "claims": [one.id for one in held],
        }

    def _carried(self, node: int, claims: dict[str, Claim], place: int | None = None) -> list[Body]:
        """Return the needs of a node that lost something and hold, and what carries each, in a month of the worst course.

        Without a month, the one in which they have lost most.
        """
        staged, run = self.staged, self.course.worst
        mine = range(int(staged.needs.starts[node]), int(staged.needs.starts[node + 1]))
        found: list[Body] = []
        for need in mine if run.months.size else ():
            origin = int(staged.need_origin[need])
            places = np.arange(staged.needs.cuts[need], staged.needs.cuts[need + 1])
            sources = np.array([self._source(int(at)) for at in staged.needs.alternatives[places]])
            down = run.left[:, sources] < run.before[sources] - NOTHING
            when = int(down.sum(axis=1).argmax()) if place is None else place
            if origin == NONE or not down[when].any():
                continue
            body = self._about(origin)
            gone = [
                (int(at), int(end)) for at, end, is_down in zip(places, sources, down[when], strict=True) if is_down
            ]
            body["lost"] = [self._end(at, end, float(run.left[when, end])) for at, end in gone[:LOST]]
            body["carried_by"] = self._carriers(places, sources, down[when], when, shared=body["shared"])
            if len(gone) > LOST:
                body["lost_more"] = len(gone) - LOST
            shown = [int(staged.origin[at]) for at in places.tolist() if staged.origin[at] != NONE]
            held = self.setting.web.claims_at(sorted(set(shown)))
            claims |= {claim.id: claim for claim in held}
            body["claims"] = [claim.id for claim in held]
            found.append(body)
        return found

    def _source(self, node: int) -> int:
        """Return the node behind stocks, gates and the like; what a maker is still let out is not looked behind."""
        return self.staged.behind(node)

    def _carriers(self, places: Longs, sources: Longs, down: Flags, when: int, *, shared: bool) -> list[Body]:
        """Return what gives a need what it has: other alternatives (where shares are fixed, none steps in), what is added, stocks."""
        staged, run = self.staged, self.course.worst
        month = float(run.months[when])
        adding = {extra.place for extra in staged.extras if extra.start <= month}
        found: list[Body] = []
        for at, source, is_down in zip(places.tolist(), sources.tolist(), down.tolist(), strict=True):
            node = int(staged.needs.alternatives[at])
            works = run.left[when, node] >= run.before[node] - NOTHING and run.left[when, node] > NOTHING
            if at in adding:
                found.append({**self.called(source), "how": "added capacity", "change": staged.by.get(at)})
            elif at in staged.by and run.left[when, node] > NOTHING:
                found.append({**self._taker(node), "how": "substitute", "change": staged.by[at]})
            elif is_down and works:
                found.append({**self.called(source), "how": "stock"})
            elif not is_down and works and not shared and not (staged.doubt is not None and staged.doubt.unsure[at]):
                found.append({**self.called(source), "how": "alternative"})
        return found[:LOST]

    def _taker(self, node: int) -> Body:
        """Return who takes an alternative's place: behind the gate."""
        staged = self.staged
        for need in range(int(staged.needs.starts[node]), int(staged.needs.starts[node + 1])):
            for place in range(int(staged.needs.cuts[need]), int(staged.needs.cuts[need + 1])):
                end = int(staged.needs.alternatives[place])
                if staged.hidden[end] and staged.leads.get(end) != staged.leads.get(node):
                    return self.called(end)
        return self.called(node)

    def beside(self) -> list[int]:
        """Return the things next to what falls that lose nothing: they need something of which less is left, and have it all the same."""
        staged, run = self.staged, self.course.worst
        low, _ = self.lowest
        less = low < run.before - NOTHING
        hit = np.zeros(staged.needs.nodes, np.bool_)
        sources = np.array([self._source(int(node)) for node in range(staged.needs.nodes)], dtype=np.int64)
        seen = np.where(less[staged.needs.alternatives] | less[sources[staged.needs.alternatives]], 1, 0)
        by_need = np.add.reduceat(seen, staged.needs.cuts[:-1]) > 0 if staged.needs.size else np.zeros(0, np.bool_)
        hit[staged.needs.subjects[by_need & (staged.need_origin != NONE)]] = True
        gone = set(self.changed)
        return [node for node in self.reported if hit[node] and node not in gone]


def totals(verdicts: Sequence[str]) -> dict[str, int]:
    """Count verdicts, each of them."""
    return {verdict: verdicts.count(verdict) for verdict in VERDICTS if verdict != SURVIVES}
