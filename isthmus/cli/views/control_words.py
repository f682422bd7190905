"""How control is said: shares with both ends, verdicts, what holds them up, and the one sentence that answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.text import Text

from isthmus import Quantity
from isthmus.cli.doubt import hedged
from isthmus.cli.screen import Content, joined, said

STYLES = {"controls": "bold", "may control": "italic", "can block": "bold", "cannot": "dim", "influences": ""}
NAMED = 3
TRACE = 1e-6
"""A share of less is some share, of which no more is known."""
_BETWEEN = re.compile(r"between (\S+) and (\S+)")
_EMPTY = {"open_low": False, "open_high": False, "approx": False, "unit": "share", "hedge": None}
Body = Mapping[str, Any]


def quantity(body: Body) -> Quantity:
    """Return a bounded number of a finding; what is not said of its ends is that they are plain."""
    return Quantity.from_json({**_EMPTY, **body})


def share_words(body: Body | None, absent: str = "") -> str:
    """Return a share with both its ends: "60 %", "51-60 %", "more than 25 %"; `absent` where nothing is said of it.

    All from nothing to the whole is as much as nothing said.
    """
    if body is None:
        return absent
    low, to_the_whole = body["low"] or 0.0, body["high"] is None or body["high"] > 1 - TRACE
    if to_the_whole and low < TRACE and (low or body.get("open_low")):
        return "a part"
    if to_the_whole and not low and not body.get("open_high"):
        return absent
    if to_the_whole and low < 1 and not body.get("open_high"):
        # No share is more than the whole, so that end says nothing.
        body = {**body, "high": None}
    return _BETWEEN.sub(r"\1-\2", quantity(body).words())


def step_words(step: Body) -> Text:
    """Say what ties two things in a chain: share or words, dates, the source's doubt, and whether it is certain."""
    words = _BETWEEN.sub(r"\1-\2", str(step.get("words") or step["predicate"].replace("_", " ")))
    share = share_words(step.get("share"))
    if share and words in ("owns", "owns a part"):
        words = f"owns {share}"
    elif share and not re.search(r"\d", words):
        words = f"{words}, {share}"
    elif words == "owns" or (not share and words.startswith("has voting rights")):
        words = f"{words}, share not stated"
    parts: list[Content] = [", ".join([words, *_first(step.get("when", ()))])]
    if step.get("hedges"):
        parts.append(said(f"({hedged(step['hedges'][:2])})", "italic"))
    if not step.get("certain", True):
        parts.append(said("[may be]", "italic"))
    return joined(parts)


def _first(texts: Sequence[str]) -> list[str]:
    shown = list(dict.fromkeys(texts))
    return [*shown[:1], *([f"and {len(shown) - 1} more dates"] if len(shown) > 2 else shown[1:2])]


def spaced(word: str) -> str:
    """Return a term of the vocabulary as words: votingRights is "voting rights"."""
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in word).replace("_", " ")


def marks(row: Body) -> list[str]:
    """Return what else is to be said of a party, in words: that it is the last in its chain, a state body or under one, in a ring."""
    told = ["ultimate"] if row.get("ultimate") else []
    told += [state_words(row)] if state_words(row) else []
    told += ["self-controlled ring"] if row.get("ring") else []
    return told


def state_words(row: Body) -> str:
    """Say that a party is a state body, is directed by one or may be; empty where nothing says so."""
    by = names(item["caption"] for item in row.get("state_by") or ())
    if by:
        return f"directed by {by}" if row.get("state") else f"may be directed by {by}"
    if isinstance(row.get("state"), str):
        return str(row["state"])
    return "state body" if row.get("state") else ""


def party(row: Body) -> tuple[str, str]:
    """Return id and name of who controls; the answers about what one party controls are about the things."""
    return str(row.get("by", row["entity"])), str(row.get("by_caption", row["caption"]))


def root_of(found: Body) -> str | None:
    """Return the id of what a finding starts from: the thing, or the one party asked about."""
    question = found["question"]
    root = question.get("of") or question.get("by")
    return str(root) if isinstance(root, str) else None


def verdict_words(row: Body) -> Text:
    """Return a verdict with what else is to be said of the party."""
    text = said(row["verdict"], STYLES.get(row["verdict"], ""))
    # What is said of the party stands once, where the answers are about the things.
    told = [] if "by" in row else marks(row)
    return joined([text, f"({', '.join(told)})"]) if told else text


def names(rows: Iterable[str]) -> str:
    """Return names as a person lists them, and how many more there are."""
    told = list(dict.fromkeys(rows))
    if len(told) > NAMED:
        return f"{', '.join(told[:NAMED])} and {len(told) - NAMED:,} more"
    return " and ".join([", ".join(told[:-1]), told[-1]] if len(told) > 1 else told)


def sentence(found: Body) -> str:
    """Return the answer in one sentence, in one for each rule where there are a few.

    The parties of the strongest verdict come first, the last of their chains before those between.
    """
    rules = rules_of(found)
    if root_of(found) is None:
        return _overall(found)
    if len(rules) < 2:
        return _answer(found, found["answers"], f" (rule {rules[0]})" if rules else "")
    told = []
    for rule in rules[:NAMED]:
        rows = [row for row in found["answers"] if row.get("rule") in (None, rule)]
        told.append(f"Under {rule}: {_answer(found, rows, '')}")
    if len(rules) > NAMED:
        told.append(f"{len(rules) - NAMED:,} more rules stand below.")
    return " ".join(told)


