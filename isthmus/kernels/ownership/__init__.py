"""Who controls and who owns whom: exact kernels on arrays of holdings."""
