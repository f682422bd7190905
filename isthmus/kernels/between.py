"""What lies between two nodes of an undirected graph: a shortest path, and every edge that some simple path uses.

Plain Python and no imports of libraries, as in `isthmus.kernels.components`: these graphs are judgements of identity.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

Edge = tuple[str, str]


def neighbours_of(edges: Iterable[Edge]) -> dict[str, list[str]]:
    """Return the neighbours of each node, in rising order."""
    found: dict[str, set[str]] = {}
    for a, b in edges:
        found.setdefault(a, set()).add(b)
        found.setdefault(b, set()).add(a)
    return {node: sorted(ends) for node, ends in found.items()}


def shortest_path(
    neighbours: Mapping[str, Sequence[str]], starts: Collection[str], goals: Collection[str]
) -> tuple[str, ...]:
    """Return the nodes of a path with the fewest edges from any start to any goal; empty where there is none.

    The search goes by rising order of nodes, so the same graph gives the same path.
    """
    came: dict[str, str | None] = dict.fromkeys(sorted(starts))
    queue = deque(came)
    while queue:
        here = queue.popleft()
        if here in goals:
            path: list[str] = []
            back: str | None = here
            while back is not None:
                path.append(back)
                back = came[back]
            return tuple(reversed(path))
        for step in neighbours.get(here, ()):
            if step not in came:
                came[step] = here
                queue.append(step)
    return ()


def edges_between(edges: Iterable[Edge], pairs: Iterable[Edge]) -> set[Edge]:
    """Return the edges that lie on a simple path between the nodes of some pair.

    A simple path passes no node twice. An edge lies on one between two nodes exactly when its biconnected component does in the tree of
    blocks and cut points (Hopcroft and Tarjan 1973; Harary 1969, theorem 4.4). Taking these edges away parts the two nodes, and parts
    nothing from its neighbours that does not stand between them.

    Parameters
    ----------
    edges : iterable of (str, str)
        Each with the smaller node first.
    pairs : iterable of (str, str)
        In any order. A pair in two components of the graph adds nothing.
    """
    blocks = _Blocks(neighbours_of(edges))
    found: set[Edge] = set()
    taken: set[int] = set()
    for a, b in pairs:
        for block in blocks.between(a, b):
            if block not in taken:
                taken.add(block)
                found.update(blocks.edges[block])
    return found


class _Blocks:
    """The biconnected components of a graph, as a forest that hangs from the roots of a depth-first search.

    Attributes
    ----------
    edges : list of list of (str, str)
        The edges of each block.
    top : list of str
        The node of each block that is nearest to the root.
    above : dict
        The block that leads from each node towards the root; none for a root.
    root : dict
        The root of each node.
    """

    def __init__(self, neighbours: Mapping[str, Sequence[str]]) -> None:
        self.edges: list[list[Edge]] = []
        self.top: list[str] = []
        self.above: dict[str, int] = {}
        self.root: dict[str, str] = {}
        self._index: dict[str, int] = {}
        self._low: dict[str, int] = {}
        for start in sorted(neighbours):
            if start not in self.root:
                self._search(start, neighbours)

    def between(self, a: str, b: str) -> Iterator[int]:
        """Yield the blocks on the way from one node to the other."""
        if a == b or a not in self.root or self.root[a] != self.root.get(b):
            return
        one, other = list(self._climb(a)), list(self._climb(b))
        # What both ways share, from the root down, is not between them, but for the block in which they meet.
        while one and other and one[-1] == other[-1]:
            one.pop()
            other.pop()
        if one and other and one[-1][0] == other[-1][0]:
            other.pop()
        yield from (block for block, _ in (*one, *other))

    def _climb(self, node: str) -> Iterator[tuple[int, str]]:
        """Yield the blocks from a node to its root, each with the node by which it was entered."""
        while node in self.above:
            block = self.above[node]
            yield block, node
            node = self.top[block]

    def _search(self, start: str, neighbours: Mapping[str, Sequence[str]]) -> None:
        open_edges: list[Edge] = []
        path: list[tuple[str, str | None, Iterator[str]]] = [(start, None, iter(neighbours[start]))]
        self._enter(start, start)
        while path:
            node, parent, ends = path[-1]
            for end in ends:
                if end not in self._index:
                    open_edges.append((node, end))
                    self._enter(end, start)
                    path.append((end, node, iter(neighbours[end])))
                    break
                if end != parent and self._index[end] < self._index[node]:
                    open_edges.append((node, end))
                    self._low[node] = min(self._low[node], self._index[end])
            else:
                path.pop()
                if parent is not None:
                    self._low[parent] = min(self._low[parent], self._low[node])
                    if self._low[node] >= self._index[parent]:
                        self._close(parent, node, open_edges)

    def _enter(self, node: str, root: str) -> None:
        self.root[node] = root
        self._index[node] = self._low[node] = len(self._index)

    def _close(self, top: str, below: str, open_edges: list[Edge]) -> None:
        """Make a block of the edges opened since the edge from `top` to `below`."""
        number = len(self.edges)
        edges: list[Edge] = []
        while True:
            a, b = open_edges.pop()
            edges.append((min(a, b), max(a, b)))
            for node in (a, b):
                if node != top:
                    self.above[node] = number
            if (a, b) == (top, below):
                break
        self.edges.append(edges)
        self.top.append(top)
