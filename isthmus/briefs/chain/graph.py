"""What a chain of control is drawn of: parties, what ties them, and what stands beside the lines.

A finding has answers with steps, direct holders and what nobody accounts for. Here they become one graph: each party once,
each holding once, with the doubt of each as it is to be drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from isthmus.briefs.chain.words import (
    asked_about,
    ends_before,
    kind_words,
    note_of,
    own_note,
    percent,
    share_ends,
    state_words,
    tie_words,
)
from isthmus.briefs.svg.labels import Line
from isthmus.briefs.svg.lettering import fit_for_xml
from isthmus.quantities import Quantity, total

Body = Mapping[str, Any]
End = Literal["arrow", "bar", "thin"]
RANKS = {"controls": 0, "can block": 1, "may control": 2, "influences": 3, "cannot": 4}
LAST = 9
REST = "\x00rest"


@dataclass(frozen=True, slots=True)
class Party:
    """A box of the drawing.

    Attributes
    ----------
    name : str
        Its id; those that the drawing adds begin with a null.
    rank : int
        What it matters for the answer, 0 most.
    hollow : bool
        Nobody named stands there.
    folded : tuple of str
        The captions of those that it stands for.
    """

    name: str
    caption: str
    kinds: tuple[str, ...] = ()
    notes: tuple[Line, ...] = ()
    state: str = ""
    subject: bool = False
    hollow: bool = False
    rank: int = LAST
    folded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tie:
    """A line of the drawing, from who holds to what is held.

    Attributes
    ----------
    lines : tuple of Line
        What stands beside it, the first above it, the others below.
    low, high : float or None
        The ends of the share, as fractions; None where nothing is said.
    group : int or None
        Which joint holding it is a part of.
    words : str
        The whole of it in a sentence, for who does not see the drawing.
    """

    source: str
    target: str
    lines: tuple[Line, ...]
    certain: bool = True
    past: bool = False
    hedged: bool = False
    hollow: bool = False
    end: End = "arrow"
    low: float | None = None
    high: float | None = None
    group: int | None = None
    words: str = ""
    claims: frozenset[str] = frozenset()
    share: Quantity | None = None


@dataclass(slots=True)
class Graph:
    """The parties by id, the ties between them, what joint holdings come to, and the rings that control themselves.

    `between` has the places of the ties by their ends, while they are collected.
    """

    subject: str | None
    upward: bool
    parties: dict[str, Party] = field(default_factory=dict)
    ties: list[Tie] = field(default_factory=list)
    sums: list[str] = field(default_factory=list)
    rings: list[frozenset[str]] = field(default_factory=list)
    between: dict[tuple[str, str], list[int]] = field(default_factory=dict)


def build(found: Body) -> Graph:
    """Return the graph of a finding, whole: nothing is folded yet."""
    question = found["question"]
    asked = question.get("of") or question.get("by")
    subject = asked if isinstance(asked, str) else None
    graph = Graph(subject, bool(question.get("of")) or subject is None)
    graph.rings = [frozenset(ring) for ring in found.get("rings") or ()]
    if subject:
        kinds = tuple(question.get("kinds") or ())
        graph.parties[subject] = Party(subject, asked_about(found), kinds, subject=True, rank=-1)
    _parties(graph, found)
    several = len({row.get("rule") for row in found["answers"]}) > 1
    for row in found["answers"]:
        _annotate(graph, row, several)
    _ties(graph, found)
    _joints(graph, found)
    _self_holdings(graph)
    _unnamed(graph, found)
    _rest(graph, found)
    return graph


def _parties(graph: Graph, found: Body) -> None:
    for row in found["answers"]:
        rank = RANKS.get(row["verdict"], LAST)
        down = "by" in row
        _add(graph, row["entity"], row["caption"], row.get("kinds", ()), rank, state="" if down else state_words(row))
        if down:
            _add(graph, row["by"], row["by_caption"], (), rank, state=state_words(row))
        if "of" in row:
            _add(graph, row["of"], row["of_caption"], (), LAST)
        for step in row.get("steps", ()):
            for end in ("from", "to"):
                _add(graph, step[end], step[f"{end}_caption"], step.get(f"{end}_kinds", ()), rank)
    for row in found.get("holders") or ():
        _add(graph, row["entity"], row["caption"], row.get("kinds", ()), LAST, state=state_words(row))


def _add(graph: Graph, name: str, caption: str, kinds: Iterable[str], rank: int, *, state: str = "") -> None:
    old = graph.parties.get(name, Party(name, fit_for_xml(caption), rank=rank))
    known = old.kinds or tuple(kinds)
    state = old.state or state
    notes = tuple(kind_words(known, state=state))
    graph.parties[name] = replace(old, kinds=known, rank=min(old.rank, rank), state=state, notes=notes)


def _annotate(graph: Graph, row: Body, several: bool) -> None:
    """Say a verdict in the box of the party that it is about."""
    if not graph.upward:
        name, note = row["of"], note_of(row, passive=True, other="", name_the_rule=several)
    else:
        name = row["entity"]
        other = row.get("of_caption", "") if row.get("of") != graph.subject else ""
        note = note_of(row, passive=False, other=other, name_the_rule=several)
    party = graph.parties[name]
    graph.parties[name] = replace(party, notes=(*party.notes, note)) if note not in party.notes else party


def _ties(graph: Graph, found: Body) -> None:
    ends = _last_ends(found)
    day = str(found.get("as_of") or found.get("known_at") or "")
    for row in found["answers"]:
        for step in row.get("steps", ()):
            _take(graph, _tie(step, day, ends.get((step["from"], step["to"], *sorted(step["claims"])), "arrow")))
        if not row.get("steps") and "of" in row:
            # A verdict that comes without its chain still ties the two.
            _take(graph, _bare(row))
    if graph.subject is None:
        return
    for row in found.get("holders") or ():
        if row.get("denied"):
            continue
        plain = str(row.get("interest") or "shareholding") == "shareholding"
        step = {
            "predicate": "owns" if plain else "has_interest_in",
            "words": "owns" if plain else str(row["interest"]),
            "certain": True,
            **row,
            "from": row["entity"],
            "from_caption": row["caption"],
            "to": graph.subject,
            "to_caption": graph.parties[graph.subject].caption,
        }
        _take(graph, _tie(step, day, "arrow"), from_step=False)


def _last_ends(found: Body) -> dict[tuple[str, ...], End]:
    """Return how the last steps end: with a bar where they only block, thin where they only influence."""
    verdicts: dict[tuple[str, ...], set[str]] = {}
    for row in found["answers"]:
        for step in row.get("steps", ()):
            key = (step["from"], step["to"], *sorted(step["claims"]))
            last = step["to"] == row["of"] and not step.get("bounding")
            verdicts.setdefault(key, set()).add(row["verdict"] if last else "")
    ends: dict[tuple[str, ...], End] = {}
    for key, told in verdicts.items():
        if told <= {"can block", "influences"}:
            ends[key] = "bar" if "can block" in told else "thin"
    return ends


def _tie(step: Body, day: str, end: End) -> Tie:
    low, high = share_ends(step.get("share"))
    certain = bool(step.get("certain", True))
    when = [fit_for_xml(text) for text in step.get("when", ())]
    past = bool(step.get("past", bool(when) and all(ends_before(text, day) for text in when)))
    hedges = [fit_for_xml(text) for text in step.get("hedges", ())]
    lines, words = tie_words(step, certain=certain, when=when, hedges=hedges)
    return Tie(
        source=step["from"],
        target=step["to"],
        lines=tuple(lines),
        certain=certain,
        past=past,
        hedged=bool(hedges),
        end=end,
        low=low,
        high=high,
        words=words,
        claims=frozenset(step.get("claims", ())),
        share=None if low is None and high is None else Quantity(low, high, unit="share"),
    )


def _bare(row: Body) -> Tie:
    verdict = str(row["verdict"])
    end: End = "bar" if verdict == "can block" else "thin" if verdict in ("influences", "cannot") else "arrow"
    by, caption = row.get("by", row["entity"]), fit_for_xml(row.get("by_caption", row["caption"]))
    words = f"{caption} {verdict} {fit_for_xml(row['of_caption'])}"
    claims = frozenset(row.get("claims", ()))
    return Tie(by, row["of"], (Line(verdict),), verdict != "may control", end=end, words=words, claims=claims)


def _take(graph: Graph, tie: Tie, *, from_step: bool = True) -> None:
    """Keep a tie once: two that rest on a claim in common between the same two are one.

    It is certain where it is a certain step of one answer; a list of holders does not say how certain each is.
    """
    places = graph.between.setdefault((tie.source, tie.target), [])
    for at in places:
        old = graph.ties[at]
        if old.claims & tie.claims or old.lines == tie.lines:
            if from_step and tie.certain and not old.certain:
                graph.ties[at] = replace(tie, end=old.end)
            return
    places.append(len(graph.ties))
    graph.ties.append(tie)


def _joints(graph: Graph, found: Body) -> None:
    """Group the ties into one party that an answer adds up, the largest groups first."""
    groups: dict[tuple[str, frozenset[str]], Body] = {}
    for row in (row for row in found["answers"] if "of" in row):
        into: dict[str, set[str]] = {}
        for step in row.get("steps", ()):
            # A step that only bounds what the others can have is no part of the sum.
            if (step.get("share") or step["predicate"] == "owns") and not step.get("bounding"):
                into.setdefault(step["to"], set()).add(step["from"])
        if row.get("jointly"):
            into.setdefault(row["of"], set()).update(row["jointly"])
        for target, members in into.items():
            if len(members) > 1 and row["verdict"] != "cannot":
                groups.setdefault((target, frozenset(members)), row)
    for (target, together), row in sorted(groups.items(), key=lambda item: -len(item[0][1])):
        chosen = [
            at
            for at, tie in enumerate(graph.ties)
            if tie.target == target and tie.source in together and tie.group is None and tie.end == "arrow"
        ]
        if len({graph.ties[at].source for at in chosen}) > 1:
            whole = row.get("share") if target == row["of"] else None
            words = percent(whole) or percent_of([graph.ties[at] for at in chosen])
            graph.sums.append(f" {words}" if words else ", shares not all stated")
            for at in chosen:
                graph.ties[at] = replace(graph.ties[at], group=len(graph.sums) - 1)


def percent_of(ties: Iterable[Tie]) -> str:
    """Return the sum of shares in words, empty where one of them is not known."""
    shares = [tie.share for tie in ties]
    known = [share for share in shares if share is not None]
    if not known or len(known) < len(shares):
        return ""
    whole = total(known, "share").to_json()
    # Parts that may be more than the whole together are at most the whole.
    return percent({**whole, "high": max(min(whole["high"], 1), whole["low"])})


def _self_holdings(graph: Graph) -> None:
    """Say what a party holds of itself in its box: a line from a box to itself says less."""
    for tie in graph.ties:
        if tie.source == tie.target:
            party = graph.parties[tie.source]
            graph.parties[tie.source] = replace(party, notes=(*party.notes, own_note(tie.lines)))
    graph.ties = [tie for tie in graph.ties if tie.source != tie.target]


def _unnamed(graph: Graph, found: Body) -> None:
    """Say in a group's box how many of its members are not named."""
    captions = {party.caption: name for name, party in graph.parties.items()}
    for gap in found.get("gaps") or ():
        head, _, told = fit_for_xml(gap["what"]).rpartition(": ")
        name = captions.get(head.removeprefix("members of "))
        if gap["kind"] in ("unnamed", "withheld") and name is not None:
            party = graph.parties[name]
            graph.parties[name] = replace(party, notes=(*party.notes, Line(told)))


