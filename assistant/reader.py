"""The reader: of the clauses that speak of a question, which words answer it, and do any?

A question and the clauses that retrieval ranks first go through the upper layers of a transformer together, as in
extractive question answering (Devlin et al., 2019; a null span for "not stated" after Rajpurkar et al., 2018). The
lower layers are the sentence encoder's own and see an article once, when it is indexed (Cao et al., 2020, DeFormer).
Beside its state every word has what is known of it already: the kind of mention it stands in, how well it matches a
word of the question (as in Chen et al., 2017), and the rank of its clause.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.analysis import Analysis
from assistant.encoder import BertEncoder, Vectors
from assistant.evidence import Evidence
from assistant.lexicon import match
from assistant.thai import normalize

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
LOWER = 3  # layers that see the article alone
ROOM = 150  # tokens of an article read for one question
QUESTION_ROOM = 40  # tokens of a question read
CLAUSE_ROOM = 64  # tokens of one clause read
RANKS = 10
LEVELS = (0.3, 0.6, 0.9)  # match strengths that part the levels of matching
KINDS = ("", "person", "organisation", "place", "date", "time", "number", "quotation", "group", "question")
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


def lower_states(encoder: BertEncoder, text: str, room: int) -> tuple[list[tuple[int, int]], Vectors]:
    """Return the slices of a text's tokens and their states after the lower layers, specials included."""
    encoding = encoder.tokenized(text)
    return encoding.offsets[:room], encoder.hidden(encoding.ids[:room], LOWER)


def article_tokens(analysis: Analysis, encoder: BertEncoder) -> Tokens:
    """Read an article's clauses through the lower layers."""
    article = analysis.article
    rows: list[tuple[int, int, int, int, int]] = []
    states: list[Vectors] = []
    for clause in article.clauses:
        clean = normalize(article.text[clause.start : clause.end])
        slices, hidden = lower_states(encoder, clean.text, CLAUSE_ROOM)
        keep = [i for i, (a, b) in enumerate(slices) if b > a]
        for i in keep:
            a, b = clean.original(*slices[i])
            rows.append((clause.start + a, clause.start + b, *slices[i], clause.index))
        states.append(hidden[keep])
    table = np.array(rows, dtype=np.int64).reshape(len(rows), 5)
    kind = np.zeros(len(rows), dtype=np.int64)
    for mention in analysis.mentions:
        if mention.kind in KINDS and not (mention.kind == "quotation"):
            kind[(table[:, 0] < mention.end) & (table[:, 1] > mention.start)] = KINDS.index(mention.kind)
    joined = np.concatenate(states) if states else np.zeros((0, encoder.dimension), np.float32)
    return Tokens(*(table[:, i].copy() for i in range(5)), kind, joined.astype(np.float16))


def chosen_clauses(found: Evidence, tokens: Tokens, room: int = ROOM) -> list[int]:
    """Return the clauses to read, best first, as many as there is room for."""
    counts = np.bincount(tokens.clause, minlength=len(found.analysis.article.clauses))
    chosen: list[int] = []
    used = 0
    for index in np.argsort(-found.field.score, kind="stable"):
        if used + counts[index] > room:
            break
        chosen.append(int(index))
        used += int(counts[index])
    return chosen


def question_text(found: Evidence) -> str:
    """Return a question with the words that earlier questions lend it."""
    question = found.question
    lent = [t.text for t in question.terms if t.text and t.text not in question.clean]
    return " ".join((question.clean, *lent))


def sheet(found: Evidence, tokens: Tokens, encoder: BertEncoder, clauses: list[int]) -> Sheet:
    """Lay out a question and the chosen clauses, best first, for the upper layers."""
    text = question_text(found)
    slices, asked = lower_states(encoder, text, QUESTION_ROOM)
    own = np.array([t.start for t in found.field.terms]), np.array([t.end for t in found.field.terms])
    grounded = found.field.grounded()
    level_q = np.zeros(len(slices), dtype=np.int64)
    for i, (a, b) in enumerate(slices):
        hits = (own[0] < b) & (own[1] > a) if len(grounded) else np.zeros(0, dtype=bool)
        level_q[i] = 1 + np.searchsorted(LEVELS, grounded[hits].max(), side="right") if hits.any() else 0
    ranks = {c: min(r, RANKS - 1) for r, c in enumerate(clauses)}
    order = sorted(clauses)
    chosen = np.concatenate([np.flatnonzero(tokens.clause == c) for c in order]) if order else np.zeros(0, np.int64)
    level = np.concatenate([_levels(found, tokens, c) for c in order]) if order else np.zeros(0, np.int64)
    return Sheet(
        np.concatenate([asked, tokens.states[chosen].astype(np.float32)]),
        np.concatenate([np.full(len(slices), -1), chosen]),
        np.concatenate([np.full(len(slices), len(KINDS) - 1), tokens.kind[chosen]]),
        np.concatenate([level_q, level]),
        np.concatenate([np.zeros(len(slices), np.int64), [1 + ranks[int(c)] for c in tokens.clause[chosen]]]).astype(
            np.int64
        ),
    )


def _levels(found: Evidence, tokens: Tokens, clause: int) -> Ints:
    """Return how well each token of a clause matches a word of the question, as a level."""
    mine = tokens.clause == clause
    inner, outer = tokens.inner[mine], tokens.outer[mine]
    levels = np.zeros(len(inner), dtype=np.int64)
    for told in found.analysis.clause_terms[clause]:
        best = 0.0
        for asked in found.field.terms:
            best = max(best, match(asked.keys, told.keys), *(0.9 * match(asked.keys, p) for p in told.parts), 0.0)
        level = int(np.searchsorted(LEVELS, best, side="right"))
        if level:
            hit = (inner < told.end) & (outer > told.start)
            levels[hit] = np.maximum(levels[hit], level)
    return levels


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
