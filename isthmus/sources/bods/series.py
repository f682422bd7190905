"""All statements of a file together: doubles, records that clash, references that lead nowhere, and series of one record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import replace

from isthmus.sources.bods.codes import load_codes
from isthmus.sources.bods.history import settle
from isthmus.sources.bods.record import Claim, Fact, Statement
from isthmus.sources.bods.values import entity_id
from isthmus.sources.log import Log

Key = tuple[str, str, str]
NO_INTEREST = "statements about natural persons who hold no interest in the file"


def claims_of(statements: Iterable[Statement], log: Log) -> Iterator[Claim]:
    """Yield the claims that the statements of a file make together; `log` takes what makes none.

    Relationships come first, because only they let a natural person in (law 6).
    """
    unique = _without_clashes(_without_doubles(statements, log), log)
    types = {item.record: item.type for item in unique if item.type != "relationship"}
    records = {item.record for item in unique}
    reasons = _latest_reasons(unique)
    told = {_unstated_key(fact) for item in unique for fact in item.facts if fact.predicate == "owners_unstated"}
    for item in unique:
        if item.left:
            log.leave(f"statements {item.left}")
        for name in item.components:
            if name not in records:
                log.note("componentRecords that are not in the file", f"{item.place} → {name}")
    series = _series([_linked(item, types, reasons, told, log) for item in unique])
    holders = set()
    for key in sorted(series, key=lambda key: key[1] != "relationship"):
        items = series[key]
        if key[1] == "person" and entity_id(items[0].record) not in holders:
            log.leave(NO_INTEREST, sum(not item.faulty for item in items))
            continue
        if key[1] != "relationship":
            closed = sum(item.closed for item in items)
            if closed:
                log.leave(f"{key[1]} records closed: they left a network; what they are stays", closed)
        for claim in settle(items, log):
            holders.add(claim.fact.subject)
            yield claim


def _without_doubles(statements: Iterable[Statement], log: Log) -> list[Statement]:
    """Return the statements with each statementId once.

    A statement that is repeated word for word counts once. Of different ones under one id the later publication is held, as
    one that was published anew (a redaction keeps the id); where it cannot be told which is later, neither is held.
    """
    kept: dict[str, Statement] = {}
    barred: dict[str, Statement] = {}
    for item in statements:
        old = kept.get(item.key) or barred.get(item.key)
        if old is None:
            kept[item.key] = item
        elif item.print == old.print:
            log.leave("statements repeated word for word")
        elif item.key in barred or item.published == old.published:
            log.refuse(item.line, item.place, f"the statementId is that of another statement ({old.place})")
            if kept.pop(item.key, None):
                barred[item.key] = old
                log.refuse(old.line, old.place, f"the statementId is that of another statement ({item.place})")
        else:
            log.leave("statements published anew under the same statementId: the later publication is held")
            kept[item.key] = max(item, old, key=lambda one: one.published)
    return list(kept.values())


def _without_clashes(statements: list[Statement], log: Log) -> list[Statement]:
    """Refuse records that are said to be an entity and a person."""
    types: dict[str, set[str]] = {}
    for item in statements:
        if item.type != "relationship":
            types.setdefault(item.record, set()).add(item.type)
    kept = []
    for item in statements:
        if item.type != "relationship" and len(types[item.record]) > 1:
            log.refuse(item.line, item.place, f"the record “{item.record[:60]}” is both an entity and a natural person")
        else:
            kept.append(item)
    return kept


def _latest_reasons(statements: Iterable[Statement]) -> Mapping[str, str | None]:
    """Return why a record is not specified, as its last statement says."""
    parties = (item for item in statements if item.type != "relationship")
    return {item.record: item.reason for item in sorted(parties, key=lambda item: (item.moment, item.published))}


def _linked(
    item: Statement, types: Mapping[str, str], reasons: Mapping[str, str | None], told: Set[object], log: Log
) -> Statement:
    """Check the ends of a relationship against the records of the file, and say why a holder is not specified."""
    subject, holder = item.joins
    if item.type != "relationship" or subject is None:
        return item
    if types.get(subject) == "person":
        log.refuse(item.line, item.place, "the subject is a natural person, whom nobody owns or controls")
        return replace(item, facts=(), faulty=True)
    for end in (subject, holder):
        if end is not None and end not in types:
            log.note("references to records that are not in the file; kept without a name", f"{item.place} → {end}")
    reason = reasons.get(holder) if holder else None
    if reason is None:
        return item
    value = load_codes().reasons[reason]
    unstated = (_unstated(fact, value) for fact in item.facts if fact.object)
    # Our own export says it in a statement of its own, which is read as well.
    fresh = [fact for fact in dict.fromkeys(unstated) if _unstated_key(fact) not in told]
    return replace(item, facts=(*item.facts, *fresh))


def _unstated_key(fact: Fact) -> object:
    return fact.subject, fact.value, fact.pairs


def _unstated(fact: Fact, value: str) -> Fact:
    pairs = tuple(pair for pair in fact.pairs if pair[0] in ("interest", "direct"))
    return fact._replace(
        subject=fact.object or "", predicate="owners_unstated", object=None, value=value, low=None, high=None, pairs=pairs
    )  # fmt: skip


def _series(statements: list[Statement]) -> dict[Key, list[Statement]]:
    """Return the statements by publisher, type and record; those that replace one another stand in one series."""
    whose = {item.key: _key(item) for item in statements}
    same: dict[Key, Key] = {}
    for item in statements:
        for name in item.replaces:
            old = _root(whose.get(name, _key(item)), same)
            new = _root(_key(item), same)
            if old != new and old[1] == new[1]:
                same[old] = new
    found: dict[Key, list[Statement]] = {}
    for item in statements:
        found.setdefault(_root(_key(item), same), []).append(item)
    return found


def _key(item: Statement) -> Key:
    return item.publisher, item.type, item.record


def _root(key: Key, same: Mapping[Key, Key]) -> Key:
    while key in same:
        key = same[key]
    return key
