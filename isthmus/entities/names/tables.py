"""The tables that say what words of names mean, read once from the package's data when they are first needed."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from isthmus.entities.names.letters import fold_letters

NAME, TRADE, BODY, QUALITY, NUMBER, LINK, PLACE = "name", "trade", "body", "quality", "number", "link", "place"
ROLES = (NAME, TRADE, BODY, QUALITY, NUMBER, LINK, PLACE)
_SHORT = frozenset(
    {
        *("ab", "ad", "ae", "ag", "ao", "as", "bt", "bv", "co", "cv", "ev", "gk", "hf", "kd", "kg", "kk", "ks", "ky"),
        *("lc", "lp", "nv", "ou", "oy", "pc", "pt", "sa", "sc", "se", "sl", "ss", "yk", "zs"),
    }
)
"""Forms of one or two letters that are read; others of that length are too often words or initials."""
_EASTERN = frozenset(
    {
        "joint_stock",
        "private_limited",
        "company",
        "corporation",
        "partnership",
        "limited_partnership",
        "branch",
        "composite_partnership",
    }
)
_BODIES = ("集团", "集團", "控股", "グループ", "ホールディングス", "그룹")
"""Words for a group or a holding, which are part of the name though some registers write them into the form."""
CYRILLIC, ARABIC = ("ru", "uk", "bg", "sr", "kk"), ("ar", "fa")


@dataclass(frozen=True, slots=True)
class Form:
    """A legal form: its id, its class and the countries where that spelling is one (none: anywhere)."""

    form: str
    kind: str
    countries: frozenset[str]


@dataclass(frozen=True, slots=True)
class Place:
    """A place: its canonical id, its country (alpha-2, empty for an area of several) and what kind of place it is."""

    place: str
    country: str
    kind: str


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a lexicon: its role and what the Latin-script name says for it, each as its canonical words."""

    role: str
    latin: tuple[str, ...]


def _rows(*path: str) -> Iterator[dict[str, str]]:
    text = files("isthmus").joinpath("data", "names", *path).read_text("utf-8")
    yield from csv.DictReader(io.StringIO(text))


_QUOTES = re.compile("[\"'’‘`´ʻʼ′\u05f3\u05f4\u0374]")


def _plain(text: str) -> str:
    return " ".join(_QUOTES.sub("", fold_letters(unicodedata.normalize("NFKC", text))).replace("-", " ").split())


def glue(text: str) -> str:
    """Return the letters and digits of a folded text, "and" left out: how legal forms are looked up."""
    spaced = "".join(char if char.isalnum() or _is_mark(char) else " " for char in text.replace("&", " "))
    return "".join(word for word in spaced.split() if word != "and")


def _is_mark(char: str) -> bool:
    return char in "\u3099\u309a" or "\u0900" <= char < "\u0e80"


@lru_cache(maxsize=1)
def legal_forms() -> dict[str, Form]:
    """Return legal forms by their glued spelling."""
    found: dict[str, tuple[str, str, set[str], bool]] = {}
    for row in _rows("legal_forms.csv"):
        key = glue(_plain(row["variant"]))
        if not key or (len(key) <= 2 and key.isascii() and key not in _SHORT):
            continue
        countries = set(filter(None, row["jurisdictions"].split("|")))
        if key in found:
            form, kind, held, anywhere = found[key]
            found[key] = (form, kind, held | countries, anywhere or not countries)
        else:
            found[key] = (row["form"], row["class"], countries, not countries)
    return {
        key: Form(form, kind, frozenset() if anywhere else frozenset(held))
        for key, (form, kind, held, anywhere) in found.items()
    }


@lru_cache(maxsize=1)
def eastern_forms() -> tuple[tuple[str, Form], ...]:
    """Return the legal forms written in scripts without word breaks, longest first."""
    found = [
        (key, form)
        for key, form in legal_forms().items()
        if key[0] >= "\u2e80"
        and (form.kind in _EASTERN or key.endswith("法人"))
        and not any(body in key for body in _BODIES)
    ]
    return tuple(sorted(found, key=lambda pair: (-len(pair[0]), pair[0])))


@lru_cache(maxsize=1)
def long_forms() -> dict[str, tuple[str, ...]]:
    """Return the legal forms that are long enough to be known in spite of a slip, by their first two letters."""
    found: dict[str, list[str]] = {}
    for key in sorted(key for key in legal_forms() if len(key) >= 9 and key.isascii()):
        found.setdefault(key[:2], []).append(key)
    return {start: tuple(keys) for start, keys in found.items()}


@lru_cache(maxsize=1)
def words() -> dict[str, tuple[str, str]]:
    """Return (role, canonical word) of Latin-script words."""
    return {row["word"]: (row["role"], row["canonical"] or row["word"]) for row in _rows("words.csv")}


@lru_cache(maxsize=1)
def places() -> dict[str, Place]:
    """Return places by their folded Latin-script spelling, words parted by single blanks."""
    return {row["name"]: Place(row["place"], row["country"].lower(), row["kind"]) for row in _rows("places.csv")}


@lru_cache(maxsize=1)
def place_starts() -> frozenset[str]:
    """Return the first words of places of several words."""
    return frozenset(name.split(" ", 1)[0] for name in places() if " " in name)


@lru_cache(maxsize=1)
def initialisms() -> dict[str, tuple[str, ...]]:
    """Return the long names of known initialisms, by the folded initialism."""
    found: dict[str, list[str]] = {}
    for row in _rows("initialisms.csv"):
        found.setdefault(row["short"].lower(), []).append(row["long"])
    return {short: tuple(names) for short, names in found.items()}


@lru_cache(maxsize=16)
def lexicon(*languages: str) -> dict[str, Term]:
    """Return the terms of one or several languages that share a script; where several have a term, their meanings add."""
    found: dict[str, Term] = {}
    for language in languages:
        for row in _rows("lexicon", f"{language}.csv"):
            term = _plain(row["term"])
            latin = tuple(filter(None, (fold_letters(word.strip()) for word in row["latin"].split("|"))))
            held = found.get(term)
            found[term] = (
                Term(held.role, (*held.latin, *(w for w in latin if w not in held.latin)))
                if held
                else Term(row["role"], latin)
            )
    return found


@lru_cache(maxsize=16)
def longest(*languages: str) -> int:
    """Return the length of the longest term of a lexicon."""
    return max((len(term) for term in lexicon(*languages)), default=0)
