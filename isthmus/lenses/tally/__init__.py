"""Count or sum a measure, grouped and shared out, as bounded values with the unknown kept in sight."""

from isthmus.lenses.tally.lens import ask

__all__ = ["ask"]
