"""What readers say of answers, as rows of a question set: one line each, on the disk before it is acknowledged."""

import json
import secrets
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant import durable
from assistant.records import Answer

_KINDS = {"not_stated": "unanswerable", "off_topic": "unanswerable", "false_premise": "false_premise"}
_LOCK = threading.Lock()


def as_row(answer: Answer, question: str, history: Sequence[str], *, right: bool) -> dict[str, Any]:
    """Return an answer that a reader judged as a row of a question set.

    A right one gives what to expect and the evidence. Of a wrong one only what to reject is known: the note says that
    somebody has to fill in what the article says.
    """
    kind = "followup" if history else _KINDS.get(answer.status, answer.kind)
    expected = right and answer.answered
    return {
        "id": f"reader-{secrets.token_hex(6)}",
        "lang": answer.language,
        "kind": kind,
        "question": question,
        "history": list(history),
        "answerable": answer.answered if right else answer.status == "not_stated",
        "expect": [[answer.text]] if expected else [],
        "reject": [] if right else [answer.text],
        "evidence": [citation.quote for citation in answer.citations] if expected else [],
        "note": "reader: right" if right else "reader: wrong; expect and evidence are to be filled in",
    }


def append(path: Path, row: dict[str, Any], most: int) -> None:
    """Add a row to a file in one write, flushed to the disk; a last line that was cut short is ended first.

    Raises:
        OSError: it cannot be written, or the file would get larger than `most` bytes.
    """
    line = json.dumps(row, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
    with _LOCK:
        durable.append(path, line, most)
