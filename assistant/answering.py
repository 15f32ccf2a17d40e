"""From findings to an Answer: which finding, is it sure enough, and how it is said."""

import json
import math
import re
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from assistant import checks, lists, typed
from assistant import cues as cue_tables
from assistant.article import quote_bounds
from assistant.evidence import GROUNDED, SALIENT, Evidence, Finding, best_of, clause_finding, strip_marks
from assistant.lexicon import DATA, Keys
from assistant.prompts import say
from assistant.records import Answer, Citation, Status
from assistant.retrieval import is_idiom, term_strength
from assistant.thai import clean

LONGEST, LONGEST_LIST = 600, 1200
NEAR_LIMIT = 220
KINDS = ("who", "where", "when", "howmany", "what", "why", "list", "quote", "yesno")
FEATURES = ("bias", "score", "support", "weakest", "dense_here", "dense_best", "lost", "lost_idiom", "lost_here", "typed", "refuted", "words",
            "history", "fit", "margin", "lost_most", "dense_lead", *KINDS)


@dataclass(frozen=True, slots=True)
class Decision:
    """What was found and how sure it is."""

    finding: Finding | None
    confidence: float
    features: tuple[float, ...] = ()


def find(found: Evidence) -> Finding | None:
    """Return the best finding for a question, by what it asks."""
    question = found.question
    kind, asks = question.kind, question.asks
    if question.item and kind in ("what", "list", "quote", "howmany") and asks not in ("headline", "source", "caption"):
        item = lists.item(found, question.item)
        if item is not None:
            return item
    if asks == "headline":
        return _headline(found)
    if asks == "caption":
        return _caption(found)
    if asks == "source":
        return _source(found)
    if asks == "definition":
        return checks.definition(found) or (checks.role(found) if found.question.entities else None) or clause_finding(found)
    if kind == "who":
        return _who(found)
    if kind == "where":
        return clause_finding(found) if asks == "region" else best_of(typed.places(found))
    if kind == "when":
        return _when(found)
    if kind == "howmany":
        return _howmany(found)
    if kind == "list":
        return lists.everyone(found, _gender(found)) if asks == "people" else _list(found)
    if kind == "yesno":
        return checks.polarity(found) if asks == "yesno" else checks.role(found) or clause_finding(found)
    if kind == "quote":
        return _quote(found)
    return clause_finding(found, purpose=kind == "why")


def _gender(found: Evidence) -> str:
    words = cue_tables.load().people_words
    return next((g for g in ("f", "m") if set(found.question.clean.split()) & words[g]), "")


_TOGETHER = re.compile(r"\bwho (all )?(met|meets|attended|took part|joined|participated|went|was there|were there)\b|ใคร(มา|ไป|เข้า)?(ประชุม|ร่วม|เข้าร่วม|พบ|คุย|เจอ|หารือ)[ก-๙]{0,8}(กัน|บ้าง|$)")


def _who(found: Evidence) -> Finding | None:
    if _TOGETHER.search(found.question.clean) and found.question.asks == "person":
        together = lists.together(found)
        if together is not None:
            return together
    if found.question.asks == "role":
        return checks.role(found) or checks.definition(found) or clause_finding(found)
    if found.question.count_asked > 1:
        return lists.everyone(found)
    return best_of(typed.people(found))


def _when(found: Evidence) -> Finding | None:
    if found.question.asks in ("order", "delay"):
        return clause_finding(found)
    return best_of(typed.dates(found))


def _howmany(found: Evidence) -> Finding | None:
    asks = found.question.asks
    if re.search(r"ลำดับที่|ข้อที่เท่า|ด้านที่เท่า|which number|what number is", found.question.clean):
        place = lists.position(found)
        if place is not None and place.score >= 0.5:
            return place
    best = best_of(typed.numbers(found))
    if asks == "duration":
        years = _years_span(found)
        if years is not None and (best is None or years.score > best.score - 0.1):
            return years
    if asks == "ordinal":
        return best
    if asks == "count":
        index, fit = lists.chosen_list(found)
        if index >= 0 and best is None:
            block = found.analysis.lists[index]
            count = str(len(block.items))
            return Finding(fit, (quote_bounds(found.analysis.article, *block.header),), count, count, "counted", typed=True)
        if re.search(r"named|by name|mentioned|appear|come up|in the (text|article|story)|ชื่อ|เอ่ยถึง|ในข่าว", found.question.clean):
            roster = lists.roster(found)
            if roster is not None:
                count = str(len(roster.entities))
                return replace(roster, thai=count, english=count, template="counted", sure=0.8)
    return best


def _years_span(found: Evidence) -> Finding | None:
    for finding in typed.dates(replace_asks(found, "range")):
        match = re.search(r"(\d{4})–(\d{4})", finding.english)
        if match:
            count = str(int(match[2]) - int(match[1]) + 1)
            return replace(finding, thai=count, english=count, template="span_years", values={"years_th": finding.thai, "years_en": finding.english})
    return None


