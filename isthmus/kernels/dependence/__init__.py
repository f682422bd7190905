"""What fails with what: exact kernels on arrays of needs and their alternatives."""
