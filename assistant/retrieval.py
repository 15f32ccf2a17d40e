"""Where in an article a question is spoken of: a lexical and a dense leg over its clauses and passages.

The lexical leg weighs how much of the question each place covers, word by word through shared keys, so it
works across languages; the dense leg compares sentence vectors. `Field` holds both for one question.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant import cues as cue_tables
from assistant.analysis import Analysis, gloss
from assistant.encoder import Encoder, Vectors
from assistant.lexicon import Keys, Term, match, stem
from assistant.question import Question

Floats = NDArray[np.float64]
# Weights of the legs by question language, fitted on tests/questions (see tests/fit.py).
LEXICAL = {"th": 0.62, "en": 0.5}
NEAR = (1.0, 0.8, 0.68, 0.58)  # how much a word counts n clauses away in its sentence
SAME_BLOCK, ELSEWHERE = 0.45, 0.0
BLOCK_WEIGHT = {"headline": 0.86, "lead": 0.93, "caption": 0.95, "source": 0.6}
TYPE_WORD, ENTITY = 0.25, 1.25
PART = 0.85


@dataclass(frozen=True, slots=True)
class Field:
    """How strongly every clause of an article speaks of a question.

    `strength[t, c]` is term t in clause c itself; `near[t, c]` counts its neighbours too; `weight[t]` is the
    worth of a term; `cover`, `own`, `dense` and `score` have one value for each clause, 0 to 1.
    """

    terms: tuple[Term, ...]
    weight: Floats
    strength: Floats
    near: Floats
    cover: Floats
    own: Floats
    dense: Floats
    score: Floats

    def grounded(self) -> Floats:
        """Return how strongly each term occurs anywhere in the article."""
        return np.asarray(self.strength.max(axis=1)) if self.strength.size else np.zeros(0)


def term_strength(term: Term, bag: Keys) -> float:
    """Return how strongly a bag of keys holds a term: as a whole, or by its words."""
    whole = match(term.keys, bag)
    if term.parts and whole < 0.99:
        words = [match(p, bag) for p in term.parts if not _is_filler(p)]
        if words:
            whole = max(whole, PART * sum(words) / len(words))
    return whole


def _is_filler(keys: Keys) -> bool:
    stop = cue_tables.load().stop
    return any((k.startswith("e:") and k[2:] in stop["en"]) or (k.startswith("t:") and k[2:] in stop["th"]) for k, s in keys.items() if s >= 0.99)


def nearness(analysis: Analysis) -> Floats:
    """Return the matrix of how much a word of clause j counts for clause i."""
    clauses = analysis.article.clauses
    matrix = np.zeros((len(clauses), len(clauses)))
    for a in clauses:
        for b in clauses:
            if a.sentence == b.sentence:
                matrix[a.index, b.index] = NEAR[min(abs(a.index - b.index), len(NEAR) - 1)]
            elif a.block == b.block:
                matrix[a.index, b.index] = SAME_BLOCK
    for block in analysis.article.blocks:
        if block.kind != "item" or block.index == 0:
            continue
        inner = [c.index for c in clauses if c.block == block.index]
        header = [c.index for c in clauses if c.block == _header_block(analysis, block.index)]
        for i in inner:
            for j in header:
                matrix[i, j] = max(matrix[i, j], SAME_BLOCK)
    for block in analysis.article.blocks:
        if block.kind == "quotation":
            inner = [c.index for c in clauses if c.block == block.index]
            matrix[np.ix_(inner, inner)] = np.maximum(matrix[np.ix_(inner, inner)], NEAR[1])
    return matrix


def _header_block(analysis: Analysis, index: int) -> int:
    while index > 0 and analysis.article.blocks[index].kind == "item":
        index -= 1
    return index


def build_field(question: Question, analysis: Analysis, near: Floats, vectors: Vectors, encoder: Encoder) -> Field:
    """Weigh every clause of an article against a question.

    Args:
        question: the question understood.
        analysis: the article analysed, with C clauses.
        near: what `nearness` gave for it, shape (C, C).
        vectors: unit rows of its clauses, shape (C, d).
        encoder: the encoder the vectors came from.
    """
    count = len(analysis.article.clauses)
    terms = question.terms
    strength = np.array([[term_strength(t, bag) for bag in analysis.clause_keys] for t in terms]).reshape(len(terms), count)
    weight = np.array([_weight(t, question, s, count) for t, s in zip(terms, strength, strict=True)])
    near_strength = np.max(strength[:, None, :] * near[None, :, :], axis=2) if len(terms) else np.zeros((0, count))
    total = max(float(weight.sum()), 1e-9)
    cover = weight @ near_strength / total if len(terms) else np.zeros(count)
    own = weight @ strength / total if len(terms) else np.zeros(count)
    dense = np.clip(vectors @ encoder.encode([dense_text(question, analysis)])[0], 0.0, 1.0).astype(np.float64)
    lexical = LEXICAL[question.language]
    prior = np.array([BLOCK_WEIGHT.get(analysis.article.blocks[c.block].kind, 1.0) for c in analysis.article.clauses])
    score = prior * (lexical * (0.7 * cover + 0.3 * own) + (1 - lexical) * dense)
    return Field(terms, weight, strength, near_strength, cover, own, dense, score)


def dense_text(question: Question, analysis: Analysis) -> str:
    """Return what the encoder reads of a question: the question, or the English gloss of a Thai one."""
    return question.clean if question.language == "en" else gloss(analysis.vocabulary, question.clean)


def _weight(term: Term, question: Question, strength: Floats, count: int) -> float:
    document_frequency = float((strength >= 0.5).sum())
    idf = math.log(1 + count / (1 + document_frequency)) / math.log(1 + count)
    types = cue_tables.load().type_words
    word = term.text.strip()
    kinds = types.get(question.kind, frozenset())
    if word in kinds or stem(word) in kinds:
        idf *= TYPE_WORD
    elif term.pos in ("prep", "conj", "part", "clf", "pron", "adv"):
        idf *= 0.35
    elif any(k.startswith("g:") for k in term.keys):
        idf *= ENTITY
    return max(idf, 0.02)
