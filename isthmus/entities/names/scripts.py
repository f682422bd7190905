"""Words of names in scripts other than Latin: what the lexicon says they mean, and how the rest sounds in Latin letters."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from isthmus.entities.names.latin import canonical
from isthmus.entities.names.letters import HANGUL, KANA, script_of
from isthmus.entities.names.name import Reading, Word
from isthmus.entities.names.pieces import Piece, coverage, cut
from isthmus.entities.names.romanise import complicate, read_han, read_hangul, read_kana, read_other, simplify
from isthmus.entities.names.tables import ARABIC, CYRILLIC, LINK, NAME, NUMBER, PLACE, Place, Term, lexicon, places

_ALPHABETS = (
    ("\u0370", "\u0400", ("el",)),
    ("\u0400", "\u0530", CYRILLIC),
    ("\u0590", "\u0600", ("he",)),
    ("\u0600", "\u0780", ARABIC),
    ("\u0900", "\u0980", ("hi",)),
    ("\u0e00", "\u0e80", ("th",)),
    ("\u1f00", "\u2000", ("el",)),
    ("\ufb1d", "\ufb50", ("he",)),
    ("\ufb50", "\ufe00", ARABIC),
    ("\ufe70", "\uff00", ARABIC),
)
_DIVISIONS = frozenset("市省县區区府都県")
"""Words for a city, a province or a district behind its name, which names in Latin letters leave out."""
_FEW = 0.5
_LONGEST = 4


@lru_cache(maxsize=65_536)
def read_east(text: str, language: str, aside: bool, finely: bool) -> tuple[Word, ...]:
    """Return the words of a run of Han, kana or Hangul, read as Chinese (``zh``), Japanese (``ja``) or Korean (``ko``).

    `finely` cuts long brands into the words that they are made of: a firm is called by its brand or by what the words mean.
    """
    shown = simplify(text) if language == "zh" else text
    return tuple(word for piece in cut(shown, finely, language) if (word := _piece(piece, language, aside)) is not None)


def languages_of(text: str) -> tuple[str, ...]:
    """Return the languages that a run of Han and kana may be read in."""
    if any(script_of(char) == HANGUL for char in text):
        return ("ko",)
    if any(script_of(char) == KANA for char in text):
        return ("ja",)
    plain = simplify(text)
    if plain == text and complicate(text) != text:
        return ("zh",)  # written with characters that only the simplified script has
    covered = coverage(cut(text, False, "ja"))
    return ("zh", "ja") if covered > _FEW else ("zh",)


def read_words(texts: Sequence[tuple[str, bool]]) -> list[Word]:
    """Return the words of alphabetic text in one script other than Latin, terms of several words taken together."""
    found: list[Word] = []
    at = 0
    while at < len(texts):
        if alphabet(texts[at][0]) == ("th",):
            found.extend(_thai(*texts[at]))
            at += 1
            continue
        taken, word = _term_at(texts, at)
        if word is not None:
            found.append(word)
        at += taken
    return found


def _term_at(texts: Sequence[tuple[str, bool]], at: int) -> tuple[int, Word | None]:
    text, aside = texts[at]
    languages = alphabet(text)
    if not languages:
        sound = read_other(text)
        return 1, Word(sound, text, NAME, ((sound,),) if sound else (), None, aside)
    terms = lexicon(*languages)
    for n in range(min(_LONGEST, len(texts) - at), 0, -1):
        native = " ".join(part for part, _ in texts[at : at + n])
        if (term := _term(terms, native, languages)) is not None:
            return n, _from_term(native, term, read_other(native), aside)
    if languages == ARABIC and text.startswith("ال") and len(text) > 4:
        text = text[2:]
    sound = read_other(text)
    return 1, Word(sound, text, NAME, ((sound,),) if sound else (), None, aside)


def alphabet(text: str) -> tuple[str, ...]:
    """Return the languages whose lexicons read the script of a text's first letter; none where there is no lexicon for it."""
    for first, last, languages in _ALPHABETS:
        if first <= text[0] < last:
            return languages
    return ()


def _term(terms: dict[str, Term], native: str, languages: tuple[str, ...]) -> Term | None:
    """Look a word up; in Arabic and Hebrew also without the article and the prefixed "and", "for", "in"."""
    found = terms.get(native)
    if found is not None or len(native) < 4:
        return found
    if languages == ARABIC:
        bare = native[1:] if native.startswith("و") else native
        if bare.startswith("لل"):
            tries = [bare, "ال" + bare[2:], bare[2:]]
        elif bare.startswith("ال"):
            tries = [bare, bare[2:]]
        else:
            tries = [bare, "ال" + bare]
        return next((term for text in tries if (term := terms.get(text)) is not None), None)
    if languages == ("he",):
        bare = native.lstrip("ו")[:1] + native.lstrip("ו")[1:]
        tries = [bare, bare[1:] if bare[:1] in "הלבש" else bare]
        return next((term for text in tries if (term := terms.get(text)) is not None), None)
    return None


def _thai(text: str, aside: bool) -> list[Word]:
    """Return the words of Thai text, which has no word breaks: known terms and what lies between them."""
    words = []
    for native, term in cut(text, False, "th"):
        sound = read_other(native)
        word = (
            _from_term(native, term, sound, aside)
            if term
            else Word(sound, native, NAME, ((sound,),) if sound else (), None, aside)
        )
        if word is not None:
            words.append(word)
    return words


def _piece(piece: Piece, language: str, aside: bool) -> Word | None:
    text, term = piece
    sound = _sound(text, language)
    if term is None:
        return Word(sound, text, NAME, ((sound,),) if sound else (), None, aside)
    return _from_term(text, term, sound, aside)


def _sound(text: str, language: str) -> str:
    if language == "zh":
        return "".join(read_han(text)) if not text.isascii() else text
    if language == "ko":
        return read_hangul(text)
    return read_kana(text) if all(script_of(char) == KANA for char in text) else ""


@lru_cache(maxsize=65_536)
def _readings(latin: tuple[str, ...], sound: str) -> tuple[Reading, ...]:
    known = dict.fromkeys(reading for text in latin if (reading := canonical(text)))
    if sound:
        known.setdefault((sound,))
    return tuple(known)


def _from_term(native: str, term: Term, sound: str, aside: bool) -> Word | None:
    if term.role == LINK or native in _DIVISIONS:
        return None
    readings = _readings(term.latin, sound)
    text = term.latin[0].replace(" ", "") if term.latin else sound
    role = term.role
    place = _place(term.latin) if role == PLACE else None
    if role == NUMBER and term.latin:
        readings = tuple((f"#{word}",) if word.isdigit() else (word,) for reading in readings for word in reading)
    return Word(text, native, role, readings, place, aside)


def _place(latin: tuple[str, ...]) -> Place | None:
    return next((found for text in latin if (found := places().get(text)) is not None), None)
