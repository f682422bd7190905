"""What the rows of each template say, as claims."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from isthmus.errors import ValueFormatError
from isthmus.sources.bods.values import slug
from isthmus.sources.claim_rows import Said, pairs
from isthmus.sources.dora.register import Register
from isthmus.sources.dora.templates import Template
from isthmus.sources.dora.values import (
    ENTITIES,
    SERVICES,
    SUBSTITUTABILITY,
    NaturalPersonError,
    country,
    day,
    party,
    plain,
    service_code,
    word,
)
from isthmus.sources.log import Log

Row = Mapping[str, str]
_NO_CLAIM = {
    "currency", "expense", "assets", "updated", "integrated", "deleted", "termination", "notice", "their_notice", "law",
    "sensitiveness", "activity", "reasons", "assessed", "rto", "rpo", "why", "audited", "storage",
}  # fmt: skip
_RELIANCE = {"low reliance": "recommended", "not significant": "optional"}


@dataclass(slots=True)
class TemplateClaims:
    """The claims of one file."""

    template: Template
    register: Register
    log: Log
    _said: set[tuple[str | None, ...]] = field(default_factory=set)

    def claims(self, rows: Iterator[tuple[int, Row]]) -> Iterator[Said]:
        """Yield the claims of each row, those said before left away."""
        readers: dict[str, Callable[[int, Row], Iterator[Said]]] = {
            "B_01.01": self._maintainer,
            "B_01.02": self._entity,
            "B_02.01": self._contract,
            "B_02.02": self._use,
            "B_05.01": self._provider,
            "B_05.02": self._chain,
            "B_06.01": self._function,
            "B_07.01": self._assessment,
        }
        reader = readers[self.template.code]
        for line, row in rows:
            for name, cell in row.items():
                if name in _NO_CLAIM and plain(cell) is not None:
                    self.log.leave(f"column {name.replace('_', ' ')}")
                elif name.isdigit() and plain(cell) is not None:
                    self.log.leave(f"column {name}, which is not in the template")
            for claim in reader(line, row):
                key = (claim.subject, claim.predicate, claim.object, claim.value, claim.qualifiers, claim.valid_from)
                if key not in self._said:
                    self._said.add(key)
                    yield claim

    def _place(self, line: int, row: Row, column: str) -> str:
        return f"{self.template.code} line {line}#{column}"

    def _party(self, line: int, row: Row, column: str, *, scheme: str | None = None) -> str | None:
        """Return the id of the party that a cell names, None where it names none; a fault is listed."""
        try:
            found = party(row.get(column), scheme or row.get(f"{column}_type"))
        except NaturalPersonError:
            self.log.leave(f"natural persons (column {column})")
            return None
        except ValueFormatError as error:
            self.log.refuse(line, column, error.message)
            return None
        return found[0] if found else None

    def _identified(self, line: int, row: Row, column: str, own: str) -> Iterator[Said]:
        found = party(row.get(column), row.get(f"{column}_type"))
        if found and found[1]:
            place = self._place(line, row, column)
            yield Said(line, own, "identifier", place, value=found[2], qualifiers=pairs(scheme=found[1]))

    def _body(self, line: int, row: Row, own: str, basis: str, kind: str = "company") -> Iterator[Said]:
        """Yield what a party is, what it is called and where it is."""
        yield Said(line, own, "kind", self._place(line, row, "name"), value=kind)
        name = plain(row.get("name"))
        if name:
            yield Said(line, own, "name", self._place(line, row, "name"), value=name)
        where = country(row.get("country"))
        if where:
            told = pairs(basis=basis)
            yield Said(line, own, "located_in", self._place(line, row, "country"), object=where, qualifiers=told)

    def _described(
        self, line: int, row: Row, own: str, column: str, scope: str, words: Mapping[str, str] | None = None
    ) -> Iterator[Said]:
        text = word(row.get(column))
        text = (words or {}).get(text or "", text)
        if text:
            told = pairs(aspect="other", scope=scope)
            yield Said(line, own, "described_as", self._place(line, row, column), value=text, qualifiers=told)

    def _maintainer(self, line: int, row: Row) -> Iterator[Said]:
        own = self._party(line, row, "lei", scheme="lei")
        if own is None:
            return
        yield from self._body(line, row, own, "main_country")
        yield Said(line, own, "identifier", self._place(line, row, "lei"), value=own[4:], qualifiers="scheme=lei")
        yield from self._described(line, row, own, "type", "type of entity", ENTITIES)
        authority = plain(row.get("authority"))
        if authority:
            place, body = self._place(line, row, "authority"), f"dora:authority-{slug(authority)}"
            yield Said(line, body, "kind", place, value="public_body")
            yield Said(line, body, "name", place, value=authority)
            yield Said(line, body, "oversees", place, object=own, qualifiers=pairs(role="regulator"))

    def _entity(self, line: int, row: Row) -> Iterator[Said]:
        own = self._party(line, row, "lei", scheme="lei")
        if own is None:
            return
        yield from self._body(line, row, own, "main_country")
        yield Said(line, own, "identifier", self._place(line, row, "lei"), value=own[4:], qualifiers="scheme=lei")
        yield from self._described(line, row, own, "type", "type of entity", ENTITIES)
        yield from self._described(line, row, own, "hierarchy", "place in the group")
        parent = self._party(line, row, "parent", scheme="lei")
        yield from self._parent(line, row, parent, own, "direct", "direct parent undertaking")

    def _parent(self, line: int, row: Row, parent: str | None, own: str, direct: str, title: str) -> Iterator[Said]:
        if parent == own:
            self.log.leave("parents: the entity names itself, so it has none")
        elif parent is not None:
            told = pairs(direct=direct, title=title)
            yield Said(line, parent, "controls", self._place(line, row, "parent"), object=own, qualifiers=told)

    def _contract(self, line: int, row: Row) -> Iterator[Said]:
        reference = plain(row.get("contract"))
        if reference is None:
            self.log.refuse(line, "contract", "the row names no contractual arrangement")
            return
        own, place = self.register.contract(reference), self._place(line, row, "contract")
        yield Said(line, own, "kind", place, value="agreement")
        yield Said(line, own, "name", place, value=f"contractual arrangement {reference}")
        yield from self._described(line, row, own, "arrangement", "type of arrangement")
        whole = plain(row.get("overarching"))
        if whole and whole != reference:
            above = self.register.contract(whole)
            yield Said(line, own, "part_of", self._place(line, row, "overarching"), object=above)

    def _service(self, line: int, row: Row, provider: str) -> tuple[str, list[Said]] | None:
        """Return the id of the service of a row with what it is, None where the row does not tell which it is."""
        reference, type_ = plain(row.get("contract")), service_code(row.get("service"))
        if reference is None or type_ is None:
            self.log.refuse(line, "service", "the row names no contractual arrangement or no type of ICT service")
            return None
        own, place = self.register.service(reference, type_, provider), self._place(line, row, "service")
        name = f"{SERVICES.get(type_, plain(row.get('service')))} under {reference}"
        said = [
            Said(line, own, "kind", place, value="platform"),
            Said(line, own, "name", place, value=name),
            Said(line, provider, "operates", place, object=own, qualifiers=pairs(role="operator")),
        ]
        return own, said

    def _use(self, line: int, row: Row) -> Iterator[Said]:
        user = self._party(line, row, "user", scheme="lei")
        provider = self._party(line, row, "provider")
        service = self._service(line, row, provider) if provider else None
        if provider is None or service is None:
            return
        own, said = service
        yield from said
        since, until = day(row.get("start")), day(row.get("end"))
        if since and until and until < since:
            self.log.refuse(line, "end", f"the arrangement ends ({until}) before it starts ({since})")
            since = until = None
        reliance = word(row.get("reliance"))
        strength, reading = _RELIANCE.get(reliance or ""), f"reliance: {reliance}" if reliance else None
        number = plain(row.get("function"))
        needs = self.register.function(number) if number else user
        if needs:
            told = pairs(strength=strength, reading=reading)
            place = self._place(line, row, "function" if number else "user")
            yield Said(line, needs, "uses", place, own, None, told, since, until)
        place = self._place(line, row, "provider")
        if user:
            told = pairs(item=own, tier="1")
            yield Said(line, provider, "supplies", place, user, None, told, since, until)
        contract = self.register.contract(plain(row.get("contract")) or "")
        for end in filter(None, (user, provider)):
            yield Said(line, end, "party_to", place, contract, None, pairs(step="in_force"), since, until)
        for column, scope in (("provision", "provision"), ("stored", "data at rest"), ("processed", "data processing")):
            where = country(row.get(column))
            if where:
                place = self._place(line, row, column)
                yield Said(line, own, "located_in", place, where, None, pairs(scope=scope), since, until)

    def _provider(self, line: int, row: Row) -> Iterator[Said]:
        if word(row.get("person")) in ("individual", "individual acting in a business capacity"):
            self.log.leave("natural persons (column provider)")
            return
        own = self._party(line, row, "provider")
        if own is None:
            return
        yield from self._body(line, row, own, "headquarters")
        yield from self._identified(line, row, "provider", own)
        if self._party(line, row, "other"):
            yield from self._identified(line, row, "other", own)
        latin = plain(row.get("latin"))
        if latin and latin != plain(row.get("name")):
            told = pairs(type="transliteration")
            yield Said(line, own, "name", self._place(line, row, "latin"), value=latin, qualifiers=told)
        parent = self._party(line, row, "parent")
        yield from self._parent(line, row, parent, own, "unknown", "ultimate parent undertaking")

    def _chain(self, line: int, row: Row) -> Iterator[Said]:
        provider = self._party(line, row, "provider")
        service = self._service(line, row, provider) if provider else None
        if provider is None or service is None:
            return
        own, said = service
        rank = plain(row.get("rank")) or ""
        if not rank.isdecimal() or int(rank) < 1:
            self.log.refuse(line, "rank", f"the rank “{rank[:20]}” is no number from 1 (1 is the direct provider)")
            return
        yield from said
        if int(rank) == 1:
            return  # who is served directly is said by B_02.02
        recipient = self._party(line, row, "recipient")
        if recipient is None:
            self.log.refuse(line, "recipient", f"rank {rank} names no recipient of the subcontracted service")
            return
        if recipient == provider:
            self.log.note("rows in which a party subcontracts to itself: no claim", f"line {line}")
            return
        place = self._place(line, row, "recipient")
        whole = self.register.service(
            plain(row.get("contract")) or "", service_code(row.get("service")) or "", recipient
        )
        yield Said(line, whole, "uses", place, object=own, qualifiers=pairs(tier=rank))
        yield Said(line, provider, "supplies", place, object=recipient, qualifiers=pairs(item=own, tier=rank))

    def _function(self, line: int, row: Row) -> Iterator[Said]:
        number, entity = plain(row.get("function")), self._party(line, row, "lei", scheme="lei")
        if number is None:
            self.log.refuse(line, "function", "the row names no function")
            return
        own, place = self.register.function(number), self._place(line, row, "function")
        yield Said(line, own, "kind", place, value="system")
        yield Said(line, own, "name", self._place(line, row, "name"), value=plain(row.get("name")) or number)
        critical = word(row.get("critical"))
        if entity:
            strength = "recommended" if critical == "no" else None
            reading = f"critical or important: {critical}" if critical else None
            told = pairs(strength=strength, reading=reading)
            yield Said(line, entity, "uses", self._place(line, row, "critical"), object=own, qualifiers=told)
        yield from self._described(line, row, own, "critical", "critical or important")
        yield from self._described(line, row, own, "impact", "impact of discontinuing")

    def _assessment(self, line: int, row: Row) -> Iterator[Said]:
        provider = self._party(line, row, "provider")
        service = self._service(line, row, provider) if provider else None
        if provider is None or service is None:
            return
        own, said = service
        yield from said
        told = word(row.get("substitutability"))
        code = SUBSTITUTABILITY.get(told or "")
        if told and code is None:
            self.log.refuse(line, "substitutability", f"“{told[:60]}” is none of {', '.join(SUBSTITUTABILITY)}")
        elif code and self.register.owner:
            qualifiers = pairs(item=own, substitutability=code)
            place = self._place(line, row, "substitutability")
            yield Said(line, provider, "supplies", place, object=self.register.owner, qualifiers=qualifiers)
        for column, scope in (
            ("substitutability", "substitutability"), ("exit", "exit plan"), ("reintegration", "reintegration"),
            ("impact", "impact of discontinuing"), ("alternatives", "alternative providers identified"),
            ("named_alternatives", "alternative providers"),
        ):  # fmt: skip
            yield from self._described(line, row, own, column, scope)
