"""The index of an article on the disk.

It is plain data with a manifest; the loader believes nothing that the manifest does not vouch for. A file carries
the beginning of its SHA-256 in its name and is never changed: a new index is written beside the old one, and serves
from the moment its manifest takes the other's place. One process builds at a time (`lock`).

`manifest.json`  format, hashes of the article, its side files, the word lists and the encoder, counts, every file of
                 the index with its size and SHA-256, and a seal over all that
`analysis.json`  mentions, and for every clause its words with their keys and its English
`tokens.safetensors`  what the reader sees of the article before a question (`reader.Tokens`)
`passages.jsonl` start and end of every passage, and of its windows
`vectors.faiss`  IndexFlatIP of unit rows: C clauses, then the sentence of each clause, then W windows, then P passages
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from assistant import article as articles
from assistant import durable
from assistant.analysis import Analysis, Vocabulary, entities_of
from assistant.encoder import Encoder, shipped_encoder
from assistant.errors import IndexStateError
from assistant.indexing import ArticleIndex, build
from assistant.lexicon import DATA, Term
from assistant.lexicon import load as load_lexicon
from assistant.passages import Window
from assistant.reading import pack_tokens, unpack_tokens
from assistant.records import Mention, Passage
from assistant.retrieval import nearness
from assistant.settings import INDEX, data_folder
from assistant.structure import abbreviations, find_lists

FORMAT = 3
WORD_LISTS = (
    "lexicon.tsv",
    "concepts.tsv",
    "senses.tsv",
    "wordnet.tsv",
    "places.tsv",
    "organisations.tsv",
    "units.tsv",
    "romanized.tsv",
    "news_words.json",
)
FILES = ("analysis.json", "passages.jsonl", "tokens.safetensors", "vectors.faiss")
SIDE_FILES = ("translation.jsonl", "glossary.json", "provenance.json")


def shipped_article() -> Path:
    """Return the file of the shipped article."""
    return data_folder("index") / "articles" / "thai-vietnam-meeting" / "article.txt"


def built_folder() -> Path:
    """Return the folder of the shipped article's index."""
    return Path(INDEX.value()) if INDEX.value() else data_folder("index") / "built"


def build_shipped(folder: Path | None = None) -> Path:
    """Build the shipped article's index again and save it; return its folder."""
    encoder = shipped_encoder()
    target = folder or built_folder()
    save(build(articles.load(shipped_article()), encoder), encoder, shipped_article(), target)
    return target


