"""The index of an article: passages and clauses as vectors in FAISS, words and mentions beside them; see `saved`."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from assistant.analysis import Analysis, analyse
from assistant.encoder import Encoder, Vectors
from assistant.passages import Window, encode_once, make_passages, slice_texts
from assistant.reader import article_tokens, shipped_reader
from assistant.reading import Tokens
from assistant.records import Article, Passage
from assistant.retrieval import Floats, clause_texts, nearness


@dataclass(frozen=True, slots=True)
class ArticleIndex:
    """An article ready to be asked: its analysis, its passages and the vectors of both.

    `vectors` has 2 C + W + P unit rows: C clauses, then the sentence of each clause, W windows, P passages.
    """

    analysis: Analysis
    passages: tuple[Passage, ...]
    windows: tuple[Window, ...]
    near: Floats
    vectors: Any
    tokens: Tokens

    @property
    def article(self) -> Article:
        """The article indexed."""
        return self.analysis.article

    def similarities(self, query: Vectors) -> Floats:
        """Return the cosine of a unit row of shape (d,) with every row of the index, shape (2 C + P,)."""
        scores, rows = self.vectors.search(query[None, :].astype(np.float32), self.vectors.ntotal)
        ordered = np.empty(self.vectors.ntotal)
        ordered[rows[0]] = scores[0]
        return ordered

    def window_rows(self) -> Vectors:
        """Return the unit rows of the windows, shape (W, d)."""
        return self._rows(2 * len(self.article.clauses), len(self.windows))

    def passage_rows(self) -> Vectors:
        """Return the unit rows of the passages, shape (P, d)."""
        return self._rows(2 * len(self.article.clauses) + len(self.windows), len(self.passages))

    def _rows(self, first: int, count: int) -> Vectors:
        rows: Vectors = self.vectors.reconstruct_n(first, count)
        return rows


def build(article: Article, encoder: Encoder) -> ArticleIndex:
    """Analyse an article and encode it."""
    analysis = analyse(article)
    passages, windows = make_passages(article)
    rows = encode_once(encoder, [*clause_texts(analysis), *slice_texts(article, windows, passages)])
    return assemble(analysis, passages, windows, rows)


def assemble(
    analysis: Analysis, passages: tuple[Passage, ...], windows: tuple[Window, ...], rows: Vectors
) -> ArticleIndex:
    """Return an article's index from its unit rows: 2 C of clauses, W of windows, P of passages."""
    return ArticleIndex(
        analysis, passages, windows, nearness(analysis), _flat(rows), article_tokens(analysis, shipped_reader())
    )


def _flat(rows: Vectors) -> Any:  # noqa: ANN401
    import faiss

    index = faiss.IndexFlatIP(rows.shape[1])
    index.add(np.ascontiguousarray(rows, dtype=np.float32))
    return index
