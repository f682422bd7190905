"""Bad input: one message, what and where and what to do, exit 2, and nothing written."""

from __future__ import annotations

from pathlib import Path

import pytest

from isthmus.cli.faults import fault_text
from isthmus.errors import AmbiguousEntityError

from .conftest import Run

CASES = [
    # words, kind, part of the message
    ("add missing.csv", "format", "no such file"),
    ("add folder", "format", "folder"),
    ("add words.txt", "format", "no format or mapping knows this file"),
    ("add --as nothing words.txt", "argument", "no format “nothing”"),
    ("add --mapping missing.yaml words.txt", "mapping", "cannot be read"),
    ("add", "argument", "FILE is missing"),
    ("-p folder stats", "argument", "a folder stands where the picture should be"),
    ("-p missing.duckdb stats", "argument", "there is no picture here"),
    ("-p words.txt stats", "argument", "not a picture: it holds text"),
    ("-p words.txt add words.txt", "argument", "not a picture: it holds text"),
    ("-p empty stats", "argument", "not a picture: it is empty"),
    ("-p binary stats", "argument", "not a picture: it is some other file"),
    ("-p nowhere/x.duckdb add words.txt", "argument", "nowhere does not exist"),
    ("show nobody", "unknown_entity", "nothing in this picture is called “nobody”"),
    ("show lei:XXXX", "unknown_entity", "lei:XXXX"),
    ("show Hillbank", "ambiguous_entity", "could mean 2 things"),
    ("show", "argument", "ENTITY is missing"),
    ("ask", "argument", "no lens is given"),
    ("ask tallies", "argument", "no lens “tallies”"),
    ("ask relations", "argument", "ENTITY is missing"),
    ("ask relations nobody", "unknown_entity", "“nobody”"),
    ("ask relations northgate --depth 9", "argument", "a depth of 9"),
    ("ask relations northgate --predicate likes", "vocabulary", "no predicate “likes”"),
    ("ask relations northgate --mode maybe", "argument", "“maybe” is none of"),
    ("ask tally --by country", "argument", "--measure is missing"),
    ("ask tally --measure wishes", "argument", "no measure “wishes”"),
    ("ask tally --measure posts --by colour", "argument", "cannot be grouped by “colour”"),
    ("ask tally --measure posts --where role", "argument", "“role” is no condition"),
    ("ask tally --measure posts --in tarn-forum --of arden", "argument", "cannot stand together"),
    ("stats --as-of 2021-02-30", "value", "does not exist"),
    ("stats --as-of yesterday", "value", "not a date"),
    ("stats --known-at yesterday", "argument", "“yesterday” is not a time"),
    ("stats --without nobody", "argument", "no source “nobody”"),
    ("stats --ceiling TLP:PINK", "argument", "no marking"),
    ("stats --limit 3", "argument", "no option --limit"),
    ("stats extra", "argument", "one word too many"),
    ("diff", "argument", "two valid dates or between two record times"),
    ("diff --from 2020", "argument", "--from is given without --to"),
    ("diff --known-to 2020-01-01", "argument", "--known-to is given without --known-from"),
    ("diff --from 2021 --to 2020", "argument", "later than"),
    ("diff --from 2020-13 --to 2021", "value", "does not exist"),
    ("find", "argument", "TEXT is missing"),
    ("find x --limit many", "argument", "no whole number"),
    ("export --as stone --out x", "argument", "no export format “stone”"),
    ("export --as csv", "argument", "--out is missing"),
    ("export --as csv --out folder", "argument", "folder"),
    ("export --as csv --out nowhere/x.csv", "argument", "nowhere does not exist"),
    ("export --as csv --out x.csv --source nobody", "argument", "no source “nobody”"),
    ("judge arden brask perhaps --why x", "argument", "“perhaps” is none of"),
    ("judge arden brask same", "argument", "--why is missing"),
    ("judge arden nobody same --why x", "unknown_entity", "“nobody”"),
    ("unjudge arden brask", "argument", "no standing judgement"),
    ("retract nothing --why x", "argument", "no claim has the id “nothing”"),
    ("vocabulary own", "vocabulary", "no term “own”"),
    ("demo --out words.txt", "argument", "a file stands"),
    ("demo --out there -p elsewhere.duckdb", "argument", "no other picture"),
    ("shwo northgate", "argument", "no verb “shwo”"),
    ("--colour show northgate", "argument", "no option --colour"),
    ("", "argument", "no verb is given"),
]


