"""Fit the trees of `assistant.ranking` to question sets, and how sure an answer must be to be given.

`python training/ranker.py --out assistant/data/ranker.json SET.jsonl …` where each set lies beside its article
`NAME.txt` (the shipped article's sets start with `shipped`). A candidate is right when it says what the row's `answer`
or `expect` says and stands where its `evidence` stands. Trees are grown with LightGBM; the articles are split in five,
and the scale, the threshold and every figure printed come from trees that did not see the article.
"""

import argparse
import json
import logging
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import lightgbm
import numpy as np
from claims import verdict

from assistant.evidence import Evidence, Finding
from assistant.question import Question

LOG = logging.getLogger("ranker")
FOLDS, ROUNDS, LEAVES, RATE = 5, 160, 12, 0.06
SHIPPED = 2.0  # weight of the questions about the shipped article, which is the one most are asked about
WRONG = 0.7  # what a wrong answer costs where a right one is worth one
AROUND = 0.05  # the worth of a threshold is the mean over those this near: it is nearly flat, and noisy
BREVITY = 0.0006  # what a letter of an answer costs when candidates are about as likely
OPTIONS = {
    "objective": "binary",
    "num_leaves": LEAVES,
    "learning_rate": RATE,
    "min_data_in_leaf": 30,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "verbosity": -1,
    "seed": 0,
    "deterministic": True,
    "num_threads": 2,
}


@dataclass
class Asked:
    """A question's candidates as rows, which are right, how long each is, and whether there is an answer at all."""

    article: str
    language: str
    kind: str
    rows: np.ndarray
    right: np.ndarray
    length: np.ndarray
    answerable: bool
    sure: np.ndarray  # how likely a yes or no is the right one of the two; ones for other questions
    told: np.ndarray  # whether the answer is right as it would be told


def letters(text: str) -> str:
    """Return a text as answers are compared: folded, without white space and commas."""
    from assistant.judging import folded

    return folded(text).replace(" ", "")


def is_right(row: dict, text: str, thai: str, english: str, spans: tuple) -> bool:
    """Tell whether a candidate says what a row wants, from where the row has it."""
    if not row["answerable"]:
        return False
    told = letters(f"{thai} | {english}")
    places = []
    for words in row["evidence"]:
        at = text.find(words)
        while at >= 0:
            places.append((at, at + len(words)))
            at = text.find(words, at + 1)
    stands = not places or any(s < e2 and s2 < e for s, e in spans for s2, e2 in places)
    if row["kind"] == "yesno":
        return stands
    if row.get("expect"):
        return stands and all(any(letters(o) in told for o in options) for options in row["expect"])
    answers = [letters(a) for a in row.get("answer") or []]
    if not answers:
        return False
    held = sum(a in told for a in answers)
    part = letters(thai)
    if len(answers) == 1 and part in answers[0] and len(part) >= 0.4 * len(answers[0]):
        held = 1
    return stands and held >= 0.8 * len(answers)


def read(path: Path) -> list[Asked]:
    """Return the questions of a set with their candidates."""
    from assistant import candidates, claims
    from assistant.api import Assistant
    from assistant.conversation import resolve
    from assistant.features import features
    from assistant.question import understand
    from assistant.ways import by_kind

    source = path.with_suffix(".txt")
    bot = Assistant.from_file(source) if source.is_file() else Assistant()
    index = bot._indexes[0]

    def look(question: Question) -> tuple[Evidence, Finding | None]:
        evidence = bot._evidence(index, question)
        return evidence, by_kind(evidence)

    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        question = understand(row["question"], index.analysis.vocabulary)
        if question.kind == "meta" or row["kind"] == "meta":
            continue
        question = resolve(question, row.get("history", ()), index.analysis, look)
        evidence = bot._evidence(index, question)
        gathered = candidates.gather(evidence, by_kind(evidence))
        first = gathered[0].finding if gathered else None
        if first is None or (gathered[0].source == "rule" and (first.sure or first.beyond)):
            continue
        text = bot.article.text
        right = np.array([is_right(row, text, c.finding.thai, c.finding.english, c.finding.spans) for c in gathered])
        sure, told = np.ones(len(right)), right
        if candidates.is_claim(evidence):
            weighed = [claims.weigh(evidence, c.finding) for c in gathered]
            sure = np.array([s for _, s in weighed])
            told = right & np.array(
                [row["kind"] != "yesno" or f.template in ("told", verdict(row)) for f, _ in weighed]
            )
        found.append(
            Asked(
                path.stem,
                row["lang"],
                row["kind"],
                features(evidence, gathered),
                right,
                np.array([len(c.finding.thai) for c in gathered]),
                bool(row["answerable"]),
                sure,
                told,
            )
        )
    return found


