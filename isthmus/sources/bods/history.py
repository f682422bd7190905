"""How the statements of one record succeed one another, and between which days what they say holds.

BODS replaces statements whole: the newest of a record is in force. What an older one says is kept where the dates allow:

- Said again: one claim, seen to hold from the first of the statements on.
- Said anew with a later start: the older interest ends on the day before the newer begins.
- Said for the first time, without a start, where an older statement does not say it: it began after that statement.
- Said anew with the same start, or no start, but another share: the share changed on an unknown day between the two
  statements; the older ends before the newer statement, the newer begins after the last one that said otherwise.
- Not said any more: it ended before the newer statement. (What identifies an entity, and since when it exists, stays.)
- A correction (an annotation that says so, or a newer statement of the same day) leaves nothing of the older in force.
- A closed record ends on the day of the statement that closes it, or on the endDate of the interest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from isthmus.sources.bods.record import Claim, Fact, Statement
from isthmus.sources.bods.values import day_before
from isthmus.sources.log import Log

LASTING = ("kind", "identifier", "status", "authorizes")
WITHOUT_INTERESTS = "/recordDetails/interestedParty"
REPEATED = "that say again what an earlier one of their record says"
REFINED = "that a later one of their record says more fully"
CORRECTED = "corrected by a later one: what they say is not held"
SAME_DAY = "replaced by a later one of the same day: what they say is not held"
CLOSING = "that close a record and say no more"
SILENT = "that say nothing we have a word for"
IMPOSSIBLE = "replaced before what they say began"


@dataclass(slots=True)
class _Run:
    """A fact that statements go on saying: the statement that says it first, and the days of the first and the last."""

    statement: Statement
    fact: Fact
    first: str | None
    last: str | None
    since: str | None = None
    reading: str | None = None

    @property
    def start(self) -> str | None:
        """When it began, as far as that is known."""
        return self.since or self.fact.start


def settle(statements: Iterable[Statement], log: Log) -> Iterator[Claim]:
    """Yield the claims of the statements of one record, and count the statements that make none.

    Parameters
    ----------
    statements : iterable of Statement
        All of one record and one type, in any order.
    """
    ordered = [item for item in statements if item.left is None and (item.facts or not item.faulty)]
    ordered.sort(key=_order)
    if len(ordered) == 1 and ordered[0].facts and not ordered[0].closed:
        yield from (_in_force(_Run(ordered[0], fact, ordered[0].day, ordered[0].day)) for fact in ordered[0].facts)
        return
    kept = _kept(ordered, log)
    made = set()
    fates: dict[str, str] = {}
    for claim in _claims(kept, log, fates):
        made.add(claim.statement.place)
        yield claim
    for item in kept:
        if item.place not in made and not item.faulty:
            otherwise = (REPEATED if item.facts else SILENT) if not _closes(item) else CLOSING
            log.leave(f"statements {fates.get(item.place, otherwise)}")


def _order(item: Statement) -> tuple[str, str, int]:
    return item.moment or item.published, item.published, item.line


def _closes(item: Statement) -> bool:
    """Whether the statement ends what its record said: an entity that leaves a network goes on being what it is."""
    return item.closed and item.type == "relationship"


def _kept(ordered: list[Statement], log: Log) -> list[Statement]:
    """Return the statements without those that a later one corrects, or replaces on the same day."""
    kept: list[Statement] = []
    for item in ordered:
        while kept and (kept[-1].day == item.day or item.correcting):
            if item.closed and not item.facts and not item.correcting:
                break
            old = kept.pop()
            if not old.faulty:
                log.leave(f"statements {CORRECTED if item.correcting else SAME_DAY}")
            if kept and kept[-1].day != item.day:
                break
        kept.append(item)
    return kept


def _claims(kept: list[Statement], log: Log, fates: dict[str, str]) -> Iterator[Claim]:
    runs: dict[tuple[object, ...], _Run] = {}
    closed, before = False, None
    for item in kept:
        if closed:
            log.note("relationships with a statement after the one that closed them", item.place)
        closing = _closes(item)
        facts = item.facts
        if closing and runs:
            # A statement that closes a record without its interests does not say that there was an unknown one.
            facts = tuple(
                fact for fact in facts if fact.pointer != WITHOUT_INTERESTS or fact.predicate != "has_interest_in"
            )
        said = _keyed(facts)
        for key in [key for key in runs if key not in said]:
            # What could not be read of a newer statement may be what the older ones said.
            if closing or not (item.faulty or runs[key].fact.predicate in LASTING):
                yield from _ended(runs.pop(key), item, fates, closing=closing)
        for key, fact in said.items():
            old = runs.get(key)
            run = _Run(item, fact, item.day, item.day)
            if old is None and before and not fact.start and item.type == "relationship":
                run.since = f">{before}"  # the statement before this one does not say it
            if old is not None:
                if _same(old.fact, fact):
                    run = _continued(old, run, fates, closing=closing)
                elif fact.predicate == "status":
                    fates[old.statement.place] = REFINED
                else:
                    yield from _changed(old, run, fates)
            if closing:
                runs.pop(key, None)
                yield _closed(run, item)
            else:
                runs[key] = run
        closed, before = closing, item.day
    yield from (_in_force(run) for run in runs.values())


def _keyed(facts: tuple[Fact, ...]) -> dict[tuple[object, ...], Fact]:
    """Return the facts by what makes them the same one in a later statement: the parties, the interest, and its place."""
    keyed: dict[tuple[object, ...], Fact] = {}
    for fact in facts:
        told = tuple(pair for pair in fact.pairs if pair[0] not in ("beneficial", "title", "right", "reading"))
        key: tuple[object, ...] = (fact.subject, fact.predicate, fact.object, fact.value, told)
        number = 0
        while (*key, number) in keyed:
            number += 1
        keyed[(*key, number)] = fact
    return keyed


def _same(old: Fact, new: Fact) -> bool:
    """Whether the newer fact is the older one, perhaps with an end or with more details."""
    return (old.low, old.high) == (new.low, new.high) and (old.start == new.start or old.exact or new.exact)


def _continued(old: _Run, new: _Run, fates: dict[str, str], *, closing: bool) -> _Run:
    if not closing and (old.fact.pairs, old.fact.end) == (new.fact.pairs, new.fact.end):
        old.last = new.last
        return old
    fates.setdefault(old.statement.place, REFINED)
    return _Run(new.statement, new.fact, old.first, new.last, old.since, old.reading)


def _ended(run: _Run, by: Statement, fates: dict[str, str], *, closing: bool) -> Iterator[Claim]:
    """Yield the claim of a fact that a newer statement does not say any more."""
    start = run.start
    if run.fact.exact or run.fact.end:
        yield _in_force(run)
    elif by.day is None or (start and start.lstrip("<>=") >= by.day):
        fates[run.statement.place] = IMPOSSIBLE
    else:
        yield _until(run, by.day if closing else f"<{by.day}")


def _changed(old: _Run, new: _Run, fates: dict[str, str]) -> Iterator[Claim]:
    """Yield the claim of the older of two facts that differ, and let the newer begin where the older ends."""
    start, later = old.start, new.fact.start
    if old.fact.exact or old.fact.end:
        yield _in_force(old)
        return
    known = later and (later > start.lstrip("<>=") if start else old.last is None or later > old.last)
    if later and known:
        yield _until(old, day_before(later))
        return
    if new.first is None or old.last is None:
        fates[old.statement.place] = IMPOSSIBLE
        return
    if not later or later <= old.last:
        new.since = f">{old.last}"
    if later and later <= old.last:
        new.reading = f"startDate {later} is that of the interest, the share was another until {old.last}"
    if start and start.lstrip("<>=") >= new.first:
        fates[old.statement.place] = IMPOSSIBLE
        return
    yield _until(old, f"<{new.first}")


def _until(run: _Run, end: str) -> Claim:
    """Return the claim of a fact that ended, dated so that it surely holds on every day on which a statement says it.

    `observed` is one day, so it can settle the start or the end; where both are in doubt and several statements say the fact,
    the start is taken to be the first of them, and `reading` says so.
    """
    start, several = run.start, bool(run.first and run.last and run.first < run.last)
    if not end.startswith("<"):
        settled = run.fact.start and not run.since
        return _claim(run, start, end, None if settled or run.first == end else run.first)
    if run.since and several:
        run.reading = f"began after {run.since.lstrip('>')}, first said on {run.first}"
        start = run.first
    elif start is None and several:
        start = f"<={run.first}"
    return _claim(run, start, end, run.last if run.last and run.last < end[1:] else None)


def _closed(run: _Run, by: Statement) -> Claim:
    end = run.fact.end or by.day
    if run.fact.exact or end is None:
        return _in_force(run)
    if run.start and end < run.start.lstrip("<>=")[: len(end)]:
        run.since, run.fact = None, run.fact._replace(start=None)
    return _until(run, end)


def _in_force(run: _Run) -> Claim:
    fact = run.fact
    if fact.exact:
        return _claim(run, fact.start, fact.end, fact.seen)
    if run.since:
        return _claim(run, run.since, fact.end, run.first)
    seen = None if fact.start or fact.end else run.first
    return _claim(run, fact.start, fact.end, seen)


def _claim(run: _Run, start: str | None, end: str | None, seen: str | None) -> Claim:
    fact = run.fact
    if run.reading:
        fact = fact._replace(pairs=(*fact.pairs, ("reading", run.reading)))
    return Claim(run.statement, fact, start, end, seen)
