"""PDF to text, the printed lines of each paragraph joined; runs in the process of `parse_child`."""

import io
import itertools
import re
from dataclasses import dataclass
from typing import Any

from assistant.errors import Refusal

FULL_LINE = 0.75  # of the length that nine lines of ten do not exceed: a line this long goes on in the next one
WIDE_GAP, OTHER_SIZE = (
    1.35,
    1.1,
)  # times the step that a quarter of the lines keep to, times the size of the line before
_NUMBERED = re.compile(r"\s*(?:\d{1,2}[.)]\s|[-•*▪–]\s)")
_PAGE_NUMBER = re.compile(r"\s*(?:หน้า(?:ที่)?\s?)?[-–]?\s?[0-9๐-๙]{1,4}\s?(?:[-–]|/\s?[0-9๐-๙]{1,4})?\s*")
_THAI = re.compile("[\u0e01-\u0e2e]")


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line: its words, how high on the page it stands, and the size of its letters, both in points."""

    text: str
    height: float = 0.0
    size: float = 0.0


def pdf(data: bytes, most: int) -> dict[str, str]:
    """Return the text of a PDF, and its title where the text shows it too."""
    import pypdf
    from pypdf.errors import DependencyError, FileNotDecryptedError

    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Refusal("encrypted")
        lines: list[Line] = []
        size = 0
        for page in reader.pages:
            printed = _printed(page)
            size += sum(len(line.text) for line in printed)
            if size > most:
                raise Refusal("too_long")
            lines += _body(printed)
        title = str((reader.metadata and reader.metadata.title) or "")
    except (DependencyError, FileNotDecryptedError) as error:
        raise Refusal("encrypted") from error
    text = paragraphs(lines)
    if not text:
        raise Refusal("scanned")
    shown = _THAI.search(title) and " ".join(title.split()) in " ".join(text[:1000].split())
    return {"text": text, "title": " ".join(title.split()) if shown else ""}


def _printed(page: Any) -> list[Line]:  # noqa: ANN401
    """Return the lines of a page from top to bottom."""
    lines: list[Line] = []
    words, height, size = "", 0.0, 0.0

    def see(text: str, outer: list[float], inner: list[float], font: object, points: float) -> None:
        nonlocal words, height, size
        for number, piece in enumerate(text.split("\n")):
            if number:
                lines.append(Line(words, height, size))
                words, size = "", 0.0
            words += piece
            if piece.strip():
                height = inner[5] * outer[3] + outer[5]
                size = max(size, abs(points * inner[3] * outer[3]))

    page.extract_text(visitor_text=see)
    return [*lines, Line(words, height, size)]


def _body(lines: list[Line]) -> list[Line]:
    """Return the lines of a page that hold something, without a page number at either end."""
    lines = [line for line in lines if line.text.strip()]
    if lines and _PAGE_NUMBER.fullmatch(lines[0].text):
        lines = lines[1:]
    if lines and _PAGE_NUMBER.fullmatch(lines[-1].text):
        lines = lines[:-1]
    return lines


def paragraphs(lines: list[Line]) -> str:
    """Join printed lines into paragraphs: a full line goes on in the next, unless a gap or another size parts them.

    Thai has no space between words, so none is put where a line ended without one.
    """
    if not lines:
        return ""
    sizes = sorted(len(line.text.strip()) for line in lines)
    full = FULL_LINE * sizes[len(sizes) * 9 // 10]
    steps = sorted(a.height - b.height for a, b in itertools.pairwise(lines) if a.height > b.height)
    step = steps[len(steps) // 4] if steps else 0.0
    text = lines[0].text.strip()
    for before, line in itertools.pairwise(lines):
        end, begin = before.text[-1:], line.text[:1]
        gap = before.height - line.height > WIDE_GAP * step
        large, small = max(before.size, line.size), min(before.size, line.size)
        if gap or large > OTHER_SIZE * small:
            text += "\n\n"
        elif len(before.text.strip()) < full or _NUMBERED.match(line.text):
            text += "\n"
        elif end.isspace() or begin.isspace() or not (_is_thai(end) and _is_thai(begin)):
            text += " "
        text += line.text.strip()
    return text


def _is_thai(char: str) -> bool:
    return "\u0e01" <= char <= "\u0e4e" or "\uf700" <= char <= "\uf71a"
