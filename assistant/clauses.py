"""Findings that are clauses or slices of them: the clause that speaks most of a question, and how it is cut."""

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from assistant import cues as cue_tables
from assistant.analysis import Analysis, bag_of
from assistant.article import quote_bounds
from assistant.evidence import GROUNDED, SALIENT, Evidence, Finding, Span
from assistant.lexicon import Keys, match
from assistant.thai import clean, normalize

PURPOSE_BONUS = 0.16
PLAIN_TERMS, LEAD_PLAIN = 1, 0.6  # a question of so few words means the main event
LEAD = 0.2  # bonus of the sentence that tells the main event: "the meeting" without more is that one
EMPTY, FRESH_WORDS = 0.2, 4  # malus of a clause with nothing new; new words from which there is none
EVENT_ONLY = 0.45  # a clause that holds this share of the question tells the event, what follows tells more
CONTINUING = ("เพื่อ", "ได้แก่", "ประกอบด้วย", "คือ", "โดยเน้น", "โดยมี")
CONTINUED_LIMIT = 380


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
        _english(found, span),
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
    english = named[0].english if whole else _english(found, (start, end))
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


def _english(found: Evidence, span: Span) -> str:
    """Return a slice in English, "" for a Thai question: a gloss costs more than all else about a candidate."""
    return strip_marks(found.english(span)) if found.language == "en" else ""


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


def lead_bonus(found: Evidence) -> float:
    """Return what the lead sentence gains: more when a question names nothing but the event ("when was it held?")."""
    return LEAD_PLAIN if is_plain(found) else LEAD


def is_plain(found: Evidence) -> bool:
    """True when a question names nothing but an event: it means the main one."""
    weighty = int((found.field.weight >= SALIENT).sum())
    return bool(len(found.field.terms)) and weighty <= PLAIN_TERMS


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
