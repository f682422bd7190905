"""The command line: `isthmus VERB …`."""

from isthmus.cli.program import main

__all__ = ["main"]
