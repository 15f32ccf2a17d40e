"""Article files made by hand: the smallest PDF that carries Thai, and Word files good and bad."""

import io
import zipfile
import zlib

CMAP = """/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /T def /CMapType 2 def
1 begincodespacerange <0000> <FFFF> endcodespacerange
3 beginbfrange <0020> <007E> <0020> <0E01> <0E5B> <0E01> <F700> <F71A> <F700> endbfrange
endcmap end end"""


def stream(body: bytes, entries: str = "") -> bytes:
    return f"<< /Length {len(body)} {entries}>>\nstream\n".encode() + body + b"\nendstream"


def page_of(lines, size=12):
    """Return a content stream that sets lines of text one under the other; None leaves a gap."""
    shown, height = [], 800
    for line in lines:
        height -= 20
        if line is not None:
            shown.append(f"BT /F {size} Tf 1 0 0 1 50 {height} Tm <{line.encode('utf-16-be').hex()}> Tj ET")
    return "\n".join(shown).encode()


def pdf(*pages, title="", squeeze=False):
    """Return a PDF; a page is a list of lines, or the bytes of its content stream."""
    bodies = [page if isinstance(page, bytes) else page_of(page) for page in pages]
    kids = " ".join(f"{7 + 2 * i} 0 R" for i in range(len(bodies)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(bodies)} >>".encode(),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /T /Encoding /Identity-H /DescendantFonts [4 0 R]"
        b" /ToUnicode 5 0 R >>",
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /T /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity)"
        b" /Supplement 0 >> /DW 500 >>",
        stream(CMAP.encode()),
        b"<< /Title <" + title.encode("utf-16").hex().encode() + b"> >>",
    ]
    for number, body in enumerate(bodies):
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F 3 0 R >> >>"
            + f" /Contents {8 + 2 * number} 0 R >>".encode()
        )
        objects.append(stream(zlib.compress(body), "/Filter /FlateDecode ") if squeeze else stream(body))
    return assemble(objects, "/Info 6 0 R")


def assemble(objects, trailer=""):
    """Return a PDF of these objects, with its table of where each begins."""
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(objects) + 1
    out += f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} /Root 1 0 R {trailer} >>\n".encode()
    return out + f"startxref\n{out.rindex(b'xref')}\n%%EOF\n".encode()


def docx(*lines, title=""):
    """Return a Word file; a line is text, or a pair of text and style."""
    from docx import Document

    document = Document()
    document.core_properties.title = title
    for line in lines:
        text, style = line if isinstance(line, tuple) else (line, None)
        document.add_paragraph(text, style)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def repacked(data, changes):
    """Return a Word file with parts put in or replaced: {name: bytes}."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in changes:
                new.writestr(name, old.read(name))
        for name, body in changes.items():
            new.writestr(name, body)
    return out.getvalue()
