"""Each use case once, for every surface: files and words in, JSON-ready answers out.

A use case is imported when it is first asked for, so that a search does not wait for what only an export needs.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from isthmus.service.adding import AddOptions, add_files, list_formats
    from isthmus.service.answers import ask, list_sources, show
    from isthmus.service.changes import difference
    from isthmus.service.counts import stats
    from isthmus.service.demo import build_demo
    from isthmus.service.drawings import draw_chain, draw_dependence, draw_heat_map
    from isthmus.service.finding import find
    from isthmus.service.keeping import check, judge, retract, unjudge
    from isthmus.service.lending import export, list_export_formats
    from isthmus.service.matching import match
    from isthmus.service.resolving import decide, resolve, sides, take_back
    from isthmus.service.screening import screen
    from isthmus.service.supposing import example, list_examples, suppose
    from isthmus.service.vocabulary import explain

__all__ = [
    "AddOptions",
    "add_files",
    "ask",
    "build_demo",
    "check",
    "decide",
    "difference",
    "draw_chain",
    "draw_dependence",
    "draw_heat_map",
    "example",
    "explain",
    "export",
    "find",
    "judge",
    "list_examples",
    "list_export_formats",
    "list_formats",
    "list_sources",
    "match",
    "resolve",
    "retract",
    "screen",
    "show",
    "sides",
    "stats",
    "suppose",
    "take_back",
    "unjudge",
]

_HOMES = {
    "adding": ("AddOptions", "add_files", "list_formats"),
    "answers": ("ask", "list_sources", "show"),
    "changes": ("difference",),
    "counts": ("stats",),
    "demo": ("build_demo",),
    "drawings": ("draw_chain", "draw_dependence", "draw_heat_map"),
    "finding": ("find",),
    "keeping": ("check", "judge", "retract", "unjudge"),
    "lending": ("export", "list_export_formats"),
    "matching": ("match",),
    "resolving": ("decide", "resolve", "sides", "take_back"),
    "screening": ("screen",),
    "supposing": ("example", "list_examples", "suppose"),
    "vocabulary": ("explain",),
}


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{home}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
