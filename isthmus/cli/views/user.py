"""Who may use a picture when it is served."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from isthmus.cli.call import Call
from isthmus.cli.screen import Column, Screen, said


def show(screen: Screen, found: dict[str, Any], call: Call) -> None:
    """Print users, or a key that was made or revoked."""
    if "key" in found:
        screen.line(found["key"])
        screen.note(f"a key of {found['user']}: it is shown this once. Programs send it as Authorization: Bearer KEY.")
        return
    if "revoked" in found:
        screen.line(f"The key {found['revoked']} opens nothing any more.")
        return
    users = found["users"]
    if not users:
        screen.line("This picture has no users: `isthmus serve` shows it to who sits at this machine, and asks nobody.")
        return
    columns = [Column("name", keep=True), Column("role"), Column("sees up to"), Column("told"), Column("keys")]
    rows = [
        [user["name"], user["role"], user["ceiling"], "yes" if user["told"] else "no", _keys(user["keys"])]
        for user in users
    ]
    screen.table(columns, [[said(str(cell)) for cell in row] for row in rows])


def _keys(keys: list[dict[str, Any]]) -> str:
    return "; ".join(
        f"{key['prefix']}… since {datetime.fromtimestamp(key['made'], UTC):%Y-%m-%d}"
        + (f" ({key['note']})" if key["note"] else "")
        + (", revoked" if key["revoked"] else "")
        for key in keys
    )
