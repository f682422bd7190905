"""Connected components and cycles of graphs given as arrays of edges."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

Keys = NDArray[np.int64]


def components(heads: Keys, tails: Keys) -> tuple[Keys, Keys]:
    """Label the connected components of an undirected graph.

    Parameters
    ----------
    heads, tails : int64 arrays, shape (edges,)
        The two ends of each edge; any non-negative keys.

    Returns
    -------
    nodes, labels : int64 arrays, shape (nodes,)
        The distinct keys in rising order, and the component of each (0 ...).
    """
    return _labelled(heads, tails, directed=False, connection="weak")


def strong_components(heads: Keys, tails: Keys) -> tuple[Keys, Keys]:
    """Label the strongly connected components of a directed graph (Tarjan 1972, through SciPy).

    Two nodes share a label exactly when each reaches the other: a component of two or more nodes holds a cycle.
    """
    return _labelled(heads, tails, directed=True, connection="strong")


def _labelled(heads: Keys, tails: Keys, *, directed: bool, connection: str) -> tuple[Keys, Keys]:
    if len(heads) == 0:
        empty = np.empty(0, dtype=np.int64)
        return empty, empty
    nodes, places = np.unique(np.concatenate((heads, tails)), return_inverse=True)
    rows, columns = places[: len(heads)], places[len(heads) :]
    matrix = coo_matrix((np.ones(len(heads), dtype=np.int8), (rows, columns)), shape=(len(nodes), len(nodes)))
    _, labels = connected_components(matrix, directed=directed, connection=connection)
    return nodes.astype(np.int64), labels.astype(np.int64)
