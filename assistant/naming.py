"""The shapes of Thai and foreign names: where one opens, where it ends, and how sure it is without a title."""

import re

from assistant.names import PERSON_TITLES
from assistant.pieces import (
    NAME_END,
    ROLE_END,
    ROLE_WORDS,
    RUN,
    SPEECH,
    WORDS,
    Piece,
    family_names,
    given_names,
    is_place,
    run_end,
    unknown,
)
from assistant.thai import dictionary, tokens

LINKS = frozenset(WORDS["links"])
BEFORE_NAME = tuple(sorted(WORDS["before_name"], key=len, reverse=True))
_NOT_SURNAME = frozenset(WORDS["not_surname"])
_LEADS = frozenset(BEFORE_NAME)
_ORG_HEADS = tuple(WORDS["organisation_heads"])
_TELLS = re.compile(r"(?:โดย|ผู้สื่อข่าว|ภาพ|เรื่อง|นักข่าว|บรรณาธิการ|เขียน)\s*[::]?\s*$|\"\s?$|\(\s?$|[•\-]\s?$")
_COUNTED = re.compile(r"\d\s?นาย\s$")


def opens(piece: Piece, match: re.Match[str]) -> bool:
    """True when a title stands as a word of its own, and not inside or at the head of another."""
    text, start = piece.text, match.start()
    first = match.start("first")
    title = match["titles"].strip()
    before = text[start - 1 : start]
    if before == "." or (RUN.match(before) and start not in piece.starts and not text[:start].endswith(BEFORE_NAME)):
        return False
    if first not in piece.starts and not title.endswith("."):
        given = next((g for g in range(min(len(text), first + 12), first + 2, -1) if text[first:g] in given_names()), 0)
        if not given or any(w.start < first < w.end and w.text in ROLE_WORDS for w in piece.words):
            return False
    run = text[first : run_end(text, first)]
    if title == "นาย" and _COUNTED.search(text[:first]) and not (unknown(run) or run in given_names()):
        return False  # "64 นาย …": officers counted
    if text[first:].startswith(ROLE_WORDS) and run not in given_names():
        return False
    if title in ("ท่าน", "คุณ", "สมเด็จ", "อาจารย์", "ท่านรัฐมนตรี"):
        if first not in piece.starts or run.startswith(("ว่าการ", "ช่วยว่าการ")):
            return False
        head = tokens(run)[0].text
        return run in given_names() or (
            head not in NAME_END | ROLE_END | _NOT_SURNAME and (unknown(run) or _name_first(run))
        )
    return not (run.startswith(SPEECH) or tokens(run)[0].text in _NOT_SURNAME) or run in given_names()


def _name_first(run: str) -> bool:
    return any(run[:size] in given_names() for size in range(3, min(len(run), 12) + 1))


def first_end(text: str, start: int) -> int:
    """Return where a first name ends: with its run of letters, or before a word that cannot be part of it."""
    end = run_end(text, start)
    run = text[start:end]
    if run in given_names():
        return end
    named = max((size for size in range(3, min(len(run), 14)) if run[:size] in given_names()), default=0)
    for word in tokens(run)[1:]:
        if word.start >= 3 and (word.text in ROLE_END or word.text.startswith(SPEECH)):
            return start + word.start
        if word.start == named and (word.text in NAME_END or word.text in _NOT_SURNAME or word.text in ROLE_WORDS):
            return start + word.start
    return end


def surname_end(text: str, start: int, chunk: str) -> int:
    """Return where a family name ends, `start` when the words are none."""
    stop = run_end(text, start)
    if text[stop : stop + 1] == "." or is_place(chunk):
        return start
    if chunk in family_names():
        return stop
    words = tokens(chunk)
    if words[0].text in _NOT_SURNAME or chunk.startswith((*ROLE_WORDS, *SPEECH)) or chunk.startswith(PERSON_TITLES):
        return start
    if len(chunk) < 2 or (words[0].text in ROLE_END and not unknown(chunk)):
        return start
    for word in words[1:]:
        if word.start >= 4 and ((word.text in ROLE_END and word is not words[-1]) or word.text.startswith(SPEECH)):
            return start + word.start
    return stop if len(chunk) <= 24 else start


def after_function_words(run: str) -> int:
    """Return where a name can begin in a run of letters: at its start, or behind a word that leads to names."""
    if run in given_names():
        return 0
    words = tokens(run)
    places = [0, *(w.end for w in words if w.text in _LEADS and len(run) - w.end >= 2)]
    named = next((at for at in places if run[at:] in given_names()), None)
    if named is not None:
        return named
    return next((at for at in reversed(places) if len(run) - at <= 15 and unknown(run[at:])), places[-1])


def _weight(word: str, names: frozenset[str]) -> int:
    if word in names:
        return 1 if word in dictionary() else 2
    return 1 if unknown(word) or _choppy(word) else 0


def _choppy(word: str) -> bool:
    """True for letters that only fall into many short words, as a foreign name does."""
    words = tokens(word)
    return len(words) >= 4 and len(word) / len(words) <= 2.6


def like_a_name(first: str, second: str) -> bool:
    """True when two words in a row are shaped like a given and a family name."""
    if not 2 <= len(first) <= 15 or is_place(first) or is_place(second) or len(second) < 2:
        return False
    if not _weight(first, given_names()) or (
        first.startswith((*ROLE_WORDS, *_ORG_HEADS)) and first not in given_names()
    ):
        return False
    return second in LINKS or bool(_weight(second, family_names()))


def sure(first: str, rest: str, text: str, start: int, end: int) -> bool:
    """Weigh the shape of a name without a title, what stands before it and what follows."""
    second = rest.split()[0]
    weight = _weight(first, given_names()) + (2 if second in LINKS else _weight(second, family_names()))
    after = text[end : end + 14].lstrip()
    weight += bool(_TELLS.search(text[:start])) + after.startswith((*ROLE_WORDS, "(", "วัย", "อายุ", *SPEECH))
    weight -= any(w.text in NAME_END | ROLE_END for w in tokens(first)[:1]) and first not in given_names()
    alike = unknown(first) and (unknown(second) or _choppy(second))
    return weight >= 3 or (weight >= 2 and alike)


def closes(text: str, end: int) -> bool:
    """True when a name may end here: no mark joins on, and a word begins."""
    if end >= len(text) or not RUN.match(text, end):
        return True
    if "ะ" <= text[end] <= "ฺ" or "็" <= text[end] <= "์":
        return False
    return tokens(text[end : run_end(text, end)])[0].text in dictionary()
