"""What the claims of a picture say of each thing, sorted by the place that it has in a bill of materials."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from isthmus.sources.cyclonedx.codes import load_codes
from isthmus.sources.cyclonedx.crypto import SUITE
from isthmus.vocabulary import load_vocabulary

ABOUT = ("kind", "name", "identifier", "described_as", "address", "status")
BETWEEN = (
    "contains", "uses", "supplies", "builds", "develops", "operates", "variant_of", "completeness", "handles_data",
)  # fmt: skip
SERVICE = "service"
FORK = "fork"
_MAKING = ("builds", "develops", "operates")


class Row(NamedTuple):
    """A claim as the store gives it out; `thing`: its subject has a kind that components or services have."""

    id: str
    subject: str
    predicate: str
    object: str | None
    value: str | None
    low: str | None
    high: str | None
    unit: str | None
    pairs: Mapping[str, str]
    valid_from: str | None
    valid_to: str | None
    observed: str | None
    hedge: str | None
    thing: bool
    subject_known: bool
    object_known: bool


class Form(NamedTuple):
    """What CycloneDX calls a thing: the type of a component or ``service``, the sort of a cryptographic asset, our kind."""

    type: str
    asset: str | None
    kind: str


@dataclass(slots=True)
class Thing:
    """A component or a service, with the claims about it by predicate, and those that tie it to others."""

    id: str
    form: Form
    about: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    parts: list[Row] = field(default_factory=list)
    wholes: list[Row] = field(default_factory=list)
    makers: list[Row] = field(default_factory=list)
    data: list[Row] = field(default_factory=list)
    pedigree: list[Row] = field(default_factory=list)

    @property
    def is_service(self) -> bool:
        """Tell whether it is a service."""
        return self.form.type == SERVICE


@dataclass(slots=True)
class Other:
    """A maker or a category of data: it is named in the fields of things, and has none of its own.

    `written`: it is named; `paged`: with its addresses in the web.
    """

    rows: list[Row] = field(default_factory=list)
    written: bool = False
    paged: bool = False

    @property
    def name(self) -> str | None:
        """The plainest name that its sources have."""
        names = sorted(("type" in row.pairs, row.value or "") for row in self.rows if row.predicate == "name")
        return names[0][1] if names else None

    @property
    def pages(self) -> list[str]:
        """Its addresses in the web."""
        return sorted({row.value or "" for row in self.rows if _is_page(row)})

    def says(self, row: Row) -> bool:
        """Tell whether the fields of a thing say a claim about it."""
        named = row.predicate == "name" and row.value == self.name and not row.pairs
        return (
            named
            or (self.paged and _is_page(row))
            or (row.predicate == "kind" and row.value in ("organization", "data_category"))
        )


def _is_page(row: Row) -> bool:
    return row.predicate == "address" and not row.pairs and (row.value or "").startswith(("http://", "https://"))


@dataclass(slots=True)
class Things:
    """All things, what they name, and the counts of what is written."""

    left_out: Counter[str]
    held: dict[str, Thing] = field(default_factory=dict)
    others: dict[str, Other] = field(default_factory=dict)
    needs: list[Row] = field(default_factory=list)
    lists: list[Row] = field(default_factory=list)
    remarks: Counter[str] = field(default_factory=Counter)
    said: int = 0
    days: Counter[str] = field(default_factory=Counter)

    def say(self, row: Row, hedged: bool = False) -> None:
        """Count a claim that is written, and what of it is lost.

        Parameters
        ----------
        hedged : bool
            Its doubt is written too.
        """
        self.said += 1
        self.days[row.observed or ""] += 1
        if row.hedge and not hedged:
            self.remarks["the doubt of the source is lost"] += 1
        if (row.valid_from or row.valid_to) and row.predicate != "status":
            self.remarks[f"{row.predicate}: its dates are lost"] += 1

    def leave(self, row: Row, why: str) -> None:
        """Count a claim that has no place."""
        self.left_out[f"{row.predicate}: {why}"] += 1

    def settle(self) -> None:
        """Count what is said of makers and of categories of data; call it when all things are written."""
        for other in self.others.values():
            for row in other.rows:
                if not other.written:
                    self.leave(row, "of a maker of nothing that is written")
                elif other.says(row):
                    self.say(row)
                else:
                    self.leave(row, "of a maker, CycloneDX has the name and the pages in the web")

    def day(self) -> str | None:
        """Return the day of the document: that on which its claims were seen to hold, where it is one and whole."""
        days = sorted(day for day in self.days if day)
        if len(days) > 1 or (days and len(days[0]) < 10):
            self.remarks["the day on which it was seen to hold is lost"] += sum(self.days[day] for day in days)
            return None
        return days[0] if days and days[0][0].isdigit() else None

    def one(self, rows: Iterable[Row], key: Callable[[Row], object], what: str) -> Row | None:
        """Return the claim that has the one place there is; those that say the same are written with it, others left out."""
        rows = sorted(rows, key=lambda row: (str(key(row)), row.id))
        for row in rows:
            if key(row) == key(rows[0]):
                self.say(row)
            else:
                self.leave(row, f"CycloneDX has one {what} for a thing")
        return rows[0] if rows else None


def gather(rows: Iterable[Row], left_out: Counter[str]) -> Things:
    """Sort the claims by the thing that they are about."""
    things = Things(left_out)
    kept = list(rows)
    kinds: dict[str, list[Row]] = defaultdict(list)
    for row in kept:
        if row.predicate == "kind" and row.thing:
            kinds[row.subject].append(row)
    for entity, listed in kinds.items():
        form = _form(listed)
        if form is None:
            for row in listed:
                things.leave(row, f"{row.value} is neither a component nor a service")
        else:
            things.held[entity] = Thing(entity, form)
    for row in kept:
        if row.predicate in ABOUT:
            _about(things, row, kinds)
        else:
            _between(things, row)
    return things


def _form(kinds: list[Row]) -> Form | None:
    """Return what CycloneDX calls a thing of these kinds: the type that a bill gave it, or one that stands for its kind."""
    codes, vocabulary = load_codes(), load_vocabulary()
    rows = sorted(kinds, key=lambda row: (row.pairs.get("reading", "~"), row.value or "", row.id))
    for row in rows:
        given, _, asset = row.pairs.get("reading", "").partition("/")
        if given == SERVICE or given in codes.types:
            return Form(given, asset or None, row.value or "")
        if given == SUITE:
            return Form("cryptographic-asset", None, row.value or "")
    for row in rows:
        if row.value == "platform":
            return Form(SERVICE, None, row.value)
        for kind, type_ in codes.kinds.items():
            if row.value and vocabulary.is_a(row.value, kind):
                return Form(type_, None, row.value)
    return None


def _about(things: Things, row: Row, kinds: dict[str, list[Row]]) -> None:
    thing = things.held.get(row.subject)
    if thing is not None:
        thing.about[row.predicate].append(row)
    elif row.subject in kinds:
        if row.predicate != "kind":
            things.leave(row, "of a thing that is neither a component nor a service")
    else:
        things.others.setdefault(row.subject, Other()).rows.append(row)


def _between(things: Things, row: Row) -> None:
    """Give a relation to the thing at which it is written; those that have no place are counted."""
    subject, object_ = things.held.get(row.subject), things.held.get(row.object or "")
    if row.predicate in ("uses", "completeness"):
        ends = [(subject, row.subject_known)] + ([(object_, row.object_known)] if row.predicate == "uses" else [])
        if any(end is None and known for end, known in ends):
            things.leave(row, "an end of it is neither a component nor a service")
        else:
            (things.needs if row.predicate == "uses" else things.lists).append(row)
    elif row.predicate == "contains":
        if subject is None or object_ is None or subject.is_service != object_.is_service:
            things.leave(row, "CycloneDX nests components in components and services in services only")
        else:
            subject.parts.append(row)
            object_.wholes.append(row)
    elif row.predicate == "supplies":
        item = things.held.get(row.pairs.get("item", "").removeprefix("@"))
        if item is None or row.object is None:
            things.leave(row, "it names no component or service that is supplied")
        else:
            item.makers.append(row)
    elif row.predicate in _MAKING:
        (
            object_.makers.append(row)
            if object_
            else things.leave(row, "of a thing that is neither a component nor a service")
        )
    elif row.predicate == "handles_data":
        if subject is None or not subject.is_service:
            things.leave(row, "CycloneDX says it of services only")
        else:
            subject.data.append(row)
    elif subject is None or object_ is None or subject.is_service or object_.is_service:
        things.leave(row, "an end of it is no component")
    else:
        # A fork names what it came from; for anything else, the thing names its variants.
        (subject if row.pairs.get("relation") == FORK else object_).pedigree.append(row)
