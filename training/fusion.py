"""Learn how much the lexical legs of `assistant.corpus` weigh beside the dense one, for each language of a question.

`python training/fusion.py [--iapp iapp-train.jsonl.gz --english questions-en-th.tsv.gz] SET.jsonl …` reads sets with
`evidence`, each beside its article `NAME.txt`, and some articles of the iapp question set, puts the passages of each
source in a corpus of their own, and fits the weights by softmax regression: the passage with the evidence must win
among all. It prints the weights, and R@1 with each leg alone and all together, on
the half of the articles that was not fitted.
"""

import argparse
import itertools
import json
import logging
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from reader_examples import Asked, iapp
from scipy.optimize import minimize

from assistant import article as articles
from assistant.analysis import lexicon_vocabulary
from assistant.corpus import Corpus, leaf_of
from assistant.encoder import shipped_encoder
from assistant.indexing import build
from assistant.question import understand
from assistant.retrieval import dense_text

LOG = logging.getLogger("fusion")
RIDGE = 1e-3


@dataclass
class Case:
    """A question with its legs over all passages, shape (3, P), the passages that prove it, and its article."""

    language: str
    legs: np.ndarray
    gold: np.ndarray
    article: str


def sets(paths: list[Path]) -> list[tuple[str, str, list[Asked]]]:
    """Read question sets: names, texts and questions with the slices that prove the answers."""
    found = []
    for path in paths:
        text = path.with_suffix(".txt").read_bytes().decode("utf-8")
        asked = []
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if row["answerable"] and row["evidence"] and not row.get("history"):
                at = text.find(row["evidence"][0])
                asked.append(Asked(row["question"], (), ((at, at + len(row["evidence"][0])),)))
        found.append((path.stem, text, asked))
    return found


def cases(sources: list[tuple[str, str, list[Asked]]]) -> list[Case]:
    """Weigh every question against every passage of a source."""
    encoder = shipped_encoder()
    indexes = [build(articles.build(text, identity=name), encoder) for name, text, _ in sources]
    corpus = Corpus.of([leaf_of(index) for index in indexes])
    passages = [passage for index in indexes for passage in index.passages]
    found = []
    for name, _, asked in sources:
        for item in asked:
            question = understand(item.text, lexicon_vocabulary())
            vector = encoder.encode([dense_text(question)], query=True)[0]
            gold = np.array(
                [p.article == name and any(p.start < e and s < p.end for s, e in item.spans) for p in passages]
            )
            if gold.any():
                found.append(Case(question.language, np.stack(corpus.legs(question, vector)), gold, name))
    return found


def r1(some: list[Case], weights: np.ndarray) -> float:
    """Return how often the best passage holds the evidence."""
    return float(np.mean([c.gold[int((weights @ c.legs).argmax())] for c in some]))


def fit(some: list[Case]) -> np.ndarray:
    """Return the weights of dense, words and grams that make the proving passages likeliest."""

    def loss(w: np.ndarray) -> float:
        total = RIDGE * float((w**2).sum())
        for c in some:
            scores = w @ c.legs
            scores -= scores.max()
            odds = np.exp(scores)
            total -= float(np.log(odds[c.gold].sum() / odds.sum())) / len(some)
        return total

    best = minimize(loss, np.array([10.0, 5.0, 5.0]), method="L-BFGS-B", bounds=[(0.1, None), (0, None), (0, None)])
    return np.asarray(best.x)


def main() -> None:
    """Fit and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", type=Path, nargs="+")
    parser.add_argument("--iapp", type=Path)
    parser.add_argument("--english", type=Path)
    parser.add_argument("--articles", type=int, default=150, help="of the iapp set")
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    everything = cases(sets(args.sets))
    if args.iapp:
        everything += cases(list(itertools.islice(iapp(args.iapp, args.english), args.articles)))
    names = sorted({c.article for c in everything})
    for language in ("th", "en"):
        mine = [c for c in everything if c.language == language]
        fitted = [c for c in mine if names.index(c.article) % 2 == 0]
        held = [c for c in mine if names.index(c.article) % 2]
        w = fit(fitted)
        w = w / w[0]
        alone = [r1(held, np.eye(3)[i]) for i in range(3)]
        LOG.info(
            "%s: %d fitted, %d held; words %.2f, grams %.2f beside dense 1", language, len(fitted), len(held), *w[1:]
        )
        LOG.info("  R@1 held: dense %.3f, words %.3f, grams %.3f, together %.3f", *alone, r1(held, w))


if __name__ == "__main__":
    sys.exit(main())