def replace_asks(found: Evidence, asks: str) -> Evidence:
    """Return the same evidence with another answer type asked for."""
    return replace(found, question=replace(found.question, asks=asks))


def _list(found: Evidence) -> Finding | None:
    clause = lists.listed_clause(found)
    whole = lists.whole_list(found)
    if whole is not None:
        index = whole.item[0]
        block = found.analysis.lists[index]
        heading = block.header[0] <= found.clause(clause.clause).start < block.items[0][0]
        named = bool(set(re.findall(r"[a-z]+|[ก-๙]+", found.question.clean)) & cue_tables.load().item_words[found.language]) or any(
            w in found.question.clean for w in ("ประเด็น", "แผน", "ข้อ", "ด้าน", "points", "parts", "components", "measures"))
        if heading or (named and whole.score > 0.6) or found.question.count_asked == len(block.items):
            return whole
    return lists.roster(found) or clause


def _quote(found: Evidence) -> Finding | None:
    quote, clause = checks.quoted(found), clause_finding(found)
    if quote is None:
        return clause
    entities = found.analysis.vocabulary.entities
    topic = [t for t, w in zip(found.field.terms, found.field.weight, strict=True) if w >= SALIENT and not any(
        k.startswith("g:") and entities[int(k[2:])].kind in ("person", "title", "organisation", "group") for k in t.keys) and t.pos != "v"
        and not any(k in ("c:say", "c:hope", "c:n_quote", "c:n_quotation") for k in t.keys)]
    if not topic:
        return replace(quote, sure=0.85)
    return quote if quote.score >= clause.score - 0.12 else clause


def _headline(found: Evidence) -> Finding | None:
    for block in found.analysis.article.blocks:
        if block.kind == "headline":
            span = (block.start, block.end)
            return Finding(0.9, (span,), clean(found.text(span)), found.english(span), typed=True, clause=0, sure=0.95)
    return None


def _caption(found: Evidence) -> Finding | None:
    captions = [b for b in found.analysis.article.blocks if b.kind == "caption"]
    number = found.question.item or 1
    if not captions or number > len(captions):
        return clause_finding(found)
    span = (captions[number - 1].start, captions[number - 1].end) if number > 0 else (captions[-1].start, captions[-1].end)
    return Finding(0.9, (span,), clean(found.text(span)), found.english(span), typed=True, sure=0.9)


def _source(found: Evidence) -> Finding | None:
    publisher = found.analysis.article.publisher
    at = found.analysis.article.text.rfind(publisher) if publisher else -1
    if at < 0:
        return None
    return Finding(0.9, ((at, at + len(publisher)),), publisher, publisher, typed=True, sure=0.95)


@lru_cache(maxsize=1)
def _calibration() -> tuple[dict[str, float], float]:
    """Return the fitted weights of the features and the threshold (made by tests/fit.py)."""
    raw = json.loads((DATA / "confidence.json").read_text(encoding="utf-8"))
    return dict(raw["weights"]), float(raw["threshold"])


def decide(found: Evidence) -> Decision:
    """Find an answer and weigh how sure it is."""
    finding = find(found)
    if finding is None:
        return Decision(None, 0.05)
    if finding.sure:
        return Decision(finding, finding.sure)
    features = _features(found, finding)
    weights, _ = _calibration()
    logit = sum(weights.get(name, 0.0) * value for name, value in zip(FEATURES, features, strict=True))
    return Decision(finding, 1.0 / (1.0 + math.exp(-logit)), features)


def _features(found: Evidence, finding: Finding) -> tuple[float, ...]:
    """Return the numbers that tell a right answer from a wrong one, in the order of FEATURES."""
    field, question = found.field, found.question
    known: Keys = {}
    for index in finding.entities[:2]:
        known = {**known, **typed.entity_bag(found, found.analysis.vocabulary.entities[index])}
    clause = finding.clause if finding.clause >= 0 else int(np.argmax(field.score))
    total = max(float(field.weight.sum()), 1e-9)
    reach = field.strength if finding.local else field.near
    here = np.maximum(reach[:, clause], [term_strength(t, known) for t in field.terms]) if len(field.terms) else np.ones(1)
    salient = field.weight >= SALIENT if len(field.terms) else np.zeros(1, dtype=bool)
    lost = field.grounded() < GROUNDED if len(field.terms) else np.zeros(0, dtype=bool)
    idiom = np.array([is_idiom(t) for t in field.terms], dtype=bool)
    salient = salient & ~(lost & idiom) if len(field.terms) else salient
    weakest = float(here[salient].min()) if salient.any() else 0.7
    lost_here = float(field.weight[(here < GROUNDED)[: len(field.weight)]].sum()) / total if len(field.terms) else 0.0
    support = found.own_support(clause) if finding.local else found.support(clause, known)
    return (1.0, finding.score, support, weakest, float(field.dense[clause]), float(field.dense.max(initial=0.0)),
            float(field.weight[lost & ~idiom].sum()) / total, float(field.weight[lost & idiom].sum()) / total, lost_here,
            float(finding.typed), float(finding.refuted), min(len(field.terms), 8) / 8, float(bool(question.history)), finding.fit, finding.margin,
            float((field.weight * (lost & ~idiom)).max(initial=0.0)) if len(field.terms) else 0.0,
            float(field.dense[clause] - field.dense.mean()),
            *(float(question.kind == kind) for kind in KINDS))


