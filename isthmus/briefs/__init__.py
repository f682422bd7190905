"""Briefs: what a reader gets."""

from isthmus.briefs.footnotes import Note
from isthmus.briefs.plots import BarPlot, BarRow, DatedCount, DatedPlot, Plot
from isthmus.briefs.sites import MapPoint
from isthmus.briefs.summary import (
    AnswerLine,
    ConflictPair,
    ConflictValue,
    Held,
    SourceLine,
    Summary,
    TourItem,
    render_summary,
)

__all__ = [
    "AnswerLine",
    "BarPlot",
    "BarRow",
    "ConflictPair",
    "ConflictValue",
    "DatedCount",
    "DatedPlot",
    "Held",
    "MapPoint",
    "Note",
    "Plot",
    "SourceLine",
    "Summary",
    "TourItem",
    "render_summary",
]
