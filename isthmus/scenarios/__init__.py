"""What if: a baseline and named changes, what fails or degrades with them, when, and what survives by which alternative."""
