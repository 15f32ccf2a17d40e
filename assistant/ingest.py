"""Files to text: .txt as it is decoded; HTML, PDF, DOCX and Markdown parsed by a process that may die without harm.

A `.txt` gives exactly what its bytes decode to, line ends included; only a byte order mark at its start is left out.
The others give the text that stands in them. Every refusal is one sentence of `prompts/files.json` with the remedy.
"""

import codecs
import json
import logging
import os
import re
import signal
import stat
import subprocess
import sys
from dataclasses import dataclass
from errno import EACCES, ELOOP, ENAMETOOLONG, ENOENT, ENOTDIR, EPERM
from functools import lru_cache
from pathlib import Path

from assistant import prompts
from assistant.errors import FileError
from assistant.interface import locale_language, visible
from assistant.records import Language
from assistant.settings import FILE_MB, FOLDER_FILES, MAX_ARTICLE_CHARS, PARSE_MB, PARSE_SECONDS
from assistant.thai import MARKS, THAI_LETTER, thai_share

SUFFIXES = {
    ".txt": "txt",
    ".md": "md",
    ".markdown": "md",
    ".html": "html",
    ".htm": "html",
    ".pdf": "pdf",
    ".docx": "docx",
}
_LOG = logging.getLogger("thamkhao")
HOME = Path(__file__).resolve().parent.parent
WALL = 1.5  # of the processor seconds: what the clock may show, for a machine with other work
SAMPLE, THAI_PART, WELL_PLACED, BROKEN_UTF8 = 20_000, 0.3, 0.95, 0.15
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MAGIC = (
    (b"%PDF-", "PDF"),
    (b"PK\x03\x04", "ZIP / DOCX"),
    (b"\xd0\xcf\x11\xe0", "Word 97 / OLE"),
    (b"{\\rtf", "RTF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"\x1f\x8b", "gzip"),
    (b"\x7fELF", "ELF"),
)
_PAGE = re.compile(r"\s*(?:<\?xml[^<>]*>\s*)?<(?:!doctype\s+html|html)[\s>]", re.IGNORECASE)
_MARK = re.compile(f"[{MARKS}\u0e33]")
_PLACED = re.compile(f"(?<=[\u0e01-\u0e2e{MARKS}])[{MARKS}\u0e33]")
_ERRNO = {
    ENOENT: "missing",
    ENOTDIR: "missing",
    EACCES: "denied",
    EPERM: "denied",
    ELOOP: "loop",
    ENAMETOOLONG: "bad_name",
}


@dataclass(frozen=True, slots=True)
class Source:
    """What a file holds: its text, and the title, publisher and day it states, or ""."""

    text: str
    title: str = ""
    publisher: str = ""
    date: str = ""


@lru_cache(maxsize=1)
def words() -> dict[Language, dict[str, str]]:
    """Return the sentences of `prompts/files.json` by language and key."""
    return prompts.load("files.json")


def refusal(key: str, path: Path | str, **values: object) -> FileError:
    """Return the error that refuses a file, in the language of the terminal."""
    name = visible(os.fspath(path).encode("utf-8", "replace").decode()).replace("\n", "\\n")
    name = name if len(name) <= 80 else f"{name[:60]}…{name[-16:]}"
    filled = {"name": name, **{k: str(v) for k, v in values.items()}}
    return FileError(key, **filled)


def warn(name: str, reason: str) -> None:
    """Log that a file of a folder was left out; without a logging set-up Python writes the line to stderr."""
    _LOG.warning(
        "%s", words()[locale_language()]["skipped"].format(name=name, reason=visible(" ".join(reason.split())))
    )


def read(path: Path) -> Source:
    """Read an article file.

    Raises:
        FileError: it cannot be used; the message names it, says why and what to do.
    """
    kind = SUFFIXES.get(path.suffix.lower())
    data = read_bytes(path)
    if not data.strip(b" \t\r\n\0"):
        raise refusal("empty", path.name)
    text = checked(data, str(kind), path.name)
    source = Source(text) if kind == "txt" else _parsed(str(kind), text.encode() if text else data, path.name)
    if not source.text.strip():
        raise refusal("empty", path.name)
    if len(source.text) > MAX_ARTICLE_CHARS:
        raise refusal("too_long", path.name, limit=f"{MAX_ARTICLE_CHARS:,}")
    if not THAI_LETTER.search(source.text):
        raise refusal("no_thai", path.name)
    return source


def read_bytes(path: Path) -> bytes:
    """Return the bytes of an ordinary article file that is not too large; a pipe or a device is never waited for.

    Raises:
        FileError: it is none, or cannot be read.
    """
    kind = SUFFIXES.get(path.suffix.lower())
    most = FILE_MB.number(1, 1000)
    name = path.name or str(path)
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise refusal("folder", name)
        if not stat.S_ISREG(mode):
            raise refusal("not_file", name)
        if kind is None:
            raise refusal("suffix", name)
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(path, flags), "rb") as stream:
            facts = os.fstat(stream.fileno())
            if not stat.S_ISREG(facts.st_mode):
                raise refusal("not_file", name)
            data = b"" if facts.st_size > most << 20 else stream.read((most << 20) + 1)
            size = max(facts.st_size, len(data))
    except OSError as error:
        raise _from_system(error, name) from error
    except ValueError as error:  # a FileError of above passes through; else the name holds a NUL
        if isinstance(error, FileError):
            raise
        raise refusal("bad_name", name) from error
    if size > most << 20:
        raise refusal("too_large", name, limit=most, size=f"{size / (1 << 20):.1f}")
    return data


