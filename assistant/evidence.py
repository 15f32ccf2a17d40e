"""Evidence: the span of an article that answers, found clause by clause.

A `Finding` is what one way of looking found; the surest becomes the answer, if it is sure enough.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from assistant import cues as cue_tables
from assistant.analysis import Analysis, bag_of, english_of
from assistant.article import quote_bounds
from assistant.glossing import gloss
from assistant.lexicon import Keys, match
from assistant.question import Question
from assistant.reading import Reading
from assistant.records import Clause, Language
from assistant.retrieval import Field, block_prior, lexical_weight, own_weight, term_strength
from assistant.thai import clean, normalize

Span = tuple[int, int]
PURPOSE_BONUS = 0.16
LEAD = 0.2  # bonus of the sentence that tells the main event: "the meeting" without more is that one
EMPTY, FRESH_WORDS = 0.2, 4  # malus of a clause with nothing new; new words from which there is none
EVENT_ONLY = 0.45  # a clause that holds this share of the question tells the event, what follows tells more
CONTINUING = ("เพื่อ", "ได้แก่", "ประกอบด้วย", "คือ", "โดยเน้น", "โดยมี")
CONTINUED_LIMIT = 380
GROUNDED = 0.45  # a term counts as spoken of from this strength on
READS = 0.4  # how much a clause's score gains where the reader is sure that the answer stands in it
READS_SPAN = 0.5  # how much a name, date or number gains where the reader is sure that it is the answer
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

    def read_bonus(self, start: int, end: int) -> float:
        """Return what a candidate at a slice of the article gains for how the reader sees it."""
        return READS_SPAN * self.read(start, end)

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
        read = READS * self.reading.clauses.get(clause, 0.0) if self.reading is not None else 0.0
        known = np.array([term_strength(t, extra) for t in found.terms])
        total = max(float(found.weight.sum()), 1e-9)
        here = np.ones(len(known))
        here[list(own_only)] = 0.0
        cover = float(found.weight @ np.maximum(found.near[:, clause] * here, known)) / total
        own = float(found.weight @ np.maximum(found.strength[:, clause] * here, known)) / total
        lexical, share = lexical_weight(self.question), own_weight(self.question)
        prior = float(block_prior(self.analysis)[clause])
        return read + prior * (
            lexical * ((1 - share) * cover + share * own) + (1 - lexical) * float(found.dense[clause])
        )

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


def heeding(field: Field, reading: Reading | None) -> Field:
    """Return a field whose clauses count for more where the reader sees the answer."""
    if reading is None:
        return field
    score = field.score.copy()
    for clause, likely in reading.clauses.items():
        score[clause] += READS * likely
    return replace(field, score=score)


def english_terms_bag(analysis: Analysis, text: str) -> Keys:
    """Return the keys of an English phrase."""
    from assistant.thai import fold

    return bag_of(analysis.vocabulary.english_terms(fold(text)))


def thai_terms_bag(analysis: Analysis, text: str) -> Keys:
    """Return the keys of a Thai phrase."""
    return bag_of(analysis.vocabulary.thai_terms(normalize(text).text))


def clause_finding(found: Evidence, *, purpose: bool = False) -> Finding:
    """Return the clause that speaks most of the question, with the words beside it that complete it."""
    scores = found.field.score.copy()
    asked = bag_of(found.field.terms)
    if purpose:
        _favour_purpose(found, scores)
    for index, clause in enumerate(found.analysis.article.clauses):
        if found.analysis.article.blocks[clause.block].kind == "source":
            scores[index] = 0.0
        scores[index] -= _emptiness(found, index, asked)
    best = int(np.argmax(scores))
    return _continued(found, finding_of(found, best, float(scores[best])), purpose)


def _emptiness(found: Evidence, index: int, asked: Keys) -> float:
    """Return a malus for a clause that says little but what the question says already."""
    words = [t for t in found.analysis.clause_terms[index] if t.text not in cue_tables.load().stop["th"]]
    fresh = sum(match(w.keys, asked) < GROUNDED for w in words)
    return EMPTY * max(0, FRESH_WORDS - fresh) / FRESH_WORDS


def _continued(found: Evidence, finding: Finding, purpose: bool) -> Finding:
    """Add the words that say what for, or go on with what was begun, when a clause is only the event asked about."""
    clauses = found.analysis.article.clauses
    after = finding.clause + 1
    while after < len(clauses) and clauses[after].start < finding.spans[0][1]:
        after += 1
    if after >= len(clauses) or clauses[after].sentence != clauses[finding.clause].sentence:
        return finding
    text = clean(found.text((clauses[after].start, clauses[after].end)))
    goes_on = text.startswith(cue_tables.load().purpose if purpose else CONTINUING)
    asked_event = float(found.field.own[finding.clause]) >= EVENT_ONLY
    if not goes_on or not (purpose or asked_event):
        return finding
    more = finding_of(found, after, finding.score)
    if purpose:
        if any(m in finding.thai for m in (*cue_tables.load().cause, *cue_tables.load().purpose)):
            return finding
        return replace(more, spans=(*more.spans, *finding.spans))
    if len(finding.thai) + len(more.thai) > CONTINUED_LIMIT:
        return finding
    return replace(
        finding,
        spans=(*finding.spans, *more.spans),
        thai=f"{finding.thai} {more.thai}",
        english=f"{finding.english} {more.english}",
    )


def finding_of(found: Evidence, best: int, score: float) -> Finding:
    """Return a clause, widened to the seams of its translation, as a finding."""
    span = widen(found, best)
    thai = clean(found.text(span)).strip('" ')
    return Finding(
        score,
        (quote_bounds(found.analysis.article, *span),),
        strip_marks(thai),
        strip_marks(found.english(span)),
        "plain" if found.has_translation(span) or found.language == "th" else "gloss",
        clause=best,
    )


def span_finding(found: Evidence, start: int, end: int) -> Finding:
    """Return the words of a slice that the reader picked as a finding: whole words, in English as far as is known."""
    clause = max((c.index for c in found.analysis.article.clauses if c.start <= start), default=0)
    start, end = quote_bounds(found.analysis.article, *_whole_words(found, clause, start, end))
    thai = strip_marks(clean(found.text((start, end))).strip('" '))
    named = [m for m in found.analysis.mentions if m.start < end and start < m.end]
    whole = len(named) == 1 and named[0].start <= start and end <= named[0].end and named[0].english
    english = named[0].english if whole else strip_marks(found.english((start, end)))
    known = whole or found.language == "th"
    return Finding(
        float(found.field.score[clause]),
        ((start, end),),
        thai,
        english,
        "plain" if known or found.has_translation((start, end)) else "gloss",
        clause=clause,
        typed=bool(whole),
    )


def _whole_words(found: Evidence, clause: int, start: int, end: int) -> Span:
    """Widen a slice of a clause to the words and names it cuts."""
    at, stop = found.clause(clause).start, found.clause(clause).end
    copy = normalize(found.text((at, stop)))
    words = [copy.original(t.start, t.end) for t in found.analysis.clause_terms[clause]]
    edges = [*((at + a, at + b) for a, b in words), *((m.start, m.end) for m in found.analysis.mentions)]
    for first, last in edges:
        if first < start < last <= stop:
            start = first
        if at <= first < end < last:
            end = last
    return start, end


def strip_marks(text: str) -> str:
    """Return a clause without its list number and the dots and words that only join it to the next."""
    import re

    text = re.sub(r"^(?:\d{1,2}[.)]|[-•])\s+", "", text.strip())
    return re.sub(r"[\s,;:.…]+$", "", text)


def widen(found: Evidence, best: int) -> Span:
    """Return a clause's slice, widened over neighbours too short to stand alone or cut from their translation."""
    clauses = found.analysis.article.clauses
    start, end = clauses[best].start, clauses[best].end
    for aligned in found.analysis.article.translation:
        if aligned.start < end and start < aligned.end:
            start, end = min(start, aligned.start), max(end, aligned.end)
    if not found.analysis.article.translation:
        low = high = best
        while high + 1 < len(clauses) and clauses[high + 1].sentence == clauses[best].sentence and end - start < 60:
            high += 1
            end = clauses[high].end
        while low > 0 and clauses[low - 1].sentence == clauses[best].sentence and end - start < 45:
            low -= 1
            start = clauses[low].start
    return start, end


