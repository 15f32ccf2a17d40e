"""BM25 (Robertson & Zaragoza, 2009) over rows of keys, as flat arrays that a file can hold and memory can map.

A key is kept as the first eight bytes of its BLAKE2 hash: among a million keys, two meet once in 40 million archives.
"""

import hashlib
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Arrays = Mapping[str, NDArray[np.generic]]
K1, B = 1.2, 0.75
MOST = 65535  # times a key is counted in one row


def hashed(key: str) -> int:
    """Return the number a key goes by, from 0 to 2**64 - 1."""
    return int.from_bytes(hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


@dataclass(frozen=True, slots=True)
class Bags:
    """How often each key stands in each row of one article: one entry for each pair, by row.

    `keys`, `rows` and `times` have one value for each pair, `sizes` one for each row.
    """

    keys: NDArray[np.uint64]
    rows: NDArray[np.int32]
    times: NDArray[np.uint16]
    sizes: NDArray[np.int32]

    @classmethod
    def of(cls, bags: Sequence[Counter[str]]) -> "Bags":
        """Flatten bags of keys, one a row."""
        known: dict[str, int] = {}
        keys: list[int] = []
        for bag in bags:
            keys.extend(known.get(key) or known.setdefault(key, hashed(key)) for key in bag)
        return cls(
            np.array(keys, dtype=np.uint64),
            np.repeat(np.arange(len(bags), dtype=np.int32), [len(bag) for bag in bags]),
            np.array([min(times, MOST) for bag in bags for times in bag.values()], dtype=np.uint16),
            np.array([sum(bag.values()) for bag in bags], dtype=np.int32),
        )


class Postings:
    """For each key the rows that hold it, ready to be scored."""

    def __init__(self, arrays: Arrays) -> None:
        """Take what `join` made: keys (K,), offsets (K + 1,), rows and times (N,), sizes (R,)."""
        self._keys = arrays["keys"]
        self._offsets = arrays["offsets"]
        self._rows = arrays["rows"]
        self._times = arrays["times"]
        sizes = np.asarray(arrays["sizes"], dtype=np.float64)
        self.count = len(sizes)
        mean = float(sizes.mean()) if self.count else 1.0
        self._norms = (K1 * (1 - B + B * sizes / (mean or 1.0))).astype(np.float32)

    @classmethod
    def of(cls, bags: Sequence[Counter[str]]) -> "Postings":
        """Index bags of keys, one a row."""
        return cls(join([Bags.of(bags)]))

    def _found(self, key: str) -> tuple[int, int]:
        """Return where the entries of a key begin and end; the same place twice for a key nobody has."""
        number = np.uint64(hashed(key))
        at = int(np.searchsorted(self._keys, number))
        if at == len(self._keys) or self._keys[at] != number:
            return 0, 0
        return int(self._offsets[at]), int(self._offsets[at + 1])

    def idf(self, key: str) -> float:
        """Return the inverse document frequency of a key, above zero."""
        begin, end = self._found(key)
        return self._rarity(end - begin)

    def _rarity(self, holders: int) -> float:
        return math.log(1 + (self.count - holders + 0.5) / (holders + 0.5))

    def scores(self, groups: Iterable[Sequence[str]]) -> Floats:
        """Return BM25 of each row over the summed idf of the query, shape (rows,), from 0 to K1 + 1.

        Args:
            groups: for each word of the query the keys that may stand for it; the best one in a row counts.
        """
        total, found = 0.0, np.zeros(self.count)
        for keys in groups:
            places = [place for place in map(self._found, dict.fromkeys(keys)) if place[1] > place[0]]
            total += max((self._rarity(b - a) for a, b in places), default=self._rarity(0))
            if len(places) == 1:
                rows, weights = self._weighed(*places[0])
                found[rows] += weights
            elif places:
                best = np.zeros(self.count, dtype=np.float32)
                for place in places:
                    rows, weights = self._weighed(*place)
                    best[rows] = np.maximum(best[rows], weights)
                found += best
        return found / total if total else found

    def _weighed(self, begin: int, end: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        rows = np.asarray(self._rows[begin:end], dtype=np.int32)
        times = np.asarray(self._times[begin:end], dtype=np.float32)
        weights = times * np.float32(self._rarity(end - begin) * (K1 + 1)) / (times + self._norms[rows])
        return rows, weights


def join(parts: Sequence[Bags]) -> dict[str, NDArray[np.generic]]:
    """Return the postings of the rows of many articles, one article after the other, as arrays for `Postings`."""
    starts = np.cumsum([0, *(len(part.sizes) for part in parts)])
    keys = np.concatenate([part.keys for part in parts])
    rows = np.concatenate([part.rows + np.int32(start) for part, start in zip(parts, starts, strict=False)])
    times = np.concatenate([part.times for part in parts])
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    first = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if len(ordered) else np.zeros(0, np.int64)
    return {
        "keys": ordered[first],
        "offsets": np.r_[first, len(ordered)].astype(np.int64),
        "rows": rows[order].astype(np.int32),
        "times": times[order],
        "sizes": np.concatenate([part.sizes for part in parts]),
    }
