"""Every channel by which someone can direct a thing, each with its evidence or *unknown*."""

from isthmus.lenses.points.lens import ask

__all__ = ["ask"]
