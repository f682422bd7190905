"""Judgements of identity as values, and how many are stored at once.

Who judges is a person, a rule with its version or an identifier, and is written in one text: ``ana``, ``rule names/1``,
``identifier lei:506700GE1G29325QX363``. A stored judgement is never changed; undoing it is a row of its own.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import duckdb

from isthmus.dates import PartialDate, Period
from isthmus.errors import ArgumentError, UnknownEntityError, ValueFormatError

VERDICTS = ("same", "different", "unsure")
PERSON, RULE, IDENTIFIER = "person", "rule", "identifier"
KINDS = (PERSON, RULE, IDENTIFIER)
POLICIES = {"second_reviewer": ("off", "on")}
"""What may be set for a picture, with its values; the first holds where nothing was set."""
_BY_MACHINE = re.compile(r"rule [^\s/]+/\S+|identifier [^\s:]+:\S.*")
_ROWS_AT_ONCE = 20_000


class By(NamedTuple):
    """Who judges. `read` gives one back from its text."""

    kind: str
    name: str

    @classmethod
    def read(cls, text: str) -> By:
        """Read ``rule NAME/VERSION`` or ``identifier SCHEME:VALUE``; any other text is a person's name."""
        text = text.strip()
        if _BY_MACHINE.fullmatch(text):
            kind, _, name = text.partition(" ")
            return cls(kind, name)
        return cls(PERSON, text)

    @classmethod
    def rule(cls, name: str, version: str | int) -> By:
        """Return a rule of a version."""
        return cls.read(f"{RULE} {name}/{version}")

    @classmethod
    def identifier(cls, scheme: str, value: str) -> By:
        """Return the identifier that both entities have."""
        return cls.read(f"{IDENTIFIER} {scheme}:{value}")

    def __str__(self) -> str:
        return self.name if self.kind == PERSON else f"{self.kind} {self.name}"


USER = By(PERSON, "user")


