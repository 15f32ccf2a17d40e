"""Fit the weights by which a claim is told from its denial (`assistant.claims`), by ridge logistic regression.

`python training/claims.py --out assistant/data/claims.json SET.jsonl …` reads the yes/no rows of question sets, each
beside its article `NAME.txt`; a row's `verdict`, or else what it expects, says which it is. Prints what
five-fold cross-validation gives.
"""

import argparse
import json
import logging
import sys
from pathlib import Path

import numpy as np

from assistant import candidates, claims
from assistant.api import Assistant
from assistant.question import understand

LOG = logging.getLogger("claims")
RIDGE, FOLDS = 2.0, 5


def verdict(row: dict) -> str:
    """Return yes or no, as a row has it."""
    if row.get("verdict"):
        return str(row["verdict"])
    wanted = " ".join(o for options in row["expect"] for o in options).casefold()
    return "no" if any(w in wanted for w in ("no,", "no.", "ไม่")) else "yes"


def read(path: Path) -> list[tuple[tuple[float, ...], bool]]:
    """Return the signs and the verdict of every claim in a set, from the first clause that holds its evidence."""
    source = path.with_suffix(".txt")
    bot = Assistant.from_file(source) if source.is_file() else Assistant()
    index = bot._indexes[0]
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["kind"] != "yesno" or not row["answerable"] or row.get("history"):
            continue
        evidence = bot._evidence(index, understand(row["question"], index.analysis.vocabulary))
        if not candidates.is_claim(evidence):
            continue
        places = [(bot.article.text.find(w), bot.article.text.find(w) + len(w)) for w in row["evidence"]]
        for one in candidates.gather(evidence, None):
            if any(s < e2 and s2 < e for s, e in one.finding.spans for s2, e2 in places):
                found.append((claims.signs(evidence, one.finding.clause), verdict(row) == "yes"))
                break
    return found


def fit(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return ridge logistic weights by Newton's method."""
    w = np.zeros(x.shape[1])
    for _ in range(40):
        p = 1 / (1 + np.exp(-x @ w))
        w = w + np.linalg.solve((x.T * (p * (1 - p))) @ x + RIDGE * np.eye(len(w)), x.T @ (y - p) - RIDGE * w)
    return w


def main() -> None:
    """Fit, report, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", type=Path, nargs="+")
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    rows = [r for path in args.sets for r in read(path)]
    x, y = np.array([r[0] for r in rows]), np.array([r[1] for r in rows], dtype=float)
    fold = np.random.default_rng(0).permutation(len(y)) % FOLDS
    p = np.zeros(len(y))
    for k in range(FOLDS):
        p[fold == k] = x[fold == k] @ fit(x[fold != k], y[fold != k])
    right = float(((p >= 0) == (y > 0.5)).mean())
    w = fit(x, y)
    LOG.info("%d claims, %.2f of them true; right out of fold %.3f", len(y), y.mean(), right)
    LOG.info("%s", {n: round(float(v), 2) for n, v in zip(claims.FEATURES, w, strict=True)})
    if args.out:
        about = "Ridge logistic regression over claims.FEATURES; by training/claims.py."
        measured = {"claims": len(y), "right": round(right, 4)}
        weights = dict(zip(claims.FEATURES, (round(float(v), 4) for v in w), strict=True))
        body = json.dumps({"about": about, "measured": measured, "weights": weights}, indent=1)
        args.out.write_text(body + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
