"""What a mapping file says, as plain values: templates, fields, conditions and rules."""

from __future__ import annotations

from dataclasses import dataclass, field

from isthmus.model import Source

ORIGINAL = ("line", "row", "file")
"""Names that every table has besides its columns: line of the file, number of the data row, name of the file."""

EACH_FOUND = "*"
"""For `Rule.each`: the list is the one whose items the rule names."""


@dataclass(frozen=True, slots=True)
class Hole:
    """A name in braces within a template."""

    name: str


@dataclass(frozen=True, slots=True)
class Template:
    """A text with holes, such as ``eto:{provider_id}``. It is empty as soon as one of its holes is."""

    parts: tuple[str | Hole, ...]
    where: str

    @property
    def names(self) -> tuple[str, ...]:
        """The names in its holes, in order."""
        return tuple(part.name for part in self.parts if isinstance(part, Hole))

    @property
    def constant(self) -> str | None:
        """Its text where it has no holes."""
        return None if self.names else "".join(str(part) for part in self.parts)

    @property
    def lone(self) -> str | None:
        """The name where the template is one hole and nothing else."""
        return self.parts[0].name if len(self.parts) == 1 and isinstance(self.parts[0], Hole) else None


@dataclass(frozen=True, slots=True)
class Step:
    """One change to a text.

    Attributes
    ----------
    arguments : tuple of str
        What the step was given (formats, patterns, separators).
    table : tuple of (str, str)
        The entries of a ``map``.
    otherwise : str
        What becomes of a text that the step cannot read: ``reject`` the row, ``empty`` or ``keep`` it.
    by : str or None
        The column or field that holds the factor of a ``scale``.
    """

    name: str
    where: str
    arguments: tuple[str, ...] = ()
    table: tuple[tuple[str, str], ...] = ()
    otherwise: str = "keep"
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """A named text, then the steps that change it.

    Attributes
    ----------
    sources : tuple of Template
        The first that is not empty is taken, unless `joined`.
    joined : str or None
        What stands between `sources`, all of which that are not empty are taken.
    hidden : bool
        Whether a shorthand made it.
    """

    name: str
    sources: tuple[Template, ...]
    steps: tuple[Step, ...]
    where: str
    joined: str | None = None
    hidden: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The names that it is built from."""
        return (
            *(name for source in self.sources for name in source.names),
            *(step.by for step in self.steps if step.by),
        )


@dataclass(frozen=True, slots=True)
class Test:
    """A condition on one name: ``is`` one of the values, ``matches`` a pattern, or ``present``."""

    name: str
    kind: str
    values: tuple[str, ...]
    negated: bool
    where: str


@dataclass(frozen=True, slots=True)
class Condition:
    """Tests that hold together (``all``), or of which one holds (``any``); nothing in it always holds."""

    tests: tuple[Test | Condition, ...] = ()
    any: bool = False

    def names(self) -> tuple[str, ...]:
        """Return the names that are tested."""
        found: list[str] = []
        for test in self.tests:
            found += test.names() if isinstance(test, Condition) else [test.name]
        return tuple(found)

    def leaves(self) -> tuple[Test, ...]:
        """Return every test in it."""
        found: list[Test] = []
        for test in self.tests:
            found += test.leaves() if isinstance(test, Condition) else [test]
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Exit:
    """Rows that leave before any rule: left out on purpose (``skip``) or faulty (``reject``)."""

    when: Condition
    reason: Template
    where: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One claim for each row (or each item of a list) for which its condition holds and its needed parts are there.

    Attributes
    ----------
    columns : tuple of (str, Template)
        Claim columns, without qualifiers.
    optional : tuple of str
        Parts that may be empty without the claim falling away.
    once : bool
        Whether equal claims are made once, at the first row that gives them.
    predicate_where : str or None
        Where the predicate is written, if not at the beginning of the rule.
    """

    predicate: str
    columns: tuple[tuple[str, Template], ...]
    where: str
    qualifiers: tuple[tuple[str, Template], ...] = ()
    when: Condition = field(default_factory=Condition)
    each: str | None = None
    optional: tuple[str, ...] = ()
    once: bool = False
    predicate_where: str | None = None

    def column(self, name: str) -> Template | None:
        """Return the template of a claim column."""
        return next((template for key, template in self.columns if key == name), None)

    def templates(self) -> tuple[Template, ...]:
        """Return every template of the rule."""
        return (*(body for _, body in self.columns), *(body for _, body in self.qualifiers))

    def names(self) -> tuple[str, ...]:
        """Return every name that the rule uses."""
        return (*(name for template in self.templates() for name in template.names), *self.when.names())


@dataclass(frozen=True, slots=True)
class Recognise:
    """How a file is known: its name and the columns of its header."""

    columns: tuple[str, ...] = ()
    file: str | None = None


@dataclass(frozen=True, slots=True)
class Input:
    """How the file is laid out, where that is not plain from the file."""

    format: str | None = None
    delimiter: str | None = None
    encoding: str = "utf-8"
    sheet: str | None = None
    header_row: int = 1
    rows: str | None = None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping file, read and checked.

    Attributes
    ----------
    name : str
        Name and version, such as ``usgs-world-production/2``.
    origins : tuple of Source
        Works that the rules name in `origin` or `source`, described.
    """

    name: str
    title: str
    path: str
    recognise: Recognise
    input: Input
    source: Source | None
    origins: tuple[Source, ...]
    fields: tuple[Field, ...]
    skip: tuple[Exit, ...]
    reject: tuple[Exit, ...]
    rules: tuple[Rule, ...]
