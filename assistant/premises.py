"""What a question takes for granted: names, phases and times that the article may not have."""

import re

import numpy as np

from assistant import cues, gazetteer
from assistant.analysis import split_word
from assistant.evidence import GROUNDED, Evidence, Finding, english_terms_bag
from assistant.lexicon import Keys, Lexicon, Term, match
from assistant.named import is_known
from assistant.names import LATIN_TITLES
from assistant.thai import clean, fold, tokens

_ADDRESS = re.compile(r"\b(?:https?|file|ftp)://\S+")
CODE_SIGNS, CODE_SHARE = 3, 0.1  # signs of code, and their share of a question, from which it is taken for code


def in_sentence(found: Evidence, index: int) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """Return how strongly each term stands anywhere in the sentence of a clause."""
    sentence = found.clause(index).sentence
    inside = [c.index for c in found.analysis.article.clauses if c.sentence == sentence]
    return np.asarray(found.field.strength[:, inside].max(axis=1))


_COUNTED = re.compile(
    r"(?P<noun>phase|round|stage|meeting no\.?|ระยะ|ครั้ง|รอบ|เฟส)\s?(?:ที่|no\.?|number)?\s?"
    r"(?P<n>\d{1,2}|one|two|three|four|five|six|แรก)(?![a-z\d])"
    r"|(?P<o>first|second|third|fourth|fifth|sixth)[ -](?P<noun2>phase|stage|round)|phase (?P<roman>iii|ii|iv|i|v)\b"
)


_WORDS = {
    "one": "1",
    "two": "2",
    "three": "3",
    "four": "4",
    "five": "5",
    "six": "6",
    "first": "1",
    "second": "2",
    "third": "3",
    "fourth": "4",
    "fifth": "5",
    "sixth": "6",
    "แรก": "1",
    "i": "1",
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "v": "5",
}


_NOUNS = {"phase": "ระยะ", "stage": "ระยะ", "เฟส": "ระยะ", "round": "ครั้ง", "รอบ": "ครั้ง"}


def numbered(text: str) -> set[tuple[str, str]]:
    """Return (what is numbered, its number) for every phase or round a text numbers."""
    found = set()
    for match_ in _COUNTED.finditer(text):
        noun = match_["noun"] or match_["noun2"] or "phase"
        number = match_["n"] or match_["o"] or match_["roman"]
        found.add((_NOUNS.get(noun, noun), _WORDS.get(number, number)))
    return found


def unknown_numbers(found: Evidence) -> list[str]:
    """Return the phases or rounds a question numbers that the article numbers otherwise."""
    memo = found.analysis.memo
    if "numbered" not in memo:
        memo["numbered"] = numbered(clean(found.analysis.article.text))
    told: set[tuple[str, str]] = memo["numbered"]
    nouns = {noun for noun, _ in told}
    return [
        m.group().strip()
        for m in _COUNTED.finditer(found.question.clean)
        for noun, number in numbered(m.group())
        if noun in nouns and (noun, number) not in told
    ]


CONSTRAINTS = ("c:n_next", "c:n_previous")


def misses_constraint(found: Evidence, finding: Finding) -> bool:
    """True when a question is about the next or the previous time, and the evidence is about another time."""
    if finding.clause < 0 or found.question.next_item or finding.item[1]:
        return False
    here = in_sentence(found, finding.clause)
    return any(
        any(c in t.keys for c in CONSTRAINTS) and g >= GROUNDED and h < GROUNDED
        for t, g, h in zip(found.field.terms, found.field.grounded(), here, strict=True)
    )


def unasked_time(found: Evidence, clause: int) -> bool:
    """True when a clause tells of the next or the previous time, and the question does not ask for it."""
    keys = found.analysis.clause_keys[clause]
    asked = {k for t in found.field.terms for k in t.keys}
    return any(keys.get(c, 0.0) >= GROUNDED and c not in asked for c in CONSTRAINTS)


def name_kind(found: Evidence, term: Term) -> str:
    """Return what a word names (person, place, organisation …), "" when it is no name."""
    for key in term.keys:
        if key.startswith("g:"):
            return found.analysis.vocabulary.entities[int(key[2:])].kind
    word = term.text.strip()
    if word in gazetteer.places() or found.analysis.vocabulary.lexicon.pos(word) == "name":
        return "place"
    if any(key.startswith("e:") and key[2:] in _names_en(found) for key, s in term.keys.items() if s >= 0.99):
        return "place"
    return ""


_NAMES: dict[int, frozenset[str]] = {}


