"""Words in the place of a name."""

from __future__ import annotations

import pytest

from isthmus.errors import VocabularyError
from isthmus.picture.shares.nobody import is_nobody, names_of_nobody, read_names


@pytest.mark.parametrize(
    "name", ["Various", "VARIOUS COUNTRIES", " the rest-of-world ", "n.a.", "All others*", "Unknown?"]
)
def test_words_that_name_nobody(name: str) -> None:
    assert is_nobody(name)


@pytest.mark.parametrize(
    "name", ["Various Tools Ltd", "Otherwise", "The Other Company", "", "Namibia", "Unknown Worlds"]
)
def test_names_that_hold_such_a_word(name: str) -> None:
    assert not is_nobody(name)


def test_no_state_is_nobody() -> None:
    assert not {"na", "no", "none"} & names_of_nobody()


@pytest.mark.parametrize("text", ["names: 3", "- various", "names: []", "names: [['--']]", "names: ["])
def test_a_list_that_is_wrong_is_refused(text: str) -> None:
    with pytest.raises(VocabularyError):
        read_names(text)
