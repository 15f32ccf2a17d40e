"""What an earlier question lends to the next: people, words and the list they spoke of."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant import cues as cue_tables
from assistant import premises
from assistant.analysis import Analysis
from assistant.evidence import GROUNDED, Evidence, Finding
from assistant.lexicon import Term
from assistant.question import Question, understand

FRESH = re.compile(r"(different|another|new|other) (topic|subject|question)|back to|เปลี่ยนเรื่อง|เรื่องอื่น|ถามใหม่")
CARRIED = 0.75  # a carried word counts this much
FEW_WORDS = 2
MOSTLY = 0.5  # this share of an earlier question's words must be in the article for it to lend any


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
    if _is_elsewhere(previous, evidence) and _is_here(question, look):
        return question
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
        lent = _kept(question, previous, analysis)
        terms = _merge(terms, lent)
        named = {int(k[2:]) for t in lent for k in t.keys if k.startswith("g:")}
        entities |= previous.entities & named if not people else set()
    kind, asks = question.kind, question.asks
    if (
        kind == "what"
        and asks == "clause"
        and len(question.terms) <= FEW_WORDS
        and not question.item
        and previous.kind in ("who", "where", "when", "howmany")
    ) and (not re.search(r"อะไร|ยังไง|what|how", question.clean) or re.search(r"what about|how about", question.clean)):
        kind, asks = previous.kind, previous.asks
    if (
        (kind, asks) == ("what", "clause")
        and not question.item
        and cue_tables.load().swaps[question.language].search(question.clean)
    ):
        kind, asks = previous.kind, previous.asks
    another = cue_tables.load().another[question.language].search(question.clean)
    told = finding.thai if another and finding is not None and finding.typed else ""
    return replace(
        question,
        terms=terms,
        entities=frozenset(entities),
        kind=kind,
        asks=asks,
        history=tuple(history),
        told=told,
    )


def _is_elsewhere(previous: Question, evidence: Evidence) -> bool:
    """Return whether an earlier question was about something that this article does not speak of."""
    spoken_of = evidence.field.grounded() >= GROUNDED
    return premises.is_code(previous.text) or bool(spoken_of.size and spoken_of.mean() < MOSTLY)


def _is_here(question: Question, look: Callable[[Question], tuple[Evidence, Finding | None]]) -> bool:
    """Return whether a question names something by itself, and all that it names is in the article."""
    if not question.terms or question.pronouns or question.next_item or question.item:
        return False
    return bool((look(question)[0].field.grounded() >= GROUNDED).all())


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


_COUNTED = re.compile(r"\bhow (?:many|much) (?P<what>[a-z]+(?: [a-z]+)?)")


def _kept(question: Question, previous: Question, analysis: Analysis) -> tuple[Term, ...]:
    """Return the words of the earlier question that a new one does not put another in the place of.

    "And imports?" after a question about exports, another country or person after one, other things counted; of two
    places or people the one named last goes. "The year before" counts numbers back.
    """
    cues = cue_tables.load()
    own = [w for t in question.terms for w in t.text.split()]
    gone: set[int] = set()
    for index, term in enumerate(previous.terms):
        for group in cues.contrasts:
            mine = group & {term.text, *term.text.split()}
            if mine and any(w in group and w not in mine for w in (*own, *(t.text for t in question.terms))):
                gone.add(index)
    if cues.swaps[question.language].search(question.clean):
        sorts = {s for t in question.terms if (s := _sort(t, analysis))}
        for sort in sorts:
            same = [i for i, t in enumerate(previous.terms) if _sort(t, analysis) == sort]
            named = {k for t in question.terms for k in t.keys if k.startswith("g:")}
            same = [i for i in same if not named & set(previous.terms[i].keys)]
            gone.update(same[-1:])
    counted, before = _COUNTED.search(question.clean), _COUNTED.search(previous.clean)
    if counted and before and counted["what"].split()[0] not in before["what"]:
        gone.update(i for i, t in enumerate(previous.terms) if t.start in range(*before.span("what")))
    kept = tuple(t for i, t in enumerate(previous.terms) if i not in gone)
    if cues.earlier[question.language].search(question.clean):
        return tuple(_one_less(t) for t in kept)
    return kept


def _sort(term: Term, analysis: Analysis) -> str:
    """Return whether a word names a person, a place or a body, "" when it names nothing."""
    entities = analysis.vocabulary.entities
    return next((entities[int(k[2:])].kind for k, s in term.keys.items() if k.startswith("g:") and s >= 0.8), "")


def _one_less(term: Term) -> Term:
    """Return a year or an ordinal counted back by one, any other word as it is."""
    number = re.fullmatch(r"(?P<digits>\d+)(?:st|nd|rd|th)?", term.text)
    if not number:
        return term
    less = str(int(number["digits"]) - 1)
    return replace(term, text=less, keys={f"n:{less}": 1.0})


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
