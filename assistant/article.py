"""From a text to blocks and clauses, all by offsets into the untouched text."""

import itertools
import re
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from assistant import imprint, ingest, sidefiles
from assistant.errors import InputError, ThamKhaoError
from assistant.imprint import is_furniture, is_source
from assistant.interface import clean, visible
from assistant.names import PERSON_TITLES
from assistant.records import Aligned, Article, Block, BlockKind, Clause, GlossaryEntry
from assistant.settings import MAX_ARTICLE_CHARS
from assistant.thai import THAI_LETTER, Token, cluster_bounds, dictionary, normalize, tokens

_CAPTION = re.compile(r"^(?:ภาพ|ภาพประกอบ|ภาพจาก|คำบรรยายภาพ|Photo|บรรยากาศ)")
_ITEM = re.compile(r"^(?:\d{1,2}[.)]\s*(?!\d)|[-•*▪–]\s+)")
_REPORT = re.compile(r"กล่าว|เปิดเผย|ระบุ|รายงาน|เมื่อวันที่|\d")
_INLINE_ITEM = re.compile(r"(?:(?<=\s)|(?<=^)|(?<=คือ)|(?<=ได้แก่)|(?<=ดังนี้))\d{1,2}[.)]\s+(?=[ก-ฮเ-ไA-Z])")
_SENTENCE_WORDS = [
    "ทั้งนี้",
    "นอกจากนี้",
    "นอกจากนั้น",
    "อย่างไรก็ตาม",
    "ขณะที่",
    "ขณะเดียวกัน",
    "ในขณะเดียวกัน",
    "พร้อมกันนี้",
    "ส่วน",
    "ด้าน",
    "สำหรับ",
    "อนึ่ง",
    "ต่อมา",
    "ล่าสุด",
    "ดังนั้น",
]
_SENTENCE_STARTS = (*_SENTENCE_WORDS, "และช่วง", "และใน", '"')
_CLAUSE_WORDS = [
    "โดย",
    "ซึ่ง",
    "เพื่อ",
    "เนื่องจาก",
    "เพราะ",
    "รวมทั้ง",
    "รวมถึง",
    "พร้อมทั้ง",
    "พร้อม",
    "หาก",
    "ถ้า",
    "แต่",
    "หลัง",
    "หลังจาก",
    "ก่อน",
    "ภายหลัง",
    "เมื่อ",
    "โดยเฉพาะ",
    "และ",
    "จึง",
    "ณ",
]
_OPENERS = ("นาย", "นาง", "และ", "คือ", "ว่า", "ได้แก่")
_BREAKS_ANYWHERE = {*_SENTENCE_WORDS, "โดย", "ซึ่ง", "เพื่อ", "เนื่องจาก", "เพราะ", "รวมทั้ง", "รวมถึง", "พร้อมทั้ง"}
SHORTEST_CLAUSE, LONG_CLAUSE = 14, 70
_HEADLINE_LIMIT, _CAPTION_LIMIT, _LEAD_LIMIT = 300, 130, 400


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    blank_before: int


def _lines(text: str) -> list[_Line]:
    found: list[_Line] = []
    blank = 0
    for match in re.finditer(r"[^\r\n\u2028\u2029]+", text):
        body = match.group()
        inner = body.strip()
        gap = text[found[-1].end if found else 0 : match.start()]
        if not inner:
            continue
        blank = gap.count("\n") - 1
        start = match.start() + body.index(inner[0])
        found.append(_Line(start, start + len(inner), blank))
    return found


def _kind(line: str, position: int, blank_before: int, headline_seen: bool, lead_seen: bool) -> BlockKind:
    if is_source(line) or (not lead_seen and is_furniture(line)):
        return "source"
    if not headline_seen:
        return "headline" if len(line) <= _HEADLINE_LIMIT else "paragraph"
    if line.startswith("ภาพ") and _CAPTION.match(line) and ":" in line[:20]:
        return "caption"
    if _ITEM.match(line):
        return "item"
    if line[0] in "\"“'‘«":
        return "quotation"
    if not lead_seen and len(line) <= _LEAD_LIMIT:
        return "lead"
    if blank_before >= 2 and len(line) <= _CAPTION_LIMIT and not re.search(r"กล่าว|เปิดเผย|ระบุ|รายงาน|ดังนี้", line):
        return "caption"
    return "paragraph"


def read_blocks(text: str) -> tuple[Block, ...]:
    """Split a text into the lines that hold something and name the part each plays."""
    blocks: list[Block] = []
    headline = lead = False
    for index, line in enumerate(_lines(text)):
        kind = _kind(text[line.start : line.end], index, line.blank_before, headline, lead)
        headline = headline or kind == "headline" or kind == "paragraph"
        lead = lead or kind in ("lead", "paragraph")
        blocks.append(Block(index, kind, line.start, line.end))
    return tuple(blocks)


def read_clauses(text: str, blocks: tuple[Block, ...], extra: frozenset[int] = frozenset()) -> tuple[Clause, ...]:
    """Split blocks into clauses at list numbers, discourse words and long spaces.

    Args:
        text: the untouched text.
        blocks: its blocks.
        extra: further offsets where a clause begins (the seams of an aligned translation).
    """
    clauses: list[Clause] = []
    sentence = -1
    for block in blocks:
        sentence += 1
        seams = {e - block.start for e in extra if block.start < e < block.end}
        cuts = _seams(text[block.start : block.end], seams) if extra else _cuts(text[block.start : block.end])
        edges = [*sorted(cuts), block.end - block.start]
        for start, end in itertools.pairwise(edges):
            body = text[block.start + start : block.start + end]
            inner = body.strip()
            if not any(c.isalnum() for c in inner):
                continue
            if start and cuts[start]:
                sentence += 1
            first = block.start + start + body.index(inner[0])
            clauses.append(Clause(len(clauses), block.index, sentence, first, first + len(inner)))
    return tuple(clauses)


