"""Word files to text; runs in the process of `parse_child`. The package is looked into before it is opened."""

import io
import zipfile
from contextlib import suppress
from typing import Any

from assistant.errors import Refusal

PARTS, UNPACKED, XML = 2000, 50_000_000, 20_000_000  # files in the package, bytes of all, bytes of one XML part
PIECE = 1 << 16


def docx(data: bytes, most: int) -> dict[str, str]:
    """Return the paragraphs, lists and tables of a Word file in their order."""
    check_package(data)
    import docx as word
    from docx.table import Table
    from docx.text.paragraph import Paragraph

    document = word.Document(io.BytesIO(data))
    lists = _Lists(document)
    lines: list[str] = []
    size = 0
    for piece in document.iter_inner_content():
        if isinstance(piece, Paragraph):
            lines.append(lists.mark(piece) + words if (words := piece.text).strip() else "")
            size += len(words)
        elif isinstance(piece, Table):
            for row in piece.rows:
                cells = {cell._tc: cell for cell in row.cells}.values()  # a merged cell comes once for each column
                lines.append(" | ".join(t for cell in cells if (t := " ".join(cell.text.split()))))
                size += len(lines[-1])
        if size > most:
            raise Refusal("too_long")
    title = " ".join(str(document.core_properties.title or "").split())
    text = "\n".join(lines).strip()
    if not text:
        raise Refusal("no_text")
    return {"text": text, "title": title if title and title in text[:1000] else ""}


class _Lists:
    """The numbers and dots that Word draws before the items of its lists."""

    def __init__(self, document: Any) -> None:  # noqa: ANN401
        self._counts: dict[tuple[str, str], int] = {}
        self._formats: dict[tuple[str, str], str] = {}
        self._styles = {style.style_id: style.name or "" for style in document.styles}
        with suppress(KeyError, NotImplementedError):
            numbering = document.part.numbering_part.element
            shapes: dict[str, dict[str, str]] = {}
            for shape in numbering.iterfind(_word("abstractNum")):
                levels = {
                    level.get(_word("ilvl")): level.find(_word("numFmt")) for level in shape.iterfind(_word("lvl"))
                }
                shapes[shape.get(_word("abstractNumId"))] = {
                    level: form.get(_word("val")) for level, form in levels.items() if form is not None
                }
            for number in numbering.iterfind(_word("num")):
                of = number.find(_word("abstractNumId"))
                for level, form in shapes.get(of.get(_word("val")) if of is not None else "", {}).items():
                    self._formats[number.get(_word("numId")), level] = form

    def mark(self, paragraph: Any) -> str:  # noqa: ANN401
        """Return what stands before a paragraph: "- ", "3. " or nothing."""
        shape = paragraph._p.pPr
        if shape is None:
            return ""
        style = self._styles.get(paragraph._p.style, "")
        number, level = "", "0"
        if (place := shape.numPr) is not None:
            number = str(place.numId.val) if place.numId is not None else ""
            level = str(place.ilvl.val) if place.ilvl is not None else "0"
        form = self._formats.get((number, level), "none") if number else ""
        if form in ("", "none") and not style.startswith(("List Bullet", "List Number")):
            return ""
        if form == "bullet" or (not number and style.startswith("List Bullet")):
            return "- "
        key = (number or style, level)
        self._counts[key] = self._counts.get(key, 0) + 1
        return f"{self._counts[key]}. "


def _word(name: str) -> str:
    return f"{{http://schemas.openxmlformats.org/wordprocessingml/2006/main}}{name}"


def check_package(data: bytes) -> None:
    """Look into a Word file before it is opened: its size as stated and as unpacked, macros, and declarations in XML.

    Raises:
        Refusal: it is no Word file, would unpack to too much, holds macros or declares entities.
    """
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError) as error:
        raise Refusal("broken") from error
    parts = package.infolist()
    if len(parts) > PARTS or sum(part.file_size for part in parts) > UNPACKED:
        raise Refusal("bomb")
    names = {part.filename for part in parts}
    if "word/document.xml" not in names:
        raise Refusal("no_word")
    if len(names) != len(parts) or any(part.flag_bits & 1 for part in parts):
        raise Refusal("broken")
    if any(name.lower().endswith(("vbaproject.bin", "vbadata.xml")) for name in names):
        raise Refusal("macro")
    left = UNPACKED
    for part in parts:
        left -= _unpack(package, part, left)


def _unpack(package: zipfile.ZipFile, part: zipfile.ZipInfo, left: int) -> int:
    """Unpack one part piece by piece, keeping nothing; return its size."""
    xml = part.filename.lower().endswith((".xml", ".rels"))
    size, tail = 0, b""
    with package.open(part) as stream:
        while piece := stream.read(PIECE):
            size += len(piece)
            if size > (min(left, XML) if xml else left):
                raise Refusal("bomb")
            text = (tail + piece).replace(b"\0", b"") if xml else b""
            if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
                raise Refusal("entities")
            tail = piece[-32:]
    return size
