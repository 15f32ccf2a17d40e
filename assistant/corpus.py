"""Passages of one article or many, ranked for a query by three legs: vectors, words, and letters.

*dense*  cosine of the encoder's vectors: of the whole passage, and of its best window
*words*  BM25 (Robertson & Zaragoza, 2009) over the words of each passage, or over what the lexicon says they mean when
         the query is in the other language
*grams*  BM25 over runs of three letters, which bridges compounds that the dictionary splits in two ways

Each BM25 leg is divided by the summed idf of the query, so that a weight means the same for short and long ones.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from assistant.encoder import Vectors
from assistant.indexing import ArticleIndex
from assistant.question import Question
from assistant.records import Language, Passage
from assistant.thai import fold

Floats = NDArray[np.float64]
K1, B = 1.2, 0.75
# Weights beside the dense leg (1.0), by the language of the query; fitted by `training/fusion.py`, see its docstring.
WORDS: dict[Language, float] = {"th": 0.61, "en": 0.52}
GRAMS: dict[Language, float] = {"th": 0.78, "en": 0.0}
STRONG = 0.5  # a key counts as a word of a passage from this strength on


@dataclass(slots=True)
class Postings:
    """BM25 over bags of keys: for each key the rows that hold it and its weight there."""

    rows: dict[str, NDArray[np.int32]] = field(default_factory=dict)
    weights: dict[str, NDArray[np.float32]] = field(default_factory=dict)
    count: int = 0

    @classmethod
    def of(cls, bags: Sequence[Counter[str]]) -> "Postings":
        """Index bags of keys, one a row."""
        sizes = [sum(bag.values()) for bag in bags]
        mean = sum(sizes) / max(len(sizes), 1) or 1.0
        held: dict[str, list[tuple[int, float]]] = {}
        for row, (bag, size) in enumerate(zip(bags, sizes, strict=True)):
            for key, times in bag.items():
                weight = times * (K1 + 1) / (times + K1 * (1 - B + B * size / mean))
                held.setdefault(key, []).append((row, weight))
        return cls(
            {key: np.array([r for r, _ in pairs], dtype=np.int32) for key, pairs in held.items()},
            {key: np.array([w for _, w in pairs], dtype=np.float32) for key, pairs in held.items()},
            len(bags),
        )

    def idf(self, key: str) -> float:
        """Return the inverse document frequency of a key, above zero."""
        holders = len(self.rows[key]) if key in self.rows else 0
        return math.log(1 + (self.count - holders + 0.5) / (holders + 0.5))

    def scores(self, groups: Iterable[Sequence[str]]) -> Floats:
        """Return BM25 of each row over the summed idf of the query, shape (rows,), from 0 to K1 + 1.

        Args:
            groups: for each word of the query the keys that may stand for it; the best one in a row counts.
        """
        total, found = 0.0, np.zeros(self.count)
        for keys in groups:
            best = np.zeros(self.count)
            for key in keys:
                if key in self.rows:
                    rows = self.rows[key]
                    best[rows] = np.maximum(best[rows], self.idf(key) * self.weights[key])
            total += max((self.idf(key) for key in keys if key in self.rows), default=self.idf(""))
            found += best
        return found / total if total else found


class Corpus:
    """The passages of some articles, ready to be searched."""

    def __init__(self, indexes: Sequence[ArticleIndex]) -> None:
        """Index the passages of articles already indexed one by one."""
        self.passages: tuple[Passage, ...] = tuple(p for index in indexes for p in index.passages)
        windows = [index.window_rows() for index in indexes]
        wholes = [index.passage_rows() for index in indexes]
        self._windows = np.concatenate(windows)
        self._wholes = np.concatenate(wholes)
        owners, at = [], 0
        for index in indexes:
            owners.append(np.array([w.passage for w in index.windows], dtype=np.int64) + at)
            at += len(index.passages)
        self._owner = np.concatenate(owners)
        bags = [bag for index in indexes for bag in passage_bags(index)]
        self._words = Postings.of(bags)
        self._grams = Postings.of([Counter(grams(p.text)) for p in self.passages])

    def rank(self, question: Question, vector: Vectors) -> list[Passage]:
        """Return every passage with its scores, best first; equal ones in the order of the texts.

        Args:
            question: the query as understood.
            vector: its unit row, shape (d,).
        """
        dense, words, letters = self.legs(question, vector)
        language = question.language
        lexical = WORDS[language] * words + GRAMS[language] * letters
        total = WORDS[language] + GRAMS[language]
        scores = (dense + lexical) / (1 + total)
        order = np.argsort(-scores, kind="stable")
        return [
            replace(
                self.passages[i],
                score=round(float(scores[i]), 6),
                lexical=round(float(lexical[i] / total), 6),
                dense=round(float(dense[i]), 6),
            )
            for i in order
        ]

    def legs(self, question: Question, vector: Vectors) -> tuple[Floats, Floats, Floats]:
        """Return what the dense leg, the words and the grams make of every passage, each of shape (P,)."""
        best = np.full(len(self.passages), -1.0)
        np.maximum.at(best, self._owner, self._windows @ vector)
        dense = (best + self._wholes @ vector) / 2
        words = self._words.scores(word_groups(question))
        letters = self._grams.scores([gram] for gram in sorted(set(grams(question.clean))))
        return dense, words, letters


def passage_bags(index: ArticleIndex) -> list[Counter[str]]:
    """Return for each passage of an article how often each key stands in it; the article's own entities left out."""
    bags: list[Counter[str]] = [Counter() for _ in index.passages]
    clauses = iter(zip(index.article.clauses, index.analysis.clause_keys, strict=True))
    current = next(clauses, None)
    for passage, bag in zip(index.passages, bags, strict=True):
        while current is not None and current[0].start < passage.end:
            bag.update(k for k, s in current[1].items() if s >= STRONG and not k.startswith("g:"))
            current = next(clauses, None)
    return bags


def word_groups(question: Question) -> list[list[str]]:
    """Return for each content word of a question the keys that may stand for it in a passage, and for its parts."""
    groups: list[list[str]] = []
    for term in question.terms:
        for keys in (term.keys, *term.parts):
            group = [k for k, s in keys.items() if s >= STRONG and not k.startswith("g:")]
            if group:
                groups.append(group)
    return groups


def grams(text: str, size: int = 3) -> list[str]:
    """Return the runs of letters of a text without white space."""
    letters = "".join(fold(text).split())
    return [letters[i : i + size] for i in range(len(letters) - size + 1)]
