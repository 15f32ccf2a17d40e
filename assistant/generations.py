"""The generations of an archive: a reader sees one that is complete, or the one before it, never a mixture.

`segments/xx/NAME.segment`     one article each; never changed
`generations/NUMBER/`          `tables.safetensors` (passages and postings), `vectors.faiss` (IndexFlatIP of unit
                               rows), `lists.faiss` (IVF, for large archives), and `manifest.json`: every article with
                               its segment, and each file with its size and SHA-256
`CURRENT`                      the generation that serves and the SHA-256 of its manifest; replaced in one step
`lock`                         held by the one process that builds
"""

import json
import os
import shutil
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assistant import durable, segments
from assistant.corpus import Corpus, Leaf, tables_of, vectors_of
from assistant.encoder import Encoder, Vectors
from assistant.errors import IndexStateError

FLAT_MOST = 50_000  # rows that are compared one by one; beyond it an IVF picks which


@dataclass(frozen=True, slots=True)
class Entry:
    """An article of an archive: its id, the file it came from and that file's SHA-256, its segment, and what it states.

    `source` is relative to the archive's folder.
    """

    id: str
    source: str
    digest: str
    segment: str
    title: str
    publisher: str
    date: str


@dataclass(frozen=True, slots=True)
class Generation:
    """A generation by its number, with what its manifest says."""

    number: int
    entries: tuple[Entry, ...]
    make: dict[str, Any]
    counts: dict[str, int]
    files: dict[str, dict[str, Any]]


def folder_of(folder: Path, number: int) -> Path:
    """Return the folder of a generation."""
    return folder / "generations" / f"{number:06d}"


def current(folder: Path) -> Generation | None:
    """Return the generation that serves, None where an archive has not been built yet.

    Raises:
        IndexStateError: what CURRENT names is missing or damaged.
    """
    pointer = folder / "CURRENT"
    if not pointer.is_file():
        return None
    try:
        told = pointer.read_bytes()
        number, digest = told.decode("ascii").split()
        if told != _pointer(int(number), digest):
            raise ValueError("it can be written in one way only")
        path = folder_of(folder, int(number)) / "manifest.json"
    except ValueError as error:
        raise IndexStateError("archive_pointer", name=folder.name) from error
    wrong = durable.fault(path, path.stat().st_size if path.is_file() else 0, digest)
    if wrong:
        raise IndexStateError("archive_manifest", name=folder.name, how=wrong)
    manifest = json.loads(path.read_text(encoding="utf-8"))
    if manifest.get("format") != segments.FORMAT:
        raise IndexStateError(
            "archive_format", name=folder.name, wanted=segments.FORMAT, got=repr(manifest.get("format"))
        )
    entries = tuple(Entry(**row) for row in manifest["articles"])
    return Generation(int(number), entries, manifest["make"], manifest["counts"], manifest["files"])


def _pointer(number: int, digest: str) -> bytes:
    """Return what CURRENT holds."""
    return f"{number:06d} {digest}\n".encode()


