"""Everything that might answer a question, side by side, with what is known of each.

Each way of looking puts forward what it ranks first; `features` describes a candidate in numbers, the same for every
way, so that `ranking` can weigh them against each other and against silence.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant import lists, participants, typed
from assistant.clauses import finding_of, span_finding
from assistant.evidence import Evidence, Finding

Floats = NDArray[np.float64]
SOURCES = ("rule", "people", "places", "dates", "numbers", "lists", "clause", "span")
TYPED = {"who": "people", "where": "places", "when": "dates", "howmany": "numbers"}
MOST, CLAUSES, READ_CLAUSES = 8, 5, 3  # candidates of a typed way; clauses put forward by retrieval, by the reader
RIVAL = 0.6  # share of its likelihood from which another name in the same clause casts doubt on the first
WITHIN = 0.4  # share of a clause's likelihood from which a name or number in it is given instead, with the clause


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
    told = [finding_of(found, i, float(found.field.score[i])) for i in clauses]
    chosen += _ranked(told, "clause")
    if found.question.kind == "list":
        chosen += _ranked(lists.offered(found, told), "lists")
    if found.reading is not None and found.reading.best[1] > found.reading.best[0] and not is_claim(found):
        chosen.append(Candidate(span_finding(found, *found.reading.best), "span", 0, 0.0))
    seen: set[tuple[str, tuple[int, int]]] = set()
    kept = []
    for candidate in chosen:
        key = (candidate.finding.thai, candidate.finding.spans[0])
        if key not in seen:
            seen.add(key)
            kept.append(candidate)
    return kept


def is_claim(found: Evidence) -> bool:
    """True when a question is answered by yes or no."""
    return found.question.kind == "yesno" and found.question.asks == "yesno"


def shortest(candidates: Sequence[Candidate], likely: Floats, best: int) -> int:
    """Return the name, date or number inside the best candidate that answers by itself, the best one if there is none.

    Args:
        candidates: all of them.
        likely: how likely each answers, shape (n,).
        best: the likeliest.
    """
    inside = [i for i, c in enumerate(candidates) if c.finding.typed and within(c.finding, candidates[best].finding)]
    inside.sort(key=lambda i: (-float(likely[i]), i))
    if candidates[best].finding.typed or not inside or likely[inside[0]] < WITHIN * likely[best]:
        return best
    rivals = [i for i in inside[1:] if not same_words(candidates[i].finding, candidates[inside[0]].finding)]
    return best if rivals and likely[rivals[0]] > RIVAL * likely[inside[0]] else inside[0]


def _ranked(findings: Sequence[Finding], source: str) -> list[Candidate]:
    return [Candidate(f, source, rank, findings[0].score - f.score) for rank, f in enumerate(findings)]


def within(inner: Finding, outer: Finding) -> bool:
    """True when what one finding cites first lies inside what another cites."""
    start, end = inner.spans[0]
    return any(s <= start and end <= e for s, e in outer.spans)


def same_words(one: Finding, other: Finding) -> bool:
    """True when two findings cite words in common, or name the same person or body."""
    shared = any(s < e2 and s2 < e for s, e in one.spans for s2, e2 in other.spans)
    return shared or bool(set(one.entities) & set(other.entities))
