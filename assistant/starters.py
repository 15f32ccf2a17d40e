"""Questions to start with, made from the facts of an article, each with the words that should answer it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest

from assistant import lexicon as lex
from assistant.counts import counts
from assistant.dates import MONTHS_TH
from assistant.glossing import plural
from assistant.happenings import happenings
from assistant.indexing import ArticleIndex
from assistant.pieces import WORDS
from assistant.prompts import load as load_sentences
from assistant.records import Answer, Language, Mention
from assistant.senses import counting
from assistant.sheet import in_language, tidy
from assistant.statements import planned, statements
from assistant.thai import clean, tokens
from assistant.who_where import best_mention, is_event_place, name_of, people_of

_MONEY = ("บาท", "ร้อยละ", "%", "ดอลลาร์")
_TOLD_BEFORE = re.compile(r"(?:^|[ก-์] )(?P<event>[ก-์]{6,})เมื่อ\s?$")
_WILL = re.compile(r"(?P<name>[ก-์.]{3,24}?)\s?จะ")
_SHORT_EVENT = 36
_FEW = 2  # starters of one kind


@dataclass(frozen=True, slots=True)
class Starter:
    """A question with the slices of the article that answer it."""

    question: str
    spans: tuple[tuple[int, int], ...]

    def answered_by(self, answer: Answer) -> bool:
        """True for an answer that rests on the words the question was made from."""
        overlap = any(c.start < end and start < c.end for c in answer.citations for start, end in self.spans)
        return answer.status == "answered" and overlap


@lru_cache(maxsize=1)
def _sentences() -> dict[Language, dict[str, str]]:
    return load_sentences("suggestions.json")


def summary_question(language: Language) -> str:
    """Return the question for a summary."""
    return _sentences()[language]["summary"]


def starters(index: ArticleIndex, language: Language) -> Iterator[Starter]:
    """Yield questions, one of each kind before the second of any."""
    kinds = [_said, _counted, _listed, _dated, _placed, _planned, _who]
    seen: set[str] = set()
    for turn in zip_longest(*(_few(kind(index, language)) for kind in kinds)):
        for starter in turn:
            if starter and starter.question not in seen:
                seen.add(starter.question)
                yield starter


def _few(found: Iterator[Starter]) -> list[Starter]:
    return [starter for _, starter in zip(range(_FEW), found, strict=False)]


def _ask(language: Language, key: str, *spans: tuple[int, int], **values: str) -> Starter:
    return Starter(_sentences()[language][key].format(**values), spans)


def _said(index: ArticleIndex, language: Language) -> Iterator[Starter]:
    spans: dict[Mention, list[tuple[int, int]]] = {}
    for found in sorted(statements(index), key=lambda s: not s.direct):
        if found.person:
            spans.setdefault(found.person, []).append(found.words)
    for person, words in spans.items():
        yield _ask(language, "said", *words, name=name_of(index, person, language))


def _counted(index: ArticleIndex, language: Language) -> Iterator[Starter]:
    for found in counts(index):
        number, span = found.number, (found.start, found.number.end)
        words = [t.text for t in tokens(found.head)]
        if not words or (len(words) == 1 and lex.load().pos(words[0]) != "n") or found.head[-1].isdigit():
            continue
        if number.detail in MONTHS_TH:
            continue
        if language == "th":
            amount = number.detail.endswith(_MONEY)
            yield _ask(language, "how_much" if amount else "how_many", span, things=found.head, unit=number.detail)
        elif len(words) == 1 and counting(number.detail):
            yield _ask(language, "count_of", span, things=plural(in_language(index, found.head, "en")))


def _listed(index: ArticleIndex, language: Language) -> Iterator[Starter]:
    for block in index.analysis.lists:
        span, count = (block.header[0], block.items[-1][1]), str(len(block.items))
        for number in index.analysis.mentions:
            counted = number.kind == "number" and number.value == count and number.detail not in ("", "ordinal")
            if counted and block.header[0] <= number.start < block.header[1]:
                unit = number.detail if language == "th" else plural(number.english.partition(" ")[2])
                yield _ask(language, "list_of", span, count=count, unit=unit)
        yield _ask(language, "list", span, count=count)


def _dated(index: ArticleIndex, language: Language) -> Iterator[Starter]:
    blocks, clauses = index.article.blocks, index.article.clauses
    for found in happenings(index):
        clause = clauses[found.clause]
        if found.grain != "day" or blocks[clause.block].kind in ("source", "headline"):
            continue
        span = (clause.start, max(clause.end, found.end))
        before = _TOLD_BEFORE.search(index.article.text[clause.start : found.start]) if language == "th" else None
        if before and len(before["event"]) <= _SHORT_EVENT and not before["event"].endswith(("จาก", "ตั้งแต่", "และ")):
            yield _ask(language, "when_of", span, event=before["event"])
        date = clean(index.article.text[found.start : found.end]) if language == "th" else found.english
        if not date[:1].isdigit() or language == "en":
            yield _ask(language, "when", span, date=date)


def _placed(index: ArticleIndex, language: Language) -> Iterator[Starter]:
    for mention in index.analysis.mentions:
        clause = index.article.clauses[mention.clause]
        if mention.kind == "place" and is_event_place(index, mention) and (mention.english or language == "th"):
            place = clean(mention.text) if language == "th" else mention.english
            yield _ask(language, "where", (clause.start, clause.end), place=place)


def _planned(index: ArticleIndex, language: Language) -> Iterator[Starter]:
    for fact in planned(index, "th"):
        if fact.citation:
            span = (fact.citation.start, fact.citation.end)
            who = _WILL.match(tidy(fact.citation.quote))
            name = _known_as(index, who["name"], language) if who else ""
            if name:
                yield _ask(language, "will", span, name=name)
            yield _ask(language, "planned", span)


def _known_as(index: ArticleIndex, thai: str, language: Language) -> str:
    """Return what one who plans is called in a language, "" for a phrase that names nobody."""
    named = next((e for e in index.analysis.vocabulary.entities if thai in e.thai), None)
    if language == "th":
        return thai if named or thai.startswith(tuple(WORDS["bodies_that_speak"])) else ""
    return named.english[0] if named and named.english else ""


def _who(index: ArticleIndex, language: Language) -> Iterator[Starter]:
    for mentions in people_of(index):
        best = best_mention(mentions)
        if " " in best.value or best.detail.strip("|"):
            yield _ask(language, "who_is", (best.start, best.end + 1), name=name_of(index, best, language))
