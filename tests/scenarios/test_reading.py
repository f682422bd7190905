"""Scenario files: what they may say, and that each fault is told with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from isthmus.errors import ArgumentError, FormatError
from isthmus.scenarios.reading import parse_scenarios, read_scenarios
from isthmus.scenarios.scenario import Baseline

FULL = """
scenario: full
title: Everything
whose: me
note: >
  Why the numbers
  are so.
baseline: {as_of: 2010-09, known_at: 2026-01-01, without: [a, b], strength: optional}
changes:
  - fail: A
    at: 3
    name: first
    why: because
    source: somewhere
  - fail_country: B
  - fail_controlled_by: C
    rule: majority
  - restrict_export: {of: D, from: E, to: F, left: [30%, 0.5]}
  - remove: G
  - substitute: {for: H, with: I, in: J, need: power, after: 6 months}
  - add_capacity: {of: K, by: L, share: 30 %, after: 2 years}
  - delay: {what: M, months: 6.5}
ask: [N, O]
horizon: 1 year
"""


def test_everything_that_a_scenario_may_say() -> None:
    (found,) = parse_scenarios(FULL)
    assert (found.id, found.title, found.whose, found.note) == ("full", "Everything", "me", "Why the numbers are so.")
    assert found.baseline == Baseline("2010-09", "2026-01-01", ("a", "b"), "optional")
    assert [change.kind for change in found.changes] == [
        "fail",
        "fail_country",
        "fail_controlled_by",
        "restrict_export",
        "remove",
        "substitute",
        "add_capacity",
        "delay",
    ]
    first, _, _, restricted, _, substituted, added, delayed = found.changes
    assert (first.at, first.name, first.why, first.source, first.where) == (
        3,
        "first",
        "because",
        "somewhere",
        "scenario, line 10",
    )
    assert (restricted.names, restricted.left) == ({"of": "D", "from": "E", "to": "F"}, (0.3, 0.5))
    assert (substituted.names, substituted.need, substituted.after) == (
        {"for": "H", "with": "I", "in": "J"},
        "power",
        6,
    )
    assert (added.share, added.after) == ((0.3, 0.3), 24)
    assert (delayed.names, delayed.months) == ({"what": "M"}, 6.5)
    assert [name for name, _ in found.ask] == ["N", "O"]
    assert found.horizon == 12


def test_several_in_one_file_as_documents_or_as_a_list() -> None:
    one = "scenario: a\nchanges: []\n---\nscenario: b\nchanges: [{fail: X}]\n"
    other = "scenarios:\n  - {scenario: a, changes: []}\n  - {scenario: b, changes: [{fail: X}]}\n"
    for text in (one, other):
        assert [(scenario.id, len(scenario.changes)) for scenario in parse_scenarios(text)] == [("a", 0), ("b", 1)]


def body(changes: str, more: str = "") -> str:
    return f"scenario: s\n{more}changes:\n{changes}"


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("scenario: s\nchange: []", 2, "no key “change”"),
        ("title: s\nchanges: []", 1, "has no name"),
        ("scenario: s", 1, "says no changes"),
        ("scenario: s\nchanges:", 2, "changes is empty"),
        ("scenario: s\nchanges: {fail: A}", 2, "must be a list"),
        ("scenario: s\nscenario: t\nchanges: []", 2, "stands twice"),
        ("- a", 1, "must have keys"),
        ("scenario: [a]\nchanges: []", 1, "must be a text"),
        (body("  - fail: A\n  - sink: B"), 4, "“sink” is no change"),
        (body("  - fail: A\n    remove: B"), 3, "both fail and remove"),
        (body("  - fail: A\n    when: 3"), 4, "no key “when”"),
        (body("  - just a text"), 3, "must have keys"),
        (body("  - fail:"), 3, "fail is empty"),
        (body("  - fail: {what: A}"), 3, "must be a text"),
        (body("  - fail: A\n    at: -1"), 4, "no number of months"),
        (body("  - fail: A\n    at: soon"), 4, "no number of months"),
        (body("  - fail: A\n    at: 99999"), 4, "no number of months"),
        (body("  - fail: A\n    rule: x"), 4, "no key “rule”"),
        (body("  - restrict_export: China"), 3, "must have keys"),
        (body("  - restrict_export:\n      of: A\n      left: 1%"), 3, "has no “from”"),
        (body("  - restrict_export:\n      of: A\n      from: B\n      left: 140%"), 6, "more than the whole"),
        (body("  - restrict_export:\n      of: A\n      from: B\n      left: -3"), 6, "is no share"),
        (body("  - restrict_export:\n      of: A\n      from: B\n      left: [50%, 30%]"), 6, "wrong order"),
        (body("  - restrict_export:\n      of: A\n      from: B\n      left: [50%]"), 6, "a low and a high end"),
        (body("  - add_capacity: {of: A, by: B, share: 1.5}"), 3, "more than the whole"),
        (body("  - add_capacity: {of: A, by: B}"), 3, "has no “share”"),
        (body("  - delay: {what: A, months: nan}"), 3, "no number of months"),
        (body("  - fail: A", "baseline: {asof: 2010}\n"), 2, "no key “asof”"),
        (body("  - fail: A", "baseline: {strength: much}\n"), 2, "no strength"),
        (body("  - fail: A", "horizon: never\n"), 2, "no number of months"),
        ("scenario: s\nchanges: []\n---\nscenario: s\nchanges: []", 1, "two scenarios are called “s”"),
        ("scenario: s\nchanges: [fail: A}", 2, "not YAML"),
        ("scenarios: []", None, "no scenario"),
        ("", None, "empty"),
        ("scenario: s\nchanges: &a [*a]", 2, "part of"),
        ("a: " + "[" * 30 + "]" * 30, 1, "nests deeper"),
        ("a: {[1]: 2}", 1, "must be a text"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_line(text: str, line: int | None, says: str) -> None:
    with pytest.raises(FormatError, match=says) as caught:
        parse_scenarios(text, "mine.yaml")
    assert caught.value.where == ("mine.yaml" if line is None else f"mine.yaml, line {line}")
    assert caught.value.exit_code == 2


def test_aliases_cannot_blow_a_file_up() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{at}: &a{at} [{', '.join([f'*a{at - 1}'] * 10)}]" for at in range(1, 8)]
    with pytest.raises(FormatError, match="aliases"):
        parse_scenarios("\n".join(lines))


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ArgumentError, match="cannot be read"):
        read_scenarios(tmp_path / "none.yaml")
    for name, data, says in (("latin", b"scenario: \xe9", "UTF-8"), ("large", b"#" * (1 << 21), "larger than")):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(FormatError, match=says):
            read_scenarios(tmp_path / name)
