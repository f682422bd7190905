"""A scenario asked of a picture: what fails, what degrades, when and because of what, and what survives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from isthmus.dependence.supply import SupplyWeb, supply_web_of
from isthmus.lenses.finding import build_finding
from isthmus.model import Finding, Gap
from isthmus.picture import Picture
from isthmus.picture.conflicts import find_conflicts
from isthmus.scenarios import causes
from isthmus.scenarios.causes import SHOWN, Effect, Setting
from isthmus.scenarios.course import course_of
from isthmus.scenarios.hanging import hang
from isthmus.scenarios.restricting import restrict
from isthmus.scenarios.rows import Rows, totals
from isthmus.scenarios.scenario import Scenario
from isthmus.scenarios.words import change_words

LENS = "suppose"
LIMIT = 500
COMPARED = 400
"""Up to so many claims are looked at for conflicts among them."""
SURVIVORS = 100
"""Up to so many things that survive beside what falls are told; the rest are counted."""
Strike = Callable[[Setting, Effect], None]
_ORDER: tuple[tuple[tuple[str, ...], Strike], ...] = (
    (("add_capacity",), causes.add_capacity),
    (("fail", "remove", "delay"), causes.fail),
    (("fail_country",), causes.fail_country),
    (("fail_controlled_by",), causes.fail_controlled),
)
"""What is worked in before restrictions copy a good with all that strikes it; substitutes come last, as they replace copies too."""


def suppose(
    picture: Picture, scenario: Scenario, *, strength: str | None = None, why: bool = False, limit: int = LIMIT
) -> Finding:
    """Answer what becomes of things under a scenario. The picture is only read.

    Parameters
    ----------
    picture : Picture
        The baseline: of its day, as known at its time, without what it leaves out.
    scenario : Scenario
    strength : str or None
        Which needs count; None: as the scenario says, else ``required``.
    why : bool
        Add for each answer the works that it rests on, and ask again without each of these.
    limit : int
        At most so many answers; `totals` has how many there are.

    Returns
    -------
    Finding
        Answers ``{"entity", "caption", "verdict", "left", "from_month", "until_month", "step", "because", "carried", "claims"}``: what
        differs from the baseline, in the order in which it falls; where the scenario asks for some things, these. A verdict speaks of the
        lowest level that a thing reaches: *fails* (nothing is left, for sure), *may fail*, *degrades* (less is left, for sure), *may
        degrade*, *survives*. `extra` has the `changes` in words with whom each strikes, `survivors` and `totals`.

    Raises
    ------
    UnknownEntityError, AmbiguousEntityError, ArgumentError
        A change names what is not there, or not as it says; the message names the line.
    """
    level = strength or scenario.baseline.strength or "required"
    web = supply_web_of(picture, level)
    setting = Setting.of(picture, web, scenario)
    effects = _worked_in(setting)
    asked = [setting.entity(text, where).id for text, where in scenario.ask]
    targets = [setting.node(name) for name in asked]
    staged = setting.draft.staged()
    course = course_of(staged, scenario.horizon)
    rows = Rows(setting, staged, course)
    changed = rows.changed
    beside = rows.beside()
    if asked:
        wanted = set(targets) | {node for node, (thing, _) in staged.stands.items() if thing in targets}
        chosen = [node for node in rows.order(changed) if node in wanted]
        chosen += [node for node in targets if node not in chosen]
    else:
        chosen = rows.order(changed)
    rows.load([*chosen[:limit], *beside[:SURVIVORS]])
    answers = [rows.make(node) for node in chosen[:limit]]
    survivors = [rows.make(node) for node in sorted(beside, key=rows.id)[:SURVIVORS] if node not in targets]
    told = [_told(setting, effect) for effect in effects]
    claims = {**rows.claims, **{claim.id: claim for effect in effects for claim in effect.claims}}
    notes = _limits(web, scenario, level, course.worst.stopped or course.best.stopped)
    if len(chosen) > limit:
        notes.append(f"the first {limit:,} of {len(chosen):,} things are told, in the order in which they fall")
    if len(beside) > SURVIVORS:
        notes.append(f"the first {SURVIVORS:,} of {len(beside):,} things that survive beside these are told")
    sensitivity = None
    if why:
        sensitivity, more = hang(
            picture,
            answers,
            claims,
            lambda other: suppose(other, scenario, strength=strength, limit=limit).answers,
        )
        notes += more
    return build_finding(
        picture,
        LENS,
        _question(picture, scenario, level, told, asked, setting),
        answers=answers,
        claims=claims.values(),
        gaps=_gaps(effects),
        conflicts=find_conflicts(picture, list(claims.values())) if len(claims) <= COMPARED else (),
        sensitivity=sensitivity,
        limits=notes,
        extra={
            "changes": told,
            "survivors": survivors,
            "totals": {
                **totals([rows.verdict(node) for node in changed]),
                "changed": len(changed),
                "beside": len(beside),
                "things": web.things,
            },
        },
    )


def _worked_in(setting: Setting) -> list[Effect]:
    """Hold every change against the picture before any is worked in, so that a fault anywhere answers nothing."""
    effects = [causes.named(setting, change, number) for number, change in enumerate(setting.scenario.changes)]
    for kinds, strike in _ORDER:
        for effect in effects:
            if effect.change.kind in kinds:
                strike(setting, effect)
    restrict(setting, [effect for effect in effects if effect.change.kind == "restrict_export"])
    for effect in effects:
        if effect.change.kind == "substitute":
            causes.substitute(setting, effect)
    return effects


def _told(setting: Setting, effect: Effect) -> dict[str, Any]:
    change = effect.change
    claims = {claim.id: claim for claim in effect.claims}
    body: dict[str, Any] = {
        "change": effect.number,
        "kind": change.kind,
        "words": change_words(effect),
        "entities": effect.entities,
        "at": change.at,
        "strikes": {"sure": len(effect.sure), "may": len(effect.may)},
    }
    for name in ("sure", "may"):
        listed = getattr(effect, name)
        setting.picture.load_entities([one for one in listed[:SHOWN] if not one.startswith(causes.ASSUMED)])
        body[name] = [{"entity": one, "caption": setting.caption(one)} for one in listed[:SHOWN]]
    body |= {key: getattr(change, key) for key in ("name", "why", "source") if getattr(change, key)}
    return {**body, **effect.extra, "notes": effect.notes, "claims": sorted(claims)}


def _question(
    picture: Picture,
    scenario: Scenario,
    level: str,
    told: Sequence[dict[str, Any]],
    asked: Sequence[str],
    setting: Setting,
) -> dict[str, Any]:
    return {
        "scenario": scenario.id,
        "title": scenario.title,
        "whose": scenario.whose,
        "note": scenario.note,
        "changes": [body["words"] for body in told],
        "baseline": {
            "as_of": picture.as_of,
            "known_at": picture.request.known_at,
            "without": list(picture.request.without),
            "strength": level,
        },
        "ask": [{"entity": name, "caption": setting.caption(name)} for name in asked],
        "horizon": scenario.horizon,
    }


def _gaps(effects: Sequence[Effect]) -> list[Gap]:
    return [
        Gap("unknown", note)
        for note in dict.fromkeys(
            note for effect in effects for note in effect.notes if note.startswith(("nothing", "nobody", "no "))
        )
    ]


def _limits(web: SupplyWeb, scenario: Scenario, level: str, stopped: bool) -> list[str]:
    notes = [
        f"needs that are {level}" + ("" if level in ("required", "all") else " and stronger") + " count",
        "a thing runs at the least of its needs; with shares nobody steps in, unless the scenario says so",
        "shares are of the whole that the source shares out; what one buyer gets may be mixed differently",
    ]
    if not (web.stock[1] > 0).any() and not (web.switching[1] > 0).any():
        notes.append("no stock and no switching time is said here; each counts as none")
    else:
        notes.append(
            "a stock or a switching time that is not said counts as none; a stock covers any loss for its months"
        )
    if scenario.horizon is not None:
        notes.append(f"nothing is looked at after month {scenario.horizon:g}")
    if stopped:
        notes.append("more happens than was looked at: the last months are not told, or a loop was still falling")
    return [*notes, *web.notes()]
