"""The tour of the reference picture: questions that a reader of the report would ask, answered by the lenses.

Nothing is written down here but the questions: every figure, name, hedge and place in an answer comes from a finding.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from isthmus.lenses.finding import claim_json
from isthmus.picture import Picture
from isthmus.picture.compare import compare
from isthmus.picture.request import Request
from isthmus.service.answers import find_lens, show_entity

SHOWN = 6


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an answer that is a list: what, how much, in whose words, and the claims under it."""

    label: str
    value: str = ""
    hedge: str | None = None
    claims: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.label}: {self.value}" if self.value else self.label


Said = tuple[str, list[Line]]


@dataclass(frozen=True, slots=True)
class Stop:
    """One question of the tour, and how its answer is found and said."""

    question: str
    verb: str
    words: tuple[str, ...]
    lens: Mapping[str, Any]
    say: Callable[[dict[str, Any]], Said]
    told: Callable[[dict[str, Any]], list[str]] | None = None

    @property
    def command(self) -> str:
        """The command that gives the answer."""
        return "isthmus " + " ".join([self.verb, *(shlex.quote(word) for word in self.words)])


@dataclass(frozen=True, slots=True)
class Answer:
    """A question of the tour with its answer, as every surface shows it."""

    question: str
    answer: str
    lines: tuple[Line, ...]
    hedges: tuple[str, ...]
    gaps: tuple[str, ...]
    source: str
    locator: str
    command: str
    claims: tuple[str, ...]
    finding: Mapping[str, Any] = field(repr=False)

    def to_json(self) -> dict[str, Any]:
        """Return the answer without the finding behind it."""
        return {
            "question": self.question,
            "answer": self.answer,
            "lines": [str(line) for line in self.lines],
            "hedge": "; ".join(self.hedges) or None,
            "gaps": list(self.gaps),
            "source": f"{self.source}, {self.locator}" if self.locator else self.source,
            "command": self.command,
            "claims": list(self.claims),
        }


def take_tour(picture: Picture) -> list[Answer]:
    """Answer every question of the tour from a picture."""
    return [_answer(picture, stop) for stop in STOPS]


def _answer(picture: Picture, stop: Stop) -> Answer:
    finding = _found(picture, stop)
    text, lines = stop.say(finding)
    claims = _claims(picture, finding, stop)
    sources = finding.get("sources", {})
    first = claims[0] if claims else {}
    source: dict[str, Any] = sources.get(first.get("source", ""), {}) or next(iter(finding.get("found", ())), {})
    return Answer(
        question=stop.question,
        answer=text,
        lines=tuple(lines),
        hedges=tuple(
            dict.fromkeys(word for claim in claims for word in (claim.get("hedge") or "").split("; ") if word)
        )[:4],
        gaps=tuple(gap["what"] for gap in finding.get("gaps", ()))[:3],
        source=str(source.get("title") or first.get("source") or "every source of the picture"),
        locator=str(first.get("locator") or source.get("cited_at") or ""),
        command=stop.command,
        claims=tuple(str(claim["id"]) for claim in claims)[:12],
        finding=finding,
    )


def _found(picture: Picture, stop: Stop) -> dict[str, Any]:
    if stop.verb == "show":
        return show_entity(picture, picture.resolve(stop.words[0]))
    if stop.verb == "diff":
        before, after = (Picture(picture.store, Request(as_of=day)) for day in (stop.words[1], stop.words[3]))
        return compare(before, after, limit=200).to_json()
    if stop.verb == "find":
        sources = [source.to_json() for source in picture.find_sources(stop.words[0])]
        hits = [hit.entity.to_json() for hit in picture.find(stop.words[0])]
        return {"found": sources, "entities": hits, "sources": {source["id"]: source for source in sources}}
    return find_lens(stop.words[0])(picture, **stop.lens).to_json()


def _claims(picture: Picture, finding: dict[str, Any], stop: Stop) -> list[dict[str, Any]]:
    """Return the claims that the answer says, those of the first rows first."""
    wanted = (
        stop.told(finding)
        if stop.told
        else [name for row in finding.get("answers", ())[:SHOWN] for name in row["claims"]]
    )
    held = finding.get("claims", {})
    missing = [name for name in wanted if name not in held]
    read = {claim.id: claim_json(picture, claim) for claim in picture.reader.by_id(missing)} if missing else {}
    return [held.get(name) or read[name] for name in dict.fromkeys(wanted)]


# -- how findings are said ------------------------------------------------------------------------------------------


