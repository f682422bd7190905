"""By how much, and by which ways, a thing depends on what one actor controls."""

from isthmus.lenses.exposure.lens import ask

__all__ = ["ask"]
