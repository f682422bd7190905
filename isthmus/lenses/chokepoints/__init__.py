"""What alone, or together with one other, fails a thing; and what most depends on."""

from isthmus.lenses.chokepoints.lens import ask

__all__ = ["ask"]
