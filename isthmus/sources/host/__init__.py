"""What a machine, or the root folder of one, says of itself: packages, distributions, modules and devices."""
