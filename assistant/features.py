"""What is known of a candidate, in numbers: the same for every way of looking, for `ranking` to weigh."""

import re
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from assistant import cues as cue_tables
from assistant.analysis import bag_of
from assistant.candidates import MOST, SOURCES, TYPED, Candidate, same_words, within
from assistant.clauses import lead_sentence
from assistant.evidence import GROUNDED, SALIENT, Evidence, Finding
from assistant.lexicon import Keys, match
from assistant.participants import entity_bag
from assistant.premises import in_sentence, name_kind, unasked_time
from assistant.records import Mention
from assistant.retrieval import is_idiom, term_strength
from assistant.typed import UNITS

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
KINDS = ("who", "where", "when", "howmany", "what", "why", "list", "quote", "yesno")
MENTIONS = ("person", "organisation", "place", "date", "time", "number", "quotation", "group")
BLOCKS = ("headline", "lead", "paragraph", "item", "quotation", "caption", "source")
AROUND = 60  # code points around a candidate that count as beside it
COARSE = ("month", "year", "years", "relative")  # dates that name no day

NAMES = (
    *(f"source {s}" for s in SOURCES),
    *(f"kind {k}" for k in KINDS),
    "english",
    "history",
    "rank",
    "behind",
    "score",
    "fit",
    "margin",
    "span length",
    "answer length",
    *(f"mention {m}" for m in MENTIONS),
    *(f"block {b}" for b in BLOCKS),
    "place in article",
    "field score",
    "cover",
    "own",
    "dense",
    "score lead",
    "dense lead",
    "cover lead",
    "support",
    "weakest",
    "lost",
    "lost idiom",
    "lost here",
    "beside",
    "before",
    "after",
    "nearest",
    "repeats",
    "asked number",
    "silent",
    "read",
    "read clause",
    "read sure",
    "read elsewhere",
    "read best clause",
    "words asked",
    "lead",
    "translated",
    "whole list",
    "count told",
    "several",
    "typed",
    "unasked time",
    "typed inside",
    "typed rank inside",
    "with rule",
    "with span",
    "with first clause",
    "with first typed",
    "company",
    "cause told",
    "purpose told",
    "opens with cause",
    "enumerates",
    "parts",
    "unit told",
    "coarse date",
    "number missing",
    "name missing",
)


def features(found: Evidence, candidates: Sequence[Candidate]) -> Floats:
    """Return one row for each candidate, shape (n, len(NAMES))."""
    marked = marks(found)
    rows = [[*_row(found, c), *_company(found, c, candidates), *_words(found, c.finding, marked)] for c in candidates]
    return np.array(rows, dtype=np.float64).reshape(len(candidates), len(NAMES))


def _row(found: Evidence, candidate: Candidate) -> Iterator[float]:
    finding, question, field = candidate.finding, found.question, found.field
    clause = finding.clause if finding.clause >= 0 else int(np.argmax(field.score))
    block = found.analysis.article.blocks[found.clause(clause).block]
    mention = _mention(found, finding)
    yield from (float(candidate.source == s) for s in SOURCES)
    yield from (float(question.kind == k) for k in KINDS)
    yield float(found.language == "en")
    yield float(bool(question.history))
    yield float(candidate.rank)
    yield candidate.behind
    yield finding.score
    yield finding.fit
    yield finding.margin
    yield float(sum(e - s for s, e in finding.spans))
    yield float(len(finding.thai))
    yield from (float(mention is not None and mention.kind == m) for m in MENTIONS)
    yield from (float(block.kind == b) for b in BLOCKS)
    yield clause / max(len(found.analysis.article.clauses), 1)
    yield float(field.score[clause])
    yield float(field.cover[clause])
    yield float(field.own[clause])
    yield float(field.dense[clause])
    for values in (field.score, field.dense, field.cover):
        yield float(values[clause] - values.max(initial=0.0))
    yield from _coverage(found, finding, clause)
    yield from _beside(found, finding, clause)
    reading = found.reading
    if reading is None:
        yield from (0.5, 0.0, 0.0, 0.0, 0.0, 0.0)
    else:
        yield reading.silent
        yield max((found.read(*span) for span in finding.spans), default=0.0)
        yield reading.clauses.get(clause, 0.0)
        yield reading.sure
        yield float(not any(s < reading.best[1] and reading.best[0] < e for s, e in finding.spans))
        yield max(reading.clauses.values(), default=0.0)
    yield float(len(field.terms))
    yield float(found.clause(clause).sentence == lead_sentence(found.analysis))
    yield float(bool(found.analysis.article.translation))
    yield float(finding.template == "list")
    told = len(found.analysis.lists[finding.item[0]].items) if finding.template == "list" else 0
    yield float(bool(told) and told == question.count_asked)
    yield float("\n" in finding.thai)
    yield float(finding.typed)
    yield float(unasked_time(found, clause))


