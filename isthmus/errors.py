"""Every error that Isthmus raises on purpose.

The tree says what the caller should do, not where the error arose::

    IsthmusError
    ├── InputError                  the input or the arguments are bad: mend them (exit 2)
    │   ├── FormatError             a file is not what its format says
    │   ├── MappingError            a mapping file is wrong
    │   ├── ValueFormatError        a date, number or identifier cannot be read
    │   ├── VocabularyError         a term is not in the vocabulary, or used against it
    │   ├── ProfileError            a rule of ownership or control is not written as rules are
    │   ├── ArgumentError           a command or call was asked for something it cannot do
    │   ├── AccessError             who asks may not see or do this
    │   ├── UnknownEntityError      no entity has that name or id
    │   └── AmbiguousEntityError    several have it: `candidates` lists them
    └── StoreError                  the store cannot do its work: not the input's fault (exit 1)
        ├── StoreLockedError        another process holds the file
        ├── StoreReadOnlyError      the file or its folder may not be written
        ├── StoreCorruptError       not a store, or a damaged one
        ├── StoreFullError          no space left
        └── InterruptedRunError     the user stopped the run
"""

from __future__ import annotations

from collections.abc import Sequence


class IsthmusError(Exception):
    """Root of all errors raised on purpose.

    Parameters
    ----------
    message : str
        What happened, to which thing, and why that matters.
    where : str, optional
        File, line, column, pointer or option that the message is about.
    hint : str, optional
        What to do next.
    """

    kind = "error"
    exit_code = 1

    def __init__(self, message: str, *, where: str | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        advice = f" {self.hint}" if self.hint else ""
        return f"{place}{self.message}{advice}"

    def to_json(self) -> dict[str, str | None]:
        """Return the error as the JSON object of the design, section 5."""
        return {"kind": self.kind, "message": self.message, "where": self.where, "hint": self.hint}


class InputError(IsthmusError):
    """The input or the arguments are bad; nothing was written."""

    kind = "input"
    exit_code = 2


class FormatError(InputError):
    """A file is not what its format says."""

    kind = "format"


class MappingError(InputError):
    """A mapping file is wrong."""

    kind = "mapping"


class ValueFormatError(InputError):
    """A date, number or identifier cannot be read."""

    kind = "value"


class VocabularyError(InputError):
    """A term is not in the vocabulary, or is used against its rule."""

    kind = "vocabulary"


class ProfileError(InputError):
    """A profile (a rule as data) is incomplete or says what no profile can say."""

    kind = "profile"


class ArgumentError(InputError):
    """A command or a call was asked for something that it cannot do."""

    kind = "argument"


class AccessError(InputError):
    """Who asks may not see or do this."""

    kind = "access"


class UnknownEntityError(InputError):
    """No entity of the picture has that name, identifier or id.

    Parameters
    ----------
    candidates : sequence of (id, caption)
        The nearest names, where they were looked for.
    """

    kind = "unknown_entity"

    def __init__(
        self,
        message: str,
        *,
        where: str | None = None,
        hint: str | None = None,
        candidates: Sequence[tuple[str, str]] = (),
    ) -> None:
        super().__init__(message, where=where, hint=hint)
        self.candidates = tuple(candidates)


class AmbiguousEntityError(InputError):
    """Several entities have that name.

    Parameters
    ----------
    candidates : sequence of (id, caption)
        The entities that the name could mean.
    """

    kind = "ambiguous_entity"

    def __init__(
        self,
        message: str,
        *,
        candidates: Sequence[tuple[str, str]],
        where: str | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message, where=where, hint=hint)
        self.candidates = tuple(candidates)


class StoreError(IsthmusError):
    """The store cannot do its work, and the input is not at fault."""

    kind = "store"


class StoreLockedError(StoreError):
    """Another process holds the store's file.

    Parameters
    ----------
    pid : int or None
        The process that holds it, where the system says so.
    """

    kind = "locked"

    def __init__(
        self, message: str, *, pid: int | None = None, where: str | None = None, hint: str | None = None
    ) -> None:
        super().__init__(message, where=where, hint=hint)
        self.pid = pid


class StoreReadOnlyError(StoreError):
    """The store's file or folder may not be written."""

    kind = "read_only"


class StoreCorruptError(StoreError):
    """The file is not a store, or is damaged."""

    kind = "corrupt"


class StoreFullError(StoreError):
    """There is no space left on the disk."""

    kind = "disk_full"


class InterruptedRunError(StoreError):
    """The user stopped the run; the batch in work was rolled back."""

    kind = "interrupted"
