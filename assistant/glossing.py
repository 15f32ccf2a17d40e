"""A word-by-word English gloss of a Thai text: a crutch for readers, shown as such, never a translation.

Dates and numbers are put in English, counted things get their number in front, senses are chosen by the words around
them, names are romanised, particles and empty classifiers go. Word order is otherwise the Thai one.
"""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from assistant import fallback, senses
from assistant.dates import When, find_dates
from assistant.lexicon import Lexicon, Term
from assistant.names import romanize
from assistant.senses import Word
from assistant.thai import THAI_LETTER, fold, normalize, tokens

if TYPE_CHECKING:
    from assistant.analysis import Vocabulary

LONGEST_NAME, SHORTEST_NAME, MOST_NAMES = 40, 3, 24  # letters, letters, unknown names that one gloss romanises
_SCALES = {"ล้านล้าน": 1e12, "แสนล้าน": 1e11, "หมื่นล้าน": 1e10, "พันล้าน": 1e9, "ร้อยล้าน": 1e8, "สิบล้าน": 1e7}
_SCALES |= {"ล้าน": 1e6, "แสน": 1e5, "หมื่น": 1e4, "พัน": 1e3, "ร้อย": 1e2}
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_REMARK = re.compile(r"\s*\([^)]*\)")
# Numbers after these are labels and count nothing: section 44, village 5.
_LABELS = re.compile(r"(?:ที่|มาตรา|หมู่|ข้อ|ชั้น|สาย|ระยะ|รุ่น|เลข|รหัส|หมายเลข|เบอร์|ปี|พ\.ศ\.|ค\.ศ\.|ฉบับ|ภาค|ตอน|เฟส)$")
_KINDS = {"person": "person", "organisation": "org", "place": "name", "title": "title", "group": "n"}
_SAME = frozenset(["baht", "rai", "percent", "yen", "yuan", "won", "dong", "kip", "police", "staff", "people", "dead"])
_PLURALS = {"person": "people", "child": "children", "man": "men", "woman": "women", "foot": "feet", "wife": "wives"}


def gloss(vocabulary: "Vocabulary", text: str) -> str:
    """Return a word-by-word English gloss of a Thai text; a word that nothing knows is romanised."""
    clean = normalize(text).text
    words = _join_unknown(_read(vocabulary, clean))
    for index, word in enumerate(words):
        chosen = senses.choose(words, index)
        if chosen is not None and word.kind not in ("date", "number"):
            word.english = chosen
    _count(words)
    spoken = [w.english for w in words if w.english]
    return " ".join(w for i, w in enumerate(spoken) if not i or w != spoken[i - 1])


def plural(noun: str) -> str:
    """Return the plural of an English noun phrase, its head taken to be the last word."""
    head, of, tail = noun.partition(" of ")
    lead, _, last = head.rpartition(" ")
    if last in _PLURALS:
        last = _PLURALS[last]
    elif not last or not last.isalpha() or last in _SAME or last.endswith("s") or last[:1].isupper():
        return noun
    elif last.endswith("y") and last[-2:-1] not in "aeiou":
        last = last[:-1] + "ies"
    else:
        last += "es" if last.endswith(("sh", "ch", "x", "z")) else "s"
    return f"{lead} {last}".strip() + of + tail


def _read(vocabulary: "Vocabulary", text: str) -> list[Word]:
    dates = [w for w in find_dates(text) if w.english]
    words: list[Word] = []
    for term in vocabulary.thai_terms(text):
        while dates and dates[0].end <= term.start:
            words.append(_date(dates.pop(0)))
        if dates and dates[0].start < term.end:
            continue
        words.extend(_term(vocabulary, term))
        if words[-1].kind == "number" and text.startswith("%", term.end):
            words[-1].english += "%"
    return [*words, *(_date(w) for w in dates)]


def _date(when: When) -> Word:
    return Word("", when.start, when.end, "date", when.english)


