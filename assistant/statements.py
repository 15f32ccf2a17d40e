"""Rows of the fact sheet for what is said, in quotation marks or reported, and for what is planned."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.dates import MONTHS_SHORT, MONTHS_TH
from assistant.indexing import ArticleIndex
from assistant.pieces import ROLE_WORDS, SPEECH, WORDS
from assistant.records import Block, Clause, Fact, Language, Mention
from assistant.sheet import LINE, in_language, news_blocks, row, say, sentence_in, tidy, whole_names
from assistant.thai import clean
from assistant.who_where import best_mention, name_of, people_of

_MARKS = "\"“”'‘’"
_WHOLE = "|".join(s for s in SPEECH if s.endswith("ว่า"))
_SAYS = re.compile(rf"(?:{'|'.join(SPEECH)})(?:[ก-์]{{0,14}}?(?<!ว่า))ว่า(?!จ้าง|การ|ด้วย|า)|(?:{_WHOLE})")
_LEAD = re.compile(
    r"^(?:ซึ่ง|โดย|ด้าน|ส่วน|ขณะที่|และ|แต่|ทั้งนี้|พร้อมทั้ง|พร้อม|ทาง|ยัง|ได้|เบื้องต้น|นอกจากนี้|อย่างไรก็ตาม|ต่อมา|ล่าสุด|จึง|ก็|ออกมา|\s)+"
)
_TAIL = re.compile(r"(?:ได้|ยัง|จะ|ก็|จึง|ออกมา|ร่วมกัน|ให้สัมภาษณ์|\s)+$")
_LONGEST_PLAN = 60
_REACH, _LONGEST_SPEAKER, _SHORTEST, _ENOUGH = 110, 30, 8, 70
_NOT_BEFORE = "".join(f"(?<!{word})" for word in WORDS["not_planned_before"])
_NOT_AFTER = "|".join(WORDS["not_planned_after"])
_MONTHS = "|".join(map(re.escape, (*MONTHS_TH, *MONTHS_SHORT)))
_TO_COME = re.compile(
    rf"{_NOT_BEFORE}จะ(?!{_NOT_AFTER})|{'|'.join(WORDS['planning'])}"
    rf"|ภายใน(?:วันที่|เดือน|ปี|ไตรมาส|สิ้น|\s?(?:{_MONTHS}))"
)
_PAST = re.compile("|".join(WORDS["not_plans"]))


@dataclass(frozen=True, slots=True)
class Statement:
    """Words and who says them; `speaker` is "" when the article does not say, `person` None when it is a body."""

    start: int
    end: int
    words: tuple[int, int]
    speaker: str
    person: Mention | None
    direct: bool


# --- said


def statements(index: ArticleIndex) -> list[Statement]:
    """Return what is said in an article, in order: quotations, and speech reported with "ว่า"."""
    known: list[Statement] | None = index.analysis.memo.get("statements")
    if known is None:
        people = {m: best_mention(ms) for ms in people_of(index) for m in ms}
        found = [s for block in news_blocks(index) for s in _in_block(index, block, people)]
        known = sorted((*_quoted(index, people), *found), key=lambda s: s.words)
        index.analysis.memo["statements"] = known
    return known


def speaker_of(index: ArticleIndex, said: Statement, language: Language) -> str:
    """Return who says a statement, in a language; "" when the article does not say."""
    if said.person is not None:
        return name_of(index, said.person, language)
    return in_language(index, said.speaker, language)


def said(index: ArticleIndex, language: Language) -> Iterator[Fact]:
    """Yield a row for each statement: the speaker, then the words."""
    for found in statements(index):
        words = sentence_in(index, found.words, language, 2 * LINE if found.direct else LINE)
        speaker = speaker_of(index, found, language)
        key = ("quoted" if found.direct else "reported") + ("" if speaker else "_unnamed")
        yield row(index, "said", say(language, key, speaker=speaker, words=words), (found.start, found.end))


def _quoted(index: ArticleIndex, people: dict[Mention, Mention]) -> Iterator[Statement]:
    for mention in index.analysis.mentions:
        if mention.kind == "quotation":
            person = next((best for m, best in people.items() if mention.detail and m.value == mention.detail), None)
            words = (mention.start, mention.end)
            yield Statement(*words, words, "" if person else mention.detail, person, True)


def _in_block(index: ArticleIndex, block: Block, people: dict[Mention, Mention]) -> Iterator[Statement]:
    text = index.article.text
    quoted = [(m.start, m.end) for m in index.analysis.mentions if m.kind == "quotation"]
    last: Mention | None = None
    past = block.start
    for match in _SAYS.finditer(text, block.start, block.end):
        if match.start() < past or any(s <= match.start() < e for s, e in quoted):
            continue
        words = _words(index, match.end(), block)
        if any(s - 3 <= words[0] < e for s, e in quoted) or words[1] - words[0] < _SHORTEST:
            continue
        lead = text[max(block.start, text.rfind(" ", block.start, match.start()) + 1) : match.start()]
        if lead.startswith("ซึ่ง"):  # said of what stands before it: no sentence of its own
            continue
        speaker, person, start = _speaker(index, block, match.start(), people)
        person = person or (last if not speaker else None)
        if person is None and not speaker:
            continue
        last, past = person or last, words[1]
        yield Statement(start, words[1], words, speaker, person, False)


def _words(index: ArticleIndex, start: int, block: Block) -> tuple[int, int]:
    """Return the reported words: the rest of the clause, and what follows in the sentence until it is enough."""
    text, end = index.article.text, start
    sentence = -1
    for clause in index.article.clauses:
        if clause.end <= start or clause.block != block.index:
            continue
        sentence = clause.sentence if sentence < 0 else sentence
        if clause.sentence != sentence or end - start >= _ENOUGH:
            break
        if end > start and (len(clean(text[start : clause.end])) > LINE or text[clause.start] in _MARKS):
            break
        end = clause.end
    for mark in '"“':
        at = text.find(mark, start + _SHORTEST, end)
        end = at if at > 0 and text.count(mark, start, end) % 2 else end
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _speaker(
    index: ArticleIndex, block: Block, verb: int, people: dict[Mention, Mention]
) -> tuple[str, Mention | None, int]:
    """Return the words for a speaker, or the person, and where they begin; ("", None, verb) when none is named."""
    text = index.article.text
    near = [m for m in people if block.start <= m.start and m.end <= verb and verb - m.end <= _REACH]
    person = max(near, key=lambda m: m.end, default=None)
    lead_at = max(block.start, text.rfind(" ", block.start, verb) + 1, text.rfind("\n", block.start, verb) + 1)
    lead = text[lead_at:verb]
    if person is not None:
        between = text[person.end : verb].strip()
        role = person.detail.split("|")[0]
        if (
            not _TAIL.sub("", between)
            or between.startswith(ROLE_WORDS)
            or (role and clean(between).startswith(role[:12]))
        ):
            return "", people[person], person.start
    own = _TAIL.sub("", lead)
    opened = _LEAD.match(own)
    start = lead_at + (opened.end() if opened else 0)
    own = own[opened.end() if opened else 0 :]
    if (
        own
        and start < verb
        and len(own) <= _LONGEST_SPEAKER
        and own.startswith((*WORDS["bodies_that_speak"], *ROLE_WORDS))
    ):
        return clean(own), None, start
    return "", people[person] if person else None, person.start if person else verb


# --- planned


def planned(index: ArticleIndex, language: Language) -> Iterator[Fact]:
    """Yield a row for each thing that is to come: will, prepares, plans, aims at, by a certain day."""
    quoted = [(m.start, m.end) for m in index.analysis.mentions if m.kind == "quotation"]
    past = -1
    for clause in index.article.clauses:
        block = index.article.blocks[clause.block]
        if block.kind in ("headline", "source", "caption") or clause.start < past:
            continue
        text = index.article.text[clause.start : clause.end]
        cue = _TO_COME.search(text)
        if not cue or _PAST.search(text) or any(s < clause.start + cue.end() <= e for s, e in quoted):
            continue
        span = _plan(index, clause, cue.start())
        span = (max(span[0], past, _past_quotation(index, span[0], clause.start + cue.start())), span[1])
        opened = min(
            (i for m in '"“' if (i := index.article.text.find(m, clause.start + cue.end(), span[1])) > 0), default=0
        )
        span = (span[0], opened or span[1])
        past = span[1]
        if _PAST.match(tidy(index.article.text[slice(*span)])):
            continue
        yield row(index, "planned", sentence_in(index, span, language), span)


def _past_quotation(index: ArticleIndex, start: int, cue: int) -> int:
    """Return where a phrase begins that comes after the end of a quotation."""
    return max((i + 1 for mark in '"”' if (i := index.article.text.rfind(mark, start, cue)) >= 0), default=start)


def _plan(index: ArticleIndex, clause: Clause, cue: int) -> tuple[int, int]:
    """Return a clause that tells a plan, with who plans before it or how it goes on after it where it is cut short."""
    clauses, start, end = index.article.clauses, clause.start, clause.end
    lead = _LEAD.sub("", index.article.text[start : start + cue])
    said = _SAYS.search(index.article.text, start, start + cue)
    if said:
        start = said.end()
    elif len(lead.strip()) < 2 and clause.index and clauses[clause.index - 1].sentence == clause.sentence:
        before = clauses[clause.index - 1]
        start = before.start if before.end - before.start <= LINE else start
    elif clause.end - clause.start > _LONGEST_PLAN:
        start = _subject(index, clause, cue)
    if end - clause.start - cue < 25 and clause.index + 1 < len(clauses):
        after = clauses[clause.index + 1]
        end = after.end if after.sentence == clause.sentence and after.end - start <= LINE else end
    return whole_names(index, start, end)


def _subject(index: ArticleIndex, clause: Clause, cue: int) -> int:
    """Return where the phrase with the one who plans begins: after the last space before it."""
    text, at = index.article.text, clause.start + cue
    start = at
    while start > clause.start and (len(text[start:at].strip()) < 8 or text[start:at].lstrip().startswith("(")):
        start = max(text.rfind(" ", clause.start, start), clause.start)
    for mention in index.analysis.mentions:  # a person with their role
        if mention.kind == "person" and 0 <= start - mention.end <= 1 and mention.start >= clause.start:
            start = mention.start
    return start
