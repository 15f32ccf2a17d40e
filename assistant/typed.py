"""Findings with a type: the person, organisation, place, date or number that a question asks for."""

import re

from assistant import cues as cue_tables
from assistant import gazetteer, participants
from assistant.clauses import lead_bonus, lead_sentence
from assistant.dates import MONTHS_EN
from assistant.evidence import Evidence, Finding, Span, thai_terms_bag
from assistant.lexicon import match
from assistant.participants import entity_index, name_of
from assistant.records import Mention
from assistant.thai import THAI_LETTER, clean, normalize, tokens

REPORT_DATE, BRACKETED = 0.2, 0.6
WIDE = 0.1  # a country answers "where" less well than a town
ADJECTIVE = 0.25  # "ฝ่ายไทย": a country that only says whose
_LINK = re.compile(r"(ให้|ว่า|และ|ระหว่าง)\s?$")
_PREPOSITION = re.compile(r"(ที่|ณ|ใน|จาก|ถึง|กรุง|นคร|จังหวัด|จ\.|อ\.|ต\.|ประเทศ|แขวง|เมือง|ไป|สู่)\s?$")
PLACES_FOR = {
    "city": ("city", "province"),
    "country": ("country",),
    "province": ("province", "district", "subdistrict", "region", "village", "state"),
    "building": ("hotel", "building", "room", "temple", "shelter", "airport"),
}
UNITS = {
    "money": r"บาท|ดอลลาร์|เหรียญ|ยูโร|หยวน|เยน",
    "age": r"ปี|ขวบ|เดือน",
    "duration": r"ชั่วโมง|ชม|นาที|วัน|เดือน|ปี|สัปดาห์",
    "percent": r"ร้อยละ|%|เปอร์เซ็นต์|เท่า",
    "distance": r"กิโลเมตร|กม|เมตร|ไมล์|ม\.|ซม|เซนติเมตร|หลา|วา",
    "height": r"เมตร|ม\.|ซม|เซนติเมตร|ฟุต|ชั้น|กิโลเมตร|กม",
    "weight": r"กิโล|กก|กรัม|ตัน|ขีด|ปอนด์",
    "area": r"ไร่|ตาราง|ตร|งาน|เอเคอร์|เฮกตาร์",
    "speed": r"กิโล|กม|น็อต|ไมล์|เมกะ",
    "temperature": r"องศา",
}


def places(found: Evidence) -> list[Finding]:
    """Return the places that could be meant, best first."""
    wanted = PLACES_FOR.get(found.question.asks)
    lead, bonus = lead_sentence(found.analysis), lead_bonus(found)
    results: list[Finding] = []
    for mention in found.analysis.mentions:
        if mention.kind != "place" or (wanted and mention.detail not in wanted):
            continue
        index = entity_index(found, mention)
        score = float(found.field.score[mention.clause]) + (
            bonus if found.clause(mention.clause).sentence == lead else 0.0
        )
        before = found.analysis.article.text[max(0, mention.start - 8) : mention.start]
        if (
            THAI_LETTER.search(before[-1:])
            and mention.text in gazetteer.places()
            and not _PREPOSITION.search(normalize(before).text)
            and not _LINK.search(normalize(before).text)
        ):
            score -= ADJECTIVE
        if _LINK.search(normalize(before).text):
            score -= ADJECTIVE
        elif _PREPOSITION.search(normalize(before).text) or re.match(
            r"(กรุง|นคร|จังหวัด|จ\.|อ\.|ต\.|ประเทศ|แขวง|เมือง|วัด|โรงแรม)", mention.text
        ):
            score += 0.08
        elif wanted is None:
            score -= 0.1
        if mention.detail in ("country", "region", "") and wanted is None:
            score -= WIDE
        if index >= 0 and index in found.question.entities:
            score -= participants.ASKED_ABOUT
        thai, english, span = _with_country(found, mention)
        results.append(
            Finding(
                float(score),
                (span,),
                thai,
                english,
                "plain",
                clause=mention.clause,
                typed=True,
                entities=(index,) if index >= 0 else (),
            )
        )
    return sorted(results, key=lambda f: -f.score)


