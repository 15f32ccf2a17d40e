"""Where in an article a question is spoken of: a lexical and a dense leg over its clauses and passages.

The lexical leg weighs how much of the question each place covers, word by word through shared keys, so it
works across languages; the dense leg compares sentence vectors. `Field` holds both for one question.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant import cues as cue_tables
from assistant.analysis import Analysis, english_of
from assistant.lexicon import Keys, Term, match
from assistant.question import Question
from assistant.thai import clean, normalize

Floats = NDArray[np.float64]
# Weights of the legs by question language, fitted on tests/questions (see tests/fit.py).
LEXICAL = {"th": 0.62, "en": 0.62}
LEXICAL_TYPED = {"th": 0.75, "en": 0.7}  # for who, where, when and how many
TYPED_KINDS = ("who", "where", "when", "howmany")
SPREAD_KINDS = (*TYPED_KINDS, "why")  # place, day and purpose are often told clauses away from the event
OWN, OWN_TYPED = 0.3, 0.1  # how much a clause's own words count beside what stands near it
NEAR, NEAR_FLOOR = 0.8, 0.5  # how much a word counts one clause away in its sentence, and at least
SAME_BLOCK, LATER = 0.36, 0.06  # LATER: how much less the last block counts than the first
BLOCK_WEIGHT = {"headline": 0.86, "lead": 0.93, "caption": 0.95, "source": 0.6}
TYPE_WORD, ENTITY, TOPIC_ENTITY = 0.25, 1.25, 0.85
IDIOM = 0.5  # worth of a word that the thesaurus does not know and the article does not use
TOPIC_KINDS = ("person", "organisation", "place", "group")
TOPIC = 0.6  # a name counts this much in its whole paragraph: it stays the topic
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
    if (
        term.parts
        and whole < 0.99
        and not (" " in term.text and any(k.startswith("c:") and not k.startswith("c:n_") for k in term.keys))
    ):
        words = [match(p, bag) for p in term.parts if not _is_filler(p)]
        if words:
            whole = max(whole, PART * sum(words) / len(words))
    return whole


def _is_filler(keys: Keys) -> bool:
    stop = cue_tables.load().stop
    return any(
        (k.startswith("e:") and k[2:] in stop["en"]) or (k.startswith("t:") and k[2:] in stop["th"])
        for k, s in keys.items()
        if s >= 0.99
    )


def nearness(analysis: Analysis) -> Floats:
    """Return the matrix of how much a word of clause j counts for clause i."""
    clauses = analysis.article.clauses
    matrix = np.zeros((len(clauses), len(clauses)))
    for a in clauses:
        for b in clauses:
            if a.sentence == b.sentence:
                matrix[a.index, b.index] = max(NEAR_FLOOR, NEAR ** abs(a.index - b.index))
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
            matrix[np.ix_(inner, inner)] = np.maximum(matrix[np.ix_(inner, inner)], NEAR)
    return matrix


def _header_block(analysis: Analysis, index: int) -> int:
    while index > 0 and analysis.article.blocks[index].kind == "item":
        index -= 1
    return index


def build_field(question: Question, analysis: Analysis, near: Floats, similar: Floats) -> Field:
    """Weigh every clause of an article against a question.

    Args:
        question: the question understood.
        analysis: the article analysed, with C clauses.
        near: what `nearness` gave for it, shape (C, C).
        similar: cosine of the question with every clause, then with the sentence each stands in, shape (2 C, or more).
    """
    count = len(analysis.article.clauses)
    terms = question.terms
    strength = np.array([[term_strength(t, bag) for bag in analysis.clause_keys] for t in terms]).reshape(
        len(terms), count
    )
    weight = np.array(
        [
            IDIOM * w if s.max(initial=0.0) < 0.45 and is_idiom(t) else w
            for t, s, w in ((t, s, _weight(t, question, s, count)) for t, s in zip(terms, strength, strict=True))
        ]
    )
    if question.kind in SPREAD_KINDS:
        near = np.where(near >= NEAR_FLOOR, np.sqrt(near), near)
    near_strength = np.max(strength[:, None, :] * near[None, :, :], axis=2) if len(terms) else np.zeros((0, count))
    entities = analysis.vocabulary.entities
    topical = np.array(
        [any(k.startswith("g:") and entities[int(k[2:])].kind in TOPIC_KINDS for k in t.keys) for t in terms],
        dtype=bool,
    )
    if topical.any():
        same = np.where((near > 0) & (near < TOPIC), TOPIC, near)
        near_strength[topical] = np.max(strength[topical][:, None, :] * same[None, :, :], axis=2)
    total = max(float(weight.sum()), 1e-9)
    cover = weight @ near_strength / total if len(terms) else np.zeros(count)
    own = weight @ strength / total if len(terms) else np.zeros(count)
    cosine = np.clip(similar, 0.0, 1.0)
    dense = np.maximum(cosine[:count], 0.5 * (cosine[:count] + cosine[count : 2 * count]))
    lexical = lexical_weight(question)
    prior = block_prior(analysis)
    own_share = own_weight(question)
    score = prior * (lexical * ((1 - own_share) * cover + own_share * own) + (1 - lexical) * dense)
    return Field(terms, weight, strength, near_strength, cover, own, dense, score)


def lexical_weight(question: Question) -> float:
    """Return how much the lexical leg counts beside the dense one for a question."""
    return (LEXICAL_TYPED if question.kind in TYPED_KINDS else LEXICAL)[question.language]


def own_weight(question: Question) -> float:
    """Return how much a clause's own words count beside what stands near it."""
    return OWN_TYPED if question.kind in SPREAD_KINDS else OWN