class Reason(NamedTuple):
    """One feature that spoke for or against, with its weight in the score (None: it has none)."""

    feature: str
    weight: float | None = None
    note: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return ``{"feature", "weight", "note"}``."""
        return self._asdict()


class StoredJudgement(NamedTuple):
    """A decision that two entities are the same, different, or not sure.

    A plain tuple with names: a picture may read a million of them.
    """

    key: int
    a: str
    b: str
    verdict: str
    who: str
    why: str
    recorded_at: datetime
    batch: int
    undone: bool = False
    score: float | None = None
    written_reasons: str | None = None
    valid_from: str | None = None
    valid_to: str | None = None

    @property
    def pair(self) -> tuple[str, str]:
        """The two ids, the smaller first."""
        return (self.a, self.b) if self.a < self.b else (self.b, self.a)

    @property
    def by(self) -> By:
        """Who judged: person, rule or identifier."""
        return By.read(self.who)

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """What the score is made of."""
        return tuple(Reason(**item) for item in json.loads(self.written_reasons or "[]"))

    def to_json(self) -> dict[str, Any]:
        """Return the judgement as JSON values; score, reasons and dates only where it has them."""
        more = {
            "score": self.score,
            "reasons": [reason.to_json() for reason in self.reasons],
            "valid_from": self.valid_from,
            "valid_to": self.valid_to,
        }
        return {
            "judgement": self.key,
            "a": self.a,
            "b": self.b,
            "verdict": self.verdict,
            "who": self.who,
            "by": self.by.kind,
            "why": self.why,
            "recorded_at": self.recorded_at.isoformat() + "Z",
            **{name: value for name, value in more.items() if value not in (None, [])},
        }


@dataclass(frozen=True, slots=True)
class NewJudgement:
    """A judgement to be stored.

    Parameters
    ----------
    score : float or None
        How sure, 0 to 1, where something was scored.
    reasons : sequence of Reason or mapping
        What the score is made of.
    valid_from, valid_to : str or None
        Partial dates between which it holds, for example of a merger or a rename; none: always.

    Raises
    ------
    ArgumentError, ValueFormatError
        A part cannot be.
    """

    a: str
    b: str
    verdict: str
    why: str
    by: By = USER
    score: float | None = None
    reasons: Sequence[Reason | Mapping[str, Any]] = ()
    valid_from: str | None = None
    valid_to: str | None = None

    def __post_init__(self) -> None:
        if self.verdict not in VERDICTS:
            raise ArgumentError(f"“{self.verdict}” is no verdict.", hint=f"Use one of {', '.join(VERDICTS)}.")
        if not self.why.strip():
            raise ArgumentError("a judgement needs a reason.", where="--why", hint="Say why in a few words.")
        if self.a == self.b:
            raise ArgumentError(f"“{self.a}” is one entity already: there is nothing to judge.")
        if self.by.kind not in KINDS or not self.by.name.strip() or By.read(str(self.by)) != self.by:
            raise ArgumentError(
                f"“{self.by}” does not say who judges.",
                where="--who",
                hint="Give a name, `rule NAME/VERSION` or `identifier SCHEME:VALUE`.",
            )
        if self.score is not None and not (math.isfinite(self.score) and 0 <= self.score <= 1):
            raise ArgumentError(f"a score of {self.score} is not between 0 and 1.")
        object.__setattr__(self, "reasons", tuple(_reason(item) for item in self.reasons))
        if self.valid_from or self.valid_to:
            self._set_dates()

    def _set_dates(self) -> None:
        dates = {name: PartialDate.parse(text) for name in ("valid_from", "valid_to") if (text := getattr(self, name))}
        if not Period(**dates).is_possible:
            raise ValueFormatError(
                f"the judgement would end ({self.valid_to}) before it begins ({self.valid_from}).",
                hint="Give --from the earlier date.",
            )
        for name, date in dates.items():
            object.__setattr__(self, name, str(date))

    def row(self, number: int) -> dict[str, Any]:
        """Return the judgement as the store stages it."""
        reasons = [_reason(item).to_json() for item in self.reasons]
        return {
            "n": number,
            "one": self.a,
            "other": self.b,
            "verdict": self.verdict,
            "who": str(self.by),
            "why": self.why,
            "score": self.score,
            "reasons": json.dumps(reasons, ensure_ascii=False) if reasons else None,
            "valid_from": self.valid_from or None,
            "valid_to": self.valid_to or None,
        }


@dataclass(frozen=True, slots=True)
class Judged:
    """How many judgements of a batch were new, and how many stood already."""

    new: int
    stood: int


def _reason(item: Reason | Mapping[str, Any]) -> Reason:
    try:
        reason = item if isinstance(item, Reason) else Reason(**item)
    except TypeError as error:
        raise ArgumentError(f"{item!r} is no reason.", hint="A reason has feature, weight and note.") from error
    if not isinstance(reason.feature, str) or not reason.feature:
        raise ArgumentError(f"the reason {reason!r} names no feature.")
    if reason.weight is not None and not math.isfinite(reason.weight):
        raise ArgumentError(f"the reason “{reason.feature}” has a weight of {reason.weight}.")
    return reason


_STAGED = {
    "n": "BIGINT",
    "one": "VARCHAR",
    "other": "VARCHAR",
    "verdict": "VARCHAR",
    "who": "VARCHAR",
    "why": "VARCHAR",
    "score": "DOUBLE",
    "reasons": "VARCHAR",
    "valid_from": "VARCHAR",
    "valid_to": "VARCHAR",
}
_CLASS = f"NOT regexp_full_match({{0}}.who, '{_BY_MACHINE.pattern}')"
_PAIR = "{0}.a = {1}.a AND {0}.b = {1}.b"
_UNLIKE = "({0}.verdict, {0}.valid_from, {0}.valid_to) IS DISTINCT FROM ({1}.verdict, {1}.valid_from, {1}.valid_to)"

_NEW = f"""
CREATE OR REPLACE TEMP TABLE new_judgements AS
WITH keyed AS (
  SELECT j.*, least(x.key, y.key) AS a, greatest(x.key, y.key) AS b, {_CLASS.format("j")} AS person
  FROM temp.staged_judgements j JOIN entities x ON x.id = j.one JOIN entities y ON y.id = j.other),
