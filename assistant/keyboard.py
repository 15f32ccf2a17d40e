"""A question typed with the keyboard left in the other language ("dkixit=6," for การประชุม), put right."""

import re
from collections.abc import Callable

from assistant.thai import THAI_LETTER, dictionary, fold, tokens

MOSTLY = 0.8  # share of the letters that must be words once the layout is changed
SHORTEST = 4  # letters of a text that can be told


def put_right(text: str, known: Callable[[str], bool]) -> str:
    """Return a text as it reads on the other layout (Kedmanee or QWERTY) when it reads as nothing on its own.

    Args:
        text: what was typed, normalised.
        known: tells an English word from what is none.
    """
    from pythainlp.util import eng_to_thai, thai_to_eng

    if THAI_LETTER.search(text):
        if re.search("[A-Za-z]", text) or len(text) < SHORTEST or _thai_share(text) >= MOSTLY:
            return text
        other = str(thai_to_eng(text))
        return other if _english_share(other, known) >= MOSTLY else text
    letters = re.findall("[a-zA-Z]", text)
    if len(letters) < SHORTEST or _english_share(text, known) >= 1 - MOSTLY:
        return text
    other = str(eng_to_thai(text))
    return other if _thai_share(other) >= MOSTLY and THAI_LETTER.search(other) else text


def _english_share(text: str, known: Callable[[str], bool]) -> float:
    """Return which part of the letters of a text is in English words of two letters and more."""
    words = re.findall("[a-z']+", fold(text))
    whole = len(re.sub(r"[\s?.!0-9]", "", text))
    return sum(len(w) for w in words if len(w) > 1 and known(w)) / max(1, whole)


def _thai_share(text: str) -> float:
    """Return which part of the letters of a text is in Thai words of the dictionary of two letters and more."""
    found = tokens(text)
    whole = sum(len(t.text) for t in found if not t.text.isdigit() and t.text != "?")
    return sum(len(t.text) for t in found if len(t.text) > 1 and t.text in dictionary()) / max(1, whole)
