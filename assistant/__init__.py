"""ถามข่าว · Tham Khao: ask a Thai news article in Thai or English, get the words that prove the answer.

Start with `api.py`: the whole way from a question to an answer is on one screen there.
"""

from typing import TYPE_CHECKING, Any

from assistant.errors import DataError, EncoderError, IndexStateError, InputError, ThamKhaoError
from assistant.records import Answer, Article, Citation, Fact, Passage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.api import Assistant
    from assistant.encoder import Vectors

__version__ = "0.1.0"
__all__ = [
    "Answer",
    "Article",
    "Assistant",
    "Citation",
    "DataError",
    "EncoderError",
    "Fact",
    "IndexStateError",
    "InputError",
    "Passage",
    "ThamKhaoError",
    "encode",
]


def encode(texts: "Sequence[str]", *, query: bool = False) -> "Vectors":
    """Return Thai and English texts as unit rows of one space, shape (n, d), float32, by the encoder in use.

    Args:
        texts: any strings.
        query: they are questions; of account only to an encoder that reads questions and passages differently.

    Raises:
        InputError: that is no sequence of str.
        EncoderError: the encoder cannot be loaded.
    """
    from assistant.encoder import shipped_encoder

    if isinstance(texts, str) or not all(isinstance(t, str) for t in texts):
        raise InputError("texts")
    rows: Vectors = shipped_encoder().encode(list(texts), query=query)
    return rows


def __getattr__(name: str) -> Any:  # noqa: ANN401
    """Load the assistant itself only when it is used: `import assistant` stays light."""
    if name == "Assistant":
        from assistant.api import Assistant

        return Assistant
    raise AttributeError(f"module 'assistant' has no attribute {name!r}")