def _term(vocabulary: "Vocabulary", term: Term) -> Iterable[Word]:
    named = next((vocabulary.entities[int(k[2:])] for k in term.keys if k.startswith("g:")), None)
    if named and named.english and named.english[0]:
        yield Word(term.text, term.start, term.end, _KINDS.get(named.kind, "n"), named.english[0])
        return
    whole = _known(vocabulary.lexicon, term.text, term.start)
    pieces = tokens(term.text)
    if whole or len(pieces) < 2:
        yield from whole or [Word(fold(term.text), term.start, term.end, "unknown")]
        return
    for piece in pieces:  # a set phrase that only the thesaurus has
        at = term.start + piece.start
        unknown = Word(fold(piece.text), at, at + len(piece.text), "unknown")
        yield from _known(vocabulary.lexicon, piece.text, at) or [unknown]


def _known(lexicon: Lexicon, text: str, start: int) -> list[Word]:
    """Return a word with its first sense, or the two words that it is made of; [] when nothing knows it."""
    end, word = start + len(text), fold(text).rstrip("ๆ")
    if not THAI_LETTER.search(word):
        kind = "number" if _NUMBER.fullmatch(word) else "latin"
        return [Word(word, start, end, kind, text if any(c.isalnum() and c != "ๆ" for c in text) else "")]
    if word in lexicon.thai:
        return [Word(word, start, end, lexicon.pos(word), _REMARK.sub("", lexicon.gloss(word)))]
    if english := fallback.look_up(word):
        return [Word(word, start, end, "name" if english[0][:1].isupper() else "n", english[0])]
    for cut in range(len(word) - 2, 1, -1):
        if word[:cut] in lexicon.thai and word[cut:] in lexicon.thai:
            return [*_known(lexicon, word[:cut], start), *_known(lexicon, word[cut:], start + cut)]
    return []


def _join_unknown(words: list[Word]) -> list[Word]:
    """Join the pieces that the tokeniser makes of one unknown name, and romanise it."""
    joined: list[Word] = []
    for word in words:
        last = joined[-1] if joined else None
        if last and last.kind == word.kind == "unknown" and last.end == word.start:
            last.thai, last.end = last.thai + word.thai, word.end
        else:
            joined.append(word)
    unknown = [w for w in joined if w.kind == "unknown"]
    for word in unknown[:MOST_NAMES]:  # thai2rom takes about 10 ms a name
        if SHORTEST_NAME <= len(word.thai) <= LONGEST_NAME:
            word.english = romanize(word.thai)
    return joined


def _count(words: list[Word]) -> None:
    """Scale numbers, and put what they count behind them: `รถ 5 คัน` is 5 vehicles."""
    for index, word in enumerate(words):
        if word.kind != "number":
            continue
        before = words[index - 1] if index else None
        if before and before.thai == "ร้อยละ":
            before.english, word.english = "", f"{word.english} percent"
            continue
        at = _scale(words, index)
        after = words[at] if at < len(words) else None
        counted = senses.counting(after.thai) if after else None
        if after is None or (counted is None and after.kind not in ("clf", "n")):
            continue
        if (before and _LABELS.search(before.thai)) or after.start - words[at - 1].end > 1:
            continue
        one = word.english == "1"
        if counted is None:
            after.english = after.english if one else plural(after.english)
        elif before and before.kind == "n" and (index < 2 or words[index - 2].kind not in ("n", "org", "name")):
            after.english = before.english if one else plural(before.english)
            before.english = ""
        else:
            after.english = _one(counted) if one else counted


def _one(counted: str) -> str:
    return "person" if counted == "people" else counted.removesuffix("s")


def _scale(words: list[Word], index: int) -> int:
    """Multiply a number by the scale words after it; return the index of the word behind them."""
    number, at, value = words[index], index + 1, float(words[index].thai.replace(",", ""))
    factor, unit = 1.0, ""
    while at < len(words) and not unit:
        thai = words[at].thai
        scale = next((s for s in _SCALES if thai.startswith(s)), "")
        rest = thai.removeprefix(scale)
        if not scale or (rest and rest != "บาท"):
            break
        factor, unit = factor * _SCALES[scale], "baht" if rest else ""
        words[at].english = unit
        at += 1
    if factor > 1:
        number.english = _figures(value * factor)
    return at


def _figures(value: float) -> str:
    for size, name in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million")):
        if value >= size:
            return f"{round(value / size, 3):,.10g} {name}"
    return f"{value:,.10g}"
