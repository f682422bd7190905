"""The shared lists, registers and data sets beside the report: one picture, and who is met where in it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from isthmus.claims.judging import By, NewJudgement
from isthmus.claims.store import Store
from isthmus.entities.matching import DIFFERENT, POSSIBLE, SAME, match_names
from isthmus.picture import Picture
from isthmus.service import add_files, resolve

NBR97 = Path(__file__).resolve().parents[1] / "isthmus" / "data" / "nbr97"
FILES = (
    "open/epoch-gpu-clusters/gpu_clusters.csv",
    "open/ieee-oui/oui.csv",
    "open/bigbang-standards-orgs/organization_categories.csv",
    "restricted/eto-chips/providers.csv",
    "restricted/opensanctions-curated/us__dod_chinese_milcorps__sanctions.csv",
    "restricted/opensanctions-curated/us__fcc_covered_list__table.csv",
    "restricted/opensanctions-curated/us__special_leg__section_154.csv",
    "restricted/opensanctions-curated/us__special_leg__section_889.csv",
    "restricted/opensanctions-curated/us__special_leg__section_1286.csv",
    "restricted/opensanctions-curated/us__special_leg__section_5949.csv",
)
D01 = ("china-asean-harbor-co", "china-eastcom")
REPORT = "nbr97"
ASKED_FIRST = 0.8
Pair = tuple[str, str]

pytestmark = pytest.mark.shared


@dataclass(frozen=True)
class Found:
    """What the matcher proposed of the real picture, and what `--apply` joined of it."""

    groups: dict[str, tuple[str, ...]]
    joined: dict[Pair, dict[str, Any]]
    left: dict[Pair, dict[str, Any]]
    verdicts: dict[Pair, set[str]]

    def group(self, entity: str) -> tuple[str, ...]:
        """Return the ids that are judged the same as an entity."""
        return self.groups.get(entity, (entity,))

    def met(self, entity: str, *, proposed: bool = False) -> set[str]:
        """Return the sources in which a thing is met; with `proposed`, those too that a person is asked about first."""
        held = set(self.group(entity))
        if proposed:
            pairs = [pair for pair, item in self.left.items() if item["score"] >= ASKED_FIRST]
            held |= {name for pair in pairs if held & set(pair) for name in pair}
        return {source_of(name) for name in held}


def source_of(entity: str) -> str:
    return entity.partition(":")[0] if ":" in entity else REPORT


def ordered(item: dict[str, Any]) -> Pair:
    first, second = sorted((item["a"], item["b"]))
    return first, second


def report_judgements() -> Iterator[NewJudgement]:
    with (NBR97 / "judgements.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield NewJudgement(row["a"], row["b"], row["verdict"], row["why"], By.read(row["who"]))


@pytest.fixture(scope="module")
def found(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Found:
    """Return what is proposed and joined in the picture of the report and all the shared lists."""
    files = [shared / "data" / name for name in FILES]
    absent = [path.name for path in files if not path.is_file()]
    if absent:
        pytest.skip(f"the shared data lack {', '.join(absent)}")
    picture = tmp_path_factory.mktemp("real") / "real.duckdb"
    add_files(picture, [NBR97 / "claims.csv", *files])
    with Store(picture) as store:
        store.judge_many(report_judgements())
    told = resolve(picture, apply=True, limit=10**6)
    with Store(picture, read_only=True) as store:
        view = Picture(store)
        groups = {name: members for members in view.resolution.members.values() for name in members}
        verdicts: dict[Pair, set[str]] = {}
        for item in view.judgements:
            verdicts.setdefault(item.pair, set()).add(item.verdict)
    return Found(
        groups,
        {ordered(item): item for item in told["joined"]},
        {ordered(item): item for item in told["proposals"]},
        verdicts,
    )


@pytest.mark.parametrize(
    ("firm", "sources"),
    [
        ("huawei", {REPORT, "epoch", "oui", "bigbang", "us-1260h", "us-fcc", "us-ndaa"}),
        ("zte", {REPORT, "oui", "bigbang", "us-fcc", "us-ndaa"}),
        ("us-1260h:hangzhou-hikvision-digital-technology-co-ltd", {"oui", "us-1260h", "us-fcc", "us-ndaa"}),
        ("us-1260h:semiconductor-manufacturing-international-corporation", {"eto", "us-1260h", "us-ndaa"}),
        ("quectel", {REPORT, "oui", "bigbang", "us-1260h"}),
        ("google", {REPORT, "epoch", "oui", "bigbang", "eto"}),
        ("ibm", {REPORT, "epoch", "oui", "bigbang"}),
        ("microsoft", {REPORT, "epoch", "oui", "bigbang"}),
        ("dahua", {REPORT, "oui", "us-1260h"}),
        ("inspur", {REPORT, "oui", "us-1260h"}),
        ("tencent", {REPORT, "bigbang", "us-1260h"}),
        ("alibaba", {REPORT, "epoch", "us-1260h"}),
    ],
)
def test_a_firm_is_met_in_several_sources(found: Found, firm: str, sources: set[str]) -> None:
    assert sources <= found.met(firm)


@pytest.mark.parametrize(
    ("firm", "sources"),
    [
        ("us-1260h:china-mobile-communications-group-co-ltd", {"bigbang", "us-1260h"}),
        ("china-mobile", {REPORT, "us-1260h"}),
        ("caict", {REPORT, "bigbang"}),
        ("etsi", {REPORT, "bigbang"}),
        ("ccsa", {REPORT, "bigbang"}),
    ],
)
def test_a_firm_known_by_its_initials_is_joined_or_proposed(found: Found, firm: str, sources: set[str]) -> None:
    assert sources <= found.met(firm, proposed=True)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("huawei", "oui:huawei-symantec-technologies-co-ltd"),
        ("huawei", "us-1260h:huawei-investment-holding-co-ltd"),
        ("huawei", "bigbang:huawei-device-co-ltd"),
        ("china-telecom", "china-unicom"),
        ("nokia", "siemens"),
        ("cas-ict", "chinese-academy-of-sciences"),
        ("caict", "cict"),
        ("itu-d", "itu-r"),
        ("tencent", "tencent-cloud"),
    ],
)
def test_what_is_two_things_is_not_joined(found: Found, one: str, two: str) -> None:
    assert two not in found.group(one)


def test_what_was_judged_is_neither_joined_nor_proposed_again(found: Found) -> None:
    pairs = [(item.a, item.b) for item in report_judgements()]
    assert len(pairs) == 7
    for one, two in pairs:
        pair = (min(one, two), max(one, two))
        assert found.verdicts[pair] == {"unsure"}
        assert pair not in found.joined | found.left
        assert two not in found.group(one)


def test_the_harbour_firm_of_two_names_stays_unsure(found: Found) -> None:
    assert found.verdicts[D01] == {"unsure"}
    assert found.group(D01[0]) == (D01[0],)
    assert found.group(D01[1]) == (D01[1],)
    told = match_names("China-ASEAN Harbor Information Co.", "China-ASEAN Information Harbor Company (China Eastcom)")
    assert told.verdict != DIFFERENT, "the names alone speak for it, and the judgement keeps it open"


def test_every_joining_has_a_score_and_reasons(found: Found) -> None:
    assert found.joined
    for item in found.joined.values():
        assert item["verdict"] == SAME
        assert item["score"] > 0.8
        assert item["reasons"]


# -- the aliases of the report --------------------------------------------------------------------------------------

ALIASES = (
    (
        "China Academy of Information and Communications Technology",
        "China Academy of Information and Communication Technology",
    ),
    ("China Academy of Information and Communications Technology", "CAICT"),
    ("International Telecommunications Union", "International Telecommunication Union"),
    ("China Communications Standards Association", "China Communication Standards Association"),
    ("China Communications Standards Association", "CCSA"),
    ("British Standards Institute", "BSI"),
    ("People's Bank of China", "PBOC"),
    ("China UnionPay", "CUP"),
    ("Silk Road Information Port Co.", "Silk Road Infoport Co. Ltd."),
    ("China-ASEAN Information Harbor", "China-ASEAN Information Port"),
    ("Information Harbor", "Information Port"),
    ("Global Energy Interconnection", "Global Energy Connection"),
    ("Global Energy Interconnection", "GEI"),
    ("China-Africa Partnership Plan on Digital Innovation", "China-Africa Digital Innovation Partnership Program"),
)
JUDGED_UNSURE = {ALIASES[-1]}
"""The report does not say that the two are one: see isthmus/data/nbr97/judgements.csv."""


def names_of_the_report() -> dict[str, set[str]]:
    names: dict[str, set[str]] = {}
    with (NBR97 / "claims.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["predicate"] == "name":
                names.setdefault(row["value"], set()).add(row["subject"])
    return names


@pytest.mark.parametrize(("one", "two"), ALIASES)
def test_an_alias_of_the_report_is_one_entity_or_is_proposed(found: Found, one: str, two: str) -> None:
    names = names_of_the_report()
    if names.get(one, set()) & names.get(two, set()):
        return
    if (one, two) in JUDGED_UNSURE:
        pairs = [(a, b) for a in names[one] for b in names[two]]
        assert {"unsure"} in [found.verdicts.get((min(pair), max(pair))) for pair in pairs]
        return
    assert match_names(one, two, kind="organization").verdict in (SAME, POSSIBLE)


@pytest.mark.parametrize(
    ("one", "two", "kind"), [("Zetrix", "Zitrix", "network"), ("Shi Baoqun", "Shi Baoquan", "person")]
)
def test_a_slip_of_the_report_is_proposed_with_reasons(
    shared: Path, tmp_path: Path, one: str, two: str, kind: str
) -> None:
    """D15 and D06: two entities that carry the two spellings (in the report's claims, one carries both or none)."""
    told = match_names(one, two, kind=kind)
    assert told.verdict == POSSIBLE
    assert told.reasons
    rows = [
        f"{name.lower().replace(' ', '-')},{predicate},{value}"
        for name in (one, two)
        for predicate, value in (("name", name), ("kind", kind))
    ]
    file = tmp_path / "two.csv"
    file.write_text(
        "\n".join(["subject,predicate,value,source,locator", *(f"{row},nbr97,l.1" for row in rows)]) + "\n", "utf-8"
    )
    add_files(tmp_path / "two.duckdb", [file])
    proposals = resolve(tmp_path / "two.duckdb", apply=True)["proposals"]
    assert [(item["verdict"], bool(item["reasons"])) for item in proposals] == [(POSSIBLE, True)]
    assert set(proposals[0]["names"]) == {one, two}


def test_the_spellings_of_the_network_are_one_entity_of_the_report() -> None:
    names = names_of_the_report()
    assert names["Zetrix"] == names["Zitrix"] == {"zetrix"}
    assert not any("Baoqu" in name for name in names)
