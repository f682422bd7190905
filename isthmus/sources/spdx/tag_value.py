"""SPDX 2 as tag and value lines, brought into the shape of the JSON document (SPDX 2.3, clause 6 and following)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from isthmus.errors import FormatError
from isthmus.sources.log import Log
from isthmus.sources.spdx.version2 import LINE

Body = dict[str, Any]
_DOCUMENT = {
    "SPDXVersion": "spdxVersion", "DataLicense": "dataLicense", "DocumentName": "name", "SPDXID": "SPDXID",
    "DocumentNamespace": "documentNamespace", "DocumentComment": "comment",
}  # fmt: skip
_PACKAGE = {
    "SPDXID": "SPDXID", "PackageVersion": "versionInfo", "PackageFileName": "packageFileName",
    "PackageSupplier": "supplier", "PackageOriginator": "originator", "PackageDownloadLocation": "downloadLocation",
    "PackageVerificationCode": "packageVerificationCode", "PackageHomePage": "homepage",
    "PackageSourceInfo": "sourceInfo", "PackageLicenseConcluded": "licenseConcluded",
    "PackageLicenseInfoFromFiles": "licenseInfoFromFiles", "PackageLicenseDeclared": "licenseDeclared",
    "PackageLicenseComments": "licenseComments", "PackageCopyrightText": "copyrightText", "PackageSummary": "summary",
    "PackageDescription": "description", "PackageComment": "comment", "PrimaryPackagePurpose": "primaryPackagePurpose",
    "PackageAttributionText": "attributionTexts", "ReleaseDate": "releaseDate", "BuiltDate": "builtDate",
    "ValidUntilDate": "validUntilDate",
}  # fmt: skip
_FILE = {
    "SPDXID": "SPDXID", "FileType": "fileTypes", "LicenseConcluded": "licenseConcluded",
    "LicenseInfoInFile": "licenseInfoInFiles", "LicenseComments": "licenseComments",
    "FileCopyrightText": "copyrightText", "FileComment": "comment", "FileNotice": "noticeText",
    "FileContributor": "fileContributors", "FileAttributionText": "attributionTexts",
    "FileDependency": "fileDependencies",
}  # fmt: skip
_MANY = {"licenseInfoFromFiles", "licenseInfoInFiles", "attributionTexts", "fileTypes", "fileContributors"}
_OPENS, _CLOSES = "<text>", "</text>"


def is_tag_value(start: str) -> bool:
    """Tell whether a text begins as a document of tags and values."""
    lines = (line.strip() for line in start.splitlines())
    first = [line for line in lines if line and not line.startswith("#")][:20]
    return any(line.startswith("SPDXVersion:") for line in first)


def read_tags(path: Path, log: Log) -> Body:
    """Return the document as JSON would have it, each object with its line."""
    reader = _Reader(log)
    for line, tag, value in _tags(path, log):
        reader.take(line, tag, value)
    return reader.document


def _tags(path: Path, log: Log) -> Iterator[tuple[int, str, str]]:
    """Yield the line, tag and value of each entry; a value may run over lines between marks."""
    with path.open(encoding="utf-8-sig") as file:
        lines = enumerate(file, start=1)
        for number, raw in lines:
            line = raw.strip()
            if not line or line.startswith("#"):
                continue
            tag, colon, value = line.partition(":")
            if not colon or " " in tag:
                log.refuse(number, "line", "it is no “Tag: value”")
                continue
            yield number, tag, _value(value.strip(), number, lines, path)


def _value(value: str, begun: int, lines: Iterator[tuple[int, str]], path: Path) -> str:
    if _OPENS not in value:
        return value
    parts = [value.replace(_OPENS, "", 1)]
    while _CLOSES not in parts[-1]:
        following = next(lines, None)
        if following is None:
            raise FormatError(
                f"the text that begins with {_OPENS} does not end: the file is cut off.", where=f"{path}, line {begun}"
            )
        parts.append(following[1].rstrip("\r\n"))
    return "\n".join(parts).replace(_CLOSES, "", 1).strip()


class _Reader:
    """Puts each entry where it belongs: into the document, or the package, file or other thing begun last."""

    def __init__(self, log: Log) -> None:
        self.log = log
        self.document: Body = {"creationInfo": {"creators": []}, LINE: 1}
        self.current: Body = self.document
        self.names: dict[str, str] = _DOCUMENT
        self.begins: dict[str, tuple[str, dict[str, str], str]] = {
            "PackageName": ("packages", _PACKAGE, "name"),
            "FileName": ("files", _FILE, "fileName"),
            "SnippetSPDXID": ("snippets", {}, "SPDXID"),
            "LicenseID": ("hasExtractedLicensingInfos", {}, "licenseId"),
            "Annotator": ("annotations", {}, "annotator"),
            "Reviewer": ("revieweds", {}, "reviewer"),
        }
        self.special: dict[str, Callable[[int, str], None]] = {
            "Relationship": self._relationship,
            "RelationshipComment": self._relationship_comment,
            "ExternalDocumentRef": self._external_document,
            "ExternalRef": self._reference,
            "PackageChecksum": self._checksum,
            "FileChecksum": self._checksum,
            "FilesAnalyzed": self._analysed,
            "Creator": self._creator,
            "Created": self._created,
        }

    def take(self, line: int, tag: str, value: str) -> None:
        if tag in self.begins:
            key, self.names, name = self.begins[tag]
            self.current = {name: value, LINE: line}
            self.document.setdefault(key, []).append(self.current)
        elif tag in self.special:
            self.special[tag](line, value)
        else:
            field = self.names.get(tag, tag)
            if field in _MANY or not self.names:
                self.current.setdefault(field, []).append(value)
            elif field in self.current:
                self.log.refuse(line, tag, "the tag stands twice; the first is read")
            else:
                self.current[field] = value

    def _relationship(self, line: int, value: str) -> None:
        parts = value.split()
        if len(parts) != 3:
            self.log.refuse(line, "Relationship", "three words are expected: an id, a type and an id")
            return
        names = ("spdxElementId", "relationshipType", "relatedSpdxElement")
        self.document.setdefault("relationships", []).append({**dict(zip(names, parts, strict=True)), LINE: line})

    def _relationship_comment(self, line: int, value: str) -> None:
        told = self.document.get("relationships")
        if told:
            told[-1]["comment"] = value
        else:
            self.log.refuse(line, "RelationshipComment", "no relationship stands before it")

    def _external_document(self, line: int, value: str) -> None:
        parts = value.split(None, 2)
        if len(parts) < 2:
            self.log.refuse(line, "ExternalDocumentRef", "an id and a name space are expected")
            return
        body = {"externalDocumentId": parts[0], "spdxDocument": parts[1], LINE: line}
        self.document.setdefault("externalDocumentRefs", []).append(body)

    def _reference(self, line: int, value: str) -> None:
        parts = value.split(None, 2)
        if len(parts) != 3:
            self.log.refuse(line, "ExternalRef", "a category, a type and a locator are expected")
            return
        names = ("referenceCategory", "referenceType", "referenceLocator")
        self.current.setdefault("externalRefs", []).append({**dict(zip(names, parts, strict=True)), LINE: line})

    def _checksum(self, line: int, value: str) -> None:
        algorithm, _, digest = value.partition(":")
        body = {"algorithm": algorithm.strip(), "checksumValue": digest.strip(), LINE: line}
        self.current.setdefault("checksums", []).append(body)

    def _analysed(self, line: int, value: str) -> None:
        self.current["filesAnalyzed"] = value.lower() == "true"

    def _creator(self, line: int, value: str) -> None:
        self.document["creationInfo"]["creators"].append(value)

    def _created(self, line: int, value: str) -> None:
        self.document["creationInfo"]["created"] = value