def _seams(body: str, seams: set[int]) -> dict[int, bool]:
    """Return where the stretches of an aligned translation begin, True at list numbers."""
    clean = normalize(body)
    items = {clean.offsets[m.start()] for m in _INLINE_ITEM.finditer(clean.text)}
    return {0: True, **{at: at in items or body[at:].startswith(_SENTENCE_STARTS) for at in seams}}


def _cuts(body: str) -> dict[int, bool]:
    """Return offsets where clauses begin, True where a new sentence begins too."""
    clean = normalize(body)
    cuts: dict[int, bool] = {0: True}
    items = {m.start() for m in _INLINE_ITEM.finditer(clean.text)}
    last, before = 0, ""
    words = tokens(clean.text)
    for index, word in enumerate(words):
        at, size = word.start, word.start - last
        spaced = at > 0 and clean.text[at - 1].isspace()
        rest = len(clean.text) - at
        new = False
        if at in items:
            new = True
        elif size < SHORTEST_CLAUSE or rest < SHORTEST_CLAUSE or before in ("(", '"') or not word.is_thai:
            before = word.text
            continue
        elif word.text in _SENTENCE_WORDS and spaced and (word.text != "ด้าน" or _opens_name(words, index)):
            new = True
        elif not (
            (word.text in _BREAKS_ANYWHERE and size >= 24)
            or (word.text in _CLAUSE_WORDS and spaced)
            or (spaced and size >= LONG_CLAUSE and _can_break(words, index))
        ):
            before = word.text
            continue
        cuts[clean.offsets[at]] = new
        last, before = at, word.text
    return cuts


def _opens_name(words: list[Token], index: int) -> bool:
    """Return whether "ด้าน" turns to another speaker ("ด้าน นาย …") and does not mean "in the field of"."""
    return index + 1 < len(words) and words[index + 1].text in PERSON_TITLES


def _can_break(words: list[Token], index: int) -> bool:
    """Return whether a long clause may break at the space before a word: never inside a name or a quantity."""
    before, word = words[index - 1].text, words[index].text
    return (
        len(word) > 1
        and not before[-1:].isdigit()
        and before[-1:] not in ".,(/"
        and before not in _OPENERS
        and word in dictionary()
    )


def build(
    text: str,
    *,
    title: str | None = None,
    identity: str = "article",
    translation: tuple[Aligned, ...] = (),
    glossary: tuple[GlossaryEntry, ...] = (),
    publisher: str = "",
    date: str = "",
) -> Article:
    """Read a text into an Article.

    Raises:
        InputError: the text is empty, too long, or holds no Thai.
    """
    if not isinstance(text, str):
        raise InputError("article_type", kind=type(text).__name__)
    if len(text) > MAX_ARTICLE_CHARS:
        raise InputError("article_long", limit=f"{MAX_ARTICLE_CHARS:,}", got=f"{len(text):,}")
    if not text.strip():
        raise InputError("article_empty")
    if not THAI_LETTER.search(text):
        raise InputError("article_no_thai")
    blocks = read_blocks(text)
    seams = frozenset(edge for a in translation for edge in (a.start, a.end))
    clauses = read_clauses(text, blocks, seams)
    news = (text[b.start : b.end] for b in blocks if b.kind != "source")
    heading = next((text[b.start : b.end] for b in blocks if b.kind == "headline"), next(news, text.strip())[:120])
    around = [text[b.start : b.end] for b in blocks if b.kind == "source"]
    publisher, date = publisher or imprint.publisher(around), date or imprint.published(around)
    return Article(identity, title or heading, text, blocks, clauses, translation, glossary, publisher, date)


def load(path: Path) -> Article:
    """Read an article file (.txt .md .html .pdf .docx) with the side files beside it.

    Raises:
        FileError: the file cannot be read as a Thai article.
        DataError: a side file is malformed.
    """
    source = ingest.read(path)
    side = sidefiles.read(source.text, path)
    return build(
        source.text,
        title=source.title or None,
        identity=side.identity or clean(path.stem),
        translation=side.translation,
        glossary=side.glossary,
        publisher=side.publisher or source.publisher,
        date=side.date or imprint.stated_day(source.date),
    )


def load_folder(folder: Path) -> tuple[list[Article], list[tuple[str, str]]]:
    """Read every article file of a folder and of the folders in it; one warning line for each that cannot be read.

    Returns:
        the articles, by path, with ids of their own; the files that cannot be read, each with the reason.

    Raises:
        FileError: the folder cannot be listed, or no file of it can be read.
    """
    found: list[tuple[Path, Article]] = []
    skipped: list[tuple[str, str]] = []
    for path in ingest.list_files(folder):
        try:
            found.append((path.relative_to(folder), load(path)))
        except ThamKhaoError as error:
            skipped.append((visible(clean(path.relative_to(folder).as_posix())), str(error)))
            ingest.warn(*skipped[-1])
    if not found:
        raise ingest.refusal("none_readable", folder.name or str(folder), count=len(skipped), reason=skipped[0][1])
    uses = Counter(article.id for _, article in found)
    return [a if uses[a.id] == 1 else replace(a, id=clean(p.as_posix())) for p, a in found], skipped


def quote_bounds(article: Article, start: int, end: int) -> tuple[int, int]:
    """Trim white space off a slice of an article and widen it to whole character clusters."""
    while start < end and article.text[start].isspace():
        start += 1
    while end > start and article.text[end - 1].isspace():
        end -= 1
    return cluster_bounds(article.text, start, end)
