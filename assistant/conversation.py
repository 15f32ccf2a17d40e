"""What an earlier question lends to the next: people, words and the list they spoke of."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant import cues as cue_tables
from assistant.analysis import Analysis
from assistant.evidence import Evidence, Finding
from assistant.lexicon import Term
from assistant.question import Question, understand

FRESH = re.compile(r"(different|another|new|other) (topic|subject|question)|back to|เปลี่ยนเรื่อง|เรื่องอื่น|ถามใหม่")
CARRIED = 0.75  # a carried word counts this much
FEW_WORDS = 2


def resolve(
    question: Question,
    history: Sequence[str],
    analysis: Analysis,
    look: Callable[[Question], tuple[Evidence, Finding | None]],
) -> Question:
    """Complete a question from the earlier ones of the same visit.

    Args:
        question: the question as understood by itself.
        history: earlier questions, oldest first.
        analysis: the article asked about.
        look: answers an earlier question, for what it was about and what it found.
    """
    if not history or question.kind == "meta" or not leans(question):
        return question
    previous = resolve(understand(history[-1], analysis.vocabulary), history[:-1], analysis, look)
    if previous.kind == "meta":
        return question
    evidence, finding = look(previous)
    if question.next_item or (
        question.item == 0
        and re.search(r"^(what about|how about|and) the|^แล้ว(ข้อ|ด้าน)", question.clean)
        and finding is not None
        and finding.item[0] >= 0
    ):
        base = finding.item[1] if finding is not None and finding.item[0] >= 0 else previous.item
        if question.next_item and base:
            return replace(
                question,
                item=base + 1,
                kind="what",
                asks="clause",
                terms=_merge(question.terms, previous.terms),
                history=tuple(history),
            )
    terms, entities = question.terms, set(question.entities)
    people = _people(question, previous, evidence, finding)
    for index in people:
        entities.add(index)
        terms = (*terms, Term(analysis.vocabulary.entities[index].thai[0], 0, 0, {f"g:{index}": 1.0}))
    if not (people and question.pronouns and len(question.terms) >= 1) or (
        question.kind == "what" and question.asks == "clause" and len(question.terms) < FEW_WORDS
    ):
        terms = _merge(terms, previous.terms)
        entities |= previous.entities if not people else set()
    kind, asks = question.kind, question.asks
    if (
        kind == "what"
        and asks == "clause"
        and len(question.terms) <= FEW_WORDS
        and not question.item
        and previous.kind in ("who", "where", "when", "howmany")
    ) and (not re.search(r"อะไร|ยังไง|what|how", question.clean) or re.search(r"what about|how about", question.clean)):
        kind, asks = previous.kind, previous.asks
    return replace(question, terms=terms, entities=frozenset(entities), kind=kind, asks=asks, history=tuple(history))


def leans(question: Question) -> bool:
    """Return whether a question needs an earlier one to be understood."""
    if FRESH.search(question.clean):
        return False
    return (
        bool(question.pronouns)
        or question.elliptic
        or question.next_item
        or bool(question.item)
        or len(question.terms) <= FEW_WORDS
    )


def _merge(own: tuple[Term, ...], earlier: tuple[Term, ...]) -> tuple[Term, ...]:
    """Add earlier words that no word of the question itself replaces (another number of the same thing replaces it)."""
    kept = list(own)
    numbered = any(k.startswith("n:") for t in own for k in t.keys)
    ordered = any(_ordinal(t) for t in own)
    for term in earlier:
        if ordered and _ordinal(term):
            continue
        if any(k in t.keys for t in own for k, s in term.keys.items() if s >= 0.9) or (
            numbered and any(k.startswith("n:") for k in term.keys)
        ):
            continue
        kept.append(replace(term, keys={k: s * CARRIED for k, s in term.keys.items()}))
    return tuple(kept)


def _ordinal(term: Term) -> bool:
    """True for a word with a place in an order in it (the first round, งวดสอง)."""
    cues = cue_tables.load()
    words = term.text.split()
    return (
        any(w in cues.ordinals_en for w in words)
        or any(term.text.endswith(w) for w in cues.ordinals_th)
        or any(k.startswith("n:") for k in term.keys)
    )


def _people(question: Question, previous: Question, evidence: Evidence, finding: Finding | None) -> list[int]:
    """Return whom a pronoun means: those found last, else those named last, of the right gender."""
    genders = {cue_tables.load().pronouns[question.language].get(p, "") for p in question.pronouns}
    personal = set(question.pronouns) & {
        "he",
        "him",
        "his",
        "she",
        "her",
        "hers",
        "เขา",
        "เค้า",
        "เธอ",
        "แก",
        "ท่าน",
        "คนนี้",
        "they",
        "them",
        "their",
    }
    if not personal:
        return []
    vocabulary = evidence.analysis.vocabulary
    candidates = [*(finding.entities if finding is not None else ()), *sorted(previous.entities)]
    fitting = [
        i
        for i in candidates
        if vocabulary.entities[i].kind in ("person", "organisation")
        and (not genders - {""} or vocabulary.entities[i].gender in genders - {""})
    ]
    return fitting[:1]
