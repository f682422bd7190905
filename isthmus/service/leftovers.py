"""What a server that died left beside its picture: copies that were written in, second names, uploads."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from isthmus.service.beside import UPLOADS, beside


def clear_leftovers(picture: Path) -> list[str]:
    """Remove what processes that are gone left beside a picture, and return the names.

    The picture itself is whole: a copy takes its place only when it is.
    """
    gone = []
    found = re.compile(re.escape(f".{picture.name}.") + r"(\d+)(\.draft|-\d+\.open)(\.\w+)?")
    for path in sorted(picture.parent.glob(f".{picture.name}.*")):
        fit = found.fullmatch(path.name)
        if fit is None or (int(fit[1]) != os.getpid() and _lives(int(fit[1]))) or _is_mine(path, int(fit[1])):
            continue
        _remove(path)
        gone.append(path.name)
    uploads = beside(picture, UPLOADS)
    if uploads.is_dir():
        _remove(uploads)
        gone.append(uploads.name)
    return gone


def _is_mine(path: Path, pid: int) -> bool:
    return pid == os.getpid() and ".open" in path.name


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except PermissionError:
        return True
    except (OSError, OverflowError):
        return False
    return True


def _remove(path: Path) -> None:
    try:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    except OSError:
        return
