"""What every test may ask for."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parents[1]

# No deadline: the machines that run these are shared. "ci" draws the same examples every time, and fewer of them.
settings.register_profile("default", deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("default"), max_examples=30, derandomize=True, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tie each marker to the fixture that skips: a test that has one has the other."""
    for item in items:
        if not isinstance(item, pytest.Function):
            continue
        for marker, fixture in (("shared", "shared"), ("browser", "chromium")):
            if fixture in item.fixturenames:
                item.add_marker(marker)
            elif item.get_closest_marker(marker) is not None:
                item.fixturenames.append(fixture)


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the data folder beside the repository, or the one that ISTHMUS_SHARED names."""
    named = os.environ.get("ISTHMUS_SHARED")
    folder = Path(named) if named else ROOT.parent / "shared"
    if not folder.is_dir():
        place = f"ISTHMUS_SHARED={named}" if named else "../shared"
        pytest.skip(f"{place} is absent: this test reads the shared data")
    return folder


@pytest.fixture(scope="session")
def chromium() -> Path:
    """Return the path of Chromium."""
    for name in ("chromium", "chromium-browser"):
        if found := shutil.which(name):
            return Path(found)
    pytest.skip("chromium is absent: this test looks at a page as a reader does")


@pytest.fixture
def store_path(tmp_path: Path) -> Path:
    """Return the path of a store that does not exist yet."""
    return tmp_path / "picture.duckdb"