@pytest.fixture
def littered(tmp_path: Path) -> Path:
    """Return the folder of the run, with things in it that are not what they should be."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "words.txt").write_text("once upon a time\n", "utf-8")
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "binary").write_bytes(bytes(range(256)))
    return tmp_path


@pytest.mark.parametrize(("line", "kind", "said"), CASES, ids=[line or "no verb" for line, _, _ in CASES])
def test_bad_input_is_refused(ask: Run, run: Run, littered: Path, line: str, kind: str, said: str) -> None:
    words, held = line.split(), sorted(littered.iterdir())
    call = run if "-p" in words or "demo" in words else ask
    found = call("--json", *words)
    assert (found.code, found.err) == (2, "")
    error = found.json["error"]
    assert error["kind"] == kind
    assert said in error["message"] + (error["where"] or "")
    assert set(error) - {"candidates"} == {"kind", "message", "where", "hint"}
    if not line:
        return
    told = call(*words)
    assert (told.code, told.out) == (2, "")
    assert told.err.startswith("error: ")
    assert told.err.count("error:") == 1
    assert "Traceback" not in told.err
    assert max(map(len, told.err.splitlines())) <= 80
    assert sorted(littered.iterdir()) == held, "nothing was written"


def test_an_ambiguous_name_lists_its_candidates(ask: Run) -> None:
    error = ask("--json", "show", "Hillbank").json["error"]
    assert error["candidates"] == [
        {"id": "hillbank", "caption": "Hillbank"},
        {"id": "hillbank-arden", "caption": "Hillbank"},
    ]
    told = ask("show", "Hillbank").err
    assert "    hillbank  Hillbank\n    hillbank-arden  Hillbank\n" in told
    assert "hint: Name one of them by its id." in told


def test_of_many_candidates_the_first_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    error = AmbiguousEntityError("many.", candidates=[(f"e{number}", "E") for number in range(50)])
    lines = fault_text(error).splitlines()
    assert len(lines) == 22
    assert lines[-1].strip() == "… and 30 more"


def test_a_near_verb_and_a_near_option_are_suggested(ask: Run) -> None:
    assert "Did you mean show?" in ask("shwo", "northgate").err
    assert "Did you mean --as-of?" in ask("stats", "--asof", "2020").err
    assert "Did you mean tally?" in ask("ask", "taly").err


def test_a_damaged_picture_is_not_the_inputs_fault(run: Run, picture: Path, tmp_path: Path) -> None:
    (tmp_path / "half.duckdb").write_bytes(picture.read_bytes()[:5000])
    found = run("--json", "-p", "half.duckdb", "stats")
    assert (found.code, found.json["error"]["kind"]) == (1, "corrupt")


def test_what_a_message_quotes_does_not_steer_the_terminal(ask: Run) -> None:
    told = ask("show", "x\x1b[31mred\u202e")
    assert told.code == 2
    assert not {"\x1b", "\u202e"} & set(told.err)
    assert "␛[31mred⟨U+202E⟩" in told.err


def test_messages_are_as_wide_as_the_terminal(ask: Run) -> None:
    wide, narrow = (ask("-p", "missing.duckdb", "stats", columns=columns).err for columns in (100, 50))
    assert max(map(len, narrow.splitlines())) <= 50 < max(map(len, wide.splitlines())) <= 100
