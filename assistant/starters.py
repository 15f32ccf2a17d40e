"""Questions to start with, made from the facts of an article, each with the words that should answer it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest

from assistant.counts import counts
from assistant.happenings import happenings
from assistant.indexing import ArticleIndex
from assistant.prompts import load as load_sentences
from assistant.records import Answer, Language
from assistant.statements import planned, statements
from assistant.thai import clean
from assistant.who_where import best_mention, is_event_place, name_of, people_of

_MONEY = ("บาท", "ร้อยละ", "%", "ดอลลาร์")
_ENGLISH_COUNT = re.compile(r"[\d.,–-]+ (?:(?:million|billion|trillion) )?(?P<unit>[a-z ]+)")
_FEW = 2  # starters of one kind


@dataclass(frozen=True, slots=True)
class Starter:
    """A question with the slice of the article that answers it."""

    question: str
    start: int
    end: int

    def answered_by(self, answer: Answer) -> bool:
        """True for an answer that rests on the words the question was made from."""
        return answer.status == "answered" and any(c.start < self.end and self.start < c.end for c in answer.citations)


@lru_cache(maxsize=1)
def _sentences() -> dict[Language, dict[str, str]]:
    return load_sentences("suggestions.json")


def summary_question(language: Language) -> str:
    """Return the question for a summary."""
    return _sentences()[language]["summary"]


def starters(index: ArticleIndex, language: Language) -> Iterator[Starter]:
    """Yield questions, one of each kind before the second of any: said, counted, listed, dated, placed, planned, who."""
    kinds = [_said, _counted, _listed, _dated, _placed, _planned, _who]
    seen: set[str] = set()
    for turn in zip_longest(*(_few(kind(index, language)) for kind in kinds)):
        for starter in turn:
            if starter and starter.question not in seen:
                seen.add(starter.question)
                yield starter


def _few(found: Iterator[Starter]) -> list[Starter]:
    return [starter for _, starter in zip(range(_FEW), found, strict=False)]


def _ask(language: Language, key: str, span: tuple[int, int], **values: str) -> Starter:
    return Starter(_sentences()[language][key].format(**values), *span)


def _said(index: ArticleIndex, language: Language) -> Iterator[Starter]:
    for found in sorted(statements(index), key=lambda s: not s.direct):
        if found.person:
            yield _ask(language, "said", found.words, name=name_of(index, found.person, language))


def _counted(index: ArticleIndex, language: Language) -> Iterator[Starter]:
    for found in counts(index):
        number, span = found.number, (found.start, found.number.end)
        if not found.head:
            continue
        if language == "th":
            amount = number.detail.endswith(_MONEY)
            yield _ask(language, "how_much" if amount else "how_many", span, things=found.head, unit=number.detail)
    return


def _listed(index: ArticleIndex, language: Language) -> Iterator[Starter]:
    for block in index.analysis.lists:
        yield _ask(language, "list", (block.header[0], block.items[-1][1]), count=str(len(block.items)))


def _dated(index: ArticleIndex, language: Language) -> Iterator[Starter]:
    blocks, clauses = index.article.blocks, index.article.clauses
    for found in happenings(index):
        clause = clauses[found.clause]
        if found.grain == "day" and blocks[clause.block].kind not in ("source", "headline"):
            date = clean(index.article.text[found.start : found.end]) if language == "th" else found.english
            yield _ask(language, "when", (clause.start, clause.end), date=date)


def _placed(index: ArticleIndex, language: Language) -> Iterator[Starter]:
    for mention in index.analysis.mentions:
        clause = index.article.clauses[mention.clause]
        if mention.kind == "place" and is_event_place(index, mention) and (mention.english or language == "th"):
            place = clean(mention.text) if language == "th" else mention.english
            yield _ask(language, "where", (clause.start, clause.end), place=place)


def _planned(index: ArticleIndex, language: Language) -> Iterator[Starter]:
    for fact in planned(index, "th"):
        if fact.citation:
            yield _ask(language, "planned", (fact.citation.start, fact.citation.end))


def _who(index: ArticleIndex, language: Language) -> Iterator[Starter]:
    for mentions in people_of(index):
        best = best_mention(mentions)
        if " " in best.value or best.detail.strip("|"):
            yield _ask(language, "who_is", (best.start, best.end + 1), name=name_of(index, best, language))
