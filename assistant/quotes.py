"""Quotations and who says them, apart from names and set phrases in quotation marks."""

import re
from dataclasses import replace

from assistant.pieces import SPEECH, WORDS, Piece
from assistant.records import Mention

_QUOTE = re.compile(r'"(?P<body>[^"]{1,1500})"|(?<![ก-์A-Za-z])\'(?P<single>[^\']{25,800})\'(?![A-Za-z])')
_SAYS = "|".join(SPEECH)
_LEADS = re.compile(rf"(?:ว่า|{_SAYS}|ดังนี้|ข้อความ|[::])[\s,::]*$")
_FOLLOWS = re.compile(rf"\s?[^\"]{{0,45}}?(?:{_SAYS})")
_VOICE = re.compile(r"(?:ผม|ดิฉัน|ฉัน|หนู|เรา|พวกเรา|เขา|คุณ|ครับ|ค่ะ|นะ|กู|ข้าพเจ้า|แม่|พ่อ)")
_TOPIC = re.compile(r"(?:^|ด้าน|ส่วน|ขณะที่|ทั้งนี้|โดย|ต่อมา|ล่าสุด)\s?$")
_TITLED = tuple(WORDS["before_titles"])
_SHORT, _LONG = 15, 60


def quotations(piece: Piece, people: list[Mention], before: str) -> list[Mention]:
    """Return the quotations of a piece with their speakers.

    Args:
        piece: the piece.
        people: the people found in it, in order.
        before: the speaker of the pieces before, for a piece that opens with a quotation.
    """
    found = []
    text = piece.text
    for match in _QUOTE.finditer(text):
        group = "body" if match["body"] else "single"
        if _is_speech(piece, match, match[group]):
            speaker = _speaker(text, match, people) or before
            found.append(Mention("quotation", match.start(group), match.end(group), "", 0, "", "", speaker))
    return found


def _is_speech(piece: Piece, match: re.Match[str], body: str) -> bool:
    text = piece.text
    if len(body) < _SHORT:
        return False
    lead = text[max(0, match.start() - 30) : match.start()]
    if _LEADS.search(lead):
        return True
    if match.start() == 0 and (len(body) >= _LONG or match.end() == len(text) or _FOLLOWS.match(text, match.end())):
        return piece.block.kind != "headline" or bool(_FOLLOWS.match(text, match.end()))
    if not lead.endswith(" ") or lead.rstrip().endswith(_TITLED):
        return False
    if _FOLLOWS.match(text[: match.end() + 60], match.end()) and text[match.end() : match.end() + 1] in (" ", ""):
        return " " in body or len(body) >= _LONG or bool(_VOICE.search(body))
    closed = not text[match.end() :].strip(" .")
    told = re.search(rf"(?:{_SAYS})", text[: match.start()])
    return bool(told) and " " in body and (closed or bool(_VOICE.search(body)))


def _speaker(text: str, match: re.Match[str], people: list[Mention]) -> str:
    after = next((p for p in people if 0 <= p.start - match.end() <= 3), None)
    if after:
        return after.value
    earlier = [p for p in people if p.end <= match.start()]
    topics = [p for p in earlier if _TOPIC.search(text[: p.start]) or text[p.end :].startswith(SPEECH)]
    return (topics or earlier)[-1].value if earlier else ""


def last_speaker(piece: Piece, people: list[Mention], before: str) -> str:
    """Return who holds the floor at the end of a piece."""
    told = [p for p in people if re.search(rf"(?:{_SAYS})", piece.text[p.end : p.end + 120])]
    return replace(told[-1]).value if told else before
