"""Every thing that holds or needs a thing, directly or not, with the way."""

from isthmus.lenses.where_used.lens import ask

__all__ = ["ask"]
