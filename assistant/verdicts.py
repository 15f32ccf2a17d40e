"""Yes or no: a claim against the sentence that speaks of it, a title against its holder, A against B."""

import json
import math
import re
from dataclasses import replace
from functools import lru_cache

import numpy as np

from assistant import cues as cue_tables
from assistant.article import quote_bounds
from assistant.clauses import finding_of
from assistant.evidence import GROUNDED, SALIENT, Evidence, Finding
from assistant.identity import keys_of, role
from assistant.lexicon import DATA, Keys, Term
from assistant.participants import people
from assistant.premises import in_sentence, name_kind, numbered
from assistant.retrieval import term_strength
from assistant.thai import clean, normalize
from assistant.typed import dates, places

HALF_ENOUGH = 0.35  # score from which one side of a comparison counts as found


READ = 0.2  # what the clause gains that the reader likes best; from 0 to 1.5 hardly matters on the tuning sets
HALF = 0.5  # what stands for the reader where there is none


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


def polarity(found: Evidence) -> Finding | None:
    """Return a yes or a no with the words behind it, None when the article says nothing near the claim."""
    return _title_claim(found) or _same(found) or _weighed(found)


def _weighed(found: Evidence) -> Finding | None:
    """Return the verdict on the clause that speaks most of the claim."""
    blocks = found.analysis.article.blocks
    order = [int(i) for i in np.argsort(-_spoken_of(found), kind="stable")]
    index = next((i for i in order if blocks[found.clause(i).block].kind != "source"), -1)
    if index < 0 or not len(found.field.terms):
        return None
    odds = sum(weights().get(name, 0.0) * value for name, value in zip(FEATURES, signs(found, index), strict=True))
    return _verdict(found, index, "yes" if odds >= 0 else "no")


def _spoken_of(found: Evidence) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """Return how strongly each clause speaks of a claim, by retrieval and, a little, by the reader."""
    score = found.field.score.copy()
    if found.reading is not None:
        most = max(found.reading.clauses.values(), default=0.0) or 1.0
        for clause, likely in found.reading.clauses.items():
            score[clause] += READ * likely / most
    return score


FEATURES = (
    "bias",
    "read yes",
    "opposed",
    "other number",
    "negation differs",
    "negation",
    "exclusive",
    "number missing",
    "name missing",
    "own support",
    "support",
    "weakest",
    "silent",
    "english",
)


def signs(found: Evidence, index: int) -> tuple[float, ...]:
    """Return what speaks for and against a claim in a clause, in the order of FEATURES."""
    field, question = found.field, found.question
    reading = found.reading
    yes = min(max(reading.yes, 0.02), 0.98) if reading is not None else HALF
    clause = found.clause(index)
    told = normalize(found.text((clause.start, clause.end))).text
    negations = cue_tables.load().negations["th"]
    negated = any(n in told for n in negations)
    inside = in_sentence(found, index)
    missing = inside < GROUNDED
    numbers = np.array([any(k.startswith("n:") for k in t.keys) for t in field.terms], dtype=bool)
    names = np.array([bool(name_kind(found, t)) for t in field.terms], dtype=bool)
    salient = field.weight >= SALIENT
    exclusive = any(
        w in question.clean.split() or w in question.clean for w in cue_tables.load().exclusive[found.language]
    )
    return (
        1.0,
        math.log(yes / (1 - yes)),
        float(_opposed(found, found.analysis.clause_keys[index])),
        float(_other_number(found, index)),
        float(negated != question.negated),
        float(negated),
        float(exclusive and not any(w in told for w in cue_tables.load().exclusive["th"])),
        float((numbers & missing).any()),
        float((names & missing).any()),
        found.own_support(index),
        found.support(index),
        float(inside[salient].min()) if salient.any() else 0.7,
        reading.silent if reading is not None else HALF,
        float(found.language == "en"),
    )


@lru_cache(maxsize=1)
def weights() -> dict[str, float]:
    """Return the fitted weights of FEATURES (made by `training/claims.py`)."""
    raw = json.loads((DATA / "claims.json").read_text(encoding="utf-8"))
    return dict(raw["weights"])


_SAME = {
    "th": re.compile(
        r"^(?P<a>.+?)(?:กับ|และ)(?P<b>.+?)(?:เป็น|คือ|มี|จัด|อยู่)*(?P<what>คน|ที่|หน่วยงาน|กระทรวง|วัน|แห่ง|เมือง|ประเทศ)เดียวกัน"
    ),
    "en": re.compile(
        r"^(?:is|are|was|were|did|do) (?P<a>.+?) (?:and|as) (?P<b>.+?) (?:on |in |by )?(?:the |one and the )?"
        r"same (?P<what>person|people|day|date|"
        r"agency|ministry|organisation|organization|body|city|place|country|one)"
    ),
}