def _with_country(found: Evidence, mention: Mention) -> tuple[str, str, Span]:
    """Return a place with the larger place written right after it."""
    thai, english = name_of(found, mention, role=False)
    end = mention.end
    for other in found.analysis.mentions:
        if (
            other.kind == "place"
            and 0 < other.start - end <= 1
            and not found.analysis.article.text[end : other.start].strip()
        ):
            more_th, more_en = name_of(found, other, role=False)
            thai, english, end = f"{thai} {more_th}", f"{english}, {more_en}", other.end
    return thai, english, (mention.start, end)


def dates(found: Evidence) -> list[Finding]:
    """Return the dates and times that could be meant, best first."""
    asks = found.question.asks
    lead, bonus = lead_sentence(found.analysis), lead_bonus(found)
    reporting = (
        any(k in ("c:report", "e:report", "e:reporter") for t in found.field.terms for k in t.keys)
        or "report" in found.question.clean
    )
    results: list[Finding] = []
    for mention in found.analysis.mentions:
        if mention.kind not in ("date", "time") or not _fits(mention, asks):
            continue
        clause = found.clause(mention.clause)
        score = float(found.field.score[mention.clause]) + (bonus if clause.sentence == lead else 0.0)
        if not reporting and any(
            m in clean(found.text((clause.start, clause.end))) for m in cue_tables.load().reporting
        ):
            score -= REPORT_DATE
        thai, english = clean(mention.text), mention.english
        spans: tuple[Span, ...] = ((mention.start, mention.end),)
        template = "plain"
        values: dict[str, str] = {}
        if mention.detail == "relative":
            base = _earlier_day(found, mention)
            if base is not None and "วันเดียวกัน" in thai:
                template, values = "same_day", {"base_th": clean(base.text), "base_en": base.english}
                spans = (*spans, (base.start, base.end))
            score -= 0.03
        if asks == "month" and mention.detail == "day":
            english = MONTHS_EN[int(mention.value.split("-")[1]) - 1]
        local = found.analysis.article.text[max(0, mention.start - 1) : mention.start] == "("
        if local:
            score -= BRACKETED * (found.support(mention.clause) - found.own_support(mention.clause))
        if mention.detail in ("years", "year") and thai[0].isdigit():
            thai = f"ปี {thai}"
        results.append(
            Finding(score, spans, thai, english, template, values, clause=mention.clause, typed=True, local=local)
        )
    return sorted(results, key=lambda f: -f.score)


def _fits(mention: Mention, asks: str) -> bool:
    if asks == "year":
        return (
            not mention.value.startswith("?")
            and mention.detail in ("day", "month", "year", "years")
            and "'" not in mention.english
        )
    if asks == "month":
        return mention.detail in ("day", "month")
    if asks == "clock":
        return mention.kind == "time"
    if asks == "part_of_day":
        return mention.kind == "time" or bool(re.search(r"morning|noon|evening|night|dawn", mention.english))
    if asks == "range":
        return mention.detail in ("years", "month", "year") or "–" in mention.english
    return True


def _earlier_day(found: Evidence, mention: Mention) -> Mention | None:
    reports = re.compile(r"รายงาน|เผยแพร่")
    days = [m for m in found.analysis.mentions if m.kind == "date" and m.detail == "day" and m.end <= mention.start]
    plain = [
        m for m in days if not reports.search(found.text((found.clause(m.clause).start, found.clause(m.clause).end)))
    ]
    return plain[-1] if plain else days[-1] if days else None