def _rows(by: str) -> Callable[[dict[str, Any]], Said]:
    def say(finding: dict[str, Any]) -> Said:
        named = [row for row in finding["answers"] if row.get("aggregate") not in ("remainder", "unknown")]
        lines = [
            Line(row["group"][by], _figure(row), "; ".join(row["hedges"][:2]) or None, tuple(row["claims"][:2]))
            for row in named
        ]
        total = f"Of {_number(finding['total'])} in all. " if finding.get("total") else ""
        more = f"The first {SHOWN} of {len(named)}. " if len(named) > SHOWN else ""
        return f"{total}{more}{_index(finding)}", lines[:SHOWN]

    return say


def _figure(row: dict[str, Any]) -> str:
    share = row.get("share_words")
    return row["words"] if not share or share == row["words"] else f"{row['words']} ({share})"


def _index(finding: dict[str, Any]) -> str:
    if finding.get("hhi"):
        low, high = finding["hhi"]["low"], finding["hhi"]["high"]
        span = f"{low:,}" if low == high else f"{low:,} to {high:,}"
        return f"Concentration (HHI): {span} of 10,000."
    return f"No concentration index: {finding['hhi_refused']}." if finding.get("hhi_refused") else ""


def _number(body: dict[str, Any]) -> str:
    low, high = body["low"], body["high"]
    mark = "about " if body["approx"] else ""
    figure = f"{low:,}" if low == high else f"{low or 0:,} to {high:,}" if high is not None else f"{low:,} or more"
    return f"{mark}{figure} {body['unit']}"


def _sentences(finding: dict[str, Any]) -> Said:
    pairs = [(sentence, row) for row in finding["answers"] for sentence in row["sentences"]]
    lines = [Line(sentence, claims=tuple(row["claims"][:1])) for sentence, row in pairs]
    more = f", the first {SHOWN} of {len(lines)}" if len(lines) > SHOWN else ""
    return f"{len(finding['answers'])} relations{more}.", lines[:SHOWN]


def _dated(finding: dict[str, Any]) -> Said:
    rows = {f"{row['date']}: {row['sentence']}": row for row in finding["answers"]}
    lines = [Line(text, claims=tuple(row["claims"])) for text, row in rows.items()]
    return f"{len(finding['answers'])} dated claims, oldest first.", lines[:SHOWN]


def _told(rows: Sequence[dict[str, Any]]) -> list[Line]:
    return [Line(row["sentence"], claims=(row["id"],)) for row in rows]


def _owners(finding: dict[str, Any]) -> Said:
    return "Who owns it and who oversees it, as the report has it:", _told(
        [row for row in finding["relations"] if row["predicate"] in ("owns", "oversees")]
    )


def _owner_claims(finding: dict[str, Any]) -> list[str]:
    return [row["id"] for row in finding["relations"] if row["predicate"] in ("owns", "oversees")]


def _sides(finding: dict[str, Any]) -> Said:
    pairs = [" ≠ ".join(item["values"]) for item in finding["conflicts"]]
    return "The sources differ: " + "; ".join(pairs) + "." if pairs else "The sources agree.", []


def _side_claims(finding: dict[str, Any]) -> list[str]:
    return [name for item in finding["conflicts"] for name in item["claims"]]


def _form_and_control(finding: dict[str, Any]) -> Said:
    said = [row for row in finding["facts"] if row["predicate"] == "described_as"]
    held = [row for row in finding["relations"] if row["predicate"] in _CONTROL]
    return "What it says of itself stands last.", _told([*held, *said])


_CONTROL = ("controls", "owns", "subordinate_to", "has_role_in", "linked_to")


def _form_claims(finding: dict[str, Any]) -> list[str]:
    rows = [*finding["relations"], *finding["facts"]]
    return [row["id"] for row in rows if row["predicate"] in (*_CONTROL, "described_as")]


def _met(finding: dict[str, Any]) -> Said:
    """Say under which names one thing is met, source by source, and who judged that they are one."""
    names: dict[str, list[dict[str, Any]]] = {}
    for row in finding["names"]:
        names.setdefault(row["source"], []).append(row)
    sources = finding["sources"]
    ours = [name for name in names if sources[name]["kind"] == "analysis"]
    lines = [
        Line(
            f"{sources[name].get('publisher') or name} ({name}): {'; '.join(sorted({row['name'] for row in names[name]}))}",
            claims=tuple(claim for row in names[name] for claim in row["claims"])[:2],
        )
        for name in sorted(names, key=lambda name: (name in ours, sources[name].get("date") or "", name))
    ]
    joined = [item for item in finding["judgements"] if item["verdict"] == "same" and item["state"] == "in force"]
    joined.sort(key=lambda item: (-item.get("score", 0.0), item["a"], item["b"]))
    lines += [Line(f"{item['a']} = {item['b']}", f"{_by(item)}; {_shortly(item['why'])}") for item in joined]
    more = f"; {', '.join(ours)} adds names and is not counted" if ours else ""
    return f"{len(names) - len(ours)} sources name it{more}. {len(joined)} judgements join them.", lines


