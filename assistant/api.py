"""The assistant: one class, and the way from a question to an answer on one screen.

question → what it asks (`question`, `conversation`) → where it is spoken of (`retrieval` over `indexing`)
→ the span that answers (`ways` picks among `participants`, `typed`, `lists`, `identity`, `verdicts` over `evidence`)
→ is it enough (`premises`, `confidence`), and how it is said (`answering`).
"""

import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from assistant import article as articles
from assistant import smalltalk
from assistant.analysis import Vocabulary, lexicon_vocabulary
from assistant.answering import compose
from assistant.confidence import decide
from assistant.conversation import resolve
from assistant.corpus import passages_of
from assistant.encoder import Embeddings, Encoder, Vectors, as_encoder, shipped_encoder
from assistant.errors import InputError
from assistant.evidence import Evidence, Finding
from assistant.facts import fact_sheet
from assistant.indexing import ArticleIndex, build
from assistant.manner import manner
from assistant.prompts import say
from assistant.question import Question, detect_language, split_questions, understand
from assistant.reader import shipped_reader
from assistant.records import Answer, Article, Citation, Fact, Language, Manner, Passage
from assistant.retrieval import Field, build_field, dense_text
from assistant.saved import load_shipped, open_shipped
from assistant.settings import MAX_HISTORY, MAX_QUESTION_CHARS
from assistant.shelf import ArchiveShelf, Filter, Shelf
from assistant.shortlist import preference, shortlist
from assistant.thai import clean

ROWS_KEPT = 64


