"""Names: titles that announce a person, romanisation, and matching by sound across scripts.

A Latin spelling matches a Thai name when their sounds agree: PyThaiNLP's thai2rom gives one
romanisation, both sides are reduced to a consonant skeleton (after Philips, 1990), and the two
are compared by edit similarity (rapidfuzz, Levenshtein).
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from assistant.thai import THAI_LETTER, fold

PERSON_TITLES = (
    "พระบาทสมเด็จ",
    "สมเด็จ",
    "หม่อมหลวง",
    "หม่อมราชวงศ์",
    "หม่อมเจ้า",
    "ม.ล.",
    "ม.ร.ว.",
    "ม.จ.",
    "คุณหญิง",
    "ท่านผู้หญิง",
    "ท่าน",
    "พล.ต.อ.",
    "พล.ต.ท.",
    "พล.ต.ต.",
    "พ.ต.อ.",
    "พ.ต.ท.",
    "พ.ต.ต.",
    "ร.ต.อ.",
    "ร.ต.ท.",
    "ร.ต.ต.",
    "ด.ต.",
    "จ.ส.ต.",
    "ส.ต.อ.",
    "พล.อ.อ.",
    "พล.อ.ท.",
    "พล.อ.ต.",
    "พล.ร.อ.",
    "พล.ร.ท.",
    "พล.ร.ต.",
    "พล.อ.",
    "พล.ท.",
    "พล.ต.",
    "พ.อ.",
    "พ.ท.",
    "พ.ต.",
    "น.อ.",
    "น.ท.",
    "น.ต.",
    "ร.อ.",
    "ร.ท.",
    "ร.ต.",
    "จ.ส.อ.",
    "ส.อ.",
    "ว่าที่ร้อยตรี",
    "ว่าที่ ร.ต.",
    "พลเอก",
    "พลโท",
    "พลตรี",
    "พันเอก",
    "พันโท",
    "พันตรี",
    "ร้อยเอก",
    "ร้อยโท",
    "ร้อยตรี",
    "พลตำรวจเอก",
    "พลตำรวจโท",
    "พลตำรวจตรี",
    "ดร.",
    "ศ.ดร.",
    "รศ.ดร.",
    "ผศ.ดร.",
    "ศาสตราจารย์",
    "รองศาสตราจารย์",
    "ผู้ช่วยศาสตราจารย์",
    "ศ.",
    "รศ.",
    "ผศ.",
    "นพ.",
    "พญ.",
    "นายแพทย์",
    "แพทย์หญิง",
    "ทพ.",
    "ทพญ.",
    "ภก.",
    "ภญ.",
    "สพ.ญ.",
    "น.สพ.",
    "นางสาว",
    "น.ส.",
    "นาง",
    "นาย",
    "ด.ช.",
    "ด.ญ.",
    "เด็กชาย",
    "เด็กหญิง",
    "พระครู",
    "หลวงพ่อ",
    "มิสเตอร์",
)
FEMALE_TITLES = (
    "นาง",
    "นางสาว",
    "น.ส.",
    "คุณหญิง",
    "ท่านผู้หญิง",
    "พญ.",
    "แพทย์หญิง",
    "ด.ญ.",
    "เด็กหญิง",
    "ทพญ.",
    "ภญ.",
    "ป้า",
    "ยาย",
)
MALE_TITLES = ("นาย", "ด.ช.", "เด็กชาย", "นพ.", "นายแพทย์", "พระครู", "หลวงพ่อ", "ลุง", "ตา")
LATIN_TITLES = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "miss",
        "dr",
        "prof",
        "khun",
        "madam",
        "madame",
        "sir",
        "gen",
        "general",
        "col",
        "colonel",
        "lt",
        "capt",
        "pol",
    ]
)
SAME_NAME = 0.78  # similarity from which two spellings count as one name; measured on tests/questions/names

_FOLDS = (
    ("ph", "p"),
    ("th", "t"),
    ("kh", "k"),
    ("ch", "c"),
    ("sh", "s"),
    ("gh", "k"),
    ("ck", "k"),
    ("j", "c"),
    ("v", "w"),
    ("b", "p"),
    ("d", "t"),
    ("g", "k"),
    ("z", "s"),
    ("q", "k"),
    ("x", "s"),
    ("l", "r"),
    ("ae", "e"),
    ("ai", "y"),
    ("ay", "y"),
    ("ei", "y"),
    ("ee", "i"),
    ("ii", "i"),
    ("oo", "u"),
    ("ou", "u"),
    ("aw", "o"),
    ("or", "o"),
)


@lru_cache(maxsize=16384)
def romanize(name: str) -> str:
    """Return a Latin spelling of a Thai name, each word capitalised (thai2rom; digits and Latin kept)."""
    from pythainlp.transliterate import romanize as thai2rom

    parts: list[str] = []
    for word in name.split():
        letters = re.sub("[^\u0e01-\u0e4e]", "", word)[:40]
        if not THAI_LETTER.search(letters):
            parts.append(word)
            continue
        latin = thai2rom(letters, engine="thai2rom_onnx")
        parts.append(re.sub(r"[^a-zA-Z]", "", latin).capitalize())
    return " ".join(p for p in parts if p)


@lru_cache(maxsize=16384)
def skeleton(latin: str) -> str:
    """Return the consonants of a Latin spelling with the letters that sound alike in Thai made one."""
    word = re.sub(r"[^a-z]", "", fold(latin))
    for old, new in _FOLDS[:16]:
        word = word.replace(old, new)
    bones = re.sub(r"[aeiouyhw]", "", word[1:])
    return re.sub(r"(.)\1+", r"\1", word[:1] + bones)


def similarity(one: str, other: str) -> float:
    """Return how alike two Latin spellings of a name sound, 0 to 1."""
    a, b = (re.sub(r"[^a-z]", "", fold(x)) for x in (one, other))
    if not a or not b:
        return 0.0
    if a == b:
        return 1.0
    for old, new in _FOLDS:
        a, b = a.replace(old, new), b.replace(old, new)
    letters = Levenshtein.normalized_similarity(a, b)
    bones = Levenshtein.normalized_similarity(skeleton(one), skeleton(other))
    return 0.55 * letters + 0.45 * bones


def best_match(latin: str, spellings: Iterable[str]) -> float:
    """Return the best similarity of a Latin name with any of some spellings."""
    return max((similarity(latin, s) for s in spellings), default=0.0)