def _from_system(error: OSError, name: str) -> FileError:
    key = _ERRNO.get(error.errno or 0)
    return refusal(key, name) if key else refusal("unreadable", name, reason=error.strerror or type(error).__name__)


def checked(data: bytes, kind: str, name: str) -> str:
    """Return the text of a .txt, .html or .md file, "" for the others; what the bytes are must fit the name."""
    magic = next((label for mark, label in _MAGIC if data.startswith(mark)), "")
    if kind == "pdf":
        if b"%PDF-" not in data[:1024]:
            raise refusal("not_kind", name, kind="PDF")
        if b"%%EOF" not in data[-4096:]:
            raise refusal("truncated", name)
        return ""
    if kind == "docx":
        if magic != "ZIP / DOCX":
            raise refusal("old_word" if magic.startswith("Word") else "not_kind", name, kind="DOCX")
        return ""
    if magic:
        raise refusal("mismatch", name, kind=magic)
    text = decode(data, name)
    if kind == "txt" and _PAGE.match(text[:1000]):
        raise refusal("mismatch", name, kind="HTML")
    return text


def decode(data: bytes, name: str) -> str:
    """Return a text from UTF-8, UTF-16 or UTF-32 with a byte order mark, or TIS-620 (cp874) that reads as Thai.

    The byte order mark is left out; nothing else is changed.

    Raises:
        FileError: the bytes are no text in one of these.
    """
    mark, encoding = next((row for row in _BOMS if data.startswith(row[0])), (b"", "utf-8"))
    try:
        text = data[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        if mark:
            raise refusal("encoding", name) from error
        text = _from_tis620(data, name)
    if "\0" in text:
        raise refusal("binary", name)
    return text


def _from_tis620(data: bytes, name: str) -> str:
    """Decode cp874, and believe it only when Thai letters are many and vowel and tone marks stand on consonants."""
    if b"\0" in data:
        raise refusal("binary", name)
    try:
        text = data.decode("cp874")
    except UnicodeDecodeError as error:
        raise refusal("encoding", name) from error
    sample = text[:SAMPLE]
    marks, letters = len(_MARK.findall(sample)), len(re.findall("[\u0e01-\u0e4e]", sample))
    broken_utf8 = len(re.findall("เธ|เน", sample)) > BROKEN_UTF8 * letters
    if thai_share(sample) < THAI_PART or len(_PLACED.findall(sample)) < WELL_PLACED * marks or broken_utf8:
        raise refusal("encoding", name)
    return text


def _parsed(kind: str, data: bytes, name: str) -> Source:
    """Let another process parse a file, within its limits of memory, processor time, clock and output."""
    megabytes, seconds = PARSE_MB.number(64, 16384), PARSE_SECONDS.number(1, 600)
    command = [sys.executable, "-P", "-B", "-m", "assistant.parse_child", kind]
    command += [str(number) for number in (megabytes, seconds, MAX_ARTICLE_CHARS)]
    path = os.pathsep.join(filter(None, (str(HOME), os.environ.get("PYTHONPATH"))))
    try:
        done = subprocess.run(
            command,
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=WALL * seconds,
            check=False,
            env={**os.environ, "PYTHONPATH": path},
        )
    except subprocess.TimeoutExpired as error:
        raise refusal("slow", name, limit=seconds) from error
    except OSError as error:
        raise refusal("unreadable", name, reason=error.strerror or type(error).__name__) from error
    if done.returncode in (-getattr(signal, "SIGXCPU", 24), -getattr(signal, "SIGKILL", 9)):
        raise refusal("slow", name, limit=seconds)
    try:
        found: dict[str, str] = json.loads(done.stdout) if done.returncode == 0 else {"refused": "broken"}
    except ValueError:
        found = {"refused": "broken"}
    if why := found.pop("refused", ""):
        limit = {"too_long": f"{MAX_ARTICLE_CHARS:,}", "heavy": megabytes}.get(why, seconds)
        raise refusal(why, name, limit=limit, package=found.get("package", ""))
    return Source(**found)


def list_files(folder: Path) -> list[Path]:
    """Return every article file of a folder and of the folders in it, sorted.

    Hidden files and folders, and links to folders, are left out.

    Raises:
        FileError: the folder cannot be listed, holds no article file, or too many.
    """
    most, name = FOLDER_FILES.number(1, 1_000_000), folder.name or str(folder)

    def stop(error: OSError) -> None:
        if error.filename == os.fspath(folder):
            raise _from_system(error, name) from error

    found: list[Path] = []
    try:
        if not stat.S_ISDIR(folder.stat().st_mode):
            raise refusal("not_folder", name)
        for base, inner, names in os.walk(folder, onerror=stop):
            inner[:] = sorted(n for n in inner if not n.startswith("."))
            paths = (Path(base, n) for n in sorted(names) if not n.startswith("."))
            found += [p for p in paths if p.suffix.lower() in SUFFIXES]
            if len(found) > most:
                raise refusal("too_many", name, limit=f"{most:,}")
    except OSError as error:
        raise _from_system(error, name) from error
    except ValueError as error:
        if isinstance(error, FileError):
            raise
        raise refusal("bad_name", name) from error
    if not found:
        raise refusal("no_files", name)
    return sorted(found)
