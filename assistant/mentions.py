"""People, organisations, places, dates, numbers, lists and quotations in an article, with offsets.

Rules over titles, name lists and the text's own layout; no model. Every rule is general: what one
article calls its people comes from the article, or from the glossary that came along with it.
"""

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from assistant import lexicon as lex
from assistant.dates import find_dates
from assistant.names import FEMALE_TITLES, MALE_TITLES, PERSON_TITLES, romanize
from assistant.records import Article, Mention
from assistant.thai import Normalized, Token, dictionary, normalize, tokens

_TITLE = "|".join(re.escape(t) for t in sorted(PERSON_TITLES, key=len, reverse=True))
_PERSON = re.compile(rf"(?<![ก-ฮะ-์])(?:ท่าน)?(?P<title>{_TITLE})\s?(?P<first>[ก-ฮเ-ไ][ก-์]+)")
_ROLE_WORDS = ("ปลัด ผู้ว่า รัฐมนตรี รมว. รมช. รมต. นายก อธิบดี รองอธิบดี เลขาธิการ ผู้อำนวยการ ผอ. หัวหน้า ประธาน รองประธาน กรรมการ "
               "เอกอัครราชทูต ออท. ทูต ผู้แทน โฆษก ผู้บัญชาการ ผบ. ผกก. ผู้กำกับ รอง ผู้ช่วย อดีต ที่ปรึกษา สมาชิก ส.ส. ส.ว. นายแพทย์ แพทย์ "
               "อาจารย์ ชาวบ้าน เกษตรกร เจ้าของ ผู้จัดการ กรรมการผู้จัดการ นักวิชาการ นักวิจัย ผู้ตรวจ คณบดี อธิการบดี พัฒนาสังคม นายอำเภอ กำนัน "
               "ผู้ใหญ่บ้าน นายกเทศมนตรี แม่ทัพ ทนาย ครู ผู้เชี่ยวชาญ").split()
_ROLE_END = frozenset("ได้ กล่าว เปิดเผย เผย ระบุ ร่วม ให้ นำ ว่า พร้อม เป็น และ รับ มอบ เดินทาง ลง ย้ำ เตือน เล่า ชี้แจง แถลง ยืนยัน บอก ที่ เมื่อ จาก มี จะ "
                      "ขอ ใน กับ ซึ่ง โดย ลงพื้นที่ เข้า ตอบ รับมอบ ให้การ ร่วมกัน ประชุม".split())
_SPEECH = ("กล่าว", "เปิดเผย", "ระบุ", "ย้ำ", "เผย", "ชี้แจง")
_NOT_SURNAME = frozenset("กล่าว เปิดเผย เผย ระบุ ให้ นำ พร้อม ได้ เป็น และ ใน ที่ จาก ว่า มี อายุ ร่วม รับ มอบ ซึ่ง โดย กับ จะ ลง".split())
_ORG_HEADS = ("กระทรวง กรม สำนักงาน สำนัก มหาวิทยาลัย บริษัท ธนาคาร โรงพยาบาล รพ. สถาบัน องค์การ องค์กร สมาคม คณะกรรมการ มูลนิธิ กองทุน "
              "ศูนย์ โรงเรียน พรรค กองบัญชาการ กองทัพ สถานีตำรวจ สภ. ศาล สภา หอการค้า เทศบาล อบต. อบจ. การรถไฟ การไฟฟ้า การประปา สหกรณ์ สโมสร "
              "สถานทูต วิทยาลัย").split()
_PLACE_HEADS = {"จังหวัด": "province", "จ.": "province", "อำเภอ": "district", "อ.": "district", "เขต": "district", "ตำบล": "subdistrict",
                "ต.": "subdistrict", "แขวง": "province", "กรุง": "city", "นคร": "city", "เมือง": "city", "ประเทศ": "country", "บ้าน": "village",
                "วัด": "temple", "โรงแรม": "hotel", "ถนน": "road", "ทางหลวง": "road", "แม่น้ำ": "river", "เกาะ": "island", "ศาลากลาง": "building",
                "สนามบิน": "airport", "ท่าอากาศยาน": "airport", "มณฑล": "province", "ห้องประชุม": "room", "อาคาร": "building",
                "หมู่บ้าน": "village", "ชุมชน": "village", "ภาค": "region", "ศูนย์พักพิง": "shelter", "ทำเนียบ": "building", "สปป.": "country"}
_STOP = frozenset("และ หรือ ที่ ใน ได้ เป็น โดย จาก เมื่อ ซึ่ง ให้ กับ เพื่อ จะ ต้อง มี ของ ว่า ไป มา เข้า ร่วม นำ จัด อยู่ แก่ ต่อ ตาม ขาด ลดลง เพิ่มขึ้น "
                  "กล่าว เปิดเผย ระบุ รายงาน แล้ว พร้อม ถึง ด้วย ด้าน เผย สั่ง มอบ ร่วมกัน ก็ คือ นี้ นั้น ราว ประมาณ ทั้ง รวม ห่าง หลัง ก่อน พบ กว่า".split())
