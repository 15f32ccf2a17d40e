"""People of an article: with titles, without, by nickname, by surname alone, and by the office they were given."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from assistant.names import FEMALE_TITLES, MALE_TITLES, PERSON_TITLES, romanize
from assistant.naming import (
    BEFORE_NAME,
    LINKS,
    after_function_words,
    closes,
    first_end,
    like_a_name,
    opens,
    sure,
    surname_end,
)
from assistant.pieces import (
    ROLE_END,
    ROLE_WORDS,
    RUN,
    SPEECH,
    WORDS,
    Finder,
    Piece,
    family_names,
    is_place,
    run_end,
    unit_names,
    unknown,
)
from assistant.records import Mention
from assistant.thai import dictionary, tokens

_T = "|".join(re.escape(t) for t in sorted(PERSON_TITLES, key=len, reverse=True))
_TITLE = re.compile(rf"(?P<titles>(?:(?:{_T})(?:หญิง(?=\s))?\s?)+)(?P<first>[ก-ฮเ-ไ][ก-์]+)")
_CALLINGS = tuple(sorted(WORDS["callings"], key=len, reverse=True))
_ORG_HEADS, _PLACE_HEADS = tuple(WORDS["organisation_heads"]), tuple(WORDS["place_heads"])
_NICKNAME = re.compile(r'"(?P<quoted>[ก-์]{2,14})"|\((?P<bracketed>[ก-์]{2,14})\)')
_TURNS = ("โดย", "ด้าน", "ขณะที่", "ให้", "ว่า", "กับ", "และ")
_SHORTEST = 3
_ROLE_REACH, _LONGEST_ROLE = 160, 40


@dataclass(frozen=True, slots=True)
class _Name:
    piece: int
    start: int
    end: int
    name: str
    gender: str = ""
    titled: bool = False
    over: int = 0  # the end in the next piece, for a name cut by the end of a line


class People:
    """Finds the people of one article, over all its pieces."""

    def __init__(self, pieces: list[Piece], known: dict[str, str]) -> None:
        """Read the names that titles and shapes announce; `known` maps forms to the names of a glossary."""
        self.pieces, self.known = pieces, dict(known)
        self.names: list[_Name] = []
        for index in range(len(pieces)):
            self.names += self._titled(index)
        parts = {part for n in self.names if " " in n.name for part in n.name.split() if len(part) >= _SHORTEST}
        self.names = [_cut_to_known(n, parts) for n in self.names]
        for index in range(len(pieces)):
            self.names += self._untitled(index)
        self.full: dict[str, str] = {}
        for name in sorted(self.names, key=lambda n: -len(n.name)):
            self.full.setdefault(name.name.split()[0], name.name)
            if name.name.count(" ") == 1:
                self.full.setdefault(name.name.split()[-1], name.name)
        self.callings: dict[str, str] = {}
        self.offices: dict[str, str] = {}
        self.found = [self._mention(n) for n in self.names]

    def value(self, name: str) -> str:
        """Return the full name that a name stands for."""
        return self.known.get(name) or self.full.get(name.split()[0], name) if name not in self.full.values() else name

    def read(self) -> Iterator[tuple[int, Mention]]:
        """Yield the number of a piece and a mention of a person in it."""
        taken: dict[int, list[tuple[int, int]]] = {}
        for name, mention in zip(self.names, self.found, strict=True):
            taken.setdefault(name.piece, []).append((mention.start, mention.end))
            yield name.piece, mention
        for index in range(len(self.pieces)):
            for mention in (*self._nicknames(index), *self._short(index), *self._by_office(index)):
                spans = taken.setdefault(index, [])
                if not any(s < mention.end and mention.start < e for s, e in spans):
                    spans.append((mention.start, mention.end))
                    yield index, mention

    def _mention(self, name: _Name) -> Mention:
        piece = self.pieces[name.piece]
        value = self.value(name.name)
        start, end = self._role(piece.text, name.end)
        role = piece.text[start:end].strip()
        self._learn_office(role, value)
        return _person(name.start, name.end, value, f"{role}|{name.gender}")

    # --- names with titles

    def _titled(self, index: int) -> Iterator[_Name]:
        piece = self.pieces[index]
        text = piece.text
        for match in _TITLE.finditer(text):
            if not opens(piece, match):
                continue
            start = match.start("first")
            end = self._name_end(text, start, first_end(text, start))
            if end - start < 2:
                continue
            name = text[start:end]
            over = self._over(index, end) if " " not in name else 0
            if over:
                name += " " + self.pieces[index + 1].text[:over]
            title = match["titles"].split()[-1] if match["titles"].strip() else ""
            gender = "f" if title.endswith("หญิง") or title in FEMALE_TITLES else "m" if title in MALE_TITLES else ""
            yield _Name(index, match.start(), end, name.removesuffix("ฯ"), gender, True, over)

    def _over(self, index: int, end: int) -> int:
        """Return how far a family name cut off by the end of a line reaches into the next line."""
        if end < len(self.pieces[index].text.rstrip()) or index + 1 >= len(self.pieces):
            return 0
        text = self.pieces[index + 1].text
        stop = run_end(text, 0)
        return stop if text[:stop] in family_names() else 0

    def _name_end(self, text: str, first: int, end: int) -> int:
        """Return where a name ends whose first word ends at `end`: family name, foreign names' further words."""
        if end <= first + 1 or (end < len(text) and RUN.match(text, end)):
            return end
        position, parts = end, 1
        while parts < 6:
            match = re.compile(r" ([ก-ฮเ-ไ][ก-์]*)").match(text, position)
            if not match:
                break
            chunk = match[1]
            stop = surname_end(text, match.start(1), chunk)
            linked = chunk in LINKS or text[first:position].split()[-1] in LINKS
            short = parts >= 2 and len(chunk) <= 5 and position - first <= 11 and unknown(chunk)
            if not linked and (stop == match.start(1) or (parts >= 2 and not short)):
                break
            position = match.end() if linked else stop
            parts += 1
            if position < match.end():
                break
        return position

    def _role(self, text: str, end: int) -> tuple[int, int]:
        gap = re.compile(r"[ ,(]*").match(text, end)
        start = gap.end() if gap else end
        if not text.startswith(ROLE_WORDS, start):
            return end, end
        stop = start
        for word in tokens(text[start : start + _ROLE_REACH]):
            if word.text in ROLE_END and word.start > 2:
                break
            if text[start + word.start - 1] == " " and word.text in PERSON_TITLES:
                break
            stop = start + word.end
        return start, stop

    # --- names without titles

    def _untitled(self, index: int) -> Iterator[_Name]:
        text = self.pieces[index].text
        taken = [(n.start, n.end) for n in self.names if n.piece == index]
        past = 0
        for run in RUN.finditer(text):
            if run.start() < past or any(s <= run.start() < e for s, e in taken):
                continue
            if not re.match(r" [ก-ฮเ-ไ]", text[run.end() : run.end() + 2]):
                continue
            start = after_function_words(run.group()) + run.start()
            first = text[start : run.end()]
            if first in unit_names():
                continue
            second = text[run.end() + 1 : run_end(text, run.end() + 1)]
            if not like_a_name(first, second) or self._owned(text, start):
                continue
            end = self._name_end(text, start, run.end())
            if end > run.end() and sure(first, text[run.end() + 1 : end], text, start, end):
                past = end
                yield _Name(index, start, end, text[start:end])

    def _owned(self, text: str, start: int) -> bool:
        """True after a word that heads the name of a body or a place ("บริษัท", "โรงแรม")."""
        before = text[max(0, start - 16) : start].rstrip()
        return before.endswith((*_ORG_HEADS, *(h for h in _PLACE_HEADS if len(h) > 2), "รุ่น", "แบรนด์", "ค่าย"))

    # --- later forms

    def _nicknames(self, index: int) -> Iterator[Mention]:
        piece = self.pieces[index]
        for match in _NICKNAME.finditer(piece.text):
            group = "quoted" if match["quoted"] else "bracketed"
            word = match[group]
            near = next(
                (
                    m
                    for n, m in zip(self.names, self.found, strict=True)
                    if n.piece == index and (-1 <= match.start() - m.end <= 1 or -1 <= m.start - match.end() <= 1)
                ),
                None,
            )
            called = word.startswith(_CALLINGS) and word not in dictionary() and not word.startswith(ROLE_WORDS[:20])
            if called and near:
                self.callings[word] = near.value
            if called and (group == "quoted" or near):
                yield _person(match.start(group), match.end(group), self.callings.get(word, word), "|")

    def _short(self, index: int) -> Iterator[Mention]:
        piece = self.pieces[index]
        text = piece.text
        forms = {f: v for f, v in (*self.full.items(), *self.callings.items()) if len(f) >= _SHORTEST}
        for start, form in Finder(forms).find(text):
            end = start + len(form)
            calling = next((c for c in _CALLINGS if text[:start].endswith(c)), "")
            if calling and not calling.endswith("."):
                calling = calling if start - len(calling) in piece.starts else ""
            own = not RUN.match(text[start - 1 : start]) or start in piece.starts or text[:start].endswith(BEFORE_NAME)
            if not (calling or own) or not closes(text, end):
                continue
            if not calling and form in dictionary() and not text.startswith(SPEECH, end) and form not in self.callings:
                continue
            if not calling and (is_place(form) or (form in dictionary() and len(form) < 4)):
                continue
            yield _person(start - len(calling), end, forms[form], "|")

    def _learn_office(self, role: str, value: str) -> None:
        bracket = re.search(r"\(([ก-์.]{3,20}[ก-์.])\)", role)
        forms = {bracket[1]} if bracket and bracket[1].startswith(ROLE_WORDS) else set()
        office = re.split(r"[ (]", role)[0]
        for long, shorts in WORDS["role_short"].items():
            if office.startswith(long) and len(office) <= _LONGEST_ROLE:
                rest = office[len(long) :]
                forms |= {f"{s}{rest}" for s in shorts} | ({"ผู้ว่าฯ"} if "ผู้ว่าฯ" in shorts else set())
                break
        if re.match(r"(?:รมว|รมช|รมต|ผบ)\.", office) and len(office) <= _LONGEST_ROLE:
            forms.add(office)
        for form in forms:
            if len(form) > 4 and form not in ("รัฐมนตรี",):
                self.offices[form] = "" if self.offices.get(form, value) != value else value

    def _by_office(self, index: int) -> Iterator[Mention]:
        text = self.pieces[index].text
        holders = [(n.end, self._role(text, n.end)[1]) for n in self.names if n.piece == index]
        for start, form in Finder(f for f, v in self.offices.items() if v).find(text):
            end = start + len(form)
            before, after = text[:start].rstrip(), text[end : end + 12]
            if RUN.match(text[start - 1 : start]) and not before.endswith(_TURNS):
                continue
            if before.endswith(("ผู้ช่วย", "รอง", "อดีต", "โฆษก", "เลขานุการ", "ที่ปรึกษา", "นโยบาย", "(", "เป็น")):
                continue
            if any(s <= start < e for s, e in holders) or re.match(r"\s?(?:นาย|นาง|น\.ส\.|ดร\.|พล\.|พ\.)", after):
                continue
            if RUN.match(after) and not after.startswith((*SPEECH, "ได้", "จะ", "และ", "เป็น", "ว่า", "ยัง", "สั่ง", "มอบ")):
                continue
            yield _person(start, end, self.offices[form], f"{form}|")


def _person(start: int, end: int, value: str, detail: str) -> Mention:
    return Mention("person", start, end, "", 0, value, romanize(value), detail)


def _cut_to_known(name: _Name, parts: set[str]) -> _Name:
    """Cut a name that is glued to the words after it, where part of it stands alone elsewhere."""
    if " " in name.name or name.name in parts:
        return name
    part = max((p for p in parts if name.name.startswith(p)), key=len, default="")
    return replace(name, name=part, end=name.end - len(name.name) + len(part)) if part else name
