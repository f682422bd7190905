"""Who controls a thing, under which rule, by which chain of claims, and how sure that is."""

from isthmus.lenses.control.lens import ask

__all__ = ["ask"]
