"""Claims that a rule settles: a title against its holder, A against B."""

import re
from dataclasses import replace

import numpy as np

from assistant.article import quote_bounds
from assistant.evidence import SALIENT, Evidence, Finding
from assistant.identity import keys_of, role
from assistant.lexicon import Term
from assistant.participants import people
from assistant.retrieval import term_strength
from assistant.typed import dates, places

HALF_ENOUGH = 0.35  # score from which one side of a comparison counts as found
SETTLED = 0.75  # the confidence of a rule that settles a claim


def polarity(found: Evidence) -> Finding | None:
    """Return a yes or a no with the words behind it, None when no rule settles the claim."""
    return _title_claim(found) or _same(found)


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
        sure=SETTLED,
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
        sure=SETTLED,
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
