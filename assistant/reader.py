"""The reader: of the clauses that speak of a question, which words answer it, and do any?

A question and the clauses that retrieval ranks first go through the upper layers of a transformer together, as in
extractive question answering (Devlin et al., 2019; a null span for "not stated" after Rajpurkar et al., 2018). The
lower layers are the sentence encoder's own and see an article once, when it is indexed (Cao et al., 2020, DeFormer).
Beside its state every word has what is known of it already: the kind of mention it stands in, how well it matches a
word of the question (as in Chen et al., 2017), and the rank of its clause.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.analysis import Analysis
from assistant.bert import Shape, graph, places
from assistant.encoder import LONGEST, Vectors, open_layers, open_session
from assistant.errors import EncoderError
from assistant.lexicon import match
from assistant.question import Question
from assistant.retrieval import Field
from assistant.settings import data_folder
from assistant.thai import normalize

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
LOWER = 3  # layers that see the article alone
ROOM = 150  # tokens of an article read for one question
QUESTION_ROOM = 40  # tokens of a question read
CLAUSE_ROOM = 64  # tokens of one clause read
RANKS = 10
LEVELS = (0.3, 0.6, 0.9)  # match strengths that part the levels of matching
KINDS = ("", "person", "organisation", "place", "date", "time", "number", "quotation", "group", "question")
LONGEST_SPAN = 48  # tokens


@dataclass(frozen=True, slots=True)
class Tokens:
    """An article as the reader sees it before a question: one row for each token.

    `start` and `end` are slices of `Article.text`; `inner` and `outer` the same slice in the normalised clause;
    `clause` and `kind` have the number of its clause and of its mention; `states` shape (n, d), float16.
    """

    start: Ints
    end: Ints
    inner: Ints
    outer: Ints
    clause: Ints
    kind: Ints
    states: NDArray[np.float16]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What goes through the upper layers for one question: question tokens, then those of the chosen clauses.

    Every array has one row a token; `token` is the row of `Tokens`, -1 for the question's own.
    """

    states: Vectors
    token: Ints
    kind: Ints
    level: Ints
    rank: Ints


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader makes of a question: probabilities over the tokens and clauses it read.

    `inside[i]` is how likely token `token[i]` of the article belongs to the answer; `clauses` how likely each clause
    read holds it; `silent` how likely none does; `yes` how likely a claim is right; `best` the likeliest span.
    """

    token: Ints
    inside: Floats
    clauses: dict[int, float]
    silent: float
    yes: float
    best: tuple[int, int]
    sure: float
    tokens: Tokens

    def within(self, start: int, end: int) -> float:
        """Return how likely a slice of the article is part of the answer, 0 to 1."""
        hit = (self.tokens.start[self.token] < end) & (self.tokens.end[self.token] > start)
        return float(self.inside[hit].max(initial=0.0))


class SpanReader:
    """The reader's weights: the encoder's lower layers, the upper layers over them, and the heads."""

    def __init__(self, lower: Path, upper: Path | None) -> None:
        """Open the encoder's directory, and the reader's own (None: the lower layers alone, to lay out examples).

        Raises:
            EncoderError: a file is missing or damaged.
        """
        from tokenizers import Tokenizer

        try:
            config = json.loads((lower / "config.json").read_text(encoding="utf-8"))
            self._session, self._words, self._places = open_layers(lower / "model.safetensors", config, LOWER)
            self._tokenizer = Tokenizer.from_file(str(lower / "tokenizer.json"))
            self._tokenizer.enable_truncation(LONGEST)
            self._tokenizer.no_padding()
            self.dimension = int(config["hidden_size"])
            self._upper: Any = None
            if upper is not None:
                from safetensors.numpy import load_file

                path = (upper / "model.safetensors").resolve()
                heads = {k: v.astype(np.float32) for k, v in load_file(path).items() if not k.startswith("encoder.")}
                layers = int(json.loads((upper / "config.json").read_text(encoding="utf-8"))["upper"])
                shape = Shape(
                    self.dimension, int(config["num_attention_heads"]), layers, float(config["layer_norm_eps"])
                )
                self._heads = heads
                self._upper = open_session(path, graph(places(path), path.name, shape, embedded=False))
        except Exception as error:
            raise EncoderError(
                f"the reader at {(upper or lower).name} cannot be read ({type(error).__name__}); install it again"
            ) from error

    def states(self, text: str, room: int) -> tuple[list[tuple[int, int]], Vectors]:
        """Return the slices of a normalised text's tokens and their states after the lower layers, specials included.

        Args:
            text: the text.
            room: tokens of it to read.
        """
        encoding = self._tokenizer.encode(text)
        ids = encoding.ids[:room]
        embedded = self._words[ids].astype(np.float32) + self._places[: len(ids)]
        hidden: Vectors = self._session.run(["y"], {"x": embedded[None]})[0][0]
        return encoding.offsets[:room], hidden

    def answer(self, question: Question, analysis: Analysis, field: Field, tokens: "Tokens") -> "Reading | None":
        """Read the clauses that speak most of a question, together with it; None without the upper layers."""
        if self._upper is None:
            return None
        page = sheet(question, analysis, field, tokens, self, chosen_clauses(field, tokens))
        return self.read(page, tokens)

    def read(self, page: "Sheet", tokens: "Tokens") -> "Reading":
        """Read a laid-out question."""
        heads = self._heads
        x = page.states + heads["kind.weight"][page.kind] + heads["level.weight"][page.level]
        x = x + heads["rank.weight"][page.rank]
        y = self._upper.run(["y"], {"x": x[None].astype(np.float32)})[0][0]
        logits = y @ heads["span.weight"].T + heads["span.bias"]
        verdict = y[0] @ heads["verdict.weight"].T + heads["verdict.bias"]
        return weigh(page, tokens, logits, verdict)


@lru_cache(maxsize=1)
def shipped_reader() -> SpanReader:
    """Return the shipped reader, loaded once."""
    folder = data_folder("index") / "reader"
    return SpanReader(data_folder("index") / "encoder", folder if folder.is_dir() else None)


def article_tokens(analysis: Analysis, reader: SpanReader) -> Tokens:
    """Read an article's clauses through the lower layers."""
    article = analysis.article
    rows: list[tuple[int, int, int, int, int]] = []
    states: list[Vectors] = []
    for clause in article.clauses:
        clean = normalize(article.text[clause.start : clause.end])
        slices, hidden = reader.states(clean.text, CLAUSE_ROOM)
        keep = [i for i, (a, b) in enumerate(slices) if b > a]
        for i in keep:
            a, b = clean.original(*slices[i])
            rows.append((clause.start + a, clause.start + b, *slices[i], clause.index))
        states.append(hidden[keep])
    table = np.array(rows, dtype=np.int64).reshape(len(rows), 5)
    kind = np.zeros(len(rows), dtype=np.int64)
    for mention in analysis.mentions:
        if mention.kind in KINDS and mention.kind != "quotation":
            kind[(table[:, 0] < mention.end) & (table[:, 1] > mention.start)] = KINDS.index(mention.kind)
    joined = np.concatenate(states) if states else np.zeros((0, reader.dimension), np.float32)
    columns = np.ascontiguousarray(table.T)
    return Tokens(columns[0], columns[1], columns[2], columns[3], columns[4], kind, joined.astype(np.float16))


