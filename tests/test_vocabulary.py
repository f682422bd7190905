"""The shipped vocabulary, and what a broken one is told."""

from __future__ import annotations

from importlib.resources import files

import pytest

from isthmus.errors import VocabularyError
from isthmus.vocabulary import Kind, Predicate, Qualifier, Vocabulary, load_vocabulary, read_vocabulary
from isthmus.vocabulary.load import DATES, FILES, RULES


@pytest.fixture
def texts() -> dict[str, str]:
    """Return the shipped files, to be changed."""
    return {name: files("isthmus.vocabulary").joinpath(name).read_text("utf-8") for name in FILES}


@pytest.fixture(scope="module")
def words() -> Vocabulary:
    """Return the shipped vocabulary."""
    return load_vocabulary()


def test_the_shipped_vocabulary_is_whole(words: Vocabulary) -> None:
    assert len(words.kinds) >= 42
    assert len(words.predicates) >= 62
    assert len(words.qualifiers) >= 48
    assert words.modes[0] == "actual"
    assert words.stances == ("asserts", "denies", "not_found")


def test_roles_over_a_site_are_separate_predicates(words: Vocabulary) -> None:
    assert {"owns", "operates", "builds", "finances", "oversees", "controls", "consolidates"} <= set(words.predicates)


def test_every_term_is_explained(words: Vocabulary) -> None:
    explained: list[Kind | Qualifier | Predicate] = [
        *words.kinds.values(),
        *words.qualifiers.values(),
        *words.predicates.values(),
    ]
    assert [term.name for term in explained if not term.means] == []
    for predicate in words.predicates.values():
        assert "{subject}" in predicate.sentence or "{object}" in predicate.sentence, predicate.name
        assert predicate.conflict.rule in RULES
        assert predicate.date in DATES
        if predicate.takes_object:
            assert predicate.inverse, predicate.name


def test_public_standards_are_named(words: Vocabulary) -> None:
    named = {standard for predicate in words.predicates.values() for standard in predicate.maps}
    assert {"ftm", "bods", "cdx", "dora", "dpv"} <= named
    assert {"ftm", "bods"} <= {standard for kind in words.kinds.values() for standard in kind.maps}


def test_narrower_kinds(words: Vocabulary) -> None:
    assert words.is_a("state", "state")
    assert words.is_a("state", "any")
    assert not words.is_a("party", "state")
    narrower = [kind for kind in words.kinds.values() if kind.broader]
    assert narrower
    for kind in narrower:
        assert kind.broader is not None
        assert words.is_a(kind.name, kind.broader)
        assert not words.is_a(kind.broader, kind.name)
    assert not words.is_a("no such kind", "party")


def test_units(words: Vocabulary) -> None:
    assert words.family("USD") == "money"
    assert words.family("share") == "share"
    assert words.family("furlong") is None
    assert words.allowed_units(words.predicate("owns")) == {"share"}
    assert "posts" in words.allowed_units(words.predicate("has_role_in"))
    assert "share" in words.allowed_units(words.predicate("uses"))
    assert "share" not in words.allowed_units(words.predicate("operates"))


def test_qualifiers(words: Vocabulary) -> None:
    owns = words.predicate("owns")
    assert {"interest", "direct", "right", "beneficial", "title", *words.common} == words.allowed_qualifiers(owns)
    assert words.qualifiers["item"].takes_entity
    assert not words.qualifiers["scope"].takes_entity


def test_an_unknown_predicate(words: Vocabulary) -> None:
    with pytest.raises(VocabularyError, match="no predicate “haunts”") as caught:
        words.predicate("haunts")
    assert caught.value.exit_code == 2


def test_the_version_follows_the_text(texts: dict[str, str]) -> None:
    first = read_vocabulary(texts)
    assert first.version == read_vocabulary(dict(texts)).version == load_vocabulary().version
    texts["units.yaml"] += "\n# a remark\n"
    assert read_vocabulary(texts).version != first.version


def test_the_vocabulary_is_loaded_once() -> None:
    assert load_vocabulary() is load_vocabulary()


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("predicates.yaml", "  part_of:       {group: sets, means:", "  part_of:       {group: sets, mean:", "“part_of” has no means"),
        ("predicates.yaml", "  part_of:       {group: sets,", "  part_of:       {", "“part_of” has no group"),
        ("predicates.yaml", "object: [concept], inverse", "object: [conzept], inverse", "“classified_as” names the kind “conzept”"),
        ("predicates.yaml", "qualifiers: [aspect]", "qualifiers: [aspekt]", "“described_as” names the qualifier “aspekt”"),
        ("predicates.yaml", "number: rank,", "number: ranks,", "“rank” names the family of units “ranks”"),
        ("predicates.yaml", "rule: cycle, key: []}, maps: {cdx: comp", "rule: loop, key: []}, maps: {cdx: comp", "conflict rule “loop”"),
        ("predicates.yaml", "rule: one_subject, key: [scheme, value]", "rule: one_subject, key: [shceme]", "conflict key “shceme”"),
        ("predicates.yaml", 'sentence: "{subject} is called {value}"', 'sentence: "{subject} is {nmae}"', "slot of the sentence “nmae”"),
        ("predicates.yaml", 'called {value}", date: at', 'called {value}", date: whenever', "date meaning “whenever”"),
        ("predicates.yaml", "need: activity", "need: actvity", "needed part “actvity”"),
        ("predicates.yaml", "inverse: has part, ", "", "“part_of” takes an object but has no inverse label"),
        ("predicates.yaml", "subject: [any], value: kinds", "subject: [], value: kinds", "“kind” allows no kind of subject"),
        ("predicates.yaml", "subject: [any], value: kinds, ", "subject: [any], ", "“kind” has no object, value or number"),
        ("predicates.yaml", "common: [scope,", "common: [skope,", "common qualifier “skope”"),
        ("qualifiers.yaml", "scope:         {type: text", "scope:         {type: prose", "“scope” names the type “prose”"),
        ("qualifiers.yaml", "values: [direct, indirect, unknown]", "values: []", "the code “direct” lists no values"),
        ("qualifiers.yaml", 'means: "where"', 'says: "where"', "“place” has no means"),
    ],
)  # fmt: skip
def test_a_broken_vocabulary(file: str, old: str, new: str, said: str, texts: dict[str, str]) -> None:
    assert old in texts[file]
    texts[file] = texts[file].replace(old, new, 1)
    with pytest.raises(VocabularyError) as caught:
        read_vocabulary(texts)
    assert said in caught.value.message
    assert caught.value.where == file


def test_kinds_in_a_circle(texts: dict[str, str]) -> None:
    texts["kinds.yaml"] = "kinds:\n  a: {means: x, is: b}\n  b: {means: x, is: a}\n"
    with pytest.raises(VocabularyError, match="is its own broader kind"):
        read_vocabulary(texts)


def test_a_kind_under_nothing(texts: dict[str, str]) -> None:
    texts["kinds.yaml"] = "kinds:\n  a: {means: x, is: ghost}\n"
    with pytest.raises(VocabularyError, match="“ghost”, which does not exist"):
        read_vocabulary(texts)


@pytest.mark.parametrize(
    "text",
    ["kinds: [", "- a\n- b\n", "", "!!python/object/apply:os.system ['true']", "{}", "kinds: 3", "kinds: {a: b}"],
)
def test_a_file_that_is_no_vocabulary(text: str, texts: dict[str, str]) -> None:
    texts["kinds.yaml"] = text
    with pytest.raises(VocabularyError) as caught:
        read_vocabulary(texts)
    assert caught.value.where == "kinds.yaml"