def _by(judgement: dict[str, Any]) -> str:
    score = judgement.get("score")
    return str(judgement["who"]) if score is None else f"{judgement['who']}, score {score:.3f}"


def _shortly(why: str) -> str:
    """Return the first two reasons of a judgement; `show` and its JSON have them all."""
    return "; ".join(why.split("; ")[:2])


def _name_claims(finding: dict[str, Any]) -> list[str]:
    rows = sorted(finding["names"], key=lambda row: (row["source"] != "nbr97", row["claims"]))
    return [name for row in rows for name in row["claims"]]


def _changes(finding: dict[str, Any]) -> Said:
    body = finding["relations"]
    began, ended = body["added"], body["removed"]
    lines = [Line(f"began: {_changed(row)}", claims=tuple(row["claims"][:1])) for row in began[:3]]
    lines += [Line(f"ended: {_changed(row)}", claims=tuple(row["claims"][:1])) for row in ended[:3]]
    counts = body.get("totals") or {"added": len(began), "removed": len(ended)}
    return f"{counts['added']} relations began and {counts['removed']} ended.", lines


def _changed(row: dict[str, Any]) -> str:
    return str(row.get("sentence") or row)


def _changed_claims(finding: dict[str, Any]) -> list[str]:
    body = finding["relations"]
    return [name for row in (*body["added"][:3], *body["removed"][:3]) for name in row["claims"]]


def _titles(finding: dict[str, Any]) -> Said:
    found = finding["found"]
    titles = [f"{source.get('title_original') or source['title']} ({source['title']})" for source in found[:SHOWN]]
    return "; ".join(titles) + "." if titles else "Nothing is held.", []


def _tally(question: str, measure: str, by: str, *, within: str | None = None, of: str | None = None) -> Stop:
    words = ["tally", "--measure", measure]
    words += ["--in", within] if within else []
    words += ["--of", of] if of else []
    arguments = {"measure": measure, "within": within, "of": of, "by": by}
    return Stop(question, "ask", (*words, "--by", by), arguments, _rows(by))


def _relations(question: str, name: str, *, predicates: Sequence[str] = (), modes: Sequence[str] = ()) -> Stop:
    words = ["relations", name]
    words += [word for item in predicates for word in ("--predicate", item)]
    words += [word for item in modes for word in ("--mode", item)]
    return Stop(question, "ask", tuple(words), {"of": name, "predicates": predicates, "modes": modes}, _sentences)


STOPS: tuple[Stop, ...] = (
    _tally("Who holds the management posts of the ITU's standards sector?", "posts", "country", within="ITU-T"),
    _tally("And the chairs and vice chairs of 3GPP?", "posts", "country", within="3GPP"),
    _tally("With whom does China have standards agreements?", "agreements", "partner", of="China"),
    Stop(
        "Who owns and oversees Silk Road Information Port Co.?",
        "show",
        ("Silk Road Information Port Co.",),
        {},
        _owners,
        _owner_claims,
    ),
    Stop(
        "GEIDCO calls itself a nonprofit. Who is behind it?", "show", ("GEIDCO",), {}, _form_and_control, _form_claims
    ),
    Stop(
        "When was the transfer of African Union data reported?",
        "show",
        ("Le Monde story on African Union",),
        {},
        _sides,
        _side_claims,
    ),
    Stop(
        "Which sources speak of Huawei, and who says that it is one firm?", "show", ("Huawei",), {}, _met, _name_claims
    ),
    Stop("Who bought OmniVision?", "show", ("OmniVision",), {}, _sides, _side_claims),
    _relations("What has Huawei agreed to build or supply, and is it done?", "Huawei", modes=("agreed",)),
    _relations("Who has a stake or a seat in ByteDance?", "ByteDance", predicates=("owns", "has_role_in", "controls")),
    Stop("What is dated about TikTok?", "ask", ("timeline", "TikTok"), {"of": "TikTok"}, _dated),
    _tally("Where does the world's gallium come from?", "mass", "country", within="gallium"),
    _tally("In which countries do GPU clusters stand?", "H100e", "country"),
    _tally(
        "Which countries' projects does China finance, as far as amounts are recorded?", "USD", "country", of="China"
    ),
    Stop(
        "What began and what ended between 2016 and 2021?",
        "diff",
        ("--from", "2016-01-01", "--to", "2021-12-31"),
        {},
        _changes,
        _changed_claims,
    ),
    Stop(
        "Which source has “data element” in its title, in whatever language?",
        "find",
        ("数据要素",),
        {},
        _titles,
        lambda finding: [],
    ),
)
