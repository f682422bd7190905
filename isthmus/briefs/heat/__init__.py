"""The drawing of how concentrated supply is, from a finding of the lens of concentration."""

from isthmus.briefs.heat.drawing import heat_map_svg

__all__ = ["heat_map_svg"]
