"""Build the reference picture."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from isthmus.cli.call import Call
from isthmus.errors import ArgumentError
from isthmus.service.demo import PICTURE, build_demo


def build(call: Call) -> dict[str, Any]:
    """Build the picture in a folder and take the tour."""
    out = Path(call.values["out"])
    if call.chosen and call.picture.absolute() != (out / PICTURE).absolute():
        raise ArgumentError(
            f"the demo writes {out / PICTURE} and no other picture.", where="-p", hint="Name a folder with --out DIR."
        )
    return build_demo(out, step=call.step, progress=call.progress)
