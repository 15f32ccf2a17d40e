"""Fit the confidence of answers: logistic regression (ridge, IRLS) on the question sets of this folder.

`python -m tests.calibrate SET.jsonl…` prints what five-fold cross-validation gives and writes
`assistant/data/confidence.json`. A row's label is whether answering it would be right.
"""

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from assistant import answering, confidence
from assistant.api import Assistant
from assistant.conversation import resolve
from assistant.evaluate import judge, load_cases
from assistant.lexicon import DATA
from assistant.question import understand

RIDGE, FOLDS = 3.0, 5
WRONG = 0.35  # what a wrong answer costs where a right one is worth one


def rows(paths: list[Path]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return features, labels (answering would be right) and whether each row is answerable."""
    x, y, answerable = [], [], []
    for path in paths:
        text = path.with_suffix(".txt")
        bot = Assistant.from_file(text) if text.is_file() else Assistant()
        index = bot._indexes[0]
        for case in load_cases(path):
            question = understand(case.question, index.analysis.vocabulary)
            if question.kind == "meta":
                continue
            question = resolve(question, case.history, index.analysis, lambda q, b=bot, i=index: b._look(i, q))
            evidence = bot._evidence(index, question)
            decision = confidence.decide(evidence)
            if not decision.features or decision.finding is None or answering.ruled_out(evidence, decision.finding):
                continue
            said = answering._answer(
                evidence, "answered", answering.spoken(evidence, decision.finding), decision.finding.spans, 0.5
            )
            right = (
                judge(case, replace(said, language=question.language), bot.article.text, 0.0).right and case.answerable
            )
            x.append(decision.features)
            y.append(float(right))
            answerable.append(float(case.answerable))
    return np.array(x), np.array(y), np.array(answerable)


def fit(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return ridge logistic weights by iteratively reweighted least squares."""
    w = np.zeros(x.shape[1])
    penalty = RIDGE * np.eye(x.shape[1])
    penalty[0, 0] = 0.01
    for _ in range(40):
        p = 1 / (1 + np.exp(-x @ w))
        h = x.T @ (x * (p * (1 - p))[:, None]) + penalty
        w = w + np.linalg.solve(h, x.T @ (y - p) - penalty @ w)
    return w


def best_threshold(p: np.ndarray, y: np.ndarray, answerable: np.ndarray) -> float:
    """Return the threshold with most rows right; silence counts where there is no answer, a wrong answer costs."""

    def worth(t: float) -> float:
        says = p >= t
        return float((says * y).sum() + (~says * (1 - answerable)).sum() - WRONG * (says * (1 - y)).sum())

    return max(np.arange(0.1, 0.9, 0.01).tolist(), key=worth)


def main(paths: list[Path]) -> dict[str, Any]:
    """Fit, report and write the weights."""
    x, y, answerable = rows(paths)
    folds = np.random.default_rng(0).permutation(len(y)) % FOLDS
    p = np.zeros(len(y))
    for k in range(FOLDS):
        p[folds == k] = 1 / (1 + np.exp(-x[folds == k] @ fit(x[folds != k], y[folds != k])))
    threshold = best_threshold(p, y, answerable)
    order = np.argsort(p)
    ranks = np.empty(len(p))
    ranks[order] = np.arange(1, len(p) + 1)
    auc = (ranks[y == 1].sum() - y.sum() * (y.sum() + 1) / 2) / (y.sum() * (len(y) - y.sum()))
    says = p >= threshold
    report = {
        "rows": len(y),
        "auc": round(float(auc), 4),
        "threshold": round(threshold, 3),
        "right": round(float((says * y).sum() + (~says * (1 - answerable)).sum()) / len(y), 4),
        "wrong": round(float((says * (1 - y)).sum()) / len(y), 4),
    }
    weights = dict(zip(confidence.FEATURES, (round(float(v), 4) for v in fit(x, y)), strict=True))
    (DATA / "confidence.json").write_text(
        json.dumps(
            {
                "about": "Ridge logistic regression over confidence.py's FEATURES; by `python -m tests.calibrate`.",
                "measured": {"sets": [path.name for path in paths], **report},
                "threshold": round(threshold, 3),
                "weights": weights,
            },
            ensure_ascii=False,
            indent=1,
        )
        + "\n",
        encoding="utf-8",
    )
    return report


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main([Path(a) for a in sys.argv[1:]])) + "\n")
