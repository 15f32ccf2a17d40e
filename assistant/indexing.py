"""The index of an article: passages and clauses as vectors in FAISS, words and mentions beside them.

Saved as plain data with a manifest; the loader believes nothing that the manifest does not vouch for.

`manifest.json`  format, hashes of the article, its side files, the word lists and the encoder, counts, and every
                 file of the index with its size and SHA-256
`analysis.json`  mentions, and for every clause its words with their keys and its English
`tokens.safetensors`  what the reader sees of the article before a question (`reader.Tokens`)
`passages.jsonl` start and end of every passage, and of its windows
`vectors.faiss`  IndexFlatIP of unit rows: C clauses, then the sentence of each clause, then W windows, then P passages
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assistant import article as articles
from assistant.analysis import Analysis, Vocabulary, analyse, entities_of
from assistant.encoder import Encoder, Vectors, shipped_encoder
from assistant.errors import IndexStateError
from assistant.lexicon import DATA, Term
from assistant.lexicon import load as load_lexicon
from assistant.passages import Window, encode_once, make_passages, slice_texts
from assistant.reader import article_tokens, shipped_reader
from assistant.reading import Tokens, load_tokens, save_tokens
from assistant.records import Article, Mention, Passage
from assistant.retrieval import Floats, clause_texts, nearness
from assistant.settings import INDEX, data_folder
from assistant.structure import abbreviations, find_lists

FORMAT = 2
REMEDY = "run `make index` (or `thamkhao index --shipped`) to build it again"
WORD_LISTS = ("lexicon.tsv", "concepts.tsv")
SIDE_FILES = ("translation.jsonl", "glossary.json", "provenance.json")


@dataclass(frozen=True, slots=True)
class ArticleIndex:
    """An article ready to be asked: its analysis, its passages and the vectors of both.

    `vectors` has 2 C + W + P unit rows; see the module's docstring.
    """

    analysis: Analysis
    passages: tuple[Passage, ...]
    windows: tuple[Window, ...]
    near: Floats
    vectors: Any
    tokens: Tokens

    @property
    def article(self) -> Article:
        """The article indexed."""
        return self.analysis.article

    def similarities(self, query: Vectors) -> Floats:
        """Return the cosine of a unit row of shape (d,) with every row of the index, shape (2 C + P,)."""
        scores, rows = self.vectors.search(query[None, :].astype(np.float32), self.vectors.ntotal)
        ordered = np.empty(self.vectors.ntotal)
        ordered[rows[0]] = scores[0]
        return ordered

    def window_rows(self) -> Vectors:
        """Return the unit rows of the windows, shape (W, d)."""
        return self._rows(2 * len(self.article.clauses), len(self.windows))

    def passage_rows(self) -> Vectors:
        """Return the unit rows of the passages, shape (P, d)."""
        return self._rows(2 * len(self.article.clauses) + len(self.windows), len(self.passages))

    def _rows(self, first: int, count: int) -> Vectors:
        rows: Vectors = self.vectors.reconstruct_n(first, count)
        return rows


def build(article: Article, encoder: Encoder) -> ArticleIndex:
    """Analyse an article and encode it."""
    analysis = analyse(article)
    passages, windows = make_passages(article)
    rows = encode_once(encoder, [*clause_texts(analysis), *slice_texts(article, windows, passages)])
    return assemble(analysis, passages, windows, rows)


def assemble(
    analysis: Analysis, passages: tuple[Passage, ...], windows: tuple[Window, ...], rows: Vectors
) -> ArticleIndex:
    """Return an article's index from its unit rows: 2 C of clauses, W of windows, P of passages."""
    return ArticleIndex(
        analysis, passages, windows, nearness(analysis), _flat(rows), article_tokens(analysis, shipped_reader())
    )


