"""What the register of people with significant control means in our vocabulary: code tables, natures, and the SQL of claims."""
