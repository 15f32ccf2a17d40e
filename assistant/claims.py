"""Yes or no: a claim against the clause that speaks of it, weighed sign by sign."""

import json
import math
from dataclasses import replace
from functools import lru_cache

import numpy as np

from assistant import artefacts
from assistant import cues as cue_tables
from assistant.evidence import GROUNDED, SALIENT, Evidence, Finding
from assistant.features import marks
from assistant.lexicon import DATA, Keys
from assistant.premises import in_sentence, numbered
from assistant.thai import clean, normalize

DECIDED = 0.8  # how sure a yes or a no must be; below, the article's words are given for the reader to judge
TOLD = 0.85  # how often those words settle it, where they speak of the claim
HALF = 0.5  # what stands for the reader where there is none
NAMED = ("person", "organisation", "place")
OPPOSITES = (
    ("increase", "decrease"),
    ("open", "close"),
    ("win", "lose"),
    ("allow", "ban"),
    ("accept", "refuse"),
    ("agree", "refuse"),
    ("rise", "fall"),
    ("n_same", "n_different"),
    ("n_next", "n_previous"),
    ("male", "female"),
    ("start", "end"),
)
FEATURES = (
    "bias",
    "read yes",
    "read here",
    "opposed",
    "other number",
    "negation differs",
    "negation",
    "exclusive",
    "number missing",
    "number instead",
    "name missing",
    "name instead",
    "date instead",
    "done but planned",
    "own support",
    "support",
    "weakest",
    "alike",
    "silent",
    "english",
)


def weigh(found: Evidence, finding: Finding) -> tuple[Finding, float]:
    """Return a clause as a yes or a no, or for the reader to judge, and how likely that does justice to it, 0 to 1."""
    values = signs(found, finding.clause)
    odds = sum(weights().get(name, 0.0) * value for name, value in zip(FEATURES, values, strict=True))
    right = 1.0 / (1.0 + math.exp(-abs(odds)))
    if right < DECIDED:
        return replace(finding, template="told"), TOLD
    return replace(finding, template="yes" if odds >= 0 else "no", refuted=odds < 0), right


def signs(found: Evidence, index: int) -> tuple[float, ...]:
    """Return what speaks for and against a claim in a clause, in the order of FEATURES."""
    field, question, reading = found.field, found.question, found.reading
    cues = cue_tables.load()
    yes = min(max(reading.yes, 0.02), 0.98) if reading is not None else HALF
    here = reading.clauses.get(index, 0.0) if reading is not None else HALF
    lean = math.log(yes / (1 - yes))
    clause = found.clause(index)
    told = normalize(found.text((clause.start, clause.end))).text
    negated = any(n in told for n in cues.negations["th"])
    inside = in_sentence(found, index) if len(field.terms) else np.ones(0)
    numbers, names = (kind & (inside < GROUNDED) for kind in marks(found))
    salient = field.weight >= SALIENT
    exclusive = any(w in question.clean.split() or w in question.clean for w in cues.exclusive[found.language])
    mentions = [m for m in found.analysis.mentions if m.clause == index]
    asked = {v for t in field.terms for v in t.keys}
    strange = [m for m in mentions if m.kind in NAMED and f"g:{m.entity}" not in asked]
    dates = any(m.kind == "date" for m in mentions)
    done = any(w in question.clean for w in cues.done[found.language])
    planned = any(w in told for w in cues.planned)
    return (
        1.0,
        lean,
        lean * here,
        float(_opposed(found, found.analysis.clause_keys[index])),
        float(_other_number(found, index)),
        float(negated != question.negated),
        float(negated),
        float(exclusive and not any(w in told for w in cues.exclusive["th"])),
        float(numbers.any()),
        float(numbers.any() and any(m.kind == "number" for m in mentions)),
        float(names.any()),
        float(names.any() and bool(strange)),
        float(numbers.any() and dates),
        float(done and planned),
        found.own_support(index),
        found.support(index),
        float(inside[salient].min()) if salient.any() else 0.7,
        float(field.dense[index]),
        reading.silent if reading is not None else HALF,
        float(found.language == "en"),
    )


@lru_cache(maxsize=1)
def weights() -> dict[str, float]:
    """Return the fitted weights of FEATURES (made by `training/claims.py`)."""
    raw = json.loads(artefacts.read(DATA / "claims.json"))
    return dict(raw["weights"])


def _opposed(found: Evidence, bag: Keys) -> bool:
    for term, weight in zip(found.field.terms, found.field.weight, strict=True):
        for one, other in OPPOSITES:
            for asked, told in ((f"c:{one}", f"c:{other}"), (f"c:{other}", f"c:{one}")):
                if weight >= SALIENT and asked in term.keys and bag.get(told, 0.0) >= 0.5 and bag.get(asked, 0.0) < 0.5:
                    return True
    return False


def _other_number(found: Evidence, index: int) -> bool:
    """True when the question numbers something (a phase, a round) otherwise than the clause does."""
    asked = numbered(found.question.clean)
    told = numbered(clean(found.text(found.sentence(index))))
    nouns = {noun for noun, _ in told}
    return any(noun in nouns and (noun, number) not in told for noun, number in asked)
