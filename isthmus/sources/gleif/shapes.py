"""The three kinds of record in one table each, whatever the shape of the file; all cells are text.

- ``records``: `lei`, `name`, `name_lang`, `others` (a list of {v, lang, type}), `legal`, `legal_country`, `hq`,
  `hq_country`, `authority`, `authority_words`, `number`, `jurisdiction`, `category`, `subcategory`, `form`, `form_words`,
  `status`, `created`, `expired`, `expired_why`, `successors` ({lei, name}), `associated`, `associated_type`, `events`
  ({type, status, effective, recorded}), `other_addresses` (how many), `registration`, `updated`.
- ``relations``: `start_id`, `start_type`, `end_id`, `end_type`, `type`, `status`, `periods` ({begins, ends, type}),
  `qualifiers` ({dimension, category}), `quantifiers` ({method, amount, units}), `registration`, `updated`, `validation`.
- ``exceptions``: `lei`, `category`, `reasons` (a list of text), `words` (likewise), `observed`.

Each has `line` besides, and `deleted`: whether GLEIF has withdrawn the record.
"""

from __future__ import annotations

from collections.abc import Mapping

RECORDS, RELATIONS, EXCEPTIONS = "records", "relations", "exceptions"
ADDRESS = ("FirstAddressLine", "AdditionalAddressLine", "City", "Region", "PostalCode", "Country")


def aliased(cells: Mapping[str, str]) -> str:
    """Return expressions as the columns of a SELECT."""
    return ", ".join(f"{sql} AS {name}" for name, sql in cells.items())
