"""Organisations: those of `data/organisations.tsv`, those a head word announces, and abbreviations the text defines."""

import re

from assistant import gazetteer
from assistant import lexicon as lex
from assistant.names import PERSON_TITLES
from assistant.pieces import (
    NAME_END,
    ROLE_WORDS,
    RUN,
    WORDS,
    Finder,
    Piece,
    organisation_finder,
    organisations,
    unknown,
)
from assistant.records import Mention
from assistant.thai import dictionary, tokens

_HEADS = tuple(sorted(WORDS["organisation_heads"], key=len, reverse=True))
_GENERIC = frozenset(WORDS["generic_organisations"])
_BEFORE = tuple(WORDS["before_abbreviation"])
_DEFINED = re.compile(r"\s?\((?P<short>[A-Za-zก-ฮเ-ไ][A-Za-zก-์.]{1,14})\)")
_COMPANY = re.compile(r"(?:บริษัท|บจก\.|หจก\.|ห้างหุ้นส่วนจำกัด)\s?[^()\"\n]{2,50}?\s?จำกัด(?:\s?\(มหาชน\))?")
_LIST_OF_DUTIES = re.compile(r"(?: (?P<one>[ก-์]+)){0,3} และ(?P<last>[ก-์]+)")
_NUMBERED = re.compile(r"\s?\d{1,3}(?![\d.,])")
_COUNTED = re.compile(r"\s?(?:กว่า|ประมาณ|ราว)?\s?\d[\d,]*\s?(?:แห่ง|โรง|ราย|ที่|กลุ่ม)")
_TITLES_OF_DUTY = re.compile(r"(?: (?!และ)[ก-์]+){1,4}(?=\s?\((?P<short>[ก-์A-Za-z.]{2,14})\))")
_NATIONAL = re.compile(r"[ก-์]{2,40}?แห่งประเทศไทย(?:ในพระ[ก-์]*ราชูปถัมภ์)?")
_LONGEST = 14


class Organisations:
    """Finds the organisations of one article, over all its pieces."""

    def __init__(self, pieces: list[Piece]) -> None:
        """Learn the abbreviations that the text defines."""
        self.pieces, self.defined = pieces, {}
        self.headed: list[list[tuple[int, int]]] = [self._headed(piece) for piece in pieces]
        for piece, spans in zip(pieces, self.headed, strict=True):
            for start, end in spans:
                bracket = _DEFINED.match(piece.text, end)
                if bracket and _is_short(bracket["short"]) and not bracket["short"].startswith(ROLE_WORDS):
                    self.defined[bracket["short"]] = piece.text[start:end]

    def read(self, index: int) -> list[Mention]:
        """Return the organisations of a piece."""
        piece, found = self.pieces[index], []
        text = piece.text
        known = organisations()
        for start, form in organisation_finder().find(text):
            end = start + len(form)
            if _stands(piece, start, end, form):
                end = _local(text, end) if form not in self.defined else end
                full, english = known[form]
                name = full if end == start + len(form) else text[start:end]
                found.append(_mention(start, end, name, english if end == start + len(form) else ""))
        for start, form in Finder(self.defined).find(text):
            if _stands(piece, start, start + len(form), form):
                full = self.defined[form]
                found.append(_mention(start, start + len(form), full, known.get(full, ("", ""))[1]))
        listed = {m.start: m.end for m in found}
        for start, end in self.headed[index]:
            past = listed.get(start, end)
            if past < end and past - start > 8 and _ends_there(text[past:end]):
                continue
            name = text[start:end]
            found.append(_mention(start, end, name, known.get(name, ("", ""))[1] or english_of(name)))
        return found

    def _headed(self, piece: Piece) -> list[tuple[int, int]]:
        text, found = piece.text, []
        for match in _COMPANY.finditer(text):
            found.append(match.span())
        for position, word in enumerate(piece.words):
            head = next((h for h in _HEADS if word.text.startswith(h) and _is_word(word.text[len(h) :])), None)
            start = word.start
            if head is None and "กระทรวง" in word.text[1:]:
                head, start = "กระทรวง", word.start + word.text.index("กระทรวง", 1)
            if head is None or any(s <= start < e for s, e in found):
                continue
            end = _extent(piece, position, start, head)
            end = _with_owner(text, start, end)
            if _COUNTED.match(text, end):
                continue
            name = text[start:end]
            if len(name) >= len(head) + 2 and name not in _GENERIC and not _is_common(name, head):
                found.append((start, end))
        return found


def english_of(name: str) -> str:
    """Return an English form of an organisation made from its words, "" when a word has none."""
    lexicon = lex.load()
    return lexicon.gloss(name)


def _mention(start: int, end: int, name: str, english: str) -> Mention:
    return Mention("organisation", start, end, "", 0, name, english, "")


def _is_word(rest: str) -> bool:
    """True when a head word is not just the first letters of another: "สภา" in "สภาพ"."""
    if not rest or rest in gazetteer.places():
        return True
    return rest[0] not in "ะาำๅ" and (rest in dictionary() or tokens(rest)[0].text in lex.load().thai)


def _is_short(word: str) -> bool:
    return "." in word or word.isascii() or word in organisations() or unknown(word)


def _stands(piece: Piece, start: int, end: int, form: str) -> bool:
    """True when a listed name is a word of its own here, and not the middle of another."""
    text = piece.text
    before = text[start - 1 : start]
    short = "." in form or len(form) <= 6
    if RUN.match(before) or before == ".":
        if short and not text[:start].endswith(_BEFORE):
            return False
        if not short and start not in piece.starts and not text[:start].endswith(_BEFORE) and len(form) < 9:
            return False
    if form.endswith("."):
        return not re.match(r"[ก-ฮ]{1,3}\.", text[end:]) or text[end:].startswith("จ")
    after = text[end : end + 1]
    if after and ("ะ" <= after <= "ฺ" or "็" <= after <= "์"):
        return False
    return not (short and RUN.match(after)) or end in piece.ends


