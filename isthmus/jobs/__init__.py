"""Work that takes long: done in a process of its own, with its progress, its end and its failure on record."""
