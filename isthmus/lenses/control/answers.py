"""An answer for each verdict: who, what, how much, by which chain, and how sure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from isthmus.control.inquiry import Inquiry
from isthmus.control.rows import WHOLE
from isthmus.control.support import Link, chain
from isthmus.control.verdicts import CONTROLS, MAY_CONTROL, Verdict, share_word
from isthmus.lenses.control.designations import designations
from isthmus.lenses.control.links import bounded, part, path, step
from isthmus.lenses.control.states import state_of
from isthmus.lenses.control.whys import Why, why_of
from isthmus.model import Claim

DETAILED = 200
"""So many answers show their chain; of more only the verdict and the share are given."""
RINGED = 20
"""So many members of its circle an answer names; the finding names them all."""
LINKS = 1500
"""So many links are shown at the most, but for one chain that is longer."""
EXPLAINED = 12
"""So many answers are explained, as each takes many evaluations."""
Row = dict[str, Any]


@dataclass
class Answered:
    """The answers of one finding, the claims that they cite, and what each hangs on."""

    rows: list[Row] = field(default_factory=list)
    claims: dict[str, Claim] = field(default_factory=dict)
    flips: dict[str, list[str]] = field(default_factory=dict)
    single: set[str] = field(default_factory=set)
    together: list[list[str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def extend(self, other: Answered) -> None:
        """Add the answers under another rule."""
        self.rows += other.rows
        self.claims |= other.claims
        for work, names in other.flips.items():
            self.flips[work] = sorted({*self.flips.get(work, ()), *names})
        self.single |= other.single
        self.together += [family for family in other.together if family not in self.together]
        self.notes += [note for note in other.notes if note not in self.notes]

    def designated(self, inquiry: Inquiry) -> list[Row]:
        """Return on which lists the thing itself stands on the day; the claims are added to those cited."""
        claims = designations(inquiry.picture, [inquiry.entity.id]).get(inquiry.entity.id, [])
        self.claims.update({claim.id: claim for claim in claims})
        return [_designation(inquiry, claim) for claim in claims]

    def sensitivity(self) -> dict[str, Any]:
        """Return the works without which some answer is another, and those on which all that is held here rests."""
        flips = {work: list(names) for work, names in sorted(self.flips.items())}
        found = {"single_source": sorted(self.single), "flips_without": sorted(flips), "flips": flips}
        return {**found, "together": self.together} if self.together else found

    def beside(self) -> list[Row]:
        """Return the answers side by side: one row for each party and thing, with what each rule says."""
        found: dict[tuple[str, str], Row] = {}
        for row in self.rows:
            place = found.setdefault(
                (row["entity"], row["of"]),
                {"entity": row["entity"], "caption": row["caption"], "of": row["of"], "by_rule": {}},
            )
            said = {name: row[name] for name in ("verdict", "share", "met", "disclose") if name in row}
            place["by_rule"][row["rule"]] = said
        return list(found.values())


def answer_all(inquiry: Inquiry, verdicts: Sequence[Verdict], *, why: bool, downwards: bool = False) -> Answered:
    """Return an answer for each verdict.

    Parameters
    ----------
    downwards : bool
        The question is what one party controls: each answer is about a thing, not about a party.
    """
    picture = inquiry.picture
    chains = _chains(inquiry, verdicts)
    nodes = {node for verdict in verdicts for node in (verdict.node, verdict.target, *verdict.together)}
    nodes |= {node for links in chains.values() for link in links for node in (link.source, link.target)}
    picture.load_entities(inquiry.id(node) for node in nodes)
    inquiry.load(row for links in chains.values() for link in links for row in link.rows)
    found = Answered()
    for verdict in verdicts:
        found.rows.append(_row(inquiry, verdict, chains, found, downwards))
    _add_designations(inquiry, found)
    if len(chains) < len(verdicts):
        found.notes.append(f"{len(verdicts):,} answers; the chain is shown of the {len(chains):,} that are nearest")
    reasons = Why(inquiry, verdicts, [row["verdict"] for row in found.rows])
    found.flips, found.single, note = reasons.hanging(thorough=why)
    found.together = reasons.together
    if note:
        found.notes.append(note)
    if why:
        for row, verdict in list(zip(found.rows, verdicts, strict=True))[:EXPLAINED]:
            row["support"] = why_of(reasons, verdict, chains.get(verdict, []), found)
        if len(verdicts) > EXPLAINED:
            found.notes.append(
                f"the first {EXPLAINED} of {len(verdicts):,} answers are explained; ask about one party with --by"
            )
    return found


def _chains(inquiry: Inquiry, verdicts: Sequence[Verdict]) -> dict[Verdict, list[Link]]:
    """Return the chains of the answers that are nearest to the entity, until many links are shown; in long circles each is long."""
    up, down = (_steps_from(inquiry, upwards=upwards) for upwards in (True, False))
    far = len(inquiry.graph.keys)
    ends = {one: up.get(one.node, far) if one.target == inquiry.node else down.get(one.target, far) for one in verdicts}
    shown: dict[Verdict, list[Link]] = {}
    number = 0
    for verdict in sorted(verdicts, key=lambda one: ends[one])[:DETAILED]:
        links = chain(inquiry.evaluation, verdict)
        number += len(links)
        if shown and number > LINKS:
            break
        shown[verdict] = links
    return shown


def _steps_from(inquiry: Inquiry, *, upwards: bool) -> dict[int, int]:
    """Return how many links above the entity, or below it, each node stands."""
    if inquiry.node is None:
        return {}
    ties: dict[int, list[int]] = {}
    graph = inquiry.graph
    for sources, targets in ((graph.holder, graph.target), (graph.facts.source, graph.facts.target)):
        for source, target in zip(sources.tolist(), targets.tolist(), strict=True):
            start, end = (target, source) if upwards else (source, target)
            ties.setdefault(start, []).append(end)
    found, frontier, step = {inquiry.node: 0}, [inquiry.node], 0
    while frontier:
        step += 1
        frontier = list(dict.fromkeys(other for node in frontier for other in ties.get(node, ()) if other not in found))
        found |= dict.fromkeys(frontier, step)
    return found


def _row(
    inquiry: Inquiry, verdict: Verdict, chains: Mapping[Verdict, Sequence[Link]], found: Answered, downwards: bool
) -> Row:
    picture, links = inquiry.picture, chains.get(verdict, ())
    party, thing = (picture.entity(inquiry.id(node)) for node in (verdict.node, verdict.target))
    shown = thing if downwards else party
    steps = [step(inquiry, link) for link in links]
    for claim in inquiry.claims({row for link in links for row in link.rows}):
        found.claims[claim.id] = claim
    cited = {name for item in steps for name in item["claims"]}
    held = [found.claims[name] for name in sorted(cited)]
    row: Row = {
        "entity": shown.id,
        "caption": shown.caption,
        "kinds": list(shown.kinds),
        "of": thing.id,
        "of_caption": thing.caption,
        **({"by": party.id, "by_caption": party.caption} if downwards else {}),
        **_judged(inquiry, verdict, links),
        "direct": any(link.source == verdict.node and link.target == verdict.target for link in links),
        "ultimate": verdict.ultimate,
        **state_of(inquiry, verdict.node),
        "steps": steps,
        "path": path(inquiry, steps),
        "jointly": [inquiry.id(node) for node in _jointly(verdict, links)],
        "claims": sorted(cited),
        "sources": sorted({claim.source for claim in held}),
        "hedges": sorted({claim.hedge for claim in held if claim.hedge}),
    }
    if verdict.also and verdict.word != CONTROLS and not inquiry.profile.by_shares:
        row["also"] = list(verdict.also)
    ring = next((ring for ring in inquiry.ruling.rings if verdict.node in ring), None) if not downwards else None
    if ring:
        row["ring"] = [inquiry.id(node) for node in ring[:RINGED]]
    note = _note(inquiry, verdict, links)
    return {**row, "note": note} if note else row


def _judged(inquiry: Inquiry, verdict: Verdict, links: Sequence[Link]) -> Row:
    """Return verdict, rule and share: what a rule of shares says of the share, and a rule of control of command."""
    profile, economic = inquiry.profile, inquiry.economic
    low, high = economic.low.get(verdict.node, 0.0), economic.high.get(verdict.node, 0.0)
    # Who has a part in himself through a circle has less of the thing than the sum over all rounds, which may pass 100 %.
    circular = verdict.node in inquiry.evaluation.circular and 0 < low == high
    real = low / inquiry.rounds[verdict.node] if circular and verdict.node in inquiry.rounds else low
    low, high = (real, real) if low > 1 else (low, min(high, 1.0))
    own = part(*((real, real) if circular else (low, high))) if high > 0 and verdict.target == inquiry.node else None
    if circular and verdict.node not in inquiry.rounds:
        own = None
    direct = [link for link in links if link.target == verdict.target and link.low is not None and not link.bounding]
    alone = inquiry.claims(direct[0].rows) if len(direct) == 1 and direct[0].source == verdict.node else ()
    alone = [claim for claim in alone if claim.predicate != "member_of"]
    if alone and (verdict.low, verdict.high) != (direct[0].low, direct[0].high):
        alone = []
    body: Row = {"verdict": verdict.word, "rule": profile.id}
    if not profile.by_shares:
        return {**body, "share": bounded(verdict.low, verdict.high, alone), "economic": own}
    least, most = round(low * WHOLE), round(high * WHOLE)
    word, met = share_word(profile, low, high)
    body |= {"verdict": word, "share": part(low, high), "economic": own, "met": met, "test": profile.test}
    if circular and profile.arithmetic == "multiply":
        body["corrected"] = own
    if profile.disclose is not None:
        body["disclose"] = True if least >= profile.disclose else None if most >= profile.disclose else False
    return body


def _jointly(verdict: Verdict, links: Sequence[Link]) -> list[int]:
    last = [
        link.source for link in links if link.target == verdict.target and link.low is not None and not link.bounding
    ]
    return list(dict.fromkeys((*verdict.together, *(last if len(last) > 1 else ()))))


def _note(inquiry: Inquiry, verdict: Verdict, links: Sequence[Link]) -> str:
    """Say in words what a verdict depends on that its word does not say."""
    caption = inquiry.picture.caption
    if verdict.together and verdict.node in inquiry.evaluation.partners:
        others = ", ".join(caption(inquiry.id(node)) for node in verdict.together if node != verdict.node)
        return f"only together with {others}, with whom it acts in concert"
    if verdict.together and verdict.word in (CONTROLS, MAY_CONTROL):
        return "its members together, if they act as one"
    if verdict.word != MAY_CONTROL:
        return ""
    doubts = []
    for link in links:
        if link.certain and link.low is None:
            continue
        ends = f"{caption(inquiry.id(link.source))} in {caption(inquiry.id(link.target))}"
        if link.low is None:
            doubts.append(f"what gives {ends} a say may or may not amount to control")
        elif (link.low, link.high) == (0, WHOLE) or (link.low == 1 and link.high == WHOLE):
            doubts.append(f"the share of {ends} is not said")
        elif link.low != link.high:
            doubts.append(f"the share of {ends} is not exact")
    return "; ".join(dict.fromkeys(doubts))


def _add_designations(inquiry: Inquiry, found: Answered) -> None:
    """Note on which lists a party stands on the day."""
    rows = found.rows[:DETAILED]
    listed = designations(inquiry.picture, [row["entity"] for row in rows])
    for row in rows:
        if row["entity"] in listed:
            row["designated"] = [_designation(inquiry, claim) for claim in listed[row["entity"]]]
            found.claims.update({claim.id: claim for claim in listed[row["entity"]]})


def _designation(inquiry: Inquiry, claim: Claim) -> Row:
    return {
        "by": claim.subject,
        "by_caption": inquiry.picture.caption(claim.subject),
        "as": claim.qualifier("as"),
        "from": claim.valid_from,
        "claims": [claim.id],
    }
