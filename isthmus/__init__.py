"""Isthmus: a common operating picture of the systems that digital infrastructure rests on.

>>> import isthmus
>>> with isthmus.open("picture.duckdb") as picture:  # doctest: +SKIP
...     finding = picture.ask("tally", "posts", within="ITU-T", by="country")
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from isthmus.errors import (
    AccessError,
    AmbiguousEntityError,
    ArgumentError,
    FormatError,
    InputError,
    InterruptedRunError,
    IsthmusError,
    MappingError,
    ProfileError,
    StoreCorruptError,
    StoreError,
    StoreFullError,
    StoreLockedError,
    StoreReadOnlyError,
    UnknownEntityError,
    ValueFormatError,
    VocabularyError,
)

if TYPE_CHECKING:
    from isthmus.claims.store import Store
    from isthmus.model import Claim, Finding, Source
    from isthmus.picture import Picture, Request
    from isthmus.quantities import Quantity
    from isthmus.service.adding import add_files
    from isthmus.service.front import OpenPicture
    from isthmus.service.front import open_picture as open

__version__ = "0.1.0"

__all__ = [
    "AccessError",
    "AmbiguousEntityError",
    "ArgumentError",
    "Claim",
    "Finding",
    "FormatError",
    "InputError",
    "InterruptedRunError",
    "IsthmusError",
    "MappingError",
    "OpenPicture",
    "Picture",
    "ProfileError",
    "Quantity",
    "Request",
    "Source",
    "Store",
    "StoreCorruptError",
    "StoreError",
    "StoreFullError",
    "StoreLockedError",
    "StoreReadOnlyError",
    "UnknownEntityError",
    "ValueFormatError",
    "VocabularyError",
    "__version__",
    "add_files",
    "open",
]

_HOMES = {
    "Claim": ("isthmus.model", "Claim"),
    "Finding": ("isthmus.model", "Finding"),
    "OpenPicture": ("isthmus.service.front", "OpenPicture"),
    "Picture": ("isthmus.picture", "Picture"),
    "Quantity": ("isthmus.quantities", "Quantity"),
    "Request": ("isthmus.picture", "Request"),
    "Source": ("isthmus.model", "Source"),
    "Store": ("isthmus.claims.store", "Store"),
    "add_files": ("isthmus.service.adding", "add_files"),
    "open": ("isthmus.service.front", "open_picture"),
}
"""Where each public name lives; it is fetched when first used, so that ``import isthmus`` stays light."""


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'isthmus' has no attribute {name!r}")
    return getattr(import_module(home[0]), home[1])


def __dir__() -> list[str]:
    return sorted(__all__)
