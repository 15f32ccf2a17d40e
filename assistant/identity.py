"""Who somebody is, what a word stands for, what was said."""

import re

from assistant.article import quote_bounds
from assistant.evidence import SALIENT, Evidence, Finding
from assistant.lexicon import Keys
from assistant.participants import entity_bag, entity_index, name_of, people
from assistant.records import Mention
from assistant.thai import clean, fold


def person_asked(found: Evidence) -> int:
    """Return the entity that a question is about: named in it, or the best fit for how it is described; -1 for none."""
    named = [i for i in found.question.entities if found.analysis.vocabulary.entities[i].kind == "person"]
    if named:
        return min(named)
    ranked = [
        f for f in people(found) if f.entities and found.analysis.vocabulary.entities[f.entities[0]].kind == "person"
    ]
    return (
        ranked[0].entities[0]
        if ranked and not found.missing(ranked[0].clause, keys_of(found, ranked[0].entities[0]))
        else -1
    )


def keys_of(found: Evidence, index: int) -> Keys:
    """Return the keys of all that an article says an entity is, by its number."""
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
    return Finding(
        0.8 if known else 0.3,
        (span,),
        thai,
        english,
        "plain",
        clause=mention.clause,
        typed=True,
        entities=(index,),
        sure=0.9 if known and index in found.question.entities else 0.0,
    )


def definition(found: Evidence) -> Finding | None:
    """Return what an abbreviation or name stands for, by the article's own brackets or its glossary."""
    question = found.question
    for index, entity in enumerate(found.analysis.vocabulary.entities):
        if index in question.entities and entity.expand_th:
            at = _first(found, entity.thai)
            if at is not None:
                return Finding(
                    0.9,
                    (at,),
                    entity.expand_th,
                    entity.expand_en,
                    "expands",
                    {"short": _short_form(found, entity.thai)},
                    typed=True,
                    sure=0.92,
                )
    for short, (start, end) in found.analysis.abbreviations.items():
        if re.search(rf"(?<![a-zก-๙]){re.escape(fold(short))}(?![a-zก-๙])", question.clean):
            span = quote_bounds(found.analysis.article, start, end)
            return Finding(
                0.85,
                (span,),
                clean(found.text(span)),
                found.english(span),
                "expands",
                {"short": short},
                typed=True,
                sure=0.9,
            )
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
    return Finding(
        score,
        (span,),
        f"“{clean(found.text(span))}”",
        f"“{found.english(span)}”",
        "plain",
        clause=mention.clause,
        typed=True,
        sure=0.9 if not any(w >= SALIENT for w in found.field.weight) else 0.0,
    )