def publish(folder: Path, entries: tuple[Entry, ...], leaves: list[Leaf], encoder: Encoder) -> Generation:
    """Write the next generation and let it serve; until the last step the old one goes on serving."""
    parent = folder / "generations"
    parent.mkdir(exist_ok=True)
    number = max([0, *(int(p.name) for p in _numbered(folder))]) + 1
    beside = parent / f"{number:06d}{durable.UNFINISHED}"
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir()
    vectors = vectors_of(leaves)
    _write_tables(beside, leaves, vectors)
    files = {
        path.name: {"bytes": path.stat().st_size, "sha256": durable.sha256(path)} for path in sorted(beside.iterdir())
    }
    counts = {
        "articles": len(entries),
        "passages": sum(len(leaf.spans) for leaf in leaves),
        "rows": len(vectors),
        "dimension": encoder.dimension,
    }
    make = segments.make_of(encoder)
    manifest = {
        "format": segments.FORMAT,
        "make": make,
        "counts": counts,
        "files": files,
        "articles": [asdict(entry) for entry in entries],
    }
    durable.write(beside / "manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1).encode())
    digest = durable.sha256(beside / "manifest.json")
    durable.sync_folder(beside)
    beside.rename(folder_of(folder, number))
    durable.sync_folder(parent)
    durable.write(folder / "CURRENT", _pointer(number, digest))
    durable.sync_folder(folder)
    return Generation(number, entries, make, counts, files)


def _write_tables(folder: Path, leaves: list[Leaf], vectors: Vectors) -> None:
    """Write what the corpus is made of; FAISS hands over bytes, since its own writer says nothing of a full disk."""
    import faiss
    from safetensors.numpy import save

    tables = {name: np.ascontiguousarray(array) for name, array in tables_of(leaves).items()}
    durable.write(folder / "tables.safetensors", save(tables))
    flat = faiss.IndexFlatIP(vectors.shape[1])
    flat.add(vectors)
    durable.write(folder / "vectors.faiss", faiss.serialize_index(flat).tobytes())
    if len(vectors) > FLAT_MOST:
        cells = int(4 * len(vectors) ** 0.5)
        lists = faiss.IndexIVFScalarQuantizer(
            faiss.IndexFlatIP(vectors.shape[1]),
            vectors.shape[1],
            cells,
            faiss.ScalarQuantizer.QT_8bit,
            faiss.METRIC_INNER_PRODUCT,
        )
        lists.train(vectors[:: max(1, len(vectors) // (64 * cells))])
        lists.add(vectors)
        lists.nprobe = max(8, cells // 16)
        durable.write(folder / "lists.faiss", faiss.serialize_index(lists).tobytes())


def open_corpus(folder: Path, generation: Generation) -> Corpus:
    """Return the corpus of a generation, mapped from its files after every hash, size, dimension and count is checked.

    Raises:
        IndexStateError: a file is missing or damaged, or does not hold what the manifest says.
    """
    import faiss

    base = folder_of(folder, generation.number)
    for name, facts in generation.files.items():
        wrong = durable.fault(base / name, facts["bytes"], facts["sha256"])
        if wrong:
            raise IndexStateError("archive_file", file=name, name=folder.name, how=wrong)
    counts, size = generation.counts, generation.counts["rows"] * generation.counts["dimension"]
    tables = durable.mapped(base / "tables.safetensors")
    flat: Any = faiss.read_index(str(base / "vectors.faiss"), faiss.IO_FLAG_MMAP_IFC)
    is_flat = isinstance(flat, faiss.IndexFlat) and flat.metric_type == faiss.METRIC_INNER_PRODUCT
    held = (flat.ntotal, flat.d, len(tables["article"]), len(generation.entries))
    if not is_flat or held != tuple(counts[k] for k in ("rows", "dimension", "passages", "articles")):
        raise IndexStateError("archive_holds", name=folder.name, wanted=counts, got=held)
    vectors: Vectors = faiss.rev_swig_ptr(flat.get_xb(), size).reshape(flat.ntotal, flat.d)
    lists = faiss.read_index(str(base / "lists.faiss")) if "lists.faiss" in generation.files else None
    if lists is not None and (lists.ntotal, lists.d) != (flat.ntotal, flat.d):
        raise IndexStateError("archive_holds", name=folder.name, wanted=flat.ntotal, got=lists.ntotal)
    return Corpus(tables, vectors, lists, keep=flat)


def tidy(folder: Path, number: int) -> None:
    """Delete what a builder that died left behind: unfinished files, and generations newer than the one that serves."""
    left = [path for depth in ("", "*/", "*/*/") for path in folder.glob(f"{depth}*{durable.UNFINISHED}")]
    for path in (*left, *(p for p in _numbered(folder) if int(p.name) > number)):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def sweep(folder: Path) -> None:
    """Delete all but the last generation and the one before it, which a reader may just have opened."""
    numbered = _numbered(folder)
    for path in numbered[:-2]:
        shutil.rmtree(path, ignore_errors=True)
    used: set[str] = set()
    for path in numbered[-2:]:
        with suppress(OSError, ValueError):
            told = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
            used |= {row["segment"] for row in told["articles"]}
    for base, _, names in os.walk(folder / "segments"):
        for name in names:
            if name not in used:
                Path(base, name).unlink(missing_ok=True)


def _numbered(folder: Path) -> list[Path]:
    return sorted(p for p in folder.glob("generations/*") if p.name.isdigit())
