"""What of a dependence is drawn: each thing once, at its tier, with the needs between it and the next; the rest is counted."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from isthmus.briefs.svg.labels import Line
from isthmus.briefs.svg.lettering import fit_for_xml

MOST = 50
"""So many items are drawn at most, those that stand for others among them."""
MOST_FIRST, MOST_NEEDS, MOST_OTHERS = 12, 6, 6
"""So many needs of the thing asked about, of others, and alternatives of a need are drawn; one more rather than counted alone."""
MOST_COLUMNS = 7
_SHORT = 36
_LISTS = {
    "complete": "its list of needs is complete",
    "incomplete": "list of needs incomplete",
    "unknown": "list of needs not known",
}

Body = Mapping[str, Any]
Kind = Literal["thing", "again", "more"]


@dataclass(eq=False)
class Item:
    """A box of the drawing.

    Attributes
    ----------
    kind : str
        A thing; a thing that is drawn elsewhere; or what is only counted.
    notes : list of Line
    told : str
        The whole of it, for whoever asks.
    alone : bool
        Whether its failure alone fails what is asked about.
    listed : str
        What is said of the list of what it needs.
    """

    kind: Kind
    caption: str
    column: int
    kinds: tuple[str, ...] = ()
    notes: list[Line] = field(default_factory=list)
    told: str = ""
    alone: bool = False
    listed: str = "unsaid"
    joints: list[Joint] = field(default_factory=list)
    needs: int = 0


@dataclass(eq=False)
class Joint:
    """One need of a thing: its words, and what meets it; `certain` says of each whether that surely holds."""

    words: tuple[Line, ...]
    ends: list[Item]
    certain: list[bool]
    braced: bool
    told: str


@dataclass(eq=False)
class Tree:
    """What is drawn: the thing asked about, how many things are drawn, and the sentences that tell it."""

    root: Item
    things: int
    told: list[str]


def tree_of(finding: Mapping[str, Any]) -> Tree:
    """Return what is drawn of a finding of the lens of dependence."""
    return _Grower(finding).grow()


class _Grower:
    def __init__(self, finding: Mapping[str, Any]) -> None:
        self.question = finding["question"]
        self.depth = int(self.question.get("depth") or 0)
        self.rows: dict[str, Body] = {row["entity"]: row for row in finding["answers"]}
        self.needs: dict[str, list[Body]] = {}
        for need in finding.get("needs") or ():
            self.needs.setdefault(need["entity"], []).append(need)
        self.drawn: dict[str, Item] = {}
        self.above: dict[str, str] = {}
        self.left = MOST
        self.told: list[str] = []
        self.own_list = next((_state(row) for row in finding.get("tiers") or () if not row["tier"]), "unsaid")

    def grow(self) -> Tree:
        name = self.question["of"]
        caption = fit_for_xml(self.question.get("caption") or name)
        notes = [Line(_LISTS[self.own_list])] if self.own_list in _LISTS else []
        root = Item("thing", caption, 0, tuple(self.question.get("kinds") or ()), notes, caption, listed=self.own_list)
        self.drawn[name] = root
        waiting = deque([name])
        while waiting:
            # First come, first served: what is near is drawn before what is far.
            waiting.extend(self._branch(waiting.popleft()))
        return Tree(root, len(self.drawn) - 1, self.told)

    def _branch(self, name: str) -> list[str]:
        """Draw what a thing needs, and return the things that are new."""
        item = self.drawn[name]
        # Two ranges of versions of one thing are two needs, and one branch.
        needs = list({_what(need): need for need in self.needs.get(name, ())}.values())
        item.needs = len(needs)
        if not needs:
            return []
        if item.column + 1 >= MOST_COLUMNS or self.left <= 0:
            item.notes.append(Line(f"{_count(len(needs), 'need')}, not drawn"))
            item.told += f"; needs {self._listed(needs)}"
            return []
        known = [need for need in needs if self._told_before(need, item.column + 1)]
        # What stands elsewhere is named in one box.
        known = known if len(known) > 1 else []
        needs = [need for need in needs if need not in known]
        needs.sort(key=lambda need: not any(self._alone(other) for other in need["alternatives"]))
        most = MOST_FIRST if not item.column else MOST_NEEDS
        most = len(needs) if len(needs) <= most + 1 else most
        new: list[str] = []
        shown = 0
        for need in needs[:most]:
            if self.left <= 0:
                break
            item.joints.append(self._joint(name, need, new))
            shown += 1
        if shown < len(needs):
            rest = needs[shown:]
            more = self._more(f"and {_count(len(rest), 'more need')}", rest, item.column + 1)
            item.joints.append(Joint((), [more], [True], False, ""))
        if known:
            item.joints.append(self._elsewhere(item, known))
        return new

    def _told_before(self, need: Body, column: int) -> bool:
        """Tell whether a need is surely for one thing that has its box already, or its tier elsewhere."""
        (first, *others) = need["alternatives"]
        plain = (
            not others
            and need["strength"] == "required"
            and first.get("certain", True)
            and not first.get("supplied_by")
        )
        name = first["entity"]
        return plain and (name in self.drawn or self.rows.get(name, {}).get("tier", column) != column)

    def _elsewhere(self, item: Item, needs: Sequence[Body]) -> Joint:
        """Return one box for several things that a thing needs and that are drawn elsewhere."""
        self.left -= 1
        names = [fit_for_xml(need["alternatives"][0]["caption"]) for need in needs]
        alone = any(self._alone(need["alternatives"][0]) for need in needs)
        told = f"{item.caption} needs {', '.join(names)}"
        self.told.append(told)
        drawn = all(need["alternatives"][0]["entity"] in self.drawn for need in needs)
        note = Line("each drawn once, elsewhere" if drawn else "drawn or counted elsewhere")
        box = Item("again", _some(names, 4), item.column + 1, (), [note], told, alone)
        return Joint((), [box], [True], False, told)

    def _joint(self, name: str, need: Body, new: list[str]) -> Joint:
        item, others = self.drawn[name], list(need["alternatives"])
        others.sort(key=lambda other: not self._alone(other))
        most = len(others) if len(others) <= MOST_OTHERS + 1 else MOST_OTHERS
        words = _words(need)
        ends, certain = [], []
        for other in others[:most]:
            ends.append(self._end(name, other, item.column + 1, new))
            certain.append(bool(other.get("certain", True)))
        if most < len(others):
            rest = others[most:]
            caption = f"and {len(rest):,} more"
            ends.append(self._more(caption, [{"alternatives": rest}], item.column + 1))
            certain.append(any(other.get("certain", True) for other in rest))
        told = f"{item.caption} needs {_sentence(need)}"
        self.told.append(told)
        return Joint(words, ends, certain, len(others) > 1, told)

    def _end(self, name: str, other: Body, column: int, new: list[str]) -> Item:
        entity = other["entity"]
        self.left -= 1
        caption = fit_for_xml(other["caption"])
        supplied = [fit_for_xml(one) for one in other.get("supplied_by_captions") or ()]
        source = [Line(f"from {_some(supplied)}")] if supplied else []
        row = self.rows.get(entity, {})
        if entity in self.drawn:
            around = entity == name or entity in self._path(name)
            where = (
                f"drawn once, in tier {self.drawn[entity].column}"
                if self.drawn[entity].column
                else "what is asked about"
            )
            note = "needs what needs it" if around else where
            told = f"{caption}: {note}"
            return Item("again", caption, column, (), [Line(note), *source], told, bool(row.get("alone")))
        tier = row.get("tier", column)
        if tier != column:
            note = f"of tier {tier}, not drawn there"
            return Item(
                "again", caption, column, (), [Line(note), *source], f"{caption}: {note}", bool(row.get("alone"))
            )
        made = self._thing(entity, caption, row, column, source)
        self.drawn[entity] = made
        self.above[entity] = name
        new.append(entity)
        return made

    def _thing(self, entity: str, caption: str, row: Body, column: int, source: Sequence[Line]) -> Item:
        notes = [Line("fails it alone", strong=True)] if row.get("alone") else []
        notes += source
        state = row.get("list") or "unsaid"
        notes += [Line(_LISTS[state])] if state in _LISTS else []
        hedges = [fit_for_xml(hedge) for hedge in row.get("hedges") or ()]
        if hedges:
            notes.append(Line(f"“{hedges[0]}”" if len(hedges[0]) <= _SHORT else "hedged by its source", hedged=True))
        kinds = tuple(row.get("kinds") or ())
        deeper = row.get("needs", 0) if entity not in self.needs else 0
        if deeper:
            notes.append(Line(f"{_count(deeper, 'need')}, deeper"))
        told = "; ".join(
            [caption, *(kind.replace("_", " ") for kind in kinds), *(note.text for note in notes), *hedges[1:]]
        )
        return Item("thing", caption, column, kinds, list(notes), fit_for_xml(told), bool(row.get("alone")), state)

    def _path(self, name: str) -> set[str]:
        found = {name}
        while name in self.above:
            name = self.above[name]
            found.add(name)
        return found

    def _more(self, caption: str, needs: Sequence[Body], column: int) -> Item:
        self.left -= 1
        alone = sum(self._alone(other) for need in needs for other in need["alternatives"])
        notes = [Line(f"{alone:,} of them {'fails' if alone == 1 else 'fail'} it alone", strong=True)] if alone else []
        return Item("more", caption, column, (), notes, f"{caption}: {self._listed(needs)}", bool(alone))

    def _listed(self, needs: Iterable[Body]) -> str:
        return "; ".join(
            dict.fromkeys(fit_for_xml(other["caption"]) for need in needs for other in need["alternatives"])
        )

    def _alone(self, other: Body) -> bool:
        return bool(self.rows.get(other["entity"], {}).get("alone"))


def _state(tier: Body) -> str:
    return next((state for state in ("complete", "incomplete", "unknown") if tier.get(state)), "unsaid")


def _what(need: Body) -> tuple[Any, ...]:
    others = frozenset(other["entity"] for other in need["alternatives"])
    return others, need["takes"], need.get("supply_of"), need["strength"]


def _takes(need: Body) -> str:
    number, takes = len(need["alternatives"]), need["takes"]
    if takes == number:
        return f"all of {number:,}"
    return f"{takes:,} of {number:,}" if takes > 1 else f"one of {number:,}"


def _called(need: Body) -> str:
    if need.get("supply_of"):
        supplied = fit_for_xml(need.get("supply_caption") or need["supply_of"])
        return "its supplier" if len(need["alternatives"]) == 1 else f"suppliers of {supplied}"
    called = fit_for_xml(need.get("need") or "")
    alone = len(need["alternatives"]) == 1
    return "" if alone and called.casefold() == fit_for_xml(need["alternatives"][0]["caption"]).casefold() else called


def _words(need: Body) -> tuple[Line, ...]:
    """Return what stands at a need: how many it takes, what it is called, how strong it is."""
    lines = [Line(_takes(need), strong=True)] if len(need["alternatives"]) > 1 else []
    called = _called(need)
    lines += [Line(_shortened(called))] if called else []
    lines += [Line(fit_for_xml(need["strength"]))] if need["strength"] != "required" else []
    return tuple(lines)


def _shortened(text: str) -> str:
    return text if len(text) <= 2 * _SHORT else f"{text[: 2 * _SHORT].rstrip()}…"


def _sentence(need: Body) -> str:
    names = [fit_for_xml(other["caption"]) for other in need["alternatives"]]
    called = _called(need)
    tail = f" ({called})" if called else ""
    listed = _some(names, 12)
    return f"{listed}{tail}" if len(names) == 1 else f"{_takes(need)}: {listed}{tail}"


def _some(names: Sequence[str], most: int = 3) -> str:
    more = len(names) - most
    return ", ".join(names) if more <= 0 else f"{', '.join(names[:most])} and {more:,} more"


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"