def _rest(graph: Graph, found: Body) -> None:
    """Draw what nobody accounts for, or that nothing is known at all, as a hollow box."""
    if graph.subject is None:
        if not graph.parties:
            notes = (Line("in this picture; somebody may"),)
            graph.parties[REST] = Party(REST, "Nobody is known to control anything", notes=notes, hollow=True)
        return
    words = percent(found.get("unaccounted"))
    low, high = share_ends(found.get("unaccounted"))
    if words and high != 0 and graph.upward:
        notes = (Line(f"{words} of shares unaccounted"),)
        graph.parties[REST] = Party(REST, "Nobody named", notes=notes, hollow=True, rank=LAST + 1)
        told = f"{words} of the shares of {graph.parties[graph.subject].caption} are not accounted for"
        graph.ties.append(Tie(REST, graph.subject, (Line(words),), hollow=True, low=low, high=high, words=told))
    elif not graph.ties:
        caption = "No holder or controller is named" if graph.upward else "Nothing that it controls is named"
        notes = (Line("in this picture; there may be some"),)
        graph.parties[REST] = Party(REST, caption, notes=notes, hollow=True, rank=LAST + 1)
        ends = (REST, graph.subject) if graph.upward else (graph.subject, REST)
        graph.ties.append(Tie(*ends, (), hollow=True, words=f"{caption} in this picture"))
