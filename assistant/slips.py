"""Repair of slips in Thai: words that no dictionary holds become the nearest ones of the article or its thesaurus."""

import itertools
import re
from functools import lru_cache

from rapidfuzz import fuzz, process
from rapidfuzz.distance import DamerauLevenshtein

from assistant.analysis import Vocabulary
from assistant.named import named_by
from assistant.thai import THAI_LETTER, Token, dictionary, fold, tokens

LONGEST_SLIP = 4  # dictionary words that a misspelt one may have fallen into


def correct_thai(folded: str, vocabulary: Vocabulary) -> str:
    """Repair misspelt Thai: words in no dictionary, alone or with their neighbours, become the nearest known."""
    folded = _names_apart(_times_apart(folded, vocabulary), vocabulary)
    words = tokens(folded)
    index = len(words) - 1
    while index >= 0:
        start, found = index, ""
        if _is_odd(words[index].text, vocabulary):
            start, end, found = _window_for(words, index, vocabulary)
            if found:
                folded = folded[: words[start].start] + found + folded[words[end].end :]
        index = start - 1
    return folded


def _window_for(words: list[Token], odd: int, vocabulary: Vocabulary) -> tuple[int, int, str]:
    """Return the run of touching words around an odd one that is nearest to a known word, and that word."""
    best, choice = 0.35, (odd, odd, "")
    for start in range(max(0, odd - LONGEST_SLIP + 1), odd + 1):
        for end in range(odd, min(len(words), start + LONGEST_SLIP)):
            group = words[start : end + 1]
            if any(b.start != a.end for a, b in itertools.pairwise(group)) or not all(w.is_thai for w in group):
                continue
            run = "".join(w.text for w in group)
            found = _nearest_thai(run, vocabulary)
            share = _slips(run, found) / len(run) if found else 1.0
            if found and share - 0.01 * len(group) < best:
                best, choice = share - 0.01 * len(group), (start, end, found)
    return choice


_MARKS = re.compile("[ัิ-ฺ็-๎ะ]")


def _slips(run: str, other: str) -> float:
    """Return how far two Thai spellings are apart; a tone or a vowel written above or below counts half."""
    return (DamerauLevenshtein.distance(run, other) + DamerauLevenshtein.distance(_bones(run), _bones(other))) / 2


@lru_cache(maxsize=32768)
def _bones(word: str) -> str:
    return _MARKS.sub("", word)


def _names_apart(folded: str, vocabulary: Vocabulary) -> str:
    """Set the article's names, joined or misspelt by a letter or two, apart from the words around them."""
    for entity in vocabulary.entities:
        if entity.kind != "person":
            continue
        for form in (entity.thai[0], *entity.thai[0].split()):
            name = fold(form)
            joined = name.replace(" ", "")
            if len(joined) < 5 or name in folded:
                continue
            start, end = _window(folded, joined)
            if end:
                folded = f"{folded[:start]} {name} {folded[end:]}"
                break
    return " ".join(_by_sound(folded, vocabulary).split())


_TITLED = re.compile(r"(?:นาย|นางสาว|นาง|น\.ส\.|คุณ|ท่าน|ดร\.)\s?([ก-ฮเ-ไ][ก-์]{3,14})")
SOUNDS_SAME = 0.88  # similarity from which a Thai name that nobody knows is taken for one of the article's


def _by_sound(folded: str, vocabulary: Vocabulary) -> str:
    """Give a titled name that the article does not spell so the spelling of the person it sounds like."""
    people = [e for e in vocabulary.entities if e.kind == "person"]
    for match in _TITLED.finditer(folded):
        words = tokens(match[1])
        if any(part in match[1] for e in people for form in e.thai for part in fold(form).split() if len(part) > 2):
            continue
        for size in range(len(words), 0, -1):  # what follows the name may be written close to it
            end = words[size - 1].end
            found, best = named_by(match[1][:end], vocabulary, ("person",)) if end > 2 else (-1, 0.0)
            if best >= SOUNDS_SAME:
                name = fold(vocabulary.entities[found].thai[0])
                return f"{folded[: match.start(1)]} {name} {folded[match.start(1) + end :]}"
    return folded


_APART = ("n_next", "n_previous", "n_lead_agency")


def _times_apart(folded: str, vocabulary: Vocabulary) -> str:
    """Set words such as "the next time" apart: the tokeniser would join their end with what follows (หน้า|ที่)."""
    forms = sorted(
        (w for w, names in vocabulary.lexicon.concepts_th.items() if len(w) >= 6 and set(names) & set(_APART)),
        key=len,
        reverse=True,
    )
    for form in forms:
        if form in folded:
            return folded.replace(form, f" {form} ")
    return folded


def _window(text: str, name: str) -> tuple[int, int]:
    """Return the slice of a text that is a name but for a slip in every four letters, (0, 0) when none is."""
    found = fuzz.partial_ratio_alignment(name, text, score_cutoff=100 * (1 - 1 / 4))
    if found is None or len(text) < len(name) - 1:
        return 0, 0
    start, end = found.dest_start, found.dest_end
    slips = DamerauLevenshtein.distance(text[start:end], name)
    return (start, end) if slips <= len(name) // 4 and text[start : start + 1] == name[0] else (0, 0)


def _is_odd(word: str, vocabulary: Vocabulary) -> bool:
    return (
        bool(THAI_LETTER.search(word))
        and len(word) > 1
        and word not in dictionary()
        and word not in vocabulary.lexicon.thai
        and word not in vocabulary.lexicon.concepts_th
        and fold(word) not in vocabulary.thai_forms
        and f"t:{fold(word)}" not in vocabulary.memo.get("spoken_of", ())
    )


def _nearest_thai(run: str, vocabulary: Vocabulary) -> str:
    if len(run) < 3:
        return ""
    limit = 1.0 if len(run) < 6 else 1.5
    close = process.extract(run, thai_words(vocabulary), scorer=DamerauLevenshtein.distance, score_cutoff=2, limit=12)
    near = [
        (slips, form)
        for form, *_ in close
        if form[0] == run[0] and (len(run) > 3 or _bones(form) == _bones(run)) and (slips := _slips(run, form)) <= limit
    ]
    if near:
        return str(min(near)[1])
    found, likeness = named_by(run, vocabulary)
    return fold(vocabulary.entities[found].thai[0]) if likeness >= SOUNDS_SAME else ""


def thai_words(vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the Thai words that a slip may have meant: the article's own and their like, else all that are known."""
    if "thai_words" not in vocabulary.memo:
        keys = vocabulary.memo.get("spoken_of")
        words = [f for e in vocabulary.entities for form in e.thai for f in (fold(form), *fold(form).split())]
        for word, names in vocabulary.lexicon.concepts_th.items():
            if keys is None or any(f"c:{name}" in keys for name in names):
                words.append(word)
        words.extend(k[2:] for k in keys or () if k.startswith("t:"))
        vocabulary.memo["thai_words"] = tuple(sorted({w for w in words if len(w) >= 3 and THAI_LETTER.search(w)}))
    known: tuple[str, ...] = vocabulary.memo["thai_words"]
    return known
