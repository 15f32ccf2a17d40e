"""The optional side files of an article: translation, glossary and provenance, beside `x.txt` (or `x.pdf`, …).

`x.translation.jsonl`  one object a line, in the order of the text: {"th": verbatim words, "en": English}
`x.glossary.json`      a list of {"kind", "th": [...], "en": [...], and optionally "role_th", "role_en",
                       "gender", "side", "expand_th", "expand_en"}; the first form is the preferred one
`x.provenance.json`    {"id", "publisher", "date": "yyyy-mm-dd"}, each optional
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import DataError
from assistant.imprint import stated_day
from assistant.records import Aligned, GlossaryEntry


@dataclass(frozen=True, slots=True)
class SideFiles:
    """What the side files of an article say; everything is empty where there is none."""

    identity: str = ""
    publisher: str = ""
    date: str = ""
    translation: tuple[Aligned, ...] = ()
    glossary: tuple[GlossaryEntry, ...] = ()


def read(text: str, path: Path) -> SideFiles:
    """Read the side files beside an article file.

    Raises:
        DataError: one of them is malformed.
    """
    base = path.with_suffix("")
    raw = _json(base.with_name(base.name + ".provenance.json"))
    if raw is not None and not isinstance(raw, dict):
        raise DataError("data_file", name=f"{base.name}.provenance.json", reason="must be an object")
    provenance: dict[str, str] = raw or {}
    return SideFiles(
        str(provenance.get("id", "")),
        str(provenance.get("publisher", "")),
        stated_day(str(provenance.get("date", ""))),
        _translation(text, base.with_name(base.name + ".translation.jsonl")),
        _glossary(base.with_name(base.name + ".glossary.json")),
    )


def _is_there(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # beside a file with the longest of names none can be
        return False


def _json(path: Path) -> object:
    if not _is_there(path):
        return None
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError("data_file", name=path.name, reason=f"must be JSON that can be read; {error}") from error


def _translation(text: str, path: Path) -> tuple[Aligned, ...]:
    if not _is_there(path):
        return ()
    aligned: list[Aligned] = []
    position = 0
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError("data_file", name=path.name, reason="must be UTF-8 text that can be read") from error
    for number, line in enumerate(lines, 1):
        try:
            row = json.loads(line)
            thai, english = str(row["th"]), str(row["en"])
            if not isinstance(row["th"], str) or not isinstance(row["en"], str) or not thai.strip():
                raise TypeError("th and en must be text")
        except (ValueError, KeyError, TypeError) as error:
            where = f"{path.name}:{number}"
            raise DataError("data_file", name=where, reason="must be an object with th and en") from error
        start = text.find(thai, position)
        if start < 0:
            raise DataError(
                "data_file",
                name=f"{path.name}:{number}",
                reason=f"must quote the article verbatim and in order; not found: {thai[:40]}",
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
        raise DataError("data_file", name=path.name, reason="must be a list of entries")
    entries: list[GlossaryEntry] = []
    for number, row in enumerate(rows, 1):
        try:
            values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in row.items()}
            entries.append(_checked(GlossaryEntry(**values)))
        except (TypeError, AttributeError) as error:
            where, wanted = f"{path.name}: entry {number}", "must be an object with kind, th and en"
            raise DataError("data_file", name=where, reason=f"{wanted}; {error}") from error
    return tuple(entries)
