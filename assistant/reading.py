"""What the reader sees and says: an article's tokens, a question laid out, and probabilities over spans."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.encoder import Vectors

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
LONGEST_SPAN = 48  # tokens


@dataclass(frozen=True, slots=True)
class Tokens:
    """An article as the reader sees it before a question: one row for each token.

    `start` and `end` are slices of `Article.text`; `inner` and `outer` the same slice in the normalised clause;
    `clause` and `kind` have the number of its clause and of its mention; `states` shape (n, d), float16.
    """

    start: Ints
    end: Ints
    inner: Ints
    outer: Ints
    clause: Ints
    kind: Ints
    states: NDArray[np.float16]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What goes through the upper layers for one question: question tokens, then those of the chosen clauses.

    Every array has one row a token; `token` is the row of `Tokens`, -1 for the question's own.
    """

    states: Vectors
    token: Ints
    kind: Ints
    level: Ints
    rank: Ints


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader makes of a question: probabilities over the tokens and clauses it read.

    `inside[i]` is how likely token `token[i]` of the article belongs to the answer; `clauses` how likely each clause
    read holds it; `silent` how likely none does; `yes` how likely a claim is right; `best` the likeliest span.
    """

    token: Ints
    inside: Floats
    clauses: dict[int, float]
    silent: float
    yes: float
    best: tuple[int, int]
    sure: float
    tokens: Tokens

    def within(self, start: int, end: int) -> float:
        """Return how likely a slice of the article is part of the answer, 0 to 1."""
        hit = (self.tokens.start[self.token] < end) & (self.tokens.end[self.token] > start)
        return float(self.inside[hit].max(initial=0.0))


def pack_tokens(tokens: Tokens) -> bytes:
    """Return an article's tokens as the bytes of a safetensors file."""
    from safetensors.numpy import save

    body: bytes = save({name: np.ascontiguousarray(getattr(tokens, name)) for name in Tokens.__slots__})
    return body


def unpack_tokens(body: bytes) -> Tokens:
    """Return the tokens that `pack_tokens` packed."""
    from safetensors.numpy import load

    arrays = load(body)
    return Tokens(**{name: arrays[name] for name in Tokens.__slots__})


def weigh(page: Sheet, tokens: Tokens, logits: Vectors, verdict: Vectors) -> Reading:
    """Turn the head's logits into probabilities over every span within a clause, and over none.

    Args:
        page: what was read, n tokens.
        tokens: the article.
        logits: start and end, shape (n, 2).
        verdict: no and yes, shape (2,).
    """
    own = int((page.token < 0).sum())
    rows = page.token[own:]
    size = len(rows)
    start, end = logits[own:, 0].astype(np.float64), logits[own:, 1].astype(np.float64)
    clause = tokens.clause[rows]
    first, last = np.indices((size, size))
    allowed = (last >= first) & (last < first + LONGEST_SPAN) & (clause[:, None] == clause[None, :])
    pair = np.where(allowed, start[:, None] + end[None, :], -np.inf)
    null = float(logits[0].sum())
    peak = max(null, float(pair.max(initial=-np.inf)))
    mass, nothing = np.exp(pair - peak), float(np.exp(null - peak))
    total = float(mass.sum()) + nothing
    mass /= total
    opened, closed = mass.sum(axis=1), mass.sum(axis=0)
    inside = np.cumsum(opened) - np.concatenate([[0.0], np.cumsum(closed)[:-1]])
    a, z = divmod(int(mass.argmax()), size) if size else (0, 0)
    odds = np.exp(verdict - verdict.max())
    return Reading(
        rows,
        np.clip(inside, 0.0, 1.0),
        {int(c): float(opened[clause == c].sum()) for c in np.unique(clause)},
        nothing / total,
        float(odds[1] / odds.sum()),
        (int(tokens.start[rows[a]]), int(tokens.end[rows[z]])) if size else (0, 0),
        float(mass[a, z]) if size else 0.0,
        tokens,
    )
