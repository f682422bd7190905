"""How often somebody may ask: buckets that fill with time and are emptied by asking."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple

MOST = 20_000
"""So many names are watched at once; the one that was quiet longest is forgotten first."""


class Rate(NamedTuple):
    """So many at once, and so many a second after that."""

    burst: float
    each_second: float


class Throttle:
    """A bucket for each name (a user, a key, an address).

    Parameters
    ----------
    clock : callable
        Returns seconds that only rise.
    """

    def __init__(self, rate: Rate, *, clock: Callable[[], float] = time.monotonic, most: int = MOST) -> None:
        self.rate = rate
        self._clock = clock
        self._most = most
        self._lock = threading.Lock()
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, name: str, cost: float = 1.0) -> float:
        """Take from a bucket; return 0, or, taking nothing, the seconds until there is enough in it."""
        with self._lock:
            now = self._clock()
            held = self._level(name, now)
            wait = 0.0 if held >= cost else (cost - held) / self.rate.each_second
            self._buckets[name] = (held if wait else held - cost, now)
            self._buckets.move_to_end(name)
            while len(self._buckets) > self._most:
                self._buckets.popitem(last=False)
            return wait

    def forget(self, name: str) -> None:
        """Fill a bucket again."""
        with self._lock:
            self._buckets.pop(name, None)

    def _level(self, name: str, now: float) -> float:
        held, then = self._buckets.get(name, (self.rate.burst, now))
        return min(self.rate.burst, held + (now - then) * self.rate.each_second)
