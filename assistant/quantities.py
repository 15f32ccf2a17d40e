"""Numbers with their units: counts, money, measures, percentages, scores, ordinals, telephone numbers, words."""

import re

from assistant import lexicon as lex
from assistant.glossing import plural
from assistant.pieces import NAME_END, WORDS, Piece, unit_names
from assistant.records import Mention
from assistant.thai import tokens

_SCALES: dict[str, float] = WORDS["scales"]
_DIGITS: dict[str, int] = WORDS["digits"]
_FIGURE = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_NUMBER = re.compile(
    rf"(?<![\d,/])(?<!\d\.)(?P<number>{_FIGURE})(?:(?P<plus>\+\d{{1,2}})|(?P<year>/25\d\d)"
    rf"|(?P<dash>\s*-\s*)(?P<to>{_FIGURE}))?(?![\d])"
)
_PHONE = re.compile(r"(?<![\d,])(?:0[ -]?\d{4}[ -]\d{4}|0[ -]\d{3,4}[ -]\d{3,4}|0\d{1,2}[ -]\d{3,4}[ -]?\d{3,4})(?!\d)")
_WORD = "|".join(_DIGITS)
_SCALE = "|".join(sorted(_SCALES, key=len, reverse=True))
_UNITS = "|".join(re.escape(u) for u in sorted(unit_names(), key=len, reverse=True))
_IN_WORDS = re.compile(
    rf"(?P<fraction>(?:{_WORD})ใน(?:{_WORD}))(?![ก-์])"
    rf"|(?P<half>ครึ่ง)(?P<of>{_UNITS})(?=$|[^ก-์]|ทุก|ต่อ|ถึง|และ|ก่อน|หลัง)"
    rf"|(?P<words>(?:(?:{_WORD})(?:สิบ|ร้อย)?(?:เอ็ด|{_WORD})?))(?:(?P<scale>{_SCALE}|ร้อย)|(?P<unit>{_UNITS})(?![ะ-ฺ็-์]))"
)
_ORDINAL = re.compile(
    r"(?:(?:"
    + "|".join(WORDS["counted_in_order"])
    + r")ที่|\(ที่|(?<![ก-์])(?:"
    + "|".join(re.escape(w) for w in WORDS["ordinal_before"])
    + r"))\s*$"
)
_NOT_A_NUMBER = re.compile(r"[A-Za-z][ -]?$|โควิด[ -]?$|มาตรฐาน\s?$")
_CHAIN = re.compile(r"\s?(?P<number>\d+)\s?(?P<unit>ปี|เดือน|วัน|ชั่วโมง|นาที|วินาที)(?![ก-ฮ]์)|\s?(?P<half>ครึ่ง)(?![ก-์])")
_TIMES = frozenset(["ปี", "เดือน", "สัปดาห์", "วัน", "ชั่วโมง", "ชม.", "นาที"])
_SYMBOL = re.compile(r"\s?%|\s?(?:กม\./ชม\.|ตร\.กม\.|ตร\.ม\.|ตร\.ว\.|ลบ\.ม\.|ชม\.|กม\.|กก\.|ซม\.|มม\.|มล\.|ม\.)")
_SCALES_EN = {
    "ล้าน": (1.0, "million"),
    "พันล้าน": (1.0, "billion"),
    "หมื่นล้าน": (10.0, "billion"),
    "แสนล้าน": (100.0, "billion"),
    "ล้านล้าน": (1.0, "trillion"),
}
_BEFORE = ("ร้อยละ", "หมายเลข", "สายด่วน")


def numbers(piece: Piece) -> list[Mention]:
    """Return the numbers of a piece."""
    text, found = piece.text, []
    taken = -1
    for match in _PHONE.finditer(text):
        found.append(_mention(match.start(), match.end(), re.sub(r"\D", "", match.group()), match.group(), "โทรศัพท์"))
    for match in _NUMBER.finditer(text):
        if match.start() >= taken and not _is_marker(text, match) and not _NOT_A_NUMBER.search(text[: match.start()]):
            mention = _figure(text, match)
            taken = mention.end
            found.append(mention)
    for match in _IN_WORDS.finditer(text):
        if match.start() in piece.starts or text[match.start() - 1 : match.start()] in ('"', "("):
            worded = _in_words(match)
            if worded:
                found.append(worded)
    return found


def _mention(start: int, end: int, value: str, english: str, detail: str) -> Mention:
    return Mention("number", start, end, "", 0, value, english, detail)


def _is_marker(text: str, match: re.Match[str]) -> bool:
    """True for the number of a list item: "1. …", "1) …", "(1) …"."""
    tail, before = text[match.end() : match.end() + 3], text[: match.start()]
    if before.endswith("(") and tail.startswith(")"):
        return len(match["number"]) <= 2
    return bool(
        re.match(r"[.)]\s", tail)
        and "(" not in before[-20:]
        and (not before or before[-1].isspace())
        and float(match["number"].replace(",", "")) < 30
        and not re.match(r"\.\s*$", text[match.end() :])
    )


