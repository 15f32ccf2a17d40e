"""A bar for work that takes a while: redrawn on a terminal, one line for each tenth elsewhere."""

import sys
import time
from collections.abc import Iterator, Sequence
from typing import TextIO, TypeVar

T = TypeVar("T")
WIDTH = 30


def with_bar(items: Sequence[T], label: str, out: TextIO | None = None) -> Iterator[T]:
    """Yield items one by one and show on `out` (stderr unless given) how many are done."""
    stream = sys.stderr if out is None else out
    terminal, whole, told = stream.isatty(), len(items) or 1, -1
    for done in range(len(items) + 1):
        if terminal or 10 * done // whole > told:
            told = 10 * done // whole
            full = WIDTH * done // whole
            bar = f"{label} [{'#' * full}{'.' * (WIDTH - full)}] {done}/{len(items)}"
            stream.write(f"\r{bar}" if terminal else f"{bar}\n")
            stream.flush()
        if done < len(items):
            yield items[done]
    if terminal:
        stream.write("\n")


class Meter:
    """A bar for work of many like steps, with how many are done in a second and the time left."""

    def __init__(self, total: int, label: str, out: TextIO | None) -> None:
        """Start the clock; nothing is shown where `out` is None."""
        self._total, self._label, self._out = total, label, out
        self._done, self._told = 0, -1
        self._begun = self._drawn = time.monotonic()

    def step(self) -> None:
        """Count one step; redraw at most ten times a second on a terminal, for each tenth elsewhere."""
        self._done += 1
        if self._out is None:
            return
        now = time.monotonic()
        tenth = 10 * self._done // max(self._total, 1)
        if (self._out.isatty() and now - self._drawn >= 0.1) or tenth > self._told or self._done == self._total:
            self._told, self._drawn = tenth, now
            rate = self._done / max(now - self._begun, 1e-6)
            left = round((self._total - self._done) / rate)
            full = WIDTH * self._done // max(self._total, 1)
            bar = f"{self._label} [{'#' * full}{'.' * (WIDTH - full)}] {self._done}/{self._total}"
            line = f"{bar} {rate:.1f}/s {left // 60}:{left % 60:02d}"
            self._out.write(f"\r{line}\x1b[K" if self._out.isatty() else f"{line}\n")
            self._out.flush()

    def close(self) -> None:
        """End the line of a terminal."""
        if self._out is not None and self._done and self._out.isatty():
            self._out.write("\n")
