"""A Thai name read letter by letter into Latin letters, as it is said: no model and no dictionary.

The letters have the values of the Royal Thai General System of Transcription (Royal Institute, 1999). Silent
letters, which the mark ◌์ (การันต์) shows, are left out, and so are tones and most vowels that are not written:
`sounds.alike` hardly minds a missing vowel, and where one belongs cannot be told without a dictionary.
"""

import re
from functools import lru_cache

from assistant.thai import fold

_VALUES = {
    **{"ก": "k", "ข": "kh", "ฃ": "kh", "ค": "kh", "ฅ": "kh", "ฆ": "kh", "ง": "ng", "จ": "ch", "ฉ": "ch", "ช": "ch"},
    **{"ซ": "s", "ฌ": "ch", "ญ": "n", "ฎ": "d", "ฏ": "t", "ฐ": "th", "ฑ": "th", "ฒ": "th", "ณ": "n", "ด": "d"},
    **{"ต": "t", "ถ": "th", "ท": "th", "ธ": "th", "น": "n", "บ": "b", "ป": "p", "ผ": "ph", "ฝ": "f", "พ": "ph"},
    **{"ฟ": "f", "ภ": "ph", "ม": "m", "ย": "y", "ร": "r", "ล": "l", "ว": "w", "ศ": "s", "ษ": "s", "ส": "s"},
    **{"ห": "h", "ฬ": "l", "ฮ": "h"},
}
_C = "[ก-ฮ]"
_SILENT = re.compile("(?<=[ก-ฮ])[ทตดษฎ][รณน]์|[ก-ฮ][ิีุู]?์")
_TONES = re.compile("[็่้๊๋ํฺ๎]")
_LED = "(?:ห(?=[งญนมยรลว][ก-ฮะ-ู])|อ(?=ย))?"  # a letter that only lends its tone to the next
_ONSET = f"{_LED}({_C}(?:[รลว](?=[ก-ฮะ-ู]))?)"
_RULES = tuple(
    (re.compile(old), new)
    for old, new in (
        ("รร(?=[ก-ฮ])", "ั"),
        ("รร", "ัน"),
        ("ฤๅ?", "ริ"),
        (f"[ใไ](?:ห(?=[งญนมยรลว]))?({_C}[รลว]?)(?:ย(?![ะ-ู]))?", r"\1{ai}"),
        (f"เ{_ONSET}ียะ?", r"\1{ia}"),
        (f"เ{_ONSET}ือะ?", r"\1{uea}"),
        (f"เ{_ONSET}อะ?", r"\1{oe}"),
        (f"เ{_ONSET}ิ", r"\1{oe}"),
        (f"เ{_ONSET}าะ", r"\1{o}"),
        (f"เ{_ONSET}า", r"\1{ao}"),
        (f"เ{_ONSET}ย(?![ะ-ู])", r"\1{oei}"),
        (f"เ{_ONSET}ะ?", r"\1{e}"),
        (f"แ{_ONSET}ะ?", r"\1{ae}"),
        (f"โ{_ONSET}ะ?", r"\1{o}"),
        ("ัวะ?", "{ua}"),
        ("ัย", "{ai}"),
        ("^ห(?=[งญนมยรลว])|^อ(?=ย[ะ-ู])", ""),
        ("ำ", "{am}"),
        ("[ัะา]", "{a}"),
        ("[ิี]", "{i}"),
        ("[ึื]อ?", "{ue}"),
        ("[ุู]", "{u}"),
        (f"(?<={_C})ว(?={_C}(?!{{))", "{ua}"),
        (f"(?<=[ก-นบผ-ฮ])ร(?={_C}{{|$)", "{o}น"),  # พรชัย, กร: an r that is said as "on"
        (f"}}ร(?={_C})", "}ร{a}"),  # วีรชัย
        (f"(?<={_C})อ(?!{{)", "{o}"),
        (f"^อ(?={_C})", "{a}"),
        (f"(?:^|(?<={_C}))({_C})({_C})$", r"\1{o}\2"),  # คน: the vowel that is said but not written
        ("ญ(?={)", "ย"),
    )
)


@lru_cache(maxsize=16384)
def spell(name: str) -> str:
    """Return the Latin letters of a Thai name as it is said, spaces left out; "" when it has no letter."""
    return "".join(_word(word) for word in fold(name).split())


def _word(word: str) -> str:
    word = _TONES.sub("", _SILENT.sub("", word))
    for old, new in _RULES:
        word = old.sub(new, word)
    return "".join(_VALUES.get(c, c if "a" <= c <= "z" else "") for c in word)
