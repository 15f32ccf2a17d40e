"""Words of both languages in one space of keys, so that a question can meet a text across languages.

A key is `t:` a Thai word, `e:` an English stem, `c:` a concept of the thesaurus, `g:` an entity of the
article, `n:` a number. A word has several keys, each with a strength from 0 to 1; two words speak of
the same thing as far as they share a strong key. Data: `data/lexicon.tsv` (Thai word, part of speech,
English glosses, commonest news sense first) and `data/concepts.tsv` (concept, Thai words, English words).
"""

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from assistant import artefacts
from assistant.errors import DataError
from assistant.thai import Token, dictionary, fold

DATA = artefacts.DATA
Keys = dict[str, float]
FIRST_SENSE, LATER_SENSE, CONCEPT, DERIVED = 0.8, 0.6, 0.85, 0.9
LONGEST_PHRASE = 5
_AFFIXES = ("การ", "ความ", "เป็น", "ที่", "ผู้", "คณะ", "งาน")


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the lexicon."""

    pos: str
    glosses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """A word or set phrase of a text with its keys; `parts` are the keys of its words."""

    text: str
    start: int
    end: int
    keys: Keys
    parts: tuple[Keys, ...] = ()
    pos: str = ""


@lru_cache(maxsize=1)
def _stemmer() -> object:
    import snowballstemmer

    return snowballstemmer.stemmer("english")


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Return the Snowball English stem of a word."""
    return str(_stemmer().stemWord(word.casefold()))  # type: ignore[attr-defined]


def stems(phrase: str) -> tuple[str, ...]:
    """Return the stems of the words of an English phrase."""
    return tuple(stem(w) for w in re.findall(r"[a-z0-9][a-z0-9.]*(?:'[a-z]+)?", fold(phrase)))


def rows(name: str, columns: int) -> Iterable[list[str]]:
    """Read a tab-separated word list of the package.

    Raises:
        DataError: a line has another number of columns.
    """
    for number, line in enumerate(artefacts.read(DATA / name).decode().splitlines(), 1):
        row = line.split("\t")
        if len(row) != columns:
            raise DataError("data_file", name=f"{name}:{number}", reason=f"must have {columns} columns; got {len(row)}")
        yield row


@dataclass(slots=True)
class Lexicon:
    """Look-ups from words and phrases of both languages to keys."""

    thai: dict[str, Entry] = field(default_factory=dict)
    concepts_th: dict[str, list[str]] = field(default_factory=dict)
    concepts_en: dict[tuple[str, ...], list[str]] = field(default_factory=dict)
    english: set[tuple[str, ...]] = field(default_factory=set)

    def add_concept(self, name: str, thai: Iterable[str], english: Iterable[str]) -> None:
        """Add a concept: words of both languages that can stand for each other in a question."""
        for word in thai:
            self.concepts_th.setdefault(word, []).append(name)
        for phrase in english:
            self.concepts_en.setdefault(stems(phrase), []).append(name)

    def thai_keys(self, word: str) -> Keys:
        """Return the keys of one Thai word or set phrase."""
        keys: Keys = {f"t:{word}": 1.0}
        self._describe(word, keys, 1.0)
        for affix in _AFFIXES:
            core = word[len(affix) :]
            if word.startswith(affix) and len(core) >= 3 and (core in dictionary() or core in self.thai):
                keys[f"t:{core}"] = DERIVED
                self._describe(core, keys, DERIVED)
        return keys

    def _describe(self, word: str, keys: Keys, scale: float) -> None:
        entry = self.thai.get(word)
        for rank, gloss in enumerate(entry.glosses if entry else ()):
            if rank and gloss[:1].isupper() and entry is not None and entry.pos not in ("name", "title"):
                continue  # a proper name among the further senses: กรุง is a city, and not Bangkok
            strength = scale * (FIRST_SENSE if rank == 0 else LATER_SENSE)
            phrase = stems(gloss)
            _raise(keys, "e:" + " ".join(phrase), strength)
            if len(phrase) == 2 and rank == 0:
                _raise(keys, "e:" + phrase[1], strength * 0.6)
        names = self.concepts_th.get(word, ())
        for name in names:
            _raise(keys, f"c:{name}", scale * CONCEPT)

    def english_keys(self, phrase: Sequence[str]) -> Keys:
        """Return the keys of an English word or phrase given as stems."""
        keys: Keys = {"e:" + " ".join(phrase): 1.0}
        for name in self.concepts_en.get(tuple(phrase), ()):
            _raise(keys, f"c:{name}", CONCEPT)
        return keys

    def gloss(self, word: str) -> str:
        """Return the first English gloss of a Thai word, "" when unknown."""
        entry = self.thai.get(word)
        return entry.glosses[0] if entry and entry.glosses and entry.glosses[0] != "-" else ""

    def pos(self, word: str) -> str:
        """Return the part of speech of a Thai word, "" when unknown."""
        entry = self.thai.get(word)
        return entry.pos if entry else ""

    def knows_english(self, word: str) -> bool:
        """True when a stem is part of the English side of the lexicon."""
        return (word,) in self.english


def _raise(keys: Keys, key: str, strength: float) -> None:
    if strength > keys.get(key, 0.0):
        keys[key] = strength


def match(term: Keys, unit: Keys) -> float:
    """Return how strongly two bags of keys speak of the same thing, 0 to 1."""
    if len(unit) < len(term):
        term, unit = unit, term
    return max((s * unit[k] for k, s in term.items() if k in unit), default=0.0)


@lru_cache(maxsize=1)
def load() -> Lexicon:
    """Load the shipped lexicon and thesaurus.

    Raises:
        DataError: a line of a file is malformed.
    """
    lexicon = Lexicon()
    for word, pos, glosses in rows("lexicon.tsv", 3):
        entry = Entry(pos, tuple(g.strip() for g in glosses.split(";") if g.strip() not in ("", "-")))
        lexicon.thai[word] = entry
        for gloss in entry.glosses:
            phrase = stems(gloss)
            lexicon.english.add(phrase)
            lexicon.english.update((w,) for w in phrase)
    for name, thai, english in rows("concepts.tsv", 3):
        lexicon.add_concept(name, thai.split("|"), english.split("|"))
    for phrase in lexicon.concepts_en:
        lexicon.english.add(phrase)
        lexicon.english.update((w,) for w in phrase)
    return lexicon


def thai_phrases(words: Sequence[Token], known: Iterable[str]) -> list[tuple[int, int]]:
    """Group words into the longest known phrases, left to right; return (first, past last) pairs."""
    return _group(words, lambda i, j: "".join(w.text for w in words[i:j]) in known and _adjacent(words[i:j]))


def _adjacent(words: Sequence[Token]) -> bool:
    return all(a.end == b.start for a, b in itertools.pairwise(words))


def _group(words: Sequence[object], is_known: "object") -> list[tuple[int, int]]:
    groups: list[tuple[int, int]] = []
    i = 0
    while i < len(words):
        j = next((j for j in range(min(len(words), i + LONGEST_PHRASE), i + 1, -1) if is_known(i, j)), i + 1)  # type: ignore[operator]
        groups.append((i, j))
        i = j
    return groups
