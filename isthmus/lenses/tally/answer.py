"""Work out the finding of one tally: rows, totals, gaps, limits and what it hangs on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from isthmus.identifiers import countries
from isthmus.lenses.finding import build_finding
from isthmus.lenses.tally.measure import Evidence, Measure
from isthmus.model import Claim, Finding, Gap
from isthmus.picture import Entity, Picture
from isthmus.picture.conflicts import find_conflicts
from isthmus.picture.extent import day_known
from isthmus.picture.gaps import Members, member_gap, members_of
from isthmus.picture.shares.figures import WHOLE, Held, Series, newest
from isthmus.picture.shares.grouping import OTHERS, PLACES, Group, Grouper, aggregate_of
from isthmus.picture.shares.table import Row, Table, make_table
from isthmus.quantities import Quantity

CHECKED = 5000
COMPARED = ("of", "segment", "stage", "basis", "place")


class Answer:
    """Works out the finding of one tally."""

    def __init__(
        self,
        picture: Picture,
        measure: Measure,
        body: Entity | None,
        holder: Entity | None,
        by: str,
        grouper: Grouper,
        evidence: Evidence,
        set_aside: int,
        why: bool,
    ) -> None:
        self.picture = picture
        self.measure = measure
        self.body = body
        self.holder = holder
        self.by = by
        self.grouper = grouper
        self.evidence = evidence
        self.set_aside = set_aside
        self.why = why
        self.gaps: list[Gap] = []
        self.limits: list[str] = []
        self.used: list[Claim] = []
        self.silent: list[Claim] = []

    def finding(self, series: Sequence[tuple[Series, list[Claim]]], question: dict[str, Any]) -> Finding:
        first = series[0] if series else ((("unit", self.measure.unit),), [])
        table = self._table(*first)
        others = [self._other(*item) for item in series[1:]]
        answers = [self._row(row) for row in table.rows if row.group.aggregate != "unknown"]
        self._gaps(table)
        self._limits(table, first[0], others)
        conflicts = find_conflicts(self.picture, self.used) if len(self.used) <= CHECKED else []
        extra: dict[str, Any] = {
            "series": dict(first[0]),
            "total": table.total.to_json() if table.total else None,
            "unattributed": table.unattributed.to_json() if table.unattributed else None,
            "raw_sum": table.raw_sum.to_json(),
            "hhi": table.hhi.to_json() if table.hhi else None,
            "shares_of": "total" if not table.of_recorded else "recorded" if self.body is None else None,
        }
        if table.hhi_refused:
            extra["hhi_refused"] = table.hhi_refused
        if table.hhi_split:
            extra["hhi_regions_spread"] = table.hhi_split.to_json()
        if others:
            extra["other_series"] = others
        return build_finding(
            self.picture,
            "tally",
            question,
            answers=answers,
            claims=self.used,
            gaps=self.gaps,
            conflicts=conflicts,
            sensitivity=self._sensitivity(table),
            limits=self.limits,
            extra=extra,
        )

    def _table(self, series: Series, claims: Sequence[Claim]) -> Table:
        held = newest(self.picture, claims)
        held, members = self._members(held)
        groups = self.grouper.groups(held)
        self.used += [claim for item in held for claim in item.claims]
        self.silent = [claim for item in held if item.quantity is None for claim in item.claims]
        older = sum(len(item.older) for item in held)
        if older:
            said = "1 older figure is" if older == 1 else f"{older} older figures are"
            self.limits.append(f"{said} replaced by newer ones of the same holder and not added")
        whole = self._whole(series, claims)
        unit = dict(series).get("unit") or self.measure.unit
        for found, group in members:
            gap = member_gap(found, group.caption)
            if gap:
                self.gaps.append(gap)
        return make_table(held, groups, whole, unit, share_recorded=self.body is None)

    def _members(self, held: list[Held]) -> tuple[list[Held], list[tuple[Members, Entity]]]:
        """Replace a partner that is a group by its named members: each has at least one, the rest stays a gap."""
        if self.by not in OTHERS or self.holder is None:
            return held, []
        out: list[Held] = []
        groups: list[tuple[Members, Entity]] = []
        for item in held:
            if item.object is None or aggregate_of(self.picture, item.object) != "remainder" or item.quantity is None:
                out.append(item)
                continue
            group = self.picture.entity(item.object)
            members = members_of(self.picture, group)
            if not members.named:
                out.append(item)
                continue
            groups.append((members, group))
            claims = self.picture.reader.by_id(members.claims)
            for member in members.named:
                carrying = tuple(claim for claim in claims if claim.subject in member.members)
                least = Quantity.at_least(1, item.quantity.unit)
                out.append(Held(item.subject, member.id, least, carrying, ()))
            self.used += [*item.claims, *claims]
            self.stated_total = item.quantity
        return out, groups

    stated_total: Quantity | None = None

    def _whole(self, series: Series, claims: Sequence[Claim]) -> Quantity | None:
        """Return what all groups have together, as a source says: its own total beside the figure, or the body's own count."""
        unit = dict(series).get("unit") or self.measure.unit
        stated = {claim.qualifier("out_of") for claim in claims} - {None}
        if len(stated) == 1:
            return Quantity.parse(next(iter(stated)), next(iter(stated)), unit)
        totals = [claim for claim in self.evidence.totals if claim.quantity and claim.quantity.unit == unit]
        totals = self._fitting(totals, dict(series))
        newest_day = max((day_known(claim) or "" for claim in totals), default="")
        totals = [claim for claim in totals if (day_known(claim) or "") == newest_day]
        figures = {(claim.quantity.low, claim.quantity.high) for claim in totals if claim.quantity}
        if len(figures) == 1:
            self.used += totals
            return totals[0].quantity
        if len(figures) > 1:
            said = "; ".join(
                f"{claim.quantity.words()} ({claim.qualifier('of') or 'no measure said'})"
                for claim in totals
                if claim.quantity
            )
            self.limits.append(f"the whole is not taken from several counts: {said}")
            self.used += totals
        return self.stated_total

    def _fitting(self, totals: list[Claim], series: dict[str, str]) -> list[Claim]:
        """Choose among several counts those whose measure names the series: its role, or the `of` of the figures."""
        plain = {key: value for key, value in series.items() if key in COMPARED}
        whole = [claim for claim in totals if claim.qualifier("scope") == WHOLE]
        matched = [claim for claim in whole if _compared(claim) == plain]
        if whole:
            return matched
        told = {part for name in ("role", "of", "stage") for part in series.get(name, "").split("_")} - {""}
        scope = series.get("scope")
        totals = [claim for claim in totals if claim.qualifier("scope") == scope] or totals
        fitting = [claim for claim in totals if told & set((claim.qualifier("of") or "").split("_"))]
        return fitting or totals

    def _other(self, series: Series, claims: Sequence[Claim]) -> dict[str, Any]:
        held = newest(self.picture, claims)
        groups = self.grouper.groups(held)
        unit = dict(series).get("unit") or self.measure.unit
        stated = {claim.qualifier("out_of") for claim in claims} - {None}
        whole = Quantity.parse(next(iter(stated)), next(iter(stated)), unit) if len(stated) == 1 else None
        table = make_table(held, groups, whole, unit, share_recorded=False)
        self.used += [claim for item in held for claim in item.claims]
        return {
            "series": dict(series),
            "rows": [self._row(row) for row in table.rows if row.group.aggregate != "unknown"],
            "total": whole.to_json() if whole else None,
            "raw_sum": table.raw_sum.to_json(),
        }

    def _row(self, row: Row) -> dict[str, Any]:
        body: dict[str, Any] = {
            "group": {self.by: row.group.label},
            "entity": row.group.entity,
            "value": row.value.to_json(),
            "words": row.value.words(),
            "share": row.share.to_json() if row.share else None,
            "share_words": row.share.words() if row.share else None,
            "claims": sorted({claim.id for claim in row.claims}),
            "sources": sorted({claim.source for claim in row.claims}),
            "origins": sorted({name for claim in row.claims for name in claim.origin}),
            "locators": sorted({claim.locator for claim in row.claims})[:5],
            "hedges": sorted({claim.hedge for claim in row.claims if claim.hedge}),
        }
        if row.group.aggregate:
            body["aggregate"] = row.group.aggregate
        if row.disputed:
            body["disputed"] = True
        if self.by in PLACES and row.group.entity:
            code = _code(self.picture, row.group)
            if code:
                body["code"] = code
        if self.why:
            works = [sorted(self.picture.support(claim)) for claim in row.claims]
            body["support"] = {
                "minimal": [sorted({claim.id for claim in row.claims})],
                "pivotal": body["claims"],
                "works": works,
            }
        return body

    def _gaps(self, table: Table) -> None:
        for row in table.rows:
            if row.group.aggregate == "unknown":
                what = f"{row.value.words()}: the {self.by} of {len(row.claims)} holders is not known"
                self.gaps.append(Gap("unknown", what, tuple(claim.id for claim in row.claims)[:50], n=len(row.claims)))
        silent = self.silent
        if silent:
            held = [claim for claim in silent if claim.qualifier("reason") == "withheld"]
            rest = [claim for claim in silent if claim.qualifier("reason") != "withheld"]
            everyone = sum(len(row.claims) for row in table.rows)
            if rest:
                what = f"no {self.measure.name} is stated for {len(rest)} of {everyone} holders"
                self.gaps.append(Gap("unknown", what, tuple(claim.id for claim in rest)[:50], n=len(rest), of=everyone))
            if held:
                what = f"{self.measure.name} is withheld for {len(held)} of {everyone} holders"
                self.gaps.append(
                    Gap("withheld", what, tuple(claim.id for claim in held)[:50], n=len(held), of=everyone)
                )
        rest_of = table.unattributed
        shares = self.measure.unit in ("share", "proportion")
        whole = table.total or (Quantity.exactly(1, self.measure.unit) if shares else None)
        stated = any(row.value.known for row in table.rows)
        if rest_of is not None and whole is not None and stated and rest_of.high != 0:
            what = f"{rest_of.words()} of {whole.words()} belong to nobody named here"
            self.gaps.append(Gap("unnamed", what, (), n=rest_of, of=whole))

    def _limits(self, table: Table, series: Series, others: Sequence[dict[str, Any]]) -> None:
        if self.set_aside:
            kind = "organisations" if self.by in PLACES else "countries"
            self.limits.append(
                f"{self.set_aside} claims by {kind} share out the same whole another way and are not added"
            )
        if self.evidence.ended:
            said = "1 relation" if self.evidence.ended == 1 else f"{self.evidence.ended} relations"
            self.limits.append(
                f"{said} had ended by {self.picture.known_at[:10]} and are left out (--as-of shows an earlier day)"
            )
        if table.of_recorded and self.body is None and len(table.rows) > 1:
            self.limits.append("no source gives the whole: shares are of the recorded sum")
        high = table.raw_sum.low
        if table.total is not None and high is not None and table.total.high is not None and high > table.total.high:
            said = f"{table.raw_sum.words()} against {table.total.words()}"
            self.limits.append(f"the figures add up to more than the stated whole ({said}): one of them is rounded")
        if self.measure.unit in ("share", "proportion") and high is not None and high > 1.0000001:
            self.limits.append(f"the stated shares add up to {100 * high:.1f} %: the source rounds, or counts twice")
        if any(row.group.aggregate == "region" for row in table.rows):
            self.limits.append(
                "a region stands among the countries; it is kept as one holder and counted as no country"
            )
        if others:
            names = "; ".join(_named(item["series"]) for item in others[:4])
            self.limits.append(f"not added, as they measure something else: {names} (choose with --where)")
        undated = sum(1 for claim in self.used if not (claim.valid_from or claim.valid_to or claim.observed))
        if undated:
            self.limits.append(f"{undated} of {len(self.used)} claims give no date and hold as of their sources' dates")

    def _sensitivity(self, table: Table) -> dict[str, Any]:
        """Say which works single rows hang on, and without which the first row would not be first."""
        named = [row for row in table.rows if row.group.aggregate is None and row.claims]
        single, flips = set(), set()
        for row in named:
            works = {work for claim in row.claims for work in self.picture.support(claim)}
            if len(works) == 1:
                single |= works
        if named:
            first = named[0]
            for work in sorted({work for claim in first.claims for work in self.picture.support(claim)}):
                if all(self.picture.support(claim) == {work} for claim in first.claims):
                    flips.add(work)
        return {"single_source": sorted(single), "flips_without": sorted(flips)}


def _named(series: dict[str, str]) -> str:
    return ", ".join(value for key, value in series.items() if key != "unit")


def _code(picture: Picture, group: Group) -> str | None:
    entity = picture.entity(group.entity or "")
    codes = [member.partition(":")[2] for member in entity.members if member.startswith("iso:")]
    known = countries().get(codes[0]) if codes else None
    return known.alpha_3 if known else None


def _compared(claim: Claim) -> dict[str, str]:
    return {key: value for key, value in claim.qualifiers if key in COMPARED}
