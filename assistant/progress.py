"""A bar for work that takes a while: redrawn on a terminal, one line for each tenth elsewhere."""

import sys
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
