"""The arithmetic of evaluation: plain numbers in, plain numbers out; None where there is nothing to divide by.

A *pair* is a confidence (0…1) and whether what it was about came true. Nothing here knows of questions or answers.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

BINS = 10  # of equal width, for the calibration error
ACCURACY = 0.95  # at which coverage is reported
_Z = 1.959964  # two-sided 95 % of the normal distribution

Pairs = Sequence[tuple[float, bool]]


@dataclass(frozen=True, slots=True)
class Bin:
    """The pairs whose confidence lies in (low, high]: how many, their mean confidence, and the share come true."""

    low: float
    high: float
    count: int
    confidence: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the risk–coverage curve: all pairs at or above a threshold are accepted, the others are not."""

    threshold: float
    coverage: float
    risk: float


def share(part: int, whole: int) -> float | None:
    """Return part / whole, to four digits; None when there is no whole."""
    return round(part / whole, 4) if whole else None


def percentile(values: Sequence[float], rank: float) -> float:
    """Return the nearest-rank percentile: the smallest value that at least this share do not exceed; 0 for none."""
    return sorted(values)[max(0, math.ceil(rank * len(values)) - 1)] if values else 0.0


def interval(part: int, whole: int) -> tuple[float, float] | None:
    """Return the 95 % confidence interval of a share by the score method (Wilson 1927); None when there is no whole."""
    if not whole:
        return None
    p, z2 = part / whole, _Z * _Z / whole
    middle, half = p + z2 / 2, _Z * math.sqrt(p * (1 - p) / whole + z2 / (4 * whole))
    low, high = (middle - half) / (1 + z2), (middle + half) / (1 + z2)
    return round(max(0.0, low), 4), round(min(1.0, high), 4)


def auroc(pairs: Pairs) -> float | None:
    """Return the area under the ROC curve; None unless both outcomes occur.

    It is the chance that a pair come true has the greater confidence of two pairs, one of each outcome drawn at
    random; a tie counts one half (Hanley & McNeil 1982: the Mann–Whitney statistic).
    """
    ordered = sorted(pairs)
    true = sum(came for _, came in ordered)
    false = len(ordered) - true
    if not true or not false:
        return None
    rank_sum, at = 0.0, 0
    while at < len(ordered):
        end = at
        while end < len(ordered) and ordered[end][0] == ordered[at][0]:
            end += 1
        rank_sum += (at + 1 + end) / 2 * sum(came for _, came in ordered[at:end])
        at = end
    return round((rank_sum - true * (true + 1) / 2) / (true * false), 4)


def bins(pairs: Pairs, number: int = BINS) -> tuple[Bin, ...]:
    """Sort pairs into bins of equal width, ((m - 1) / M, m / M], 0 with the first; empty bins are left out."""
    held: list[list[tuple[float, bool]]] = [[] for _ in range(number)]
    for pair in pairs:
        held[min(number, max(1, math.ceil(round(pair[0] * number, 9)))) - 1].append(pair)
    return tuple(
        Bin(
            m / number,
            (m + 1) / number,
            len(inside),
            sum(confidence for confidence, _ in inside) / len(inside),
            sum(came for _, came in inside) / len(inside),
        )
        for m, inside in enumerate(held)
        if inside
    )


def calibration_error(pairs: Pairs, number: int = BINS) -> float | None:
    """Return the expected calibration error: Σ n_b / n · |accuracy_b - confidence_b| over `bins` (Guo et al. 2017)."""
    if not pairs:
        return None
    return round(sum(b.count * abs(b.accuracy - b.confidence) for b in bins(pairs, number)) / len(pairs), 4)


def risk_coverage(pairs: Pairs, whole: int | None = None) -> tuple[Point, ...]:
    """Return the risk–coverage curve (El-Yaniv & Wiener 2010), from the highest threshold to the lowest.

    Coverage is the share of `whole` (the number of pairs, unless given) that is accepted; risk is the share of what
    is accepted that did not come true. Pairs of one confidence are accepted together, so every point can be had.
    """
    ordered = sorted(pairs, reverse=True)
    points, wrong = [], 0
    for at, (confidence, came) in enumerate(ordered, start=1):
        wrong += not came
        if at == len(ordered) or ordered[at][0] < confidence:
            points.append(Point(confidence, at / (whole or len(ordered)), wrong / at))
    return tuple(points)


def coverage_at(pairs: Pairs, accuracy: float = ACCURACY, whole: int | None = None) -> float | None:
    """Return the largest coverage of `risk_coverage` at which the accuracy is still reached; 0 when at none."""
    if not (len(pairs) if whole is None else whole):
        return None
    reached = [point.coverage for point in risk_coverage(pairs, whole) if 1 - point.risk >= accuracy - 1e-12]
    return round(max(reached, default=0.0), 4)


def mcnemar(gained: int, lost: int) -> float:
    """Return the exact two-sided p value that as uneven a split of the questions that changed is chance.

    Of n = gained + lost questions that two runs judged differently, each would be gained with probability one half
    (McNemar 1947; exact binomial form): p = min(1, 2 Σ_{i ≤ min(gained, lost)} C(n, i) / 2ⁿ).
    """
    n = gained + lost
    return min(1.0, sum(math.comb(n, i) for i in range(min(gained, lost) + 1)) / 2 ** (n - 1)) if n else 1.0
