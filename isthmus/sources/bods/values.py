"""How single values are read: days, shares, texts, ids and identifiers."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache
from typing import Any
from urllib.parse import unquote

from isthmus.errors import ValueFormatError
from isthmus.identifiers import Identifier, scheme_names
from isthmus.sources.bods.codes import load_codes
from isthmus.vocabulary import load_vocabulary

PREFIX = "bods:"
_DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ].*)?)?)?")
_UNSAFE = re.compile(r"[%\s;\x00-\x1f\x7f]")
_NOT_SLUG = re.compile(r"[^\w.]+")
_KEBAB = re.compile(r"-([a-z])")
_NEGATED = re.compile(r"\b(?:no|not|nor|without|never)\b[^.;,]{0,30}$", re.IGNORECASE)
_COMPANIES_HOUSE = re.compile(r"([A-Z]{2})?\d{1,8}")
MAX_SLUG = 80
SMALLEST = -30
"""The power of ten below which a percentage is no share but a slip."""

SECURITY_SCHEMES = frozenset({"isin", "figi", "cusip", "cins"})


def entity_id(record: str) -> str:
    """Return the id of the entity of a record; what an id cannot hold is percent-encoded."""
    return PREFIX + _UNSAFE.sub(_encoded, record)


def record_id(entity: str) -> str:
    """Return the record of an entity's id: the inverse of `entity_id`, and the id itself where it is not ours."""
    return unquote(entity.removeprefix(PREFIX)) if entity.startswith(PREFIX) else entity


def _encoded(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found[0].encode())


@lru_cache(maxsize=65536)
def read_day(text: str) -> str | None:
    """Return the partial date that a text begins with (a time of day is cut off), or None where it is no date."""
    found = _DAY.fullmatch(text.strip())
    if found is None:
        return None
    year, month, day = found[1], found[2], found[3]
    try:
        datetime.date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    return "-".join(part for part in (year, month, day) if part)


def day_before(day: str) -> str:
    """Return the day before a day, or ``<day`` where the date names no single day."""
    if len(day) < 10:
        return f"<{day}"
    return (datetime.date.fromisoformat(day) - datetime.timedelta(days=1)).isoformat()


def text_of(value: Any) -> str | None:
    """Return a text that says something, else None."""
    return value.strip() or None if isinstance(value, str) else None


@lru_cache(maxsize=65536)
def slug(text: str) -> str:
    """Return a text as part of an id of a source."""
    return _NOT_SLUG.sub("-", text.casefold()).strip("-")[:MAX_SLUG].rstrip("-") or "unnamed"


def code_of(text: str) -> str:
    """Return a code as BODS 0.4 spells it (camel case), from there or from the spelling with hyphens."""
    return _KEBAB.sub(lambda found: found[1].upper(), text)


def right_in(details: str) -> str | None:
    """Return the special right that a text names, unless it denies it."""
    for pattern, right in load_codes().rights:
        found = pattern.search(details)
        if found and not _NEGATED.search(details[: found.start()]):
            return right
    return None


def read_share(share: Any) -> tuple[str | None, str | None]:
    """Return the bounds of a share as fractions of 1; ``>`` and ``<`` mark an end that is not reached.

    The bounds that are exclusive may be numbers (BODS 0.4) or, beside `minimum` and `maximum`, true and false (0.1).

    Raises
    ------
    ValueFormatError
        The share is no number from 0 to 100, or no number lies between its bounds; the message is a reason in words.
    """
    if not isinstance(share, dict):
        raise ValueFormatError(f"the share {_shown(share)} is not an object with exact, minimum or maximum")
    low, high = _bound(share, "minimum", "exclusiveMinimum", max), _bound(share, "maximum", "exclusiveMaximum", min)
    exact = _percent(share, "exact")
    if exact is not None:
        inside = (low is None or low <= (exact, False)) and (high is None or exact < high[0] or high == (exact, False))
        if not inside:
            raise ValueFormatError(f"the share is exactly {exact} and yet not between its minimum and maximum")
        return _fraction(exact), _fraction(exact)
    if low and high and (low[0] > high[0] or (low[0] == high[0] and (low[1] or high[1]))):
        raise ValueFormatError(f"no share lies between the minimum {low[0]} and the maximum {high[0]}")
    return (
        (">" if low[1] else "") + _fraction(low[0]) if low else None,
        ("<" if high[1] else "") + _fraction(high[0]) if high else None,
    )


