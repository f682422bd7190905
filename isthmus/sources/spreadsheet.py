"""Texts that a spreadsheet would take for a formula, written so that it does not, and read back unchanged.

A cell that begins with ``=``, ``+``, ``-``, ``@``, a tab or a carriage return can run as a formula when a CSV file is opened in a
spreadsheet (CWE-1236). Such a text gets an apostrophe in front; so does one that begins with an apostrophe, which makes the
scheme lossless: reading strips one apostrophe where one of these characters follows it.
"""

from __future__ import annotations

GUARDED = (
    "subject",
    "predicate",
    "object",
    "value",
    "value_lang",
    "qualifiers",
    "source",
    "origin",
    "locator",
    "hedge",
    "licence",
)
"""The columns of a claim whose text anyone can choose; the others are numbers, dates and closed lists."""

_LEADING = ("'='", "'+'", "'-'", "'@'", "chr(9)", "chr(13)", "''''")
_LIST = ", ".join(_LEADING)


def guard(text: str) -> str:
    """Return a text as a spreadsheet may hold it."""
    return "'" + text if text[:1] in ("=", "+", "-", "@", "\t", "\r", "'") and text else text


def guard_sql(expression: str) -> str:
    """Return SQL for the text `expression` as a spreadsheet may hold it."""
    return f"CASE WHEN left({expression}, 1) IN ({_LIST}) THEN '''' || {expression} ELSE {expression} END"


def unguard_sql(expression: str) -> str:
    """Return SQL for the text that `guard_sql` wrote as `expression`; other texts stay as they are.

    A text of a single apostrophe stays too: nothing was put in front of it.
    """
    return (
        f"CASE WHEN left({expression}, 1) = '''' AND substr({expression}, 2, 1) IN ({_LIST}) "
        f"THEN substr({expression}, 2) ELSE {expression} END"
    )