def compose(found: Evidence) -> Answer:
    """Answer a question from its evidence."""
    question = found.question
    decision = decide(found)
    finding = decision.finding
    _, threshold = _calibration()
    unknown = unknown_names(found)
    if finding is not None and finding.beyond:
        return _answer(found, "false_premise", say(found.language, "beyond", **finding.values), finding.spans, 0.9)
    if unknown and not (finding is not None and finding.refuted):
        return _declined(found, "false_premise", unknown, 1.0 - decision.confidence)
    if finding is None or decision.confidence < threshold or _off_target(found, finding):
        return _declined(found, "not_stated", [], 1.0 - decision.confidence)
    return _answer(found, "answered", spoken(found, finding), finding.spans, decision.confidence)


def unknown_names(found: Evidence) -> list[str]:
    """Return the names, phases and rounds of a question that the article does not have."""
    return checks.strangers(found) or ([] if found.question.kind == "yesno" else checks.unknown_numbers(found))


def _false_event(found: Evidence) -> bool:
    """True when a why-question asks for the reason of something the article never tells."""
    lost = found.field.grounded() < GROUNDED if len(found.field.terms) else []
    return found.question.kind == "why" and any(
        gone and weight >= SALIENT and not is_idiom(term) and any(k.startswith("c:") and not k.startswith("c:n_") for k in term.keys)
        for term, weight, gone in zip(found.field.terms, found.field.weight, lost, strict=True))


def ruled_out(found: Evidence, finding: Finding) -> bool:
    """True when a rule, not the confidence, says that a finding does not answer."""
    return finding.beyond or _off_target(found, finding) or (bool(unknown_names(found)) and not finding.refuted)


def _off_target(found: Evidence, finding: Finding) -> bool:
    """True when what was found is about another time or the holder of another office than asked for."""
    if finding.typed and found.question.kind == "who" and len(finding.entities) == 1 and found.question.asks != "role" \
            and found.analysis.vocabulary.entities[finding.entities[0]].kind == "person" and typed.lacks_office(found, finding.entities[0]):
        return True
    return found.question.kind != "yesno" and (checks.misses_constraint(found, finding) or _false_event(found))


def spoken(found: Evidence, finding: Finding) -> str:
    """Return a finding in the words of the question's language."""
    thai = found.language == "th"
    answer = finding.thai if thai else finding.english or finding.thai
    values = {k.removesuffix("_th").removesuffix("_en"): v for k, v in finding.values.items() if not k.endswith("_en" if thai else "_th")}
    if finding.template == "gloss":
        values["quote"] = strip_marks(clean(finding.thai))
    limit = LONGEST_LIST if finding.template == "list" or found.question.kind in ("list", "quote", "meta") else LONGEST
    room = limit - 60 - sum(len(v) for v in values.values())
    if len(answer) > room:
        answer = answer[: max(room, 80)].rsplit(" ", 1)[0] + " …"
    return say(found.language, finding.template, answer=answer, **values).strip()


def _declined(found: Evidence, status: Status, words: list[str], confidence: float) -> Answer:
    near = clause_finding(found)
    close = near.score >= 0.3
    text = near.thai if found.language == "th" else near.english
    if len(text) > NEAR_LIMIT:
        text = text[:NEAR_LIMIT].rsplit(" ", 1)[0] + " …"
    named = ("“" + "” “".join(words[:2]) + "”") if words else ""
    key = ("not_mentioned" if words else "not_stated") + ("_near" if close else "")
    values = {"near": text} if close else {}
    return _answer(found, status, say(found.language, key, words=named, **values), near.spans if close else (), confidence)


def _answer(found: Evidence, status: Status, text: str, spans: tuple[tuple[int, int], ...], confidence: float) -> Answer:
    article = found.analysis.article
    citations = []
    for start, end in dict.fromkeys(spans):
        start, end = quote_bounds(article, start, end)
        english = found.english((start, end)) if found.has_translation((start, end)) else None
        citations.append(Citation(article.id, article.text[start:end], start, end, article.paragraph(start), english))
    return Answer(text, found.language, status, found.question.kind, tuple(citations), round(min(max(confidence, 0.0), 1.0), 4))