def save(index: ArticleIndex, encoder: Encoder, source: Path, folder: Path) -> None:
    """Write an index: its files first, the manifest that vouches for them last; until then the old one serves.

    Raises:
        IndexStateError: another process is building it.
        OSError: it cannot be written, a full disk included; the old one goes on serving.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with durable.sole_writer(folder / "lock", IndexStateError("index_busy")):
        for left in folder.glob(f"*{durable.UNFINISHED}"):
            left.unlink(missing_ok=True)
        files = {}
        for name, body in zip(FILES, _bodies(index), strict=True):
            digest = hashlib.sha256(body).hexdigest()
            stored = f"{Path(name).stem}-{digest[:8]}{Path(name).suffix}"
            durable.write(folder / stored, body)
            files[name] = {"file": stored, "bytes": len(body), "sha256": digest}
        durable.sync_folder(folder)
        manifest = {
            "format": FORMAT,
            "article": index.article.id,
            "sources": _sources(source),
            "encoder": encoder_data(encoder),
            "counts": _counts(index),
            "files": files,
        }
        durable.write(folder / "manifest.json", durable.sealed(manifest))
        durable.sync_folder(folder)
        kept = {"manifest.json", "lock", *(facts["file"] for facts in files.values())}
        for path in folder.iterdir():
            if path.name not in kept and path.is_file():
                path.unlink(missing_ok=True)


def _bodies(index: ArticleIndex) -> Iterable[bytes]:
    """Yield the files of an index; FAISS hands over bytes, since its own writer says nothing of a full disk."""
    import faiss

    yield (json.dumps(_analysis_data(index.analysis), ensure_ascii=False, sort_keys=True) + "\n").encode()
    rows = [
        json.dumps(
            {"start": p.start, "end": p.end, "windows": [[w.start, w.end] for w in index.windows if w.passage == n]}
        )
        for n, p in enumerate(index.passages)
    ]
    yield ("\n".join(rows) + "\n").encode()
    yield pack_tokens(index.tokens)
    yield faiss.serialize_index(index.vectors).tobytes()


def _counts(index: ArticleIndex) -> dict[str, int]:
    return {
        "clauses": len(index.article.clauses),
        "windows": len(index.windows),
        "passages": len(index.passages),
        "mentions": len(index.analysis.mentions),
    }


def encoder_data(encoder: Encoder) -> dict[str, Any]:
    """Return what a manifest says of an encoder."""
    return {
        "name": encoder.name,
        "revision": encoder.fingerprint,
        "dimension": encoder.dimension,
        "prefixes": list(encoder.prefixes),
    }


def _sources(source: Path) -> dict[str, str]:
    files = [
        source,
        *(source.with_name(f"{source.stem}.{side}") for side in SIDE_FILES),
        *(DATA / name for name in WORD_LISTS),
    ]
    return {path.name: durable.sha256(path) for path in files if path.is_file()}


def _term_data(term: Term) -> list[Any]:
    return [term.text, term.start, term.end, _rounded(term.keys), [_rounded(p) for p in term.parts], term.pos]


def _rounded(keys: dict[str, float]) -> dict[str, float]:
    return {k: round(v, 4) for k, v in keys.items()}


def _analysis_data(analysis: Analysis) -> dict[str, Any]:
    return {
        "mentions": [asdict(m) for m in analysis.mentions],
        "keys": [_rounded(k) for k in analysis.clause_keys],
        "english": list(analysis.clause_english),
        "terms": [[_term_data(t) for t in terms] for terms in analysis.clause_terms],
    }


def load_shipped(encoder: Encoder) -> ArticleIndex:
    """Load the shipped article's index, verified.

    Raises:
        IndexStateError: it is missing, damaged, or built from something else; the message says what to run.
    """
    return load(built_folder(), shipped_article(), encoder)


def load(folder: Path, source: Path, encoder: Encoder) -> ArticleIndex:
    """Load a saved index of an article file, after checking every hash, size, dimension and count.

    Raises:
        IndexStateError: see `load_shipped`.
    """
    try:
        return _open(read_manifest(folder), folder, source, encoder)
    except IndexStateError:
        again = read_manifest(folder)  # a builder may have put a new index in place between manifest and files
        return _open(again, folder, source, encoder)


def _open(manifest: dict[str, Any], folder: Path, source: Path, encoder: Encoder) -> ArticleIndex:
    held = _checked(manifest, folder, source, encoder)
    import faiss

    article = articles.load(source)
    data = json.loads(held["analysis.json"])
    mentions = tuple(Mention(**m) for m in data["mentions"])
    vocabulary = Vocabulary(load_lexicon(), entities_of(article, mentions))
    terms = tuple(tuple(Term(t, s, e, k, tuple(p), pos) for t, s, e, k, p, pos in row) for row in data["terms"])
    analysis = Analysis(
        article,
        vocabulary,
        mentions,
        find_lists(article),
        abbreviations(article),
        tuple(data["keys"]),
        tuple(data["english"]),
        terms,
    )
    rows = [json.loads(line) for line in held["passages.jsonl"].decode().splitlines()]
    passages = tuple(Passage(article.id, r["start"], r["end"], article.text[r["start"] : r["end"]]) for r in rows)
    windows = tuple(Window(a, b, n) for n, r in enumerate(rows) for a, b in r["windows"])
    vectors = faiss.deserialize_index(np.frombuffer(held["vectors.faiss"], dtype=np.uint8))
    expected = 2 * len(article.clauses) + len(windows) + len(passages)
    index = ArticleIndex(
        analysis, passages, windows, nearness(analysis), vectors, unpack_tokens(held["tokens.safetensors"])
    )
    flat = isinstance(vectors, faiss.IndexFlat) and vectors.metric_type == faiss.METRIC_INNER_PRODUCT
    whole = flat and len(terms) == len(article.clauses) and _counts(index) == manifest["counts"]
    if not whole or vectors.d != encoder.dimension or vectors.ntotal != expected:
        raise IndexStateError(
            "index_counts", wanted=expected, dimension=encoder.dimension, got=vectors.ntotal, had=vectors.d
        )
    return index


def check_encoder(manifest: dict[str, Any], encoder: Encoder) -> None:
    """Hold a manifest against an encoder.

    Raises:
        IndexStateError: the index was built with another one; says what differs.
    """
    built, used = manifest.get("encoder"), encoder_data(encoder)
    for key in used:
        was = built.get(key) if isinstance(built, dict) else None
        if was != used[key]:
            told = [v[:12] if isinstance(v, str) else v for v in (was, used[key])]
            raise IndexStateError("index_encoder", key=key, was=repr(told[0]), used=repr(told[1]))


def open_shipped(encoder: Encoder) -> ArticleIndex:
    """Return the shipped article's index for a caller's own encoder: the saved one if it fits, else one made now."""
    try:
        check_encoder(read_manifest(built_folder()), encoder)
    except IndexStateError:
        return build(articles.load(shipped_article()), encoder)
    return load_shipped(encoder)


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return an index's manifest.

    Raises:
        IndexStateError: there is none, or it is not of this format.
    """
    path = folder / "manifest.json"
    if not path.is_file():
        raise IndexStateError("index_none", folder=folder.name)
    manifest = durable.unsealed(path.read_bytes())
    if manifest is None:
        raise IndexStateError("index_manifest")
    if manifest.get("format") != FORMAT:
        raise IndexStateError("index_format", wanted=FORMAT, got=manifest.get("format"))
    return manifest


def _checked(manifest: dict[str, Any], folder: Path, source: Path, encoder: Encoder) -> dict[str, bytes]:
    """Return the bytes of an index's files, after everything the manifest says was held against what is there."""
    check_encoder(manifest, encoder)
    for name, how in _changed(manifest["sources"], _sources(source)):
        raise IndexStateError("index_stale", name=name, how=how)
    held = {}
    for name in FILES:
        facts = manifest["files"][name]
        path = folder / facts["file"]
        if not path.is_file() or path.is_symlink():
            raise IndexStateError("index_lacks", name=path.name)
        held[name] = path.read_bytes()
        if len(held[name]) != facts["bytes"] or hashlib.sha256(held[name]).hexdigest() != facts["sha256"]:
            raise IndexStateError("index_damaged", name=path.name)
    return held


def _changed(old: dict[str, str], new: dict[str, str]) -> Iterable[tuple[str, str]]:
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            yield name, "has changed" if name in old and name in new else "came or went"
