"""An article with what answers one question taken out of it, side files included."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from assistant import article as articles
from assistant.errors import InputError
from assistant.judging import Case, folded, occurrences
from assistant.records import Aligned, Article, Clause, GlossaryEntry

Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Cut:
    """An article without the evidence of a case, and the spans of the whole article that were removed."""

    article: Article
    removed: Spans


def states(text: str, expect: Sequence[Sequence[str]]) -> bool:
    """Tell whether a text holds, of every list, all words of one alternative, in any order; False without lists.

    Folded as answers are. A Latin word or a number must stand alone, so 5 is not in 2050; a Thai word may stand
    inside a longer one, as Thai is written without spaces.
    """
    inside = folded(text)
    return bool(expect) and all(
        any(all(_holds(inside, word) for word in folded(option).split()) for option in options) for options in expect
    )


def _holds(text: str, word: str) -> bool:
    left = r"(?<![a-z0-9])" if re.match("[a-z0-9]", word) else ""
    right = r"(?![a-z0-9])" if re.search("[a-z0-9]$", word) else ""
    return re.search(left + re.escape(word) + right, text) is not None


def removed_spans(article: Article, case: Case) -> Spans:
    """Return what of an article must go: clauses that share a letter with evidence, and others that state the answer.

    Evidence counts wherever it occurs. A clause is read together with its aligned English. A block that keeps no
    clause goes whole, so that no bare list number or quotation mark stays. Joined where they touch.
    """
    marks = [(at, at + len(words)) for words in case.evidence for at in occurrences(words, article.text)]
    going = [c for c in article.clauses if _touches((c.start, c.end), marks) or states(_read(article, c), case.expect)]
    left = {c.block for c in article.clauses} - {c.block for c in article.clauses if c not in going}
    whole = [(b.start, b.end) for b in article.blocks if b.index in left]
    joined: list[tuple[int, int]] = []
    for start, end in sorted([*((c.start, c.end) for c in going), *whole]):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def _read(article: Article, clause: Clause) -> str:
    english = (a.english for a in article.translation if a.start < clause.end and clause.start < a.end)
    return " ".join([article.text[clause.start : clause.end], *english])


def _touches(span: tuple[int, int], others: Iterable[tuple[int, int]]) -> bool:
    return any(start < span[1] and span[0] < end for start, end in others)


def cut(article: Article, case: Case) -> Cut | None:
    """Return an article without the evidence of a case; None when nothing can be removed, or nothing would be left.

    An aligned line that loses a letter goes whole, for its English would still tell. A glossary entry goes when no
    Thai form of it is left in the text; of those that stay, forms, roles and expansions that state the answer go.
    """
    spans = removed_spans(article, case)
    if not spans:
        return None
    text, at = "", 0
    for start, end in (*spans, (len(article.text), len(article.text))):
        text += article.text[at:start]
        at = end
    glossary = tuple(kept for entry in article.glossary if (kept := _entry(entry, text, case)) is not None)
    try:
        left = articles.build(
            text,
            identity=article.id,
            translation=tuple(_moved(a, spans) for a in article.translation if not _touches((a.start, a.end), spans)),
            glossary=glossary,
            publisher=article.publisher if article.publisher in text else "",
        )
    except InputError:
        return None
    return Cut(left, spans)


def _moved(aligned: Aligned, spans: Spans) -> Aligned:
    back = sum(end - start for start, end in spans if end <= aligned.start)
    return replace(aligned, start=aligned.start - back, end=aligned.end - back)


def _entry(entry: GlossaryEntry, text: str, case: Case) -> GlossaryEntry | None:
    thai = tuple(form for form in entry.th if not states(form, case.expect))
    english = tuple(form for form in entry.en if not states(form, case.expect))
    if not english or not any(form in text for form in thai):
        return None
    entry = replace(entry, th=thai, en=english)
    if states(f"{entry.role_th} {entry.role_en}", case.expect):
        entry = replace(entry, role_th="", role_en="")
    if states(f"{entry.expand_th} {entry.expand_en}", case.expect):
        entry = replace(entry, expand_th="", expand_en="")
    return entry