_NUMBER = re.compile(r"(?<![\d.,])(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?:\s*-\s*(?P<to>\d+(?:\.\d+)?))?(?![\d])")
_SCALES = {"ล้านล้าน": 1e12, "แสนล้าน": 1e11, "หมื่นล้าน": 1e10, "พันล้าน": 1e9, "ล้าน": 1e6, "แสน": 1e5, "หมื่น": 1e4, "พัน": 1e3}
_QUOTE = re.compile(r'"(?P<body>[^"]{8,1200})"')
_ITEM_NUMBER = re.compile(r"^(?P<n>\d{1,2})[.)]\s*")
_ABBREVIATION = re.compile(r"\((?P<short>[A-Za-zก-ฮ][A-Za-zก-ฮ.\d]{1,11})\)")


@dataclass(frozen=True, slots=True)
class ListBlock:
    """A numbered or dashed list: its items in order and the clauses that introduce it."""

    header: tuple[int, int]
    items: tuple[tuple[int, int], ...]
    numbered: bool


@lru_cache(maxsize=1)
def place_names() -> dict[str, str]:
    """Return Thai names of provinces and countries with their English ("" when the table has none)."""
    from pythainlp.corpus import countries, provinces

    names = {str(c): "" for c in countries()}
    names.update({str(p["name_th"]): str(p["name_en"]) for p in provinces(details=True)})
    return names


