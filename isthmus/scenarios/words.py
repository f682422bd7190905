"""Changes in words."""

from __future__ import annotations

from isthmus.scenarios.causes import Effect, shown


def change_words(effect: Effect) -> str:
    """Return a change as a sentence without a full stop: “loss of ASML”, “China lets out 40 % of its rare earths, from month 3”."""
    change, names = effect.change, {role: body["caption"] for role, body in effect.entities.items()}
    late = f", after {_months(change.after)}" if change.after else ""
    told = {
        "fail": lambda: f"loss of {names['what']}",
        "remove": lambda: f"{names['what']} is taken away",
        "delay": lambda: f"{names['what']} gives nothing for {_months(change.months or 0)}",
        "fail_country": lambda: f"loss of all that is made or lies in {names['what']}",
        "fail_controlled_by": lambda: f"loss of all that {names['what']} controls",
        "restrict_export": lambda: _restriction(effect, names),
        "substitute": lambda: f"{names['with']} can take the place of {names['for']}{_for(effect, names)}{late}",
        "add_capacity": lambda: f"{names['by']} adds {shown(change.share)} of all {names['of']}{late}",
    }[change.kind]()
    return f"{told}, from month {change.at:g}" if change.at else told


def _restriction(effect: Effect, names: dict[str, str]) -> str:
    aim = f" to {names['to']}" if "to" in names else ""
    low, high = effect.change.left
    if high == 0:
        return f"{names['from']} lets out no {names['of']}{aim}"
    return f"{names['from']} lets out {shown((low, high))} of its {names['of']}{aim}"


def _for(effect: Effect, names: dict[str, str]) -> str:
    inside = f" in {names['in']}" if "in" in names else ""
    return f"{inside} ({effect.change.need})" if effect.change.need else inside


def _months(number: float) -> str:
    return f"{number:g} month{'' if number == 1 else 's'}"
