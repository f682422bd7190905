"""The check digits of many LEIs at once (ISO 17442-1, ISO 7064 mod 97-10)."""

from __future__ import annotations

import numpy as np
import pyarrow as arrow
from pyarrow import compute

from isthmus.identifiers import check

LENGTH = 20
_BLANK = "0" * LENGTH
_NEVER_ISSUED = (0, 1, 99)


def lei_faults(texts: arrow.Array) -> arrow.Array:
    """Return why each text is no LEI, as text; null where it is one, or null itself.

    Only the few that fail are put into words one by one.
    """
    if isinstance(texts, arrow.ChunkedArray):
        texts = texts.combine_chunks()
    texts = texts.cast(arrow.string())
    fits = compute.fill_null(compute.equal(compute.binary_length(texts), LENGTH), False)
    fixed = arrow.concat_arrays([compute.if_else(fits, texts, _BLANK).cast(arrow.string())])
    # Every text is 20 bytes long now, so the characters lie in a matrix.
    data = np.frombuffer(fixed.buffers()[2], dtype=np.uint8)[: len(fixed) * LENGTH].reshape(-1, LENGTH)
    good = np.asarray(fits) & _pass(data.astype(np.int64))
    present = np.asarray(compute.is_valid(texts))
    bad = np.flatnonzero(present & ~good)
    if not len(bad):
        return arrow.nulls(len(texts), arrow.string())
    reasons: list[str | None] = [None] * len(texts)
    for index in bad.tolist():
        text = texts[index].as_py()
        reasons[index] = f"“{text[:40]}” is no LEI: {check('lei', text) or 'it is not in its canonical form'}"
    return arrow.array(reasons, arrow.string())


def _pass(data: np.ndarray) -> np.ndarray:
    digit = (data >= 48) & (data <= 57)
    capital = (data >= 65) & (data <= 90)
    value = np.where(digit, data - 48, data - 55)
    rest = np.zeros(len(data), dtype=np.int64)
    for column in range(LENGTH):
        rest = (rest * np.where(digit[:, column], 10, 100) + value[:, column]) % 97
    last = value[:, 18] * 10 + value[:, 19]
    ends = digit[:, 18] & digit[:, 19] & ~np.isin(last, _NEVER_ISSUED)
    return np.asarray((digit | capital).all(axis=1) & ends & (rest == 1))
