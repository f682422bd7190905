"""Each use case once, for every surface: files and words in, JSON-ready answers out."""

from isthmus.service.adding import AddOptions, add_files, list_formats
from isthmus.service.answers import ask, difference, find, list_sources, show, stats
from isthmus.service.keeping import check, judge, retract, unjudge
from isthmus.service.lending import export
from isthmus.service.vocabulary import explain

__all__ = [
    "AddOptions",
    "add_files",
    "ask",
    "check",
    "difference",
    "explain",
    "export",
    "find",
    "judge",
    "list_formats",
    "list_sources",
    "retract",
    "show",
    "stats",
    "unjudge",
]
