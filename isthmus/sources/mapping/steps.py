"""The closed list of steps that change a text, and how each is written.

A step is a word (``slug``) or a key with its argument (``{date: "%d.%m.%Y"}``). Steps that cannot read every text have
an ``else``: ``reject`` the row (unless told otherwise), leave the text ``empty``, or ``keep`` it as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

import pyarrow as arrow
from pyarrow import compute

from isthmus.sources.documents import Node, suggest
from isthmus.sources.mapping.parts import Step
from isthmus.sources.mapping.templates import read_template

LISTS = ("split", "items")
"""Steps that turn a text into several; what follows them works on each."""

NUMBER_STYLES = {
    "1234.5": ("", "."),
    "1,234.5": (",", "."),
    "1.234,5": (".", ","),
    "1 234.5": (" ", "."),
    "1 234,5": (" ", ","),
    "1'234.5": ("'", "."),
    "1234,5": ("", ","),
}
ISO = "iso"
"""The date format of partial dates as claims have them: 2020, 2020-Q3, 2020-07, 2020-07-31, with a mark before them or not."""

COUNTRY_FORMS = ("id", "name", "alpha-2", "alpha-3")
_DIRECTIVES = "YymdbBHMSfpIjAaZz%"
NUMBER = r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?"


@dataclass(frozen=True, slots=True)
class _Kind:
    """How a step is written: with an argument or not, and whether some texts are beyond it."""

    argument: str
    partial: bool = False


KINDS = {
    "lower": _Kind("none"),
    "upper": _Kind("none"),
    "squeeze": _Kind("none"),
    "slug": _Kind("none"),
    "number": _Kind("optional", partial=True),
    "scale": _Kind("one", partial=True),
    "date": _Kind("formats", partial=True),
    "map": _Kind("table", partial=True),
    "country": _Kind("optional", partial=True),
    "extract": _Kind("one", partial=True),
    "replace": _Kind("two"),
    "split": _Kind("many"),
    "items": _Kind("none"),
    "get": _Kind("one"),
}

PARTIAL = tuple(name for name, kind in KINDS.items() if kind.partial)
"""Steps that cannot read every text."""


def read_step(node: Node) -> Step:
    """Read one step and check its argument."""
    if node.text is not None:
        name = node.one_of(KINDS, "the step")
        if KINDS[name].argument not in ("none", "optional", "formats"):
            node.fail(f"the step “{name}” needs an argument.", f"Write {{{name}: …}}.")
        return Step(name, node.where, otherwise="reject" if KINDS[name].partial else "keep")
    keys = dict(node.named("a step"))
    otherwise = keys.pop("else", None)
    if len(keys) != 1:
        node.fail("a step has one name, and beside it at most `else`.", suggest(next(iter(keys), ""), KINDS))
    name, argument = next(iter(keys.items()))
    if name not in KINDS:
        argument.fail(f"the step “{name}” is unknown.", suggest(name, KINDS))
    if otherwise is not None and not KINDS[name].partial:
        otherwise.fail(f"the step “{name}” reads every text, so `else` has nothing to say.", "Leave `else` out.")
    choice = otherwise.one_of(("reject", "empty", "keep"), "`else`") if otherwise else None
    step = Step(name, node.where, otherwise=choice or ("reject" if KINDS[name].partial else "keep"))
    return _with_argument(step, argument)


def _with_argument(step: Step, node: Node) -> Step:
    kind = KINDS[step.name].argument
    if kind == "none":
        node.fail(f"the step “{step.name}” takes no argument.", f"Write just {step.name}.")
    if kind == "table":
        pairs = tuple((key, value.text or "") for key, value in node.named("`map`"))
        for key, value in node.named("`map`"):
            if value.text is None:
                value.fail(f"the entry “{key}” of `map` must be a text.")
        if not pairs:
            node.fail("`map` has no entries.")
        return Step(step.name, step.where, table=pairs, otherwise=step.otherwise)
    texts = tuple(
        item.words(f"the argument of “{step.name}”") if item.text != "" else "" for item in node.listed(step.name)
    )
    wanted = {"one": 1, "optional": 1, "two": 2}.get(kind)
    if wanted and len(texts) != wanted:
        node.fail(
            f"the step “{step.name}” takes {'one argument' if wanted == 1 else 'two arguments'}, not {len(texts)}."
        )
    if step.name == "scale" and texts[0].startswith("{"):
        return replace(step, by=_lone(node, texts[0]))
    _CHECKS.get(step.name, _no_check)(node, texts)
    return Step(step.name, step.where, texts, otherwise=step.otherwise)


def _lone(node: Node, text: str) -> str:
    template = read_template(node, "the factor of `scale`")
    if template.lone is None:
        node.fail(f"`scale` takes a number or one {{name}}, not “{text}”.", "Make a field for the factor.")
    return template.lone


def check_pattern(node: Node, pattern: str) -> None:
    """Refuse a pattern that is not a regular expression of RE2, the engine that runs it."""
    try:
        compute.match_substring_regex(arrow.array([""]), pattern)
    except arrow.ArrowInvalid as error:
        reason = str(error).split(":", 1)[-1].strip()
        node.fail(
            f"“{pattern}” is not a regular expression: {reason}.",
            "The syntax is RE2: no look-ahead and no back-references. In YAML, quote patterns with '…'.",
        )


def _no_check(node: Node, texts: tuple[str, ...]) -> None:
    """Accept any argument."""


def _check_number(node: Node, texts: tuple[str, ...]) -> None:
    node.one_of(NUMBER_STYLES, "the way in which numbers are written")


def _check_scale(node: Node, texts: tuple[str, ...]) -> None:
    if not re.fullmatch(NUMBER, texts[0]) or float(texts[0]) == 0:
        node.fail(
            f"`scale` takes a number other than 0, not “{texts[0]}”.",
            "Write {scale: 0.01} to turn per cent into a share.",
        )


def _check_date(node: Node, texts: tuple[str, ...]) -> None:
    for text in texts:
        if text == ISO:
            continue
        letters = re.findall("%(.)", text)
        bad = [letter for letter in letters if letter not in _DIRECTIVES]
        if bad or not letters:
            node.fail(f"“{text}” is not a date format.", "Use %Y %y %m %b %B %d %H %M %S, as in %d.%m.%Y.")
        if not {"Y", "y"} & set(letters):
            node.fail(f"the date format “{text}” has no year.", "Put %Y where the year stands.")
        if ("d" in letters) and not {"m", "b", "B"} & set(letters):
            node.fail(f"the date format “{text}” has a day but no month.", "Put %m, %b or %B where the month stands.")


def _check_country(node: Node, texts: tuple[str, ...]) -> None:
    node.one_of(COUNTRY_FORMS, "the form of a country")


def _check_extract(node: Node, texts: tuple[str, ...]) -> None:
    check_pattern(node, texts[0])
    if groups(texts[0]) > 1:
        node.fail(f"“{texts[0]}” has several groups; `extract` gives one.", "Use (?:…) for groups that are not wanted.")


def groups(pattern: str) -> int:
    """Return how many groups a regular expression captures."""
    bare = re.sub(r"\\.", "", pattern)
    bare = re.sub(r"\[\^?\]?[^\]]*\]", "", bare)
    return len(re.findall(r"\((?!\?)|\(\?P?<", bare))


def _check_replace(node: Node, texts: tuple[str, ...]) -> None:
    check_pattern(node, texts[0])


def _check_split(node: Node, texts: tuple[str, ...]) -> None:
    if "" in texts:
        node.fail("`split` needs the text that stands between the parts.", 'Write {split: ";"}.')


_CHECKS: dict[str, Callable[[Node, tuple[str, ...]], None]] = {
    "number": _check_number,
    "scale": _check_scale,
    "date": _check_date,
    "country": _check_country,
    "extract": _check_extract,
    "replace": _check_replace,
    "split": _check_split,
}
