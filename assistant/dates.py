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
    "เช้าตรู่": "early morning",
    "คืน": "night",
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
    r"|(?<=\s)\d\d(?=\s{0,3}(?:$|[)/|]|,(?!\d)|ที่|เวลา|ณ |โดย|ว่า|น\.))"
    r"|(?<=\. )[5-7]\d(?=\s{1,3}(?!คน|ราย|ครั้ง|บาท|แห่ง|คัน|ตัว|ล้าน|แสน|หมื่น|พัน|เรื่อง|หลัง|หน่วย|คะแนน|เสียง|ปี)[ก-์])))"
)
_PART = "(?P<part>" + "|".join(sorted(PARTS_OF_DAY, key=len, reverse=True)) + ")"
_WEEKDAY = r"(?:วัน)?(?:จันทร์|อังคาร|พุธ|พฤหัสบดี|พฤหัสฯ|พฤหัส|ศุกร์|เสาร์|อาทิตย์)"
_DAYS = r"(?P<day>[12]\d|3[01]|0?[1-9])"
_DATE = re.compile(
    rf"(?:(?:ใน|ช่วง|ตอน){{0,2}}{_PART}\s{{0,3}}(?:ของ)?)?(?:{_WEEKDAY})?"
    rf"(?:ที่|วันที่)?\s{{0,3}}(?:(?<![\d/]){_DAYS}(?:\s{{0,3}}(?:-|ถึง|และ)\s{{0,3}}(?:วันที่\s{{0,3}})?"
    rf"(?P<last>[12]\d|3[01]|0?[1-9]))?"
    rf"\s{{0,3}}|(?P<point>ต้น|กลาง|ปลาย|สิ้น)?เดือน\s{{0,3}}){_MONTH}(?:\s{{0,3}}(?:-|ถึง|และ)\s{{0,3}}(?P<to>"
    + "|".join(MONTHS_TH)
    + rf"))?(?:\s{{0,3}}{_YEAR})?(?:นี้)?"
)
_SLASHED = re.compile(
    r"(?<![\d/])(?P<d>[12]\d|3[01]|0?[1-9])/(?P<m>1[0-2]|0?[1-9])/(?P<y>2[45]\d\d|20\d\d|\d\d)(?![\d/])"
)
_MONTH_YEAR = re.compile(rf"{_MONTH}(?:\s{{0,3}}(?:-|ถึง)\s{{0,3}}(?P<to>{'|'.join(MONTHS_TH)}))?\s{{0,3}}{_YEAR}")
_ERA = r"(?:(?:ปี(?:งบประมาณ|การศึกษา)?|พ\.ศ\.|ค\.ศ\.)\s{0,3})"
_YEARS = re.compile(
    rf"{_ERA}{{0,2}}(?<![\d,.])(?P<a>2[45]\d\d|20\d\d|19\d\d)\s{{0,3}}(?:-|/|ถึง)\s{{0,3}}"
    r"(?:ปี\s{0,3})?(?P<b>2[45]\d\d|20\d\d|\d\d)(?![\d,])"
)
_ONE_YEAR = re.compile(
    rf"(?P<point>ต้น|กลาง|ปลาย|สิ้น)?{_ERA}{{1,2}}(?P<y>2[45]\d\d|20\d\d|19\d\d|(?<=ปี)\s?[4-9]\d(?=$|[ ,)]))(?![\d,])"
    r"|(?P<bare>ต้น|กลาง|ปลาย|สิ้น)ปี(?P<which>นี้|หน้า|ที่แล้ว|ก่อน)?(?![ก-์])"
)
_QUARTER = re.compile(
    r"ไตรมาส(?:ที่)?\s{0,3}(?P<q>[1-4]|แรก|สุดท้าย)(?:\s{0,3}(?:/|ของปี|ปี)\s{0,3}(?P<y>2[45]\d\d|20\d\d|\d\d))?(?:นี้)?(?!\d)"
)
_HOUR_WORDS = {
    "หนึ่ง": 1, "สอง": 2, "สาม": 3, "สี่": 4, "ห้า": 5, "หก": 6, "เจ็ด": 7, "แปด": 8, "เก้า": 9, "สิบ": 10, "สิบเอ็ด": 11,
}  # fmt: skip
_H = r"(?P<{}>\d{{1,2}}|" + "|".join(sorted(_HOUR_WORDS, key=len, reverse=True)) + ")"
_CLOCK = re.compile(
    r"(?:เวลา\s?(?:ประมาณ|ราว)?\s{0,3})?(?<![\d.])(?P<h>[01]?\d|2[0-4])(?:[.:](?P<m>[0-5]\d)"
    r"(?:\s?-\s?(?P<until>\d{1,2}[.:]\d\d))?\s{0,3}(?:น\.|นาฬิกา)|\s{0,3}นาฬิกา|\s{0,3}น\.(?![\dก-ฮ]))"
    r"|(?<![\d.:])(?P<hh>[01]\d|2[0-3]):(?P<mm>[0-5]\d)(?![\d:])"
)
_SPOKEN = re.compile(
    r"(?:เวลา\s?)?(?:ประมาณ\s?|ราว\s?)?(?<![\dก-ฮ])?(?:"
    rf"ตี\s?{_H.format('night')}|{_H.format('dusk')}\s?ทุ่ม|บ่าย\s?{_H.format('noon')}(?:โมง)?"
    rf"|{_H.format('day')}\s?โมง(?P<part>เช้า|เย็น|ตรง)?|(?P<fixed>เที่ยงคืน|เที่ยงวัน|เที่ยงตรง))(?P<half>ครึ่ง)?(?![ะ-ฺ็-์])"
)
_RELATIVE = re.compile(
    rf"(?:ช่วง|ตอน)?{_PART}(?:ของ)?(?:วันเดียวกัน|วันนี้|วานนี้)|วันเดียวกัน|(?:เมื่อ)?วานนี้|เมื่อวาน(?:นี้)?"
    rf"|(?:ช่วง|ตอน){_PART.replace('part', 'bare')}"
    rf"|(?:พรุ่งนี้|วันรุ่งขึ้น|มะรืนนี้)(?:{_PART.replace('part', 'next')})?|วันนี้|คืนนี้|เดือนเดียวกัน"
    r"|(?:วันจันทร์|วันอังคาร|วันพุธ|วันพฤหัสบดี|วันศุกร์|วันเสาร์|วันอาทิตย์)(?:นี้|หน้า|ที่ผ่านมา|ที่แล้ว)"
    r"|(?:ปี|เดือน|สัปดาห์|ไตรมาส)(?:ก่อนหน้า(?:นี้)?|ที่แล้ว|ที่ผ่านมา|หน้า(?![ก-์])|นี้|ก่อน(?![ก-์]))"
    r"|(?:ภายใน)\s{0,3}\d{1,4}\s{0,3}(?:วัน|เดือน|ปี|สัปดาห์|ชั่วโมง)|ใน\s{0,3}\d{1,4}\s{0,3}(?:เดือน|ปี)ข้างหน้า"
)
RELATIVE_EN = {
    "พรุ่งนี้": "tomorrow", "วันรุ่งขึ้น": "the next day", "มะรืนนี้": "the day after tomorrow", "วันนี้": "today",
    "คืนนี้": "tonight", "เดือนเดียวกัน": "the same month", "วานนี้": "yesterday", "เมื่อวาน": "yesterday",
    "ปีก่อน": "the year before", "ปีที่แล้ว": "last year", "ปีที่ผ่านมา": "last year", "ปีหน้า": "next year",
    "ปีนี้": "this year", "เดือนก่อน": "the month before", "เดือนที่แล้ว": "last month", "เดือนที่ผ่านมา": "last month",
    "เดือนหน้า": "next month", "เดือนนี้": "this month", "สัปดาห์ก่อน": "the week before",
    "สัปดาห์ที่แล้ว": "last week", "สัปดาห์ที่ผ่านมา": "last week", "สัปดาห์หน้า": "next week", "สัปดาห์นี้": "this week",
}  # fmt: skip
POINTS_EN = {"ต้น": "early", "กลาง": "the middle of", "ปลาย": "late", "สิ้น": "the end of"}
SPANS_EN = {"วัน": "days", "เดือน": "months", "ปี": "years", "สัปดาห์": "weeks", "ชั่วโมง": "hours"}


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
    if groups.get("point"):
        words = f"{POINTS_EN[groups['point']]} {words}"
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
    for m in _SLASHED.finditer(text):
        year, words = _year_words(m["y"])
        yield When(
            m.start(), m.end(), f"{year}-{int(m['m']):02d}-{int(m['d']):02d}",
            f"{int(m['d'])} {MONTHS_EN[int(m['m']) - 1]} {words}", "day",
        )  # fmt: skip
    yield from (_from_quarter(m) for m in _QUARTER.finditer(text))
    yield from (_years(m) for m in _YEARS.finditer(text))
    for m in _CLOCK.finditer(text):
        clock = f"{int(m['h'] or m['hh']):02d}:{m['m'] or m['mm'] or '00'}"
        until = f"–{m['until'].replace('.', ':')}" if m["until"] else ""
        yield When(m.start(), m.end(), clock, clock + until, "time")
    yield from (w for m in _SPOKEN.finditer(text) if (w := _from_spoken(m)))
    yield from (_from_year(m) for m in _ONE_YEAR.finditer(text))
    yield from (_from_relative(m) for m in _RELATIVE.finditer(text))


