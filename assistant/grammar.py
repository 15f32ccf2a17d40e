"""Who does what to whom: is the subject or the object asked for, and which is a mention in its clause?

Thai and English both put the subject before the verb; verbs that say one event from either side (give and
receive) are told apart by `CONVERSE`.
"""

import re
from typing import Literal

from assistant.lexicon import Keys, Term

Side = Literal["subject", "object", ""]
CONVERSE = (("give", "receive"), ("buy", "sell"), ("teach", "learn"), ("lend", "borrow"))
_EN_VERB = re.compile(
    r"\b(?:who|which [a-z]+(?: [a-z]+)?|whose [a-z]+)\b "
    r"(?:will |would |has |had |have |is |are |was |were |did |does |do |to )?(?P<after>[a-z']+)"
)


def side_asked(question: str, language: str) -> Side:
    """Return which side of its verb a who-question asks for, "" when that is not clear."""
    if language == "th":
        squeezed = question.replace(" ", "")
        if re.search(
            r"(กับ|ให้|แก่|จาก|พบ|ต้อนรับ|เยี่ยม|เยี่ยมคารวะ|หา|ถึง|เจอ|ของ|มือ|แต่งตั้ง|เชิญ)(ใคร|คนไหน|หน่วยงานไหน|กระทรวงไหน)",
            squeezed,
        ):
            return "object"
        if re.search(r"(ใคร|คนไหน|ใด|ไหน)(เป็นคน|เป็นผู้|เป็นฝ่าย|จะ|ได้|ที่)?[ก-๙]", squeezed):
            return "subject"
        return ""
    if re.search(r"\b(whom|from who|to who|by who(?!m)|with who)\b", question):
        return "subject" if re.search(r"\bby whom?\b", question) else "object"
    if re.search(
        r"\bwho (?:did|do|does) |\bwho (?:is|was|were|are) [a-z' ]{0,25}(?:[a-z]+ed|met|given|seen)\b(?! by)", question
    ):
        return "object"
    if re.search(r"\bwhich [a-z ]{0,30}\b(?:did|do|does)\b", question):
        return "object"
    return "subject" if _EN_VERB.search(question) else ""


_BETWEEN = re.compile(
    r"[\s,:'-]*(?:(?:'s|is|was|are|were|be|the|this|that|of|a|an|current|new|only|other|named|senior|top|two|both|name|names|"
    r"thai|vietnamese|foreign|lead|national|government|people|persons|person|story|"
    r"article|officials|of them|here|main|[a-z]+'s|in|for|which|what|s)\b[\s,'-]*)*"
)
_WH = re.compile(r"\b(?:who(?:m|se|s)?|which|what|wich|name of|naem of|names? of|the name of)\b")
_ASKS_AFTER_TH = re.compile(r"^.{0,28}?(?:ชื่อ|คือใคร|เป็นใคร|คนไหน|คือหน่วยงาน|ไหน|ใคร|อะไร)")
_ASKS_BEFORE_TH = re.compile(r"(?:ใครเป็น|ใครคือ|ชื่อของ|ชื่อ|ใครที่เป็น)$")


def is_target(question: str, language: str, term: Term) -> bool:
    """True when a title or sort of body is asked for ("which ministry …"), False when it describes a participant."""
    if language == "th":
        return bool(_ASKS_AFTER_TH.search(question[term.end :]) or _ASKS_BEFORE_TH.search(question[: term.start]))
    before = question[: term.start]
    asks = list(_WH.finditer(before))
    return bool(asks) and bool(_BETWEEN.fullmatch(before[asks[-1].end() :]))


def side_in_clause(position: int, predicate: int) -> Side:
    """Return the side of its verb that a mention stands on, by code points."""
    return "subject" if position < predicate else "object"


def is_converse(question_term: Term, clause_keys: Keys) -> bool:
    """True when a clause tells the event of a question's verb from the other side."""
    for one, other in CONVERSE:
        for asked, told in ((one, other), (other, one)):
            if (
                f"c:{asked}" in question_term.keys
                and clause_keys.get(f"c:{told}", 0.0) >= 0.5
                and f"c:{asked}" not in clause_keys
            ):
                return True
    return False
