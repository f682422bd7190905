"""A mapping and a table as SQL: one pass that works out every field, then one selection a rule.

The first pass is written to a working file, so that fields are worked out once however many rules use them, and the claims
can be read several times. No row passes through Python.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from isthmus.sources.mapping.layers import condition_sql, template_sql
from isthmus.sources.mapping.parts import Exit, Mapping, Rule
from isthmus.sources.mapping.rule_sql import RuleSql, compile_rule
from isthmus.sources.mapping.scope import Scope
from isthmus.sources.mapping.transforms import BLANKS
from isthmus.sources.staging import quote, quote_name
from isthmus.vocabulary.load import Vocabulary


@dataclass(frozen=True, slots=True)
class Program:
    """What a mapping makes of a table.

    Attributes
    ----------
    rows : str
        SQL of the first pass: `line`, `row`, the texts that the rules use, `left_out` (why on purpose, or NULL) and
        `fault` (why rejected, or NULL). It is to be written to the working file that the other two read.
    items : tuple of (Path, str)
        For each list that rules go through, a further working file and the SQL of what is to be written to it.
    claims : str
        SQL that yields the claims.
    silent : str
        SQL that counts the rows of which no rule makes a claim.
    unused : tuple of str
        Columns of the file that the mapping does not read.
    """

    rows: str
    items: tuple[tuple[Path, str], ...]
    claims: str
    silent: str
    unused: tuple[str, ...]


def compile_mapping(
    mapping: Mapping,
    vocabulary: Vocabulary,
    columns: dict[str, str],
    *,
    table: str,
    work: Path,
    source: str,
    file: str,
    countries: Path,
) -> Program:
    """Compile a mapping for a table.

    Parameters
    ----------
    columns : dict of printed name to column of `table`
    table : str
        SQL (to stand in a FROM) that yields `line`, `row` and the columns of the file as text.
    work : Path
        Parquet file to which the first pass will be written.
    source : str
        Id of the source of claims that name no other.
    file : str
        Name of the file, for ``{file}``.
    countries : Path
        Parquet file of the names of countries.

    Raises
    ------
    MappingError
        A template names what is neither column nor field, or uses a list without `each`.
    """
    scope = Scope(mapping, columns, file, countries)
    kept = f"(SELECT * FROM read_parquet({quote(work)}) WHERE left_out IS NULL AND fault IS NULL)"
    through = [scope.each(rule) for rule in mapping.rules]
    lists = {each: _Items(scope, each, number, kept, work) for number, each in enumerate(scope.splits)}
    compiled: list[tuple[str | None, RuleSql]] = []
    for rule, each in zip(mapping.rules, through, strict=True):
        listed = lists[each] if each else None
        names = listed.names(rule) if listed else scope.names(rule.names(), rule.where)
        needed = vocabulary.predicates[rule.predicate].need
        compiled.append((each, compile_rule(rule, names, listed.table if listed else kept, source, needed)))
    used = {each: listed for each, listed in lists.items() if each in through}
    return Program(
        rows=_first_pass(mapping, scope, columns, table),
        items=tuple((listed.path, listed.select()) for listed in used.values()),
        claims="\nUNION ALL ".join(rule.claims for _, rule in compiled),
        silent=_silent(kept, compiled, used),
        unused=tuple(name for name in columns if name not in scope.used),
    )


class _Items:
    """The items of a list as a table of its own: what the rules use of them, worked out once."""

    def __init__(self, scope: Scope, each: str, number: int, kept: str, work: Path) -> None:
        self.scope = scope
        self.each = each
        self.kept = kept
        self.path = work.with_name(f"{work.stem}.{number}{work.suffix}")
        self.table = f"read_parquet({quote(self.path)})"
        self.items, self.layers = scope.items(each)
        self.wanted: set[str] = set()

    def names(self, rule: Rule) -> dict[str, str]:
        """Return the column of every name of a rule, and keep those columns."""
        plain = self.scope.names([name for name in rule.names() if name not in self.items], rule.where)
        found = plain | {name: self.items[name] for name in rule.names() if name in self.items}
        self.wanted |= set(found.values()) - set(self.scope.originals.values())
        return found

    def select(self) -> str:
        """Return SQL of the items with the columns that were asked for."""
        opened = f"(SELECT *, unnest({self.scope.splits[self.each]}) AS item FROM {self.kept})"
        listed = "".join(f", {name}" for name in sorted(self.wanted))
        return f'SELECT line, "row"{listed} FROM {self.layers.select(opened)}'


def _silent(kept: str, compiled: list[tuple[str | None, RuleSql]], lists: dict[str, _Items]) -> str:
    plain = " OR ".join(rule.holds for each, rule in compiled if not each) or "false"
    lines = [
        f"SELECT line FROM {listed.table} WHERE {' OR '.join(rule.holds for each, rule in compiled if each == name)}"
        for name, listed in lists.items()
    ]
    others = f" AND line NOT IN ({' UNION '.join(lines)})" if lines else ""
    return f"SELECT count(*) FROM {kept} WHERE NOT ({plain}){others}"


def _first_pass(mapping: Mapping, scope: Scope, columns: dict[str, str], table: str) -> str:
    texts = []
    for name, short in scope.used.items():
        text = f"nullif(trim({quote_name(columns[name])}, {BLANKS}), '')"
        if mapping.input.missing:
            listed = ", ".join(quote(word) for word in mapping.input.missing)
            text = f"CASE WHEN {text} NOT IN ({listed}) THEN {text} END"
        texts.append(f", {text} AS {short}")
    cleaned = f'(SELECT line, "row"{"".join(texts)} FROM {table})'
    kept = sorted({*scope.used.values(), *scope.cells.values(), *scope.splits.values()} - set(scope.originals.values()))
    left_out = _case(_exits(mapping.skip, scope))
    fault = _case([*scope.work.faults, *_exits(mapping.reject, scope)])
    listed = "".join(f"{name}, " for name in kept)
    return (
        f'SELECT line, "row", {listed}{left_out} AS left_out, {fault} AS fault FROM {scope.work.layers.select(cleaned)}'
    )


def _case(whens: list[str]) -> str:
    return f"CASE {' '.join(whens)} END" if whens else "NULL::VARCHAR"


def _exits(exits: tuple[Exit, ...], scope: Scope) -> list[str]:
    whens = []
    for gate in exits:
        test = condition_sql(gate.when, scope.names(gate.when.names(), gate.where))
        names = scope.names(gate.reason.names, gate.where)
        reason = template_sql(gate.reason, {name: f"coalesce({column}, '')" for name, column in names.items()})
        whens.append(f"WHEN {test} THEN {reason}")
    return whens
