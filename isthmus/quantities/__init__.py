"""Bounded quantities: numbers as far as their source gave them."""

from isthmus.quantities.quantity import Quantity, total

__all__ = ["Quantity", "total"]
