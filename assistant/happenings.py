"""When: the dates of an article with both calendars, and its timeline. Nothing the text leaves out is filled in.

A normal form is ISO 8601 with "?" for what is not stated: `2025-07-03T10:30`, `?-09-16`, `2025-?-?`, `2017/2020`.
A relative date ("the same day") gets one only from a date that the text gives, and says so.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date as day
from datetime import timedelta

from assistant.dates import BUDDHIST_OFFSET
from assistant.indexing import ArticleIndex
from assistant.records import Fact, Language, Mention
from assistant.sheet import cut, cut_front, in_language, row, say, tidy, whole_names
from assistant.thai import clean

_JOINS = re.compile(r"[\s,(]*(?:ของ|เวลา|เมื่อ|ใน|ประมาณ)?\s*(?:วันที่)?\s*")
_SAME_DAY, _NEXT_DAY, _SAME_MONTH = "วันเดียวกัน", "วันรุ่งขึ้น", "เดือนเดียวกัน"
_DAYS = {"มะรืนนี้": 2, "พรุ่งนี้": 1, "วานนี้": -1, "เมื่อวาน": -1, "วันนี้": 0, "คืนนี้": 0}  # from the day of publication
_YEARS = {"ปีนี้": 0, "ปีหน้า": 1, "ปีที่แล้ว": -1, "ปีที่ผ่านมา": -1}
_MONTHS = {"เดือนนี้": 0, "เดือนหน้า": 1, "เดือนที่แล้ว": -1, "เดือนที่ผ่านมา": -1}
_SPANS = ("ปี", "เดือน", "สัปดาห์", "ไตรมาส")  # "4 months ago"
_COUNTED = re.compile(r"[\d๐-๙]+\s*$")
_LINK = re.compile(r"(?:เมื่อ|ใน|ตั้งแต่|ภายใน|ช่วง|ตอน|ณ|ถึง|วันที่|ประจำ|นับแต่|นับจาก|ก่อน|หลัง|\(|เวลา)*\s*$")
_NEWSROOM = re.compile(r"^(?:เมื่อ\S*\s)?ผู้สื่อข่าว[ก-์]{0,12}รายงาน[ก-์]{0,8}?ว่า\s*")
_GOES_ON = re.compile(r"(?:ว่า|ได้แก่|คือ|ที่|ของ|โดย|และ|กับ)\s*$")
_GOES_BACK = re.compile(r"\s*(?:ที่|ณ|ใน|เพื่อ|โดย|ซึ่ง|และ|จาก|ภายใต้|ระหว่าง|ตั้งแต่|พร้อม)(?!ประชุม|มา|จริง)")
_SHORTEST, _BRIEF, _ENOUGH, _EVENT, _WIDEST = 10, 50, 100, 130, 260
_LATE = 9998  # the year that a date without one is put in order with, where the text offers none


@dataclass(frozen=True, slots=True)
class Happening:
    """A date of the article: where it stands, its normal form, and the date it was reckoned from, if any."""

    start: int
    end: int
    clause: int
    value: str
    english: str
    grain: str
    base: str = ""

    @property
    def iso(self) -> str:
        """Return the normal form, a span of days with its last day; "" for a vague one."""
        days = re.match(r"(?:the [a-z ]+ of )?\d+–(?P<last>\d+) ", self.english)
        if days and self.grain == "day" and "T" not in self.value:
            return f"{self.value}/{self.value[:-2]}{int(days['last']):02d}"
        return "" if self.vague else self.value

    @property
    def vague(self) -> bool:
        """True when the text does not say when."""
        return not self.value.strip("?-")


def happenings(index: ArticleIndex) -> list[Happening]:
    """Return the dates of an article in order, times joined to their days, relative ones resolved where they can be."""
    known: list[Happening] | None = index.analysis.memo.get("happenings")
    if known is None:
        known = _resolved(index, _joined(index))
        index.analysis.memo["happenings"] = known
    return known


def when(index: ArticleIndex, language: Language) -> Iterator[Fact]:
    """Yield a row for each date: as written, in both calendars, with what happened."""
    told: set[str] = set()
    for found in happenings(index):
        if found.vague or found.value in told:
            continue
        told.add(found.value)
        what = event(index, found, language)
        text = written(index, found, language)
        text = say(language, "when", date=text, event=what) if what else text
        yield row(index, "when", text, (found.start, found.end), found.iso)


def timeline(index: ArticleIndex, language: Language) -> Iterator[Fact]:
    """Yield what happened in order of time; what the text dates only vaguely comes last, as it is written."""
    dated = {h.clause for h in happenings(index) if not h.vague}
    told: set[tuple[str, int]] = set()
    for found in sorted(happenings(index), key=lambda h: _order(index, h)):
        if (found.vague and found.clause in dated) or (found.value, found.clause) in told:
            continue
        told.add((found.value, found.clause))
        what = event(index, found, language)
        if found.vague and not what:
            continue
        shown = written(index, found, language)
        text = say(language, "vague" if found.vague else "timeline", iso=found.iso, date=shown, event=what)
        yield row(index, "timeline", text, _extent(index, found), found.iso)


def written(index: ArticleIndex, found: Happening, language: Language) -> str:
    """Return a date as the article writes it, with the year in both calendars where it states one."""
    thai = clean(index.article.text[found.start : found.end])
    years = [int(y) for y in re.findall(r"(?<!\d)\d{4}(?=[-/]|$)", found.value.split("T")[0])]
    buddhist = "–".join(dict.fromkeys(str(y + BUDDHIST_OFFSET) for y in years))
    common = "–".join(dict.fromkeys(map(str, years)))
    if found.base:
        return say(language, "reckoned", date=thai if language == "th" else found.english or thai, base=found.value)
    if language == "en":
        if not found.english:
            return thai
        other = years and "B.E." not in found.english
        return say(language, "buddhist", date=found.english, year=buddhist) if other else found.english
    if not years:
        return thai
    if str(years[0]) in thai:
        return say(language, "buddhist", date=thai, year=buddhist)
    return say(language, "common", date=thai, year=common)


def event(index: ArticleIndex, found: Happening, language: Language) -> str:
    """Return what the article says happened then, a short phrase; "" when it says nothing beside the date."""
    if _published(index, found):
        return say(language, "published")
    start, end = _event_span(index, found)
    what = tidy(_NEWSROOM.sub("", clean(index.article.text[start:end])))
    what = cut_front(what, _EVENT) if end <= found.start else cut(what, _EVENT)
    return cut(in_language(index, what, language), _EVENT + 60)


def _event_span(index: ArticleIndex, found: Happening) -> tuple[int, int]:
    """Return the slice that tells what happened: beside the date, with the clauses it cannot be read without."""
    text, clauses = index.article.text, index.article.clauses
    start, end = _beside(index, found)
    all_dates = happenings(index)
    for clause in clauses[found.clause :]:
        same = clause.sentence == clauses[found.clause].sentence
        short = start >= found.end and end - start < _BRIEF and not any(h.clause == clause.index for h in all_dates)
        open_end = end >= found.end and _GOES_ON.search(text[start:end])
        if same and clause.start >= end and (short or open_end):
            end = clause.end
    if start < found.start:
        for clause in reversed(clauses[: found.clause]):
            same = clause.sentence == clauses[found.clause].sentence
            enough = found.start - start >= _ENOUGH or end - clause.start > _WIDEST
            if not same or enough or not _GOES_BACK.match(text, start):
                break
            start = clause.start
    return whole_names(index, start, end)


def _beside(index: ArticleIndex, found: Happening) -> tuple[int, int]:
    text, clauses = index.article.text, index.article.clauses
    here = clauses[found.clause]
    last = next((c for c in clauses[found.clause :] if c.end >= found.end), here)
    link = _LINK.search(text[here.start : found.start])
    around = [h for h in happenings(index) if h.clause == found.clause]
    floor = max((h.end for h in around if h.end <= found.start), default=here.start)
    before = (floor, max(floor, here.start + link.start() if link else found.start))
    after = (found.end, min((h.start for h in around if h.start >= found.end), default=last.end))
    lengths = [len(tidy(text[s:e])) if s < e else 0 for s, e in (before, after)]
    if max(lengths) < _SHORTEST:  # a clause that holds the date alone
        following = next((c for c in clauses[last.index + 1 :] if c.block == here.block), None)
        preceding = next((c for c in reversed(clauses[: here.index]) if c.block == here.block), None)
        if preceding and (text[before[1] : found.start].startswith("เมื่อ") or not following):
            return preceding.start, before[1]
        if following:
            return after[0], following.end
    if lengths[0] >= _SHORTEST and (lengths[0] >= lengths[1] or lengths[1] < _SHORTEST):
        return before
    return after


def _extent(index: ArticleIndex, found: Happening) -> tuple[int, int]:
    """Return the slice that holds a date and what happened then."""
    if _published(index, found):
        return found.start, found.end
    start, end = _event_span(index, found)
    return min(start, found.start), max(min(end, start + 200), found.end)


def _published(index: ArticleIndex, found: Happening) -> bool:
    block = index.article.blocks[index.article.clauses[found.clause].block]
    return block.kind == "source"


# --- reading


def _joined(index: ArticleIndex) -> list[Happening]:
    text, found = index.article.text, list[Happening]()
    for mention in index.analysis.mentions:
        if mention.kind not in ("date", "time"):
            continue
        new = _from_mention(text, mention)
        last = found[-1] if found else None
        until = new.grain != "time" and found and re.search("ถึง\\s?$", text[: found[-1].start][-8:])
        if last and not until and {last.grain, new.grain} & {"time"} and _JOINS.fullmatch(text[last.end : new.start]):
            timed, dated = (last, new) if last.grain == "time" else (new, last)
            if dated.grain in ("day", "relative"):
                english = f"{dated.english}, {timed.english}" if dated.english else timed.english
                value = f"{dated.value}T{timed.value}" if dated.value else f"T{timed.value}"
                bracket = text[new.end : new.end + 1] == ")" and "(" in text[last.end : new.start]
                found[-1] = replace(
                    dated, start=last.start, end=new.end + bracket, clause=last.clause, value=value, english=english
                )
                continue
        found.append(new)
    return [h for h in found if h.grain != "time"]


def _from_mention(text: str, mention: Mention) -> Happening:
    start = mention.start
    number = mention.detail == "relative" and mention.text.startswith(_SPANS)
    counted = _COUNTED.search(text[max(0, start - 4) : start]) if number else None
    english = "" if counted else mention.english
    if counted:
        start -= len(counted.group())
    return Happening(start, mention.end, mention.clause, mention.value, english, mention.detail)


def _resolved(index: ArticleIndex, found: list[Happening]) -> list[Happening]:
    """Resolve relative dates: against the day last named before them, or the day of publication the text states."""
    stated = next((h.value.split("T")[0] for h in found if h.grain == "day" and _published(index, h)), "")
    quoted = [(m.start, m.end) for m in index.analysis.mentions if m.kind == "quotation"]
    last, kept = "", list[Happening]()
    for item in found:
        spoken = any(s <= item.start < e for s, e in quoted)
        if item.grain == "day" and not _published(index, item):
            last = item.value.split("T")[0]
        if item.grain == "relative":
            clock = item.value.removeprefix("T")
            said = index.article.text[item.start : item.end]
            value = _reckon(said, last or stated, stated)
            timed = f"{value}T{clock}" if value and clock else value
            item = replace(item, value=timed, base=value)
            if spoken:  # whose today it is, the text does not say
                continue
        kept.append(item)
    return kept


def _reckon(said: str, last: str, stated: str) -> str:
    if _COUNTED.match(said + " ") or said[:1].isdigit():
        return ""
    if _SAME_DAY in said:
        return last
    if _NEXT_DAY in said:
        return _shifted(last, 1)
    if _SAME_MONTH in said:
        return f"{last.rsplit('-', 1)[0]}-?" if last else ""
    if not stated or "ทุก" in said:
        return ""
    for words, step in _DAYS.items():
        if words in said:
            return _shifted(stated, step)
    year, month, _ = stated.split("-")
    for words, step in _YEARS.items():
        if said.startswith(words) and year != "?":
            return f"{int(year) + step}-?-?"
    for words, step in _MONTHS.items():
        if said.startswith(words) and year != "?":
            total = int(year) * 12 + int(month) - 1 + step
            return f"{total // 12}-{total % 12 + 1:02d}-?"
    return ""


def _shifted(value: str, days: int) -> str:
    """Return a day some days later; without its year, never over the end of a year or of a February."""
    if not value or days == 0:
        return value
    year, month, date = value.split("-")
    try:
        moved = day(2001 if year == "?" else int(year), int(month), int(date)) + timedelta(days)
    except ValueError:
        return ""
    if year == "?":
        return f"?-{moved:%m-%d}" if moved.year == 2001 and month != "02" else ""
    return moved.isoformat()


def _order(index: ArticleIndex, found: Happening) -> tuple[bool, int, int, int, str, int]:
    """Return where a date comes; one without its year is put into the year of publication, for its place alone."""
    if found.vague:
        return True, 0, 0, 0, "", found.start
    date, _, clock = found.value.partition("T")
    year, _, rest = date.partition("/")[0].partition("-")
    month, _, number = rest.partition("-")
    assumed = index.article.date[:4] or next(
        (h.value[:4] for h in happenings(index) if h.grain == "day" and h.value[:4].isdigit()), str(_LATE)
    )
    known = [int(p) if p.isdigit() else 0 for p in (year if year.isdigit() else assumed, month, number)]
    return False, known[0], known[1], known[2], clock, found.start
