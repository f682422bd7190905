"""Who controls what: the claims of a picture, read under a rule that is data."""