def _bound(
    share: Mapping[str, Any], plain: str, exclusive: str, tighter: Callable[[Decimal, Decimal], Decimal]
) -> tuple[Decimal, bool] | None:
    """Return a bound and whether it is not reached."""
    inclusive = _percent(share, plain)
    given = share.get(exclusive)
    if isinstance(given, bool):
        return (inclusive, given) if inclusive is not None else None
    strict = _percent(share, exclusive)
    if strict is None or inclusive is None:
        both = strict if strict is not None else inclusive
        return None if both is None else (both, strict is not None)
    return (strict, True) if tighter(strict, inclusive) == strict else (inclusive, False)


def _percent(share: Mapping[str, Any], name: str) -> Decimal | None:
    value = share.get(name)
    if value is None:
        return None
    if isinstance(value, str):
        text = value.strip()
        try:
            value = Decimal(text)
        except InvalidOperation:
            raise ValueFormatError(f"the share “{text[:40]}” ({name}) is no number") from None
    if not isinstance(value, Decimal) or not value.is_finite():
        raise ValueFormatError(f"the share {_shown(value)} ({name}) is no number")
    if value < 0:
        raise ValueFormatError(f"a share below 0 cannot be: {name} {value}")
    if value and value.adjusted() < SMALLEST:
        raise ValueFormatError(f"the share {_shown(value)} ({name}) is smaller than any share can be")
    if value > 100:
        raise ValueFormatError(f"a share of more than 100 % cannot be: {name} {value}")
    return value


def _fraction(percent: Decimal) -> str:
    text = format(percent.scaleb(-2), "f") if percent else "0"
    return text.rstrip("0").rstrip(".") or "0" if "." in text else text


def _shown(value: Any) -> str:
    return "that is a list or an object" if isinstance(value, (list, dict)) else f"“{str(value)[:40]}”"


@cache
def _our_schemes() -> frozenset[str]:
    return frozenset(load_vocabulary().qualifiers["scheme"].values) | SECURITY_SCHEMES | {"ticker"}


@lru_cache(maxsize=65536)
def read_identifier(value: str, scheme: str, scheme_name: str) -> tuple[str, str]:
    """Return our scheme and value for an identifier.

    A number whose scheme we have no term for, or that breaks the rule of its scheme, is a `registration` (`tax` where the
    scheme is a tax office's), with the scheme kept before the number.
    """
    codes = load_codes()
    ours = codes.schemes.get(scheme.upper())
    if not scheme and scheme_name not in scheme_names() and scheme_name in _our_schemes():
        return scheme_name, value
    if ours is None and not scheme and scheme_name in scheme_names():
        ours = scheme_name
    text = value.strip().upper()
    house = _COMPANIES_HOUSE.fullmatch(text) if scheme.upper() == "GB-COH" else None
    if house and (register := codes.registers.get(house[1] or "")):
        ours, value = "ra", f"{register}:{text}"
    if ours is not None and ours not in scheme_names():
        return ours, value.strip()
    if ours is not None:
        try:
            return ours, Identifier.parse(ours, value).value
        except ValueFormatError:
            value = value.partition(":")[2] if house else value
    kind = "tax" if codes.tax_marks.search(scheme) else "registration"
    named = scheme or scheme_name
    return kind, f"{named}:{value.strip()}" if named else value.strip()
