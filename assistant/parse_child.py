"""Turn one HTML, PDF, DOCX or Markdown file into text, in a process of its own that may die without harm.

Run as `python -P -m assistant.parse_child KIND MEGABYTES SECONDS CHARACTERS` with the file on standard input
(HTML and Markdown in UTF-8). One JSON object goes to standard output: {"text", "title", "publisher", "date"},
each but the text optional, or {"refused": why} with why a key of `prompts/files.json`. Of the assistant only the
parsers are imported, and what they parse with only once the limits stand.
"""

import json
import sys
from contextlib import suppress

from assistant.errors import Refusal
from assistant.parse_pdf import pdf
from assistant.parse_web import html, md
from assistant.parse_word import docx


def limit(megabytes: int, seconds: int) -> None:
    """Take memory beyond a size, processor time beyond a span and every written file from this process."""
    try:
        import resource
    except ImportError:  # Windows: the clock of the process that started this one is the only limit
        return
    for kind, most in (
        (resource.RLIMIT_AS, megabytes << 20),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))


def parse(kind: str, data: bytes, most: int) -> dict[str, str]:
    """Return what a file holds, or {"refused": why}; whatever a parser stumbles over, the file is what is wrong."""
    try:
        found = {"html": html, "pdf": pdf, "docx": docx, "md": md}[kind](data, most)
        if len(found["text"]) > most:
            raise Refusal("too_long")
    except Refusal as refusal:
        return {"refused": refusal.code}
    except ModuleNotFoundError as error:
        return {"refused": "missing_package", "package": error.name or "-"}
    except MemoryError:
        return {"refused": "heavy"}
    except Exception:
        return {"refused": "broken"}
    return found


def main() -> int:
    """Read standard input, parse it within the limits, and write what was found."""
    kind, megabytes, seconds, most = sys.argv[1], *map(int, sys.argv[2:5])
    data = sys.stdin.buffer.read()
    limit(megabytes, seconds)
    found = parse(kind, data, most)
    sys.stdout.buffer.write(json.dumps(found).encode())
    return 0


if __name__ == "__main__":
    sys.exit(main())
