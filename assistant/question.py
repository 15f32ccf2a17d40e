"""From a question to what it asks: language, kind, answer type, content terms, numbers, list item."""

import re
from dataclasses import dataclass, field, replace

from rapidfuzz.distance import DamerauLevenshtein

from assistant import cues as cue_tables
from assistant.analysis import Vocabulary
from assistant.lexicon import Term, stem
from assistant.names import LATIN_TITLES, best_match, romanize
from assistant.records import Language
from assistant.romanized import to_thai
from assistant.settings import MAX_QUESTION_CHARS
from assistant.thai import THAI_LETTER, fold, normalize, thai_share

_TITLE_CASE = re.compile(r"\b[A-ZĐ][\w'’-]+(?:\s+(?:de |of |the )?[A-ZĐ][\w'’-]+)*")


@dataclass(frozen=True, slots=True)
class Question:
    """A question understood. `kind` and `asks` name what is wanted (who/person, when/year, …)."""

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


def detect_language(text: str) -> Language:
    """Return the language a question is asked in: Thai from a fifth of Thai letters on, if it does not read as English."""
    share = thai_share(text)
    if share == 0.0:
        return "en"
    english = len(re.findall(r"\b(what|who|where|when|which|how|is|are|the|does|did|can|will|of|in|to|explain|ministry)\b", text.casefold()))
    return "en" if english >= 2 and share < 0.6 else "th"


def understand(text: str, vocabulary: Vocabulary) -> Question:
    """Read a question against the words of an article."""
    clean = " ".join(normalize(text[:MAX_QUESTION_CHARS]).text.split())
    language = detect_language(clean)
    romanized = False
    if language == "en":
        thai = to_thai(clean, vocabulary)
        if thai:
            clean, language, romanized = thai, "th", True
    folded = fold(clean)
    cues = cue_tables.load()
    if language == "en":
        folded = _correct(folded, vocabulary)
    kind, asks = _kind(folded, language)
    terms = vocabulary.english_terms(folded) if language == "en" and not THAI_LETTER.search(folded) else vocabulary.thai_terms(folded)
    if language == "en" and THAI_LETTER.search(folded):
        terms = _mixed(folded, vocabulary)
    content = tuple(t for t in (_named_by_sound(t, vocabulary) for t in terms) if _is_content(t, language))
    entities = frozenset(int(k[2:]) for t in content for k, s in t.keys.items() if k.startswith("g:") and s >= 0.8)
    item, next_item = _item(folded, language)
    words = re.findall(r"[a-z']+", folded) if language == "en" else []
    pronouns = tuple(w for w in words if w in cues.pronouns["en"]) if language == "en" else tuple(
        p for p in cues.pronouns["th"] if p in folded)
    return Question(text, language, folded, kind, asks, content, entities, (), tuple(re.findall(r"\d+(?:[.,]\d+)*", folded)), item, next_item,
                    _count(folded, language), any(n in folded for n in cues.negations[language]), romanized,
                    bool(cues.continuations[language].search(folded)), pronouns)


def _kind(folded: str, language: Language) -> tuple[str, str]:
    squeezed = folded if language == "en" else re.sub(r"(?<=[ก-๙]) (?=[ก-๙])", "", folded)
    for kind, asks, pattern in cue_tables.load().kinds[language]:
        if pattern.search(squeezed) or pattern.search(folded):
            return kind, asks
    return "what", "clause"


def _is_content(term: Term, language: Language) -> bool:
    stop = cue_tables.load().stop
    word = term.text.strip()
    if not any(c.isalnum() for c in word) or word in stop["th"] or (term.parts == () and (word in stop["en"] or stem(word) in stop["en"])):
        return False
    return term.pos != "part" and not (len(word) == 1 and not word.isdigit())


def _mixed(folded: str, vocabulary: Vocabulary) -> list[Term]:
    terms: list[Term] = []
    for match in re.finditer(r"[^ก-๙]+|[ก-๙][ก-๙. ]*", folded):
        read = vocabulary.thai_terms if THAI_LETTER.search(match.group()) else vocabulary.english_terms
        terms.extend(replace(t, start=t.start + match.start(), end=t.end + match.start()) for t in read(match.group()))
    return terms


def _named_by_sound(term: Term, vocabulary: Vocabulary) -> Term:
    """Give a Latin word the keys of the person or place whose name it sounds like."""
    word = term.text
    if (not re.fullmatch(r"[a-z' -]{4,}", word) or any(k.startswith(("g:", "c:")) for k in term.keys)
            or vocabulary.lexicon.knows_english(stem(word)) or word in LATIN_TITLES):
        return term
    best, found = 0.0, -1
    for index, entity in enumerate(vocabulary.entities):
        if entity.kind not in ("person", "place"):
            continue
        spellings = [part for form in entity.english for part in (form, *form.split())]
        spellings += [part for form in entity.thai[:1] for part in romanize(form).split()]
        score = best_match(word, spellings)
        if score > best:
            best, found = score, index
    from assistant.names import SAME_NAME

    return replace(term, keys={**term.keys, f"g:{found}": min(1.0, best + 0.1)}) if best >= SAME_NAME else term


