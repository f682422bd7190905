"""Make the environment of its own in which nomenklatura, the peer of the names benchmark, runs.

Nothing of it goes into ours: it stands in `.peers/nomenklatura`, is left out of git, and is made once; a second call only looks. PyICU has
no wheels and is compiled, which takes two or three minutes and needs ICU's headers, pkg-config and a C++ compiler.

    python -m benchmarks.peers.nomenklatura_env
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks.measure import ROOT

FOLDER = ROOT / ".peers" / "nomenklatura"
PACKAGES = ("nomenklatura==4.17.4", "followthemoney==4.11.2", "rigour==2.6.1", "pyicu==2.17")
CHECK = "import icu; from nomenklatura.matching.logic_v2.model import LogicV2; print(icu.ICU_VERSION)"
INSTALL = "apt-get install libicu-dev pkg-config g++"


def environment(folder: Path = FOLDER) -> Path:
    """Return the Python of the peer's environment; make the environment where it is missing or of other versions.

    Raises
    ------
    SystemExit
        If uv, the compiler or ICU's headers are missing, or a package cannot be installed; the message says what to do.
    """
    folder = folder.absolute()
    python = folder / "bin" / "python"
    stamp = folder / "installed.txt"
    wanted = "\n".join([*PACKAGES, platform.python_version(), str(folder), ""])
    if python.exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return python
    uv = find_uv()
    require_compiler()
    print(f"installing {PACKAGES[0]} in {folder}; compiling PyICU takes minutes", file=sys.stderr)
    folder.parent.mkdir(parents=True, exist_ok=True)
    # Git leaves the folder out by its own word, whatever the repository's list says.
    (folder.parent / ".gitignore").write_text("*\n", encoding="utf-8")
    run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(folder)])
    run([uv, "pip", "install", "--quiet", "--no-binary", "pyicu", "--python", str(python), *PACKAGES])
    run([str(python), "-c", CHECK])
    stamp.write_text(wanted, encoding="utf-8")
    return python


def find_uv() -> str:
    """Return the path of uv: the one on the path, or the one that `scripts/setup` installs."""
    uv = shutil.which("uv") or str(ROOT / ".tools" / "bin" / "uv")
    if not Path(uv).exists():
        raise SystemExit("uv is needed to install nomenklatura: run scripts/setup first")
    return uv


def require_compiler() -> None:
    """Stop with a message where PyICU cannot be compiled."""
    missing = [name for name in ("pkg-config", "g++") if shutil.which(name) is None]
    if not missing and subprocess.run(["pkg-config", "--exists", "icu-i18n"], check=False).returncode:
        missing = ["the headers of ICU (icu-i18n)"]
    if missing:
        raise SystemExit(
            f"nomenklatura cannot be installed: it needs PyICU, which is compiled, and {' and '.join(missing)} "
            f"cannot be found. On Debian and Ubuntu: {INSTALL}"
        )


def run(command: list[str]) -> None:
    """Run a step of the installation, its output to the error stream."""
    done = subprocess.run(command, stdout=sys.stderr, env={**os.environ, "UV_PYTHON_DOWNLOADS": "never"}, check=False)
    if done.returncode:
        raise SystemExit(
            f"nomenklatura was not installed: `{Path(command[0]).name} {command[1]}` ended with {done.returncode} (the "
            f"reason is above). Needed: a package index that uv can reach, and {INSTALL}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--folder", type=Path, default=FOLDER, help="where the environment stands (default: %(default)s)"
    )
    print(environment(parser.parse_args().folder))


if __name__ == "__main__":
    main()
