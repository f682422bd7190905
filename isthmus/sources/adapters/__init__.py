"""One file a format; each offers `ADAPTER`. They know nothing of one another."""
