"""Visitors' own articles: each under a secret name, few at a time, for as long as they are used. None is on disk."""

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.api import Assistant

SECONDS = 1800.0  # without a question
CHARACTERS = 1_000_000  # of all articles together


@dataclass(slots=True)
class _Kept:
    bot: "Assistant"
    size: int
    used: float


class Visitors:
    """Assistants for articles that visitors brought; the one used longest ago makes room for a new one."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        """Keep at most `most` at a time."""
        self._most, self._clock = most, clock
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._lock = threading.Lock()

    def add(self, bot: "Assistant") -> str:
        """Keep an assistant; return the name, which nobody can guess, that gets it back."""
        name, size = secrets.token_urlsafe(32), len(bot.articles[0].text)
        with self._lock:
            self._kept[name] = _Kept(bot, size, self._clock())
            self._trim()
        return name

    def get(self, name: str) -> "Assistant | None":
        """Return the assistant of a name, None when it is kept no longer."""
        with self._lock:
            self._trim()
            kept = self._kept.get(name)
            if kept is None:
                return None
            kept.used = self._clock()
            self._kept.move_to_end(name)
            return kept.bot

    def drop(self, name: str) -> None:
        """Forget an assistant."""
        with self._lock:
            self._kept.pop(name, None)

    def __len__(self) -> int:
        """Return how many are kept."""
        with self._lock:
            self._trim()
            return len(self._kept)

    def _trim(self) -> None:
        while self._kept:
            name, oldest = next(iter(self._kept.items()))
            crowded = len(self._kept) > self._most or sum(k.size for k in self._kept.values()) > CHARACTERS
            if not (crowded and len(self._kept) > 1) and self._clock() - oldest.used <= SECONDS:
                return
            del self._kept[name]
