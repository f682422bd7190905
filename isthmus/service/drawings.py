"""Write drawings of findings to files."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from isthmus.briefs.chain import chain_svg
from isthmus.errors import ArgumentError


def draw_chain(finding: Mapping[str, Any], target: Path) -> None:
    """Write the chain of control of a finding as SVG; an older file stays whole where that fails.

    Raises
    ------
    ArgumentError
        The file cannot be written.
    """
    if target.is_dir():
        raise ArgumentError("a folder stands where the drawing should be.", where=str(target), hint="Give a file name.")
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        part.write_text(chain_svg(finding), "utf-8")
        part.replace(target)
    except OSError as error:
        raise ArgumentError(
            f"the drawing cannot be written: {error.strerror or error}.",
            where=str(target),
            hint="Give a path in a folder that exists and that you may write.",
        ) from error
    finally:
        part.unlink(missing_ok=True)
