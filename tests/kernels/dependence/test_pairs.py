"""What fails a target alone or with one other: vector V6, and trying everything on small graphs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isthmus.errors import ArgumentError
from isthmus.kernels.dependence.failures import Semantics
from isthmus.kernels.dependence.graph import Needs
from isthmus.kernels.dependence.pairs import pairs_of, single_failures
from tests.kernels.dependence.graphs import BOTH, CASES, V6, A, B, C, D, E, Small, T, needs_of, smalls

MANY = 100_000


@pytest.mark.parametrize("semantics", BOTH)
def test_v6(semantics: Semantics) -> None:
    assert single_failures(V6.build(), T, semantics).tolist() == [T, A, D]
    found = pairs_of(V6.build(), T, semantics=semantics)
    assert found.as_set() == {(B, C), (B, E)}
    assert found.complete


def test_two_starters_of_a_loop_are_a_pair_at_the_start_only() -> None:
    # 0 and 1 hold one another; 2 starts the one, 3 the other.
    loop = needs_of(4, [(0, 1, [1, 2]), (1, 1, [0, 3])]).build()
    assert pairs_of(loop, 0).as_set() == {(1, 2)}
    assert pairs_of(loop, 0, semantics="bootstrap").as_set() == {(1, 2), (2, 3)}


@settings(max_examples=CASES)
@given(smalls(), st.sampled_from(BOTH))
def test_singles_and_pairs_are_what_trying_gives(small: Small, semantics: Semantics) -> None:
    needs = small.build()
    for target in range(small.nodes):
        assert single_failures(needs, target, semantics).tolist() == small.singles(target, semantics)
        found = pairs_of(needs, target, semantics=semantics)
        assert list(zip(found.first.tolist(), found.second.tolist(), strict=True)) == small.pairs(target, semantics)
        assert found.complete


@settings(max_examples=CASES)
@given(smalls(), st.sampled_from(BOTH), st.integers(0, 4))
def test_a_limit_cuts_and_says_so(small: Small, semantics: Semantics, limit: int) -> None:
    all_of_them = set(small.pairs(0, semantics))
    found = pairs_of(small.build(), 0, limit, semantics)
    assert found.as_set() <= all_of_them
    assert found.first.size == min(limit, len(all_of_them))
    assert found.complete == (len(all_of_them) <= limit)


@pytest.mark.parametrize("semantics", BOTH)
def test_what_stands_behind_two_alternatives_multiplies(semantics: Semantics) -> None:
    # 0 needs 1 or 2; each of them needs 40 things.
    rows = [(0, 0, 1), (0, 0, 2), *((1 + side, place, 3 + 40 * side + place) for side in (0, 1) for place in range(40))]
    needs = Needs.build(83, *np.array(rows).T)
    assert pairs_of(needs, 0, semantics=semantics).first.size == 41 * 41
    some = pairs_of(needs, 0, 1500, semantics)
    assert (some.first.size, some.complete) == (1500, False)


@pytest.mark.parametrize("semantics", BOTH)
def test_large_shapes(semantics: Semantics) -> None:
    node, none, hub = np.arange(MANY), np.zeros(MANY, np.int64), np.zeros(MANY - 1, np.int64)
    chain = Needs.build(MANY, node[:-1], none[1:], node[1:])
    assert np.array_equal(single_failures(chain, 0, semantics), node)
    assert pairs_of(chain, 0, semantics=semantics).first.size == 0
    choice = Needs.build(MANY, hub, hub, node[1:])
    assert single_failures(choice, 0, semantics).tolist() == [0]
    assert pairs_of(choice, 0, semantics=semantics).first.size == 0
    ring = Needs.build(MANY, node, none, (node + 1) % MANY)
    assert single_failures(ring, 7, semantics).size == (MANY if semantics == "operating" else 0)
    # Two chains, one for the other: no single failure but the ends, and a pair for each two of their nodes.
    half = MANY // 2
    two = Needs.build(
        MANY + 1,
        np.concatenate(([MANY, MANY], node[: half - 1], node[half:-1])),
        np.concatenate(([0, 0], none[: MANY - 2])),
        np.concatenate(([0, half], node[1:half], node[half + 1 :])),
    )
    assert single_failures(two, MANY, semantics).tolist() == [MANY]
    assert not pairs_of(two, MANY, 10, semantics).complete


@pytest.mark.parametrize("semantics", BOTH)
def test_a_target_that_fails_anyway_has_neither(semantics: Semantics) -> None:
    broken = needs_of(2, [(0, 2, [1])]).build()
    assert single_failures(broken, 0, semantics).size == 0
    assert pairs_of(broken, 0, semantics=semantics).as_set() == set()
    assert single_failures(needs_of(1, []).build(), 0, semantics).tolist() == [0]


def test_what_is_no_target_or_limit_is_refused() -> None:
    with pytest.raises(ArgumentError, match="9 is not between 0 and 5"):
        single_failures(V6.build(), 9)
    with pytest.raises(ArgumentError, match="-1 pairs"):
        pairs_of(V6.build(), T, -1)
