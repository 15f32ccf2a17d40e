"""What noun a question asks for ("which airline", โรงแรมไหน, "budget?") and so which kind of answer it wants.

The nouns are those of `prompts/heads.json`; a pattern of `prompts/cues.json` is the better judge where one fits.
"""

import json
import re
from dataclasses import dataclass
from functools import lru_cache

from assistant.errors import DataError
from assistant.records import Language
from assistant.settings import data_folder

Wanted = tuple[str, str]
LONGEST_PHRASE = 6  # words between "which" and its noun
TELEGRAPH = 5  # words of a question that is nothing but a noun
# Words that end the noun phrase after "which" or "what".
_ENDS = frozenset(
    [
        "did",
        "do",
        "does",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "will",
        "would",
        "can",
        "could",
        "shall",
        "should",
        "may",
        "might",
        "must",
        "has",
        "have",
        "had",
        "of",
        "in",
        "on",
        "at",
        "to",
        "for",
        "from",
        "with",
        "by",
        "as",
        "into",
        "about",
        "that",
        "who",
        "whom",
        "which",
        "what",
        "when",
        "where",
        "how",
        "and",
        "or",
        "than",
        "the",
        "a",
        "an",
        "he",
        "she",
        "it",
        "they",
        "we",
        "you",
        "i",
        "this",
        "these",
        "those",
        "there",
        "not",
        "per",
        "if",
        "during",
        "under",
    ]
)
_WH = re.compile(r"\b(?:which|what|wich|wat|whose)\b(?P<loose> (?:kind|type|sort)s? of)?")
_NAMED = re.compile(r"\bname (?:of|for) (?:the |a |an |this |that |their |its |his |her )?(?P<rest>.+)")
_TELL_NAME = re.compile(r"^(?:please |can you |could you )?(?:name|identify) (?:the |a )?(?P<rest>.+)")
_WHAT_IS = re.compile(
    r"\b(?:what|wat)(?: is| was| are| were|'s|s) (?:the |his |her |its |their |this |that )?(?P<rest>.+)"
)
_LEAD_IN = re.compile(r"^(?:and |so |ok(?:ay)?,? |also )?(?:the |their |its |his |her |full )*")
_PERSON_AFTER = re.compile(r"\bwho\b")


@dataclass(frozen=True, slots=True)
class Heads:
    """The nouns of `heads.json`, by language."""

    english: dict[str, Wanted]
    plurals: frozenset[str]
    askable: frozenset[str]
    verbs: frozenset[str]
    numbers: frozenset[str]
    thai: dict[str, Wanted]
    thai_asked: re.Pattern[str]
    thai_named: re.Pattern[str]


@lru_cache(maxsize=1)
def load() -> Heads:
    """Load the shipped nouns.

    Raises:
        DataError: the file is missing a table.
    """
    try:
        raw = json.loads((data_folder("prompts") / "heads.json").read_text(encoding="utf-8"))
        english, thai = (
            {word: _wanted(key) for key, words in raw[language].items() for word in words.split()}
            for language in ("en", "th")
        )
        longest = "|".join(re.escape(w) for w in sorted(thai, key=len, reverse=True))
        asking = "|".join(raw["th_asking"].split())
        classifier = "|".join(raw["th_classifier"].split())
        return Heads(
            english,
            frozenset(raw["en_plural"].split()),
            frozenset(raw["en_ask"].split()),
            frozenset(raw["en_verbs"].split()),
            frozenset(raw["en_numbers"].split()),
            thai,
            re.compile(rf"(?P<head>{longest})(?:{classifier})?(?:{asking})(?!่)"),
            re.compile(rf"^(?P<head>{longest})"),
        )
    except (OSError, KeyError, ValueError) as error:
        raise DataError("data_file", name="prompts/heads.json", reason=f"must hold its tables; {error}") from error


def _wanted(key: str) -> Wanted:
    kind, _, asks = key.partition("/")
    return kind, asks


def wanted(folded: str, language: Language) -> Wanted | None:
    """Return the kind and answer type that the noun asked for wants, None when no known noun is asked for."""
    return _english(folded) if language == "en" else _thai(folded)


