"""Cleaning of Thai text, the same as the tokenizer's normalizer does."""

from __future__ import annotations

import re
import unicodedata

ZERO_WIDTH = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
THAI_DIGITS = "๐๑๒๓๔๕๖๗๘๙"
TONES = "\u0e48\u0e49\u0e4a\u0e4b"
HIGH_VOWELS = "\u0e31\u0e34\u0e35\u0e36\u0e37\u0e47"
THAI_RUN = "[\u0e01-\u0e3a\u0e40-\u0e4e]+"

REPLACEMENTS: tuple[tuple[str, str], ...] = (
    *((f"\u0e4d{tone}\u0e32", f"{tone}\u0e33") for tone in TONES),
    ("\u0e4d\u0e32", "\u0e33"),
    ("\u0e40\u0e40", "\u0e41"),
    *((f"{tone}{vowel}", f"{vowel}{tone}") for tone in TONES for vowel in HIGH_VOWELS),
    *((digit, str(value)) for value, digit in enumerate(THAI_DIGITS)),
)
"""Literal repairs, in this order: sara am, doubled sara e, mark order, Thai digits."""

_ZERO = re.compile(f"[{ZERO_WIDTH}]")
_MARKS = re.compile("[\u0300-\u036f]")


def clean_thai(text: str) -> str:
    """Return text as the tokenizer sees it: decomposed marks repaired, lower case.

    >>> clean_thai("น\u0e49\u0e4d\u0e32 ๒๕")
    'น\u0e49\u0e33 25'
    """
    text = _MARKS.sub("", unicodedata.normalize("NFKD", _ZERO.sub("", text).lower()))
    for old, new in REPLACEMENTS:
        text = text.replace(old, new)
    return " ".join(text.split())
