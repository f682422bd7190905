"""A register of 2,000 companies: what networkx, DuckDB and SciPy say of it is what we say."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from benchmarks.control_peers import by_duckdb, by_networkx, by_scipy, database_of, graph_of
from benchmarks.ownership_register import Register, evidence, register, widened
from isthmus.kernels.ownership.bounds import bounded_control
from isthmus.kernels.ownership.holdings import WHOLE, infeasible
from isthmus.kernels.ownership.integrated import portfolio
from isthmus.kernels.ownership.reach import controlled
from isthmus.kernels.ownership.ultimate import is_chained, ultimate, ultimate_of


@pytest.fixture(scope="module")
def made() -> Register:
    return register(2000)


def test_a_register_is_the_same_each_time_and_within_the_rules(made: Register) -> None:
    again = register(2000)
    assert np.array_equal(made.holders, again.holders)
    assert np.array_equal(made.points, again.points)
    assert not np.array_equal(made.holders, register(2000, seed=1).holders)
    assert (made.points > 0).all()
    assert not (made.holders == made.targets).any()
    assert not infeasible(made.holdings()).any()
    pairs = made.holders.astype(np.int64) * made.nodes + made.targets
    assert np.unique(pairs).size == pairs.size
    # There are rings and joint control in it, so that equal answers say something.
    assert len(ultimate(made.holdings()).rings()) > 1
    direct = set(zip(made.holders[made.points > 5000].tolist(), made.targets[made.points > 5000].tolist(), strict=True))
    assert len(controlled(made.holdings()).as_set() - direct) > 100


def test_every_edge_has_one_source_or_two(made: Register) -> None:
    told = evidence(made.holders.size)
    assert set(np.diff(told.starts).tolist()) == {1, 2}
    assert told.starts[-1] == told.sources.size


def test_widened_shares_keep_the_share(made: Register) -> None:
    holdings = made.holdings()
    wide = widened(holdings)
    assert (wide.low <= holdings.low).all()
    assert (wide.high >= holdings.high).all()
    assert 0.2 < (wide.high - wide.low > 0).mean() < 0.4
    assert wide.high.max() <= WHOLE


def test_pairs_are_those_of_networkx(made: Register) -> None:
    assert controlled(made.holdings()).as_set() == set(by_networkx(graph_of(made)))


def test_pairs_are_those_of_duckdb(made: Register) -> None:
    found = by_duckdb(database_of(made))
    assert controlled(made.holdings()).as_set() == set(map(tuple, found.tolist()))


def test_tops_found_without_pairs_are_those_of_the_pairs(made: Register) -> None:
    holdings = made.holdings()
    assert is_chained(holdings)
    direct, listed = ultimate(holdings), ultimate_of(controlled(holdings))
    assert np.array_equal(direct.roots, listed.roots)
    assert np.array_equal(direct.ring, listed.ring)


def test_values_are_those_of_scipy(made: Register) -> None:
    values = np.random.default_rng(3).random(made.nodes)
    found = portfolio(made.holdings(), values)
    assert found.closed == ()
    assert_allclose(found.values, by_scipy(made, values), rtol=1e-9, atol=1e-12)


def test_certain_control_is_possible(made: Register) -> None:
    holdings = made.holdings()
    found = bounded_control(widened(holdings))
    certain, possible, exact = found.certain.as_set(), found.possible.as_set(), controlled(holdings).as_set()
    assert certain < exact
    assert exact < possible
