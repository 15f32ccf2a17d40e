"""Where an assistant takes its articles from: memory, or an archive on the disk of which only those asked are open."""

import re
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, overload

import numpy as np

from assistant import generations, segments
from assistant.analysis import analyse
from assistant.corpus import Corpus, Mask, leaf_of
from assistant.encoder import Encoder, Vectors
from assistant.errors import IndexStateError, InputError
from assistant.generations import Entry
from assistant.indexing import ArticleIndex, assemble
from assistant.passages import encode_once, make_passages
from assistant.records import Article
from assistant.retrieval import clause_texts
from assistant.segments import Segment
from assistant.settings import ARCHIVE_OPEN
from assistant.thai import fold

BUDDHIST = 543  # years that the Thai calendar is ahead; a year from 2400 on is one of it
_DAY = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")


@dataclass(frozen=True, slots=True)
class Filter:
    """Which articles may answer: published from a day on, up to a day, by whom; "" for any.

    A day may be a year or a month; an article that states no day, or no publisher, passes no filter that asks for one.
    """

    since: str = ""
    until: str = ""
    source: str = ""

    @classmethod
    def of(cls, since: object, until: object, source: object) -> "Filter":
        """Check what a caller gave: None, a str like "2024", "2024-05" or "2024-05-01", or a `datetime.date`.

        Raises:
            InputError: it is none of these.
        """
        if source is not None and not isinstance(source, str):
            raise InputError("source_type", kind=type(source).__name__)
        return cls(_day("since", since), _day("until", until), fold(source or "").strip())

    def passes(self, publisher: str, date: str) -> bool:
        """True when an article with this publisher and day may answer."""
        return (
            (not self.since or date >= self.since)
            and (not self.until or (date != "" and date[: len(self.until)] <= self.until))
            and (not self.source or self.source in fold(publisher))
        )


def _day(name: str, given: object) -> str:
    if given is None or given == "":
        return ""
    match = _DAY.fullmatch(str(given).strip()[:10])
    if match is None:
        raise InputError("day", name=name, given=repr(str(given)[:40]))
    year, *rest = (part for part in match.groups() if part)
    year = year if int(year) < 2400 else str(int(year) - BUDDHIST)
    return "-".join((year, *rest))


class Shelf(Sequence[ArticleIndex]):
    """Articles ready to be asked, by number, and the corpus of their passages."""

    def __init__(self, indexes: Sequence[ArticleIndex]) -> None:
        """Hold indexes in memory."""
        self._indexes = tuple(indexes)
        self._corpus: Corpus | None = None
        self._lock = threading.RLock()

    def __len__(self) -> int:
        """Return the number of articles."""
        return len(self._indexes)

    @overload
    def __getitem__(self, number: int) -> ArticleIndex: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[ArticleIndex]: ...
    def __getitem__(self, number: int | slice) -> ArticleIndex | Sequence[ArticleIndex]:
        """Return an article by its number, opened."""
        return self._indexes[number]

    def article(self, number: int) -> Article:
        """Return an article without opening it to be asked."""
        return self._indexes[number].article

    def articles(self) -> Sequence[Article]:
        """Return every article."""
        return tuple(index.article for index in self._indexes)

    def find(self, identity: str) -> Article | None:
        """Return the article of an id."""
        index = self.opened(identity)
        return index.article if index is not None else None

    def opened(self, identity: str) -> ArticleIndex | None:
        """Return the article of an id, ready to be asked."""
        return next((index for index in self._indexes if index.article.id == identity), None)

    def corpus(self) -> Corpus:
        """Return the corpus of all passages."""
        with self._lock:
            if self._corpus is None:
                self._corpus = Corpus.of([leaf_of(index) for index in self._indexes])
            return self._corpus

    def passing(self, wanted: Filter) -> Mask:
        """Return which articles a filter lets pass, shape (articles,)."""
        return np.array([wanted.passes(i.article.publisher, i.article.date) for i in self._indexes], dtype=bool)


