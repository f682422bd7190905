"""Which names are one thing: judgements, and what they make of the entities."""

from isthmus.entities.resolution import Contradiction, Resolution, resolve_judgements, standing_verdicts

__all__ = ["Contradiction", "Resolution", "resolve_judgements", "standing_verdicts"]
