"""Which names are one thing: judgements, and what they make of the entities."""

from isthmus.entities.judgements import (
    AWAITING,
    UNIQUE_SCHEMES,
    Contradiction,
    Standing,
    conflicting_identifiers,
    standing_judgements,
    standing_verdicts,
)
from isthmus.entities.resolution import Resolution, resolve_judgements, state_of

__all__ = [
    "AWAITING",
    "UNIQUE_SCHEMES",
    "Contradiction",
    "Resolution",
    "Standing",
    "conflicting_identifiers",
    "resolve_judgements",
    "standing_judgements",
    "standing_verdicts",
    "state_of",
]
