"""A page to test: questions of the report's readers, invented counts, sites at well-known towns."""

from __future__ import annotations

import pytest

from isthmus.briefs import (
    AnswerLine,
    BarPlot,
    BarRow,
    ConflictPair,
    ConflictValue,
    DatedCount,
    DatedPlot,
    Held,
    MapPoint,
    Note,
    SourceLine,
    Summary,
    TourItem,
)
from isthmus.model import Gap
from isthmus.quantities import Quantity

REPORT = "NBR Special Report 97"
MINERALS = "USGS Mineral Commodity Summaries 2026"
PROJECTS = "AidData GCDF 3.0"

NOTES = (
    Note("c034", "China holds 34 of the 225 management posts of ITU-T.", REPORT, "chapter 3, line 1041, note 35",
         valid="2021"),
    Note("c035", "South Korea holds under 20 of them.", REPORT, "chapter 3, line 1041, note 36", hedge="under 20"),
    Note("c494", "Eight provincial state enterprises own Silk Road Information Port Co. (丝绸之路信息港股份有限公司).",
         REPORT, "chapter 5, line 1593, note 8", valid="2021-08-30", origin="Gansu government notice 2021"),
    Note("c498", "Le Monde told in March 2018 that African Union data went to Shanghai every night.", REPORT,
         "chapter 5, line 1599", hedge="reportedly", recorded="2026-11-23"),
    Note("c499", "The Le Monde story is dated 26 January 2018.", REPORT, "chapter 5, note 9", valid="2018-01-26"),
    Note("u-ga", "China produced 900,000 kg of low-purity primary gallium in 2025.", MINERALS,
         "world_production.csv, row 3", hedge="estimated", valid="2025"),
    Note("u-co", "The Congo mined 73 to 74 % of the world's cobalt in 2025.", MINERALS, "world_production.csv, row 41",
         hedge="estimated", valid="2025"),
    Note("c519", "Quectel sold more than a third of the world's cellular IoT modules.", REPORT,
         "chapter 5, line 1661, note 24", hedge="more than a third", valid="2020-Q2"),
    Note("c599", "No rule on flows to third countries was found.", REPORT, "chapter 4", stance="not_found"),
)  # fmt: skip

TOUR = (
    TourItem("Who holds the management posts of ITU-T, and of how many?",
             "China holds 34 of 225, which is 15.1 %; South Korea holds under 20. Of the others the picture has no "
             "country.",
             REPORT, "chapter 3, line 1041", 'isthmus ask tally --measure posts --in "ITU-T" --by country',
             claims=("c034", "c035"), hedges=("under 20",), gaps="the country of 172 to 191 of 225 posts",
             doubt="bounded"),
    TourItem("Who owns Silk Road Information Port Co.?",
             "Eight provincial state enterprises, of which the source names two.",
             REPORT, "chapter 5, line 1593, note 8", 'isthmus show "Silk Road Information Port Co."',
             claims=("c494",), gaps="six of the eight owners", doubt="gap",
             lines=(AnswerLine("China Unicom", "share not stated", claims=("c494",)),
                    AnswerLine("China Telecom 中国电信", "share not stated", claims=("c494",)))),
    TourItem("When did Le Monde tell of the African Union's data?",
             "In March 2018 by the text, on 26 January 2018 by its footnote: both are kept. The transfers ran nightly.",
             REPORT, "chapter 5, line 1599, note 9", 'isthmus show "Le Monde story on African Union"',
             claims=("c498", "c499"), hedges=("reportedly",), doubt="conflict"),
    TourItem("How much of the world's cobalt is mined in one country?",
             "The Congo mined 73 to 74 % of it in 2025, against a published total that is rounded.",
             MINERALS, "world_production.csv, rows 41-52",
             "isthmus ask tally --measure production --of cobalt --by country",
             claims=("u-co", "u-1", "u-2", "u-3"), hedges=("estimated",)),
    TourItem("Which rule lets health data flow from Senegal to China?", "No rule was found. That is not a permission.",
             REPORT, "chapter 4", "isthmus ask relations --of Senegal --predicate permits_flow", claims=("c599",),
             doubt="searched"),
    TourItem("Who sells the most cellular modules for things?", "Quectel, with more than a third in 2020-Q2.",
             REPORT, "chapter 5, line 1661, note 24", "isthmus ask tally --measure share --in 'cellular IoT modules'",
             claims=("c519",), hedges=("more than a third",)),
)  # fmt: skip

TOWNS = (
    ("Zamengoe data centre", "data centre", 3.95, 11.45, "CM", "Cameroon"),
    ("Konza Technopolis", "data centre", -1.69, 37.18, "KE", "Kenya"),
    ("Nairobi network", "network", -1.29, 36.82, "KE", "Kenya"),
    ("African Union network", "network", 9.02, 38.75, "ET", "Ethiopia"),
    ("Islamabad safe city", "safe city", 33.68, 73.05, "PK", "Pakistan"),
    ("Lahore safe city", "safe city", 31.55, 74.34, "PK", "Pakistan"),
    ("Nanning exchange", "network", 22.82, 108.37, "CN", "China"),
    ("Shanghai server", "data centre", 31.23, 121.47, "CN", "China"),
    ("Xichang launch centre", "launch site", 28.25, 102.03, "CN", "China"),
    ("Memphis cluster", "compute cluster", 35.06, -90.16, "US", "United States"),
    ("Abilene cluster", "compute cluster", 32.45, -99.73, "US", "United States"),
    ("Suva landing", "network", -18.14, 178.44, "FJ", "Fiji"),
    ("Apia landing", "network", -13.83, -171.77, "WS", "Samoa"),
)
BADGES = (
    ("SN", "Senegal", 4), ("TN", "Tunisia", 1), ("RS", "Serbia", 12), ("SA", "Saudi Arabia", 3), ("TZ", "Tanzania", 7),
    ("MZ", "Mozambique", 2), ("GH", "Ghana", 6), ("TG", "Togo", 2), ("BJ", "Benin", 3), ("NGA", "Nigeria", 9),
    ("SGP", "Singapore", 1), ("MV", "Maldives", 1), ("LK", "Sri Lanka", 5), ("KH", "Cambodia", 8), ("LA", "Laos", 4),
)  # fmt: skip