def _from_quarter(match: re.Match[str]) -> When:
    year, words = _year_words(match["y"]) if match["y"] else ("?", "")
    which = {"แรก": "the first quarter", "สุดท้าย": "the last quarter"}.get(match["q"], f"quarter {match['q']}")
    return When(match.start(), match.end(), f"{year}-?-?", f"{which}{' of ' + words if words else ''}", "quarter")


def _from_year(match: re.Match[str]) -> When:
    point = POINTS_EN.get(match["point"] or match["bare"] or "", "")
    if match["bare"]:
        which = {"หน้า": "next year", "ที่แล้ว": "last year", "ก่อน": "the year before", "นี้": "this year"}
        year_en = which.get(match["which"] or "", "the year")
        return When(match.start(), match.end(), "", f"{point} {year_en}", "relative")
    year, words = _year_words(match["y"])
    return When(match.start(), match.end(), f"{year}-?-?", f"{point} {words}".strip(), "year")


def _from_spoken(match: re.Match[str]) -> When | None:
    """Return a time said in words: "ตีสอง" is 02:00, "สองทุ่มครึ่ง" 20:30, "บ่ายสาม" 15:00."""
    named = {k: v for k, v in match.groupdict().items() if v and k in ("night", "dusk", "noon", "day")}
    if not named:
        hour = 0 if match["fixed"] == "เที่ยงคืน" else 12
    else:
        kind, word = next(iter(named.items()))
        number = _HOUR_WORDS.get(word, 0) or int(word if word.isdigit() else 0)
        evening = match["part"] == "เย็น"
        hour = {"night": number, "dusk": number + 18, "noon": number + 12, "day": number + 12 * evening}[kind]
        if not 0 < number < 12 or hour > 24:
            return None
    clock = f"{hour:02d}:{'30' if match['half'] else '00'}"
    return When(match.start(), match.end(), clock, clock, "time")


def _from_relative(match: re.Match[str]) -> When:
    said = match.group()
    part = match.groupdict().get("part") or match.groupdict().get("bare") or match.groupdict().get("next")
    words = f"the {PARTS_OF_DAY[part]}" if part else ""
    if "วันเดียวกัน" in said:
        words = f"{words} of the same day" if words else "the same day"
    elif within := re.match(r"(?:ภายใน|ใน)\s*(\d+)\s*(วัน|เดือน|ปี|สัปดาห์|ชั่วโมง)", said):
        unit = SPANS_EN[within[2]]
        words = f"within {within[1]} {unit if within[1] != '1' else unit[:-1]}"
    else:
        known = next((english for thai, english in RELATIVE_EN.items() if thai in said), "")
        words = f"{words} of {known}" if words and known else words or known
    return When(match.start(), match.end(), "", words, "relative")
