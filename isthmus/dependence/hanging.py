"""What a verdict on a failure hangs on: the claims and works without which it is another."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np

from isthmus.dependence.needs import given_needs
from isthmus.dependence.rows import Rows, Told
from isthmus.dependence.web import Web
from isthmus.kernels.dependence.failures import Semantics, failed_by
from isthmus.kernels.dependence.graph import Needs
from isthmus.kernels.dependence.reach import dependencies
from isthmus.model import Claim

Causes = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Trial:
    """The claims that can bear on whether a thing fails, to be tried without some of them.

    Attributes
    ----------
    web : Web
    target : int
        Its key in the store.
    rows : Rows
        All that is said of what the thing needs, directly or not.
    """

    web: Web
    target: int
    rows: Rows
    semantics: Semantics

    def still_failing(self, without: Collection[int], causes: Iterable[Causes]) -> set[Causes]:
        """Return which sets of causes (keys in the store) still fail the thing when some claims (rows of the store) are not there.

        The thing fails with itself, whatever is claimed.
        """
        causes = list(causes)
        rows = self.rows.take(~np.isin(self.rows.claim, list(without)))
        given = given_needs(Told(rows, {}), self.web.level)
        place = {int(key): node for node, key in enumerate(given.keys.tolist())}
        if self.target not in place:
            return {each for each in causes if self.target in each}
        nodes = len(given.keys) + len(given.behind)
        needs = Needs.build(nodes, given.subject, given.number, given.alternative, given.at_least)
        found = set()
        for each in causes:
            failed = failed_by(needs, [place[key] for key in each if key in place], self.semantics)
            if failed[place[self.target]]:
                found.add(each)
        return found

    def claims(self) -> dict[int, Claim]:
        """Return the claims that bear on the thing by their rows in the store."""
        wanted = dict(zip(self.rows.claim.tolist(), self.rows.place.tolist(), strict=True))
        return self.web.picture.reader.at(wanted)


def trial_of(web: Web, node: int, semantics: Semantics) -> Trial:
    """Return the claims that can bear on whether a thing fails."""
    reached = np.flatnonzero(dependencies(web.needs, [node]) >= 0)
    keys = web.given.keys[reached[reached < web.things]]
    return Trial(web, int(web.given.keys[node]), web.rows.take(np.isin(web.rows.subject, keys)), semantics)