def _company(found: Evidence, one: Candidate, candidates: Sequence[Candidate]) -> Iterator[float]:
    """Yield which other ways point at the same words or the same person, and how many do."""
    mates = [c for c in candidates if c is not one and same_words(c.finding, one.finding)]
    ranks = [c.rank for c in candidates if c.source in TYPED.values() and within(c.finding, one.finding)]
    yield float(len(ranks))
    yield float(min(ranks, default=MOST + 1))
    yield float(any(c.source == "rule" for c in mates))
    yield float(any(c.source == "span" for c in mates))
    yield float(any(c.source == "clause" and c.rank == 0 for c in mates))
    yield float(any(c.source in TYPED.values() and c.rank == 0 for c in mates))
    yield float(len(mates))


def _words(found: Evidence, finding: Finding, marked: tuple[Mask, Mask]) -> Iterator[float]:
    """Yield what a candidate's own words promise: a cause, a list, the unit, numbers and names asked of."""
    cues, told = cue_tables.load(), finding.thai
    yield float(any(w in told for w in cues.cause))
    yield float(any(w in told for w in cues.purpose))
    yield float(told.startswith((*cues.cause, *cues.purpose)))
    yield float(any(w in told for w in cues.enumerators))
    yield float(min(len(re.findall(r" และ|, |\n| ", told)), 20))
    inside = [m for m in found.analysis.mentions if any(m.start < e and s < m.end for s, e in finding.spans)]
    unit = UNITS.get(found.question.asks, "") if found.question.kind == "howmany" else ""
    numbers = [m for m in inside if m.kind == "number"]
    yield (1.0 if any(re.match(unit, m.detail) for m in numbers) else -1.0) if unit else 0.0
    dates = [m for m in inside if m.kind == "date"]
    yield float(bool(dates) and all(m.detail in COARSE for m in dates))
    clause = finding.clause if finding.clause >= 0 else int(np.argmax(found.field.score))
    numbered, named = marked
    missing = in_sentence(found, clause) < GROUNDED if len(found.field.terms) else np.zeros(0, dtype=bool)
    yield float((numbered & missing).sum())
    yield float((named & missing).sum())


def marks(found: Evidence) -> tuple[Mask, Mask]:
    """Return which terms of a question are numbers and which are names."""
    terms = found.field.terms
    numbers = np.array([any(k.startswith("n:") for k in t.keys) for t in terms], dtype=bool)
    return numbers, np.array([bool(name_kind(found, t)) for t in terms], dtype=bool)


def _mention(found: Evidence, finding: Finding) -> Mention | None:
    start, end = finding.spans[0]
    return next((m for m in found.analysis.mentions if m.start <= start and end <= m.end), None)


def _coverage(found: Evidence, finding: Finding, clause: int) -> Iterator[float]:
    """Yield how much of the question stands near a candidate, its weightiest gap, and what the article lacks of it."""
    field = found.field
    if not len(field.terms):
        yield from (0.0, 0.7, 0.0, 0.0, 0.0)
        return
    known: Keys = {}
    for index in finding.entities[:2]:
        known = {**known, **entity_bag(found, found.analysis.vocabulary.entities[index])}
    reach = field.strength if finding.local else field.near
    here = np.maximum(reach[:, clause], [term_strength(t, known) for t in field.terms] if known else 0.0)
    total = max(float(field.weight.sum()), 1e-9)
    lost = field.grounded() < GROUNDED
    idiom = np.array([is_idiom(t) for t in field.terms], dtype=bool)
    salient = (field.weight >= SALIENT) & ~(lost & idiom)
    yield float(field.weight @ here) / total
    yield float(here[salient].min()) if salient.any() else 0.7
    yield float(field.weight[lost & ~idiom].sum()) / total
    yield float(field.weight[lost & idiom].sum()) / total
    yield float(field.weight[here < GROUNDED].sum()) / total


def _beside(found: Evidence, finding: Finding, clause: int) -> Iterator[float]:
    """Yield how much of the question stands right beside a candidate, before and after it, how near, and repeats."""
    field = found.field
    start, end = finding.spans[0]
    total = max(float(field.weight.sum()), 1e-9)
    before = after = beside = 0.0
    nearest = 200.0
    around = [c for c in (clause - 1, clause, clause + 1) if 0 <= c < len(found.analysis.clause_terms)]
    for asked, weight in zip(field.terms, field.weight, strict=True):
        left = right = near = 0.0
        for index in around:
            at = found.clause(index).start
            for told in found.analysis.clause_terms[index]:
                first, last = at + told.start, at + told.end
                gap = max(start - last, first - end, 0)
                if gap > AROUND:
                    continue
                strength = match(asked.keys, told.keys)
                if strength < GROUNDED:
                    continue
                near = max(near, strength)
                if last <= start:
                    left = max(left, strength)
                elif first >= end:
                    right = max(right, strength)
                nearest = min(nearest, float(gap))
        before += weight * left
        after += weight * right
        beside += weight * near
    yield beside / total
    yield before / total
    yield after / total
    yield nearest
    answer = bag_of(found.analysis.vocabulary.thai_terms(finding.thai)) if len(finding.thai) < 80 else {}
    yield sum(float(w) for t, w in zip(field.terms, field.weight, strict=True) if match(t.keys, answer) >= 0.9) / total
    digits = "".join(c for c in finding.thai if c.isdigit())
    yield float(bool(digits) and any(digits == "".join(c for c in n if c.isdigit()) for n in found.question.numbers))
