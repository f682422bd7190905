"""Measure the name model beside nomenklatura's logic-v2, on the same pairs in the same run.

    python -m benchmarks.names                  both sets, every error listed
    python -m benchmarks.names --no-peer        ours alone
    python -m benchmarks.names --set lists      one set

Prints precision, recall and F1 of ours at the default threshold (*possible*), at *same*, and cross-validated (a pair scored by a model that
saw no pair of its family), with every error; then the peer's at its threshold of 0.7. Person rows are reported, not aimed at.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from time import perf_counter

from benchmarks.fit_names import cross_validate
from benchmarks.name_sets import Labelled, all_sets, bench_pairs, disputed
from isthmus.entities.matching import Subject, load_model, match, match_names

PEER_BAR = 0.7


def figures(pairs: Sequence[Labelled], scores: Sequence[float], bar: float) -> str:
    """Return precision, recall and F1 at a bar, with the counts they come from."""
    hits = [(pair, score >= bar) for pair, score in zip(pairs, scores, strict=True)]
    tp = sum(hit and pair.is_match for pair, hit in hits)
    fp = sum(hit and not pair.is_match for pair, hit in hits)
    fn = sum(not hit and pair.is_match for pair, hit in hits)
    precision, recall = tp / max(1, tp + fp), tp / max(1, tp + fn)
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    return f"P {precision:.3f}  R {recall:.3f}  F1 {f1:.3f}   (tp {tp}, fp {fp}, fn {fn}, pairs {len(pairs)})"


def peer_scores(pairs: Sequence[Labelled]) -> list[float] | None:
    """Return logic-v2's scores, by its own environment; None with a word on the error stream where it cannot be made."""
    try:
        from benchmarks.peers.nomenklatura_env import environment  # noqa: PLC0415 - only asked for with the peer

        python = environment()
    except SystemExit as error:
        print(f"the peer is left out: {error}", file=sys.stderr)
        return None
    lines = "".join(
        json.dumps({"id": pair.id, "kind": pair.schema, "name1": pair.name1, "name2": pair.name2}) + "\n"
        for pair in pairs
    )
    done = subprocess.run(
        [str(python), "benchmarks/peers/nomenklatura_pairs.py"], input=lines, capture_output=True, text=True, check=True
    )
    print("   peer:", done.stderr.strip().splitlines()[-1])
    found = {row["id"]: row["score"] for row in map(json.loads, done.stdout.splitlines())}
    return [found[pair.id] for pair in pairs]


def _subject(name: str, country: str) -> Subject:
    return Subject((name,), None, frozenset({country.lower()}) if country else frozenset())


def report(name: str, pairs: Sequence[Labelled], crossed: Sequence[float], peer: bool) -> None:
    """Print the figures and errors of one set."""
    model = load_model()
    started = perf_counter()
    matches = [match(_subject(pair.name1, pair.country1), _subject(pair.name2, pair.country2)) for pair in pairs]
    seconds = perf_counter() - started
    scores = [found.score for found in matches]
    print(
        f"\n== {name}: {len(pairs)} pairs, {sum(p.is_match for p in pairs)} true; {len(pairs) / seconds:,.0f} pairs/s with reading"
    )
    print(f"   ours, shipped weights, possible {model.possible}: {figures(pairs, scores, model.possible)}")
    print(f"   ours, shipped weights, same {model.same}:     {figures(pairs, scores, model.same)}")
    print(f"   ours, cross-validated, possible:  {figures(pairs, crossed, model.possible)}")
    print(f"   ours, cross-validated, same:      {figures(pairs, crossed, model.same)}")
    if any(pair.country1 for pair in pairs):
        bare = [match_names(pair.name1, pair.name2).score for pair in pairs]
        print(f"   ours, names alone, possible:      {figures(pairs, bare, model.possible)}")
    argued = disputed()
    kept = [at for at, pair in enumerate(pairs) if (pair.name1, pair.name2) not in argued]
    if len(kept) < len(pairs):
        fewer = [pairs[at] for at in kept]
        print(
            f"   without {len(pairs) - len(kept)} disputed labels: {figures(fewer, [scores[at] for at in kept], model.possible)}"
        )
        print(f"   the same, cross-validated:       {figures(fewer, [crossed[at] for at in kept], model.possible)}")
    script = [at for at, pair in enumerate(pairs) if pair.cross_script]
    if script:
        print(
            f"   cross-script only:               {figures([pairs[i] for i in script], [scores[i] for i in script], model.possible)}"
        )
        print(
            f"   the same, cross-validated:       {figures([pairs[i] for i in script], [crossed[i] for i in script], model.possible)}"
        )
    if peer and (theirs := peer_scores(pairs)) is not None:
        print(f"   logic-v2 at {PEER_BAR}:                 {figures(pairs, theirs, PEER_BAR)}")
        if script:
            print(
                f"   logic-v2, cross-script only:     {figures([pairs[i] for i in script], [theirs[i] for i in script], PEER_BAR)}"
            )
    print("   errors (shipped weights, at possible):")
    for pair, found in zip(pairs, matches, strict=True):
        if (found.score >= model.possible) != pair.is_match:
            why = "; ".join(f"{reason.feature} {reason.weight:+.1f} {reason.note}" for reason in found.reasons[:4])
            mark = " [disputed]" if (pair.name1, pair.name2) in argued else ""
            print(
                f"     {'missed' if pair.is_match else 'false '} {found.score:.2f} {pair.name1} | {pair.name2}{mark} | {why}"
            )


def main() -> None:
    """Print everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", choices=("bench", "lists"), help="one set only")
    parser.add_argument("--no-peer", action="store_true", help="ours alone")
    given = parser.parse_args()
    sets = all_sets()
    everything = [pair for pairs in sets.values() for pair in pairs]
    crossed, _ = cross_validate(everything)
    by_id = dict(zip((pair.id for pair in everything), crossed, strict=True))
    for name, pairs in sets.items():
        if pairs and given.set in (None, name):
            report(name, pairs, [float(by_id[pair.id]) for pair in pairs], not given.no_peer)
    people = bench_pairs(("Person",))
    if people and given.set in (None, "bench"):
        scores = [match_names(pair.name1, pair.name2, kind="person").score for pair in people]
        print(f"\n== persons (reported, not aimed at): {figures(people, scores, load_model().possible)}")


if __name__ == "__main__":
    main()
