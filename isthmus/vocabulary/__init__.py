"""What may be said, as data: kinds, predicates, qualifiers, units, each mapped to public standards."""

from isthmus.vocabulary.load import Vocabulary, load_vocabulary, read_vocabulary
from isthmus.vocabulary.terms import ConflictRule, Kind, Predicate, Qualifier

__all__ = ["ConflictRule", "Kind", "Predicate", "Qualifier", "Vocabulary", "load_vocabulary", "read_vocabulary"]
