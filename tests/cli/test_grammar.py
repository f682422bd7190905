"""Reading the words of a command line."""

from __future__ import annotations

import pytest

from isthmus.cli.commands import COMMANDS, GLOBAL
from isthmus.cli.grammar import Argument, Command, Option, parse, suggest, whole_number
from isthmus.errors import ArgumentError

READ = Command(
    "read",
    "reads",
    "m:f",
    "v",
    arguments=(Argument("files", "FILE", "a file", many=True),),
    options=(
        Option("--as", "format", "the format", metavar="FORMAT"),
        Option("--limit", "limit", "how many", metavar="N", default=20, read=whole_number),
        Option("--without", "without", "leave out", metavar="SOURCE", repeat=True),
        Option("--dry-run", "dry_run", "write nothing"),
    ),
)


def values(line: str) -> dict[str, object]:
    return parse("isthmus read", READ, GLOBAL, line.split())


def test_options_may_stand_before_between_and_after_words() -> None:
    for line in ("--as csv a b --dry-run", "a --as csv b --dry-run", "a b --dry-run --as=csv"):
        found = values(line)
        assert (found["files"], found["format"], found["dry_run"]) == (["a", "b"], "csv", True)


def test_what_is_not_given_has_its_default() -> None:
    found = values("a")
    assert found == {"files": ["a"], "format": None, "limit": 20, "without": (), "dry_run": False}


def test_a_repeated_option_keeps_every_value() -> None:
    assert values("a --without x --without y")["without"] == ("x", "y")


def test_options_of_every_verb_are_in_the_values_only_where_given() -> None:
    assert "json" not in values("a")
    found = values("a --json -p there.duckdb")
    assert (found["json"], found["picture"]) == (True, "there.duckdb")


def test_words_after_two_dashes_are_no_options() -> None:
    assert values("-- --as x")["files"] == ["--as", "x"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", "FILE is missing"),
        ("a --limt 3", "no option --limt"),
        ("a --lim 3", "no option --lim "),
        ("a --limit 0", "“0” is no whole number"),
        ("a --limit 1.5", "“1.5” is no whole number"),
        ("a --limit ٣", "“٣” is no whole number"),
        ("a --limit", "expected one argument"),
        ("a -p", "expected one argument"),
        ("a --dry-run=yes", "--dry-run"),
        ("a -x", "no option -x"),
    ],
)
def test_a_bad_line_is_refused_with_what_and_where(line: str, said: str) -> None:
    with pytest.raises(ArgumentError) as caught:
        values(line)
    assert said in caught.value.message
    assert caught.value.where == "isthmus read"
    assert "isthmus read --help" in (caught.value.hint or "")


def test_an_empty_word_is_refused() -> None:
    with pytest.raises(ArgumentError, match="the text is empty"):
        parse("isthmus read", READ, GLOBAL, [" "])


def test_a_misspelled_option_is_guessed() -> None:
    with pytest.raises(ArgumentError) as caught:
        values("a --with-out x")
    assert "Did you mean --without?" in (caught.value.hint or "")


def test_a_choice_is_one_of_its_words() -> None:
    with pytest.raises(ArgumentError, match="“perhaps” is none of"):
        parse("isthmus judge", COMMANDS["judge"], GLOBAL, ["a", "b", "perhaps", "--why", "x"])


def test_near_words_are_suggested_and_far_ones_are_not() -> None:
    assert suggest("shwo", list(COMMANDS)) == "Did you mean show? "
    assert suggest("zzz", list(COMMANDS)) == ""
