"""One frozen record per stage of the way from a text to an answer.

Every `start` and `end` counts code points of `Article.text`, the untouched text.
"""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Language = Literal["th", "en"]
Status = Literal["answered", "not_stated", "false_premise", "off_topic", "meta"]
BlockKind = Literal["headline", "lead", "paragraph", "item", "quotation", "caption", "source"]


@dataclass(frozen=True, slots=True)
class Block:
    """A line or paragraph of an article and the part it plays."""

    index: int
    kind: BlockKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Clause:
    """The smallest piece of text that evidence is weighed in; clauses never overlap."""

    index: int
    block: int
    sentence: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Aligned:
    """A stretch of the article with its English translation, from a side file."""

    start: int
    end: int
    english: str


@dataclass(frozen=True, slots=True)
class GlossaryEntry:
    """A person, organisation, place, title, abbreviation or term in both languages.

    The first form of each language is the preferred one.
    """

    kind: str
    th: tuple[str, ...]
    en: tuple[str, ...]
    role_th: str = ""
    role_en: str = ""
    gender: str = ""
    side: tuple[str, ...] = ()
    expand_th: str = ""
    expand_en: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """A news article exactly as decoded, with the side data that came along.

    `date` is the day it says it was published on, as yyyy-mm-dd; "" when it does not say.
    """

    id: str
    title: str
    text: str
    blocks: tuple[Block, ...] = ()
    clauses: tuple[Clause, ...] = ()
    translation: tuple[Aligned, ...] = ()
    glossary: tuple[GlossaryEntry, ...] = ()
    publisher: str = ""
    date: str = ""

    def paragraph(self, position: int) -> int:
        """Return the 1-based number of the block that holds a code point."""
        number = 1
        for block in self.blocks:
            if block.start <= position:
                number = block.index + 1
        return number


@dataclass(frozen=True, slots=True)
class Mention:
    """A person, organisation, place, date, time, number, list item or quotation in the text.

    `value` is the normal form (ISO-like for dates, digits for numbers); `english` is "" when unknown.
    `detail` holds a person's role, a number's unit, or a place's kind.
    """

    kind: str
    start: int
    end: int
    text: str
    clause: int
    value: str = ""
    english: str = ""
    detail: str = ""
    entity: int = -1


@dataclass(frozen=True, slots=True)
class Passage:
    """A retrieval unit: a few sentences of one article, with its scores."""

    article: str
    start: int
    end: int
    text: str
    score: float = 0.0
    lexical: float = 0.0
    dense: float = 0.0


@dataclass(frozen=True, slots=True)
class Citation:
    """The exact words of an article that prove an answer: `article.text[start:end] == quote`."""

    article: str
    quote: str
    start: int
    end: int
    paragraph: int
    translation: str | None = None


@dataclass(frozen=True, slots=True)
class Manner:
    """How the words of a quote are said; `speaker` is "" unless `kind` is "said" and the article names one."""

    kind: Literal["stated", "said", "planned"]
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One row of the fact sheet; `text` is empty and `citation` None when not stated.

    `when` is the normal form of a date, ISO 8601 with "?" for what the text leaves out; "" for a vague one.
    """

    label: str
    text: str
    citation: Citation | None = None
    when: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a reader gets: plain text, its status, and the words that prove it."""

    text: str
    language: Language
    status: Status
    kind: str
    citations: tuple[Citation, ...] = ()
    confidence: float = 0.0
    suggestions: tuple[str, ...] = field(default=())

    @property
    def answered(self) -> bool:
        """True when the article supports the answer, and for small talk about the assistant."""
        return self.status in ("answered", "meta")

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as plain data, ready for JSON."""
        return {
            **asdict(self),
            "answered": self.answered,
            "citations": [asdict(c) for c in self.citations],
            "suggestions": list(self.suggestions),
        }
