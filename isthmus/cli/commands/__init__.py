"""Every verb of the command line: what it takes and says, without its code."""

from isthmus.cli.commands.evidence import EVIDENCE
from isthmus.cli.commands.judgement import JUDGEMENT
from isthmus.cli.commands.matching import MATCHING
from isthmus.cli.commands.options import GLOBAL, VERSION
from isthmus.cli.commands.questions import QUESTIONS
from isthmus.cli.commands.sharing import SHARING
from isthmus.cli.grammar import Command

GROUPS: tuple[tuple[str, tuple[Command, ...]], ...] = (
    ("Evidence", EVIDENCE),
    ("Questions", QUESTIONS),
    ("Names", MATCHING),
    ("Identity and retraction", JUDGEMENT),
    ("Sharing", SHARING),
)
"""The verbs in the order of the help."""

COMMANDS: dict[str, Command] = {command.name: command for _, group in GROUPS for command in group}

__all__ = ["COMMANDS", "GLOBAL", "GROUPS", "VERSION"]
