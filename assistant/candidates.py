"""Everything that might answer a question, side by side, with what is known of each.

Each way of looking puts forward what it ranks first; `features` describes a candidate in numbers, the same for every
way, so that `ranking` can weigh them against each other and against silence.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant import participants, typed
from assistant.analysis import bag_of
from assistant.clauses import finding_of, lead_sentence, span_finding
from assistant.evidence import GROUNDED, SALIENT, Evidence, Finding
from assistant.lexicon import Keys, match
from assistant.participants import entity_bag
from assistant.premises import unasked_time
from assistant.records import Mention
from assistant.retrieval import is_idiom, term_strength

Floats = NDArray[np.float64]
SOURCES = ("rule", "people", "places", "dates", "numbers", "clause", "span")
KINDS = ("who", "where", "when", "howmany", "what", "why", "list", "quote")
TYPED = {"who": "people", "where": "places", "when": "dates", "howmany": "numbers"}
MENTIONS = ("person", "organisation", "place", "date", "time", "number", "quotation", "group")
BLOCKS = ("headline", "lead", "paragraph", "item", "quotation", "caption", "source")
MOST, CLAUSES, READ_CLAUSES = 8, 5, 3  # candidates of a typed way; clauses put forward by retrieval, by the reader
RIVAL = 0.6  # share of its likelihood from which another name in the same clause casts doubt on the first
WITHIN = 0.4  # share of a clause's likelihood from which a name or number in it is given instead, with the clause
AROUND = 60  # code points around a candidate that count as beside it


@dataclass(frozen=True, slots=True)
class Candidate:
    """A finding with the way that put it forward, its rank there and how far it lies behind the first."""

    finding: Finding
    source: str
    rank: int
    behind: float


def gather(found: Evidence, rule: Finding | None) -> list[Candidate]:
    """Return what may answer: the rules' choice first, then names, dates or numbers, clauses, and the reader's span.

    Args:
        found: the evidence.
        rule: what `ways.by_kind` chose.
    """
    chosen: list[Candidate] = []
    if rule is not None:
        chosen.append(Candidate(rule, "rule", 0, 0.0))
    way = TYPED.get(found.question.kind)
    if way:
        look = {
            "people": participants.people,
            "places": typed.places,
            "dates": typed.dates,
            "numbers": typed.numbers,
        }[way]
        chosen += _ranked(look(found)[:MOST], way)
    order = np.argsort(-found.field.score, kind="stable")
    blocks = found.analysis.article.blocks
    clauses = [int(i) for i in order if blocks[found.clause(int(i)).block].kind != "source"][:CLAUSES]
    if found.reading is not None:
        read = found.reading.clauses
        likely = sorted(read, key=lambda c: (-read[c], c))[:READ_CLAUSES]
        clauses += [c for c in likely if c not in clauses and blocks[found.clause(c).block].kind != "source"]
    chosen += _ranked([finding_of(found, i, float(found.field.score[i])) for i in clauses], "clause")
    if found.reading is not None and found.reading.best[1] > found.reading.best[0]:
        chosen.append(Candidate(span_finding(found, *found.reading.best), "span", 0, 0.0))
    seen: set[tuple[str, tuple[int, int]]] = set()
    kept = []
    for candidate in chosen:
        key = (candidate.finding.thai, candidate.finding.spans[0])
        if key not in seen:
            seen.add(key)
            kept.append(candidate)
    return kept


def shortest(candidates: Sequence[Candidate], likely: Floats, best: int) -> int:
    """Return the name, date or number inside the best candidate that answers by itself, the best one if there is none.

    Args:
        candidates: all of them.
        likely: how likely each answers, shape (n,).
        best: the likeliest.
    """
    inside = [i for i, c in enumerate(candidates) if c.finding.typed and _within(c.finding, candidates[best].finding)]
    inside.sort(key=lambda i: (-float(likely[i]), i))
    if candidates[best].finding.typed or not inside or likely[inside[0]] < WITHIN * likely[best]:
        return best
    rivals = [i for i in inside[1:] if not _same(candidates[i].finding, candidates[inside[0]].finding)]
    return best if rivals and likely[rivals[0]] > RIVAL * likely[inside[0]] else inside[0]


def _ranked(findings: Sequence[Finding], source: str) -> list[Candidate]:
    return [Candidate(f, source, rank, findings[0].score - f.score) for rank, f in enumerate(findings)]


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
)


def features(found: Evidence, candidates: Sequence[Candidate]) -> Floats:
    """Return one row for each candidate, shape (n, len(NAMES))."""
    rows = [[*_row(found, c), *_company(found, c, candidates)] for c in candidates]
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
    mates = [c for c in candidates if c is not one and _same(c.finding, one.finding)]
    ranks = [c.rank for c in candidates if c.source in TYPED.values() and _within(c.finding, one.finding)]
    yield float(len(ranks))
    yield float(min(ranks, default=MOST + 1))
    yield float(any(c.source == "rule" for c in mates))
    yield float(any(c.source == "span" for c in mates))
    yield float(any(c.source == "clause" and c.rank == 0 for c in mates))
    yield float(any(c.source in TYPED.values() and c.rank == 0 for c in mates))
    yield float(len(mates))


def _within(inner: Finding, outer: Finding) -> bool:
    """True when what one finding cites first lies inside what another cites."""
    start, end = inner.spans[0]
    return any(s <= start and end <= e for s, e in outer.spans)


def _same(one: Finding, other: Finding) -> bool:
    """True when two findings cite words in common, or name the same person or body."""
    shared = any(s < e2 and s2 < e for s, e in one.spans for s2, e2 in other.spans)
    return shared or bool(set(one.entities) & set(other.entities))


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
