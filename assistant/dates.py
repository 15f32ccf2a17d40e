"""Dates, times and years in Thai text, without inventing what the text leaves out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

MONTHS_TH = [
    "มกราคม",
    "กุมภาพันธ์",
    "มีนาคม",
    "เมษายน",
    "พฤษภาคม",
    "มิถุนายน",
    "กรกฎาคม",
    "สิงหาคม",
    "กันยายน",
    "ตุลาคม",
    "พฤศจิกายน",
    "ธันวาคม",
]
MONTHS_SHORT = ["ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค."]
MONTHS_EN = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
PARTS_OF_DAY = {
    "เช้า": "morning",
    "สาย": "late morning",
    "เที่ยง": "noon",
    "บ่าย": "afternoon",
    "เย็น": "evening",
    "ค่ำ": "evening",
    "กลางคืน": "night",
    "ดึก": "late night",
    "เช้ามืด": "before dawn",
}
BUDDHIST_OFFSET = 543

_MONTH = (
    "(?P<month>"
    + "|".join(re.escape(m) for m in (*MONTHS_TH, *MONTHS_SHORT))
    + "|"
    + "|".join(re.escape(m.rstrip(".")) for m in MONTHS_SHORT)
    + r")(?!(?!นี้)[ก-ฮ])"
)
_YEAR = (
    r"(?P<year>(?:พ\.ศ\.|ค\.ศ\.|ปี)?\s{0,3}(?:(?:2[45]\d\d|20\d\d|19\d\d)(?!\d)|(?<=[.ก-์])\d\d(?!\d|[.,:]\d)"
    r"|(?<=\s)\d\d(?=\s{0,3}(?:$|[)/|]|,(?!\d)|ที่|เวลา|ณ |โดย|ว่า|น\.))))"
)
_PART = "(?P<part>" + "|".join(sorted(PARTS_OF_DAY, key=len, reverse=True)) + ")"
_DATE = re.compile(
    rf"(?:(?:ใน|ช่วง|ตอน){{0,2}}{_PART})?\s{{0,3}}(?:ของ)?(?:วัน)?(?:จันทร์|อังคาร|พุธ|พฤหัสบดี|ศุกร์|เสาร์|อาทิตย์)?"
    rf"(?:ที่|วันที่)?\s{{0,3}}(?:(?<!\d)(?P<day>[12]\d|3[01]|0?[1-9])(?:\s{{0,3}}-\s{{0,3}}(?P<last>[12]\d|3[01]|0?[1-9]))?"
    rf"\s{{0,3}}|เดือน\s{{0,3}}){_MONTH}(?:\s{{0,3}}(?:-|ถึง|และ)\s{{0,3}}(?P<to>"
    + "|".join(MONTHS_TH)
    + rf"))?(?:\s{{0,3}}{_YEAR})?(?:นี้)?"
)
_MONTH_YEAR = re.compile(rf"{_MONTH}(?:\s{{0,3}}(?:-|ถึง)\s{{0,3}}(?P<to>{'|'.join(MONTHS_TH)}))?\s{{0,3}}{_YEAR}")
_YEARS = re.compile(
    r"(?<![\d,.])(?P<a>2[45]\d\d|20\d\d|19\d\d)\s{0,3}(?:-|/|ถึง)\s{0,3}"
    r"(?P<b>2[45]\d\d|20\d\d|\d\d)(?![\d,])"
)
_ONE_YEAR = re.compile(r"(?:ปี|พ\.ศ\.|ค\.ศ\.)\s{0,3}(?:พ\.ศ\.|ค\.ศ\.)?\s{0,3}(?P<y>2[45]\d\d|20\d\d|19\d\d)(?!\d)")
_CLOCK = re.compile(
    r"(?:เวลา(?:ประมาณ)?\s{0,3})?(?<![\d.])(?P<h>[01]?\d|2[0-4])[.:](?P<m>[0-5]\d)"
    r"(?:\s?-\s?\d{1,2}[.:]\d\d)?\s{0,3}(?:น\.|นาฬิกา)"
)
_RELATIVE = re.compile(
    rf"(?:ช่วง|ตอน)?{_PART}(?:ของ)?(?:วันเดียวกัน|วันนี้|วานนี้)|วันเดียวกัน|วานนี้|เมื่อวาน(?:นี้)?"
    rf"|(?:ช่วง|ตอน){_PART.replace('part', 'bare')}"
    r"|(?:ภายใน|ใน)\s{0,3}\d{1,4}\s{0,3}(?:วัน|เดือน|ปี)|ตี(?:หนึ่ง|สอง|สาม|สี่|ห้า)"
)


@dataclass(frozen=True, slots=True)
class When:
    """A date or time expression by offsets into the text it was read from.

    `value` is `Y-M-D` in the Common Era with `?` for what the text leaves out, `Y/Y` for a span of
    years, `hh:mm` for a time. `grain` names what it states: day, month, year, years, time, relative.
    """

    start: int
    end: int
    value: str
    english: str
    grain: str


def common_era(year: str | int) -> int:
    """Return a year in the Common Era; 2400 to 2700 counts as Buddhist."""
    number = int(re.sub(r"\D", "", str(year)) or 0)
    return number - BUDDHIST_OFFSET if 2400 <= number <= 2700 else number


def month_number(name: str) -> int:
    """Return 1 to 12 for a Thai month name or abbreviation, 0 otherwise."""
    for names in (MONTHS_TH, MONTHS_SHORT, [m.rstrip(".") for m in MONTHS_SHORT]):
        if name in names:
            return names.index(name) + 1
    return 0


def _year_words(raw: str) -> tuple[str, str]:
    digits = re.sub(r"\D", "", raw)
    if len(digits) == 2:
        return "?", f"'{digits}"
    year = common_era(digits)
    return str(year), f"{year} (B.E. {digits})" if year != int(digits) else str(year)


def _from_date(match: re.Match[str]) -> When:
    groups = match.groupdict()
    month = month_number(groups["month"])
    year, year_en = _year_words(groups["year"]) if groups.get("year") else ("?", "")
    day, last, to = groups.get("day"), groups.get("last"), groups.get("to")
    words = MONTHS_EN[month - 1]
    if day:
        words = f"{int(day)}{'–' + str(int(last)) if last else ''} {words}"
    if to:
        words += f" to {MONTHS_EN[month_number(to) - 1]}"
    if year_en:
        words += f" {year_en}"
    part = groups.get("part")
    if part:
        words = f"the {PARTS_OF_DAY[part]} of {words}"
    lead = len(match.group()) - len(match.group().lstrip())
    return When(
        match.start() + lead,
        match.end(),
        f"{year}-{month:02d}-{int(day):02d}" if day else f"{year}-{month:02d}-?",
        words,
        "day" if day else "month",
    )


def _years(match: re.Match[str]) -> When:
    first, last = match["a"], match["b"]
    last = first[: 4 - len(last)] + last
    start, end = common_era(first), common_era(last)
    buddhist = f" (B.E. {first}–{last})" if start != int(first) else ""
    return When(match.start(), match.end(), f"{start}/{end}", f"{start}–{end}{buddhist}", "years")


def find_dates(text: str) -> list[When]:
    """Find every date, time and year expression of a normalised text, longest first, in order."""
    found: list[When] = []
    taken = [False] * (len(text) + 1)
    for when in _candidates(text):
        if not any(taken[when.start : when.end]):
            taken[when.start : when.end] = [True] * (when.end - when.start)
            found.append(when)
    return sorted(found, key=lambda w: w.start)


def _candidates(text: str) -> Iterator[When]:
    yield from (_from_date(m) for m in _DATE.finditer(text))
    yield from (_from_date(m) for m in _MONTH_YEAR.finditer(text))
    yield from (_years(m) for m in _YEARS.finditer(text))
    for m in _CLOCK.finditer(text):
        yield When(m.start(), m.end(), f"{int(m['h']):02d}:{m['m']}", f"{int(m['h']):02d}:{m['m']}", "time")
    for m in _ONE_YEAR.finditer(text):
        year, words = _year_words(m["y"])
        yield When(m.start(), m.end(), f"{year}-?-?", words, "year")
    for m in _RELATIVE.finditer(text):
        part = m.groupdict().get("part") or m.groupdict().get("bare")
        words = f"the {PARTS_OF_DAY[part]}" if part else ""
        if "วันเดียวกัน" in m.group():
            words = f"{words} of the same day" if words else "the same day"
        yield When(m.start(), m.end(), "", words, "relative")
