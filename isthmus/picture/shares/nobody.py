"""Words in the place of a name, such as “Various”: they name nobody, and who is called so is not counted as one holder."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

import yaml

from isthmus.errors import VocabularyError

FILE = "data/nobody.yaml"
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MARKS = re.compile(r"[\W_]+")


@cache
def names_of_nobody() -> frozenset[str]:
    """Return the words that ship with the package, each as `is_nobody` compares them."""
    return read_names(files("isthmus").joinpath(FILE).read_text("utf-8"))


def read_names(text: str) -> frozenset[str]:
    """Read the words from the text of their file.

    Raises
    ------
    VocabularyError
        The file is no such list.
    """
    try:
        raw = yaml.load(text, Loader=_Loader)
        names = frozenset(_plain(str(name)) for group in raw["names"] for name in group)
    except (yaml.YAMLError, KeyError, TypeError) as error:
        raise VocabularyError(f"the words that name nobody cannot be read: {error!r}.", where=FILE) from error
    if not names or "" in names:
        raise VocabularyError("a word that names nobody is empty, or there is none.", where=FILE)
    return names


@cache
def is_nobody(name: str) -> bool:
    """Tell whether a name is one of the words that name nobody: compared whole, without case, marks and a leading “the”."""
    return _plain(name) in names_of_nobody()


def _plain(name: str) -> str:
    return _MARKS.sub(" ", name.casefold()).strip().removeprefix("the ")
