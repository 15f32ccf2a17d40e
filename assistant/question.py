"""From a question to what it asks: language, kind, answer type, content terms, numbers, list item."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from assistant import cues as cue_tables
from assistant import heads
from assistant.analysis import Vocabulary
from assistant.keyboard import put_right
from assistant.lexicon import Term, stem
from assistant.named import LONGEST_NAME, sounds_as_name
from assistant.names import LATIN_TITLES
from assistant.records import Language
from assistant.romanized import read_quoted, to_thai
from assistant.settings import MAX_QUESTION_CHARS
from assistant.slips import correct_thai
from assistant.spelling import correct_english, english_words
from assistant.thai import THAI_LETTER, fold, normalize, thai_share

_TITLE_CASE = re.compile(r"\b[A-ZĐ][\w'’-]+(?:\s+(?:de |of |the )?[A-ZĐ][\w'’-]+)*")


@dataclass(frozen=True, slots=True)
class Question:
    """A question understood. `kind` and `asks` name what is wanted (who/person, when/year, …).

    `told` is what an earlier question got for an answer, when this one asks for another ("and the other one?").
    """

    text: str
    language: Language
    clean: str
    kind: str
    asks: str
    terms: tuple[Term, ...]
    entities: frozenset[int] = frozenset()
    strangers: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    item: int = 0
    next_item: bool = False
    count_asked: int = 0
    negated: bool = False
    romanized: bool = False
    elliptic: bool = False
    pronouns: tuple[str, ...] = ()
    history: tuple[str, ...] = field(default=())
    told: str = ""


def detect_language(text: str) -> Language:
    """Return the language of a question: Thai when it has Thai letters and does not read as English."""
    share = thai_share(text)
    if share == 0.0:
        return "en"
    english = len(
        re.findall(
            r"\b(what|who|where|when|which|how|is|are|the|does|did|can|will|of|in|to|explain|ministry)\b",
            text.casefold(),
        )
    )
    return "en" if english >= 2 and share < 0.6 else "th"


MOST_TERMS, MOST_TIMES = (
    30,
    2,
)  # content words looked for, and of each; the longest of our questions has 11


def _bounded(terms: tuple[Term, ...]) -> tuple[Term, ...]:
    """Return the first content words, none of them over and over: the work grows with each."""
    times: dict[str, int] = {}
    kept = []
    for term in terms:
        times[term.text] = times.get(term.text, 0) + 1
        if times[term.text] <= MOST_TIMES:
            kept.append(term)
    return tuple(kept[:MOST_TERMS])


def understand(text: str, vocabulary: Vocabulary) -> Question:
    """Read a question against the words of an article."""
    clean = " ".join(normalize(text[:MAX_QUESTION_CHARS]).text.split())
    clean = put_right(clean, lambda w: w in english_words() or vocabulary.lexicon.knows_english(stem(w)))
    language = detect_language(clean)
    romanized = False
    if language == "en":
        thai = to_thai(clean, vocabulary)
        if thai:
            clean, language, romanized = thai, "th", True
    if language == "en":
        clean = read_quoted(clean, vocabulary)
    folded = fold(clean)
    cues = cue_tables.load()
    for wrong, right in cues.respell.items():
        folded = re.sub(wrong, right, folded)
    if language == "en":
        folded = correct_english(folded, vocabulary, clean)
    kind, asks = _kind(folded, language)
    if THAI_LETTER.search(folded):
        folded = correct_thai(folded, vocabulary)
    terms = (
        vocabulary.english_terms(folded)
        if language == "en" and not THAI_LETTER.search(folded)
        else vocabulary.thai_terms(folded)
    )
    if language == "en" and THAI_LETTER.search(folded):
        terms = _mixed(folded, vocabulary)
    item, next_item = _item(folded, language)
    content = tuple(
        t for t in _named_by_sound(terms, vocabulary) if _is_content(t, language) and not (item and _is_ordinal(t))
    )
    if kind == "who" and content and asks in ("person", "organisation"):
        kind, asks = _about_a_name(kind, asks, content, vocabulary, language)
    content = _bounded(content)
    entities = frozenset(int(k[2:]) for t in content for k, s in t.keys.items() if k.startswith("g:") and s >= 0.8)
    words = re.findall(r"[a-z']+", folded) if language == "en" else []
    pronouns = (
        tuple(w for w in words if w in cues.pronouns["en"])
        if language == "en"
        else tuple(p for p in cues.pronouns["th"] if p in folded)
    )
    return Question(
        text,
        language,
        folded,
        kind,
        asks,
        content,
        entities,
        (),
        tuple(re.findall(r"\d+(?:[.,]\d+)*", folded)),
        item,
        next_item,
        _count(folded, language),
        any(n in folded for n in cues.negations[language]),
        romanized,
        bool(cues.continuations[language].search(folded)),
        pronouns,
    )


def _kind(folded: str, language: Language) -> tuple[str, str]:
    squeezed = folded if language == "en" else re.sub(r"(?<=[ก-๙]) (?=[ก-๙])", "", folded)
    for kind, asks, pattern in cue_tables.load().kinds[language]:
        if kind == "heads":
            found = heads.wanted(squeezed, language)
            if found is not None:
                return found
        elif pattern.search(squeezed) or pattern.search(folded):
            return kind, asks
    return "what", "clause"


def _is_content(term: Term, language: Language) -> bool:
    stop = cue_tables.load().stop
    word = term.text.strip()
    if (
        not any(c.isalnum() for c in word)
        or word in stop["th"]
        or (term.parts == () and (word in stop["en"] or stem(word) in stop["en"]))
    ):
        return False
    if " " in word and all(w in stop["en"] for w in word.split()):
        return False
    if (
        term.parts
        and language == "th"
        and not any(k.startswith(("g:", "c:")) for k in term.keys)
        and all(
            any(k[2:] in stop["th"] for k, s in part.items() if k.startswith("t:") and s >= 1.0) for part in term.parts
        )
    ):
        return False
    return term.pos != "part" and not (len(word) == 1 and not word.isdigit())


def _about_a_name(
    kind: str, asks: str, content: tuple[Term, ...], vocabulary: Vocabulary, language: Language
) -> tuple[str, str]:
    """Return who/role for "who is X", what/definition for "what ministry is X"."""
    types = cue_tables.load().type_words["who"]
    rest = [t for t in content if t.text not in types and t.text not in LATIN_TITLES]
    named = [
        {vocabulary.entities[int(k[2:])].kind for k, s in t.keys.items() if k.startswith("g:") and s >= 0.8}
        for t in rest
    ]
    if rest and asks == "person" and all("person" in kinds for kinds in named):
        return "who", "role"
    if rest and asks == "organisation" and all(kinds & {"organisation", "abbreviation"} for kinds in named):
        return "what", "definition"
    return kind, asks


def _is_ordinal(term: Term) -> bool:
    cues = cue_tables.load()
    word = term.text.strip()
    return word in cues.ordinals_en or word in cues.numbers_en or word in cues.ordinals_th or word.isdigit()


def _mixed(folded: str, vocabulary: Vocabulary) -> list[Term]:
    terms: list[Term] = []
    for match in re.finditer(r"[^ก-๙]+|[ก-๙][ก-๙. ]*", folded):
        read = vocabulary.thai_terms if THAI_LETTER.search(match.group()) else vocabulary.english_terms
        terms.extend(replace(t, start=t.start + match.start(), end=t.end + match.start()) for t in read(match.group()))
    return terms


def _named_by_sound(terms: Sequence[Term], vocabulary: Vocabulary) -> list[Term]:
    """Give words that nobody knows the keys of the person or place whose name they sound like, joined or alone."""
    named: list[Term] = []
    index = 0
    while index < len(terms):
        size, term = next(
            (
                (size, found)
                for size in range(min(LONGEST_NAME, len(terms) - index), 0, -1)
                if (found := _sounding(terms[index : index + size], vocabulary)) is not None
            ),
            (1, terms[index]),
        )
        named.append(term)
        index += size
    return named


def _sounding(group: Sequence[Term], vocabulary: Vocabulary) -> Term | None:
    """Return a name written in one or more words as one term, None when it sounds like no name of the article."""
    known = ("g:", "c:") if len(group) == 1 else "g:"
    if any(k.startswith(known) for t in group for k in t.keys):
        return None
    if any(b.start - a.end > 1 for a, b in itertools.pairwise(group)):
        return None
    found, best = sounds_as_name([t.text for t in group], vocabulary)
    if found < 0:
        return None
    keys = {**group[0].keys, f"g:{found}": min(1.0, best + 0.1)}
    return replace(group[0], text=" ".join(t.text for t in group), end=group[-1].end, keys=keys)


def _item(folded: str, language: Language) -> tuple[int, bool]:
    """Return which list item a question names (0 none, -1 the last) and whether it asks for the next one."""
    cues = cue_tables.load()
    if language == "en":
        words = "|".join(sorted(cues.item_words["en"], key=len, reverse=True))
        ordinals = "|".join(cues.ordinals_en)
        match = re.search(
            rf"\b({ordinals})\b(?: [a-z']+){{0,2}}? ?({words})\b|\b({ordinals})(?: of (?:them|these|those))?\b\??$",
            folded,
        )
        if match:
            return cues.ordinals_en[match[1] or match[3]], False
        match = re.search(
            rf"\b({words})s? (?:number |no\.? ?|#)?(\d{{1,2}}|{'|'.join(cues.numbers_en)})\b(?! (?:{words}))", folded
        )
        if match and match[1] != "plan":
            return int(match[2]) if match[2].isdigit() else cues.numbers_en[match[2]], False
        return 0, bool(re.search(r"\b(one after|next one|next (point|item|part)|following one|after that)\b", folded))
    ordinals = "|".join(cues.ordinals_th)
    words = "|".join(sorted(cues.item_words["th"], key=len, reverse=True))
    match = re.search(
        rf"(?:{words})(?:ใน[ก-๙]+?|ที่|ข้อ|แผน)* ?(?:(?P<d>\d{{1,2}})|(?P<w>{ordinals}))"
        rf"(?! ?(?:{words}|อย่าง|ปี|คน|ประเทศ|เรื่อง))(?!\d)",
        folded,
    )
    if match:
        return int(match["d"]) if match["d"] else cues.ordinals_th[match["w"]], False
    return 0, bool(re.search(r"(ข้อ|อัน|ด้าน|ประเด็น)(ถัดไป|ต่อไป|ต่อมา)", folded))


def _count(folded: str, language: Language) -> int:
    cues = cue_tables.load()
    if language == "en":
        match = re.search(rf"\b(\d{{1,2}}|{'|'.join(cues.numbers_en)})\b", folded)
        return (int(match[1]) if match[1].isdigit() else cues.numbers_en[match[1]]) if match else 0
    match = re.search(
        rf"(?:ทั้ง|มี)? ?(\d{{1,2}}|{'|'.join(k for k, v in cues.ordinals_th.items() if v > 1)}) ?"
        rf"(?:ข้อ|ประเด็น|แผน|ด้าน|เรื่อง|แขวง|อย่าง)",
        folded,
    )
    return (int(match[1]) if match[1].isdigit() else cues.ordinals_th[match[1]]) if match else 0


_JOINTS = {
    "en": re.compile(
        r"(?:,| -|;|\?)? and (?=(?:at |in |for |from |on |by )?(?:who|what|where|when|which|how|why)\b)|\? +(?=[a-z])"
        r"|, (?=(?:who|where|when|how (?:many|much|long)|why)\b)"
    ),
    "th": re.compile(
        r" ?แล้ว(?=[ก-๙ ]*(?:กี่|ใคร|ที่ไหน|เมื่อ|วันไหน|เท่าไ|ทำไม))| ?และ(?=[ก-๙ ]*(?:กี่|ใคร|ที่ไหน|เมื่อ|อะไร|วันไหน|เท่าไ|ทำไม))"
        r"|กับ(?=[ก-๙]+กี่)| (?=(?:ที่ไหน|เมื่อไหร่|วันไหน|ทำไม|กี่โมง)(?: |$))|\? +"
    ),
}
MOST_PARTS = 3
_TYPED = ("who", "where", "when", "howmany", "why")
_LEANING = ("part_of_day", "month", "year", "date", "clock", "place")


def split_questions(question: Question, vocabulary: Vocabulary) -> list[Question]:
    """Return the questions asked in one, three at most, or just the one; only parts that ask by themselves count.

    A part that says little but what it asks ("… and where?") is about what the part next to it is about.
    """
    parts = [p.strip(" ?,") for p in _JOINTS[question.language].split(question.clean) if p and p.strip(" ?,")]
    if not 2 <= len(parts) <= MOST_PARTS or max(map(len, parts)) < 6:
        return [question]
    read = [replace(understand(p, vocabulary), language=question.language) for p in parts]
    if any(r.kind not in _TYPED for r in read) or not any(r.terms for r in read):
        return [question]
    for index, part in enumerate(read):
        lean = len(part.terms) < 2 and part.asks in _LEANING
        if not part.terms or (lean and index):
            other = next(r for r in (*read[:index][::-1], *read[index + 1 :]) if r.terms)
            read[index] = replace(part, terms=(*part.terms, *other.terms))
    return read