given AS (
  SELECT * FROM keyed
  QUALIFY row_number() OVER (PARTITION BY a, b, who, verdict, valid_from, valid_to ORDER BY n DESC) = 1),
settled AS (
  SELECT j.*, {_CLASS.format("j")} AS person
  FROM judgements j SEMI JOIN given g ON {_PAIR.format("j", "g")} ANTI JOIN undone_judgements u ON u.judgement = j.key),
stands AS (
  SELECT DISTINCT g.n FROM given g JOIN settled s ON {_PAIR.format("g", "s")} AND g.who = s.who AND NOT {_UNLIKE.format("g", "s")}
  WHERE NOT EXISTS (
      SELECT 1 FROM settled t WHERE {_PAIR.format("t", "s")} AND t.person = s.person AND t.key > s.key AND {_UNLIKE.format("t", "s")})
    AND NOT EXISTS (
      SELECT 1 FROM given h WHERE {_PAIR.format("h", "g")} AND h.person = g.person AND {_UNLIKE.format("h", "g")}))
SELECT given.* FROM given ANTI JOIN stands USING (n)"""


def stage(connection: duckdb.DuckDBPyConnection, judgements: Iterable[NewJudgement]) -> int:
    """Put judgements into a working table of the connection, and return how many there are."""
    columns = ", ".join(f"{name} {kind}" for name, kind in _STAGED.items())
    connection.execute(f"CREATE OR REPLACE TEMP TABLE staged_judgements({columns})")
    shape = json.dumps([_STAGED])
    count = 0
    rows: list[dict[str, Any]] = []

    def flush() -> None:
        # One text for all rows: the driver spends a tenth of a millisecond on each parameter.
        sql = "INSERT INTO temp.staged_judgements SELECT unnest(from_json(?, ?), recursive := true)"
        connection.execute(sql, [json.dumps(rows, ensure_ascii=False), shape])
        rows.clear()

    for count, judgement in enumerate(judgements, 1):
        rows.append(judgement.row(count))
        if len(rows) == _ROWS_AT_ONCE:
            flush()
    if rows:
        flush()
    return count


def append_staged(connection: duckdb.DuckDBPyConnection, batch: int, *, all_new: bool = False) -> int:
    """Append the staged judgements that do not stand already, and return how many were new.

    One stands already where its author judged the pair so before and nobody of that rank (persons; rules and identifiers) has judged
    otherwise since: storing it again would change nothing. Of several alike in the batch the last counts.

    Parameters
    ----------
    all_new : bool
        Append even what stands already.

    Raises
    ------
    UnknownEntityError
        An entity is not held.
    """
    unknown = connection.execute(
        "SELECT id FROM (SELECT one AS id, n FROM temp.staged_judgements UNION ALL SELECT other, n FROM temp.staged_judgements) "
        "ANTI JOIN entities USING (id) ORDER BY n, id LIMIT 1"
    ).fetchone()
    if unknown:
        raise UnknownEntityError(f"no entity has the id “{unknown[0]}”.", hint="Search with `isthmus find`.")
    if all_new:
        connection.execute(
            "CREATE OR REPLACE TEMP TABLE new_judgements AS SELECT j.*, least(x.key, y.key) AS a, greatest(x.key, y.key) AS b "
            "FROM temp.staged_judgements j JOIN entities x ON x.id = j.one JOIN entities y ON y.id = j.other"
        )
    else:
        connection.execute(_NEW)
    connection.execute(
        "INSERT INTO judgements(key, a, b, verdict, who, why, batch, score, reasons, valid_from, valid_to) "
        "SELECT (SELECT coalesce(max(key), 0) FROM judgements) + row_number() OVER (ORDER BY n), "
        "a, b, verdict, who, why, ?, score, reasons, valid_from, valid_to FROM temp.new_judgements ORDER BY n",
        [batch],
    )
    found = connection.execute("SELECT count(*) FROM temp.new_judgements").fetchone()
    connection.execute("DROP TABLE temp.new_judgements; DROP TABLE temp.staged_judgements")
    return int(found[0]) if found else 0