def block_prior(analysis: Analysis) -> Floats:
    """Return how much each clause counts for where it stands: news puts what matters first."""
    if "prior" not in analysis.memo:
        blocks = analysis.article.blocks
        analysis.memo["prior"] = np.array(
            [
                BLOCK_WEIGHT.get(blocks[c.block].kind, 1.0) * (1 - LATER * c.block / max(len(blocks), 1))
                for c in analysis.article.clauses
            ]
        )
    prior: Floats = analysis.memo["prior"]
    return prior


def clause_texts(analysis: Analysis) -> list[str]:
    """Return what the encoder reads of an article: every clause, then the sentence each clause stands in.

    A clause is read in its aligned English where there is one, else in Thai: the encoder has both in one space.
    """
    article = analysis.article
    texts = [
        english_of(article, c.start, c.end) or normalize(article.text[c.start : c.end]).text for c in article.clauses
    ]
    sentences: dict[int, list[str]] = {}
    for clause, text in zip(article.clauses, texts, strict=True):
        sentences.setdefault(clause.sentence, []).append(text)
    return [*texts, *(" ".join(sentences[c.sentence]) for c in article.clauses)]


def dense_text(question: Question) -> str:
    """Return what the encoder reads of a question: the reader's own words, but for Thai typed in Latin letters."""
    return question.clean if question.romanized else clean(question.text)


def is_idiom(term: Term) -> bool:
    """True for a word that neither the thesaurus nor the article knows: it says little that it is missing."""
    light = cue_tables.load().light
    return not any(k.startswith(("g:", "n:")) or (k.startswith("c:") and k not in light) for k in term.keys)


def _weight(term: Term, question: Question, strength: Floats, count: int) -> float:
    document_frequency = float((strength >= 0.5).sum())
    idf = math.log(1 + count / (1 + document_frequency)) / math.log(1 + count)
    types = cue_tables.load().type_words
    word = term.text.strip()
    kinds = types.get(question.kind, frozenset())
    if all(w in kinds or w.removesuffix("s") in kinds for w in word.split()):
        idf *= TYPE_WORD if document_frequency else TYPE_WORD / 4
    elif term.pos in ("prep", "conj", "part", "clf", "pron", "adv"):
        idf *= 0.35
    elif any(k.startswith("g:") for k in term.keys):
        idf *= ENTITY if question.kind in TYPED_KINDS else TOPIC_ENTITY
    return max(idf, 0.02)
