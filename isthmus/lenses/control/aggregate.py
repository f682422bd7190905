"""The shares of listed parties, and of what they own to the quota, taken together."""

from __future__ import annotations

from collections.abc import Sequence

from isthmus.control.inquiry import Inquiry, key_of
from isthmus.control.support import chain
from isthmus.control.verdicts import CANNOT, CONTROLS, MAY_CONTROL, Verdict, share_of
from isthmus.lenses.control.answers import Answered, answer_all
from isthmus.lenses.control.designations import designations
from isthmus.lenses.control.links import bounded
from isthmus.picture import Entity


def aggregate_answers(inquiry: Inquiry, parties: Sequence[Entity], *, why: bool) -> Answered:
    """Return an answer for each listed party that has a part in the thing, with what all of them have together.

    Parameters
    ----------
    parties : sequence of Entity
        The listed parties; empty: those that a held list designates on the day.
    """
    if inquiry.node is None:
        return Answered(notes=["nothing is held about who owns it"])
    nodes = _listed(inquiry, parties)
    if not nodes:
        return Answered(notes=["no listed party stands above it: name some with --by, or read a list of designations"])
    evaluation, target = inquiry.evaluation, inquiry.node
    start = frozenset(nodes) - {target}
    sure, perhaps = (evaluation.reach(start, possible=possible).members for possible in (False, True))
    low, high = evaluation.bounds(sure, target)[0], evaluation.bounds(perhaps, target)[1]
    passes = inquiry.profile.passes
    word = CONTROLS if passes(low) else MAY_CONTROL if passes(high) else CANNOT
    verdicts = []
    for node in sorted(start):
        alone = share_of(evaluation, node, target)
        if alone != (None, None):
            verdicts.append(Verdict(node, target, word, low, high, together=tuple(sorted(start))))
    found = answer_all(inquiry, verdicts, why=why and word != CANNOT)
    for row, verdict in zip(found.rows, verdicts, strict=True):
        row["share"] = bounded(low, high)
        row["alone"] = bounded(*share_of(evaluation, verdict.node, target))
        row["met"] = True if word == CONTROLS else None if word == MAY_CONTROL else False
        row["test"] = inquiry.profile.test
        row["jointly"] = [
            inquiry.id(node) for node in sorted(start) if share_of(evaluation, node, target) != (None, None)
        ]
        row["note"] = "the listed parties together" if len(row["jointly"]) > 1 else row.get("note", "")
    if word == CANNOT:
        for row, verdict in zip(found.rows, verdicts, strict=True):
            links = chain(evaluation, verdict)
            row["claims"] = sorted({claim.id for claim in inquiry.claims({r for link in links for r in link.rows})})
    return found


def _listed(inquiry: Inquiry, parties: Sequence[Entity]) -> list[int]:
    place = inquiry.graph.place
    if parties:
        return [place[key] for entity in parties if (key := key_of(inquiry.picture, entity)) in place]
    listed = designations(inquiry.picture, inquiry.names.values())
    return sorted(node for node, name in inquiry.names.items() if name in listed)
