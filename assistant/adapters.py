"""LangChain at the edge: retriever, runnable, and the encoder as Embeddings. Importing this imports langchain_core."""

from assistant import untraced  # noqa: F401

# isort: split
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.messages import HumanMessage
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableLambda
from pydantic import ConfigDict, Field

from assistant.encoder import Encoder, shipped_encoder
from assistant.errors import InputError
from assistant.records import Answer

if TYPE_CHECKING:
    from assistant.api import Assistant

Asked = str | dict[str, Any]


class ArticleRetriever(BaseRetriever):
    """The assistant's search as a LangChain retriever: passages as Documents, best first.

    Metadata: `article` (id), `start` and `end` (code points of that article's text), `score`, `paragraph`.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)
    bot: Any = Field(repr=False)
    k: int = Field(default=5, ge=1)

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        return [
            Document(
                page_content=passage.text,
                metadata={
                    "article": passage.article,
                    "start": passage.start,
                    "end": passage.end,
                    "score": passage.score,
                    "paragraph": self.bot.find_article(passage.article).paragraph(passage.start),
                },
            )
            for passage in self.bot.search(query, k=self.k)
        ]


class EncoderEmbeddings(Embeddings):
    """The encoder in use as LangChain `Embeddings`: unit vectors, Thai and English in one space."""

    def __init__(self, encoder: Encoder | None = None) -> None:
        """Take an encoder, or the one in use.

        Raises:
            EncoderError: it cannot be loaded.
        """
        self.encoder = encoder or shipped_encoder()

    def embed_documents(self, texts: Sequence[str]) -> list[list[float]]:
        """Return the vector of each passage."""
        rows: list[list[float]] = self.encoder.encode(list(texts)).tolist()
        return rows

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of a question."""
        row: list[float] = self.encoder.encode([text], query=True)[0].tolist()
        return row


def as_runnable(bot: "Assistant") -> Runnable[Asked, Answer]:
    """Return `bot.ask` as a runnable that takes a question or {"question", "history"}.

    History holds earlier user questions, as strings or as LangChain messages (of which the human ones count).
    """

    def ask(asked: Asked) -> Answer:
        if isinstance(asked, str):
            return bot.ask(asked)
        if not isinstance(asked, dict) or not isinstance(asked.get("question"), str):
            wanted = '{"question": str, "history": [str]}'
            raise InputError("runnable_type", wanted=wanted, kind=type(asked).__name__)
        return bot.ask(asked["question"], history=_questions(asked.get("history") or ()))

    return RunnableLambda(ask, name="ask")


def _questions(history: object) -> list[str]:
    if isinstance(history, str) or not hasattr(history, "__iter__"):
        raise InputError("history_type", kind=type(history).__name__)
    found: list[str] = []
    for turn in history:
        if isinstance(turn, str):
            found.append(turn)
        elif isinstance(turn, HumanMessage):
            found.append(str(turn.text))
    return found
