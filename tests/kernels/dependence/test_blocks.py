"""Two kernels answer one question: source by source, or 64 sources at a time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isthmus.kernels.dependence import failures
from isthmus.kernels.dependence.blocks import impacts_in_blocks
from isthmus.kernels.dependence.failures import failed_by, impact
from isthmus.kernels.dependence.graph import Needs
from tests.kernels.dependence.graphs import CASES, Small, needs_of, smalls

NEVER, ALWAYS = 2**40, 0
"""So many steps of blocks that they are never worth it, or always."""


@pytest.mark.parametrize("steps", [NEVER, ALWAYS])
@settings(max_examples=CASES)
@given(small=smalls())
def test_either_kernel_finds_what_trying_each_gives(steps: int, small: Small) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(failures, "steps_in_blocks", lambda needs: steps)
        assert impact(small.build()).tolist() == small.impact("operating")


@settings(max_examples=20)
@given(st.integers(0, 2**32), st.sampled_from([0, 40, 400]))
def test_several_blocks_with_loops_and_thresholds(seed: int, back: int) -> None:
    chance = np.random.default_rng(seed)
    nodes, rows = 300, 900
    subjects = chance.integers(0, nodes, rows)
    # Mostly of what comes later; `back` rows lead anywhere, so that loops come about.
    ends = subjects + chance.integers(0, 20, rows)
    ends[:back] = chance.integers(0, nodes, back)
    numbers = chance.integers(0, 3, rows)
    least = 1 + (subjects + numbers) % 2
    needs = Needs.build(nodes, subjects, numbers, np.minimum(ends, nodes - 1), least)
    anyway = failed_by(needs, ())
    each = [0 if anyway[node] else int((failed_by(needs, [node]) & ~anyway).sum()) for node in range(nodes)]
    assert impacts_in_blocks(needs, anyway).tolist() == each


def test_many_alternatives_of_which_some_may_be_lost() -> None:
    # 0 needs 3 of 5 things that hang on 6 and 7: with 6 two are left, with 7 three.
    needs = needs_of(
        8, [(0, 3, [1, 2, 3, 4, 5]), (1, 1, [6]), (2, 1, [6]), (3, 1, [6]), (4, 1, [7]), (5, 1, [7])]
    ).build()
    assert impacts_in_blocks(needs, np.zeros(8, np.bool_)).tolist() == [1, 1, 1, 1, 1, 1, 5, 3]


def test_a_long_chain_fails_as_far_as_it_goes() -> None:
    nodes = 200
    chain = np.arange(nodes - 1)
    needs = Needs.build(nodes, chain, np.zeros(nodes - 1, np.int64), chain + 1)
    assert impacts_in_blocks(needs, np.zeros(nodes, np.bool_)).tolist() == list(range(1, nodes + 1))