def _overall(found: Body) -> str:
    totals = found.get("totals") or {}
    if not totals:
        return f"{len(found['answers']):,} parties at the top control something."
    return (
        f"Among {totals['parties']:,} parties with {totals['holdings']:,} holdings there are {totals['controls']:,} pairs in which one "
        f"controls the other, and {totals['may_control']:,} in which it may."
    )


def _answer(found: Body, rows: Sequence[Body], tail: str) -> str:
    upward = bool(found["question"].get("of"))
    parts = _over(found, rows) if upward else _under(rows)
    if parts:
        text = "; ".join(parts) + tail
        # Names stay as they are written: an id of small letters is no other id.
        return f"{text[0].upper()}{text[1:]}." if text.startswith(("it ", "a self", "the test")) else f"{text}."
    if upward and any(row["entity"] == root_of(found) for row in found.get("left_out") or ()):
        return f"Its shares cannot be completed, so that they carry no verdict{tail}."
    if upward:
        return f"Nobody is known to control it{tail}; that is not to say that nobody does."
    return f"Nothing is known that it controls{tail}; that is not to say that there is nothing."


def rules_of(found: Body) -> list[str]:
    """Return the ids of the rules that were asked, in the order in which they were."""
    asked = found["question"].get("profiles") or [rule["id"] for rule in found.get("rules", ())]
    return [str(rule) for rule in asked]


def captions(found: Body) -> dict[str, str]:
    """Return what each thing in the answers and their steps is called."""
    told: dict[str, str] = {}
    for row in (*found["answers"], *(found.get("holders") or ())):
        told.setdefault(*party(row))
        told.setdefault(row["entity"], row["caption"])
        for step in row.get("steps", ()):
            told.setdefault(step["from"], step["from_caption"])
            told.setdefault(step["to"], step["to_caption"])
    root, caption = root_of(found), asked_about(found)
    return {**told, root: caption} if root and caption else told


def asked_about(found: Body) -> str:
    """Return the name of what is asked about; empty where the question is about the whole picture."""
    question = found["question"]
    key = "caption" if question.get("of") else "by_caption"
    return str(question.get(key) or question.get("caption") or question.get("of") or question.get("by") or "")


def _over(found: Body, rows: Sequence[Body]) -> list[str]:
    if rows and rows[0].get("test"):
        return _by_shares(rows)
    parts = []
    held = [row for row in rows if row["verdict"] == "controls"]
    last = [row for row in held if row.get("ultimate")] or held
    ring = next((row["ring"] for row in last if row.get("ring")), None)
    called = captions(found)
    if ring:
        parts.append(f"a self-controlled ring controls it: {names(called.get(name, name) for name in ring)}")
        last = [row for row in last if row["entity"] not in ring]
    for row in last[:NAMED]:
        share = share_words(row.get("share"))
        state = (
            f", {'a state body' if state_words(row) == 'state body' else state_words(row)}," if row.get("state") else ""
        )
        between = [called[name] for name in _between(row)]
        way = f", by way of {names(between)}" if between else ""
        with_share = f" with {share}" if share else ""
        parts.append(f"{row['caption']}{state} controls it{with_share}{way}")
    if len(last) > NAMED:
        parts.append(f"{len(last) - NAMED:,} more control it")
    for verdict, words in (("may control", "may control it"), ("can block", "can block its decisions")):
        called_so = [row["caption"] for row in rows if row["verdict"] == verdict]
        if called_so:
            parts.append(f"{names(called_so)} {words}")
    if not parts:
        called_so = [row["caption"] for row in rows if row["verdict"] == "influences"]
        parts += [f"{names(called_so)} only influence{'s' if len(called_so) == 1 else ''} it"] if called_so else []
    return parts


def _by_shares(rows: Sequence[Body]) -> list[str]:
    """Say what a rule of shares finds: what each has, or all together, and whether that meets its test."""
    words = {True: "met", None: "perhaps met", False: "not met"}
    if "alone" in rows[0]:
        every = names(row["caption"] for row in rows)
        has = "have together" if len(rows) > 1 else "has"
        return [
            f"{every} {has} {share_words(rows[0]['share'], 'a share that is not known')}: the test is {words[rows[0]['met']]}"
        ]
    told = [
        f"{row['caption']} has {share_words(row['share'], 'a share that is not known')}: {words[row['met']]}"
        for row in rows
    ]
    more = [f"{len(rows) - NAMED:,} more have a share"] if len(rows) > NAMED else []
    return [f"the test is “{rows[0]['test']}”", *told[:NAMED], *more]


def _between(row: Body) -> list[str]:
    into = [str(step["to"]) for step in row["steps"]]
    return [name for name in dict.fromkeys(into) if name not in (row["of"], row["entity"])]


def _under(rows: Sequence[Body]) -> list[str]:
    parts: list[str] = []
    for verdict, words in (
        ("controls", "controls"),
        ("may control", "may control"),
        ("can block", "can block the decisions of"),
    ):
        called_so = [row["of_caption"] for row in rows if row["verdict"] == verdict]
        if called_so:
            parts.append(f"{'it ' if not parts else ''}{words} {names(called_so)}")
    return parts
