"""How alike two Latin spellings sound: a weighted edit distance over sounds.

A spelling becomes a string of sounds, one to a letter group ("kh", "ng", "ee"). The distance is Wagner and
Fischer's (1974), with a price for each pair: letters that the usual romanisations of Thai, Lao, Vietnamese and
Chinese names mix (ph/p/b, ch/j, v/w, r/l) cost little, and so do vowels, an h, and an r before a consonant.
Consonants that close a syllable are one of the few that Thai closes syllables with, however they are written.
The prices are set by hand and were tuned on every second row of `tests/questions/names.tsv`.
"""

import re
from functools import lru_cache

from assistant.thai import fold

_PLAIN = str.maketrans({"đ": "d", "ð": "d", "ø": "o", "ł": "l", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe"})
# Letter groups with the sounds they stand for: a capital is one sound written with two letters.
_GROUPS = {
    **{"tch": "c", "sch": "S", "ngh": "N", "ch": "c", "sh": "S", "kh": "K", "th": "T", "ph": "P", "ng": "N"},
    **{"nh": "Y", "ny": "Y", "zh": "c", "gh": "g", "ck": "k", "qu": "kw", "tz": "s", "dj": "j", "bh": "b"},
    **{"dh": "d", "jh": "j", "ee": "i", "oo": "u", "ou": "u", "ii": "i", "uu": "u", "aa": "a", "ei": "ai"},
    **{"ue": "u", "eu": "u", "oe": "e"},
}
_GLIDES = {"ay": "ai", "ey": "ai", "aw": "ao", "ow": "ao"}  # unless a vowel follows, as in "Wirawan"
_TOKEN = re.compile("|".join((*_GROUPS, *(f"{g}(?![aeiou])" for g in _GLIDES), "c(?=[eiy])", "[a-z]")))
_SOUND = {**_GROUPS, **_GLIDES, "c": "k"}
_VOWELS = "aeiou"
_CONSONANTS = "bcdfghjklmnpqrstvwxyzKNPSTY"
_OPEN = {c: i for i, c in enumerate(_VOWELS + _CONSONANTS)}
_CLOSING = {c: i for i, c in enumerate(_CONSONANTS, len(_OPEN))}

FAR = 1.0  # the price of a consonant too many, or of two that nobody mixes
_MIXED = (
    (0.05, "wv cj tT pP kK sS sx Sx sz xz"),
    (0.1, "Pf gk qc Tf yi wu wo"),
    (0.15, "td kq nY bp"),
    (0.2, "dT bP gK yY jz cz cS cx qs qS qx jy ou ae"),
    (0.25, "rl ao au ei"),
    (0.35, "NY kc pf sc kx gc js jS ai eo iu eu io bv bw dj"),
    (0.5, "nN nm nl nr cT ct jd qk zd td hk hK hg"),
)
# What closes a Thai syllable: one of t, p, k, n, m, ng, y, w.
_CLASSES = ("tTdcjsSzx", "pPbf", "kKgq", "nlrY")
CLOSES_ALIKE, CLOSES_OR_OPENS = 0.08, 0.2
VOWEL, SECOND_VOWEL, ASPIRATION, GLIDE, SILENT_R, CLUSTER = 0.3, 0.2, 0.12, 0.3, 0.12, 0.55


def _prices() -> list[list[float]]:
    """Return what it costs to take one sound for another, by their numbers."""
    close = {frozenset(pair): price for price, pairs in _MIXED for pair in pairs.split() if len(set(pair)) == 2}
    sounds = [(c, False) for c in _OPEN] + [(c, True) for c in _CLOSING]
    table = []
    for one, closes in sounds:
        row = []
        for other, closes_too in sounds:
            price = 0.0 if one == other else close.get(frozenset((one, other)), FAR)
            if one in _VOWELS and other in _VOWELS:
                price = min(price, 0.35)
            elif price and (closes or closes_too) and any(one in c and other in c for c in _CLASSES):
                price = min(price, CLOSES_ALIKE if closes and closes_too else CLOSES_OR_OPENS)
            row.append(price if price < FAR else 2 * FAR)
        table.append(row)
    return table


_PRICE = _prices()


@lru_cache(maxsize=32768)
def sounds_of(latin: str) -> tuple[tuple[int, ...], tuple[float, ...]]:
    """Return the sounds of a Latin spelling, by number, and what leaving each of them out costs."""
    letters = re.sub("[^a-z]", "", fold(latin).translate(_PLAIN))
    raw = "".join(_SOUND.get(m.group(), m.group()) for m in _TOKEN.finditer(letters))
    word = re.sub(r"(.)\1+", r"\1", re.sub("pP|kK|tT|cc", lambda m: m.group()[1], raw))
    numbers: list[int] = []
    weights: list[float] = []
    for index, letter in enumerate(word):
        before, after = word[index - 1 : index], word[index + 1 : index + 2]
        opens = letter in _VOWELS or index == 0 or (after != "" and after in _VOWELS + "yw")
        numbers.append(_OPEN[letter] if opens else _CLOSING[letter])
        weights.append(_weight(letter, before, after, opens))
    return tuple(numbers), tuple(weights)


def _weight(letter: str, before: str, after: str, opens: bool) -> float:
    if letter in _VOWELS:
        return SECOND_VOWEL if before and before in _VOWELS else VOWEL
    if letter == "h" and before:
        return ASPIRATION
    if letter in "yw" and before:
        return GLIDE
    if letter == "r" and before and before in _VOWELS and not opens:
        return SILENT_R
    return FAR if opens or not before or before in _VOWELS else CLUSTER


@lru_cache(maxsize=65536)
def alike(one: str, other: str) -> float:
    """Return how alike two Latin spellings sound, 0 to 1, 1 for the same letters; spaces and accents count nothing."""
    (a, wa), (b, wb) = sounds_of(one), sounds_of(other)
    if not a or not b:
        return 0.0
    if a == b:
        return 1.0
    total = (sum(wa) + sum(wb)) / 2
    row = [0.0]
    for weight in wb:
        row.append(row[-1] + weight)
    for sound, weight in zip(a, wa, strict=True):
        price = _PRICE[sound]
        corner, row[0] = row[0], row[0] + weight
        left = row[0]
        for index, other_sound in enumerate(b, 1):
            best = corner + price[other_sound]
            corner = row[index]
            if corner + weight < best:
                best = corner + weight
            if left + wb[index - 1] < best:
                best = left + wb[index - 1]
            row[index] = left = best
    return max(0.0, 1.0 - row[-1] / total)
