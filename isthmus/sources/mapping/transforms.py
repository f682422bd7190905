"""The SQL of each step.

Every text is NULL or not empty, before a step and after it, so that a template with an empty hole is empty by the rule of
SQL that anything joined with NULL is NULL.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from isthmus.sources.mapping.parts import Step
from isthmus.sources.mapping.steps import ISO, NUMBER, NUMBER_STYLES, groups
from isthmus.sources.staging import quote

BLANKS = "' ' || chr(9) || chr(10) || chr(13) || chr(160) || chr(65279)"
"""SQL for the characters that are cut from both ends of every text."""

_PARTIAL = r"(<=|>=|<|>|~)?[0-9]{4}(-Q[1-4]|-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?"
_SMALL_TABLE = 12


@dataclass(frozen=True, slots=True)
class Work:
    """What a step needs besides its text: the working file of country names, and the column of its factor."""

    countries: Path
    by: str | None = None


def step_sql(step: Step, text: str, work: Work) -> str:
    """Return SQL for `text` after the step: NULL where the text is NULL, empty, or beyond the step.

    `text` is used more than once, so it should be a plain column. A list step gives a list of texts without empty ones; a
    map gives an empty text where it says so, and NULL where it does not know the text.
    """
    if step.name in ("split", "items"):
        return _list_sql(step, text)
    if step.name == "map":
        return _map_sql(step, text)
    return f"nullif({_TEXT_SQL[step.name](step, text, work)}, '')"


def fault_text(step: Step) -> str:
    """Return what is wrong with a text that the step cannot read, to follow the text itself."""
    if step.name == "map":
        known = ", ".join(key for key, _ in step.table[:6])
        return f"is not in the map ({known}{' …' if len(step.table) > 6 else ''})"
    if step.name == "date":
        return f"is not a date ({' or '.join(step.arguments or (ISO,))})"
    if step.name == "number" and step.arguments:
        return f"is not a number written like {step.arguments[0]}"
    words = {"number": "is not a number", "scale": "is not a number", "country": "is not a country in ISO 3166-1"}
    return words.get(step.name, f"does not fit the pattern {(*step.arguments, '')[0]}")


def _list_sql(step: Step, text: str) -> str:
    if step.name == "items":
        raw = f"CASE WHEN json_valid({text}) AND json_type({text}) = 'ARRAY' THEN TRY(from_json({text}, '[\"VARCHAR\"]')) END"
    else:
        pattern = "|".join(re.sub(r"([^\w\s])", r"\\\1", separator) for separator in step.arguments)
        raw = f"regexp_split_to_array({text}, {quote(pattern)})"
    trimmed = f"list_transform({raw}, lambda x: trim(x, {BLANKS}))"
    return f"list_filter({trimmed}, lambda x: x <> '')"


def _number_sql(step: Step, text: str, work: Work) -> str:
    thousands, decimal = NUMBER_STYLES[(*step.arguments, "1234.5")[0]]
    plain = text
    if thousands == " ":
        plain = f"replace(replace(replace({plain}, ' ', ''), chr(160), ''), chr(8239), '')"
    elif thousands:
        plain = f"replace({plain}, {quote(thousands)}, '')"
    if decimal == ",":
        plain = f"replace({plain}, ',', '.')"
    grouped = ""
    if thousands and thousands != " ":
        mark = re.escape(thousands)
        grouped = f"regexp_full_match({text}, {quote(f'[^{mark}]*|[+-]?[0-9]{{1,3}}({mark}[0-9]{{3}})+([^0-9{mark}].*)?')}) AND "
    return f"CASE WHEN {grouped}regexp_full_match({plain}, {quote(NUMBER)}) THEN {plain} END"


def _scale_sql(step: Step, text: str, work: Work) -> str:
    # Fifteen significant digits are what a double holds surely, so 2.4 * 0.01 is written 0.024.
    factor = f"try_cast({work.by} AS DOUBLE)" if work.by else f"{float(step.arguments[0])!r}::DOUBLE"
    number = f"try_cast({text} AS DOUBLE) * {factor}"
    return f"CASE WHEN isfinite({number}) THEN printf('%.15g', {number}) END"


def _date_sql(step: Step, text: str, work: Work) -> str:
    return f"coalesce({', '.join(_format_sql(form, text) for form in step.arguments or (ISO,))})"


def _format_sql(form: str, text: str) -> str:
    if form == ISO:
        whole = (
            f"length(regexp_replace({text}, '[<>=~]', '', 'g')) < 10 OR try_cast(right({text}, 10) AS DATE) IS NOT NULL"
        )
        return f"CASE WHEN regexp_full_match({text}, {quote(_PARTIAL)}) AND ({whole}) THEN {text} END"
    letters = set(re.findall("%(.)", form))
    precision = "%Y-%m-%d" if letters & {"d", "j"} else "%Y-%m" if letters & {"m", "b", "B"} else "%Y"
    plain = f"regexp_replace({text}, '\\.0+$', '')" if form == "%Y" else text
    day = f"try_strptime({plain}, {quote(form)})"
    # A year of one or two digits is a cut-off year here, never a date of antiquity.
    return f"CASE WHEN year({day}) >= 1000 THEN strftime({day}, {quote(precision)}) END"


def _map_sql(step: Step, text: str) -> str:
    if len(step.table) <= _SMALL_TABLE:
        return f"CASE {text} {' '.join(f'WHEN {quote(key)} THEN {quote(value)}' for key, value in step.table)} END"
    entries = ", ".join(f"({quote(key)}, {quote(value)})" for key, value in step.table)
    return f"(SELECT m.value FROM (VALUES {entries}) m(key, value) WHERE m.key = {text})"


def country_key_sql(text: str) -> str:
    """Return SQL for the form in which names of countries are compared: no accents, case or punctuation."""
    return f"trim(regexp_replace(lower(strip_accents({text})), '[^\\p{{L}}\\p{{N}}]+', ' ', 'g'))"


def _country_sql(step: Step, text: str, work: Work) -> str:
    form = (*step.arguments, "id")[0]
    value = {"id": "'iso:' || any_value(alpha_2)", "name": "any_value(name)", "alpha-2": "any_value(alpha_2)"}.get(
        form, "any_value(alpha_3)"
    )
    table = f"SELECT {country_key_sql('key')} AS key, {value} AS value FROM read_parquet({quote(work.countries)}) GROUP BY ALL"
    return f"(SELECT m.value FROM ({table}) m WHERE m.key = {country_key_sql(text)})"


_LETTERS = (("ß", "ss"), ("æ", "ae"), ("œ", "oe"), ("þ", "th"))
_SINGLE = ("øłđðıŧħŋ", "olddithn")


def slug_sql(text: str) -> str:
    """Return SQL for the part of an id that `text` gives: ASCII letters and digits, joined by hyphens.

    Accents fold away, so that "Société Générale" gives ``societe-generale``. Where letters of another script would be lost, or
    nothing would be left, eight digits of the text's MD5 follow, so that distinct names in any script keep distinct ids.
    """
    # Most texts are ASCII (as many bytes as characters), and need none of the folding.
    plain = f"coalesce(nullif({_hyphened(f'lower({text})')}, ''), left(md5(lower({text})), 8))"
    folded = f"lower(strip_accents({text}))"
    for letter, written in _LETTERS:
        folded = f"replace({folded}, {quote(letter)}, {quote(written)})"
    folded = f"translate({folded}, {quote(_SINGLE[0])}, {quote(_SINGLE[1])})"
    lost = "regexp_matches(regexp_replace(f, '[a-z0-9]', '', 'g'), '[\\p{L}\\p{N}]')"
    parts = f"concat_ws('-', nullif({_hyphened('f')}, ''), CASE WHEN {lost} OR {_hyphened('f')} = '' THEN left(md5(f), 8) END)"
    return f"CASE WHEN strlen({text}) = length({text}) THEN {plain} ELSE list_transform([{folded}], lambda f: {parts})[1] END"


def _hyphened(text: str) -> str:
    return f"trim(regexp_replace({text}, '[^a-z0-9]+', '-', 'g'), '-')"


def _get_sql(step: Step, text: str, work: Work) -> str:
    path = step.arguments[0]
    pointer = "$" + "".join(f'."{part}"' if not part.isdigit() else f"[{part}]" for part in path.split("."))
    return f"CASE WHEN json_valid({text}) THEN TRY(json_extract_string({text}, {quote(pointer)})) END"


def _replace_sql(step: Step, text: str, work: Work) -> str:
    return f"trim(regexp_replace({text}, {quote(step.arguments[0])}, {quote(step.arguments[1])}, 'g'), {BLANKS})"


def _extract_sql(step: Step, text: str, work: Work) -> str:
    group = min(1, groups(step.arguments[0]))
    return f"trim(regexp_extract({text}, {quote(step.arguments[0])}, {group}), {BLANKS})"


_TEXT_SQL: dict[str, Callable[[Step, str, Work], str]] = {
    "lower": lambda step, text, work: f"lower({text})",
    "upper": lambda step, text, work: f"upper({text})",
    "squeeze": lambda step, text, work: f"trim(regexp_replace({text}, '\\s+', ' ', 'g'))",
    "slug": lambda step, text, work: slug_sql(text),
    "number": _number_sql,
    "scale": _scale_sql,
    "date": _date_sql,
    "country": _country_sql,
    "extract": _extract_sql,
    "replace": _replace_sql,
    "get": _get_sql,
}