class Reader:
    """Finds the mentions of one article."""

    def __init__(self, article: Article) -> None:
        self.article = article
        self.lexicon = lex.load()
        self.entities = {form: index for index, entry in enumerate(article.glossary)
                         for form in entry.th if entry.kind in ("person", "organisation", "place", "group")}

    def read(self) -> tuple[Mention, ...]:
        """Return every mention, in order of appearance."""
        found: list[Mention] = []
        text = self.article.text
        for block in self.article.blocks:
            clean = normalize(text[block.start : block.end])
            words = tokens(clean.text)
            for mention in (*self._people(clean, words), *self._known(clean), *self._organisations(clean, words),
                            *self._places(clean, words), *self._dates(clean), *self._numbers(clean, words), *self._quotes(clean)):
                start, end = clean.original(mention.start, mention.end)
                found.append(self._place_in_clause(replace(mention, start=start + block.start, end=end + block.start)))
        return tuple(sorted(_without_overlaps(found), key=lambda m: (m.start, -m.end)))

    def _place_in_clause(self, mention: Mention) -> Mention:
        index = 0
        for clause in self.article.clauses:
            if clause.start > mention.start:
                break
            index = clause.index
        return replace(mention, clause=index, text=self.article.text[mention.start : mention.end])

    def _people(self, clean: Normalized, words: list[Token]) -> list[Mention]:
        found = []
        for match in _PERSON.finditer(clean.text):
            end = self._name_end(clean.text, match.start("first"), match.end("first"))
            if end <= match.start("first") + 1:
                continue
            name = clean.text[match.start("first") : end]
            role_start, role_end = self._role(clean.text, end)
            title = match["title"]
            gender = "f" if title in FEMALE_TITLES else "m" if title in MALE_TITLES else ""
            found.append(Mention("person", match.start(), end, "", 0, name, romanize(name),
                                 clean.text[role_start:role_end].strip() + "|" + gender, self.entities.get(name, -1)))
        return found

    def _name_end(self, text: str, start: int, end: int) -> int:
        first = text[start:end]
        if first.startswith(tuple(_ROLE_WORDS)) or self.lexicon.pos(tokens(first)[0].text) == "n" and len(first) > 9:
            return start
        for word in tokens(first)[1:]:
            if word.start >= 3 and (word.text in _ROLE_END or word.text.startswith(_SPEECH)):
                return start + word.start
        position, parts = end, 1
        while parts < 4:
            match = re.match(r" ([ก-ฮเ-ไ][ก-์]+)", text[position:])
            if not match:
                break
            chunk = match[1]
            head = tokens(chunk)[0].text
            if head in _NOT_SURNAME or chunk.startswith(tuple(_ROLE_WORDS)) or chunk.startswith(PERSON_TITLES):
                break
            if parts >= 2 and not (len(chunk) <= 5 and position - start <= 11 and head == chunk):
                break
            for word in tokens(chunk)[1:]:
                if word.text in _ROLE_END and word.start >= 4:
                    return position + 1 + word.start
            position += match.end()
            parts += 1
        return position

    def _role(self, text: str, end: int) -> tuple[int, int]:
        gap = re.match(r"[ ,(]*", text[end:])
        start = end + (gap.end() if gap else 0)
        if not text[start:].startswith(tuple(_ROLE_WORDS)):
            return end, end
        stop = start
        for word in tokens(text[start : start + 160]):
            if word.text in _ROLE_END and word.start > 2:
                break
            if text[start + word.start - 1] == " " and word.text in PERSON_TITLES:
                break
            stop = start + word.end
        return start, stop

    def _known(self, clean: Normalized) -> list[Mention]:
        found = []
        for form, index in self.entities.items():
            entry = self.article.glossary[index]
            for match in re.finditer(re.escape(form), clean.text):
                role = f"{entry.role_th}|{entry.gender}" if entry.kind == "person" else entry.note
                found.append(Mention(entry.kind, match.start(), match.end(), "", 0, entry.th[0], entry.en[0], role, index))
        return found

    def _organisations(self, clean: Normalized, words: list[Token]) -> list[Mention]:
        found = []
        for index, word in enumerate(words):
            head = next((h for h in _ORG_HEADS if word.text.startswith(h)), None)
            if head is None:
                continue
            end = self._extent(clean.text, words, index, 12)
            if end - word.start < len(head) + 3:
                continue
            name = clean.text[word.start : end]
            found.append(Mention("organisation", word.start, end, "", 0, name, "", ""))
        return found

    def _extent(self, text: str, words: list[Token], index: int, limit: int) -> int:
        end = words[index].end
        for word in words[index + 1 : index + limit]:
            if word.start > end and not (text[end:word.start] == " " and word.text in ("ฯ", "(")):
                break
            if word.text in _STOP or not (word.is_thai or word.text == "ฯ") or self.lexicon.pos(word.text) == "v":
                break
            end = word.end
        tail = re.match(r"\s?\((?:[A-Za-zก-ฮ.]{2,12})\)", text[end:])
        return end + (tail.end() if tail else 0)

    def _places(self, clean: Normalized, words: list[Token]) -> list[Mention]:
        found = []
        names = place_names()
        for index, word in enumerate(words):
            head = next((h for h in sorted(_PLACE_HEADS, key=len, reverse=True) if word.text.startswith(h)), None)
            if head and (len(word.text) > len(head) or index + 1 < len(words)):
                end = word.end if word.text[len(head) :] in names else self._extent(clean.text, words, index, 7)
                if index + 1 < len(words) and words[index + 1].text in names and words[index + 1].start == word.end:
                    end = words[index + 1].end
                if end - word.start >= len(head) + 2 and not (head == "ภาค" and "ทวิ" in clean.text[max(0, word.start - 3) : word.start]):
                    bare = clean.text[word.start + len(head) : end].strip()
                    found.append(Mention("place", word.start, end, "", 0, bare, names.get(bare, "") or self._english(bare), _PLACE_HEADS[head]))
                    continue
            if word.text in names or self.lexicon.pos(word.text) == "name":
                found.append(Mention("place", word.start, word.end, "", 0, word.text, names.get(word.text) or self._english(word.text),
                                     "province" if names.get(word.text) else "country" if word.text in names else ""))
        return found

    def _english(self, name: str) -> str:
        return self.lexicon.gloss(name)

    def _dates(self, clean: Normalized) -> list[Mention]:
        kinds = {"time": "time"}
        return [Mention(kinds.get(w.grain, "date"), w.start, w.end, "", 0, w.value, w.english, w.grain) for w in find_dates(clean.text)]

    def _numbers(self, clean: Normalized, words: list[Token]) -> list[Mention]:
        found = []
        for match in _NUMBER.finditer(clean.text):
            tail = clean.text[match.end() : match.end() + 40]
            if re.match(r"[.)]\s", tail) and (match.start() == 0 or clean.text[match.start() - 1].isspace()) and float(
                    match["number"].replace(",", "")) < 30 and not re.match(r"\.\s*$", tail):
                continue
            value = float(match["number"].replace(",", ""))
            end, unit = match.end(), ""
            spaced = re.match(r"\s?", tail)
            rest = tail[spaced.end() if spaced else 0 :]
            offset = match.end() + (spaced.end() if spaced else 0)
            scale = next((s for s in _SCALES if rest.startswith(s)), "")
            if scale:
                value *= _SCALES[scale]
                end, rest, offset = offset + len(scale), rest[len(scale) :], offset + len(scale)
            unit_words = tokens(rest.split(" ")[0]) if rest[:1].strip() else []
            if unit_words and unit_words[0].is_thai and unit_words[0].text not in _STOP:
                unit = unit_words[0].text
                end = offset + unit_words[0].end
            if re.search(r"(ระยะ|ครั้ง|ข้อ|ลำดับ|รอบ|รุ่น|ฉบับ|เข็ม|ชั้น|อันดับ)ที่\s*$|หมู่\s*$", clean.text[max(0, match.start() - 12) : match.start()]):
                found.append(Mention("number", match.start(), match.end(), "", 0, f"{value:.10g}", "", "ordinal"))
                continue
            before = clean.text[max(0, match.start() - 9) : match.start()].rstrip()
            start = match.start()
            for percent in ("ร้อยละ", "หมายเลข", "สายด่วน"):
                if before.endswith(percent):
                    start = clean.text.rindex(percent, 0, match.start())
                    unit = percent
            found.append(Mention("number", start, end, "", 0, f"{value:.10g}", "", unit))
        return found

    def _quotes(self, clean: Normalized) -> list[Mention]:
        return [Mention("quotation", m.start("body"), m.end("body"), "", 0) for m in _QUOTE.finditer(clean.text)]