def grow(some: list[Asked]) -> lightgbm.Booster:
    """Grow trees over the candidates of some questions."""
    rows, right = np.concatenate([a.rows for a in some]), np.concatenate([a.right for a in some])
    weight = np.concatenate([np.full(len(a.right), SHIPPED if a.article.startswith("shipped") else 1.0) for a in some])
    return lightgbm.train(OPTIONS, lightgbm.Dataset(rows, right, weight=weight), ROUNDS)


def best(asked: Asked, p: np.ndarray) -> int:
    """Return the candidate to give: the likeliest, shorter ones preferred among about equals."""
    return int(np.argmax(p - BREVITY * np.minimum(asked.length, 300)))


def platt(odds: np.ndarray, right: np.ndarray) -> tuple[float, float]:
    """Return scale and shift that make log odds fit (logistic regression on one number, by Newton's method)."""
    x = np.stack([odds, np.ones_like(odds)], axis=1)
    w = np.array([1.0, 0.0])
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ w))
        w = w + np.linalg.solve((x.T * (p * (1 - p))) @ x + 1e-3 * np.eye(2), x.T @ (right - p))
    return float(w[0]), float(w[1])


def plain(booster: lightgbm.Booster) -> dict:
    """Return trees as padded arrays."""
    trees = []
    for info in booster.dump_model()["tree_info"]:
        nodes: list[list[float]] = []

        def add(node: dict, nodes: list[list[float]] = nodes) -> tuple[int, int]:
            at = len(nodes)
            nodes.append([0, 0.0, at, at, node.get("leaf_value", 0.0)])
            if "split_feature" not in node:
                return at, 0
            left, one = add(node["left_child"])
            right, other = add(node["right_child"])
            nodes[at][:4] = [node["split_feature"], node["threshold"], left, right]
            return at, 1 + max(one, other)

        _, depth = add(info["tree_structure"])
        trees.append((nodes, depth))
    size = max(len(nodes) for nodes, _ in trees)
    padded = [nodes + [[0, 0.0, 0, 0, 0.0]] * (size - len(nodes)) for nodes, _ in trees]
    names = ("feature", "split", "left", "right", "value")
    kinds = (int, float, int, int, float)
    return {
        **{
            n: [[k(f"{node[i]:.6g}") for node in t] for t in padded]
            for i, (n, k) in enumerate(zip(names, kinds, strict=True))
        },
        "depth": max(depth for _, depth in trees),
    }


def auc(score: np.ndarray, label: np.ndarray) -> float:
    """Return the area under the ROC curve."""
    return float((score[label][:, None] > score[~label][None, :]).mean())


