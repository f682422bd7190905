"""Score pairs of names by nomenklatura's logic-v2; run by the Python of the peer's environment.

Reads JSON Lines `{"id", "kind", "name1", "name2"}` from standard input and prints `{"id", "score"}` for each, in the same order. The error
stream ends with one line of JSON: pairs, and the seconds of the scoring alone (the entities are made before the clock starts).

    .peers/nomenklatura/bin/python benchmarks/peers/nomenklatura_pairs.py <pairs.jsonl >scores.jsonl
"""

from __future__ import annotations

import json
import sys

from followthemoney import StatementEntity
from nomenklatura.matching import LogicV2
from nomenklatura_entities import Clock, entity, versions, warm_up

Pair = tuple[object, StatementEntity, StatementEntity]


def read(lines: list[str]) -> list[Pair]:
    """Return the id and both entities of each pair; the key keeps the two sides of a pair of equal names apart."""
    pairs: list[Pair] = []
    for line in lines:
        if line.strip():
            row = json.loads(line)
            first, second = (entity(row["kind"], row[f"name{side}"], key=str(side)) for side in (1, 2))
            pairs.append((row["id"], first, second))
    return pairs


def main() -> None:
    pairs = read(sys.stdin.readlines())
    config = LogicV2.default_config()
    warm_up(LogicV2, config)
    clock = Clock()
    scores = [LogicV2.compare(first, second, config).score for _, first, second in pairs]
    timing = clock.figures("score")
    for (name, _, _), score in zip(pairs, scores, strict=True):
        print(json.dumps({"id": name, "score": round(score, 6)}))
    print(json.dumps({"algorithm": LogicV2.NAME, "pairs": len(pairs), **timing, **versions()}), file=sys.stderr)


if __name__ == "__main__":
    main()
