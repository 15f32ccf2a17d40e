"""Repair of slips: a word that nobody knows becomes the nearest word that the article or its readers use."""

import re

from rapidfuzz import fuzz
from rapidfuzz.distance import DamerauLevenshtein

from assistant import cues as cue_tables
from assistant.analysis import Vocabulary
from assistant.lexicon import stem
from assistant.named import LONGEST_NAME, named_by, sounds_as_name
from assistant.names import LATIN_TITLES
from assistant.thai import THAI_LETTER, dictionary, fold, tokens


def correct_english(folded: str, vocabulary: Vocabulary) -> str:
    """Repair misspelt English words that are one or two slips from a word of the article or of questions."""
    known = _known_words(vocabulary)
    pieces = re.split(r"([^a-z']+)", folded)
    names = _names_apart_en(pieces, known, vocabulary)
    for index, word in enumerate(pieces):
        if index in names or len(word) < 3 or not word.isalpha() or word in known or stem(word) in known:
            continue
        if any(sign in "".join(pieces[max(0, index - 1) : index + 2]) for sign in "/\\@_"):
            continue  # a path or an address, no word of a sentence
        pieces[index] = _nearest(word, known) or word
    return "".join(pieces)


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


_QUESTION_WORDS = [
    "who",
    "what",
    "where",
    "when",
    "which",
    "why",
    "how",
    "many",
    "much",
    "does",
    "did",
    "was",
    "were",
    "will",
    "name",
    "date",
    "year",
    "month",
    "city",
    "country",
    "ministry",
    "host",
    "hosted",
    "hosting",
    "meeting",
    "next",
    "give",
    "gave",
    "plan",
    "phase",
    "the",
    "dinner",
    "money",
    "number",
    "between",
    "people",
    "about",
    "party",
    "official",
    "minister",
    "deputy",
    "ambassador",
    "there",
    "their",
    "with",
    "from",
    "this",
    "that",
    "what's",
    "who's",
    "whose",
    "hotline",
    "infections",
    "forest",
    "flood",
    "fires",
    "wading",
    "reporting",
]


def _known_words(vocabulary: Vocabulary) -> frozenset[str]:
    cached = _KNOWN.get(id(vocabulary))
    if cached is None:
        words = {w for phrase in vocabulary.english_forms for w in phrase} | {
            w for phrase in vocabulary.lexicon.english for w in phrase
        }
        words |= {w for entity in vocabulary.entities for form in entity.english for w in fold(form).split()}
        stop = cue_tables.load().stop["en"]
        cached = _KNOWN[id(vocabulary)] = frozenset(words | set(stop) | set(_QUESTION_WORDS) | LATIN_TITLES)
    return cached


_KNOWN: dict[int, frozenset[str]] = {}


def _nearest(word: str, known: frozenset[str]) -> str:
    limit = 1 if len(word) < 6 else 2
    best, choice = limit + 1, ""
    for other in (*_QUESTION_WORDS, *sorted(known)):
        if abs(len(other) - len(word)) > limit or not other.isalpha() or len(other) < 3:
            continue
        distance = DamerauLevenshtein.distance(word, other, score_cutoff=limit)
        if distance < best and (other[0] == word[0] or distance == 1):
            best, choice = distance, other
    return choice if best <= limit else ""


def correct_thai(folded: str, vocabulary: Vocabulary) -> str:
    """Repair misspelt Thai: runs of words that no dictionary holds become the nearest word of the article."""
    folded = _names_apart(_times_apart(folded, vocabulary), vocabulary)
    words = tokens(folded)
    pieces: list[tuple[int, int]] = []
    index = 0
    while index < len(words):
        end = index
        while (
            end < len(words)
            and _is_odd(words[end].text, vocabulary)
            and (end == index or words[end].start == words[end - 1].end)
        ):
            end += 1
        if end > index:
            pieces.append((words[index].start, words[end - 1].end))
        index = max(end, index + 1)
    for start, end in reversed(pieces):
        found = _nearest_thai(folded[start:end], vocabulary)
        if found:
            folded = folded[:start] + found + folded[end:]
    return folded


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
    )


def _nearest_thai(run: str, vocabulary: Vocabulary) -> str:
    if len(run) < 4:
        return ""
    limit = 1 if len(run) < 7 else 2
    best, choice = limit + 1, ""
    for form in thai_words(vocabulary):
        if abs(len(form) - len(run)) <= limit:
            distance = DamerauLevenshtein.distance(run, form, score_cutoff=limit)
            if distance < best:
                best, choice = distance, form
    if not choice:
        found, likeness = named_by(run, vocabulary)
        choice = fold(vocabulary.entities[found].thai[0]) if likeness >= SOUNDS_SAME else ""
    return choice


_THAI: dict[int, tuple[str, ...]] = {}


def thai_words(vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the Thai names and words that a slip may have meant: the article's own first, then the thesaurus."""
    if id(vocabulary) not in _THAI:
        own = [f for e in vocabulary.entities for form in e.thai for f in (fold(form), *fold(form).split())]
        _THAI[id(vocabulary)] = tuple(dict.fromkeys(w for w in (*own, *vocabulary.lexicon.concepts_th) if len(w) >= 4))
    return _THAI[id(vocabulary)]
