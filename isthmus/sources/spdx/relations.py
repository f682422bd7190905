"""What each type of relationship means: a claim, or nothing, and then why (SPDX 2.3, 11.1; SPDX 3.0.1, RelationshipType)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """How a relationship becomes a claim.

    Attributes
    ----------
    turned : bool
        The second end is the subject (“A is a dependency of B”).
    strength, relation : str or None
        Qualifiers of the claim.
    said : bool
        Keep the type in the claim, as the vocabulary says it less exactly.
    """

    predicate: str
    turned: bool = False
    strength: str | None = None
    relation: str | None = None
    said: bool = False


_USES, _USED_BY = Rule("uses"), Rule("uses", turned=True)
_RULES_2 = {
    "DEPENDS_ON": _USES,
    "DEPENDENCY_OF": _USED_BY,
    "RUNTIME_DEPENDENCY_OF": _USED_BY,
    "BUILD_DEPENDENCY_OF": Rule("uses", turned=True, strength="build"),
    "DEV_DEPENDENCY_OF": Rule("uses", turned=True, strength="development"),
    "TEST_DEPENDENCY_OF": Rule("uses", turned=True, strength="test"),
    "OPTIONAL_DEPENDENCY_OF": Rule("uses", turned=True, strength="optional"),
    "PROVIDED_DEPENDENCY_OF": Rule("uses", turned=True, strength="provided"),
    "HAS_PREREQUISITE": Rule("uses", said=True),
    "PREREQUISITE_FOR": Rule("uses", turned=True, said=True),
    "DYNAMIC_LINK": Rule("uses", said=True),
    "STATIC_LINK": Rule("uses", said=True),
    "DATA_FILE_OF": Rule("uses", turned=True, said=True),
    "BUILD_TOOL_OF": Rule("uses", turned=True, strength="build", said=True),
    "DEV_TOOL_OF": Rule("uses", turned=True, strength="development", said=True),
    "TEST_TOOL_OF": Rule("uses", turned=True, strength="test", said=True),
    "GENERATED_FROM": Rule("uses", strength="build", said=True),
    "GENERATES": Rule("uses", turned=True, strength="build", said=True),
    "CONTAINS": Rule("contains"),
    "CONTAINED_BY": Rule("contains", turned=True),
    "PACKAGE_OF": Rule("contains", turned=True, said=True),
    "OPTIONAL_COMPONENT_OF": Rule("contains", turned=True, strength="optional"),
    "VARIANT_OF": Rule("variant_of"),
    "DESCENDANT_OF": Rule("variant_of", relation="version"),
    "ANCESTOR_OF": Rule("variant_of", turned=True, relation="version"),
    "COPY_OF": Rule("variant_of", relation="reuse"),
    "DESCRIBES": Rule("concerns"),
    "DESCRIBED_BY": Rule("concerns", turned=True),
}
_RULES_3 = {
    "dependsOn": _USES,
    "hasOptionalDependency": Rule("uses", strength="optional"),
    "hasProvidedDependency": Rule("uses", strength="provided"),
    "hasPrerequisite": Rule("uses", said=True),
    "hasDynamicLink": Rule("uses", said=True),
    "hasStaticLink": Rule("uses", said=True),
    "hasDataFile": Rule("uses", said=True),
    "usesTool": Rule("uses", strength="build", said=True),
    "generates": Rule("uses", turned=True, strength="build", said=True),
    "trainedOn": Rule("uses", strength="build", said=True),
    "testedOn": Rule("uses", strength="test", said=True),
    "contains": Rule("contains"),
    "hasOptionalComponent": Rule("contains", strength="optional"),
    "hasVariant": Rule("variant_of", turned=True),
    "ancestorOf": Rule("variant_of", turned=True, relation="version"),
    "descendantOf": Rule("variant_of", relation="version"),
    "copiedTo": Rule("variant_of", turned=True, relation="reuse"),
    "describes": Rule("concerns"),
}
_TESTS, _DOCUMENTS = "it tells what tests a thing", "it tells what is written about a thing"
_CHANGES, _SECURITY = "it tells how one came of another", "it tells of a vulnerability"
_LEFT_2 = {
    "TEST_OF": _TESTS,
    "TEST_CASE_OF": _TESTS,
    "DOCUMENTATION_OF": _DOCUMENTS,
    "METAFILE_OF": _DOCUMENTS,
    "EXAMPLE_OF": _DOCUMENTS,
    "DEPENDENCY_MANIFEST_OF": _DOCUMENTS,
    "REQUIREMENT_DESCRIPTION_FOR": _DOCUMENTS,
    "SPECIFICATION_FOR": _DOCUMENTS,
    "AMENDS": "it tells which document amends another",
    "DISTRIBUTION_ARTIFACT": "it tells what must be handed on with a thing",
    "EXPANDED_FROM_ARCHIVE": _CHANGES,
    "PATCH_FOR": _CHANGES,
    "PATCH_APPLIED": _CHANGES,
    "FILE_ADDED": _CHANGES,
    "FILE_DELETED": _CHANGES,
    "FILE_MODIFIED": _CHANGES,
    "OTHER": "its type is “other”",
}
_LEFT_3 = {
    "hasTest": _TESTS,
    "hasTestCase": _TESTS,
    "hasEvidence": _TESTS,
    "hasDocumentation": _DOCUMENTS,
    "hasMetadata": _DOCUMENTS,
    "hasExample": _DOCUMENTS,
    "hasDependencyManifest": _DOCUMENTS,
    "hasRequirement": _DOCUMENTS,
    "hasSpecification": _DOCUMENTS,
    "serializedInArtifact": _DOCUMENTS,
    "amendedBy": "it tells which document amends another",
    "hasDistributionArtifact": "it tells what must be handed on with a thing",
    "expandsTo": _CHANGES,
    "packagedBy": _CHANGES,
    "patchedBy": _CHANGES,
    "modifiedBy": _CHANGES,
    "hasAddedFile": _CHANGES,
    "hasDeletedFile": _CHANGES,
    "configures": _CHANGES,
    "availableFrom": "it tells where else a thing can be had",
    "delegatedTo": "it tells who runs a build",
    "invokedBy": "it tells who runs a build",
    "hasHost": "it tells where a build runs",
    "hasInput": "it tells what goes into a build",
    "hasOutput": "it tells what comes out of a build",
    **dict.fromkeys(
        (
            "affects", "doesNotAffect", "fixedBy", "fixedIn", "foundBy", "reportedBy", "coordinatedBy", "publishedBy",
            "republishedBy", "exploitCreatedBy", "hasAssessmentFor", "hasAssociatedVulnerability",
            "underInvestigationFor",
        ),
        _SECURITY,
    ),
    "other": "its type is “other”",
}  # fmt: skip
LICENCES = {"hasDeclaredLicense": "declared", "hasConcludedLicense": "concluded"}
"""SPDX 3: types of relationship that name a licence, with how it was found."""

_STRENGTHS = {"design": "development", "development": "development", "build": "build", "test": "test", "runtime": None}
PARTS = {"uses": "dependencies", "contains": "components"}
"""What a statement of completeness is about, for the predicates whose list can be complete."""


def rule_of(major: int, name: str) -> Rule | None:
    """Return how relationships of a type become claims, None where they do not."""
    return (_RULES_2 if major == 2 else _RULES_3).get(name)


def why_left(major: int, name: str) -> str:
    """Return why relationships of a type make no claim."""
    known = (_LEFT_2 if major == 2 else _LEFT_3).get(name)
    return f"relationships {name}: {known}" if known else f"relationships {name}: the type is not one of SPDX {major}"


def strength_of(rule: Rule, scope: str | None) -> str | None:
    """Return the strength of a need: what the part of the life cycle tells goes before what the type tells."""
    if rule.predicate == "uses" and scope in _STRENGTHS:
        return _STRENGTHS[scope] if rule.strength in (None, "build") else rule.strength
    return rule.strength
