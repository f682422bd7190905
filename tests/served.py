"""The demo's picture, served on loopback: what tests of pages and of the API ask."""

from __future__ import annotations

import json
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI

from isthmus.cli import main


def demo_picture(factory: pytest.TempPathFactory) -> Path:
    """Return the demo's picture, built once for all workers of a run; nobody writes in it."""
    return Path(str(demo_answer(factory)["picture"]))


def demo_answer(factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return what ``isthmus --json demo`` printed, run once for all workers of a run."""
    own = factory.getbasetemp()
    root = own.parent if "popen-" in own.name else own
    done, claim = root / "demo.json", root / "demo.begun"
    try:
        claim.touch(exist_ok=False)
    except FileExistsError:
        for _ in range(1200):
            if done.exists():
                return dict(json.loads(done.read_text("utf-8")))
            time.sleep(0.1)
        raise TimeoutError("another worker did not finish the demo's picture") from None
    printed = StringIO()
    with redirect_stdout(printed):
        assert main(["--json", "demo", "--out", str(root / "demo")]) == 0
    part = done.with_suffix(".part")
    part.write_text(printed.getvalue(), "utf-8")
    part.replace(done)
    return dict(json.loads(printed.getvalue()))


def copied(picture: Path, folder: Path) -> Path:
    """Return a copy of a picture that a test may write in."""
    return Path(shutil.copy(picture, folder / "picture.duckdb"))


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """Serve an application on a free port of loopback, and give its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        if not thread.is_alive():
            raise RuntimeError("the server did not start")
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)
