"""The arithmetic of evaluation, held against hand arithmetic and against the definitions counted out."""

import math
import random

import pytest

from assistant.figures import (
    auroc,
    bins,
    calibration_error,
    coverage_at,
    interval,
    mcnemar,
    percentile,
    risk_coverage,
    share,
)

PAIRS = [(0.9, True), (0.8, True), (0.8, False), (0.6, True), (0.3, False)]


def test_a_share_of_nothing_is_none():
    assert (share(1, 3), share(0, 5), share(0, 0)) == (0.3333, 0.0, None)


def test_percentiles_are_nearest_rank():
    values = [float(v) for v in range(20, 0, -1)]
    assert [percentile(values, rank) for rank in (0.5, 0.95, 1.0, 0.01)] == [10, 19, 20, 1]
    assert percentile([], 0.5) == 0


def test_the_area_by_hand():
    # Six pairs of one true and one false: 0.9 > 0.8, 0.9 > 0.3, 0.8 = 0.8 (half), 0.8 > 0.3, 0.6 < 0.8, 0.6 > 0.3.
    assert auroc(PAIRS) == round(4.5 / 6, 4)
    assert auroc([(0.1, False), (0.2, True)]) == 1 and auroc([(0.1, True), (0.2, False)]) == 0
    assert auroc([(0.5, True)] * 3 + [(0.5, False)] * 4) == 0.5
    assert auroc([]) is None and auroc([(0.5, True)]) is None and auroc([(0.5, False)]) is None


@pytest.mark.parametrize("seed", range(20))
def test_the_area_is_the_chance_that_one_come_true_is_ahead(seed):
    chance = random.Random(seed)
    pairs = [(chance.randint(0, 20) / 20, chance.random() < 0.6) for _ in range(30)]
    duels = [(t > f) + (t == f) / 2 for t, a in pairs if a for f, b in pairs if not b]
    assert auroc(pairs) == pytest.approx(sum(duels) / len(duels), abs=5.1e-5)


def test_the_risk_coverage_curve_by_hand():
    # Accepted at 0.9: 1 of 5, none wrong; at 0.8: 3 of 5, 1 wrong (both of one confidence); at 0.6: 4, 1; all: 5, 2.
    expected = [(0.9, 0.2, 0.0), (0.8, 0.6, 1 / 3), (0.6, 0.8, 0.25), (0.3, 1.0, 0.4)]
    assert [(p.threshold, p.coverage, p.risk) for p in risk_coverage(PAIRS)] == expected
    assert [p.coverage for p in risk_coverage(PAIRS, whole=10)] == [0.1, 0.3, 0.4, 0.5]
    assert risk_coverage([]) == ()


def test_coverage_is_the_largest_at_which_the_accuracy_is_reached():
    assert coverage_at(PAIRS, 0.95) == 0.2
    assert coverage_at(PAIRS, 0.75) == 0.8  # reached again after it was lost
    assert coverage_at(PAIRS, 0.6) == 1.0
    assert coverage_at(PAIRS, 0.6, whole=10) == 0.5
    assert coverage_at([(0.9, False), (0.1, True)], 0.95) == 0.0
    assert coverage_at([], 0.95) is None and coverage_at([], 0.95, whole=4) == 0.0
    exactly = [(1 - n / 100, n != 3) for n in range(20)]
    assert coverage_at(exactly, 0.95) == 1.0  # 19 of 20 is 95 %


def test_the_calibration_error_by_hand():
    # Bins (0.2, 0.3]: conf 0.3, none true; (0.5, 0.6]: 0.6, 1 true; (0.7, 0.8]: 0.8, 1 of 2; (0.8, 0.9]: 0.9, 1 of 1.
    assert [(b.low, b.count, b.accuracy) for b in bins(PAIRS)] == [(0.2, 1, 0), (0.5, 1, 1), (0.7, 2, 0.5), (0.8, 1, 1)]
    assert calibration_error(PAIRS) == round((0.3 + 0.4 + 2 * 0.3 + 0.1) / 5, 4)
    assert calibration_error([(1.0, True), (0.0, False)]) == 0
    assert calibration_error([(1.0, False), (0.0, True)]) == 1
    assert calibration_error([]) is None


def test_a_bin_holds_its_upper_end_and_the_first_holds_nought():
    told = bins([(0.0, True), (0.1, True), (0.1000001, True), (1.0, True)])
    assert [(b.low, b.high, b.count) for b in told] == [(0.0, 0.1, 2), (0.1, 0.2, 1), (0.9, 1.0, 1)]
    assert [(b.high, b.count) for b in bins([(n / 10, True) for n in range(1, 11)])] == [
        (pytest.approx(n / 10), 1) for n in range(1, 11)
    ]


def test_the_ends_of_the_interval_are_where_the_share_is_just_believable():
    for part, whole in ((18, 44), (263, 329), (1, 7)):
        for end in interval(part, whole):  # |share - end| = 1.96 standard errors, were the end the truth
            assert abs(part / whole - end) == pytest.approx(1.96 * math.sqrt(end * (1 - end) / whole), abs=2e-4)
    assert interval(0, 4)[0] == 0 and interval(4, 4)[1] == 1
    assert interval(0, 0) is None


def test_mcnemar_by_hand():
    assert mcnemar(0, 0) == 1
    assert mcnemar(5, 0) == 2 / 32  # all five heads, or all five tails
    assert mcnemar(1, 4) == 2 * (1 + 5) / 32
    assert mcnemar(3, 3) == 1


@pytest.mark.parametrize(("gained", "lost"), [(0, 1), (7, 2), (2, 7), (12, 12), (13, 12), (30, 8), (60, 41)])
def test_mcnemar_sums_every_split_that_is_no_likelier_than_the_one_seen(gained, lost):
    n = gained + lost
    splits = [math.comb(n, i) for i in range(n + 1)]
    expected = sum(count for count in splits if count <= splits[gained]) / 2**n
    assert math.isclose(mcnemar(gained, lost), expected, rel_tol=1e-9)
