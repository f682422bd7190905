"""Names of organisations in any script, taken apart so that they can be compared."""

from isthmus.entities.names.name import Name, NameReading, Word
from isthmus.entities.names.read import read_name

__all__ = ["Name", "NameReading", "Word", "read_name"]
