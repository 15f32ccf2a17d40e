"""Repair of slips in English: an unknown word becomes the nearest that the article or its readers use."""

import json
import re
from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz.distance import DamerauLevenshtein

from assistant import cues as cue_tables
from assistant.analysis import Vocabulary
from assistant.lexicon import stem
from assistant.named import LONGEST_NAME, sounds_as_name
from assistant.names import LATIN_TITLES
from assistant.settings import data_folder
from assistant.thai import fold


def correct_english(folded: str, vocabulary: Vocabulary, written: str = "") -> str:
    """Repair misspelt English words that are one or two slips from a word of the article or of questions.

    An English word stays, and so does one that `written`, the question as typed, has with a capital inside a sentence.
    """
    known = _known_words(vocabulary)
    pieces = re.split(r"([^a-z']+)", folded)
    names = _names_apart_en(pieces, known, vocabulary)
    proper = {fold(w) for w in _CAPITAL.findall(written)} if written != written.upper() else set()
    odd = [
        index
        for index, word in enumerate(pieces)
        if index not in names
        and len(word) > 2
        and word.isalpha()
        and word not in proper
        and not (word in known or stem(word) in known or word in english_words())
        # a path or an address is no word of a sentence
        and not any(sign in "".join(pieces[max(0, index - 1) : index + 2]) for sign in "/\\@_")
    ]
    sloppy = len(odd) > 2 or (len(odd) == 2 and not written[:1].isupper())
    for index in odd:
        pieces[index] = _nearest(pieces[index], vocabulary, sloppy=sloppy) or pieces[index]
    return "".join(pieces)


_CAPITAL = re.compile(r"(?<=[^.?!\s] )[A-Z][A-Za-z'-]+|\b[A-Z]{2,}\b")


@lru_cache(maxsize=1)
def english_words() -> frozenset[str]:
    """Return the whole English words that the shipped encoder reads as one piece, none when it is not there."""
    path = data_folder("index") / "encoder" / "tokenizer.json"
    if not path.is_file():
        return frozenset()
    pieces = json.loads(path.read_text(encoding="utf-8"))["model"]["vocab"]
    return frozenset(p[0][1:] for p in pieces if re.fullmatch("▁[a-z]{3,}", p[0]))


def _names_apart_en(pieces: list[str], known: frozenset[str], vocabulary: Vocabulary) -> set[int]:
    """Return where the pieces of a text are names written in several words: none of them is a slip of the hand."""
    found: set[int] = set()
    for start in range(0, len(pieces), 2):
        for end in range(start + 3, min(start + 2 * LONGEST_NAME, len(pieces) + 1), 2):
            words = pieces[start:end:2]
            if any(gap != " " for gap in pieces[start + 1 : end : 2]) or all(w in known for w in words):
                continue
            if sounds_as_name(words, vocabulary)[0] >= 0:
                found.update(range(start, end))
    return found


def _known_words(vocabulary: Vocabulary) -> frozenset[str]:
    if "known_english" not in vocabulary.memo:
        words = {w for phrase in vocabulary.english_forms for w in phrase} | {
            w for phrase in vocabulary.lexicon.english for w in phrase
        }
        words |= {w for entity in vocabulary.entities for form in entity.english for w in fold(form).split()}
        stop = cue_tables.load().stop["en"]
        vocabulary.memo["known_english"] = frozenset(words | set(stop) | set(cue_tables.load().asking) | LATIN_TITLES)
    known: frozenset[str] = vocabulary.memo["known_english"]
    return known


def _nearest(word: str, vocabulary: Vocabulary, *, sloppy: bool) -> str:
    """Return the word that an unknown one was meant for: of questions and names first, then of the article.

    A lone unknown word may be a good English one: only a letter lost, doubled or swapped makes it one of the article's.
    """
    limit = 1 if len(word) < 6 else 2
    stop = cue_tables.load().stop["en"]
    pools: list[Iterable[str]] = [cue_tables.load().asking, sorted(stop | _names_of(vocabulary))]
    if len(word) >= (5 if sloppy else 6):  # shorter words have too many neighbours
        pools.append(sorted(_own_words(vocabulary)))
    found: list[tuple[int, int, str]] = []
    for rank, pool in enumerate(pools):
        for other in pool:
            if abs(len(other) - len(word)) > limit or not other.isalpha() or len(other) < 3:
                continue
            distance = DamerauLevenshtein.distance(word, other, score_cutoff=limit)
            lone = (
                rank == 2
                and not sloppy
                and (distance > 1 or (len(other) == len(word) and sorted(other) != sorted(word)))
            )
            if distance <= limit and not lone and (other[0] == word[0] or (distance == 1 and rank < 2)):
                found.append((distance, rank, other))
    return min(found)[2] if found else ""


def _names_of(vocabulary: Vocabulary) -> frozenset[str]:
    return frozenset(w for entity in vocabulary.entities for form in entity.english for w in fold(form).split())


def _own_words(vocabulary: Vocabulary) -> frozenset[str]:
    """Return the English words for what the article speaks of, all that are known where there is no one article."""
    if "own_english" not in vocabulary.memo:
        known = _known_words(vocabulary) | english_words()
        keys = vocabulary.memo.get("spoken_of")
        if keys is not None:
            stems = {w for k in keys if k.startswith("e:") for w in k[2:].split()}
            for phrase, names in vocabulary.lexicon.concepts_en.items():
                if any(f"c:{name}" in keys for name in names):
                    stems.update(phrase)
            known = frozenset(w for w in known if stem(w) in stems)
        vocabulary.memo["own_english"] = known
    words: frozenset[str] = vocabulary.memo["own_english"]
    return words