def _local(text: str, end: int) -> int:
    """Return the end of a body with the place it is in: "อบจ.", "กกต.จว." and a province, a ministry's country."""
    match = re.compile(r"(?:ประจำ)?(?:จว\.|จ\.|จังหวัด)?").match(text, end)
    at = match.end() if match else end
    places = gazetteer.places()
    run = RUN.match(text, at)
    if not run:
        return end
    if run.group() in places and (at > end or text[end - 1] == "." or places[run.group()][1] == "country"):
        return run.end()
    first = tokens(run.group())[0].text
    if at > end and first in places:
        return at + len(first)
    if text[end - 1] != "." and first in places and places[first][1] == "country":
        return at + len(first)
    return end


def _extent(piece: Piece, position: int, start: int, head: str) -> int:
    """Return where the name of a body ends whose head is (in) a word."""
    text, words = piece.text, piece.words
    national = _NATIONAL.match(text, start + len(head))
    if national:
        return national.end()
    end = words[position].end
    lexicon = lex.load()
    for word in words[position + 1 : position + _LONGEST]:
        gap = text[end : word.start]
        if gap and not (gap == " " and word.text == "ฯ"):
            spaced = gap == " " and text[start:end] == head and head in WORDS["spaced_heads"] and word.is_thai
            if not spaced or word.text.startswith((*ROLE_WORDS, *_HEADS)):
                break
            end = word.end
            continue
        if word.text == "ฯ":
            return word.end
        if not word.is_thai or word.text in WORDS["organisation_end"]:
            break
        if text.startswith("ว่าด้วย", word.start) or (word.text == "ร่วม" and text[start:end] == head):
            end = word.end
            continue
        if text[start:end].endswith("ว่า") and word.text == "ด้วย":
            end = word.end
            continue
        if word.text in NAME_END and not _inside(text, word.start, word.end):
            break
        if lexicon.pos(word.text) == "v" and not _nominal(text[start : word.start], head):
            break
        end = word.end
    if text[start:end].endswith(("ภาค", "เขต", "ที่")) and (number := _NUMBERED.match(text, end)):
        end = number.end()
    more = _TITLES_OF_DUTY.match(text, end) if head in ("กระทรวง", "กรม", "องค์การ") else None
    if more and _is_short(more["short"]) and all(_duty(c) for c in more.group().split()):
        return more.end()
    if head in ("กระทรวง", "กรม") and (more := _LIST_OF_DUTIES.match(text, end)):
        chunks = more.group().replace("และ", " ").split()
        if all(_duty(c) for c in chunks):
            end = _cut_last(text, more)
    tail = re.compile(r"ของ(?:[ก-์]+)(?=\s?\()").match(text, end)
    return tail.end() if tail and _DEFINED.match(text, tail.end()) else end


def _ends_there(rest: str) -> bool:
    """True when the words after a listed name do not go on with it."""
    first = tokens(rest)[0].text
    return first in NAME_END or lex.load().pos(first) in ("v", "prep", "conj")


def _with_owner(text: str, start: int, end: int) -> int:
    """Return the end of an office with the body it serves: "สำนักงานรัฐมนตรี ศธ."."""
    if text[start:end] not in WORDS["offices_of"] or text[end : end + 1] != " ":
        return end
    return next((end + 1 + len(n) for at, n in organisation_finder().find(text[end + 1 : end + 80]) if at == 0), end)


def _nominal(before: str, head: str) -> bool:
    """True where a verb is part of a name: "กรมการ…", "สำนักงาน…", "กองทุนเพื่อ…"."""
    after_noun = before.endswith(("การ", "ความ", "ผู้", "และ", "คณะกรรมการ", "เพื่อ"))
    return after_noun or (before == head and head not in WORDS["heads_that_act"])


def _inside(text: str, start: int, end: int) -> bool:
    """True for a joining word within a name written without spaces around it, before a noun: "เพื่อ", "และ"."""
    word = text[start:end]
    if word == "และ":
        after = text[end : end + 24]
        if text[:start].endswith(_HEADS) or text[start - 1] == " " or not RUN.match(after):
            return False
        return not after.startswith((*_HEADS, *ROLE_WORDS, *PERSON_TITLES))
    return word in ("เพื่อ", "ด้าน") and text[:start].endswith(("กองทุน", "ธนาคาร", "มูลนิธิ", "องค์การ", "เครือข่าย"))


def _duty(chunk: str) -> bool:
    first = tokens(chunk)[0].text
    return (
        not chunk.startswith((*_HEADS, *ROLE_WORDS, *PERSON_TITLES))
        and first not in NAME_END
        and lex.load().pos(first) != "v"
        and len(chunk) < 40
    )


def _cut_last(text: str, match: re.Match[str]) -> int:
    at = match.start("last")
    for word in tokens(match["last"])[1:]:
        if word.text in NAME_END and not _inside(text, at + word.start, at + word.end):
            return at + word.start
    return match.end()


def _is_common(name: str, head: str) -> bool:
    """True for a head with an ordinary word: "โรงเรียนเดิม", "ศูนย์คัดกรองทั่วประเทศ"."""
    rest = name[len(head) :].strip()
    first = tokens(rest)[0].text if rest else ""
    return (
        first in WORDS["common_after_head"]
        or rest.startswith("ดังกล่าว")
        or lex.load().pos(first) in ("adj", "adv", "conj", "part", "pron", "aux")
        or first in ("จึง", "ไม่", "ได้", "ยัง", "แม้แต่")
    )
