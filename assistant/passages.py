"""Passages and windows: the slices of an article that have vectors of their own."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.analysis import english_of
from assistant.encoder import Encoder, Vectors
from assistant.records import Article, Passage
from assistant.thai import normalize

WINDOW_CHARS = 320  # a window is closed once it is this long
PASSAGE_CHARS = 700  # a passage is closed once it is this long; a shorter paragraph is one


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of a passage that has a vector of its own; `passage` is the passage's number."""

    start: int
    end: int
    passage: int


def make_passages(article: Article) -> tuple[tuple[Passage, ...], tuple[Window, ...]]:
    """Cut each block into passages of at most a long paragraph, and each passage into windows of a few clauses."""
    passages: list[Passage] = []
    windows: list[Window] = []
    for block in article.blocks:
        inner = [c for c in article.clauses if c.block == block.index]
        begun = opened = inner[0].start if inner else block.start
        for position, clause in enumerate(inner):
            following = inner[position + 1].start if position + 1 < len(inner) else clause.end
            full = position + 1 == len(inner) or clause.end - begun >= PASSAGE_CHARS
            if full or clause.end - opened >= WINDOW_CHARS:
                windows.append(Window(opened, clause.end, len(passages)))
                opened = following
            if full:
                passages.append(Passage(article.id, begun, clause.end, article.text[begun : clause.end]))
                begun = following
    return tuple(passages), tuple(windows)


def encode_once(encoder: Encoder, texts: Sequence[str]) -> Vectors:
    """Return a unit row for each text, shape (n, d); a text that comes again is not encoded again."""
    distinct = list(dict.fromkeys(texts))
    place = {text: row for row, text in enumerate(distinct)}
    rows: Vectors = encoder.encode(distinct)[[place[text] for text in texts]]
    return rows


def slice_texts(article: Article, *groups: Sequence[Window | Passage]) -> list[str]:
    """Return what the encoder reads of slices of an article: their aligned English, else the Thai."""
    return [
        english_of(article, s.start, s.end) or normalize(article.text[s.start : s.end]).text
        for group in groups
        for s in group
    ]
