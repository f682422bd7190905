"""What statements of the Beneficial Ownership Data Standard (BODS 0.4) mean in our vocabulary, and how they succeed one another."""
