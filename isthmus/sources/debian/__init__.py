"""How the index of a Debian archive says what its packages need."""