def _favour_purpose(found: Evidence, scores: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> None:
    cues = cue_tables.load()
    lead = lead_sentence(found.analysis)
    for index, clause in enumerate(found.analysis.article.clauses):
        text = clean(found.text((clause.start, clause.end)))
        if text.startswith(cues.purpose) or any(m in text for m in cues.cause):
            scores[index] += PURPOSE_BONUS + (LEAD if clause.sentence == lead else 0.0)
        else:
            scores[index] -= PURPOSE_BONUS


def lead_sentence(analysis: Analysis) -> int:
    """Return the sentence that tells the main event: the first in the body with a day and a place, -1 if none."""
    if "lead" in analysis.memo:
        return int(analysis.memo["lead"])
    article = analysis.article
    kinds: dict[int, set[str]] = {}
    for mention in analysis.mentions:
        clause = article.clauses[mention.clause]
        if article.blocks[clause.block].kind in ("lead", "paragraph") and (
            mention.kind == "place" or mention.detail == "day"
        ):
            kinds.setdefault(clause.sentence, set()).add(mention.kind)
    analysis.memo["lead"] = min((s for s, held in kinds.items() if len(held) == 2), default=-1)
    return int(analysis.memo["lead"])


def best_of(ranked: Sequence[Finding]) -> Finding | None:
    """Return the first of ranked findings, with how far it leads the next that says something else."""
    if not ranked:
        return None
    best = ranked[0]
    rival = next(
        (
            f
            for f in ranked[1:]
            if (f.thai != best.thai and f.entities != best.entities) or (f.thai != best.thai and not f.entities)
        ),
        None,
    )
    return replace(best, margin=min(best.score - rival.score, 0.5) if rival else 0.5)


def rescored(finding: Finding, score: float) -> Finding:
    """Return a finding with another score."""
    return replace(finding, score=score)
