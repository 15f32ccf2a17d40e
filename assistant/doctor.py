"""What `thamkhao doctor` looks at: Python, packages, words, encoder, index. Loads no package to name its version."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from assistant import interface
from assistant.encoder import shipped_encoder
from assistant.records import Language

OLDEST = (3, 11)
PACKAGES = (
    "numpy",
    "faiss-cpu",
    "pythainlp",
    "onnxruntime",
    "tokenizers",
    "rapidfuzz",
    "snowballstemmer",
    "langchain-core",
    "sentence-transformers",
    "torch",
    "gradio",
    "fastapi",
    "uvicorn",
    "trafilatura",
    "pypdf",
    "python-docx",
    "markdown-it-py",
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report: what was looked at, what was found, and whether that is well."""

    name: str
    detail: str
    whole: bool


def findings(language: Language) -> Iterator[Finding]:
    """Yield what is there and what is not, in the reader's language; nothing is raised for what is missing."""
    fine = interface.say(language, "doctor_ok")
    new_enough = sys.version_info[:2] >= OLDEST
    running = ".".join(map(str, sys.version_info[:3]))
    yield Finding("Python", f"{running} {fine if new_enough else interface.say(language, 'doctor_old')}", new_enough)
    for name in PACKAGES:
        try:
            yield Finding(name, f"{version(name)} {fine}", True)
        except PackageNotFoundError:
            yield Finding(name, interface.say(language, "doctor_missing", name=name), False)

    def words() -> str:
        interface.words()
        return fine

    def encoder() -> str:
        found = shipped_encoder()
        mark = found.fingerprint[:12] or "–"
        return interface.say(language, "doctor_encoder_is", name=found.name, size=found.dimension, mark=mark)

    def fit() -> str:
        from assistant import saved

        saved.check_encoder(saved.read_manifest(saved.built_folder()), shipped_encoder())
        return interface.say(language, "doctor_fits")

    def index() -> str:
        from assistant.api import Assistant

        articles = Assistant().articles
        return interface.say(language, "doctor_articles", count=len(articles), names=", ".join(a.id for a in articles))

    checks: tuple[tuple[str, Callable[[], str]], ...] = (
        ("doctor_words", words),
        ("doctor_encoder", encoder),
        ("doctor_fit", fit),
        ("doctor_index", index),
    )
    for key, check in checks:
        yield _checked(interface.say(language, key), check, language)


def _checked(name: str, check: Callable[[], str], language: Language) -> Finding:
    try:
        return Finding(name, check(), True)
    except Exception as error:  # whatever is wrong is what the reader came to hear
        reason = interface.visible(" ".join(str(error).split()))
        return Finding(name, interface.say(language, "doctor_bad", reason=reason), False)
