"""The question: who controls a thing, what somebody controls, under one rule or several side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from isthmus.control.inquiry import Inquiry, ask_above, ask_below, key_of
from isthmus.control.profiles import DEFAULT, Profile, find_profile
from isthmus.control.verdicts import CANNOT, Verdict
from isthmus.errors import ArgumentError
from isthmus.lenses.control.aggregate import aggregate_answers
from isthmus.lenses.control.answers import Answered, answer_all
from isthmus.lenses.control.doubts import conflicts_of, gaps_of, left_out, limits_of
from isthmus.lenses.control.holders import holders_of, unaccounted
from isthmus.lenses.control.nominal import nominal_form
from isthmus.lenses.control.overview import overview
from isthmus.lenses.finding import build_finding
from isthmus.model import Finding
from isthmus.picture import Entity, Picture

LENS = "control"


def ask(
    picture: Picture,
    of: str | None = None,
    *,
    by: str | Sequence[str] | None = None,
    ultimate: bool = False,
    state: bool = False,
    profiles: Sequence[str] = (),
    quota: float | None = None,
    why: bool = False,
) -> Finding:
    """Answer who controls an entity (`of`), what somebody controls (`by`), or what somebody can do with an entity (both).

    Parameters
    ----------
    of, by : str or sequence of str
        Entities by id, identifier or name. Without either, the answer is an overview of the whole picture. Several in `by` are taken
        together where the rule adds listed parties, and one by one else.
    ultimate : bool
        Only those whom nobody who controls the thing controls.
    state : bool
        Only states, bodies of states, and those that such control or may control.
    profiles : sequence of str
        Rules by name or path; `majority` where none is given. Of several the answers stand side by side.
    quota : float or None
        Another quota than the rule's, as a share of 1.
    why : bool
        Add the smallest set of claims, the pivotal ones, the sources without which a verdict falls, and the smallest new fact that
        would turn it.

    Raises
    ------
    UnknownEntityError, AmbiguousEntityError, ArgumentError, ProfileError
    """
    rules = [find_profile(name, quota=quota) for name in profiles or (DEFAULT,)]
    named = [by] if isinstance(by, str) else list(by or ())
    parties = [picture.resolve(name) for name in named]
    question = {
        "by": [entity.id for entity in parties] if len(parties) > 1 else parties[0].id if parties else None,
        "by_caption": ", ".join(entity.caption for entity in parties),
        "ultimate": ultimate or None,
        "state": state or None,
        "profiles": [rule.id for rule in rules],
    }
    if of is None and (ultimate or (state and not parties)):
        raise ArgumentError(
            f"{'--ultimate' if ultimate else '--state'} is asked of one thing.", where="control", hint="Add --of."
        )
    if of is None and not parties:
        return overview(picture, LENS, question, rules)
    if of is None:
        if len(parties) > 1:
            raise ArgumentError(
                "what several parties control is asked of one thing.", where="--by", hint="Add --of, or name one party."
            )
        return _downwards(picture, parties[0], rules, question, state=state, why=why)
    entity = picture.resolve(of)
    question = {"of": entity.id, "caption": entity.caption, "kinds": list(entity.kinds), **question}
    return _upwards(picture, entity, parties, rules, question, ultimate=ultimate, state=state, why=why)


def _upwards(
    picture: Picture,
    entity: Entity,
    parties: Sequence[Entity],
    rules: Sequence[Profile],
    question: dict[str, Any],
    *,
    ultimate: bool,
    state: bool,
    why: bool,
) -> Finding:
    inquiries = [ask_above(picture, rule, entity) for rule in rules]
    answered = Answered()
    for inquiry in inquiries:
        if inquiry.profile.arithmetic == "aggregate":
            answered.extend(aggregate_answers(inquiry, parties, why=why))
            continue
        strangers = [party for party in parties if key_of(picture, party) not in inquiry.graph.place]
        answered.notes += [f"nothing is held of what {party.caption} has in {entity.caption}" for party in strangers]
        verdicts = [
            verdict
            for verdict in _with_owners(inquiry)
            if _wanted(inquiry, verdict, parties, ultimate=ultimate, state=state)
        ]
        missing = _cannot(inquiry, parties, verdicts)
        answered.extend(answer_all(inquiry, [*verdicts, *missing], why=why))
    first = inquiries[0]
    extra: dict[str, Any] = {
        "holders": holders_of(first),
        "unaccounted": unaccounted(first),
        "rings": [[inquiry.id(node) for node in ring] for inquiry in inquiries[:1] for ring in inquiry.ruling.rings],
        "left_out": left_out(first),
        "rules": [rule.to_json() for rule in rules],
    }
    listed = answered.designated(first)
    if listed:
        extra["designated"] = listed
    nominal = nominal_form(first, [row for row in answered.rows if row["rule"] == first.profile.id])
    if nominal:
        extra["nominal"] = nominal
    if len(rules) > 1:
        extra["beside"] = answered.beside()
    gaps, more = gaps_of(first)
    return build_finding(
        picture,
        LENS,
        question,
        answers=answered.rows,
        claims=[*answered.claims.values(), *more],
        gaps=gaps,
        conflicts=conflicts_of(first, answered.claims.values()),
        sensitivity=answered.sensitivity(),
        limits=limits_of(inquiries, answered),
        extra=extra,
    )


def _with_owners(inquiry: Inquiry) -> list[Verdict]:
    """Return the verdicts, and under a rule that multiplies shares everybody who has one at the end of a chain."""
    verdicts = list(inquiry.ruling.verdicts)
    if inquiry.profile.arithmetic == "control" or inquiry.node is None:
        return verdicts
    held = {verdict.node for verdict in verdicts}
    more = [node for node in sorted(inquiry.economic.high) if node not in held and node != inquiry.node]
    return [*verdicts, *(Verdict(node, inquiry.node, CANNOT) for node in more)]


def _wanted(inquiry: Inquiry, verdict: Verdict, parties: Sequence[Entity], *, ultimate: bool, state: bool) -> bool:
    if parties and inquiry.id(verdict.node) not in {entity.id for entity in parties}:
        return False
    if ultimate and not verdict.ultimate:
        return False
    if state and not inquiry.is_state(verdict.node):
        return any(inquiry.states_above(verdict.node))
    return True


def _cannot(inquiry: Inquiry, parties: Sequence[Entity], verdicts: Sequence[Verdict]) -> list[Verdict]:
    """Return verdicts on parties that were asked about and have nothing to say in the thing."""
    if inquiry.node is None:
        return []
    heard = {verdict.node for verdict in verdicts}
    nodes = [inquiry.graph.place.get(key_of(inquiry.picture, entity)) for entity in parties]
    return [Verdict(node, inquiry.node, CANNOT) for node in nodes if node is not None and node not in heard]


def _downwards(
    picture: Picture, party: Entity, rules: Sequence[Profile], question: dict[str, Any], *, state: bool, why: bool
) -> Finding:
    for rule in rules:
        if rule.arithmetic == "aggregate":
            raise ArgumentError(
                f"{rule.id} adds what several parties hold of one thing.", where="--profile", hint="Add --of."
            )
    inquiries = [ask_below(picture, rule, party) for rule in rules]
    answered = Answered()
    for inquiry in inquiries:
        chosen = [
            verdict
            for verdict in inquiry.below
            if not state or inquiry.is_state(verdict.target) or inquiry.is_state(verdict.node)
        ]
        answered.extend(answer_all(inquiry, chosen, why=why, downwards=True))
    extra: dict[str, Any] = {"left_out": left_out(inquiries[0]), "rules": [rule.to_json() for rule in rules]}
    if len(rules) > 1:
        extra["beside"] = answered.beside()
    return build_finding(
        picture,
        LENS,
        question,
        answers=answered.rows,
        claims=answered.claims.values(),
        sensitivity=answered.sensitivity(),
        limits=limits_of(inquiries, answered),
        extra=extra,
    )
