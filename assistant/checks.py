"""Findings that weigh a claim or explain a word: yes or no, what a name stands for, who somebody is."""

import re
from dataclasses import replace

import numpy as np

from assistant import cues as cue_tables
from assistant.article import quote_bounds
from assistant.evidence import GROUNDED, SALIENT, Evidence, Finding, english_terms_bag, finding_of, thai_terms_bag
from assistant.lexicon import Keys, Term, match
from assistant.mentions import place_names
from assistant.records import Mention
from assistant.retrieval import term_strength
from assistant.thai import clean, fold, normalize
from assistant.typed import dates, entity_bag, entity_index, name_of, people, places

HALF_ENOUGH = 0.35  # score from which one side of a comparison counts as found
YES_SUPPORT = 0.58  # share of a claim's weight that must stand in one sentence for a yes
NO_SUPPORT = 0.6  # share of the rest of a claim for a no with what stands there instead
OPPOSITES = (("increase", "decrease"), ("open", "close"), ("win", "lose"), ("allow", "ban"), ("accept", "refuse"), ("agree", "refuse"),
             ("rise", "fall"), ("n_same", "n_different"), ("n_next", "n_previous"), ("male", "female"), ("start", "end"))


def person_asked(found: Evidence) -> int:
    """Return the entity that a question is about: named in it, or the best fit for how it is described; -1 for none."""
    named = [i for i in found.question.entities if found.analysis.vocabulary.entities[i].kind == "person"]
    if named:
        return min(named)
    ranked = [f for f in people(found) if f.entities and found.analysis.vocabulary.entities[f.entities[0]].kind == "person"]
    return ranked[0].entities[0] if ranked and not found.missing(ranked[0].clause, _bag(found, ranked[0].entities[0])) else -1


def _bag(found: Evidence, index: int) -> Keys:
    return entity_bag(found, found.analysis.vocabulary.entities[index])


def role(found: Evidence) -> Finding | None:
    """Return who somebody is: the role the article gives them."""
    index = person_asked(found)
    if index < 0:
        return None
    entity = found.analysis.vocabulary.entities[index]
    mentions = [m for m in found.analysis.mentions if m.kind == "person" and entity_index(found, m) == index]
    told = [m for m in mentions if len(m.detail.split("|")[0]) > 2] or mentions
    if not told:
        return None
    mention = max(told, key=lambda m: len(m.detail))
    thai, english = name_of(found, mention)
    clause = found.clause(mention.clause)
    span = quote_bounds(found.analysis.article, min(clause.start, mention.start), max(clause.end, mention.end))
    known = bool(entity.role_th or mention.detail.split("|")[0])
    return Finding(0.8 if known else 0.3, (span,), thai, english, "plain", clause=mention.clause, typed=True, entities=(index,), sure=0.9 if known and index in found.question.entities else 0.0)


def definition(found: Evidence) -> Finding | None:
    """Return what an abbreviation or name stands for, by the article's own brackets or its glossary."""
    question = found.question
    for index, entity in enumerate(found.analysis.vocabulary.entities):
        if index in question.entities and entity.expand_th:
            at = _first(found, entity.thai)
            if at is not None:
                return Finding(0.9, (at,), entity.expand_th, entity.expand_en, "expands", {"short": _short_form(found, entity.thai)}, typed=True, sure=0.92)
    for short, (start, end) in found.analysis.abbreviations.items():
        if re.search(rf"(?<![a-zก-๙]){re.escape(fold(short))}(?![a-zก-๙])", question.clean):
            span = quote_bounds(found.analysis.article, start, end)
            return Finding(0.85, (span,), clean(found.text(span)), found.english(span), "expands", {"short": short}, typed=True, sure=0.9)
    return None


def _short_form(found: Evidence, forms: tuple[str, ...]) -> str:
    return next((f for f in forms if f in found.analysis.article.text), forms[0])


def _first(found: Evidence, forms: tuple[str, ...]) -> tuple[int, int] | None:
    text = found.analysis.article.text
    bracketed = [(text.index(f"({f})"), f) for f in forms if f"({f})" in text]
    if bracketed:
        at, form = bracketed[0]
        clause = max((c for c in found.analysis.article.clauses if c.start <= at), key=lambda c: c.start)
        return quote_bounds(found.analysis.article, clause.start, max(clause.end, at + len(form) + 2))
    for form in forms:
        at = text.find(form)
        if at >= 0:
            return quote_bounds(found.analysis.article, at, at + len(form))
    return None


