"""The reader: of the clauses that speak of a question, which words answer it, and do any?

A question and the clauses that retrieval ranks first go through the upper layers of a transformer together, as in
extractive question answering (Devlin et al., 2019; a null span for "not stated" after Rajpurkar et al., 2018). The
lower layers are the sentence encoder's own and see an article once, when it is indexed (Cao et al., 2020, DeFormer).
Beside its state every word has what is known of it already: the kind of mention it stands in, how well it matches a
word of the question (as in Chen et al., 2017), and the rank of its clause.
"""

import json
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from assistant import artefacts
from assistant.analysis import Analysis
from assistant.bert import Shape, graph, places
from assistant.encoder import LONGEST, Vectors, open_layers, open_session, open_tokenizer
from assistant.errors import EncoderError
from assistant.lexicon import match
from assistant.question import Question
from assistant.reading import Ints, Reading, Sheet, Tokens, weigh
from assistant.retrieval import Field
from assistant.settings import data_folder
from assistant.thai import normalize

LOWER = 3  # layers that see the article alone
ROOM = 150  # tokens of an article read for one question
QUESTION_ROOM = 40  # tokens of a question read
CLAUSE_ROOM = 64  # tokens of one clause read
RANKS = 10
LEVELS = (0.3, 0.6, 0.9)  # match strengths that part the levels of matching
KINDS = ("", "person", "organisation", "place", "date", "time", "number", "quotation", "group", "question")


class SpanReader:
    """The reader's weights: the encoder's lower layers, the upper layers over them, and the heads."""

    def __init__(self, lower: Path, upper: Path | None) -> None:
        """Open the encoder's directory, and the reader's own (None: the lower layers alone, to lay out examples).

        Raises:
            EncoderError: a file is missing or damaged.
        """
        for folder in (lower, upper):
            if folder is not None:
                artefacts.check_model_once(folder)
        try:
            config = json.loads((lower / "config.json").read_text(encoding="utf-8"))
            self._session, self._words, self._places = open_layers(lower / "model.safetensors", config, LOWER)
            self._tokenizer = open_tokenizer(lower / "tokenizer.json", min(LONGEST, len(self._places)))
            self.dimension = int(config["hidden_size"])
            self._upper: Any = None
            if upper is not None:
                from safetensors.numpy import load_file

                path = (upper / "model.safetensors").resolve()
                told = json.loads((upper / "config.json").read_text(encoding="utf-8"))
                if sha256(path.read_bytes()).hexdigest() != told["sha256"]:
                    raise ValueError("other weights than the configuration speaks of")
                heads = {k: v.astype(np.float32) for k, v in load_file(path).items() if not k.startswith("encoder.")}
                shape = Shape(
                    self.dimension,
                    int(config["num_attention_heads"]),
                    int(told["upper"]),
                    float(config["layer_norm_eps"]),
                )
                self._heads = heads
                self._upper = open_session(path, graph(places(path), path.name, shape, embedded=False))
        except Exception as error:
            raise EncoderError("reader_unread", name=(upper or lower).name, reason=type(error).__name__) from error

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

    def answer(self, question: Question, analysis: Analysis, field: Field, tokens: Tokens) -> Reading | None:
        """Read the clauses that speak most of a question, together with it; None without the upper layers."""
        if self._upper is None:
            return None
        page = sheet(question, analysis, field, tokens, self, chosen_clauses(field, tokens))
        return self.read(page, tokens)

    def read(self, page: Sheet, tokens: Tokens) -> Reading:
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
