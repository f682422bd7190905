"""The drawing of a chain of control, from a finding of the lens of control."""

from isthmus.briefs.chain.drawing import chain_svg

__all__ = ["chain_svg"]
