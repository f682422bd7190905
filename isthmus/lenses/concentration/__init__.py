"""Who supplies a thing with which share, by supplier, by who controls it in the end, and by the countries of both."""

from isthmus.lenses.concentration.lens import ask

__all__ = ["ask"]