class ArchiveShelf(Shelf):
    """The articles of an archive; the last ones asked stay open, up to a number of them."""

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        """Open the generation that serves.

        Raises:
            IndexStateError: there is none, it is damaged, or made with another encoder; the message says what to run.
        """
        super().__init__(())
        generation = generations.current(folder)
        if generation is None:
            raise IndexStateError("archive_none", name=folder.name)
        make = segments.make_of(encoder)
        for part in ("encoder", "words"):
            if generation.make.get(part) != make[part]:
                raise IndexStateError("archive_make", name=folder.name, part=part)
        self.folder = folder
        self.generation = generation
        self.entries: tuple[Entry, ...] = generation.entries
        self._encoder = encoder
        self._corpus = generations.open_corpus(folder, generation)
        self._numbers = {entry.id: number for number, entry in enumerate(self.entries)}
        self._most = ARCHIVE_OPEN.number(4, 100_000)
        self._open: OrderedDict[int, ArticleIndex] = OrderedDict()
        self._read: OrderedDict[int, Article] = OrderedDict()

    def __len__(self) -> int:
        """Return the number of articles."""
        return len(self.entries)

    def __getitem__(self, number: Any) -> Any:  # noqa: ANN401
        """Return an article opened: what is known of its people, places and clauses is worked out now."""
        if isinstance(number, slice):
            return [self[i] for i in range(*number.indices(len(self)))]
        number = range(len(self))[number]
        with self._lock:
            if number in self._open:
                self._open.move_to_end(number)
                return self._open[number]
        index = self._work_out(self._segment(number))
        with self._lock:
            self._open[number] = index
            self._read[number] = index.article
            self._trim()
        return index

    def __iter__(self) -> Iterator[ArticleIndex]:
        """Open one article after the other."""
        return (self[number] for number in range(len(self)))

    def article(self, number: int) -> Article:
        """Return an article without opening it to be asked."""
        with self._lock:
            if number in self._read:
                self._read.move_to_end(number)
                return self._read[number]
        article = self._segment(number).article
        with self._lock:
            self._read[number] = article
            self._trim()
        return article

    def articles(self) -> Sequence[Article]:
        """Return every article, each read when it is looked at."""
        return Articles(self)

    def find(self, identity: str) -> Article | None:
        """Return the article of an id."""
        return self.article(self._numbers[identity]) if identity in self._numbers else None

    def opened(self, identity: str) -> ArticleIndex | None:
        """Return the article of an id, opened."""
        found: ArticleIndex | None = self[self._numbers[identity]] if identity in self._numbers else None
        return found

    def passing(self, wanted: Filter) -> Mask:
        """Return which articles a filter lets pass, shape (articles,)."""
        return np.array([wanted.passes(entry.publisher, entry.date) for entry in self.entries], dtype=bool)

    def _segment(self, number: int) -> Segment:
        entry = self.entries[number]
        try:
            return segments.read(segments.path_of(self.folder, entry.segment), entry.id)
        except IndexStateError as error:
            latest = generations.current(self.folder)
            if latest is not None and latest.number != self.generation.number:
                raise IndexStateError("archive_anew", name=self.folder.name) from error
            raise IndexStateError("archive_article", reason=error, id=entry.id) from error

    def _work_out(self, segment: Segment) -> ArticleIndex:
        analysis = analyse(segment.article)
        passages, windows = make_passages(segment.article)
        leaf, many = segment.leaf, np.flatnonzero(segment.leaf.windows > 1)
        clauses = encode_once(self._encoder, clause_texts(analysis))
        wholes: Vectors = leaf.rows[np.cumsum(leaf.windows) - leaf.windows]
        wholes[many] = leaf.rows[len(windows) :]
        return assemble(analysis, passages, windows, np.concatenate([clauses, leaf.rows[: len(windows)], wholes]))

    def _trim(self) -> None:
        while len(self._open) > self._most:
            self._open.popitem(last=False)
        while len(self._read) > 4 * self._most:
            self._read.popitem(last=False)


class Articles(Sequence[Article]):
    """The articles of an archive in the order of their ids, each read when it is looked at."""

    def __init__(self, shelf: ArchiveShelf) -> None:
        """Take them from a shelf."""
        self._shelf = shelf

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._shelf)

    @overload
    def __getitem__(self, number: int) -> Article: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[Article]: ...
    def __getitem__(self, number: int | slice) -> Article | Sequence[Article]:
        """Return one, or a slice of them."""
        if isinstance(number, slice):
            return [self._shelf.article(i) for i in range(*number.indices(len(self)))]
        return self._shelf.article(range(len(self))[number])
