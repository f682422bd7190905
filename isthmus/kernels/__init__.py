"""Plain algorithms on arrays; they know no companies."""
