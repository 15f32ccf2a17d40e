"""Rows of the fact sheet that count: a number with its unit and what it counts, as a short phrase."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.indexing import ArticleIndex
from assistant.pieces import WORDS
from assistant.records import Fact, Language, Mention
from assistant.sheet import in_language, row, say
from assistant.thai import clean, tokens

_AGE = re.compile(r"(?:อายุ|วัย)\s?$")
_RUN = re.compile(r"(?:[ก-์]|\.(?=[ก-์]))+\s?$")
_CONNECTIVES = frozenset(WORDS["before_counted"])
_VAGUE_UNITS = frozenset(["ปี", "เดือน", "วัน", "ชั่วโมง", "นาที", "สัปดาห์"])
_PEOPLE = frozenset(["คน", "ราย", "ศพ"])
_LONGEST, _WHOLE = 28, 60


@dataclass(frozen=True, slots=True)
class Count:
    """A number of the article with what it counts; `head` is the words before it, "" when none belong to it."""

    start: int
    number: Mention
    head: str


def counts(index: ArticleIndex) -> list[Count]:
    """Return the numbers that count something, the more telling first: not ages, not labels, each amount once."""
    known: list[Count] | None = index.analysis.memo.get("counts")
    if known is None:
        known = _read(index)
        index.analysis.memo["counts"] = known
    return known


def how_many(index: ArticleIndex, language: Language) -> Iterator[Fact]:
    """Yield a row for each count."""
    for found in counts(index):
        span = (found.start, found.number.end)
        thai = clean(index.article.text[slice(*span)])
        if language == "th":
            yield row(index, "how_many", thai, span)
            continue
        amount = found.number.english or found.number.text
        what = in_language(index, found.head, "en") if found.head else ""
        yield row(index, "how_many", say("en", "count", amount=amount, what=what) if what else amount, span)


def _read(index: ArticleIndex) -> list[Count]:
    seen: dict[tuple[str, str], Count] = {}
    opening = max((b.end for b in index.article.blocks if b.kind == "headline"), default=0)  # told in clipped words
    for mention in index.analysis.mentions:
        if mention.kind != "number" or mention.detail in ("", "ordinal"):
            continue
        block = index.article.blocks[index.article.clauses[mention.clause].block]
        before = index.article.text[max(block.start, mention.start - _WHOLE) : mention.start]
        if block.kind == "source" or _AGE.search(before):
            continue
        glued = bool(re.search("[ก-์]$", before)) and not re.search(r"[\d๐-๙]", mention.text)
        if glued and mention.detail not in _PEOPLE:  # a house of two floors
            continue
        start, head = _head(index, mention, block.start)
        key = (mention.value, mention.detail)
        found = Count(start, mention, head)
        if key not in seen or (head and (not seen[key].head or seen[key].number.start < opening)):
            seen[key] = found
    return sorted(seen.values(), key=lambda c: (c.number.detail in _VAGUE_UNITS, not c.head, c.start))


def _head(index: ArticleIndex, mention: Mention, floor: int) -> tuple[int, str]:
    """Return where the words begin that say what is counted, and those words without their space."""
    text = index.article.text[floor : mention.start]
    run = _RUN.search(text)
    if not run:
        return mention.start, ""
    words = tokens(run.group().rstrip())
    first = len(words)
    while first and words[first - 1].text in WORDS["before_amounts"]:
        first -= 1
    while first and len(run.group().rstrip()) - words[first - 1].start <= _LONGEST:
        if words[first - 1].text in _CONNECTIVES:
            break
        first -= 1
    while first < len(words) and words[first].text in WORDS["not_counted"]:
        first += 1
    if first == len(words):
        return mention.start, ""
    start = floor + run.start() + words[first].start
    return start, clean(index.article.text[start : mention.start])
