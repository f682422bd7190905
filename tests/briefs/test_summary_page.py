"""The summary page as a reader opens it: from disk, in Chromium, at several widths, in light, dark and print."""

from __future__ import annotations

import base64
import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from isthmus.briefs import Summary, render_summary

pytestmark = pytest.mark.browser


class Tab:
    """A tab of Chromium, spoken to over its debugging pipe (Chrome DevTools Protocol, messages that end in NUL)."""

    def __init__(self, chromium: Path, profile: Path) -> None:
        child_in, self._out = os.pipe()
        self._in, child_out = os.pipe()
        # Chromium reads from descriptor 3 and writes to 4.
        script = f'exec "$0" "$@" 3<&{child_in} 4>&{child_out}'
        options = (
            "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
            " --disable-dev-shm-usage --remote-debugging-pipe"
        )
        self._process = subprocess.Popen(
            ["bash", "-c", script, str(chromium), *options.split(), f"--user-data-dir={profile}", "about:blank"],
            pass_fds=(child_in, child_out),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(child_in)
        os.close(child_out)
        self._rest, self._number, self._session = b"", 0, ""
        self.events: list[dict[str, Any]] = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Log", "Runtime"):
            self.call(f"{domain}.enable")

    def _read(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            if not (piece := os.read(self._in, 1 << 20)):
                raise EOFError("Chromium has gone")
            self._rest += piece
        message, self._rest = self._rest.split(b"\0", 1)
        found: dict[str, Any] = json.loads(message)
        return found

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Send a command and return its result; what happens meanwhile is kept in `events`."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while (answer := self._read()).get("id") != self._number:
            self.events.append(answer)
        assert "error" not in answer, answer
        result: dict[str, Any] = answer["result"]
        return result

    def open(self, page: Path, *, width: int, scheme: str = "light", media: str = "") -> None:
        """Open a file at a width, in CSS pixels, and wait until it is loaded."""
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=844, deviceScaleFactor=1, mobile=width < 500
        )
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.call("Emulation.setEmulatedMedia", media=media, features=features)
        self.events.clear()
        self.call("Page.navigate", url=page.as_uri())
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            self.events.append(self._read())

    def ask(self, script: str) -> Any:
        """Return the value of an expression on the page."""
        result = self.call("Runtime.evaluate", expression=script, returnByValue=True)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def press(self, key: str, code: int) -> None:
        """Press a key."""
        for kind in ("rawKeyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code)
        if key == "Enter":
            self.call("Input.dispatchKeyEvent", type="char", key=key, text="\r")

    def picture(self) -> bytes:
        """Return a picture of the whole page (PNG)."""
        return base64.b64decode(self.call("Page.captureScreenshot", captureBeyondViewport=True)["data"])

    def close(self) -> None:
        """End the browser that this tab started."""
        self._process.terminate()
        self._process.wait(timeout=20)
        os.close(self._in)
        os.close(self._out)


@pytest.fixture(scope="module")
def tab(chromium: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    opened = Tab(chromium, tmp_path_factory.mktemp("profile"))
    yield opened
    opened.close()


@pytest.fixture
def page(demo: Summary, tmp_path: Path) -> Path:
    path = tmp_path / "summary.html"
    path.write_text(render_summary(demo), encoding="utf-8")
    return path


WIDER = """[...document.querySelectorAll('body *')].filter(e => !e.closest('.scroll, .skip, .vh, .defs'))
  .filter(e => e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML.slice(0, 90))"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_page_fits_its_width(tab: Tab, page: Path, width: int, scheme: str) -> None:
    tab.open(page, width=width, scheme=scheme)
    assert tab.ask("document.documentElement.scrollWidth") <= width
    assert tab.ask(WIDER) == []
    assert tab.ask("scrollY") == 0
    assert tab.picture().startswith(b"\x89PNG")


def test_page_asks_for_nothing_and_breaks_no_rule(tab: Tab, page: Path) -> None:
    tab.open(page, width=1280)
    asked = [e["params"]["request"]["url"] for e in tab.events if e.get("method") == "Network.requestWillBeSent"]
    assert [url for url in asked if not url.startswith("data:")] == [page.as_uri()]
    complaints = [e["params"]["entry"]["text"] for e in tab.events if e.get("method") == "Log.entryAdded"]
    assert complaints == []
    # The sheet is applied, so its hash is right.
    assert tab.ask("getComputedStyle(document.querySelector('.land')).fill") == "rgb(227, 229, 231)"
    assert tab.ask("document.compatMode") == "CSS1Compat"


def test_a_style_that_is_not_ours_is_refused(tab: Tab, page: Path) -> None:
    page.write_text(page.read_text(encoding="utf-8").replace("<h1>", '<h1 style="color: red">'), encoding="utf-8")
    tab.open(page, width=1280)
    assert tab.ask("getComputedStyle(document.querySelector('h1')).color") == "rgb(26, 28, 31)"


def test_dark_is_dark_and_print_is_light(tab: Tab, page: Path) -> None:
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    tab.open(page, width=1280, scheme="dark")
    assert tab.ask(ground) == "rgb(21, 23, 26)"
    tab.open(page, width=1280, scheme="dark", media="print")
    assert tab.ask(ground) == "rgb(255, 255, 255)"
    assert base64.b64decode(tab.call("Page.printToPDF", preferCSSPageSize=True)["data"]).startswith(b"%PDF")


def test_drawings_have_their_size(tab: Tab, page: Path, demo: Summary) -> None:
    tab.open(page, width=1280)
    assert tab.ask("document.querySelector('.land').getBBox().width") > 900
    symbols, badges = tab.ask("[document.querySelectorAll('.pt').length, document.querySelectorAll('.badge').length]")
    assert (symbols, badges) == (13, 15)
    # The bar of 73 % is 73 % of its track.
    share = "document.querySelector('.bars .bb-lo').getBBox().width / document.querySelector('.bars .bb').clientWidth"
    assert tab.ask(share) == pytest.approx(0.73, abs=0.005)
    assert tab.ask("document.querySelectorAll('.cols .bb-lo').length") == 21
    assert len(demo.plots) == tab.ask("document.querySelectorAll('.row section[aria-labelledby^=plot]').length")


def test_notes_are_reached_by_keyboard_and_lead_back(tab: Tab, page: Path) -> None:
    tab.open(page, width=1280)
    for _ in range(40):
        tab.press("Tab", 9)
        if tab.ask("document.activeElement.className") == "mark":
            break
    assert tab.ask("document.activeElement.getAttribute('href')") == "#n1"
    assert tab.ask("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    tab.press("Enter", 13)
    assert tab.ask("location.hash") == "#n1"
    assert tab.ask("document.querySelector(':target .says').textContent").startswith("China holds 34")
    tab.press("Tab", 9)
    assert tab.ask("document.activeElement.getAttribute('href')") == "#m1"


def test_map_on_a_phone_scrolls_in_its_own_frame(tab: Tab, page: Path) -> None:
    tab.open(page, width=390)
    inside, frame = tab.ask("(s => [s.scrollWidth, s.clientWidth])(document.querySelector('.scroll'))")
    assert inside > 2 * frame
    assert tab.ask("document.querySelector('.scroll').tabIndex") == 0
