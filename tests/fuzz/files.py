"""Files of any content under any of the known endings: text, or one of our refusals."""

import sys

import atheris

with atheris.instrument_imports(include=["assistant.ingest", "assistant.parse_", "docx", "pypdf", "markdown_it"]):
    from assistant import ingest, parse_child
    from assistant.errors import FileError

KINDS = ("txt", "html", "md", "pdf", "docx")
HEADS = {"pdf": b"%PDF-1.4\n", "docx": b"PK\x03\x04"}


def one(data):
    """Read some bytes as the kind that the first one says."""
    if not data:
        return
    kind, data = KINDS[data[0] % len(KINDS)], data[1:]
    if kind in HEADS and not data.startswith(HEADS[kind][:4]):
        data = HEADS[kind] + data + (b"\n%%EOF" if kind == "pdf" else b"")
    try:
        text = ingest.checked(data, kind, "file")
    except FileError:
        return
    if kind != "txt":
        found = parse_child.parse(kind, text.encode() if text else data, 300_000)
        assert ("refused" in found) != ("text" in found)
        assert all(isinstance(value, str) for value in found.values())


if __name__ == "__main__":
    atheris.Setup([*sys.argv, "-timeout=5", "-report_slow_units=1", "-max_len=8192"], one)
    atheris.Fuzz()
