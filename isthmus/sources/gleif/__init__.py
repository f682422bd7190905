"""What the files of GLEIF mean in our vocabulary: code tables as data, the shapes of the files, and the SQL of claims."""
