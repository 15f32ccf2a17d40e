"""The assistant: one class, and the way from a question to an answer on one screen.

question → what it asks (`question`, `conversation`) → where it is spoken of (`retrieval` over `indexing`)
→ the span that answers (`ways` picks among `participants`, `typed`, `lists`, `identity`, `verdicts` over `evidence`)
→ is it enough (`premises`, `confidence`), and how it is said (`answering`).
"""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from assistant import article as articles
from assistant import smalltalk
from assistant.analysis import Vocabulary, lexicon_vocabulary
from assistant.answering import compose
from assistant.conversation import resolve
from assistant.corpus import Corpus
from assistant.encoder import Encoder, Vectors, shipped_encoder
from assistant.errors import InputError
from assistant.evidence import Evidence, Finding
from assistant.facts import fact_sheet
from assistant.indexing import ArticleIndex, build, load_shipped
from assistant.prompts import say
from assistant.question import Question, detect_language, split_questions, understand
from assistant.records import Answer, Article, Fact, Passage
from assistant.retrieval import build_field, dense_text
from assistant.settings import MAX_HISTORY, MAX_QUESTION_CHARS
from assistant.thai import clean
from assistant.ways import find


class Assistant:
    """Answers questions in Thai or English from Thai news articles, with the words that prove each answer.

    Safe to call from many threads. The same question on the same article gives the same answer.
    """

    def __init__(self, indexes: Iterable[ArticleIndex] | None = None, *, encoder: Encoder | None = None) -> None:
        """Open the shipped article, or the indexes given.

        Raises:
            IndexStateError: the shipped index is stale or damaged; the message says what to run.
        """
        self.encoder: Encoder = encoder or shipped_encoder()
        self._indexes = tuple(indexes) if indexes is not None else (load_shipped(self.encoder),)
        self.skipped: list[tuple[str, str]] = []
        self._searched: Corpus | None = None
        self._lock = threading.Lock()

    @classmethod
    def from_text(cls, text: str, title: str | None = None) -> "Assistant":
        """Return an assistant for one article given as text.

        Raises:
            InputError: the text is empty, too long, or holds no Thai.
        """
        return cls.from_articles([articles.build(text, title=title)])

    @classmethod
    def from_file(cls, path: str | Path) -> "Assistant":
        """Return an assistant for one article file: .txt .md .html .pdf .docx; side files beside it are used.

        Raises:
            InputError: the file cannot be read; the message says why and what to do.
        """
        return cls.from_articles([articles.load(Path(path))])

    @classmethod
    def from_folder(cls, path: str | Path) -> "Assistant":
        """Return an assistant for an archive: every article file of a folder and of the folders in it is one article.

        A file that cannot be read is left out with one warning line; `skipped` holds its name and the reason.

        Raises:
            InputError: the folder cannot be listed, or holds no readable article.
        """
        found, skipped = articles.load_folder(Path(path))
        bot = cls.from_articles(found)
        bot.skipped = skipped
        return bot

    @classmethod
    def from_articles(cls, items: Sequence[Article]) -> "Assistant":
        """Return an assistant for articles already read."""
        encoder = shipped_encoder()
        return cls([build(item, encoder) for item in items], encoder=encoder)

    @property
    def articles(self) -> tuple[Article, ...]:
        """Every article this assistant answers from."""
        return tuple(index.article for index in self._indexes)

    @property
    def article(self) -> Article:
        """The article, when there is just one.

        Raises:
            InputError: there are several.
        """
        if len(self._indexes) != 1:
            raise InputError(
                f"article needs an assistant with one article; this one has {len(self._indexes)}; use articles"
            )
        return self._indexes[0].article

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
        """Answer a question; `history` holds the reader's earlier questions, oldest first.

        Raises:
            InputError: question or history is not text.
        """
        if not isinstance(question, str) or isinstance(history, str) or not all(isinstance(h, str) for h in history):
            raise InputError("question must be a str and history a list of str")
        words = clean(question[: MAX_QUESTION_CHARS + 1])
        if len(question) > MAX_QUESTION_CHARS:
            return self._remark(question, "too_long", limit=f"{MAX_QUESTION_CHARS:,}")
        if not any(c.isalnum() for c in words):
            return self._remark(next((h for h in reversed(history) if clean(h)), question), "empty")
        earlier = [h[:MAX_QUESTION_CHARS] for h in history if clean(h[:MAX_QUESTION_CHARS])][-MAX_HISTORY:]
        return max(
            (self._ask_one(index, words, earlier) for index in self._indexes),
            key=lambda a: (a.answered, a.confidence if a.answered else -a.confidence),
        )

    def _ask_one(self, index: ArticleIndex, text: str, history: Sequence[str]) -> Answer:
        question = understand(text, index.analysis.vocabulary)
        if question.kind == "meta":
            return smalltalk.reply(question, index, self._suggest)
        parts = split_questions(question, index.analysis.vocabulary)
        if len(parts) > 1:
            answers = [compose(self._evidence(index, p)) for p in parts]
            if all(a.answered for a in answers):
                return smalltalk.join(answers)
        question = resolve(question, history, index.analysis, lambda q: self._look(index, q))
        answer = compose(self._evidence(index, question))
        return answer if answer.answered else replace(answer, suggestions=self._suggest(index, answer.language))

    def _evidence(self, index: ArticleIndex, question: Question) -> Evidence:
        query = self._encode(dense_text(question))
        return Evidence(
            question, index.analysis, build_field(question, index.analysis, index.near, index.similarities(query))
        )

    def _encode(self, text: str) -> Vectors:
        row: Vectors = self.encoder.encode([text])[0]
        return row

    def _look(self, index: ArticleIndex, question: Question) -> tuple[Evidence, Finding | None]:
        evidence = self._evidence(index, question)
        return evidence, find(evidence)

    def _suggest(self, index: ArticleIndex, language: str) -> tuple[str, ...]:
        return smalltalk.suggestions(index, "th" if language == "th" else "en")

    def _remark(self, text: str, key: str, **values: str) -> Answer:
        language = detect_language(clean(text[:MAX_QUESTION_CHARS]))
        if not any(c.isalpha() for c in text[:MAX_QUESTION_CHARS]):
            language = "th"
        return Answer(
            say(language, key, **values),
            language,
            "off_topic",
            "meta",
            suggestions=self._suggest(self._indexes[0], language),
        )

    def search(self, query: str, k: int = 5) -> list[Passage]:
        """Return the k passages that speak most of a query, best first.

        Raises:
            InputError: the query is not text, or k is below one.
        """
        if not isinstance(query, str) or k < 1:
            raise InputError("search needs a str and k of at least 1")
        corpus = self._corpus()
        question = understand(query[:MAX_QUESTION_CHARS], self._vocabulary())
        return corpus.rank(question, self._encode(dense_text(question)))[:k]

    def _corpus(self) -> Corpus:
        with self._lock:
            if self._searched is None:
                self._searched = Corpus(self._indexes)
            return self._searched

    def _vocabulary(self) -> Vocabulary:
        """Return the words queries are read with: the article's own when there is one, else only the lexicon's."""
        if len(self._indexes) == 1:
            return self._indexes[0].analysis.vocabulary
        return lexicon_vocabulary()

    def facts(self) -> list[Fact]:
        """Return the fact sheet: who, where, when, how many, who said what, what is listed."""
        return [fact for index in self._indexes for fact in fact_sheet(index)]

    def as_retriever(self, k: int = 5) -> Any:  # noqa: ANN401
        """Return a LangChain BaseRetriever over `search`."""
        from assistant.adapters import ArticleRetriever

        return ArticleRetriever(bot=self, k=k)

    def as_runnable(self) -> Any:  # noqa: ANN401
        """Return a LangChain Runnable from a question (or {"question", "history"}) to an Answer."""
        from assistant.adapters import as_runnable

        return as_runnable(self)