def polarity(found: Evidence) -> Finding | None:
    """Return a yes or a no with the words behind it, None when the article neither supports nor refutes the claim."""
    titled = _title_claim(found) or _same(found)
    if titled is not None:
        return titled
    field = found.field
    if not len(field.terms):
        return None
    order = [int(i) for i in np.argsort(-field.score)[:6]
             if found.analysis.article.blocks[found.clause(int(i)).block].kind != "source"]
    for index in order:
        if _opposed(found, found.analysis.clause_keys[index]) and found.support(index) >= NO_SUPPORT - 0.15:
            return _verdict(found, index, "no")
        if _other_number(found, index) and found.support(index) >= NO_SUPPORT - 0.1:
            return _verdict(found, index, "no")
        absent = [t for t, w, s in zip(field.terms, field.weight, _in_sentence(found, index), strict=True) if w >= SALIENT and s < GROUNDED]
        if not absent and found.support(index) >= YES_SUPPORT:
            return _verdict(found, index, "no" if _negated(found, index) != found.question.negated else "yes")
        if absent and all(_has_rival(found, t, index) for t in absent) and _rest_support(found, absent, index) >= NO_SUPPORT:
            return _verdict(found, index, "no")
    return None


_SAME = {"th": re.compile(r"^(?P<a>.+?)(?:กับ|และ)(?P<b>.+?)(?:เป็น|คือ|มี|จัด|อยู่)*(?P<what>คน|ที่|หน่วยงาน|กระทรวง|วัน|แห่ง|เมือง|ประเทศ)เดียวกัน"),
         "en": re.compile(r"^(?:is|are|was|were|did|do) (?P<a>.+?) (?:and|as) (?P<b>.+?) (?:on |in |by )?(?:the |one and the )?same (?P<what>person|people|day|date|"
                          r"agency|ministry|organisation|organization|body|city|place|country|one)")}


def _same(found: Evidence) -> Finding | None:
    """Weigh "are A and B the same …?" by finding A and B apart from each other."""
    match_ = _SAME[found.language].search(found.question.clean)
    if not match_:
        return None
    look = {"วัน": dates, "day": dates, "date": dates, "เมือง": places, "ประเทศ": places, "city": places, "place": places, "country": places}.get(
        match_["what"], people)
    asks = {"คน": "person", "person": "person", "people": "person"}.get(match_["what"], "organisation" if look is people else "place")
    halves = [look(_part(found, match_.start(name), match_.end(name), asks)) for name in ("a", "b")]
    if not all(halves) or min(h[0].score for h in halves) < HALF_ENOUGH:
        return None
    one, other = halves[0][0], halves[1][0]
    day = found.analysis.article.text
    same = bool(set(one.entities) & set(other.entities)) or one.thai == other.thai or (
        look is dates and any(day[s:e] == day[a:b] for s, e in one.spans for a, b in other.spans))
    parts = dict.fromkeys([one.thai] if same else [one.thai, other.thai])
    english = dict.fromkeys([one.english] if same else [one.english, other.english])
    clauses = [found.clause(f.clause) for f in (one, other)]
    spans = tuple(dict.fromkeys(quote_bounds(found.analysis.article, c.start, c.end) for c in clauses))
    word = "" if found.language == "en" else match_["what"]
    return Finding(0.8, spans, " / ".join(parts), " / ".join(english), "same" if same else "not_same", {"what_th": word, "what_en": match_["what"]},
                   clause=one.clause, typed=True, entities=one.entities, refuted=not same, sure=0.75)


def _part(found: Evidence, start: int, end: int, asks: str) -> Evidence:
    """Return the same evidence for a part of the question only."""
    inside = np.array([start <= t.start < end for t in found.field.terms])
    weight = found.field.weight * inside
    cover = weight @ found.field.near / max(float(weight.sum()), 1e-9)
    part = replace(found.field, weight=weight, dense=np.zeros_like(found.field.dense), score=cover)
    clean_part = found.question.clean[start:end]
    return replace(found, question=replace(found.question, clean=clean_part, kind="who" if asks != "place" else "where", asks=asks, entities=frozenset()),
                   field=part)


def _in_sentence(found: Evidence, index: int) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """Return how strongly each term stands anywhere in the sentence of a clause."""
    sentence = found.clause(index).sentence
    inside = [c.index for c in found.analysis.article.clauses if c.sentence == sentence]
    return np.asarray(found.field.strength[:, inside].max(axis=1))


def _rest_support(found: Evidence, absent: list[Term], index: int) -> float:
    held = total = 0.0
    for term, weight, strength in zip(found.field.terms, found.field.weight, _in_sentence(found, index), strict=True):
        if term not in absent:
            total += weight
            held += weight * strength
    return held / total if total >= 0.4 else 0.0


def _verdict(found: Evidence, index: int, template: str) -> Finding:
    plain = finding_of(found, index, found.support(index))
    return Finding(plain.score, plain.spans, plain.thai, plain.english, template, clause=index, refuted=template == "no")


