"""How often one client may ask: a token bucket each, for as many clients as are remembered."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

CLIENTS = 10_000


class Rates:
    """Buckets of `most` requests that fill again within a minute; the client seen longest ago is forgotten first."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        """Allow `most` requests a minute; 0 is no limit."""
        self._most, self._clock = most, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, client: str) -> float:
        """Take one request of a client; return 0, or after how many seconds there will be one."""
        if not self._most:
            return 0.0
        with self._lock:
            now = self._clock()
            left, then = self._left.pop(client, (float(self._most), now))
            left = min(float(self._most), left + (now - then) * self._most / 60)
            self._left[client] = (left - 1 if left >= 1 else left, now)
            if len(self._left) > CLIENTS:
                self._left.popitem(last=False)
            return 0.0 if left >= 1 else (1 - left) * 60 / self._most
