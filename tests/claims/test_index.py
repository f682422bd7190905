"""Derived tables: every word of a name finds its entity, whichever of the two ways folded it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from isthmus.claims.store import FileFacts, Store
from isthmus.claims.words import fold, is_east, search_words

Select = Callable[[Iterable[Mapping[str, str | None]]], str]


def named(*names: str, predicate: str = "name") -> list[dict[str, str | None]]:
    return [
        {"subject": f"e{n}", "predicate": predicate, "value": name, "source": "s", "locator": str(n)}
        for n, name in enumerate(names)
    ]


def words_held(store: Store) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for entity, word in store.rows("SELECT e.id, w.word FROM name_words w JOIN entities e ON e.key = w.subject"):
        found.setdefault(entity, set()).add(word)
    return found


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Acme Ltd.", ["acme", "ltd"]),
        ("Công ty Viễn thông", ["cong", "ty", "vien", "thong"]),
        ("Straße 12-14", ["strasse", "12", "14"]),
        ("ООО «Ёлка»", ["ооо", "елка"]),
        ("ΟΔΟΣ Α.Ε.", ["οδοσ", "α", "ε"]),
        ("شركة الاتِّصالات", ["شركة", "الاتصالات"]),
        ("中国电信 (集团) Ltd", ["中国", "国电", "电信", "集团", "ltd"]),
        ("華", ["華"]),
        ("삼성전자", ["삼성", "성전", "전자"]),
        ("ソニー", ["ソニ", "ニー"]),
        ("ＡＢＣ１２", ["abc12"]),
        ("भारत संचार निगम", ["भारत", "संचार", "निगम"]),
        ("ﬁnance №5", ["finance", "no5"]),
        ("İstanbul", ["istanbul"]),
        ("5G基站", ["5g", "基站"]),
        ("…—!", []),
    ],
)
def test_the_words_of_a_name(name: str, words: list[str], store_path: Path, select: Select, facts: FileFacts) -> None:
    assert search_words(name) == words
    with Store(store_path) as store:
        store.add(select(named(name)), facts)
        store.reindex()
        assert words_held(store) == ({"e0": set(words)} if words else {})


PLAIN = st.text(st.characters(min_codepoint=32, max_codepoint=0x45F), max_size=12)
MIXED = st.text(st.sampled_from("aZéßøı 9.-中国电カナ한국ﬁⅣ²º½ÅİǅжЁشةًंिसΣς①№\u0301\u200b·'’«&"), max_size=10)
ANY = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn", "Co")), max_size=8)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.one_of(PLAIN, MIXED, ANY).filter(bool), min_size=1, max_size=60))
def test_the_index_holds_what_search_asks_for(
    texts: list[str], tmp_path_factory: pytest.TempPathFactory, select: Select, facts: FileFacts
) -> None:
    """Names are folded in SQL or in Python; a query is folded in Python. The words must be the same."""
    texts = [text for text in texts if not any(0x7F <= ord(char) < 0xA0 for char in text)] or ["x"]
    with Store(tmp_path_factory.mktemp("words") / "p.duckdb") as store:
        assert store.add(select(named(*texts)), facts).rejections == ()
        store.reindex()
        wanted = {f"e{n}": set(search_words(text)) for n, text in enumerate(texts)}
        assert words_held(store) == {entity: words for entity, words in wanted.items() if words}


@given(st.text(max_size=20))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(ANY)
def test_case_and_full_width_do_not_matter(text: str) -> None:
    assert search_words(text) == search_words(fold(text))


def test_scripts_without_word_breaks() -> None:
    assert all(map(is_east, "中ア한か"))
    assert not any(map(is_east, "aжش9 "))


def test_identifiers_can_be_found_and_descriptions_cannot(store_path: Path, select: Select, facts: FileFacts) -> None:
    rows = named("Acme") + named("5493001KJTIIGC8Y1R12", predicate="identifier") + named("x", predicate="described_as")
    with Store(store_path) as store:
        store.add(select(rows), facts)
        store.reindex()
        assert words_held(store) == {"e0": {"acme", "5493001kjtiigc8y1r12"}}


def test_the_index_grows_with_the_batches(store_path: Path, select: Select, facts: FileFacts) -> None:
    tie = {"subject": "a", "predicate": "part_of", "object": "b", "source": "s", "locator": "1"}
    with Store(store_path) as store:
        store.add(select([*named("Alpha One"), tie]), facts)
        assert words_held(store) == {}
        store.reindex()
        store.add(select([*named("Alpha One", "Alpha Two"), tie | {"object": "c"}, tie | {"locator": "2"}]), facts)
        store.reindex()
        store.reindex()
        assert words_held(store) == {"e0": {"alpha", "one"}, "e1": {"alpha", "two"}}
        assert dict(store.rows("SELECT word, n FROM words")) == {"alpha": 2, "one": 1, "two": 1}
        ties = store.rows(
            'SELECT DISTINCT s.id, o.id FROM incoming i JOIN entities s ON s.key = i.subject JOIN entities o ON o.key = i."object"'
        )
        assert sorted(ties) == [("a", "b"), ("a", "c")]
        assert store.value("SELECT value FROM meta WHERE name = 'indexed'") == "2"


def test_words_are_counted_alike_in_small_loads_and_large(store_path: Path, select: Select, facts: FileFacts) -> None:
    loads = [[f"word{number} common" for number in range(300)], ["word7 new", "word7 common", "other"], ["other"]]
    with Store(store_path) as store:
        wanted: Counter[str] = Counter()
        for number, names in enumerate(loads):
            rows = named(*names)
            store.add(
                select([row | {"subject": f"{row['subject']} {number}".replace(" ", "-")} for row in rows]), facts
            )
            store.reindex()
            wanted.update(word for name in names for word in name.split())
            assert dict(store.rows("SELECT word, n FROM words")) == wanted
            assert store.value("SELECT count(*) FROM words") == len(wanted)


def test_an_index_that_breaks_off_is_made_again(
    store_path: Path, select: Select, facts: FileFacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store(store_path) as store:
        store.add(select(named("Acme 中国")), facts)
        with monkeypatch.context() as patch:
            patch.setattr("isthmus.claims.index.search_words", _interrupt)
            with pytest.raises(BaseException, match="stopped by you"):
                store.reindex()
        assert words_held(store) == {}
        store.reindex()
        assert words_held(store) == {"e0": {"acme", "中国"}}


def _interrupt(text: str) -> list[str]:
    raise KeyboardInterrupt