def _correct(folded: str, vocabulary: Vocabulary) -> str:
    """Repair misspelt English words that are one or two slips from a word of the article or of questions."""
    known = _known_words(vocabulary)
    pieces = re.split(r"([^a-z']+)", folded)
    for index, word in enumerate(pieces):
        if len(word) < 3 or not word.isalpha() or word in known or stem(word) in known:
            continue
        pieces[index] = _nearest(word, known) or word
    return "".join(pieces)


_QUESTION_WORDS = ("who what where when which why how many much does did was were will name date year month city country ministry host hosted "
                   "hosting meeting next give gave plan phase the dinner money number between people about party official minister deputy "
                   "ambassador there their with from this that what's who's whose hotline infections forest flood fires wading reporting").split()


def _known_words(vocabulary: Vocabulary) -> frozenset[str]:
    cached = _KNOWN.get(id(vocabulary))
    if cached is None:
        words = {w for phrase in vocabulary.english_forms for w in phrase} | {w for phrase in vocabulary.lexicon.english for w in phrase}
        words |= {w for entity in vocabulary.entities for form in entity.english for w in fold(form).split()}
        stop = cue_tables.load().stop["en"]
        cached = _KNOWN[id(vocabulary)] = frozenset(words | set(stop) | set(_QUESTION_WORDS) | LATIN_TITLES)
    return cached


_KNOWN: dict[int, frozenset[str]] = {}


def _nearest(word: str, known: frozenset[str]) -> str:
    limit = 1 if len(word) < 6 else 2
    best, choice = limit + 1, ""
    for other in (*_QUESTION_WORDS, *sorted(known)):
        if abs(len(other) - len(word)) > limit or not other.isalpha() or len(other) < 3:
            continue
        distance = DamerauLevenshtein.distance(word, other, score_cutoff=limit)
        if distance < best and (other[0] == word[0] or distance == 1):
            best, choice = distance, other
    return choice if best <= limit else ""


def _item(folded: str, language: Language) -> tuple[int, bool]:
    """Return which list item a question names (0 none, -1 the last) and whether it asks for the next one."""
    cues = cue_tables.load()
    if language == "en":
        words = "|".join(sorted(cues.item_words["en"], key=len, reverse=True))
        ordinals = "|".join(cues.ordinals_en)
        match = re.search(rf"\b({ordinals})\b(?: [a-z']+){{0,2}}? ?({words})\b|\b({ordinals})(?: of (?:them|these|those))?\b\??$", folded)
        if match:
            return cues.ordinals_en[match[1] or match[3]], False
        match = re.search(rf"\b({words})s? (?:number |no\.? ?|#)?(\d{{1,2}}|{'|'.join(cues.numbers_en)})\b(?! (?:{words}))", folded)
        if match and match[1] != "plan":
            return int(match[2]) if match[2].isdigit() else cues.numbers_en[match[2]], False
        return 0, bool(re.search(r"\b(one after|next one|next (point|item|part)|following one|after that)\b", folded))
    ordinals = "|".join(cues.ordinals_th)
    words = "|".join(sorted(cues.item_words["th"], key=len, reverse=True))
    match = re.search(rf"(?:{words})(?:ใน[ก-๙]+?|ที่|ข้อ|แผน)* ?(?:(?P<d>\d{{1,2}})|(?P<w>{ordinals}))(?! ?(?:{words}|อย่าง|ปี|คน|ประเทศ|เรื่อง))(?!\d)", folded)
    if match:
        return int(match["d"]) if match["d"] else cues.ordinals_th[match["w"]], False
    return 0, bool(re.search(r"(ข้อ|อัน|ด้าน|ประเด็น)(ถัดไป|ต่อไป|ต่อมา)", folded))


def _count(folded: str, language: Language) -> int:
    cues = cue_tables.load()
    if language == "en":
        match = re.search(rf"\b(\d{{1,2}}|{'|'.join(cues.numbers_en)})\b", folded)
        return (int(match[1]) if match[1].isdigit() else cues.numbers_en[match[1]]) if match else 0
    match = re.search(rf"(?:ทั้ง|มี)? ?(\d{{1,2}}|{'|'.join(k for k, v in cues.ordinals_th.items() if v > 1)}) ?(?:ข้อ|ประเด็น|แผน|ด้าน|เรื่อง|แขวง|อย่าง)", folded)
    return (int(match[1]) if match[1].isdigit() else cues.ordinals_th[match[1]]) if match else 0
