"""Connected components and circles of graphs given as pairs of nodes.

Plain Python and no imports: these graphs are small (judgements of identity; the inner edges of a hierarchy), and a question that needs
them should not wait for a library of arrays to load.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

Node = TypeVar("Node", int, str)


def components(edges: Iterable[tuple[Node, Node]]) -> list[list[Node]]:
    """Return the connected components of an undirected graph, by union-find with path halving (Tarjan and van Leeuwen 1984).

    Returns
    -------
    list of lists
        The nodes of each component in rising order, and the components by their smallest node.
    """
    root: dict[Node, Node] = {}

    def find(node: Node) -> Node:
        while root.setdefault(node, node) != node:
            root[node] = root[root[node]]
            node = root[node]
        return node

    for a, b in edges:
        one, two = find(a), find(b)
        root[max(one, two)] = min(one, two)
    groups: dict[Node, list[Node]] = {}
    for node in sorted(root):
        groups.setdefault(find(node), []).append(node)
    return list(groups.values())


def circles(edges: Iterable[tuple[Node, Node]]) -> list[list[Node]]:
    """Return the strongly connected components with a circle in them: two nodes or more, or one with an edge to itself.

    Two nodes stand in one list exactly when each can be reached from the other (Tarjan 1972, without recursion).

    Returns
    -------
    list of lists
        The nodes of each in rising order, and the components by their smallest node.
    """
    following: dict[Node, set[Node]] = {}
    for a, b in edges:
        following.setdefault(a, set()).add(b)
        following.setdefault(b, set())
    found = [
        sorted(component)
        for component in _tarjan(following)
        if len(component) > 1 or component[0] in following[component[0]]
    ]
    return sorted(found)


def _tarjan(following: dict[Node, set[Node]]) -> Iterator[list[Node]]:
    index: dict[Node, int] = {}
    low: dict[Node, int] = {}
    open_nodes: list[Node] = []
    is_open: set[Node] = set()
    for start in following:
        if start in index:
            continue
        path = [(start, iter(following[start]))]
        index[start] = low[start] = len(index)
        open_nodes.append(start)
        is_open.add(start)
        while path:
            node, ends = path[-1]
            for end in ends:
                if end not in index:
                    index[end] = low[end] = len(index)
                    open_nodes.append(end)
                    is_open.add(end)
                    path.append((end, iter(following[end])))
                    break
                if end in is_open:
                    low[node] = min(low[node], index[end])
            else:
                path.pop()
                if path:
                    low[path[-1][0]] = min(low[path[-1][0]], low[node])
                if low[node] == index[node]:
                    component: list[Node] = []
                    while True:
                        member = open_nodes.pop()
                        is_open.discard(member)
                        component.append(member)
                        if member == node:
                            break
                    yield component
