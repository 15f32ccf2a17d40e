"""The pieces of an article that its mentions are read from, and the word lists that the reading goes by."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from assistant import artefacts, gazetteer
from assistant.lexicon import DATA, rows
from assistant.records import Article, Block
from assistant.thai import Normalized, Token, dictionary, normalize, tokens

WORDS: dict[str, Any] = json.loads(artefacts.read(DATA / "news_words.json"))
RUN = re.compile("[ก-์]+")
SPEECH = tuple(WORDS["speech"])
ROLE_WORDS = tuple(WORDS["role_words"])
ROLE_END, NAME_END = frozenset(WORDS["role_end"]), frozenset(WORDS["name_end"])


@dataclass(frozen=True, slots=True)
class Piece:
    """A block of an article, normalised, with its words; offsets of mentions count its `text`."""

    block: Block
    clean: Normalized
    words: tuple[Token, ...]
    starts: frozenset[int]
    ends: frozenset[int]

    @property
    def text(self) -> str:
        """Return the normalised text."""
        return self.clean.text


def pieces_of(article: Article) -> list[Piece]:
    """Return the blocks of an article as pieces."""
    found = []
    for block in article.blocks:
        clean = normalize(article.text[block.start : block.end])
        words = tuple(tokens(clean.text))
        found.append(Piece(block, clean, words, frozenset(w.start for w in words), frozenset(w.end for w in words)))
    return found


def run_end(text: str, start: int) -> int:
    """Return where the run of Thai letters that begins at an index ends."""
    match = RUN.match(text, start)
    return match.end() if match else start


@lru_cache(maxsize=16384)
def unknown(word: str) -> bool:
    """True when a word holds a piece that no dictionary knows, as foreign and made-up names do."""
    return any(t.text not in dictionary() for t in tokens(word))


@lru_cache(maxsize=1)
def given_names() -> frozenset[str]:
    """Return Thai given names."""
    from pythainlp.corpus import thai_female_names, thai_male_names

    return frozenset(n for n in (*thai_female_names(), *thai_male_names()) if len(n) > 2)


@lru_cache(maxsize=1)
def family_names() -> frozenset[str]:
    """Return Thai family names."""
    from pythainlp.corpus import thai_family_names

    return frozenset(n for n in thai_family_names() if len(n) > 3)


class Finder:
    """Finds the longest of some names at every index of a text."""

    def __init__(self, names: Iterable[str]) -> None:
        """Sort the names by how they begin."""
        self.names: dict[str, list[str]] = {}
        for name in sorted(set(names), key=len, reverse=True):
            self.names.setdefault(name[:2], []).append(name)

    def find(self, text: str) -> Iterable[tuple[int, str]]:
        """Yield (index, name), left to right, without overlaps."""
        past = 0
        for index in range(len(text) - 1):
            if index >= past:
                name = next((n for n in self.names.get(text[index : index + 2], ()) if text.startswith(n, index)), "")
                if name:
                    past = index + len(name)
                    yield index, name


@lru_cache(maxsize=1)
def organisations() -> dict[str, tuple[str, str]]:
    """Return the full name and the English of organisations by abbreviation and by full name."""
    found: dict[str, tuple[str, str]] = {}
    for short, full, english in rows("organisations.tsv", 3):
        for form in (short, full):
            found.setdefault(form, (full, english))
    return found


@lru_cache(maxsize=1)
def organisation_finder() -> Finder:
    """Return the finder of the organisations that are listed."""
    return Finder(organisations())


@lru_cache(maxsize=1)
def unit_names() -> dict[str, tuple[str, str]]:
    """Return the English of units and classifiers, for one and for more."""
    found: dict[str, tuple[str, str]] = {}
    for thai, english in rows("units.tsv", 2):
        one, _, more = english.partition("|")
        found[thai] = (one, more or f"{one}s")
    return found


def is_place(word: str) -> bool:
    """True for a name that the gazetteer knows."""
    return word in gazetteer.places()
