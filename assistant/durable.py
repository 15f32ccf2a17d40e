"""Files that are whole or not there: written beside, flushed to the disk, renamed; and one writer at a time."""

import hashlib
import json
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.bert import places
from assistant.errors import IndexStateError

UNFINISHED = ".part"
_KINDS = {"F32": "<f4", "F16": "<f2", "U64": "<u8", "I64": "<i8", "I32": "<i4", "U16": "<u2", "U8": "u1"}


def write(path: Path, *parts: bytes) -> None:
    """Write a file so that it is there whole or not at all, whenever the power fails.

    Raises:
        OSError: it cannot be written, a full disk included; nothing is left behind.
    """
    beside = path.with_name(f"{path.name}.{os.getpid()}{UNFINISHED}")
    try:
        with beside.open("wb") as file:
            for part in parts:
                file.write(part)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise


def append(path: Path, line: bytes, most: int | None = None) -> None:
    """Add a line to a file in one write and flush it to the disk; a last line that was cut short is ended first.

    The file is this user's alone.

    Raises:
        OSError: it cannot be written whole, or would get larger than `most` bytes.
    """
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, 0o600), "r+b", buffering=0) as file:
        size = file.seek(0, os.SEEK_END)
        if size:
            file.seek(size - 1)
            line = line if file.read(1) == b"\n" else b"\n" + line
        if most is not None and size + len(line) > most:
            raise OSError(f"the file must have at most {most:,} bytes")
        if file.write(line) != len(line):
            raise OSError("the line could not be written whole")
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Flush a folder's list of names to the disk; where a system cannot, there is nothing to do."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def sole_writer(path: Path, busy: IndexStateError) -> Iterator[None]:
    """Hold a lock file for as long as something is written; the system lets go of it when the process dies.

    Raises:
        IndexStateError: `busy`: another process holds it.
    """
    with path.open("a+b") as file:
        try:
            import fcntl
        except ImportError:  # no such locks here; os.replace still keeps readers safe
            yield
            return
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise busy from error
        yield


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sealed(told: dict[str, Any]) -> bytes:
    """Return a manifest as JSON with a seal, the SHA-256 of the rest; it can be written in this one way only."""
    plain = {key: value for key, value in told.items() if key != "seal"}
    whole = {**plain, "seal": hashlib.sha256(_json(plain)).hexdigest()}
    return _json(whole)


def unsealed(body: bytes) -> dict[str, Any] | None:
    """Return what `sealed` wrote, None when a byte of it is another."""
    try:
        told = json.loads(body)
        return told if isinstance(told, dict) and sealed(told) == body else None
    except (ValueError, RecursionError):
        return None


def _json(told: dict[str, Any]) -> bytes:
    return (json.dumps(told, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def fault(path: Path, size: int, digest: str) -> str:
    """Return what is wrong with a file that a manifest vouches for: "missing", "damaged", or "" when it is whole."""
    try:
        facts = path.lstat()
        if not stat.S_ISREG(facts.st_mode):
            return "missing"
        return "" if facts.st_size == size and sha256(path) == digest else "damaged"
    except OSError:
        return "missing"


def mapped(path: Path) -> dict[str, NDArray[Any]]:
    """Return the arrays of a safetensors file, read from the disk only where they are looked at.

    Raises:
        ValueError: it is no such file.
    """
    found: dict[str, NDArray[Any]] = {}
    for name, place in places(path).items():
        shape, kind = tuple(place.sizes), np.dtype(_KINDS[place.type])
        if place.length != kind.itemsize * int(np.prod(shape, dtype=np.int64)):
            raise ValueError(f"{name} has the wrong size")
        found[name] = np.memmap(path, kind, "r", place.start, shape) if place.length else np.zeros(shape, kind)
    return found
