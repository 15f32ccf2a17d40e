"""One article of an archive as one file that never changes: its text and side data, and what it gives the corpus.

A segment is named after what it is made from (text, side data, word lists, encoder, format), so that an article
already read is never read again, under whatever name it comes. The file is a safetensors file with the SHA-256 of its
bytes behind it: `article` (JSON in UTF-8), `blocks` and `clauses`, and the arrays of a `corpus.Leaf`.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args

import numpy as np

from assistant import durable
from assistant.analysis import lexicon_vocabulary, read_words
from assistant.corpus import Leaf, make_leaf
from assistant.encoder import Encoder
from assistant.errors import IndexStateError
from assistant.lexicon import DATA
from assistant.passages import encode_once, make_passages, slice_texts
from assistant.postings import Bags
from assistant.records import Aligned, Article, Block, BlockKind, Clause, GlossaryEntry
from assistant.saved import WORD_LISTS, encoder_data

FORMAT = 1
SEAL = 32  # bytes of a SHA-256
ENDING = ".segment"
_BLOCKS = get_args(BlockKind)
_BAG = ("keys", "rows", "times", "sizes")


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment read: the article under the id its archive gives it, and its leaf."""

    article: Article
    leaf: Leaf


def make_of(encoder: Encoder) -> dict[str, Any]:
    """Return what segments and archives are made with: another make means that they must be made again."""
    return {"format": FORMAT, "encoder": encoder_data(encoder), "words": _word_lists()}


@lru_cache(maxsize=1)
def _word_lists() -> dict[str, str]:
    return {name: durable.sha256(DATA / name) for name in WORD_LISTS}


def name_of(article: Article, make: dict[str, Any]) -> str:
    """Return the name of an article's segment; its id is of no account."""
    whole = json.dumps([make, _plain(article)], ensure_ascii=True, sort_keys=True)
    return hashlib.sha256(whole.encode()).hexdigest()[:40] + ENDING


def path_of(folder: Path, name: str) -> Path:
    """Return where a segment of an archive lies: no folder of it holds too many."""
    return folder / "segments" / name[:2] / name


def _plain(article: Article) -> dict[str, Any]:
    return {
        "title": article.title,
        "publisher": article.publisher,
        "date": article.date,
        "text": article.text,
        "translation": [[a.start, a.end, a.english] for a in article.translation],
        "glossary": [asdict(entry) for entry in article.glossary],
    }


def ensure(folder: Path, article: Article, encoder: Encoder) -> tuple[str, bool]:
    """Have a whole segment of an article in an archive; return its name and whether it was there already."""
    name = name_of(article, make_of(encoder))
    path = path_of(folder, name)
    try:
        open_sealed(path)
        return name, True
    except IndexStateError:
        path.parent.mkdir(parents=True, exist_ok=True)
        body = pack(article, leaf_for_search(article, encoder))
        durable.write(path, body, hashlib.sha256(body).digest())
        durable.sync_folder(path.parent)
        return name, False


def leaf_for_search(article: Article, encoder: Encoder) -> Leaf:
    """Read as much of an article as search needs: its words as the lexicon knows them, and its passages' vectors.

    People, places and the vectors of clauses are worked out when the article is asked: they take twice as long.
    """
    passages, windows = make_passages(article)
    counts = np.bincount([w.passage for w in windows], minlength=len(passages)).astype(np.int32)
    wholes = [p for p, count in zip(passages, counts, strict=True) if count > 1]
    rows = encode_once(encoder, slice_texts(article, windows, wholes))
    return make_leaf(article, passages, counts, rows, read_words(article, lexicon_vocabulary())[1])


def pack(article: Article, leaf: Leaf) -> bytes:
    """Return a segment without its seal."""
    from safetensors.numpy import save

    blocks = [(_BLOCKS.index(b.kind), b.start, b.end) for b in article.blocks]
    clauses = [(c.block, c.sentence, c.start, c.end) for c in article.clauses]
    arrays = {
        "article": np.frombuffer(json.dumps(_plain(article)).encode(), dtype=np.uint8),
        "blocks": np.array(blocks, dtype=np.int32).reshape(-1, 3),
        "clauses": np.array(clauses, dtype=np.int32).reshape(-1, 4),
        "spans": leaf.spans,
        "windows": leaf.windows,
        "rows": leaf.rows.astype(np.float16),  # half the room; a cosine moves by less than 0.0005
        **{f"{leg}_{key}": getattr(getattr(leaf, leg), key) for leg in ("words", "grams") for key in _BAG},
    }
    body: bytes = save({name: np.ascontiguousarray(array) for name, array in arrays.items()})
    return body


def open_sealed(path: Path) -> bytes:
    """Return a segment's bytes without the seal.

    Raises:
        IndexStateError: it is missing, no ordinary file, or damaged.
    """
    try:
        if path.is_symlink() or not path.is_file():
            raise IndexStateError("segment_missing", name=path.name)
        data = path.read_bytes()
    except OSError as error:
        raise IndexStateError("segment_unread", name=path.name, reason=error.strerror) from error
    if hashlib.sha256(data[:-SEAL]).digest() != data[-SEAL:]:
        raise IndexStateError("segment_damaged", name=path.name)
    return data[:-SEAL]


def read(path: Path, identity: str) -> Segment:
    """Read a segment.

    Args:
        path: its file.
        identity: the id that the archive gives its article.

    Raises:
        IndexStateError: it is missing or damaged.
    """
    from safetensors.numpy import load

    arrays = load(open_sealed(path))
    plain = json.loads(arrays["article"].tobytes())
    article = Article(
        identity,
        plain["title"],
        plain["text"],
        tuple(Block(i, _BLOCKS[k], s, e) for i, (k, s, e) in enumerate(arrays["blocks"].tolist())),
        tuple(Clause(i, *row) for i, row in enumerate(arrays["clauses"].tolist())),
        tuple(Aligned(*row) for row in plain["translation"]),
        tuple(_entry(row) for row in plain["glossary"]),
        plain["publisher"],
        plain["date"],
    )
    words, grams = (Bags(*(arrays[f"{leg}_{key}"] for key in _BAG)) for leg in ("words", "grams"))
    rows = arrays["rows"].astype(np.float32)
    rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return Segment(article, Leaf(arrays["spans"], arrays["windows"], rows, words, grams))


def _entry(row: dict[str, Any]) -> GlossaryEntry:
    fields: dict[str, Any] = {key: tuple(v) if isinstance(v, list) else v for key, v in row.items()}
    return GlossaryEntry(**fields)
