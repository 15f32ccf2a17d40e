"""Evidence: the span of an article that answers, found clause by clause.

A `Finding` is what one way of looking found; the surest becomes the answer, if it is sure enough.
"""

from dataclasses import dataclass, field

import numpy as np

from assistant.analysis import Analysis, bag_of, english_of
from assistant.glossing import gloss
from assistant.lexicon import Keys
from assistant.question import Question
from assistant.reading import Reading
from assistant.records import Clause, Language
from assistant.retrieval import Field, block_prior, lexical_weight, own_weight, term_strength
from assistant.thai import normalize

Span = tuple[int, int]
GROUNDED = 0.45  # a term counts as spoken of from this strength on
SALIENT = 0.3  # a term weighs enough to matter from here on


@dataclass(frozen=True, slots=True)
class Finding:
    """An answer with its evidence.

    `thai` and `english` are the words that answer in each language ("" when there are none), `spans` the
    slices to quote, `template` the sentence of `prompts/answers.json` to put them in.
    """

    score: float
    spans: tuple[Span, ...]
    thai: str
    english: str
    template: str = "plain"
    values: dict[str, str] = field(default_factory=dict)
    clause: int = -1
    typed: bool = False
    entities: tuple[int, ...] = ()
    item: tuple[int, int] = (-1, 0)
    refuted: bool = False
    beyond: bool = False
    sure: float = 0.0
    fit: float = 0.0
    margin: float = 0.0
    local: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """One question against one article: everything the ways of looking share."""

    question: Question
    analysis: Analysis
    field: Field
    reading: Reading | None = None

    def read(self, start: int, end: int) -> float:
        """Return how likely a slice of the article is part of the answer, as the reader sees it, 0 to 1."""
        return self.reading.within(start, end) if self.reading is not None else 0.0

    @property
    def language(self) -> Language:
        """The language to answer in."""
        return self.question.language

    def clause(self, index: int) -> Clause:
        """Return a clause by number."""
        return self.analysis.article.clauses[index]

    def text(self, span: Span) -> str:
        """Return the article's words of a slice."""
        return self.analysis.article.text[span[0] : span[1]]

    def sentence(self, index: int) -> Span:
        """Return the slice of the sentence that holds a clause."""
        inner = [c for c in self.analysis.article.clauses if c.sentence == self.clause(index).sentence]
        return inner[0].start, inner[-1].end

    def english(self, span: Span) -> str:
        """Return the aligned English of a slice, or its gloss."""
        return english_of(self.analysis.article, *span) or gloss(self.analysis.vocabulary, self.text(span))

    def has_translation(self, span: Span) -> bool:
        """True when a slice has an aligned translation."""
        return bool(english_of(self.analysis.article, *span))

    def score_with(self, clause: int, extra: Keys, own_only: frozenset[int] = frozenset()) -> float:
        """Return a clause's score for the question, with extra keys known of what stands in it.

        Args:
            clause: its number.
            extra: keys of the candidate that stands there.
            own_only: terms that must be true of the candidate itself, by number.
        """
        found = self.field
        if not found.terms:
            return float(found.score[clause])
        known = np.array([term_strength(t, extra) for t in found.terms])
        total = max(float(found.weight.sum()), 1e-9)
        here = np.ones(len(known))
        here[list(own_only)] = 0.0
        cover = float(found.weight @ np.maximum(found.near[:, clause] * here, known)) / total
        own = float(found.weight @ np.maximum(found.strength[:, clause] * here, known)) / total
        lexical, share = lexical_weight(self.question), own_weight(self.question)
        prior = float(block_prior(self.analysis)[clause])
        return prior * (lexical * ((1 - share) * cover + share * own) + (1 - lexical) * float(found.dense[clause]))

    def missing(self, clause: int = -1, known: Keys | None = None) -> list[str]:
        """Return the weighty words of the question that the article (or what is near a clause) does not speak of."""
        found = self.field
        words = []
        for index, term in enumerate(found.terms):
            here = float(found.near[index, clause]) if clause >= 0 else float(found.strength[index].max(initial=0.0))
            if known:
                here = max(here, term_strength(term, known))
            if found.weight[index] >= SALIENT and here < GROUNDED:
                words.append(term.text)
        return words

    def support(self, clause: int, known: Keys | None = None) -> float:
        """Return which share of the question's weight is spoken of near a clause, 0 to 1."""
        found = self.field
        if not len(found.weight):
            return float(found.dense[clause])
        here = found.near[:, clause]
        if known:
            here = np.maximum(here, [term_strength(t, known) for t in found.terms])
        return float(found.weight @ here) / max(float(found.weight.sum()), 1e-9)

    def own_support(self, clause: int) -> float:
        """Return which share of the question's weight stands in a clause itself, 0 to 1."""
        found = self.field
        return (
            float(found.weight @ found.strength[:, clause]) / max(float(found.weight.sum()), 1e-9)
            if len(found.weight)
            else 0.0
        )


def english_terms_bag(analysis: Analysis, text: str) -> Keys:
    """Return the keys of an English phrase."""
    from assistant.thai import fold

    return bag_of(analysis.vocabulary.english_terms(fold(text)))


def thai_terms_bag(analysis: Analysis, text: str) -> Keys:
    """Return the keys of a Thai phrase."""
    return bag_of(analysis.vocabulary.thai_terms(normalize(text).text))
