"""Make claims that look like a load of company registers, as Parquet, CSV and JSON Lines.

Nothing in them is true. For N claims: 0.3 N entities with a name, half of them with a place (located_in), 0.4 of them with a status, a
sixth with an address; half of them own another with a share, half supply another, a tenth consolidate another; and one fact in thirty of
those repeated by a second source. 200 sources; 2,503 sets of qualifiers; names 72 % Latin, 10 % Cyrillic, 13 % Han, 5 % Arabic. The same
number of claims and the same seed give the same claims.

    python -m benchmarks.generate --claims 200000 --out benchmarks/data
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import duckdb

from isthmus.model import CLAIM_COLUMNS

SOURCES = 200
SETS = 2499
FORMATS = ("parquet", "csv", "jsonl")

WORDS = {
    "latin": "Alpha Nova Delta Meridian Orion Atlas Quantum Pacific Nordic União Société Werke Hafen Énergie Łódź Žižkov Telecom Cable "
    "Data Fibre Signal Grid Port Logistics Capital Holding Systems Optics Silicon Copper Marine Satellite Radio Networks",
    "cyrillic": "Восток Север Волга Сибирь Енисей Связь Кабель Телеком Энерго Металл Порт Груз Союз Банк Холдинг Системы Оптика Радио",
    "han": "东方 北海 南京 长江 华信 中联 电信 光纤 海缆 数据 科技 集团 网络 能源 物流 港口 投资 控股 卫星 半导体",
    "arabic": "الشرق الغرب النيل الخليج الصحراء الاتصالات الكابل البيانات الطاقة الميناء الشبكة القابضة الاستثمار القمر",
}
ENDS = {
    "latin": "Ltd|GmbH|S.A.|B.V.|Inc.|AB|Oy|s.r.o.|PLC|K.K.",
    "cyrillic": "ООО|АО|ПАО",
    "han": "有限公司|股份有限公司|集团",
    "arabic": "ش.م.م|ش.م.ع",
}
PLACES = [f"place-{number:03d}" for number in range(180)]
STATUS = ("active", "active", "active", "active", "ended", "suspended", "approved")
COLUMNS = ", ".join(f'"{name}"' for name in CLAIM_COLUMNS)


def listed(words: list[str] | tuple[str, ...]) -> str:
    return "[" + ", ".join("'" + word.replace("'", "''") + "'" for word in words) + "]"


def pick(words: list[str] | tuple[str, ...], seed: str) -> str:
    """Return SQL that takes one of `words` by the hash of `seed`."""
    return f"{listed(words)}[1 + (hash({seed}) % {len(words)})::INTEGER]"


def name_sql(script: str) -> str:
    gap = "''" if script == "han" else "' '"
    words = WORDS[script].split()
    ends = ENDS[script].split("|")
    parts = [pick(words, f"n, '{place}'") for place in "abc"]
    number = "CASE WHEN hash(n, 'd') % 3 = 0 THEN ' ' || (hash(n, 'e') % 100000) ELSE '' END"
    if script == "arabic":
        return f"{pick(ends, 'n')} || ' ' || {parts[0]} || ' ' || {parts[1]} || {number}"
    body = f" || {gap} || ".join(parts)
    return f"{body} || {number} || {gap} || {pick(ends, 'n')}"


def part(columns: dict[str, str], rows: int, where: str = "true") -> str:
    """Return SQL of one kind of claim, `rows` of them numbered by n."""
    fields = ", ".join(f'{columns.get(name, "NULL")}::VARCHAR AS "{name}"' for name in CLAIM_COLUMNS)
    return f"SELECT {fields} FROM range({rows}) numbers(n) WHERE {where}"


def claims_sql(claims: int) -> str:
    """Return SQL that yields the claims."""
    entities = max(20, claims * 3 // 10)
    entity = "'reg-' || lpad((n)::VARCHAR, 9, '0')"
    other = f"'reg-' || lpad((hash(n, 'other') % {entities})::VARCHAR, 9, '0')"
    subject = f"'reg-' || lpad((hash(n, 'subject') % {entities})::VARCHAR, 9, '0')"
    source = f"'register-' || lpad((hash(n // 1000) % {SOURCES})::VARCHAR, 3, '0')"
    day = "(DATE '1990-01-01' + (hash(n, 'day') % 12000)::INTEGER)"
    date = f"CASE hash(n, 'p') % 4 WHEN 0 THEN year({day})::VARCHAR WHEN 1 THEN strftime({day}, '%Y-%m') ELSE {day}::VARCHAR END"
    script = " ".join(
        f"WHEN hash(n, 'script') % 100 < {bound} THEN {name_sql(script)}"
        for script, bound in (("latin", 72), ("cyrillic", 82), ("han", 95))
    )
    language = "CASE WHEN hash(n, 'script') % 100 < 72 THEN 'en' WHEN hash(n, 'script') % 100 < 82 THEN 'ru' "
    language += "WHEN hash(n, 'script') % 100 < 95 THEN 'zh' ELSE 'ar' END"
    low = "round((hash(n, 'low') % 2500)::DOUBLE / 10000, 4)"
    common = {"subject": entity, "source": source, "licence": "'CC0-1.0'", "marking": "'TLP:CLEAR'"}
    kinds = [
        (entities, {"predicate": "'name'", "value": f"CASE {script} ELSE {name_sql('arabic')} END", "value_lang": language,
                    "qualifiers": "'type=legal'"}, "name"),
        (entities // 2, {"predicate": "'located_in'", "object": pick(PLACES, "n"), "qualifiers": "'basis=registered'"}, "seat"),
        (entities * 4 // 10, {"predicate": "'status'", "value": pick(STATUS, "n"), "valid_from": date}, "status"),
        (entities // 6, {"predicate": "'address'", "value": f"(hash(n) % 400 + 1) || ' ' || {pick(WORDS['latin'].split(), 'n')} "
                         "|| ' Street, ' || (hash(n, 'z') % 90000 + 10000)", "qualifiers": "'basis=registered'"}, "address"),
        (entities // 2, {"predicate": "'owns'", "subject": subject, "object": other, "low": low, "unit": "'share'", "valid_from": date,
                         "high": f"CASE WHEN n % 3 = 0 THEN least(1, {low} + 0.05) ELSE {low} END",
                         "valid_to": "CASE WHEN n % 5 = 0 THEN '203' || n % 6 END", "hedge": "CASE WHEN n % 50 = 0 THEN 'reportedly' END",
                         "qualifiers": "CASE WHEN n % 2 = 0 THEN 'interest=shareholding; direct=direct' END"}, "owns"),
        (entities // 2, {"predicate": "'supplies'", "subject": subject, "object": other, "observed": date,
                         "qualifiers": f"'item=part ' || n % {SETS} || '; tier=1'"}, "supplies"),
        (entities // 10, {"predicate": "'consolidates'", "object": other, "valid_from": date,
                          "qualifiers": "'direct=direct'"}, "consolidates"),
    ]  # fmt: skip
    parts = []
    for rows, columns, name in kinds:
        full = common | columns | {"locator": f"'{name} ' || n"}
        parts.append(part(full, rows))
        if name != "name":
            again = full | {"source": f"'register-' || lpad((hash(n, 'again') % {SOURCES})::VARCHAR, 3, '0')"}
            again |= {"locator": f"'{name} again ' || n"}
            parts.append(part(again, rows, "n % 30 = 7"))
    return " UNION ALL ".join(parts)


def write(claims: int, folder: Path, formats: tuple[str, ...] = FORMATS) -> dict[str, Path]:
    """Write the files that are missing, and return their paths by format."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = {name: folder / f"claims-{claims}.{name}" for name in FORMATS}
    with duckdb.connect() as engine:
        engine.execute("SET memory_limit = '10GB'; SET preserve_insertion_order = false")
        engine.execute(f"SET temp_directory = '{folder}/spill'")
        if not paths["parquet"].exists():
            partial = paths["parquet"].with_suffix(".partial")
            # A register's extract is in no order that helps us: shuffle it, the same way each time.
            rows = f"SELECT {COLUMNS} FROM ({claims_sql(claims)}) ORDER BY hash(locator)"
            engine.execute(f"COPY ({rows}) TO '{partial}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)")
            partial.rename(paths["parquet"])
        table = f"read_parquet('{paths['parquet']}')"
        engine.execute("SET preserve_insertion_order = true")
        if "csv" in formats and not paths["csv"].exists():
            partial = paths["csv"].with_suffix(".partial")
            engine.execute(f"COPY (FROM {table}) TO '{partial}' (FORMAT csv, HEADER)")
            partial.rename(paths["csv"])
        if "jsonl" in formats and not paths["jsonl"].exists():
            partial = paths["jsonl"].with_suffix(".partial")
            engine.execute(f"COPY (FROM {table}) TO '{partial}' (FORMAT json)")
            partial.rename(paths["jsonl"])
    return {name: paths[name] for name in formats}


def count(path: Path) -> int:
    """Return the number of claims in a generated Parquet file."""
    with duckdb.connect() as engine:
        row = engine.execute(f"SELECT count(*) FROM read_parquet('{path}')").fetchone()
    return int(row[0]) if row else 0


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--claims", type=int, default=10_000_000)
    parser.add_argument("--out", type=Path, default=Path("benchmarks/data"))
    parser.add_argument("--formats", nargs="+", choices=FORMATS, default=list(FORMATS))
    given = parser.parse_args()
    begun = time.perf_counter()
    paths = write(given.claims, given.out, tuple({"parquet": None, **dict.fromkeys(given.formats)}))
    result = {"claims": count(paths["parquet"]), "seconds": round(time.perf_counter() - begun, 2)}
    result |= {f"{name}_mb": round(path.stat().st_size / 1e6, 1) for name, path in paths.items()}
    print(json.dumps(result))


if __name__ == "__main__":
    main()