class Assistant:
    """Answers questions in Thai or English from Thai news articles, with the words that prove each answer.

    Safe to call from many threads. The same question on the same article gives the same answer.
    """

    def __init__(
        self, indexes: Iterable[ArticleIndex] | None = None, *, encoder: Encoder | Embeddings | None = None
    ) -> None:
        """Open the shipped article, or the indexes given.

        Args:
            indexes: made with this encoder.
            encoder: instead of the one in use; LangChain's `Embeddings` too.

        Raises:
            IndexStateError: the shipped index is stale or damaged; the message says what to run.
            EncoderError: the encoder cannot be loaded, or fails.
        """
        self.encoder: Encoder = shipped_encoder() if encoder is None else as_encoder(encoder)
        if indexes is None:
            indexes = [load_shipped(self.encoder) if encoder is None else open_shipped(self.encoder)]
        self._indexes = indexes if isinstance(indexes, Shelf) else Shelf(tuple(indexes))
        self.skipped: list[tuple[str, str]] = []
        self._rows: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = threading.Lock()

    @classmethod
    def from_text(
        cls, text: str, title: str | None = None, *, encoder: Encoder | Embeddings | None = None
    ) -> "Assistant":
        """Return an assistant for one article given as text.

        Raises:
            InputError: the text is empty, too long, or holds no Thai.
        """
        return cls.from_articles([articles.build(text, title=title)], encoder=encoder)

    @classmethod
    def from_file(cls, path: str | Path, *, encoder: Encoder | Embeddings | None = None) -> "Assistant":
        """Return an assistant for one article file: .txt .md .html .pdf .docx; side files beside it are used.

        Raises:
            InputError: the file cannot be read; the message says why and what to do.
        """
        return cls.from_articles([articles.load(Path(path))], encoder=encoder)

    @classmethod
    def from_folder(cls, path: str | Path, *, encoder: Encoder | Embeddings | None = None) -> "Assistant":
        """Return an assistant for an archive: every article file of a folder and of the folders in it is one article.

        A file that cannot be read is left out with one warning line; `skipped` holds its name and the reason.

        Raises:
            InputError: the folder cannot be listed, or holds no readable article.
        """
        found, skipped = articles.load_folder(Path(path))
        bot = cls.from_articles(found, encoder=encoder)
        bot.skipped = skipped
        return bot

    @classmethod
    def from_index(cls, path: str | Path, *, encoder: Encoder | Embeddings | None = None) -> "Assistant":
        """Return an assistant for an archive that `thamkhao index PATH… --out FOLDER` built, thousands of articles.

        Raises:
            IndexStateError: there is none at this place, it is damaged, or made with another encoder.
        """
        used = shipped_encoder() if encoder is None else as_encoder(encoder)
        return cls(ArchiveShelf(Path(path), used), encoder=used)

    @classmethod
    def from_articles(cls, items: Sequence[Article], *, encoder: Encoder | Embeddings | None = None) -> "Assistant":
        """Return an assistant for articles already read."""
        used = shipped_encoder() if encoder is None else as_encoder(encoder)
        return cls([build(item, used) for item in items], encoder=used)

    @property
    def articles(self) -> Sequence[Article]:
        """Every article this assistant answers from; those of an archive are read when they are looked at."""
        return self._indexes.articles()

    def find_article(self, identity: str) -> Article:
        """Return the article of an id, as passages and citations name it.

        Raises:
            InputError: there is none.
        """
        found = self._indexes.find(identity)
        if found is None:
            raise InputError("no_such_article", given=repr(identity[:80]))
        return found

    @property
    def article(self) -> Article:
        """The article, when there is just one.

        Raises:
            InputError: there are several.
        """
        if len(self._indexes) != 1:
            raise InputError("several_articles", count=len(self._indexes))
        return self._indexes.article(0)

    def ask(
        self,
        question: str,
        history: Sequence[str] = (),
        *,
        since: object = None,
        until: object = None,
        source: str | None = None,
    ) -> Answer:
        """Answer a question; `history` holds the reader's earlier questions, oldest first.

        Args:
            question: in Thai or English.
            history: earlier questions of the same visit.
            since: only from articles published on this day or later: "2024", "2024-05", "2024-05-01" or a `date`.
            until: only from articles published on this day or earlier, the whole month or year included.
            source: only from articles whose publisher has these words in its name.

        Raises:
            InputError: question, history or a filter cannot be used.
        """
        if not isinstance(question, str) or isinstance(history, str) or not all(isinstance(h, str) for h in history):
            raise InputError("question_type")
        wanted = Filter.of(since, until, source)
        words = clean(question[: MAX_QUESTION_CHARS + 1])
        if len(question) > MAX_QUESTION_CHARS:
            return self._remark(question, "too_long", limit=f"{MAX_QUESTION_CHARS:,}")
        if not any(c.isalnum() for c in words):
            return self._remark(next((h for h in reversed(history) if clean(h)), question), "empty")
        earlier = [h[:MAX_QUESTION_CHARS] for h in history if clean(h[:MAX_QUESTION_CHARS])][-MAX_HISTORY:]
        chosen = shortlist(self._indexes, words, earlier, wanted, self._vocabulary(), self._encode)
        if not chosen:
            return self._none_passes(words)
        answers = [(self._ask_one(self._indexes[number], words, earlier), share) for number, share in chosen]
        return max(answers, key=preference)[0]

    def _none_passes(self, words: str) -> Answer:
        language = detect_language(words)
        return Answer(say(language, "none_passes"), language, "not_stated", "meta", confidence=1.0)

    def _ask_one(self, index: ArticleIndex, text: str, history: Sequence[str]) -> Answer:
        question = understand(text, index.analysis.vocabulary)
        if question.kind == "meta":
            return smalltalk.reply(question, index, self._starters)
        answer = self._from_article(index, question, history)
        return answer if answer.answered else replace(answer, suggestions=self._suggest(index, answer.language))

    def _from_article(self, index: ArticleIndex, question: Question, history: Sequence[str]) -> Answer:
        parts = split_questions(question, index.analysis.vocabulary)
        if len(parts) > 1:
            answers = [compose(self._evidence(index, p)) for p in parts]
            if all(a.answered for a in answers):
                return smalltalk.join(answers)
        question = resolve(question, history, index.analysis, lambda q: self._look(index, q))
        return compose(self._evidence(index, question))

    def _evidence(self, index: ArticleIndex, question: Question) -> Evidence:
        field = self._field(index, question)
        reading = shipped_reader().answer(question, index.analysis, field, index.tokens)
        return Evidence(question, index.analysis, field, reading)

    def _field(self, index: ArticleIndex, question: Question) -> Field:
        similar = index.similarities(self._encode(dense_text(question)))
        return build_field(question, index.analysis, index.near, similar)

    def _encode(self, text: str) -> Vectors:
        """Return the row of a question; the last few are kept, since several articles are asked the same."""
        with self._lock:
            known = self._rows.get(text)
        if known is None:
            known = self.encoder.encode([text], query=True)[0]
            with self._lock:
                self._rows[text] = known
                while len(self._rows) > ROWS_KEPT:
                    self._rows.popitem(last=False)
        return known

    def _look(self, index: ArticleIndex, question: Question) -> tuple[Evidence, Finding | None]:
        evidence = self._evidence(index, question)
        return evidence, decide(evidence).finding

    def _suggest(self, index: ArticleIndex, language: Language, count: int = smalltalk.SUGGESTIONS) -> tuple[str, ...]:
        return smalltalk.suggestions(index, language, self._try, count)

    def _starters(self, index: ArticleIndex, language: Language) -> tuple[str, ...]:
        return self._suggest(index, language, smalltalk.STARTERS)

    def _try(self, index: ArticleIndex, question: str) -> Answer:
        return self._from_article(index, understand(question, index.analysis.vocabulary), ())

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

    def search(
        self,
        query: str,
        k: int = 5,
        *,
        since: object = None,
        until: object = None,
        source: str | None = None,
    ) -> list[Passage]:
        """Return the k passages that speak most of a query, best first; filters as for `ask`.

        Raises:
            InputError: the query is not text, k is below one, or a filter cannot be used.
        """
        if not isinstance(query, str) or k < 1:
            raise InputError("search_type")
        wanted = Filter.of(since, until, source)
        among = self._indexes.passing(wanted) if wanted != Filter() else None
        corpus = self._indexes.corpus()
        question = understand(query[:MAX_QUESTION_CHARS], self._vocabulary())
        ranking = corpus.rank(question, self._encode(dense_text(question)), k, among)
        return list(passages_of(ranking, corpus, self._indexes.article))

    def _vocabulary(self) -> Vocabulary:
        """Return the words queries are read with: the article's own when there is one, else only the lexicon's."""
        if len(self._indexes) == 1:
            return self._indexes[0].analysis.vocabulary
        return lexicon_vocabulary()

    def facts(self, language: Language = "th", *, article: str | None = None) -> list[Fact]:
        """Return the fact sheet in a language: who, where, when, how many, who said what, what is planned and listed.

        A timeline closes it. A label with nothing stated has one row without text and without citation. Of several
        articles each has its sheet; `article` names the one wanted by its id.

        Raises:
            InputError: the language is neither "th" nor "en".
        """
        if language not in ("th", "en"):
            raise InputError("language", given=repr(language))
        one = self._indexes.opened(article) if article is not None else None
        chosen = self._indexes if article is None else [] if one is None else [one]
        return [fact for index in chosen for fact in fact_sheet(index, language)]

    def manner(self, citation: Citation, language: Language = "th") -> Manner:
        """Return how the words of a quote are said: as the article's own, as somebody's, or as a plan."""
        index = self._indexes.opened(citation.article)
        return manner(index, citation, language) if index is not None else Manner("stated")

    def as_retriever(self, k: int = 5) -> Any:  # noqa: ANN401
        """Return a LangChain BaseRetriever over `search`."""
        from assistant.adapters import ArticleRetriever

        return ArticleRetriever(bot=self, k=k)

    def as_runnable(self) -> Any:  # noqa: ANN401
        """Return a LangChain Runnable from a question (or {"question", "history"}) to an Answer."""
        from assistant.adapters import as_runnable

        return as_runnable(self)
