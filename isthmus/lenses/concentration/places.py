"""The countries of suppliers: where they make a thing, and where whoever controls them is seated."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from isthmus.picture import Picture
from isthmus.picture.shares.figures import Held
from isthmus.picture.shares.grouping import UNKNOWN, Group, Grouper

SITE, SEAT, STATED, NOWHERE = "site", "seat", "stated", "not known"


class Places:
    """Looks up countries; each thing is looked up once."""

    def __init__(self, picture: Picture, sites: Sequence[str]) -> None:
        self.picture = picture
        self.sites = sites
        self._grouper = Grouper(picture, "country", far=False)
        self._sites: dict[str, frozenset[str]] = {}

    def country(self, name: str) -> Group:
        """Return the state that a thing is, or lies or is seated in; `UNKNOWN` where that is not known or not one."""
        return self._grouper.groups([Held(name, None, None, (), ())])[0]

    def of_site(self, item: Held) -> tuple[Group, str]:
        """Return the country in which a supplier makes a thing, and what that rests on."""
        # A place that the claim itself names is the market of which the share is, not where the supplier makes it.
        here = {item.object} if item.object and self.picture.is_kind(item.object, "site") else set()
        places = here or self._sites_of(item.subject)
        if places:
            return self._one(places), SITE
        seat = self.country(item.subject)
        return seat, NOWHERE if seat == UNKNOWN else SEAT

    def _one(self, places: Iterable[str]) -> Group:
        """Return the one country of several places; where they lie in several nobody says how much is made in which."""
        countries = {self.country(place) for place in places}
        return countries.pop() if len(countries) == 1 else UNKNOWN

    def _sites_of(self, name: str) -> frozenset[str]:
        if name not in self._sites:
            claims = self.picture.claims_about(self.picture.entity(name), predicates=("located_in",))
            self._sites[name] = frozenset(
                claim.object
                for claim in claims
                if claim.object
                and claim.qualifier("basis") in self.sites
                and claim.mode == "actual"
                and claim.stance == "asserts"
            )
        return self._sites[name]