def _title_claim(found: Evidence) -> Finding | None:
    """Weigh "is X a minister?" against the role the article gives X."""
    named = [i for i in found.question.entities if found.analysis.vocabulary.entities[i].kind == "person"]
    titles = [t for t in found.field.terms if _is_title(found, t)]
    rest = [t for t, w in zip(found.field.terms, found.field.weight, strict=True)
            if w >= SALIENT and t not in titles and not any(k == f"g:{i}" for i in named for k in t.keys)]
    if len(named) != 1 or not titles or len(rest) > 2:
        return None
    base = role(found)
    if base is None:
        return None
    bag = _bag(found, named[0])
    sides = set(found.analysis.vocabulary.entities[named[0]].side)
    owner = [_sides(found, before) for before, title in zip(found.field.terms, found.field.terms[1:], strict=False) if title in titles]
    foreign = any(o and sides and not o & sides for o in owner)
    held = all(term_strength(t, bag) >= 0.7 for t in titles) and not foreign
    return Finding(0.85, base.spans, base.thai, base.english, "yes" if held else "no", clause=base.clause, typed=True, entities=base.entities,
                   refuted=not held)


def _sides(found: Evidence, term: Term) -> set[str]:
    entities = found.analysis.vocabulary.entities
    return {side for k in term.keys if k.startswith("g:") and entities[int(k[2:])].kind == "place" for side in entities[int(k[2:])].side}


def _is_title(found: Evidence, term: Term) -> bool:
    if any(k.startswith("g:") and found.analysis.vocabulary.entities[int(k[2:])].kind == "title" for k in term.keys):
        return True
    return any(re.match(r"c:n_(?:\w*minister|.*secretary|ambassador|governor|inspector|director|.*chief|.*head|mayor|president|spokes)", k) for k in term.keys)


def _opposed(found: Evidence, bag: Keys) -> bool:
    for term, weight in zip(found.field.terms, found.field.weight, strict=True):
        for one, other in OPPOSITES:
            for asked, told in ((f"c:{one}", f"c:{other}"), (f"c:{other}", f"c:{one}")):
                if weight >= SALIENT and asked in term.keys and bag.get(told, 0.0) >= 0.5 and bag.get(asked, 0.0) < 0.5:
                    return True
    return False


def _negated(found: Evidence, index: int) -> bool:
    clause = found.clause(index)
    text = normalize(found.text((clause.start, clause.end))).text
    return any(n in text for n in cue_tables.load().negations["th"])


def _other_number(found: Evidence, index: int) -> bool:
    """True when the question numbers something (a phase, a round) otherwise than the clause does."""
    asked = _numbered(found.question.clean)
    told = _numbered(clean(found.text(found.sentence(index))))
    nouns = {noun for noun, _ in told}
    return any(noun in nouns and (noun, number) not in told for noun, number in asked)


_COUNTED = re.compile(r"(?P<noun>phase|round|stage|meeting no\.?|ระยะ|ครั้ง|รอบ|เฟส)\s?(?:ที่|no\.?|number)?\s?(?P<n>\d{1,2}|one|two|three|four|five|six|แรก)(?![a-z\d])|(?P<o>first|second|third|fourth|fifth|sixth)[ -](?P<noun2>phase|stage|round)|phase (?P<roman>iii|ii|iv|i|v)\b")
_WORDS = {"one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "first": "1", "second": "2", "third": "3", "fourth": "4", "fifth": "5",
          "sixth": "6", "แรก": "1", "i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5"}
_NOUNS = {"phase": "ระยะ", "stage": "ระยะ", "เฟส": "ระยะ", "round": "ครั้ง", "รอบ": "ครั้ง"}


def _numbered(text: str) -> set[tuple[str, str]]:
    """Return (what is numbered, its number) for every phase or round a text numbers."""
    found = set()
    for match_ in _COUNTED.finditer(text):
        noun = match_["noun"] or match_["noun2"] or "phase"
        number = match_["n"] or match_["o"] or match_["roman"]
        found.add((_NOUNS.get(noun, noun), _WORDS.get(number, number)))
    return found


def unknown_numbers(found: Evidence) -> list[str]:
    """Return the phases or rounds a question numbers that the article numbers otherwise."""
    memo = found.analysis.memo
    if "numbered" not in memo:
        memo["numbered"] = _numbered(clean(found.analysis.article.text))
    told: set[tuple[str, str]] = memo["numbered"]
    nouns = {noun for noun, _ in told}
    return [m.group().strip() for m in _COUNTED.finditer(found.question.clean)
            for noun, number in _numbered(m.group()) if noun in nouns and (noun, number) not in told]


CONSTRAINTS = ("c:n_next", "c:n_previous")


