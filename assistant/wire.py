"""What goes over the wire: requests checked, responses described, for the routes and for OpenAPI."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.settings import MAX_QUESTION_CHARS

Text = Annotated[str, Field(min_length=1, max_length=MAX_QUESTION_CHARS, pattern=r"\S")]
MOST_PASSAGES, MOST_HISTORY = 50, 100


class Asked(BaseModel):
    """A question, and the reader's earlier ones, oldest first; of those the last eight count."""

    model_config = ConfigDict(extra="forbid", strict=True)
    question: Text = Field(examples=["ใครประชุมกัน"])
    history: list[Annotated[str, Field(max_length=MAX_QUESTION_CHARS)]] = Field([], max_length=MOST_HISTORY)


class Sought(BaseModel):
    """Words to look for in Thai or English; `since` and `until` are days, months or years, `source` a publisher."""

    model_config = ConfigDict(extra="forbid", strict=True)
    query: Text = Field(examples=["การค้ามนุษย์"])
    k: int = Field(5, ge=1, le=MOST_PASSAGES, description="most passages returned")
    since: str | None = Field(None, max_length=10)
    until: str | None = Field(None, max_length=10)
    source: str | None = Field(None, max_length=200)


class Cited(BaseModel):
    """The exact words: `text[start:end]` of the article, counted in code points."""

    article: str
    quote: str
    start: int
    end: int
    paragraph: int
    translation: str | None


class Answered(BaseModel):
    """An answer with the words that prove it."""

    text: str
    language: Literal["th", "en"]
    status: Literal["answered", "not_stated", "false_premise", "off_topic", "meta"]
    answered: bool
    kind: str
    citations: list[Cited]
    confidence: float = Field(ge=0, le=1)
    suggestions: list[str]


class Found(BaseModel):
    """A passage of an article with its scores."""

    article: str
    start: int
    end: int
    text: str
    score: float
    lexical: float
    dense: float


class Passages(BaseModel):
    """Passages, best first."""

    passages: list[Found]


class Told(BaseModel):
    """An article as it was read; `text` is untouched, `date` yyyy-mm-dd or empty."""

    id: str
    title: str
    publisher: str
    date: str
    text: str


class Listed(BaseModel):
    """The head of an article among several."""

    id: str
    title: str
    publisher: str
    date: str


class Shelf(BaseModel):
    """The articles that are asked; ask for one by its id."""

    articles: list[Listed]


class Row(BaseModel):
    """A row of the fact sheet; without a citation the article does not state it."""

    label: str
    text: str
    citation: Cited | None
    when: str


class Facts(BaseModel):
    """The fact sheet of an article."""

    article: str
    facts: list[Row]


class Health(BaseModel):
    """The server answers."""

    status: Literal["ok"]


class Problem(BaseModel):
    """Why a request was refused, with the remedy in English and in Thai."""

    status: int
    code: str
    message: str
    message_th: str


class Refused(BaseModel):
    """The one shape of every refusal."""

    error: Problem
