"""How sure a finding is: rules that settle a question, or else trees over every candidate (`assistant.ranking`)."""

from dataclasses import dataclass

import numpy as np

from assistant import candidates, claims, ranking
from assistant.clauses import is_plain
from assistant.evidence import Evidence, Finding
from assistant.features import features
from assistant.ways import by_kind

SAID, PLAINLY = 0.85, 0.7  # share of a question that a clause says itself to be plain, and the confidence then
MAIN = 0.75  # the confidence of the day, place or people of the main event, when a question names nothing else
BEYOND = 0.9  # the confidence that a list is shorter than asked for
AGAIN = 0.3  # how likely an answer given already is when another is asked for, beside what the trees say
NOTHING = 0.4  # the confidence of having found nothing, when there may be something


@dataclass(frozen=True, slots=True)
class Decision:
    """What was found, how sure it is, and how sure it must be to be said.

    `alone` is how sure a name, date or number is without the clause it stands in.
    """

    finding: Finding | None
    confidence: float
    threshold: float = 0.5
    alone: float = 1.0

    @property
    def enough(self) -> bool:
        """True when it is sure enough to be said."""
        return self.finding is not None and self.confidence >= self.threshold


def decide(found: Evidence) -> Decision:
    """Find an answer and weigh how sure it is."""
    question, rule = found.question, by_kind(found)
    if question.kind == "what" and not found.field.terms:
        return Decision(None, NOTHING)
    if rule is not None and (rule.sure or rule.beyond):
        return Decision(rule, rule.sure or BEYOND)
    gathered = candidates.gather(found, rule)
    if not gathered:
        return Decision(None, NOTHING)
    trees = ranking.load()
    first = gathered[0].finding
    if _is_main(found, first):
        return Decision(first, MAIN, trees.threshold)
    likely = trees.probabilities(features(found, gathered))
    likely = likely * np.array([AGAIN if question.told and c.finding.thai == question.told else 1.0 for c in gathered])
    length = np.array([min(len(c.finding.thai), 300) for c in gathered])
    best = int(np.argmax(likely - trees.brevity * length))
    if candidates.is_claim(found):
        told, right = claims.weigh(found, gathered[best].finding)
        return Decision(told, float(likely[best]) * right, trees.threshold)
    said = float(found.field.own[first.clause]) if first.typed and first.clause >= 0 else 0.0
    if likely[best] < trees.threshold and said >= SAID:
        return Decision(first, PLAINLY, trees.threshold)
    inner = candidates.shortest(gathered, likely, best) if question.kind in candidates.TYPED else best
    return Decision(gathered[inner].finding, float(likely[best]), trees.threshold, alone=float(likely[inner]))


def _is_main(found: Evidence, first: Finding) -> bool:
    """True when a question names nothing but an event, and its day, place or people were found."""
    asked = found.question.kind in ("where", "when") or len(first.entities) > 1
    return asked and first.typed and is_plain(found)