def misses_constraint(found: Evidence, finding: Finding) -> bool:
    """True when a question is about the next or the previous time, and the evidence is about another time."""
    if finding.clause < 0 or found.question.next_item or finding.item[1]:
        return False
    here = _in_sentence(found, finding.clause)
    return any(any(c in t.keys for c in CONSTRAINTS) and g >= GROUNDED and h < GROUNDED
               for t, g, h in zip(found.field.terms, found.field.grounded(), here, strict=True))


def _has_rival(found: Evidence, term: Term, index: int) -> bool:
    """True when a clause's sentence names another place, person or date where the question names this one."""
    kind = _name_kind(found, term)
    if not kind:
        return False
    sentence = found.clause(index).sentence
    return any(m.kind == kind and found.clause(m.clause).sentence == sentence for m in found.analysis.mentions)


def _name_kind(found: Evidence, term: Term) -> str:
    for key in term.keys:
        if key.startswith("g:"):
            return found.analysis.vocabulary.entities[int(key[2:])].kind
    word = term.text.strip()
    if word in place_names() or found.analysis.vocabulary.lexicon.pos(word) == "name":
        return "place"
    if any(key.startswith("e:") and key[2:] in _names_en(found) for key, s in term.keys.items() if s >= 0.99):
        return "place"
    return ""


_NAMES: dict[int, frozenset[str]] = {}


def _names_en(found: Evidence) -> frozenset[str]:
    """Return the English stems of the names of places that the lexicon and the gazetteer know."""
    from assistant.lexicon import stems

    lexicon = found.analysis.vocabulary.lexicon
    if id(lexicon) not in _NAMES:
        words = {" ".join(stems(g)) for e in lexicon.thai.values() if e.pos == "name" for g in e.glosses}
        words |= {" ".join(stems(v)) for v in place_names().values() if v}
        _NAMES[id(lexicon)] = frozenset(w for w in words if len(w) > 2)
    return _NAMES[id(lexicon)]


def strangers(found: Evidence) -> list[str]:
    """Return the names of places and people in a question that the article never mentions."""
    unknown: list[str] = []
    grounded = found.field.grounded()
    for term, strength in zip(found.field.terms, grounded, strict=True):
        if strength < GROUNDED and _name_kind(found, term) == "place":
            unknown.append(_written(found, term))
    for match_ in re.finditer(r"(?<![.!?] )(?<!^)\b[A-ZĐ][a-zà-ỹ]{3,}(?: [A-ZĐ][a-zà-ỹ]{2,})*", found.question.text):
        words = match_.group().split()
        bag: Keys = english_terms_bag(found.analysis, match_.group())
        held = any(match(bag, keys) >= GROUNDED for keys in found.analysis.clause_keys)
        by_sound = any(fold(match_.group()).startswith(t.text[:4]) and any(k.startswith("g:") for k in t.keys) for t in found.field.terms)
        if not held and not by_sound and not any(found.analysis.vocabulary.lexicon.knows_english(_stem(w)) for w in words):
            unknown.append(match_.group())
    for match_ in re.finditer(r"(?:นาย|นาง|นางสาว|น\.ส\.)\s?([ก-ฮเ-ไ][ก-์]{2,12})", found.question.clean):
        bag = thai_terms_bag(found.analysis, match_[1])
        if not any(match(bag, keys) >= GROUNDED for keys in found.analysis.clause_keys) and match_[1][:3] not in found.analysis.article.text:
            unknown.append(match_.group())
    return list(dict.fromkeys(unknown))


def _stem(word: str) -> str:
    from assistant.lexicon import stem

    return stem(fold(word))


def _written(found: Evidence, term: Term) -> str:
    """Return a term as the reader wrote it."""
    at = fold(found.question.text).find(term.text)
    return found.question.text[at : at + len(term.text)] if at >= 0 and len(fold(found.question.text)) == len(found.question.text) else term.text


def quoted(found: Evidence) -> Finding | None:
    """Return the quotation that a question asks for, with its speaker nearby."""
    quotes: list[Mention] = [m for m in found.analysis.mentions if m.kind == "quotation"]
    best: tuple[float, Mention] | None = None
    for mention in quotes:
        inside = [c.index for c in found.analysis.article.clauses if c.start < mention.end and mention.start < c.end]
        block = [c.index for c in found.analysis.article.clauses if c.block == found.clause(mention.clause).block]
        score = max((float(found.field.score[i]) for i in (*inside, *block)), default=0.0)
        if best is None or score > best[0]:
            best = (score, mention)
    if best is None:
        return None
    score, mention = best
    span = quote_bounds(found.analysis.article, mention.start, mention.end)
    return Finding(score, (span,), f"“{clean(found.text(span))}”", f"“{found.english(span)}”", "plain", clause=mention.clause, typed=True,
                   sure=0.9 if not any(w >= SALIENT for w in found.field.weight) else 0.0)
