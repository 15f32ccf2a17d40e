"""Thai typed in Latin letters ("prachum thi nai khrap") read back into Thai script."""

import re
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from assistant import artefacts
from assistant.analysis import Vocabulary
from assistant.errors import DataError
from assistant.lexicon import DATA, stem
from assistant.named import SURELY, named_by, sounds_as_name
from assistant.names import SAME_NAME, similarity
from assistant.thai import fold

MOSTLY = 0.6  # share of words that must read as romanised Thai
SAME_WORD = 0.8  # similarity from which a word counts as one of the table, spelt otherwise
LONGEST = 4  # words in one entry of the table
_ENGLISH = frozenset(
    [
        "the",
        "is",
        "are",
        "was",
        "were",
        "of",
        "in",
        "to",
        "and",
        "what",
        "who",
        "where",
        "when",
        "which",
        "why",
        "how",
        "does",
        "did",
        "do",
        "can",
        "will",
        "about",
        "this",
        "that",
        "for",
        "on",
        "at",
        "by",
        "from",
        "with",
        "name",
        "meeting",
        "plan",
        "host",
        "date",
        "many",
        "much",
        "not",
        "next",
        "your",
        "you",
        "me",
    ]
)


@lru_cache(maxsize=1)
def _table() -> tuple[dict[str, str], dict[str, str]]:
    """Return the readings of the table by their spelling, and by what informal spellings have in common."""
    table: dict[str, str] = {}
    keys: dict[str, str] = {}
    for number, line in enumerate(artefacts.read(DATA / "romanized.tsv").decode().splitlines(), 1):
        latin, _, thai = line.partition("\t")
        if not thai:
            raise DataError("data_file", name=f"romanized.tsv:{number}", reason="must have 2 columns")
        if latin.startswith("#"):
            continue
        table.setdefault(latin, thai)
        keys.setdefault(key_of(latin), thai)
    return table, keys


_SAME = tuple(
    (re.compile(old), new)
    for old, new in (
        ("[^a-z]", ""),
        ("ph|bp", "p"),
        ("kh", "k"),
        ("th|dt", "t"),
        ("tch|ch", "j"),
        ("aa+|ar(?![aeiou])", "a"),
        ("ee|ii", "i"),
        ("oo|uu", "u"),
        ("aw|or(?![aeiou])|au", "o"),
        ("er(?![aeiou])|oe|ur(?![aeiou])", "e"),
        ("ue|eu", "u"),
        ("ay(?![aeiou])|y(?=$)", "ai"),
        ("ow(?![aeiou])", "ao"),
        ("w$", "o"),
        ("d$", "t"),
        ("b$", "p"),
        ("g(?=$|[^aeiou])(?<!ng)", "k"),
        ("^g", "k"),
        ("r", "l"),
        ("(?<=[^aeiou])h", ""),
        (r"(.)\1+", r"\1"),
    )
)


@lru_cache(maxsize=16384)
def key_of(latin: str) -> str:
    """Return a spelling without what informal romanisation leaves open: kh or k, ee or i, r or l, jao or chao."""
    for old, new in _SAME:
        latin = old.sub(new, latin)
    return latin


def to_thai(text: str, vocabulary: Vocabulary) -> str:
    """Return the Thai reading of a question typed in Latin letters, "" when it is not one."""
    words = re.findall(r"[a-z']+|\d+|[^a-z\d\s]+", fold(text))
    letters = [w for w in words if w.isascii() and w.isalpha()]
    if len(letters) < 2 or sum(w in _ENGLISH for w in letters) >= max(1, len(letters) // 4):
        return ""
    thai: list[str] = []
    known = sure = 0
    index = 0
    while index < len(words):
        size, reading = _read(words, index, vocabulary)
        thai.append(reading or words[index])
        if reading:
            known += size
            sure += sum(not vocabulary.lexicon.knows_english(stem(w)) for w in words[index : index + size])
        index += size
    if known < MOSTLY * len(letters) or sure < 1 + len(letters) // 4:
        return ""
    return re.sub(r"(?<=[ก-๙])(?=[a-z])|(?<=[a-z])(?=[ก-๙])", " ", "".join(thai))


def _read(words: list[str], index: int, vocabulary: Vocabulary) -> tuple[int, str]:
    table, keys = _table()
    for size in range(min(LONGEST, len(words) - index), 0, -1):
        group = words[index : index + size]
        found = table.get(" ".join(group)) or (table.get("".join(group)) if size > 1 else None)
        if found:
            return size, found
        joined = "".join(group)
        if (
            size > 1
            and group[0] not in table
            and joined.isalpha()
            and len(key_of(joined)) > LONGEST
            and key_of(joined) in keys
        ):
            return size, keys[key_of(joined)]
        plain = any(w in table or key_of(w) in keys for w in group)
        if size > 1 and len(joined) >= 7 and not plain and (who := sounds_as_name(group, vocabulary)[0]) >= 0:
            return size, vocabulary.entities[who].thai[0]
    word = words[index]
    if not (word.isascii() and word.isalpha()) or len(word) < 2:
        return 1, ""
    if len(word) >= 4:
        named, best = named_by(word, vocabulary)
        if best >= (SURELY if key_of(word) in keys else SAME_NAME):
            return 1, vocabulary.entities[named].thai[-1]
    if found := keys.get(key_of(word)):
        return 1, found
    best, reading = 0.0, ""
    for latin, thai in table.items():
        if (
            len(word) >= 4
            and abs(len(word) - len(latin)) <= 2
            and len(latin) >= 4
            and key_of(latin)[:1] == key_of(word)[:1]
        ):
            # Half by letters: short words differ by a vowel alone, which sounds hardly weigh.
            letters = Levenshtein.normalized_similarity(word, latin)
            if letters >= 2 * SAME_WORD - 1 and (score := (similarity(word, latin) + letters) / 2) > best:
                best, reading = score, thai
    return 1, reading if best >= SAME_WORD else ""


def read_quoted(text: str, vocabulary: Vocabulary) -> str:
    """Return an English question with the romanised Thai it quotes ('ton thang') put into Thai script."""

    def thai(match: re.Match[str]) -> str:
        words = match[1].lower().split()
        found: list[str] = []
        index = 0
        while index < len(words):
            size, reading = _read(words, index, vocabulary)
            if not reading:
                return match.group()
            found.append(reading)
            index += size
        return " " + "".join(found) + " " if found else match.group()

    return re.sub(r"['\"‘’“”]([a-zA-Z][a-zA-Z ]{3,48})['\"‘’“”]", thai, text)
