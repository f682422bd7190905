"""The drawing of what a thing depends on, from a finding of the lens of dependence."""

from isthmus.briefs.tree.drawing import dependence_svg

__all__ = ["dependence_svg"]