def numbers(found: Evidence) -> list[Finding]:
    """Return the quantities that could be meant, best first."""
    asks = found.question.asks
    unit = UNITS.get(asks)
    results: list[Finding] = []
    for mention in found.analysis.mentions:
        if (
            mention.kind != "number"
            or (asks == "ordinal") != (mention.detail == "ordinal")
            or (unit and not re.match(unit, mention.detail))
        ):
            continue
        if asks == "phone" and not (
            mention.detail in ("สายด่วน", "โทรศัพท์")
            or re.search(r"โทร|สายด่วน", found.analysis.article.text[max(0, mention.start - 25) : mention.start])
        ):
            continue
        if asks == "count" and re.match(r"บาท|ร้อยละ|%|หมายเลข|ระหว่าง|ขณะ|score|โทรศัพท์", mention.detail):
            continue
        closeness = _unit_match(found, mention) if asks == "count" else 0.0
        score = float(found.field.score[mention.clause]) + closeness
        if (
            asks in ("count", "percent", "duration")
            and found.question.numbers
            and mention.value in found.question.numbers
        ):
            score -= 0.2
        thai, start = (
            _ordinal_thai(found, mention) if mention.detail == "ordinal" else (clean(mention.text), mention.start)
        )
        results.append(
            Finding(
                score,
                ((start, mention.end),),
                thai,
                _number_english(found, mention),
                "plain",
                clause=mention.clause,
                typed=True,
                fit=closeness * 4,
            )
        )
    return sorted(results, key=lambda f: -f.score)


GENERIC_UNITS = (
    "คน",
    "ราย",
    "แห่ง",
    "จุด",
    "เครื่อง",
    "ลำ",
    "ชุด",
    "อย่าง",
    "ครั้ง",
    "หลัง",
    "คัน",
    "ตัว",
    "ใบ",
    "ฉบับ",
    "เรื่อง",
    "รูป",
    "องค์",
    "ที่",
)
HEAD_EN = re.compile(
    r"(?:how many|number of|hwo meny|how mny)\s+(?P<head>[a-z' -]+?)"
    r"(?= (?:did|does|do|were|was|are|is|have|has|had|will|would|can|could|got|in|of|from|to|for|at|"
    r"on|that|who|there|per|come|appear|sat|make|travel|gave|given|mentioned|named)\b|\?|$)"
)
HEAD_TH = re.compile(r"กี่ ?(?P<head>[ก-๙]+?)(?=คะ|ครับ|ค่ะ|นะ|อะ|แล้ว|ที่|$| |\?)")


def _unit_match(found: Evidence, mention: Mention) -> float:
    """Return a bonus when what is counted is what the question counts, a malus when it is something else."""
    question = found.question.clean
    head = HEAD_EN.search(question) if found.language == "en" else HEAD_TH.search(question)
    if not head:
        return 0.0
    vocabulary = found.analysis.vocabulary
    asked = (vocabulary.english_terms if found.language == "en" else vocabulary.thai_terms)(head["head"])
    around = found.analysis.article.text[max(0, mention.start - 28) : mention.end + 12]
    told = thai_terms_bag(found.analysis, mention.detail or "")
    near = thai_terms_bag(found.analysis, around)
    if not asked:
        return 0.0
    if any(match(t.keys, told) >= 0.5 for t in asked):
        return 0.2
    items = cue_tables.load().item_words
    if mention.detail in items["th"] and any(
        t.text.removesuffix("s") in items["en"] or t.text in items["th"] for t in asked
    ):
        return 0.1
    counted = vocabulary.lexicon.pos(mention.detail) in ("clf", "") or mention.detail in GENERIC_UNITS
    if counted and any(match(t.keys, near) >= 0.5 for t in asked):
        return 0.12
    return -0.25


def _number_english(found: Evidence, mention: Mention) -> str:
    if mention.detail == "ordinal":
        return _ordinal_english(found, mention, int(float(mention.value)))
    return mention.english or mention.value


def _ordinal_english(found: Evidence, mention: Mention, number: int) -> str:
    words = ("", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
    noun = re.search(r"([ก-๙]+?)ที่\s*$", found.analysis.article.text[max(0, mention.start - 14) : mention.start])
    what = found.analysis.vocabulary.lexicon.gloss(tokens(noun[1])[-1].text) if noun else ""
    ordinal = words[number] if number < len(words) else f"number {number}"
    return f"{ordinal} ({what} {number})" if what else ordinal


def _ordinal_thai(found: Evidence, mention: Mention) -> tuple[str, int]:
    noun = re.search(
        r"(ระยะ|ครั้ง|รอบ|รุ่น|ฉบับ|ข้อ|ลำดับ|อันดับ)?ที่\s*$",
        found.analysis.article.text[max(0, mention.start - 10) : mention.start],
    )
    start = mention.start - len(noun.group()) if noun else mention.start
    return clean(found.text((start, mention.end))), start
