"""One question each, asked of a picture; each returns a Finding. Lenses do not know one another."""