_RANK = {"quotation": 9, "person": 5, "date": 4, "time": 4, "organisation": 3, "group": 3, "place": 2, "number": 1}


def _without_overlaps(mentions: list[Mention]) -> list[Mention]:
    """Keep, of mentions that overlap, the surer kind, then the glossary's, then the longer."""
    kept: list[Mention] = [m for m in mentions if m.kind == "quotation"]
    rest = sorted((m for m in mentions if m.kind != "quotation"),
                  key=lambda m: (-(_RANK[m.kind] if m.kind in ("person", "date", "time") else 3), -(m.end - m.start), -m.entity))
    chosen: list[Mention] = []
    for mention in rest:
        rivals = [c for c in chosen if c.start < mention.end and mention.start < c.end]
        if not rivals or (mention.kind == "place" and all(r.kind == "organisation" for r in rivals)):
            chosen.append(mention)
        elif mention.entity >= 0 and len(rivals) == 1 and rivals[0].entity < 0 and rivals[0].kind == mention.kind:
            chosen[chosen.index(rivals[0])] = replace(rivals[0], entity=mention.entity, english=mention.english, value=mention.value,
                                                      detail=mention.detail if mention.kind == "person" else rivals[0].detail)
    return kept + chosen


def find_lists(article: Article) -> tuple[ListBlock, ...]:
    """Return the numbered and dashed lists of an article, in lines of their own or inline."""
    lists: list[ListBlock] = []
    runs: list[list[tuple[int, int, int]]] = []
    for start, end in _item_spans(article):
        match = _ITEM_NUMBER.match(article.text[start:end])
        number = int(match["n"]) if match else 0
        if runs and number and number == runs[-1][-1][2] + 1:
            runs[-1].append((start, end, number))
        elif runs and not number and runs[-1][-1][2] == 0:
            runs[-1].append((start, end, 0))
        else:
            runs.append([(start, end, number)])
    for run in runs:
        if len(run) < 2 or run[0][2] > 1:
            continue
        before = [c for c in article.clauses if c.end <= run[0][0]]
        header = (before[-1].start, before[-1].end) if before else (run[0][0], run[0][0])
        same = [c for c in before if before and c.block == before[-1].block][-4:]
        header = (same[0].start, header[1]) if same else header
        lists.append(ListBlock(header, tuple((s, e) for s, e, _ in run), run[0][2] == 1))
    return tuple(lists)


def _item_spans(article: Article) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for block in article.blocks:
        inner = [c for c in article.clauses if c.block == block.index]
        if block.kind == "item":
            spans.append((block.start, block.end))
            continue
        starts = [c.start for c in inner if _ITEM_NUMBER.match(article.text[c.start : c.end])]
        for index, start in enumerate(starts):
            end = starts[index + 1] if index + 1 < len(starts) else block.end
            while article.text[end - 1].isspace():
                end -= 1
            spans.append((start, end))
    return spans


def item_body(article: Article, span: tuple[int, int]) -> tuple[int, int]:
    """Return the slice of a list item without its number or dash."""
    match = re.match(r"(?:\d{1,2}[.)]|[-•*▪–])\s*", article.text[span[0] : span[1]])
    return span[0] + (match.end() if match else 0), span[1]


def abbreviations(article: Article) -> dict[str, tuple[int, int]]:
    """Return abbreviations that the text defines in brackets, each with the slice of its long form."""
    found: dict[str, tuple[int, int]] = {}
    for match in _ABBREVIATION.finditer(article.text):
        head = article.text[: match.start()].rstrip()
        start = max(head.rfind(" "), head.rfind("\n"), head.rfind("\u00a0")) + 1
        if len(head) - start >= 3 and match["short"] not in found:
            found[match["short"]] = (start, len(head))
    return found


__all__ = ["ListBlock", "Mention", "Reader", "abbreviations", "dictionary", "find_lists", "item_body", "place_names"]
