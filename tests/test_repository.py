"""What may be in the repository, whatever the code does."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MOST_LINES = 400

# Written in pieces, so that this file does not hold what it looks for.
_HOSTS = (
    "pypi" + ".org",
    "python" + "hosted.org",
    "registry." + "npmjs",
    "registry." + "yarnpkg",
    "crates" + ".io",
    "proxy." + "golang",
    "ruby" + "gems.org",
    "conda.ana" + "conda.org",
)
# A mirror has any name; its addresses have these shapes.
_SHAPES = (
    r"https?://[^\s\"'<>]+/" + r"simple(?:/|\b)",
    r"https?://[^\s\"'<>]+\.whl\b",
    r"(?:index-url|find-links|registry)[\"']?[ =:]+[\"']?https?:" + "//",
    r"\"resolved\"\s*:\s*\"https?:" + "//",
)
REGISTRY = re.compile("|".join([*map(re.escape, _HOSTS), *_SHAPES]).encode(), re.IGNORECASE)
# A path from the root of a machine, not a part of a longer path or of a web address.
MACHINE = re.compile((r"(?:(?<![\w.\-/~])|(?<=file://))/" + "(?:work|farm|root)/").encode())


def committable() -> list[Path]:
    """Return the files that git holds or would take, which are on the disk."""
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout: what would be committed cannot be listed")
    listing = subprocess.run(
        [git, "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True, check=True
    )
    paths = {ROOT / name for name in listing.stdout.decode().split("\0") if name}
    return sorted(path for path in paths if path.is_file())


def places(pattern: re.Pattern[bytes], paths: list[Path]) -> list[str]:
    """Return `file:line` of each match; the text itself may be what must not be shown."""
    found = []
    for path in paths:
        content = path.read_bytes()
        lines = (content.count(b"\n", 0, match.start()) + 1 for match in pattern.finditer(content))
        found += [f"{path.relative_to(ROOT)}:{line}" for line in lines]
    return found


def imports_in_functions(source: str) -> list[int]:
    """Return the lines of the import statements that stand inside a function."""
    functions = [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    inside = (node for function in functions for node in ast.walk(function))
    return sorted({node.lineno for node in inside if isinstance(node, ast.Import | ast.ImportFrom)})


def commands(script: str) -> list[str]:
    """Return the lines of a shell script that do something other than set the shell up."""
    lines = (line.strip() for line in script.splitlines())
    said = [line for line in lines if line and not line.startswith("#")]
    return [line for line in said if line not in ("set -euo pipefail", 'cd "$(dirname "$0")/.."')]


def test_no_file_records_a_package_registry() -> None:
    found = places(REGISTRY, committable())
    assert not found, f"addresses of package registries must not be committed: {found}"


def test_no_file_records_a_path_of_one_machine() -> None:
    found = places(MACHINE, committable())
    assert not found, f"paths that exist on one machine only must not be committed: {found}"


@pytest.mark.parametrize("name", ["uv.lock", "pylock.toml"])
def test_no_lock_that_records_addresses(name: str) -> None:
    found = [path for path in committable() if path.name == name] + list(ROOT.glob(name))
    assert not found, f"{name} records the addresses of the index; scripts/lock makes requirements/*.lock"


def test_python_files_are_short() -> None:
    code = [p for p in committable() if p.suffix == ".py" and p.relative_to(ROOT).parts[0] in ("isthmus", "tests")]
    lines = {str(path.relative_to(ROOT)): len(path.read_bytes().splitlines()) for path in code}
    assert lines, "no Python file was found"
    long = {name: n for name, n in lines.items() if n > MOST_LINES}
    assert not long, f"a file of over {MOST_LINES} lines is two files: {long}"


def test_imports_stand_at_the_top() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in sorted((ROOT / "isthmus").rglob("*.py"))
        for line in imports_in_functions(path.read_text(encoding="utf-8"))
    ]
    assert not found, f"imports inside functions hide what a module needs: {found}"


def test_scripts_can_be_run() -> None:
    scripts = [p for p in committable() if p.relative_to(ROOT).parts[0] in ("scripts", ".ci")]
    assert scripts, "no script was found"
    dead = [str(path.relative_to(ROOT)) for path in scripts if not path.stat().st_mode & 0o100]
    assert not dead, f"run chmod +x on {dead}"


def test_ci_runs_the_tests_and_nothing_else() -> None:
    assert commands((ROOT / ".ci" / "run").read_text(encoding="utf-8")) == ["exec scripts/test"]


_AT = "https:" + "//mirror.example/"


@pytest.mark.parametrize(
    "text",
    [
        "see " + _HOSTS[0],
        _AT + "any/sim" + "ple/numpy/",
        _AT + "a-1.0-py3-none-any" + ".whl",
        "--index-" + "url " + _AT,
        "registry=" + _AT,
        '"resol' + 'ved": "' + _AT + 'a.tgz"',
    ],
)
def test_registry_addresses_are_recognised(text: str) -> None:
    assert REGISTRY.search(text.encode())


@pytest.mark.parametrize("before", ["", " ", "'", "=", "file:" + "//", "PATH=a:"])
@pytest.mark.parametrize("name", ["work", "farm", "root"])
def test_machine_paths_are_recognised(before: str, name: str) -> None:
    assert MACHINE.search(f"{before}/{name}/thing".encode())


@pytest.mark.parametrize(
    "text", ["https://example.org/work/1", "net" + "work/root/x", "../work/x", "a simple/plain test"]
)
def test_other_paths_are_left_alone(text: str) -> None:
    assert not MACHINE.search(text.encode())
    assert not REGISTRY.search(text.encode())


def test_an_import_in_a_function_is_recognised() -> None:
    source = "import os\nif os:\n    import re\ndef f():\n    if os:\n        import csv\n    return csv\n"
    assert imports_in_functions(source) == [6]


def test_another_command_in_ci_is_recognised() -> None:
    assert commands("#!/bin/sh\nset -euo pipefail\necho hi\nexec scripts/test\n") == ["echo hi", "exec scripts/test"]