def _names_en(found: Evidence) -> frozenset[str]:
    """Return the English stems of the names of places that the lexicon and the gazetteer know."""
    from assistant.lexicon import stems

    lexicon = found.analysis.vocabulary.lexicon
    if id(lexicon) not in _NAMES:
        glosses = [g for e in lexicon.thai.values() if e.pos == "name" for g in e.glosses if g[:1].isupper()]
        words = {" ".join(stems(g)) for g in glosses}
        words |= {" ".join(stems(english)) for english, _ in gazetteer.places().values() if english}
        _NAMES[id(lexicon)] = frozenset(w for w in words if len(w) > 2)
    return _NAMES[id(lexicon)]


def strangers(found: Evidence) -> list[str]:
    """Return the names of places and people in a question that the article never mentions."""
    unknown: list[str] = []
    grounded, home = found.field.grounded(), cues.load().home
    for term, strength in zip(found.field.terms, grounded, strict=True):
        if strength < GROUNDED and term.text not in home and name_kind(found, term) == "place":
            unknown.append(_written(found, term))
    for match_ in _CAPITALS.finditer(found.question.text):
        words = match_.group().split()
        bag: Keys = english_terms_bag(found.analysis, match_.group())
        held = any(match(bag, keys) >= GROUNDED for keys in found.analysis.clause_keys)
        if (
            not held
            and not any(found.analysis.vocabulary.lexicon.knows_english(_stem(w)) for w in words)
            and not is_known(match_.group(), found.analysis.vocabulary)
        ):
            unknown.append(match_.group())
    unknown += [name for name in _titled(found) if not any(name in u for u in unknown)]
    return list(dict.fromkeys(unknown))


_CAPITALS = re.compile(r"(?<![.!?] )(?<!^)\b[A-ZĐ][a-zà-ỹ]{3,}(?: [A-ZĐ][a-zà-ỹ]{2,})*")
_LATIN_TITLED = re.compile(
    rf"(?i:\b(?:{'|'.join(sorted(LATIN_TITLES))})\.?) "
    r"((?:[a-z]{4,}|[A-ZĐ][a-zà-ỹ]{2,}(?: [A-ZĐ][a-zà-ỹ]{2,})*))\b"
)
_THAI_TITLED = re.compile(r"(?:นางสาว|นาย|นาง|น\.ส\.|คุณ|ดร\.) ?([ก-ฮเ-ไ][ก-์]{2,})")


def _titled(found: Evidence) -> list[str]:
    """Return the names that follow a title, small letters or not, and that sound like none of the article's."""
    vocabulary = found.analysis.vocabulary
    names = [
        m[1]
        for m in _LATIN_TITLED.finditer(found.question.text)
        if fold(m[1]) in found.question.clean  # as the reader wrote it: no slip that was mended
        and not any(vocabulary.lexicon.knows_english(_stem(w)) for w in m[1].split())
    ]
    names += [n for m in _THAI_TITLED.finditer(found.question.clean) if (n := _thai_name(found, m))]
    told = clean(found.analysis.article.text)
    return [n for n in names if n not in told and not is_known(n, vocabulary)]


def _thai_name(found: Evidence, titled: "re.Match[str]") -> str:
    """Return the name after a title, without the words written close to it; "" when what follows is no name."""
    lexicon = found.analysis.vocabulary.lexicon
    title = titled.group()[: titled.start(1) - titled.start()].strip()
    words = tokens(titled[1])
    apart = any(t.start == titled.start() and t.text == title for t in tokens(found.question.clean))
    if not apart and "." not in title:
        return ""  # the title is only the beginning of a word, as in นายก
    end = next((w.start for w in words[1:] if w.start >= 3 and _goes_on(w.text, lexicon)), words[-1].end)
    name = titled[1][:end]
    known = len([w for w in words if w.end <= end]) == 1 and lexicon.pos(name) not in ("", "name")
    return "" if known else name


def _goes_on(word: str, lexicon: Lexicon) -> bool:
    """True when a word after a name is no part of it: what its bearer does, or asks for."""
    acts = lexicon.pos(word) in ("v", "part", "adv", "prep", "conj") or word in lexicon.concepts_th
    return acts or word in cues.load().stop["th"] or lexicon.pos((split_word(word, lexicon) or ("",))[0]) == "v"


def _stem(word: str) -> str:
    from assistant.lexicon import stem

    return stem(fold(word))


def _written(found: Evidence, term: Term) -> str:
    """Return a term as the reader wrote it."""
    at = fold(found.question.text).find(term.text)
    return (
        found.question.text[at : at + len(term.text)]
        if at >= 0 and len(fold(found.question.text)) == len(found.question.text)
        else term.text
    )


def is_code(text: str) -> bool:
    """True for addresses, markup, formats, paths and the like: many signs that no sentence has."""
    if sum(len(address) for address in _ADDRESS.findall(text)) > len(text) / 2:
        return True
    signs = sum(c in "<>{}[]\\$%^*_=|;~`" for c in text)
    return signs >= CODE_SIGNS and signs >= CODE_SHARE * len(text)
