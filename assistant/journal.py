"""The log: one JSON object a line, ASCII only, so that nothing asked can steer a terminal or forge a line.

With `THAMKHAO_LOG` every question leaves a line: when, by which way, how it went, how long it took, the question's
length and language. Its words stay out unless `THAMKHAO_LOG_QUESTIONS` is "on". What nobody foresaw is always told of,
in the log or on stderr, by its place in the code and without what was asked.
"""

import json
import os
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from traceback import extract_tb
from typing import Any

from assistant.durable import append
from assistant.records import Answer
from assistant.settings import LOG, LOG_MB, LOG_QUESTIONS

_LOCK = threading.Lock()
_LONGEST = 200  # characters of any value
_told = {"unwritable": False}


def write(event: str, **values: object) -> None:
    """Add a line to the log where there is one; a log that cannot be written is told of once on stderr."""
    if not LOG.value():
        return
    try:
        path = Path(LOG.value())
        most = LOG_MB.number(1, 10_000) * 1_000_000
        with _LOCK:
            if path.is_file() and path.stat().st_size > most:
                path.replace(path.with_name(path.name + ".1"))
            append(path, _line(event, values))
    except (OSError, ValueError) as error:
        if not _told["unwritable"]:
            _told["unwritable"] = True
            _to_stderr("log_unwritable", {"reason": type(error).__name__, "remedy": f"check {LOG.name}"})


def answered(way: str, question: str, ask: Callable[[], Answer]) -> Answer:
    """Return what `ask` answers, with a line in the log about it."""
    begun = time.perf_counter()
    answer = ask()
    words = {"question": question} if LOG_QUESTIONS.value().lower() == "on" else {}
    write(
        "asked",
        way=way,
        language=answer.language,
        status=answer.status,
        kind=answer.kind,
        characters=len(question),
        citations=len(answer.citations),
        milliseconds=round(1000 * (time.perf_counter() - begun), 1),
        **words,
    )
    return answer


def failed(error: BaseException, way: str) -> None:
    """Tell of an error that nobody foresaw: its type and where in the code it came up, not what was asked."""
    frames = [f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in extract_tb(error.__traceback__)[-5:]]
    values: dict[str, object] = {"way": way, "error": type(error).__name__, "frames": frames}
    if LOG.value():
        write("unforeseen", **values)
    else:
        _to_stderr("unforeseen", values)


def _to_stderr(event: str, values: dict[str, Any]) -> None:
    with suppress(OSError, ValueError, AttributeError):
        sys.stderr.write(_line(event, values).decode())
        sys.stderr.flush()


def _line(event: str, values: dict[str, Any]) -> bytes:
    told = {k: v[:_LONGEST] if isinstance(v, str) else v for k, v in values.items()}
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    row = {"time": now, "event": event, "process": os.getpid(), **told}
    return json.dumps(row, ensure_ascii=True).replace("\x7f", "\\u007f").encode() + b"\n"
