"""The assistant: one class, and the way from a question to an answer on one screen."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from assistant import article as articles
from assistant.analysis import Analysis, analyse
from assistant.answering import compose, find
from assistant.conversation import resolve
from assistant.encoder import Encoder, shipped_encoder
from assistant.evidence import Evidence, Finding
from assistant.question import Question, understand
from assistant.records import Answer, Article
from assistant.retrieval import build_field, nearness
from assistant.settings import data_folder


class Assistant:
    def __init__(self, article: Article | None = None) -> None:
        self.article = article or articles.load(data_folder("index") / "articles" / "thai-vietnam-meeting" / "article.txt")
        self.encoder: Encoder = shipped_encoder()
        self.analysis: Analysis = analyse(self.article)
        self.near = nearness(self.analysis)
        self.vectors = self.encoder.encode(self.analysis.clause_english)

    def evidence(self, question: Question) -> Evidence:
        return Evidence(question, self.analysis, build_field(question, self.analysis, self.near, self.vectors, self.encoder))

    def look(self, question: Question) -> tuple[Evidence, Finding | None]:
        ev = self.evidence(question)
        return ev, find(ev)

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
        q = understand(question, self.analysis.vocabulary)
        q = resolve(q, list(history)[-3:], self.analysis, self.look)
        if q.kind == "meta":
            return Answer(q.asks, q.language, "meta", "meta")
        return compose(self.evidence(q))