def _english(folded: str) -> Wanted | None:
    heads = load()
    named = _NAMED.search(folded) or _TELL_NAME.search(folded)
    if named and "name of" not in folded and "name for" not in folded:
        phrase = _phrase(named["rest"])[0]
        return _head(phrase) if phrase and not _plural(_noun(phrase)) else None
    if named:
        if _PERSON_AFTER.search(named["rest"]):
            return "who", "person"
        found = _head(_phrase(named["rest"])[0])
        return found if found and found != ("where", "online") else ("what", "name")
    for match in _WH.finditer(folded):
        phrase, bounded = _phrase(folded[match.end() :])
        found = _asked(match.group(), phrase, bounded, folded[: match.start()], folded)
        if found is not None:
            return found
    asked = _WHAT_IS.search(folded)
    if asked:
        phrase = _phrase(asked["rest"])[0]
        if phrase and (noun := _singular(_noun(phrase))) in heads.askable:
            return heads.english.get(noun)
    return _telegraph(folded)


def _asked(asking: str, phrase: list[str], bounded: bool, before: str, folded: str) -> Wanted | None:
    """Return what "which" or "what" with the noun phrase after it asks for."""
    heads = load()
    if not phrase or asking == "whose":
        return None
    found = _head(phrase)
    if asking.endswith("s of"):
        return "list", "list"
    if asking.endswith(" of"):
        placed = re.search(r"\b(?:in|at|on|from|to) $", before) or re.search(r"\b(?:in|at|on|from|to)\W*$", folded)
        return found if placed else None
    if found and found[0] == "who" and not _plural(_noun(phrase)):
        return found
    noun = _noun(phrase) if found else phrase[-1] if bounded else phrase[0]
    several = phrase[0] in heads.numbers or _plural(phrase[0]) or ((bounded or "h" in asking[1:3]) and _plural(noun))
    if several and (found is None or found[0] not in ("when", "who") or phrase[0] in heads.numbers):
        return "list", "list"
    if several and found is not None and found[0] == "who":
        return found if found == ("who", "person") else ("list", "list")
    return found


def _telegraph(folded: str) -> Wanted | None:
    """Return what a question without a verb wants ("host?", "date of the fair?")."""
    if not folded.rstrip().endswith("?") and len(folded.split()) > 2:
        return None
    if any(w in _VERBS for w in re.findall(r"[a-z']+", folded)):
        return None
    rest = _LEAD_IN.sub("", folded.strip(" ?!."))
    words = rest.split()
    phrase, bounded = _phrase(rest)
    if (
        not phrase
        or (not bounded and len(words) > TELEGRAPH)
        or (bounded and {*words[len(phrase) : len(phrase) + 1]} - {*_OF})
    ):
        return None
    noun = _noun(phrase)
    return _head(phrase) if noun == phrase[-1] and not _plural(noun) else None


_VERBS = frozenset(
    ["is", "are", "was", "were", "did", "does", "do", "has", "have", "had", "will", "would", "can", "could", "should"]
)
_OF = frozenset(["of", "for", "in", "on", "at", "to", "from", "with", "by", "per"])


def _phrase(text: str) -> tuple[list[str], bool]:
    """Return the words of a noun phrase that starts a text, and whether a word that ends one follows it."""
    words: list[str] = []
    for word in re.findall(r"[a-z0-9'’&.-]+|[,;?!]", text):
        if word in _ENDS or (words and word in load().verbs):
            return words, True
        if word in load().verbs:
            return words, False
        if word in ",;?!" or len(words) >= LONGEST_PHRASE:
            break
        words.append(word.strip("."))
    return words, False


def _noun(phrase: list[str]) -> str:
    """Return the last of the first run of known nouns in a noun phrase, "" when it has none."""
    heads, found = load(), ""
    for word in phrase:
        if _singular(word) in heads.english:
            found = word
        elif found:
            break
    return found


def _head(phrase: list[str]) -> Wanted | None:
    noun = _noun(phrase)
    return load().english[_singular(noun)] if noun else None


def _singular(word: str) -> str:
    known = load().english
    for form in (word, word.removesuffix("s"), word.removesuffix("es"), re.sub("ies$", "y", word)):
        if form in known:
            return form
    return word.replace("men", "man") if word.endswith("men") else word


def _plural(word: str) -> bool:
    if word in load().plurals:
        return True
    return len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is", "'s"))


def _thai(folded: str) -> Wanted | None:
    heads = load()
    named = re.search(r"(?:มี)?ชื่อ(?:เต็ม|จริง|ทางการ|เป็นทางการ|ภาษา?อังกฤษ|อังกฤษ|ไทย)?(?:ว่า)?(?:อะไร|ไร(?!่)|อาราย)", folded)
    if named:
        subject = heads.thai_named.match(folded)
        return heads.thai[subject["head"]] if subject else ("who", "person")
    asked = heads.thai_asked.search(folded)
    return heads.thai[asked["head"]] if asked else None
