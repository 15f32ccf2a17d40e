"""Thai text: clean-up with an offset map, words, digits, character clusters.

The only module that talks to PyThaiNLP's tokeniser. Nothing here changes a text that is quoted:
analysis happens on a normalised copy, and every index leads back to the original.
"""

import os
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

os.environ.setdefault("PYTHAINLP_READ_ONLY", "1")
os.environ.setdefault("PYTHAINLP_OFFLINE", "1")
os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # ONNX Runtime, which romanises names, would report its use

CHUNK = 2000  # characters per tokeniser call: its worst cases are quadratic
NIKHAHIT, SARA_AA, SARA_AM, SARA_E, SARA_AE = "\u0e4d", "\u0e32", "\u0e33", "\u0e40", "\u0e41"
TONES = "\u0e48\u0e49\u0e4a\u0e4b"
ABOVE = "\u0e31\u0e34\u0e35\u0e36\u0e37\u0e47\u0e38\u0e39"
MARKS = ABOVE + TONES + "\u0e3a\u0e4c\u0e4d\u0e4e"
_DROP = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff\ufff0-\uffff\ud800-\udfff]"
)
_PUA = dict(
    zip(
        "\uf701\uf702\uf703\uf704\uf705\uf706\uf707\uf708\uf709\uf70a\uf70b\uf70c\uf70d\uf70e\uf710\uf711\uf712"
        "\uf713\uf714\uf715\uf716\uf717",
        "ิีึื่้๊๋์่้๊๋์ัํ็่้๊๋์",
        strict=False,
    )
)
THAI_LETTER = re.compile("[\u0e01-\u0e2e]")
THAI_RUN = re.compile("[\u0e01-\u0e3a\u0e40-\u0e4e]")
LATIN_WORD = re.compile(r"[A-Za-zÀ-ɏḀ-ỿ]+(?:['’][A-Za-z]+)?")


@dataclass(frozen=True, slots=True)
class Normalized:
    """A cleaned copy of a text; `offsets[i]` is where its i-th character came from (length + 1 entries)."""

    text: str
    offsets: tuple[int, ...]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Map a slice of the clean copy to the slice of the original that holds it."""
        if start >= end:
            return self.offsets[start], self.offsets[start]
        origins = self.offsets[start:end]
        return min(origins), max(origins) + 1

    def locate(self, position: int) -> int:
        """Map an index of the original to the first index of the clean copy at or after it."""
        low, high = 0, len(self.offsets) - 1
        while low < high:
            middle = (low + high) // 2
            if self.offsets[middle] < position:
                low = middle + 1
            else:
                high = middle
        return low


def _pairs(text: str) -> Iterator[tuple[str, int]]:
    for index, char in enumerate(text):
        if _DROP.match(char):
            continue
        char = _PUA.get(char, char)
        if "\u0e50" <= char <= "\u0e59":
            char = chr(ord(char) - 0x0E50 + 48)
        elif char in "\u00a0\u202f\u3000\u2009\u2007\t":
            char = " "
        elif "\uff01" <= char <= "\uff5e":
            char = chr(ord(char) - 0xFEE0)
        elif char in "“”„‟«»":
            char = '"'
        elif char in "‘’‛":
            char = "'"
        elif char in "–—−‐‑":
            char = "-"
        yield char, index


def normalize(text: str) -> Normalized:
    """Return a clean copy of a text with its offset map; cleaning it again changes nothing.

    Drops controls, zero-width and direction marks; folds spaces, digits, full width, quotation
    marks and dashes; recomposes sara am; orders vowel before tone; makes one SARA AE of two
    SARA E; keeps one of a run of equal marks and the last of a run of tones. Linear in the length of the text.
    """
    chars: list[str] = []
    origins: list[int] = []

    def push(char: str, origin: int) -> None:
        last, before = (chars[-1] if chars else ""), (chars[-2] if len(chars) > 1 else "")
        if char in MARKS and char == last:
            return
        if char == SARA_AA and last == NIKHAHIT:
            del chars[-1]
            push(SARA_AM, origins.pop())
        elif char == SARA_AA and before == NIKHAHIT and last in TONES:
            tone, where = chars.pop(), origins.pop()
            del chars[-1], origins[-1]
            push(tone, where)
            push(SARA_AM, origin)
        elif char == SARA_E and last == SARA_E:
            chars[-1] = SARA_AE
        elif (char in ABOVE and last and last in TONES) or (char in TONES and last == SARA_AM != before):
            later, where = chars.pop(), origins.pop()
            push(char, origin)
            push(later, where)
        elif char in TONES and last and last in TONES:
            chars[-1], origins[-1] = char, origin
        else:
            chars.append(char)
            origins.append(origin)

    for char, index in _pairs(text):
        push(char, index)
    return Normalized("".join(chars), (*origins, len(text)))


@lru_cache(maxsize=8192)
def clean(text: str) -> str:
    """Return only the normalised copy of a text, with runs of white space made one space."""
    return " ".join(normalize(text).text.split())


@lru_cache(maxsize=16384)
def fold(text: str) -> str:
    """Return a text for comparing: normalised, Latin accents off, lower case."""
    plain = "".join(c for c in unicodedata.normalize("NFD", normalize(text).text) if not "\u0300" <= c <= "\u036f")
    return normalize(unicodedata.normalize("NFC", plain)).text.casefold()


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a normalised text, by offsets into it."""

    text: str
    start: int
    end: int

    @property
    def is_thai(self) -> bool:
        """True when it holds a Thai consonant."""
        return bool(THAI_LETTER.search(self.text))


