"""Passages of one article or many, ranked for a query by three legs: vectors, words, and letters.

*dense*  cosine of the encoder's vectors: of the whole passage, and of its best window
*words*  BM25 over the words of each passage, or over what the lexicon says they mean when the query is in the other
         language
*grams*  BM25 over runs of three letters, which bridges compounds that the dictionary splits in two ways

Each BM25 leg is divided by the summed idf of the query, so that a weight means the same for short and long ones.
A corpus is put together from the leaves of its articles; its arrays may lie in memory or in the files of an archive.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.encoder import Vectors
from assistant.indexing import ArticleIndex
from assistant.lexicon import Keys
from assistant.postings import Arrays, Bags, Floats, Postings, join
from assistant.question import Question
from assistant.records import Article, Language, Passage
from assistant.thai import fold

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
# Weights beside the dense leg (1.0), by the language of the query; fitted by `training/fusion.py`, see its docstring.
WORDS: dict[Language, float] = {"th": 0.61, "en": 0.52}
GRAMS: dict[Language, float] = {"th": 0.78, "en": 0.0}
STRONG = 0.5  # a key counts as a word of a passage from this strength on
NEAREST = 400  # rows that an approximate list of vectors is asked for
LEXICAL_BEST = 400  # passages that the other legs add to those
LEGS = ("words", "grams")
PARTS = ("keys", "offsets", "rows", "times", "sizes")


@dataclass(frozen=True, slots=True)
class Leaf:
    """What one article gives a corpus: P passages, W windows, and E whole passages of more than one window.

    `spans` (P, 2) are slices of its text; `windows` (P,) counts the windows of each passage; `rows` (W + E, d) are
    their unit vectors, those of the windows first.
    """

    spans: NDArray[np.int32]
    windows: NDArray[np.int32]
    rows: Vectors
    words: Bags
    grams: Bags


@dataclass(frozen=True, slots=True)
class Ranking:
    """Passages by number, best first, with what each leg made of them."""

    passages: Ints
    scores: Floats
    lexical: Floats
    dense: Floats


class Corpus:
    """The passages of some articles, ready to be searched."""

    def __init__(self, tables: Arrays, vectors: Vectors, lists: Any = None, keep: Any = None) -> None:  # noqa: ANN401
        """Take what `tables_of` and `vectors_of` made.

        Args:
            tables: of every passage its span, article, first window and whole row; the postings of both legs.
            vectors: unit rows, shape (W + E, d).
            lists: a FAISS index over these rows to find the nearest in; every row is compared without it.
            keep: whatever owns the memory that the vectors lie in.
        """
        self.spans = tables["spans"]
        self.article: Ints = np.asarray(tables["article"], dtype=np.int64)
        self._first: Ints = np.asarray(tables["first"], dtype=np.int64)
        self._whole: Ints = np.asarray(tables["whole"], dtype=np.int64)
        self._windows = int(tables["windows"][0])
        self._vectors = vectors
        self._lists = lists
        self._keep = keep
        self._words, self._grams = (Postings({p: tables[f"{leg}_{p}"] for p in PARTS}) for leg in LEGS)

    @classmethod
    def of(cls, leaves: Sequence[Leaf]) -> "Corpus":
        """Put a corpus together in memory."""
        return cls(tables_of(leaves), vectors_of(leaves))

    def __len__(self) -> int:
        """Return the number of passages."""
        return len(self.article)

    def rank(self, question: Question, vector: Vectors, most: int | None = None, among: Mask | None = None) -> Ranking:
        """Return passages with their scores, best first; equal ones in the order of the texts.

        Args:
            question: the query as understood.
            vector: its unit row, shape (d,).
            most: passages wanted; all of them when None.
            among: which articles may be found, shape (articles,); all of them when None.
        """
        dense, words, letters = self.legs(question, vector, among)
        language = question.language
        lexical = WORDS[language] * words + GRAMS[language] * letters
        total = WORDS[language] + GRAMS[language]
        scores = (dense + lexical) / (1 + total)
        if among is not None:
            scores = np.where(among[self.article], scores, -np.inf)
        order = np.argsort(-scores, kind="stable")
        order = order[np.isfinite(scores[order])][:most]
        return Ranking(order, scores[order], lexical[order] / total, dense[order])

    def legs(self, question: Question, vector: Vectors, among: Mask | None = None) -> tuple[Floats, Floats, Floats]:
        """Return what the dense leg, the words and the grams make of every passage, each of shape (P,).

        With approximate lists, the dense leg of a passage that no leg brings near is minus infinity.
        """
        words = self._words.scores(word_groups(question))
        letters = self._grams.scores([gram] for gram in sorted(set(grams(question.clean))))
        if self._lists is None:
            similar = (self._vectors @ vector).astype(np.float64)
            best = np.maximum.reduceat(similar[: self._windows], self._first) if len(self) else similar
            return (best + similar[self._whole]) / 2, words, letters
        language = question.language
        return self._near(vector, WORDS[language] * words + GRAMS[language] * letters, among), words, letters

    def _near(self, vector: Vectors, lexical: Floats, among: Mask | None) -> Floats:
        """Return the dense leg of the passages that the lists or the other legs bring near, compared exactly."""
        import faiss

        options: dict[str, Any] = {"nprobe": self._lists.nprobe}
        if among is not None:
            rows = np.zeros(len(self._vectors), dtype=bool)
            rows[: self._windows] = np.repeat(among[self.article], self._counts())
            lexical = np.where(among[self.article], lexical, -np.inf)
            options["sel"] = faiss.IDSelectorBatch(np.flatnonzero(rows))
        wanted = min(NEAREST, len(self._vectors))
        _, found = self._lists.search(vector[None], wanted, params=faiss.SearchParametersIVF(**options))
        inner = found[0][(found[0] >= 0) & (found[0] < self._windows)]
        near = np.searchsorted(self._first, inner, side="right") - 1
        dense = np.full(len(self), -np.inf)
        counts = self._counts()
        for passage in np.union1d(near, np.argsort(-lexical, kind="stable")[:LEXICAL_BEST]):
            first = self._first[passage]
            best = float((self._vectors[first : first + counts[passage]] @ vector).max())
            dense[passage] = (best + float(self._vectors[self._whole[passage]] @ vector)) / 2
        return dense

    def _counts(self) -> Ints:
        counts: Ints = np.diff(self._first, append=self._windows)
        return counts


def tables_of(leaves: Sequence[Leaf]) -> dict[str, NDArray[np.generic]]:
    """Return the tables of a corpus: of every passage its span, article, first window and whole row; postings."""
    sizes = [len(leaf.spans) for leaf in leaves]
    windows = np.concatenate([leaf.windows for leaf in leaves]).astype(np.int64)
    total, many = int(windows.sum()), windows > 1
    first = np.cumsum(windows) - windows
    tables: dict[str, NDArray[np.generic]] = {
        "spans": np.concatenate([leaf.spans for leaf in leaves]).astype(np.int32),
        "article": np.repeat(np.arange(len(leaves), dtype=np.int32), sizes),
        "first": first.astype(np.int64),
        "whole": np.where(many, total + np.cumsum(many) - 1, first).astype(np.int64),
        "windows": np.array([total], dtype=np.int64),
    }
    for leg in LEGS:
        tables |= {f"{leg}_{part}": array for part, array in join([getattr(leaf, leg) for leaf in leaves]).items()}
    return tables


def vectors_of(leaves: Sequence[Leaf]) -> Vectors:
    """Return the vectors of a corpus: every window in order, then every whole passage of more than one."""
    counts = [int(leaf.windows.sum()) for leaf in leaves]
    parts = [leaf.rows[:count] for leaf, count in zip(leaves, counts, strict=True)]
    parts += [leaf.rows[count:] for leaf, count in zip(leaves, counts, strict=True)]
    return np.concatenate(parts).astype(np.float32)


def leaf_of(index: ArticleIndex) -> Leaf:
    """Return what an article already indexed gives a corpus."""
    counts = np.bincount([w.passage for w in index.windows], minlength=len(index.passages)).astype(np.int32)
    rows = np.concatenate([index.window_rows(), index.passage_rows()[counts > 1]])
    return make_leaf(index.article, index.passages, counts, rows, index.analysis.clause_keys)


def make_leaf(
    article: Article, passages: Sequence[Passage], windows: NDArray[np.int32], rows: Vectors, keys: Sequence[Keys]
) -> Leaf:
    """Return a leaf from an article's passages, their windows and vectors, and the keys of its clauses."""
    return Leaf(
        np.array([(p.start, p.end) for p in passages], dtype=np.int32).reshape(-1, 2),
        windows,
        rows,
        Bags.of(passage_bags(article, passages, keys)),
        Bags.of([Counter(grams(p.text)) for p in passages]),
    )


def passage_bags(article: Article, passages: Sequence[Passage], keys: Sequence[Keys]) -> list[Counter[str]]:
    """Return for each passage of an article how often each key stands in it; the article's own entities left out."""
    bags: list[Counter[str]] = [Counter() for _ in passages]
    clauses = iter(zip(article.clauses, keys, strict=True))
    current = next(clauses, None)
    for passage, bag in zip(passages, bags, strict=True):
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


def passages_of(ranking: Ranking, corpus: Corpus, article: Any) -> Iterable[Passage]:  # noqa: ANN401
    """Yield the passages of a ranking as records; `article` gives an article by its number."""
    for at, score, lexical, dense in zip(ranking.passages, ranking.scores, ranking.lexical, ranking.dense, strict=True):
        held: Article = article(int(corpus.article[at]))
        start, end = (int(n) for n in corpus.spans[at])
        figures = (round(float(x), 6) for x in (score, lexical, dense))
        yield Passage(held.id, start, end, held.text[start:end], *figures)
