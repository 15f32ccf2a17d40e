"""From a text to blocks and clauses, all by offsets into the untouched text.

Side files beside an article `x.txt` are read when they are there; both are optional:

`x.translation.jsonl`  one object a line, in the order of the text: {"th": verbatim words, "en": English}
`x.glossary.json`      a list of {"kind", "th": [...], "en": [...], and optionally "role_th", "role_en",
                       "gender", "side", "expand_th", "expand_en"}; the first form is the preferred one
`x.provenance.json`    {"id", "publisher", ...}
"""

import itertools
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import DataError, InputError
from assistant.names import PERSON_TITLES
from assistant.records import Aligned, Article, Block, BlockKind, Clause, GlossaryEntry
from assistant.settings import MAX_ARTICLE_CHARS
from assistant.thai import THAI_LETTER, Token, cluster_bounds, dictionary, normalize, tokens

_SOURCE = re.compile(r"^(?:ที่มา|แหล่งที่มา|แหล่งข่าว|ข้อมูลจาก|อ้างอิง|Source|เผยแพร่|วันที่เผยแพร่|ผู้เขียน)\s*[::|]")
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
    if _SOURCE.match(line):
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
) -> Article:
    """Read a text into an Article.

    Raises:
        InputError: the text is empty, too long, or holds no Thai.
    """
    if not isinstance(text, str):
        raise InputError(f"article text must be a str; got {type(text).__name__}")
    if len(text) > MAX_ARTICLE_CHARS:
        raise InputError(
            f"article must have at most {MAX_ARTICLE_CHARS:,} characters; got {len(text):,}; split it into articles"
        )
    if not text.strip():
        raise InputError("article must not be empty; paste the text of a Thai news article")
    if not THAI_LETTER.search(text):
        raise InputError("article must be Thai news; no Thai letter was found in it")
    blocks = read_blocks(text)
    seams = frozenset(edge for a in translation for edge in (a.start, a.end))
    clauses = read_clauses(text, blocks, seams)
    heading = next((text[b.start : b.end] for b in blocks if b.kind == "headline"), text.strip()[:120])
    publisher = publisher or _publisher(text, blocks)
    return Article(identity, title or heading, text, blocks, clauses, translation, glossary, publisher)


def _publisher(text: str, blocks: tuple[Block, ...]) -> str:
    for block in reversed(blocks):
        line = text[block.start : block.end]
        if block.kind == "source" and line.startswith(("ที่มา", "แหล่ง", "Source", "ข้อมูลจาก")):
            return re.split(r"[::]", line, maxsplit=1)[-1].strip()
    return ""


def load(path: Path) -> Article:
    """Read a UTF-8 text file with the side files beside it.

    Raises:
        InputError: the file cannot be read as Thai text.
        DataError: a side file is malformed.
    """
    try:
        text = path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"article {path.name} must be a UTF-8 text file that can be read ({type(error).__name__})"
        ) from error
    base = path.with_suffix("")
    raw = _json(base.with_name(base.name + ".provenance.json"))
    if raw is not None and not isinstance(raw, dict):
        raise DataError(f"{base.name}.provenance.json must be an object")
    provenance: dict[str, str] = raw or {}
    return build(
        text,
        identity=str(provenance.get("id", base.name)),
        publisher=str(provenance.get("publisher", "")),
        translation=_translation(text, base.with_name(base.name + ".translation.jsonl")),
        glossary=_glossary(base.with_name(base.name + ".glossary.json")),
    )


def _json(path: Path) -> object:
    if not path.is_file():
        return None
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise DataError(f"{path.name} must be JSON; {error}") from error


def _translation(text: str, path: Path) -> tuple[Aligned, ...]:
    if not path.is_file():
        return ()
    aligned: list[Aligned] = []
    position = 0
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise DataError(f"{path.name} must be UTF-8 text") from error
    for number, line in enumerate(lines, 1):
        try:
            row = json.loads(line)
            thai, english = str(row["th"]), str(row["en"])
            if not isinstance(row["th"], str) or not isinstance(row["en"], str) or not thai.strip():
                raise TypeError("th and en must be text")
        except (ValueError, KeyError, TypeError) as error:
            raise DataError(f"{path.name}:{number} must be an object with th and en") from error
        start = text.find(thai, position)
        if start < 0:
            raise DataError(
                f"{path.name}:{number} must quote the article verbatim and in order; not found: {thai[:40]}"
            )
        position = start + len(thai)
        aligned.append(Aligned(start, position, english))
    return tuple(aligned)


def _checked(entry: GlossaryEntry) -> GlossaryEntry:
    """Return a glossary entry whose forms are lists of text.

    Raises:
        TypeError: they are not.
    """
    for forms in (entry.th, entry.en):
        if not isinstance(forms, tuple) or not forms or not all(isinstance(f, str) and f.strip() for f in forms):
            raise TypeError("th and en must be lists of at least one text")
    if not isinstance(entry.kind, str) or not isinstance(entry.side, tuple):
        raise TypeError("kind must be text and side a list")
    return entry


def _glossary(path: Path) -> tuple[GlossaryEntry, ...]:
    rows = _json(path)
    if rows is None:
        return ()
    if not isinstance(rows, list):
        raise DataError(f"{path.name} must be a list of entries")
    entries: list[GlossaryEntry] = []
    for number, row in enumerate(rows, 1):
        try:
            values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in row.items()}
            entries.append(_checked(GlossaryEntry(**values)))
        except (TypeError, AttributeError) as error:
            raise DataError(f"{path.name}: entry {number} must be an object with kind, th and en; {error}") from error
    return tuple(entries)


def quote_bounds(article: Article, start: int, end: int) -> tuple[int, int]:
    """Trim white space off a slice of an article and widen it to whole character clusters."""
    while start < end and article.text[start].isspace():
        start += 1
    while end > start and article.text[end - 1].isspace():
        end -= 1
    return cluster_bounds(article.text, start, end)