_PIECES = re.compile(
    r"[0-9]+(?:[.,:][0-9]+)*|[A-Za-zÀ-ɏḀ-ỿ]+(?:['’][A-Za-z]+)?|[\u0e01-\u0e4eฯ][\u0e01-\u0e4e.ฯ]*"
    r"|\s+|.",
    re.DOTALL,
)


@lru_cache(maxsize=4096)
def _segment(run: str) -> tuple[str, ...]:
    from pythainlp.tokenize import word_tokenize

    return tuple(word_tokenize(run, engine="newmm-safe", join_broken_num=False))


def tokens(text: str) -> list[Token]:
    """Split a normalised text into words, white space left out.

    Thai runs go through PyThaiNLP's newmm dictionary matching (safe mode) in bounded pieces.
    """
    found: list[Token] = []
    for match in _PIECES.finditer(text):
        piece, position = match.group(), match.start()
        if piece.isspace():
            continue
        if not THAI_LETTER.search(piece):
            found.append(Token(piece, position, match.end()))
            continue
        for cut in range(0, len(piece), CHUNK):
            for word in _segment(piece[cut : cut + CHUNK]):
                found.append(Token(word, position, position + len(word)))
                position += len(word)
    return found


@lru_cache(maxsize=1)
def dictionary() -> frozenset[str]:
    """Return PyThaiNLP's Thai word list."""
    from pythainlp.corpus import thai_words

    return frozenset(thai_words())


def cluster_bounds(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen a slice so that it never cuts a Thai character cluster, a decomposed sara am included."""
    joining = {*MARKS, SARA_AM, "\u0e45"}
    while 0 < start < len(text) and (text[start] in joining or (text[start] == SARA_AA and _am(text, start))):
        start -= 1
    while end < len(text) and (text[end] in joining or (text[end] == SARA_AA and _am(text, end))):
        end += 1
    return start, end


def _am(text: str, index: int) -> bool:
    before = text[max(0, index - 2) : index]
    return before.endswith(NIKHAHIT) or (before[:1] == NIKHAHIT and before[-1:] in TONES)


def thai_share(text: str) -> float:
    """Return which part of the letters of a text is Thai, 0 to 1."""
    letters = [c for c in text if c.isalpha()]
    return sum("\u0e01" <= c <= "\u0e4e" for c in letters) / len(letters) if letters else 0.0