def _same(found: Evidence) -> Finding | None:
    """Weigh "are A and B the same …?" by finding A and B apart from each other."""
    match_ = _SAME[found.language].search(found.question.clean)
    if not match_:
        return None
    look = {
        "วัน": dates,
        "day": dates,
        "date": dates,
        "เมือง": places,
        "ประเทศ": places,
        "city": places,
        "place": places,
        "country": places,
    }.get(match_["what"], people)
    asks = {"คน": "person", "person": "person", "people": "person"}.get(
        match_["what"], "organisation" if look is people else "place"
    )
    halves = [look(_part(found, match_.start(name), match_.end(name), asks)) for name in ("a", "b")]
    if not all(halves) or min(h[0].score for h in halves) < HALF_ENOUGH:
        return None
    one, other = halves[0][0], halves[1][0]
    day = found.analysis.article.text
    same = (
        bool(set(one.entities) & set(other.entities))
        or one.thai == other.thai
        or (look is dates and any(day[s:e] == day[a:b] for s, e in one.spans for a, b in other.spans))
    )
    parts = dict.fromkeys([one.thai] if same else [one.thai, other.thai])
    english = dict.fromkeys([one.english] if same else [one.english, other.english])
    clauses = [found.clause(f.clause) for f in (one, other)]
    spans = tuple(dict.fromkeys(quote_bounds(found.analysis.article, c.start, c.end) for c in clauses))
    word = "" if found.language == "en" else match_["what"]
    return Finding(
        0.8,
        spans,
        " / ".join(parts),
        " / ".join(english),
        "same" if same else "not_same",
        {"what_th": word, "what_en": match_["what"]},
        clause=one.clause,
        typed=True,
        entities=one.entities,
        refuted=not same,
        sure=0.75,
    )


def _part(found: Evidence, start: int, end: int, asks: str) -> Evidence:
    """Return the same evidence for a part of the question only."""
    inside = np.array([start <= t.start < end for t in found.field.terms])
    weight = found.field.weight * inside
    cover = weight @ found.field.near / max(float(weight.sum()), 1e-9)
    part = replace(found.field, weight=weight, dense=np.zeros_like(found.field.dense), score=cover)
    clean_part = found.question.clean[start:end]
    return replace(
        found,
        question=replace(
            found.question,
            clean=clean_part,
            kind="who" if asks != "place" else "where",
            asks=asks,
            entities=frozenset(),
        ),
        field=part,
    )


def _verdict(found: Evidence, index: int, template: str) -> Finding:
    plain = finding_of(found, index, found.support(index))
    return Finding(
        plain.score, plain.spans, plain.thai, plain.english, template, clause=index, refuted=template == "no"
    )


def _title_claim(found: Evidence) -> Finding | None:
    """Weigh "is X a minister?" against the role the article gives X."""
    named = [i for i in found.question.entities if found.analysis.vocabulary.entities[i].kind == "person"]
    titles = [t for t in found.field.terms if _is_title(found, t)]
    rest = [
        t
        for t, w in zip(found.field.terms, found.field.weight, strict=True)
        if w >= SALIENT and t not in titles and not any(k == f"g:{i}" for i in named for k in t.keys)
    ]
    if len(named) != 1 or not titles or len(rest) > 2:
        return None
    base = role(found)
    if base is None:
        return None
    bag = keys_of(found, named[0])
    sides = set(found.analysis.vocabulary.entities[named[0]].side)
    owner = [
        _sides(found, before)
        for before, title in zip(found.field.terms, found.field.terms[1:], strict=False)
        if title in titles
    ]
    foreign = any(o and sides and not o & sides for o in owner)
    held = all(term_strength(t, bag) >= 0.7 for t in titles) and not foreign
    return Finding(
        0.85,
        base.spans,
        base.thai,
        base.english,
        "yes" if held else "no",
        clause=base.clause,
        typed=True,
        entities=base.entities,
        refuted=not held,
    )


def _sides(found: Evidence, term: Term) -> set[str]:
    entities = found.analysis.vocabulary.entities
    return {
        side
        for k in term.keys
        if k.startswith("g:") and entities[int(k[2:])].kind == "place"
        for side in entities[int(k[2:])].side
    }


def _is_title(found: Evidence, term: Term) -> bool:
    if any(k.startswith("g:") and found.analysis.vocabulary.entities[int(k[2:])].kind == "title" for k in term.keys):
        return True
    return any(
        re.match(
            r"c:n_(?:\w*minister|.*secretary|ambassador|governor|inspector|director|.*chief|.*head|mayor|president|spokes)",
            k,
        )
        for k in term.keys
    )


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