def _flat(rows: Vectors) -> Any:  # noqa: ANN401
    import faiss

    index = faiss.IndexFlatIP(rows.shape[1])
    index.add(np.ascontiguousarray(rows, dtype=np.float32))
    return index


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
    """Write an index: its files first, the manifest that vouches for them last."""
    import faiss

    folder.mkdir(parents=True, exist_ok=True)
    analysis = index.analysis
    (folder / "manifest.json").unlink(missing_ok=True)
    rows = [
        json.dumps(
            {"start": p.start, "end": p.end, "windows": [[w.start, w.end] for w in index.windows if w.passage == n]}
        )
        for n, p in enumerate(index.passages)
    ]
    (folder / "passages.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (folder / "analysis.json").write_text(
        json.dumps(_analysis_data(analysis), ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8"
    )
    faiss.write_index(index.vectors, str(folder / "vectors.faiss"))
    save_tokens(index.tokens, folder / "tokens.safetensors")
    names = ("analysis.json", "passages.jsonl", "tokens.safetensors", "vectors.faiss")
    manifest = {
        "format": FORMAT,
        "article": index.article.id,
        "sources": _sources(source),
        "encoder": encoder_data(encoder),
        "counts": {
            "clauses": len(index.article.clauses),
            "windows": len(index.windows),
            "passages": len(index.passages),
            "mentions": len(analysis.mentions),
        },
        "files": {name: {"bytes": (folder / name).stat().st_size, "sha256": _sha256(folder / name)} for name in names},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n", encoding="utf-8")


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
    return {path.name: _sha256(path) for path in files if path.is_file()}


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


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
    manifest = read_manifest(folder)
    _check(manifest, folder, source, encoder)
    import faiss

    article = articles.load(source)
    data = json.loads((folder / "analysis.json").read_text(encoding="utf-8"))
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
    rows = [json.loads(line) for line in (folder / "passages.jsonl").read_text(encoding="utf-8").splitlines()]
    passages = tuple(Passage(article.id, r["start"], r["end"], article.text[r["start"] : r["end"]]) for r in rows)
    windows = tuple(Window(a, b, n) for n, r in enumerate(rows) for a, b in r["windows"])
    vectors = faiss.read_index(str(folder / "vectors.faiss"))
    expected = 2 * len(article.clauses) + len(windows) + len(passages)
    if vectors.d != encoder.dimension or vectors.ntotal != expected or len(terms) != len(article.clauses):
        raise IndexStateError(
            f"index must hold {expected} vectors of {encoder.dimension} numbers; "
            f"got {vectors.ntotal} of {vectors.d}; {REMEDY}"
        )
    return ArticleIndex(
        analysis, passages, windows, nearness(analysis), vectors, load_tokens(folder / "tokens.safetensors")
    )


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
            raise IndexStateError(f"index was built with encoder {key} {told[0]!r}, in use is {told[1]!r}; {REMEDY}")


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
        raise IndexStateError(f"index has no manifest at {folder.name}; {REMEDY}")
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise IndexStateError(f"manifest.json of the index must be JSON; {REMEDY}") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise IndexStateError(
            f"index must have format {FORMAT}; "
            f"got {manifest.get('format') if isinstance(manifest, dict) else 'none'}; {REMEDY}"
        )
    return manifest


def _check(manifest: dict[str, Any], folder: Path, source: Path, encoder: Encoder) -> None:
    check_encoder(manifest, encoder)
    for name, digest in _changed(manifest.get("sources", {}), _sources(source)):
        raise IndexStateError(f"index is stale: {name} {digest}; {REMEDY}")
    for name, facts in manifest.get("files", {}).items():
        path = folder / name
        if not path.is_file() or path.is_symlink():
            raise IndexStateError(f"index lacks the file {name}; {REMEDY}")
        if path.stat().st_size != facts["bytes"] or _sha256(path) != facts["sha256"]:
            raise IndexStateError(f"index file {name} is damaged; {REMEDY}")


def _changed(old: dict[str, str], new: dict[str, str]) -> Iterable[tuple[str, str]]:
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            yield name, "has changed" if name in old and name in new else "came or went"