def _figure(text: str, match: re.Match[str]) -> Mention:
    value = float(match["number"].replace(",", ""))
    before = text[max(0, match.start() - 16) : match.start()]
    if match["plus"] or match["year"] or _ORDINAL.search(before):
        end = match.end() if match["plus"] or match["year"] or match["to"] else match.end("number")
        return _mention(match.start(), end, f"{value:.10g}", "", "ordinal")
    start, end, unit, scale = match.start(), match.end(), "", ""
    spaced = re.compile(r"\s?").match(text, end)
    offset = spaced.end() if spaced else end
    scale = next((s for s in _SCALES if text.startswith(s, offset)), "")
    if scale:
        value *= _SCALES[scale]
        end = offset = offset + len(scale)
    unit, end = _unit(text, end, offset)
    told = before.rstrip()
    for word in _BEFORE:
        if told.endswith(word):
            start, unit, end = text.rindex(word, 0, match.start()), word, match.end()
    last = match["to"]
    if last and unit not in unit_names() and unit not in _BEFORE and not scale and "." not in match.group():
        return _mention(start, match.end(), f"{value:.10g}", f"{match['number']}-{last}", "score")
    if unit in _TIMES:
        end = _chained(text, end)
    return _mention(start, end, f"{value:.10g}", _english(match, scale, unit, value, text[match.end() : end]), unit)


def _chained(text: str, end: int) -> int:
    """Return the end of a duration with its smaller parts: 11 hours 20 minutes, two hours and a half."""
    while match := _CHAIN.match(text, end):
        end = match.end()
    return end


def _unit(text: str, end: int, offset: int) -> tuple[str, int]:
    """Return the unit after a number and where it ends; none where the number already ends a phrase."""
    symbol = _SYMBOL.match(text, end)
    if symbol and (symbol.group().strip() != "ม." or not text[symbol.end() :][:1].isdigit()):
        return symbol.group().strip(), symbol.end()
    rest = re.match("[ก-์.]+", text[offset : offset + 40])
    if not rest:
        return "", end
    known = max((u for u in unit_names() if rest.group().startswith(u)), key=len, default="")
    words = tokens(rest.group())
    first = words[0].text
    if known and (len(known) >= len(first) or len(known) > 2 or first in ("คนใน", "คนละ", "ปีก่อน", "วันแรก")):
        after = rest.group()[len(known) : len(known) + 1]
        joined = bool(after) and ("ะ" <= after <= "ฺ" or "็" <= after <= "์")
        if not joined and (known != "ที่" or not after):
            return known, offset + len(known)
    if first in NAME_END or not words[0].is_thai or lex.load().pos(first) not in ("n", "clf") or len(first) < 2:
        return "", end
    if first in WORDS["not_units"]:
        return "", end
    return first, offset + words[0].end


def _english(match: re.Match[str], scale: str, unit: str, value: float, tail: str) -> str:
    figures = match["number"] + (f"–{match['to']}" if match["to"] else "")
    if scale:
        factor, word = _SCALES_EN.get(scale, (_SCALES[scale], ""))
        figures = match["number"] if factor == 1 else f"{float(match['number'].replace(',', '')) * factor:,.10g}"
        figures = f"{figures} {word}".strip()
    if unit == "ร้อยละ":
        return f"{figures}%"
    if unit in ("หมายเลข", "สายด่วน"):
        return figures
    one, more = unit_names().get(unit, ("", ""))
    if not one:
        one = lex.load().gloss(unit)
        more = plural(one)
    word = one if value == 1 and not match["to"] else more
    if word == "%":
        return f"{figures}%"
    english = f"{figures} {word}".strip()
    for part in _CHAIN.finditer(tail[tail.find(unit) + len(unit) :] if unit in tail else ""):
        if part["half"]:
            english += " and a half"
        else:
            english += f" {part['number']} {unit_names()[part['unit']][part['number'] != '1']}"
    return english


def _in_words(match: re.Match[str]) -> Mention | None:
    text, start, end = match.string, match.start(), match.end()
    if match["fraction"]:
        top, _, bottom = match.group().partition("ใน")
        return _mention(start, end, f"{_DIGITS[top] / _DIGITS[bottom]:.4g}", f"{_DIGITS[top]}/{_DIGITS[bottom]}", "")
    if match["half"] and match["of"] in WORDS["not_halved"]:
        return None
    if match["half"]:
        return _mention(start, end, "0.5", f"half a {unit_names()[match['of']][0]}", match["of"])
    if text[:start].endswith("ที่"):
        return None
    value = float(word_value(match["words"]))
    unit = match["unit"] or ""
    if match["scale"]:
        value *= 100.0 if match["scale"] == "ร้อย" else _SCALES[match["scale"]]
        unit, end = _unit(text, end, end)
    one, more = unit_names().get(unit, ("", ""))
    return _mention(start, end, f"{value:.10g}", f"{value:,.10g} {one if value == 1 else more}".strip(), unit)


def word_value(words: str) -> int:
    """Return the value of a number below 1,000 in Thai words."""
    total = 0
    left = words
    while left:
        if left == "เอ็ด":
            return total + 1
        digit = next((d for d in _DIGITS if left.startswith(d)), "")
        if not digit:
            break
        left = left[len(digit) :]
        if digit != "สิบ" and left.startswith(("สิบ", "ร้อย")):
            total += _DIGITS[digit] * (10 if left.startswith("สิบ") else 100)
            left = left[3 if left.startswith("สิบ") else 4 :]
        else:
            total += _DIGITS[digit]
    return total
