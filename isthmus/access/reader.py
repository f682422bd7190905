"""Somebody who asks: what they may do, and up to which marking they see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["reader", "analyst", "steward"]
ROLES: tuple[Role, ...] = ("reader", "analyst", "steward")
"""From the least to the most: who may do something, may do all that those before may."""
POWERS: dict[str, Role] = {
    "read": "reader",
    "judge": "analyst",
    "add": "analyst",
    "cancel": "analyst",
    "retract": "steward",
    "users": "steward",
    "audit": "steward",
}
"""What may be done, and the least role that may."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who asks.

    Attributes
    ----------
    name : str
        As it stands in the audit log and beside judgements.
    role : str
        One of `ROLES`.
    ceiling : str
        The highest marking that they see.
    told : bool
        Whether they are told that something is withheld from them.
    """

    name: str
    role: Role = "reader"
    ceiling: str = "TLP:CLEAR"
    told: bool = False

    def may(self, power: str) -> bool:
        """Tell whether the reader may do something of `POWERS`."""
        return ROLES.index(self.role) >= ROLES.index(POWERS[power])


LOCAL = Reader("local", "steward", "TLP:RED", told=True)
"""Who sits at the laptop that holds the picture."""
