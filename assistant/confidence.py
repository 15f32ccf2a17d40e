"""How sure a finding is: a logistic regression over what tells right findings from wrong ones.

The weights are fitted by `python -m tests.calibrate` on the question sets and kept in `data/confidence.json`.
"""

import json
import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from assistant import candidates, ranking
from assistant.clauses import is_plain
from assistant.evidence import GROUNDED, SALIENT, Evidence, Finding
from assistant.lexicon import DATA, Keys
from assistant.participants import entity_bag
from assistant.retrieval import is_idiom, term_strength
from assistant.ways import by_kind

KINDS = ("who", "where", "when", "howmany", "what", "why", "list", "quote", "yesno")


FEATURES = (
    "bias",
    "score",
    "support",
    "weakest",
    "dense_here",
    "dense_best",
    "lost",
    "lost_idiom",
    "lost_here",
    "typed",
    "refuted",
    "words",
    "history",
    "fit",
    "margin",
    "lost_most",
    "dense_lead",
    "silent",
    "read",
    "read_clause",
    "read_sure",
    "read_else",
    *KINDS,
)


@dataclass(frozen=True, slots=True)
class Decision:
    """What was found, how sure it is, how sure it must be to be said, and the numbers that this was weighed by.

    `alone` is how sure a name, date or number is without the clause it stands in.
    """

    finding: Finding | None
    confidence: float
    threshold: float = 0.5
    features: tuple[float, ...] = ()
    alone: float = 1.0

    @property
    def enough(self) -> bool:
        """True when it is sure enough to be said."""
        return self.finding is not None and self.confidence >= self.threshold


@lru_cache(maxsize=1)
def calibration() -> tuple[dict[str, float], float]:
    """Return the fitted weights of the features and the threshold (made by `python -m tests.calibrate`)."""
    raw = json.loads((DATA / "confidence.json").read_text(encoding="utf-8"))
    return dict(raw["weights"]), float(raw["threshold"])


SAID, PLAINLY = 0.85, 0.7  # share of a question that a clause says itself to be plain, and the confidence then
MAIN = 0.75  # the confidence of the day, place or people of the main event, when a question names nothing else
BEYOND = 0.9  # the confidence that a list is shorter than asked for
NOTHING = 0.4  # the confidence of having found nothing, when there may be something


def decide(found: Evidence) -> Decision:
    """Find an answer and weigh how sure it is: trees over every candidate, or rules and a regression for claims."""
    if found.question.kind in candidates.KINDS:
        return _ranked(found, by_kind(found))
    return _ruled(found, by_kind(found))


def _ranked(found: Evidence, rule: Finding | None) -> Decision:
    if found.question.kind == "what" and not found.field.terms:
        return Decision(None, NOTHING)
    if rule is not None and (rule.sure or rule.beyond):
        return Decision(rule, rule.sure or BEYOND)
    gathered = candidates.gather(found, rule)
    if not gathered:
        return Decision(None, NOTHING)
    first = gathered[0].finding
    trees = ranking.load()
    main = found.question.kind in ("where", "when") or len(first.entities) > 1
    if main and first.typed and is_plain(found):
        return Decision(first, MAIN, trees.threshold)
    likely = trees.probabilities(candidates.features(found, gathered))
    length = np.array([min(len(c.finding.thai), 300) for c in gathered])
    best = int(np.argmax(likely - trees.brevity * length))
    said = float(found.field.own[first.clause]) if first.typed and first.clause >= 0 else 0.0
    if likely[best] < trees.threshold and said >= SAID:
        return Decision(first, PLAINLY, trees.threshold)
    inner = candidates.shortest(gathered, likely, best) if found.question.kind in candidates.TYPED else best
    return Decision(gathered[inner].finding, float(likely[best]), trees.threshold, alone=float(likely[inner]))


def _ruled(found: Evidence, finding: Finding | None) -> Decision:
    if finding is None:
        return Decision(None, NOTHING)
    if finding.sure:
        return Decision(finding, finding.sure)
    features = _features(found, finding)
    weights, threshold = calibration()
    logit = sum(weights.get(name, 0.0) * value for name, value in zip(FEATURES, features, strict=True))
    return Decision(finding, 1.0 / (1.0 + math.exp(-logit)), threshold, features)


def _features(found: Evidence, finding: Finding) -> tuple[float, ...]:
    """Return the numbers that tell a right answer from a wrong one, in the order of FEATURES."""
    field, question = found.field, found.question
    known: Keys = {}
    for index in finding.entities[:2]:
        known = {**known, **entity_bag(found, found.analysis.vocabulary.entities[index])}
    clause = finding.clause if finding.clause >= 0 else int(np.argmax(field.score))
    total = max(float(field.weight.sum()), 1e-9)
    reach = field.strength if finding.local else field.near
    here = (
        np.maximum(reach[:, clause], [term_strength(t, known) for t in field.terms]) if len(field.terms) else np.ones(1)
    )
    salient = field.weight >= SALIENT if len(field.terms) else np.zeros(1, dtype=bool)
    lost = field.grounded() < GROUNDED if len(field.terms) else np.zeros(0, dtype=bool)
    idiom = np.array([is_idiom(t) for t in field.terms], dtype=bool)
    salient = salient & ~(lost & idiom) if len(field.terms) else salient
    weakest = float(here[salient].min()) if salient.any() else 0.7
    lost_here = float(field.weight[(here < GROUNDED)[: len(field.weight)]].sum()) / total if len(field.terms) else 0.0
    support = found.own_support(clause) if finding.local else found.support(clause, known)
    return (
        1.0,
        finding.score,
        support,
        weakest,
        float(field.dense[clause]),
        float(field.dense.max(initial=0.0)),
        float(field.weight[lost & ~idiom].sum()) / total,
        float(field.weight[lost & idiom].sum()) / total,
        lost_here,
        float(finding.typed),
        float(finding.refuted),
        min(len(field.terms), 8) / 8,
        float(bool(question.history)),
        finding.fit,
        finding.margin,
        float((field.weight * (lost & ~idiom)).max(initial=0.0)) if len(field.terms) else 0.0,
        float(field.dense[clause] - field.dense.mean()),
        *_read(found, finding),
        *(float(question.kind == kind) for kind in KINDS),
    )


def _read(found: Evidence, finding: Finding) -> tuple[float, float, float, float, float]:
    """Return what the reader thinks: is there none; is it this span, this clause; how sure is it; is it elsewhere."""
    reading = found.reading
    if reading is None:
        return 0.5, 0.0, 0.0, 0.0, 0.0
    here = max((found.read(*span) for span in finding.spans), default=0.0)
    clause = max((p for c, p in reading.clauses.items() if _stands_in(found, c, finding)), default=0.0)
    elsewhere = float(not any(s < reading.best[1] and reading.best[0] < e for s, e in finding.spans))
    return reading.silent, here, clause, reading.sure, elsewhere


def _stands_in(found: Evidence, clause: int, finding: Finding) -> bool:
    one = found.clause(clause)
    return any(one.start < end and start < one.end for start, end in finding.spans)
