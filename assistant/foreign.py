"""Other encoders by a setting: a sentence-transformers directory, or the name of a model that is on this disk.

Imported only when THAMKHAO_ENCODER is set. Nothing here asks a network for anything.
"""

import importlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Both read once, when the libraries are imported: no look at a model hub, no report of use.
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"

from assistant import untraced  # noqa: F401
from assistant.encoder import BertEncoder, EmbeddingsEncoder, Encoder, digest
from assistant.errors import EncoderError
from assistant.settings import ENCODER

_HASHED = {".json", ".safetensors", ".bin", ".model", ".txt"}  # weights, tokenizers, settings
_SAID = 160  # characters of another library's message that are repeated


@dataclass(frozen=True, slots=True)
class Known:
    """A published encoder: its name, its repository, and what its makers put before a question and a passage."""

    name: str
    repository: str
    query: str = ""
    passage: str = ""


# Prefixes from each model's card.
KNOWN = (
    Known("multilingual-e5-small", "intfloat/multilingual-e5-small", "query: ", "passage: "),
    Known("multilingual-e5-base", "intfloat/multilingual-e5-base", "query: ", "passage: "),
    Known("multilingual-e5-large", "intfloat/multilingual-e5-large", "query: ", "passage: "),
    Known("snowflake-arctic-embed-l-v2.0", "Snowflake/snowflake-arctic-embed-l-v2.0", "query: "),
    Known("bge-m3", "BAAI/bge-m3"),
    Known("LaBSE", "sentence-transformers/LaBSE"),
    Known("paraphrase-multilingual-MiniLM-L12-v2", "sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2"),
    Known("paraphrase-multilingual-mpnet-base-v2", "sentence-transformers/paraphrase-multilingual-mpnet-base-v2"),
    Known("distiluse-base-multilingual-cased-v2", "sentence-transformers/distiluse-base-multilingual-cased-v2"),
    Known("potion-multilingual-128M", "minishlab/potion-multilingual-128M"),
    Known("all-MiniLM-L6-v2", "sentence-transformers/all-MiniLM-L6-v2"),
)


def load(chosen: str) -> Encoder:
    """Return the encoder of a directory or of a name.

    Raises:
        EncoderError: it is not on this disk, damaged, or needs a package that is missing; one line with what to do.
    """
    directory = _directory(chosen)
    if _is_plain_bert(directory):
        return BertEncoder(directory)
    known = _known(directory)
    prefixes = (known.query, known.passage) if known else _own_prefixes(directory)
    files = sorted(p for p in directory.rglob("*") if p.suffix in _HASHED and p.is_file() and "onnx" not in p.parts)
    name = known.name if known else directory.resolve().name
    return EmbeddingsEncoder(_transformer(directory, name), name, digest(iter(files)), prefixes)


def _directory(chosen: str) -> Path:
    path = Path(chosen)
    try:
        if path.expanduser().is_dir():
            return path.expanduser()
    except (OSError, RuntimeError):  # a name too long, or of no user's home
        pass
    known = next((k for k in KNOWN if chosen.lower() in (k.name.lower(), k.repository.lower())), None)
    repository = known.repository if known else chosen
    if known is None and (repository.count("/") != 1 or path.is_absolute()):
        raise EncoderError("encoder_unknown", name=path.name[:80], setting=ENCODER.name)
    hub = _package("huggingface_hub")
    try:
        return Path(hub.snapshot_download(repository, local_files_only=True))
    except Exception as error:
        raise EncoderError("encoder_absent", name=repository, setting=ENCODER.name) from error


def _known(directory: Path) -> Known | None:
    """Return what is known of a directory, by a name on its path: `…/LaBSE`, `…/models--org--LaBSE/snapshots/…`."""
    names = [part.split("--")[-1].lower() for part in reversed(directory.absolute().parts)]
    return next((k for name in names[:3] for k in KNOWN if k.name.lower() == name), None)


def _is_plain_bert(directory: Path) -> bool:
    """True for what runs without torch: BERT with mean pooling and no prefix; also for a directory with no settings."""
    if not any((directory / name).is_file() for name in ("modules.json", "config.json")):
        return True  # which then says what it lacks
    known = _known(directory)
    if (known and (known.query or known.passage)) or any(_own_prefixes(directory)):
        return False
    config, pooling, modules = (
        _json(directory / name) for name in ("config.json", "1_Pooling/config.json", "modules.json")
    )
    kinds = {str(m.get("type", "")).rpartition(".")[2] for m in modules} if isinstance(modules, list) else set()
    return (
        isinstance(config, dict)
        and isinstance(pooling, dict)
        and config.get("model_type") == "bert"
        and config.get("hidden_act") == "gelu"
        and config.get("position_embedding_type", "absolute") == "absolute"
        and (pooling.get("pooling_mode") == "mean" or pooling.get("pooling_mode_mean_tokens") is True)
        and not any(pooling.get(f"pooling_mode_{k}") for k in ("cls_token", "max_tokens", "mean_sqrt_len_tokens"))
        and kinds <= {"Transformer", "Pooling", "Normalize"}
        and (directory / "tokenizer.json").is_file()
        and (directory / "model.safetensors").is_file()
    )


def _own_prefixes(directory: Path) -> tuple[str, str]:
    """Return the prefixes that a directory's own settings name for questions and passages."""
    settings = _json(directory / "config_sentence_transformers.json")
    prompts = settings.get("prompts") if isinstance(settings, dict) else None
    if not isinstance(prompts, dict):
        return "", ""
    return str(prompts.get("query") or ""), str(prompts.get("passage") or prompts.get("document") or "")


def _json(path: Path) -> Any:  # noqa: ANN401
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _package(name: str) -> Any:  # noqa: ANN401
    try:
        return importlib.import_module(name)
    except ImportError as error:
        package = name.partition(".")[0].replace("_", "-")
        raise EncoderError("encoder_package", package=package, setting=ENCODER.name) from error


def _transformer(directory: Path, name: str) -> Any:  # noqa: ANN401
    """Return a sentence-transformers model as LangChain `Embeddings`; sentence-transformers and torch load here."""
    embeddings: Any = _package("langchain_core.embeddings").Embeddings
    library = _package("sentence_transformers")
    try:
        model = library.SentenceTransformer(str(directory), device="cpu", local_files_only=True)
    except Exception as error:
        reason = f"{type(error).__name__}: {' '.join(str(error).split())[:_SAID]}"
        raise EncoderError("encoder_broken", name=name, reason=reason) from error

    class TransformerEmbeddings(embeddings):  # type: ignore[misc]
        """The model's vectors; prefixes are put by the caller, so the model's own prompts stay out."""

        def embed_documents(self, texts: Sequence[str]) -> list[list[float]]:
            """Return a vector for each text."""
            found: list[list[float]] = model.encode(list(texts), prompt="", show_progress_bar=False).tolist()
            return found

        def embed_query(self, text: str) -> list[float]:
            """Return the vector of a text."""
            return self.embed_documents([text])[0]

    return TransformerEmbeddings()