def main() -> None:
    """Fit, report, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", type=Path, nargs="+")
    parser.add_argument("--test", type=Path, nargs="*", default=[], help="sets to report on only")
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        asked = [a for some in pool.map(read, args.sets) for a in some]
        held = [a for some in pool.map(read, args.test) for a in some]
    names = sorted({a.article for a in asked})
    order = np.random.default_rng(0).permutation(len(names))
    fold = {names[i]: k % FOLDS for k, i in enumerate(order)}
    odds = [np.zeros(0)] * len(asked)
    for k in range(FOLDS):
        booster = grow([a for a in asked if fold[a.article] != k])
        for i, a in enumerate(asked):
            if fold[a.article] == k:
                odds[i] = booster.predict(a.rows, raw_score=True)
    top = [best(a, 1 / (1 + np.exp(-o))) for a, o in zip(asked, odds, strict=True)]
    x = np.array([o[t] for o, t in zip(odds, top, strict=True)])
    scale, shift = platt(x, np.array([float(a.right[t]) for a, t in zip(asked, top, strict=True)]))
    y = np.array([a.told[t] for a, t in zip(asked, top, strict=True)])
    p = np.array([a.sure[t] for a, t in zip(asked, top, strict=True)]) / (1 + np.exp(-(scale * x + shift)))
    could = np.array([a.answerable for a in asked])

    def worth(t: float) -> float:
        says = p >= t
        return float((says & y).sum() + (~says & ~could).sum() - WRONG * (says & ~y).sum())

    steps = np.arange(0.1, 0.8, 0.01)
    worths = np.array([worth(t) for t in steps])
    smooth = [worths[np.abs(steps - t) <= AROUND].mean() for t in steps]
    threshold = float(steps[int(np.argmax(smooth))])
    reach = np.mean([a.right.any() for a in asked if a.answerable])
    LOG.info("%d questions of %d articles; a right candidate for %.3f of the answerable", len(asked), len(names), reach)
    LOG.info("out of fold: right first %.3f of answerable, AUC %.3f", y[could].mean(), auc(p, y))
    says = p >= threshold
    LOG.info(
        "threshold %.2f: right %.3f, wrong %.3f, silent %.3f",
        threshold,
        ((says & y) | (~says & ~could)).mean(),
        (says & ~y).mean(),
        (~says).mean(),
    )
    for t in np.arange(0.3, 0.66, 0.05):
        LOG.info(
            "  from %.2f on: right %.3f, wrong %.3f",
            t,
            (((p >= t) & y) | ((p < t) & ~could)).mean(),
            ((p >= t) & ~y).mean(),
        )
    booster = grow(asked)
    for kind in sorted({a.kind for a in asked}):
        mine = np.array([a.kind == kind for a in asked])
        LOG.info(
            "  %-14s %4d right %.3f wrong %.3f first %.3f reach %.3f",
            kind,
            mine.sum(),
            ((says & y) | (~says & ~could))[mine].mean(),
            (says & ~y)[mine].mean(),
            y[mine].mean(),
            np.mean([a.right.any() for a, m in zip(asked, mine, strict=True) if m]),
        )
    rule = [float(a.right[0]) for a in asked if a.answerable]
    LOG.info("the rules' own choice is right for %.3f of the answerable", np.mean(rule))
    if held:
        o = [booster.predict(a.rows, raw_score=True) for a in held]
        t = [best(a, 1 / (1 + np.exp(-v))) for a, v in zip(held, o, strict=True)]
        q = np.array([a.sure[i] / (1 + np.exp(-(scale * v[i] + shift))) for a, v, i in zip(held, o, t, strict=True)])
        r = np.array([a.told[i] for a, i in zip(held, t, strict=True)])
        c = np.array([a.answerable for a in held])
        for s in np.arange(0.3, 0.66, 0.05):
            LOG.info(
                "  held from %.2f on: right %.3f, wrong %.3f",
                s,
                (((q >= s) & r) | ((q < s) & ~c)).mean(),
                ((q >= s) & ~r).mean(),
            )
        LOG.info(
            "held: first %.3f; right %.3f wrong %.3f AUC %.3f",
            r[c].mean(),
            (((q >= threshold) & r) | ((q < threshold) & ~c)).mean(),
            ((q >= threshold) & ~r).mean(),
            auc(q, r),
        )
    gain = sorted(zip(booster.feature_importance("gain"), range(asked[0].rows.shape[1]), strict=True), reverse=True)
    from assistant.features import NAMES

    LOG.info("most used: %s", ", ".join(NAMES[i] for _, i in gain[:14]))
    if args.out:
        about = {
            "about": "Gradient-boosted trees over features.NAMES; by training/ranker.py.",
            "measured": {
                "questions": len(asked),
                "articles": len(names),
                "first": round(float(y[could].mean()), 4),
                "auc": round(auc(p, y), 4),
            },
            "features": list(NAMES),
            "threshold": round(threshold, 3),
            "brevity": BREVITY,
            "scale": scale,
            "shift": shift,
            **plain(booster),
        }
        args.out.write_text(json.dumps(about, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