def _points() -> tuple[MapPoint, ...]:
    towns = [
        MapPoint(label, kind, "planned" if "Konza" in label else "past" if "Shanghai" in label else "actual", lat, lon,
                 code, country, when="2020-07", source=f"{REPORT}, chapter 1, line 351")
        for label, kind, lat, lon, code, country in TOWNS
    ]  # fmt: skip
    badges = [
        MapPoint("telecom projects", "network", country=code, country_name=name, n=n, source=PROJECTS)
        for code, name, n in BADGES
    ]
    return (*towns, *badges, MapPoint("a site in no such country", "network", country="ZZ"))


@pytest.fixture
def demo() -> Summary:
    """Return a page with every part filled."""
    share = BarPlot(
        "Who mines cobalt, 2025",
        (
            BarRow("Congo (Kinshasa)", Quantity(0.73, 0.74, unit="share", hedge="estimated"), claims=("u-co",)),
            BarRow("Indonesia", Quantity.about(0.14, "share")),
            BarRow("Australia", Quantity.less_than(0.05, "share")),
            BarRow("Quectel, modules", Quantity.more_than(1 / 3, "share"), words="more than a third", claims=("c519",)),
            BarRow("United States", Quantity.unknown("share"), note="withheld to avoid disclosing company data"),
        ),
        remainder=BarRow("Not attributed", Quantity.between(0.02, 0.09, "share")),
        concentration="HHI 5,554 to 5,729 of 10,000.",
        note="Rows as published, against the published rounded total; not rescaled.",
        source=f"{MINERALS}, rows 41-52",
    )
    posts = BarPlot(
        "Posts at ITU-T by country",
        (
            BarRow("China", Quantity.exactly(34, "posts"), claims=("c034",)),
            BarRow("South Korea", Quantity.less_than(20, "posts"), claims=("c035",)),
        ),
        total=BarRow("All posts", Quantity.exactly(225, "posts")),
        remainder=BarRow("No country in this picture", Quantity(171.0, 191.0, open_low=True, unit="posts")),
        concentration="Not computable: shares are missing.",
    )
    years = tuple(
        DatedCount(str(2000 + i), Quantity.exactly(n, "projects"))
        for i, n in enumerate((2, 3, 0, 5, 9, 12, 18, 22, 27, 31, 44, 52, 47, 61, 70, 66, 73, 64, 49, 38, 22))
    )
    dated = DatedPlot(
        "Telecom projects by year of commitment",
        (*years, DatedCount("2021", Quantity.between(14, 31, "projects"))),
        undated=DatedCount("no date", Quantity.exactly(17, "projects")),
        note="Hatched: pledged, not known to have begun.",
        source=PROJECTS,
        command="isthmus ask tally --measure projects --by year",
    )
    return Summary(
        title="What does it rest on, and who holds that?",
        picture="sha256:9c41d7a3f0be55120c7d4c2f8e1b6a9377aa10cc5fd2a0917be94c08ab1f22e7",
        held=Held(claims=14_212, sources=251, entities=3_904, conflicts=5, gaps=61),
        as_of="2022-03-31",
        known_at="2026-11-23T21:40:00Z",
        lede="The evidence of one report, joined with public lists of projects, minerals and compute. Every figure ends "
        "in a small number: it leads to the claim, its source and its doubt.",
        tour=TOUR,
        points=_points(),
        plots=(share, dated, posts),
        conflicts=(
            ConflictPair(
                "when Le Monde told of the African Union's data",
                (ConflictValue("2018-03", "text", ("c498",)), ConflictValue("2018-01-26", "note 9", ("c499",))),
            ),
            ConflictPair(
                "the State Council's approval of the information harbour",
                (ConflictValue("2014", "line 539"), ConflictValue("2015", "line 1583")),
            ),
        ),
        gaps=(
            Gap("unnamed", "owners of Silk Road Information Port Co. are not named", ("c494",), 6, 8),
            Gap("unknown", "posts at ITU-T have no country here", ("c034",), Quantity.between(172, 191, "posts"), 225),
            Gap("searched", "names of fourteen state-owned contributors", where="the report", when="2026-11-20"),
            Gap("withheld", "the cobalt output of the United States"),
        ),
        notes=NOTES,
        sources=(
            SourceLine(REPORT, "National Bureau of Asian Research", "report", "2022-03", "B",
                       "facts restated in our words", claims=1_066),
            SourceLine(MINERALS, "U.S. Geological Survey", "official_document", "2026-02", "A", "public domain",
                       url="https://pubs.usgs.gov/periodicals/mcs2026/", claims=158),
            SourceLine(PROJECTS, "AidData", "dataset", "2023-11", "B", "ODC-BY 1.0",
                       attribution="Contains information from AidData's Global Chinese Development Finance Dataset "
                       "3.0, made available under the ODC Attribution Licence.", claims=12_988),
        ),
    )  # fmt: skip
