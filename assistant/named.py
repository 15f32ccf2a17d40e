"""Who a word names: the people and places of an article, found by the sound of what they are called."""

import re
from collections.abc import Sequence
from functools import lru_cache

from assistant import cues
from assistant.analysis import Vocabulary
from assistant.lexicon import stem
from assistant.names import LATIN_TITLES, SAME_NAME, similarity
from assistant.thai import THAI_LETTER, fold

SHORTEST = {True: 2, False: 3}  # letters of a word of a name that stands for it alone, in Thai and in Latin letters


def spellings(vocabulary: Vocabulary) -> dict[str, tuple[int, ...]]:
    """Return what the people and places of an article are called, whole and word by word, with whom each names."""
    if "spellings" not in vocabulary.memo:
        found: dict[str, list[int]] = {}
        for index, entity in enumerate(vocabulary.entities):
            if entity.kind not in ("person", "place"):
                continue
            forms = [fold(form) for form in (*entity.thai, *entity.english)]
            words = [w for form in forms for w in form.split() if _stands_alone(w, vocabulary)]
            for form in dict.fromkeys((*forms, *words)):
                found.setdefault(form, []).append(index)
        vocabulary.memo["spellings"] = {form: tuple(indices) for form, indices in found.items()}
    known: dict[str, tuple[int, ...]] = vocabulary.memo["spellings"]
    return known


def _stands_alone(word: str, vocabulary: Vocabulary) -> bool:
    thai = bool(THAI_LETTER.search(word))
    plain = not thai and (word in LATIN_TITLES or vocabulary.lexicon.knows_english(stem(word)))
    return len(word) >= SHORTEST[thai] and "." not in word and not plain


def named_by(name: str, vocabulary: Vocabulary, kinds: tuple[str, ...] = ("person", "place")) -> tuple[int, float]:
    """Return the entity whose name is most like a name in sound, and how like it is, 0 to 1; (-1, 0.0) for none."""
    written = fold(name)
    best, found = 0.0, -1
    for form, indices in spellings(vocabulary).items():
        index = next((i for i in indices if vocabulary.entities[i].kind in kinds), -1)
        if index >= 0 and (score := similarity(written, form)) > best:
            best, found = score, index
    return found, best


LONGEST_NAME = 4  # words of a name that a reader may have written apart
SURELY = 0.88  # similarity a name of several words needs when some of them are English words as well


def sounds_as_name(words: Sequence[str], vocabulary: Vocabulary) -> tuple[int, float]:
    """Return whom some folded Latin words name when read together, and how surely; (-1, 0.0) when nobody.

    A word of three letters must be spelt as in the article: too many short words sound like one another.
    """
    name = " ".join(words)
    odd = [w not in LATIN_TITLES and not vocabulary.lexicon.knows_english(stem(w)) for w in words]
    stop = cues.load().stop["en"]
    if not re.fullmatch(r"[a-z' -]{3,}", name) or any(w in stop or w in LATIN_TITLES for w in words):
        return -1, 0.0
    if len(name) < 4 and name not in spellings(vocabulary):
        return -1, 0.0
    if not any(odd) and (len(words) == 1 or _bones(name) not in map(_bones, spellings(vocabulary))):
        return -1, 0.0  # plain English, unless it is a name cut in two that has the same consonants
    found, best = named_by(name, vocabulary)
    return (found, best) if best >= (SAME_NAME if all(odd) else SURELY) else (-1, 0.0)


@lru_cache(maxsize=4096)
def _bones(name: str) -> str:
    return re.sub("[^a-z]|[aeiou]", "", name)


def is_known(name: str, vocabulary: Vocabulary) -> bool:
    """True when a name, or half of its words, sounds like a name of the article."""
    words = fold(name).split()
    alike = [w in spellings(vocabulary) or (len(w) > 3 and named_by(w, vocabulary)[1] >= SAME_NAME) for w in words]
    return 2 * sum(alike) >= len(words) > 0 or named_by(name, vocabulary)[1] >= SAME_NAME
