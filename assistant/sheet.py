"""What every row of a fact sheet is made with: its citation, its words cut to a line, its English."""

import re
from collections.abc import Iterator
from functools import lru_cache

from assistant.analysis import english_of
from assistant.article import quote_bounds
from assistant.glossing import gloss
from assistant.indexing import ArticleIndex
from assistant.prompts import load as load_sentences
from assistant.records import Block, Citation, Fact, Language
from assistant.thai import clean, tokens

_TWICE = re.compile(r"\b(\w+) \1\b")  # a name and then a part of it
LINE = 150  # characters of a row's own words, beyond which they end in "…"
_NUMBERED = re.compile(r"^(?:\d{1,2}[.)]|[ก-ฮ]\.|[-•*▪–])\s+")
_OPENERS = re.compile(
    r"^(?:[\s,;:·|/•–—-]|(?:โดย|และ|ซึ่ง|ส่วน|ด้าน|ขณะที่|ทั้งนี้|พร้อมกันนี้|นอกจากนี้|ต่อมา|สำหรับ)(?=\s)|(?:และ|ซึ่ง|แต่)(?=[ก-์]{4}))+"
)


@lru_cache(maxsize=1)
def _sentences() -> dict[Language, dict[str, str]]:
    return load_sentences("facts.json")


def say(language: Language, key: str, **values: str) -> str:
    """Fill the template of a row in one language."""
    return _sentences()[language][key].format(**values)


def cite(index: ArticleIndex, start: int, end: int) -> Citation:
    """Return the citation of a slice of an article."""
    article = index.article
    start, end = quote_bounds(article, start, end)
    english = english_of(article, start, end)
    return Citation(article.id, article.text[start:end], start, end, article.paragraph(start), english or None)


def row(index: ArticleIndex, label: str, text: str, span: tuple[int, int], when: str = "") -> Fact:
    """Return a row of the sheet with the words that prove it."""
    return Fact(label, text, cite(index, *span), when)


def news_blocks(index: ArticleIndex) -> Iterator[Block]:
    """Yield the blocks that tell the news: not the lines of its source and byline."""
    return (b for b in index.article.blocks if b.kind != "source")


def tidy(text: str) -> str:
    """Return some words of an article without the list number or the connectives they open with."""
    return _OPENERS.sub("", _NUMBERED.sub("", clean(text))).strip(" ,;:–—-")


def whole_names(index: ArticleIndex, start: int, end: int) -> tuple[int, int]:
    """Return a slice of an article widened to the names that it would cut."""
    for mention in index.analysis.mentions:
        if mention.kind in ("person", "place", "organisation", "date"):
            if mention.start < start < mention.end:
                start = mention.start
            if mention.start < end < mention.end:
                end = mention.end
    return start, end


def cut(text: str, limit: int = LINE) -> str:
    """Return a text of at most `limit` characters, cut between words."""
    if len(text) <= limit:
        return text
    space = text.rfind(" ", limit // 2, limit)
    end = space if space > 0 else max((t.end for t in tokens(text[: limit + 20]) if t.end < limit), default=limit)
    return text[:end].rstrip(" ,;:") + "…"


def cut_front(text: str, limit: int = LINE) -> str:
    """Return the last `limit` characters of a text at most, cut between words."""
    if len(text) <= limit:
        return text
    past = len(text) - limit
    space = text.find(" ", past, past + limit // 2)
    start = space if space > 0 else min((t.start for t in tokens(text) if t.start >= past), default=past)
    return "…" + text[start:].strip()


def in_language(index: ArticleIndex, text: str, language: Language) -> str:
    """Return some words of an article, in English as a word-by-word gloss."""
    if language == "th":
        return text
    known: dict[str, str] = index.analysis.memo.setdefault("glosses", {})
    if text not in known:
        known[text] = _TWICE.sub(r"\1", gloss(index.analysis.vocabulary, text))
    return known[text]


def sentence_in(index: ArticleIndex, span: tuple[int, int], language: Language, limit: int = LINE) -> str:
    """Return a slice of an article as one line, in English by the translation that came along, or else a gloss."""
    text = tidy(index.article.text[slice(*span)])
    if language == "th":
        return cut(text, limit)
    return cut(english_of(index.article, *span) or in_language(index, cut(text, limit), language), limit)
