"""What a thing depends on, tier by tier, with its alternatives and what is not known."""

from isthmus.lenses.dependence.lens import ask

__all__ = ["ask"]
