"""Whatever is typed, the program answers or refuses: it does not break."""

from __future__ import annotations

import json
import os
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from isthmus.cli import main
from isthmus.cli.commands import COMMANDS

OPTIONS = sorted(
    {option.flag for command in COMMANDS.values() for item in (command, *command.below) for option in item.options}
)
VERBS = sorted(set(COMMANDS) - {"demo", "add", "export", "judge", "unjudge", "retract", "serve", "user"})
words = st.one_of(
    st.sampled_from(
        ["northgate", "relations", "tally", "timeline", "posts", "2020", "same", "--", "-", "-x", "--why=", "n", ""]
    ),
    st.sampled_from(OPTIONS),
    st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=8),
)


@given(st.sampled_from(VERBS), st.lists(words, max_size=6), st.booleans())
@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_words_are_answered_or_refused(picture: Path, verb: str, typed: list[str], as_json: bool) -> None:
    out, err = StringIO(), StringIO()
    line = ["-p", str(picture), *(["--json"] if as_json else []), verb, *typed]
    with redirect_stdout(out), redirect_stderr(err):
        code = main(line)
    assert code in (0, 2)
    asked_help = not {"--help", "-h"}.isdisjoint(typed)
    if as_json and not asked_help:
        assert err.getvalue() == ""
        found = json.loads(out.getvalue())
        assert ("error" in found and set(found["error"]) >= {"kind", "message"}) == (code == 2)
    elif code == 2:
        assert out.getvalue() == ""
        assert err.getvalue().startswith("error: ")
    assert os.environ.get("ISTHMUS_TRACEBACK") is None
