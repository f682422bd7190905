"""A package as an index or the status of an installation describes it."""

from __future__ import annotations

from dataclasses import dataclass, field

from packageurl import PackageURL

NEEDS = {
    "Pre-Depends": None,
    "Depends": None,
    "Recommends": "recommended",
    "Suggests": "optional",
}
"""Fields that say what a package needs, the strongest first, with the strength that they give (None: required)."""


@dataclass(slots=True)
class Package:
    """One stanza.

    Attributes
    ----------
    line : int
        The line on which it begins.
    relations : dict of field to text
        The fields of `NEEDS`, Provides and Enhances, as they stand.
    """

    line: int
    name: str
    version: str = ""
    architecture: str = ""
    essential: bool = False
    relations: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Archive:
    """Whose names the packages have: a distribution (``debian``), or None where the file does not say."""

    distribution: str | None = None

    def entity(self, name: str) -> str:
        """Return the id of the package of that name, in whatever version."""
        if self.distribution is None:
            return f"deb:{name}"
        return f"purl:{PackageURL('deb', self.distribution, name).to_string()}"

    def purl(self, package: Package) -> str | None:
        """Return the package URL of one version, or None where the name space is not known: none is invented."""
        if self.distribution is None:
            return None
        arch = {"arch": package.architecture} if package.architecture else None
        return PackageURL("deb", self.distribution, package.name, package.version or None, arch).to_string()
