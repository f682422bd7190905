"""Write drawings of findings to files."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from isthmus.briefs.chain import chain_svg
from isthmus.briefs.heat import heat_map_svg
from isthmus.briefs.tree import dependence_svg
from isthmus.errors import ArgumentError

_BY = {
    "supplier": "supplier",
    "controller": "controller",
    "site": "site_country",
    "controller_country": "controller_country",
}


def draw_chain(finding: Mapping[str, Any], target: Path) -> None:
    """Write the chain of control of a finding as SVG; an older file stays whole where that fails.

    Raises
    ------
    ArgumentError
        The file cannot be written.
    """
    _write(chain_svg(finding), target)


def draw_heat_map(finding: Mapping[str, Any], target: Path, by: str | None = None) -> None:
    """Write how concentrated supply is as SVG; an older file stays whole where that fails.

    Parameters
    ----------
    finding : mapping
        A finding of the lens of concentration.
    target : Path
    by : str or None
        ``supplier``, ``controller``, ``site`` or ``controller_country``. None: the site for the whole picture, every way for one need.

    Raises
    ------
    ArgumentError
        There is no such way, or the file cannot be written.
    """
    if by is not None and by not in _BY:
        raise ArgumentError(
            f"“{by}” is no way to look at a market.", where="--by", hint=f"Use one of {', '.join(_BY)}."
        )
    _write(heat_map_svg(finding, _BY[by] if by else None), target)


def draw_dependence(finding: Mapping[str, Any], target: Path) -> None:
    """Write what a thing depends on as SVG; an older file stays whole where that fails.

    Raises
    ------
    ArgumentError
        The file cannot be written.
    """
    _write(dependence_svg(finding), target)


def _write(drawing: str, target: Path) -> None:
    if target.is_dir():
        raise ArgumentError("a folder stands where the drawing should be.", where=str(target), hint="Give a file name.")
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        part.write_text(drawing, "utf-8")
        part.replace(target)
    except OSError as error:
        raise ArgumentError(
            f"the drawing cannot be written: {error.strerror or error}.",
            where=str(target),
            hint="Give a path in a folder that exists and that you may write.",
        ) from error
    finally:
        part.unlink(missing_ok=True)