def save_tokens(tokens: Tokens, path: Path) -> None:
    """Write an article's tokens as a safetensors file."""
    from safetensors.numpy import save

    path.write_bytes(save({name: np.ascontiguousarray(getattr(tokens, name)) for name in Tokens.__slots__}))


def load_tokens(path: Path) -> Tokens:
    """Read what `save_tokens` wrote."""
    from safetensors.numpy import load_file

    arrays = load_file(path)
    return Tokens(**{name: arrays[name] for name in Tokens.__slots__})


def chosen_clauses(field: Field, tokens: Tokens, room: int = ROOM) -> list[int]:
    """Return the clauses to read, best first, as many as there is room for."""
    counts = np.bincount(tokens.clause, minlength=len(field.score))
    chosen: list[int] = []
    used = 0
    for index in np.argsort(-field.score, kind="stable"):
        if used + counts[index] > room:
            break
        chosen.append(int(index))
        used += int(counts[index])
    return chosen


def question_text(question: Question) -> str:
    """Return a question with the words that earlier questions lend it."""
    lent = [t.text for t in question.terms if t.text and t.text not in question.clean]
    return " ".join((question.clean, *lent))


def sheet(
    question: Question, analysis: Analysis, field: Field, tokens: Tokens, reader: SpanReader, clauses: list[int]
) -> Sheet:
    """Lay out a question and the chosen clauses, best first, for the upper layers."""
    slices, asked = reader.states(question_text(question), QUESTION_ROOM)
    starts, ends = np.array([t.start for t in field.terms]), np.array([t.end for t in field.terms])
    grounded = field.grounded()
    own = np.zeros(len(slices), dtype=np.int64)
    for i, (a, b) in enumerate(slices):
        hits = (starts < b) & (ends > a) if len(grounded) else np.zeros(0, dtype=bool)
        own[i] = 1 + np.searchsorted(LEVELS, grounded[hits].max(), side="right") if hits.any() else 0
    ranks = np.zeros(int(tokens.clause.max(initial=0)) + 1, dtype=np.int64)
    for rank, clause in enumerate(clauses, 1):
        ranks[clause] = min(rank, RANKS)
    none = np.zeros(0, dtype=np.int64)
    chosen = np.concatenate([none, *(np.flatnonzero(tokens.clause == c) for c in sorted(clauses))])
    levels = np.concatenate([none, *(_levels(analysis, field, tokens, c) for c in sorted(clauses))])
    return Sheet(
        np.concatenate([asked, tokens.states[chosen].astype(np.float32)]),
        np.concatenate([np.full(len(slices), -1), chosen]),
        np.concatenate([np.full(len(slices), len(KINDS) - 1), tokens.kind[chosen]]),
        np.concatenate([own, levels]),
        np.concatenate([np.zeros(len(slices), np.int64), ranks[tokens.clause[chosen]]]),
    )


