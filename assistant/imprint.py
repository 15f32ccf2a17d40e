"""What the lines of an article say of its own publication: who published it, when, and which lines are no news."""

import re
from collections.abc import Iterable
from datetime import date as day

from assistant.dates import common_era, find_dates
from assistant.thai import normalize

_WHO = r"ที่มา|แหล่งที่มา|แหล่งข่าว|ข้อมูลจาก|Source|Cr\.?"
_WHEN = "(?:วันที่)?(?:เผยแพร่|โพสต์|ลงข่าว)(?:เมื่อ)?(?:วันที่)?|Published(?: on)?|Posted(?: on)?|Date|วันที่"
_COLON = r"\s*[:：|]\s*"
_SOURCE = re.compile(rf"(?:{_WHO}|{_WHEN}|อ้างอิง|ปรับปรุงล่าสุด|ผู้เขียน){_COLON}")
_PUBLISHER = re.compile(rf"(?:{_WHO}){_COLON}")
_PUBLISHED = re.compile(rf"(?:{_WHEN})(?:{_COLON}|\s*)")
_BUTTON = re.compile(r"(?:พิมพ์|พิมพ์หน้านี้|แชร์|ส่งต่อ|Print|Share)", re.IGNORECASE)
_FILLER = re.compile(r"[\s,|()·•–-]*(?:เวลา)?\s*(?:น\.)?[\s,|()·•–-]*")
_CLOCK = re.compile(r"(?:เวลา\s*)?[0-2]?\d[.:][0-5]\d(?:[.:][0-5]\d)?(?:\s*(?:น\.?|AM|PM))?", re.IGNORECASE)
_NUMERIC = re.compile(
    r"(?<![\d/-])(?:(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>\d{4})|(?P<Y>\d{4})-(?P<M>\d\d)-(?P<D>\d\d))(?!\d)"
)
_LONGEST = 80  # characters of a line that may be nothing but a date or a button


def is_source(line: str) -> bool:
    """True for a line that names where an article comes from, who wrote it or when it appeared."""
    return bool(_SOURCE.match(line)) or _states_when(line)


def _states_when(line: str) -> bool:
    """True for "เผยแพร่เมื่อ 22 พ.ย. 2567": a label without a colon counts when a day alone follows it."""
    label = _PUBLISHED.match(line)
    return label is not None and (label.group().rstrip()[-1:] in (":", "：", "|") or is_bare_date(line[label.end() :]))


def is_furniture(line: str) -> bool:
    """True for a line of the page around an article: nothing but a date, or the label of a button."""
    return len(line) <= _LONGEST and bool(_BUTTON.fullmatch(line) or is_bare_date(line))


def is_bare_date(line: str) -> bool:
    """True for a line that states a day, perhaps with its time, and nothing else."""
    if len(line) > _LONGEST:
        return False
    text = normalize(line).text
    spans = [(w.start, w.end) for w in find_dates(text) if w.grain in ("day", "time")]
    spans += [m.span() for m in _NUMERIC.finditer(text)]
    if not stated_day(text):
        return False
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + " " + text[end:]
    return bool(_FILLER.fullmatch(_CLOCK.sub(" ", text)))


def stated_day(line: str) -> str:
    """Return the first day of a line as yyyy-mm-dd, "" when it states none with its year."""
    text = normalize(line).text
    for when in find_dates(text):
        if when.grain == "day" and "?" not in when.value:
            return _valid(*map(int, when.value.split("-")))
    for match in _NUMERIC.finditer(text):
        year, month, date = match["y"] or match["Y"], match["m"] or match["M"], match["d"] or match["D"]
        return _valid(common_era(year), int(month), int(date))
    return ""


def _valid(year: int, month: int, date: int) -> str:
    try:
        return day(year, month, date).isoformat() if 1900 <= year <= 2100 else ""
    except ValueError:
        return ""


def published(lines: Iterable[str]) -> str:
    """Return the day an article says it appeared on, from its source lines and bare dates: yyyy-mm-dd or ""."""
    for line in lines:
        if (is_furniture(line) or _states_when(line)) and (found := stated_day(line[: 2 * _LONGEST])):
            return found
    return ""


def publisher(lines: Iterable[str]) -> str:
    """Return who published an article, from its source lines; the last one counts."""
    for line in reversed(list(lines)):
        if (label := _PUBLISHER.match(line)) and line[label.end() :].strip():
            return line[label.end() :].strip()
    return ""
