"""How likely two names, and the things behind them, are one: with reasons."""

from isthmus.entities.matching.match import Match, Reason, Subject, check_name, match, match_names
from isthmus.entities.matching.model import DIFFERENT, POSSIBLE, SAME, Model, load_model

__all__ = [
    "DIFFERENT",
    "POSSIBLE",
    "SAME",
    "Match",
    "Model",
    "Reason",
    "Subject",
    "check_name",
    "load_model",
    "match",
    "match_names",
]
