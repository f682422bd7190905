"""Why a verdict stands, what it would not stand without, and the smallest new fact that would turn it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from isthmus.control.economic import owners_of
from isthmus.control.evaluate import Evaluation
from isthmus.control.graph import Graph, build_graph
from isthmus.control.inquiry import Inquiry, claims_at
from isthmus.control.rows import WHOLE, Rows
from isthmus.control.support import Link, find_support
from isthmus.control.verdicts import CANNOT, CONTROLS, MAY_CONTROL, Verdict, controlled_by, rule_on, share_word
from isthmus.control.works import Family, families
from isthmus.lenses.control.links import bounded, percent

QUICK_FAMILIES, QUICK_ROWS = 8, 80
"""Up to so many works and rows, what hangs on one work is worked out with every answer; of more where it is asked why."""
FEW = 3
"""Of so many pairs, each is asked by itself."""
Words = dict[tuple[int, int], str]


class Why:
    """Asks the verdicts of an inquiry again, without some of its claims."""

    def __init__(self, inquiry: Inquiry, verdicts: Sequence[Verdict], said: Sequence[str]) -> None:
        self.inquiry = inquiry
        self.verdicts = verdicts
        self.together: list[list[str]] = []
        self.said = dict(zip(verdicts, said, strict=True))
        keys = inquiry.graph.keys
        self.ends = {verdict: (int(keys[verdict.node]), int(keys[verdict.target])) for verdict in verdicts}
        self.downwards = bool(verdicts) and any(verdict.target != inquiry.node for verdict in verdicts)

    @cached_property
    def families(self) -> list[Family]:
        """The works behind the rows, those derived from one another as one."""
        return families(self.inquiry.picture, self.inquiry.rows)

    def words(self, rows: Rows) -> Words:
        """Return the verdicts that some rows give, by the keys of party and thing."""
        graph = build_graph(rows, self.inquiry.profile)
        node = (
            graph.place.get(int(self.inquiry.graph.keys[self.inquiry.node])) if self.inquiry.node is not None else None
        )
        if node is None:
            return {}
        evaluation = Evaluation(graph)
        if self.inquiry.profile.by_shares:
            return self._share_words(evaluation, node)
        if self.inquiry.profile.arithmetic == "aggregate":
            return self._aggregate_words(evaluation, node)
        found = controlled_by(evaluation, node) if self.downwards else rule_on(evaluation, node).verdicts
        return {(int(graph.keys[item.node]), int(graph.keys[item.target])): item.word for item in found}

    def _share_words(self, evaluation: Evaluation, node: int) -> Words:
        profile, keys = self.inquiry.profile, evaluation.graph.keys
        economic = owners_of(evaluation, node, commanded=profile.arithmetic == "control_is_100")
        return {
            (int(keys[owner]), int(keys[node])): share_word(profile, economic.low.get(owner, 0.0), high)[0]
            for owner, high in economic.high.items()
        }

    def _aggregate_words(self, evaluation: Evaluation, node: int) -> Words:
        passes, place = self.inquiry.profile.passes, evaluation.graph.place
        listed = {int(self.inquiry.graph.keys[party]) for verdict in self.verdicts for party in verdict.together}
        start = frozenset(place[key] for key in listed if key in place)
        low, high = (
            evaluation.bounds(evaluation.reach(start, possible=possible).members, node)[possible]
            for possible in (False, True)
        )
        word = CONTROLS if passes(low) else MAY_CONTROL if passes(high) else CANNOT
        return {self.ends[verdict]: word for verdict in self.verdicts}

    def holds(self, verdict: Verdict, rows: Rows) -> bool:
        """Tell whether some rows give the same verdict."""
        return self._asked(rows, (verdict,)).get(self.ends[verdict]) == self.said[verdict]

    def _asked(self, rows: Rows, verdicts: Sequence[Verdict]) -> Words:
        """Return the verdicts that some rows give on a few pairs: whether one commands another is asked without all the others."""
        plain = all(self.said[one] in (CONTROLS, MAY_CONTROL) and not one.together for one in verdicts)
        if self.inquiry.profile.arithmetic != "control" or not plain or len(verdicts) > FEW:
            return self.words(rows)
        graph = build_graph(rows, self.inquiry.profile)
        evaluation, found = Evaluation(graph), Words()
        for verdict in verdicts:
            holder, target = (graph.place.get(key) for key in self.ends[verdict])
            if holder is None or target is None:
                continue
            for word, possible in ((CONTROLS, False), (MAY_CONTROL, True)):
                if target in evaluation.reach(holder, possible=possible, until=frozenset((target,))).steps:
                    found[self.ends[verdict]] = word
                    break
        return found

    def hanging(self, *, thorough: bool) -> tuple[dict[str, list[str]], set[str], str]:
        """Return the answers that change without each work; the works on which all rests; and a note on what was not tried."""
        if not self.verdicts:
            return {}, set(), ""
        if not thorough and len(self.inquiry.rows) > QUICK_ROWS:
            return {}, set(), "what hangs on one source was not worked out here: ask `isthmus why control …`"
        if not thorough and len(self.families) > QUICK_FAMILIES:
            return {}, set(), "what hangs on one source was not worked out here: ask `isthmus why control …`"
        flips: dict[str, list[str]] = {}
        single: set[str] = set()
        for family, words in self._without_each:
            changed = [one for one in self.verdicts if words.get(self.ends[one], CANNOT) != self.said[one]]
            names = sorted({self._name(one) for one in changed})
            for work in family.works if names else ():
                flips[work] = names
            if names and len(family.works) > 1:
                self.together.append(list(family.works))
            if names and family.claims.issuperset(self.inquiry.rows.claims()):
                single.update(family.works)
        return flips, single, ""

    @cached_property
    def _without_each(self) -> list[tuple[Family, Words]]:
        return [
            (family, self._asked(self.inquiry.rows.without(family.claims), self.verdicts)) for family in self.families
        ]

    def flipping(self, verdict: Verdict) -> list[str]:
        """Return the works without which a verdict is another."""
        return [
            work
            for family, words in self._without_each
            if words.get(self.ends[verdict], CANNOT) != self.said[verdict]
            for work in family.works
        ]

    def _name(self, verdict: Verdict) -> str:
        caption = self.inquiry.picture.caption
        return (
            f"{caption(self.inquiry.id(verdict.node))} {self.said[verdict]} {caption(self.inquiry.id(verdict.target))}"
        )


def why_of(reasons: Why, verdict: Verdict, links: Sequence[Link], found: Any) -> dict[str, Any]:
    """Return why one verdict stands; the claims that it names are added to those found."""
    inquiry = reasons.inquiry
    if reasons.said[verdict] == CANNOT:
        body: dict[str, Any] = {"minimal": [], "pivotal": [], "exact": True, "flips_without": []}
    else:
        support = find_support(inquiry.rows, links, lambda rows: reasons.holds(verdict, rows))
        named = _ids(inquiry, (*support.minimal, *support.pivotal), found)
        body = {
            "minimal": [sorted(named[place] for place in support.minimal)],
            "pivotal": sorted(named[place] for place in support.pivotal),
            "exact": support.exact,
            "flips_without": reasons.flipping(verdict),
        }
    change = smallest_change(inquiry, verdict, links)
    return {**body, "smallest_change": change} if change else body


def _ids(inquiry: Inquiry, places: Sequence[int], found: Any) -> dict[int, str]:
    wanted = set(places)
    rows = [
        row for row in range(len(inquiry.rows)) if {int(inquiry.rows.claim[row]), int(inquiry.rows.also[row])} & wanted
    ]
    claims = claims_at(inquiry.picture, inquiry.rows.places(rows))
    for place in wanted:
        found.claims[claims[place].id] = claims[place]
    return {place: claims[place].id for place in wanted}


def smallest_change(inquiry: Inquiry, verdict: Verdict, links: Sequence[Link]) -> dict[str, Any] | None:
    """Return the smallest new fact about one share that would turn a verdict, tried on the graph; None where there is none of that kind."""
    if inquiry.profile.by_shares:
        return None
    if verdict.word == CONTROLS:
        return _to_break(inquiry, verdict, links)
    if verdict.word == MAY_CONTROL:
        return _to_settle(inquiry, verdict, links)
    return _to_reach(inquiry, verdict)


def _to_break(inquiry: Inquiry, verdict: Verdict, links: Sequence[Link]) -> dict[str, Any] | None:
    evaluation, quota = inquiry.evaluation, inquiry.profile.quota
    best: tuple[int, Link, int] | None = None
    for link in links:
        if link.low is None or link.bounding:
            continue
        together = [other.source for other in links if other.target == link.target and not other.bounding]
        least, _ = evaluation.bounds(together, link.target)
        most = link.low - (least - quota) - (1 if inquiry.profile.inclusive else 0)
        if most < 0 or (best and link.low - most >= best[0]):
            continue
        if not _commands(_changed(inquiry.graph, link, 0, most), verdict):
            best = (link.low - most, link, most)
    if best is None:
        return _withdrawal(inquiry, verdict, links)
    _, link, most = best
    return _fact(inquiry, link, 0, most, f"that {_ends(inquiry, link)} is no more than {_percent(most)}")


def _withdrawal(inquiry: Inquiry, verdict: Verdict, links: Sequence[Link]) -> dict[str, Any] | None:
    facts = [link for link in links if link.low is None]
    if not facts:
        return None
    link, caption = facts[-1], inquiry.picture.caption
    ends = f"{caption(inquiry.id(link.source))} over {caption(inquiry.id(link.target))}"
    words = f"that what gives {ends} its say has ended, or is withdrawn by its source"
    return {"words": words, "from": inquiry.id(link.source), "to": inquiry.id(link.target)}


def _to_settle(inquiry: Inquiry, verdict: Verdict, links: Sequence[Link]) -> dict[str, Any] | None:
    evaluation, quota = inquiry.evaluation, inquiry.profile.quota
    best: tuple[int, Link, int] | None = None
    open_links = [link for link in links if not link.bounding and not (link.certain and link.low is None)]
    for link in open_links:
        if link.low is None or link.high is None:
            continue
        together = [other.source for other in links if other.target == link.target and not other.bounding]
        least, _ = evaluation.bounds(together, link.target)
        needed = link.low + (quota - least) + (0 if inquiry.profile.inclusive else 1)
        if needed > link.high or (best and needed - link.low >= best[0]):
            continue
        if _commands(_changed(inquiry.graph, link, needed, max(needed, link.high)), verdict):
            best = (needed - link.low, link, needed)
    if best is None:
        doubtful = sum(1 for link in open_links if link.low is None or link.low != link.high)
        return (
            {"words": f"no single share would settle it: {doubtful} links of the chain are in doubt"}
            if doubtful > 1
            else None
        )
    _, link, needed = best
    return _fact(inquiry, link, needed, WHOLE, f"that {_ends(inquiry, link)} is {_more_than(inquiry, needed)}")


def _to_reach(inquiry: Inquiry, verdict: Verdict) -> dict[str, Any] | None:
    inside = inquiry.evaluation.members(verdict.node, possible=False)
    least, _ = inquiry.evaluation.bounds(inside, verdict.target)
    missing = inquiry.profile.quota - least + (0 if inquiry.profile.inclusive else 1)
    if missing <= 0 or inquiry.graph.infeasible[verdict.target]:
        return None
    caption = inquiry.picture.caption
    ends = f"{caption(inquiry.id(verdict.node))} in {caption(inquiry.id(verdict.target))}"
    held = {holder: low for holder, low, *_ in inquiry.evaluation.holders.get(verdict.target, ())}
    own = held.pop(verdict.node, 0)
    needed, others = own + missing, sum(held.values())
    if inquiry.graph.closed[verdict.target]:
        return {"words": "none: the list of holders is called complete, and leaves it no more"}
    if inquiry.picture.is_kind(inquiry.id(verdict.node), "person") and not own:
        return None
    if needed + others > WHOLE:
        fact = f"the share of {ends} would be {_more_than(inquiry, needed)}"
        return {"words": f"none that fits what is held: {fact}, and others have {_percent(others)}"}
    words = f"that the share of {ends} is {_more_than(inquiry, needed)}"
    share = bounded(needed, WHOLE)
    return {"words": words, "from": inquiry.id(verdict.node), "to": inquiry.id(verdict.target), "share": share}


def _fact(inquiry: Inquiry, link: Link, low: int, high: int, words: str) -> dict[str, Any]:
    return {"words": words, "from": inquiry.id(link.source), "to": inquiry.id(link.target), "share": bounded(low, high)}


def _changed(graph: Graph, link: Link, low: int, high: int) -> Graph:
    chosen = (graph.holder == link.source) & (graph.target == link.target)
    return replace(graph, low=np.where(chosen, low, graph.low), high=np.where(chosen, high, graph.high))


def _commands(graph: Graph, verdict: Verdict) -> bool:
    evaluation = Evaluation(graph)
    parties = {verdict.node, *verdict.together}
    start = frozenset(node for party in parties for node in evaluation.start(party, possible=False))
    return verdict.target in evaluation.reach(start, possible=False).steps


def _ends(inquiry: Inquiry, link: Link) -> str:
    caption = inquiry.picture.caption
    return f"the share of {caption(inquiry.id(link.source))} in {caption(inquiry.id(link.target))}"


def _percent(units: int) -> str:
    body = bounded(units, units)
    assert body is not None
    return percent(body)


def _more_than(inquiry: Inquiry, needed: int) -> str:
    return f"at least {_percent(needed)}" if inquiry.profile.inclusive else f"more than {_percent(needed - 1)}"
