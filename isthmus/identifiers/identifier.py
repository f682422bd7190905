"""The identifier: a scheme and a value in its canonical form."""

from __future__ import annotations

from dataclasses import dataclass

from isthmus.errors import ValueFormatError
from isthmus.identifiers.codes import CODE_SCHEMES
from isthmus.identifiers.networks import NETWORK_SCHEMES
from isthmus.identifiers.organisations import ORGANISATION_SCHEMES
from isthmus.identifiers.publications import PUBLICATION_SCHEMES
from isthmus.identifiers.scheme import Scheme
from isthmus.identifiers.software import SOFTWARE_SCHEMES

_SCHEMES = {
    scheme.name: scheme
    for scheme in (*ORGANISATION_SCHEMES, *CODE_SCHEMES, *NETWORK_SCHEMES, *PUBLICATION_SCHEMES, *SOFTWARE_SCHEMES)
}
_SHOWN = 200


@dataclass(frozen=True, slots=True, order=True)
class Identifier:
    """A value that identifies something in a scheme. Make it with `parse`, which checks; the class itself does not.

    Parameters
    ----------
    scheme : str
        One of `scheme_names`.
    value : str
        The value in the canonical form of the scheme.
    """

    scheme: str
    value: str

    @classmethod
    def parse(cls, scheme: str, text: str) -> Identifier:
        """Read the value of an identifier: bring it to its canonical form and check it.

        Raises
        ------
        ValueFormatError
            If there is no such scheme, or the text is not valid in it.
        """
        entry = find_scheme(scheme)
        value = entry.normalise(text)
        if reason := _reason(entry, value):
            shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
            raise ValueFormatError(
                f"'{shown}' is not a valid {entry.name} identifier: {reason}.",
                hint=f"An example is {entry.name}:{entry.example}.",
            )
        return cls(entry.name, value)

    def __str__(self) -> str:
        """Return ``scheme:value``, which `parse_identifier` reads."""
        return f"{self.scheme}:{self.value}"


def parse_identifier(text: str) -> Identifier:
    """Read ``scheme:value``; a bare package URL (``pkg:...``) is read too.

    Raises
    ------
    ValueFormatError
        If there is no scheme, it is not known, or the value is not valid in it.
    """
    scheme, colon, value = text.strip().partition(":")
    if not colon:
        raise ValueFormatError(
            f"'{text}' has no scheme before a colon.", hint="Write for example lei:506700GE1G29325QX363."
        )
    if scheme.strip().lower() == "pkg":
        return Identifier.parse("purl", text)
    return Identifier.parse(scheme, value)


def check(scheme: str, value: str) -> str | None:
    """Return why `value` is not valid in `scheme`, or None if it is.

    Raises
    ------
    ValueFormatError
        If there is no such scheme.
    """
    entry = find_scheme(scheme)
    return _reason(entry, entry.normalise(value))


def scheme_names() -> tuple[str, ...]:
    """Return the names of all schemes, in alphabetical order."""
    return tuple(sorted(_SCHEMES))


def find_scheme(name: str) -> Scheme:
    """Return the scheme of that name, in any case.

    Raises
    ------
    ValueFormatError
        If there is none; the message lists those that there are.
    """
    scheme = _SCHEMES.get(name.strip().lower())
    if scheme is None:
        known = ", ".join(scheme_names())
        raise ValueFormatError(f"There is no identifier scheme '{name}'.", hint=f"Known schemes: {known}.")
    return scheme


def _reason(scheme: Scheme, value: str) -> str | None:
    return scheme.check(value) if value else "it is empty"
