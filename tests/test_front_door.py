"""The public names, so that they cannot drift."""

from __future__ import annotations

import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

import isthmus
from isthmus.errors import IsthmusError

PUBLIC = [
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


def test_the_list_of_public_names_is_this_one() -> None:
    assert isthmus.__all__ == PUBLIC
    assert dir(isthmus) == sorted(PUBLIC)


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_name_is_there_and_documented(name: str) -> None:
    value = getattr(isthmus, name)
    assert name.startswith("__") or value.__doc__


def test_every_error_is_public_and_has_a_kind_of_its_own() -> None:
    def below(error: type[IsthmusError]) -> list[type[IsthmusError]]:
        return [error, *(found for child in error.__subclasses__() for found in below(child))]

    errors = {error for error in below(IsthmusError) if error.__module__ == "isthmus.errors"}
    assert {error.__name__ for error in errors} <= set(PUBLIC)
    assert len({error.kind for error in errors}) == len(errors)


def test_importing_the_package_is_light() -> None:
    code = "import sys, isthmus; print(sorted({'duckdb', 'numpy', 'pyarrow', 'typer'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_picture_opens_asks_and_closes(store_path: Path) -> None:
    isthmus.add_files(store_path, [Path(str(files("isthmus").joinpath("data/nbr97/claims.csv")))])
    with isthmus.open(store_path) as picture:
        finding = picture.ask("tally", "posts", within="3GPP", by="country")
        assert isinstance(finding, isthmus.Finding)
        assert finding.answers[0]["words"] == "15 posts"
        assert picture.show("GEIDCO")["entity"]["caption"] == "GEIDCO"


def test_unknown_names_are_no_attributes() -> None:
    with pytest.raises(AttributeError):
        _ = isthmus.banana
