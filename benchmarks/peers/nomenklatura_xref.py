"""Find each query name among many by nomenklatura's own means; run by the Python of the peer's environment.

Its blocking index (`blocker.Index.match_entities`, on DuckDB, as its authors match incoming entities against a data set; limits as it sets
them: 75 candidates, a tenth of the best candidate's score, 60 for the size of a bucket) proposes candidates; logic-v2 scores each. Reads
two files of JSON Lines `{"id", "name", "country"}` (`lei`, where given, is used) and writes `{"query", "match", "score"}` at or above the
threshold, the best of a query first. The error stream ends with one line of JSON with the times.

`--limit-queries N` scores N of the queries, evenly spread. Which tokens the index leaves out depends on all queries, so all of them go
through it all the same; only scoring is extrapolated, in proportion to the candidate pairs (`extrapolated` is then true, and
`scored_queries` lists the ids that precision and recall can be asked of).

    .peers/nomenklatura/bin/python benchmarks/peers/nomenklatura_xref.py queries.jsonl names.jsonl matches.jsonl --limit-queries 500
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from followthemoney import Dataset, StatementEntity
from nomenklatura.blocker import Index
from nomenklatura.matching import LogicV2
from nomenklatura.resolver import Linker
from nomenklatura.store import MemoryStore
from nomenklatura_entities import DATASET, KINDS, Clock, entity, versions, warm_up

THRESHOLD = 0.7
Entities = dict[str, StatementEntity]
Candidates = dict[str, list[str]]


def read(path: Path, kind: str, side: str) -> tuple[Entities, dict[str, str]]:
    """Return the entities of a file by their id, and the file's own id of each."""
    entities: Entities = {}
    own: dict[str, str] = {}
    with path.open(encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            made = entity(kind, row["name"], key=f"{side} {row['id']}", country=row.get("country"), lei=row.get("lei"))
            entities[str(made.id)] = made
            own[str(made.id)] = row["id"]
    return entities, own


def build(entities: Entities, folder: Path) -> Index:
    """Return nomenklatura's index of the names to be searched, its statements in memory."""
    store: MemoryStore[Dataset, StatementEntity] = MemoryStore(DATASET, Linker({}))
    with store.writer() as writer:
        for one in entities.values():
            writer.add_entity(one)
    index = Index(store.default_view(), folder)
    index.build()
    return index


def spread(keys: list[str], limit: int | None) -> list[str]:
    """Return `limit` of the keys, evenly spread over the list."""
    if limit is None or limit >= len(keys):
        return keys
    return [keys[number * len(keys) // limit] for number in range(limit)]


def score(
    queries: Entities, names: Entities, found: Candidates, chosen: Iterable[str], threshold: float
) -> list[tuple[str, str, float]]:
    """Return query, name and score of the candidates that reach the threshold, the best of each query first."""
    config = LogicV2.default_config()
    matches = []
    for key in chosen:
        query = queries[key]
        scored = [(LogicV2.compare(query, names[other], config).score, other) for other in found.get(key, ())]
        kept = sorted((-value, other) for value, other in scored if value >= threshold)
        matches += [(key, other, -value) for value, other in kept]
    return matches


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("queries", type=Path)
    parser.add_argument("names", type=Path)
    parser.add_argument("matches", type=Path)
    parser.add_argument("--kind", choices=KINDS, default="Company")
    parser.add_argument("--threshold", type=float, default=THRESHOLD)
    parser.add_argument("--limit-queries", type=int, metavar="N", help="score N queries, and extrapolate")
    parser.add_argument("--best", action="store_true", help="write only the best match of each query")
    given = parser.parse_args()
    if given.limit_queries is not None and given.limit_queries < 1:
        parser.error("--limit-queries must be at least 1")

    queries, query_ids = read(given.queries, given.kind, "query")
    names, name_ids = read(given.names, given.kind, "name")
    warm_up(LogicV2, LogicV2.default_config())
    with tempfile.TemporaryDirectory() as folder:
        clock = Clock()
        index = build(names, Path(folder))
        times = clock.figures("index")
        clock = Clock()
        found = {left.id: [other.id for other, _ in right] for left, right in index.match_entities(queries.values())}
        times |= clock.figures("blocking")
        limits = {name: getattr(index, name) for name in ("max_candidates", "min_score_ratio", "max_bucket_size")}
        index.close()
    chosen = spread(list(queries), given.limit_queries)
    clock = Clock()
    matches = score(queries, names, found, chosen, given.threshold)
    measured = clock.figures("scoring")

    written: set[str] = set()
    with given.matches.open("w", encoding="utf-8") as file:
        for key, other, value in matches:
            if not (given.best and key in written):
                written.add(key)
                row = {"query": query_ids[key], "match": name_ids[other], "score": round(value, 6)}
                file.write(json.dumps(row, ensure_ascii=False) + "\n")

    all_pairs = sum(map(len, found.values()))
    pairs = sum(len(found.get(key, ())) for key in chosen)
    factor = all_pairs / pairs if pairs else 1.0
    whole = {f"{name}_all": round(value * factor, 3) for name, value in measured.items()}
    sampled = len(chosen) < len(queries)
    print(
        json.dumps(
            {
                "algorithm": LogicV2.NAME,
                "threshold": given.threshold,
                "limits": limits,
                "queries": len(queries),
                "names": len(names),
                "candidate_pairs": all_pairs,
                "queries_without_candidate": sum(key not in found for key in queries),
                "queries_scored": len(chosen),
                "pairs_scored": pairs,
                "matches": len(matches),
                **times,
                **measured,
                "extrapolated": sampled,
                **({"scored_queries": [query_ids[key] for key in chosen]} if sampled else {}),
                **whole,
                "total_s_all": round(times["index_s"] + times["blocking_s"] + whole["scoring_s_all"], 3),
                "total_processor_s_all": round(
                    times["index_processor_s"] + times["blocking_processor_s"] + whole["scoring_processor_s_all"], 3
                ),
                "peak_mb": peak_memory(),
                **versions(),
            }
        ),
        file=sys.stderr,
    )


def peak_memory() -> int | None:
    """Return the most memory that this process held, in MB, where the kernel tells."""
    status = Path("/proc/self/status")
    lines = status.read_text(encoding="utf-8").splitlines() if status.exists() else []
    return next((int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM:")), None)


if __name__ == "__main__":
    main()