def _levels(analysis: Analysis, field: Field, tokens: Tokens, clause: int) -> Ints:
    """Return how well each token of a clause matches a word of the question, as a level."""
    mine = tokens.clause == clause
    inner, outer = tokens.inner[mine], tokens.outer[mine]
    levels = np.zeros(len(inner), dtype=np.int64)
    for told in analysis.clause_terms[clause]:
        best = 0.0
        for asked in field.terms:
            best = max(best, match(asked.keys, told.keys), *(0.9 * match(asked.keys, p) for p in told.parts))
        level = int(np.searchsorted(LEVELS, best, side="right"))
        if level:
            hit = (inner < told.end) & (outer > told.start)
            levels[hit] = np.maximum(levels[hit], level)
    return levels


def weigh(page: Sheet, tokens: Tokens, logits: Vectors, verdict: Vectors) -> Reading:
    """Turn the head's logits into probabilities over every span within a clause, and over none.

    Args:
        page: what was read, n tokens.
        tokens: the article.
        logits: start and end, shape (n, 2).
        verdict: no and yes, shape (2,).
    """
    own = int((page.token < 0).sum())
    rows = page.token[own:]
    size = len(rows)
    start, end = logits[own:, 0].astype(np.float64), logits[own:, 1].astype(np.float64)
    clause = tokens.clause[rows]
    first, last = np.indices((size, size))
    allowed = (last >= first) & (last < first + LONGEST_SPAN) & (clause[:, None] == clause[None, :])
    pair = np.where(allowed, start[:, None] + end[None, :], -np.inf)
    null = float(logits[0].sum())
    peak = max(null, float(pair.max(initial=-np.inf)))
    mass, nothing = np.exp(pair - peak), float(np.exp(null - peak))
    total = float(mass.sum()) + nothing
    mass /= total
    opened, closed = mass.sum(axis=1), mass.sum(axis=0)
    inside = np.cumsum(opened) - np.concatenate([[0.0], np.cumsum(closed)[:-1]])
    a, z = divmod(int(mass.argmax()), size) if size else (0, 0)
    odds = np.exp(verdict - verdict.max())
    return Reading(
        rows,
        np.clip(inside, 0.0, 1.0),
        {int(c): float(opened[clause == c].sum()) for c in np.unique(clause)},
        nothing / total,
        float(odds[1] / odds.sum()),
        (int(tokens.start[rows[a]]), int(tokens.end[rows[z]])) if size else (0, 0),
        float(mass[a, z]) if size else 0.0,
        tokens,
    )
