"""A mapping and a table as SQL: one pass that works out every field, then one selection a rule.

The first pass is written to a working file, so that fields are worked out once however many rules use them, and the claims
can be read several times. No row passes through Python.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from isthmus.sources.mapping.layers import condition_sql, template_sql
from isthmus.sources.mapping.parts import Exit, Mapping
from isthmus.sources.mapping.rule_sql import compile_rule
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
    claims : str
        SQL that yields the claims.
    silent : str
        SQL that counts the rows of which no rule makes a claim.
    unused : tuple of str
        Columns of the file that the mapping does not read.
    """

    rows: str
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
    rules = [
        compile_rule(rule, scope, kept, source, vocabulary.predicates[rule.predicate].need) for rule in mapping.rules
    ]
    plain = " OR ".join(rule.holds for rule in rules if rule.holds) or "false"
    listed = " UNION ".join(rule.lines for rule in rules if not rule.holds)
    silent = f"SELECT count(*) FROM {kept} WHERE NOT ({plain})" + (f" AND line NOT IN ({listed})" if listed else "")
    return Program(
        rows=_first_pass(mapping, scope, columns, table),
        claims="\nUNION ALL ".join(rule.claims for rule in rules),
        silent=silent,
        unused=tuple(name for name in columns if name not in scope.used),
    )


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
