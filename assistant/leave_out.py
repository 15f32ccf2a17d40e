"""The leave-evidence-out test: does the assistant fall silent once the article no longer answers?

Each answerable question is asked twice: of the article as it is, and of the article with every clause removed that
holds its evidence or states the expected answer (`cutting`). Then silence is right, and an answer is a hallucination
(the deletion form of the contrast sets of Gardner et al. 2020). What can still be inferred from other words, as a
count from a list that is left, is counted against the assistant too: the share is an upper bound.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from assistant.cutting import Cut, cut
from assistant.encoder import Encoder, Vectors
from assistant.evaluate import Bot, Conditions, ask, belief, evaluate, shared
from assistant.figures import ACCURACY, auroc, coverage_at, share
from assistant.judging import KINDS, LANGUAGES, Case, Judgement
from assistant.markdown import conditions, counted, number, percent, table
from assistant.progress import with_bar
from assistant.records import Answer, Article

Open = Callable[[Article], Bot]


@dataclass(frozen=True, slots=True)
class Pair:
    """One question asked of the whole article and of what is left; `removed` in characters."""

    case: Case
    set: str
    intact: Judgement
    left: Answer
    removed: int


@dataclass(frozen=True, slots=True)
class LeaveOut:
    """The outcome of the test; `skipped` names the answerable questions that rest on no words of the article."""

    pairs: tuple[Pair, ...]
    skipped: tuple[str, ...]
    conditions: Conditions
    articles: int

    def to_dict(self) -> dict[str, Any]:
        """Return the figures as plain data, conditions first.

        - `hallucinated`: answered although the evidence is gone; `kept_answering`: of those answered before.
        - `repeated`: hallucinated with the very words of the intact article's answer.
        - `auroc`: of the belief that the article answers (`evaluate.belief`), intact against removed.
        - `coverage`: the largest share of all replies, both versions, the surest first, of which 95 % are right.
        """
        answered = [p.left.answered for p in self.pairs]
        before = [p.left.answered for p in self.pairs if p.intact.answer.answered]
        beliefs = [(belief(p.intact.answer), True) for p in self.pairs] + [(belief(p.left), False) for p in self.pairs]
        replies = [(p.intact.answer.confidence, p.intact.right) for p in self.pairs]
        replies += [(p.left.confidence, not p.left.answered) for p in self.pairs]
        return {
            "conditions": self.conditions.to_dict(),
            "questions": len(self.pairs),
            "skipped": list(self.skipped),
            "articles": self.articles,
            "removed_characters": {"median": median([p.removed for p in self.pairs] or [0])},
            "hallucinated": _counted(answered),
            "kept_answering": _counted(before),
            "repeated": _counted([p.left.answered and p.left.text == p.intact.answer.text for p in self.pairs]),
            "right_intact": _counted([p.intact.right for p in self.pairs]),
            "auroc": auroc(beliefs),
            "accuracy": ACCURACY,
            "coverage": coverage_at(replies),
            "by_language": self._grouped(LANGUAGES, lambda p: p.case.lang),
            "by_kind": self._grouped(KINDS, lambda p: p.case.kind),
        }

    def _grouped(self, names: Sequence[str], of: Callable[[Pair], str]) -> dict[str, Any]:
        held = {name: [p.left.answered for p in self.pairs if of(p) == name] for name in names}
        return {name: _counted(marks) for name, marks in held.items() if marks}

    def rows(self) -> tuple[dict[str, Any], ...]:
        """Return what came of every question as plain data."""
        return tuple(
            {
                "id": p.case.id,
                "set": p.set,
                "lang": p.case.lang,
                "kind": p.case.kind,
                "removed": p.removed,
                "right": p.intact.right,
                "answered": p.intact.answer.answered,
                "confidence": p.intact.answer.confidence,
                "answered_without": p.left.answered,
                "confidence_without": p.left.confidence,
                "text_without": p.left.text if p.left.answered else "",
            }
            for p in self.pairs
        )

    def to_markdown(self) -> str:
        """Return the figures as Markdown, conditions first, then every answer that had nothing to stand on."""
        d = self.to_dict()
        figures = [
            ("**hallucinated** (answered although the evidence is gone)", counted(d["hallucinated"])),
            ("of those answered before", counted(d["kept_answering"])),
            ("with the very same words", counted(d["repeated"])),
            ("right on the intact article", counted(d["right_intact"])),
            ("AUROC of the confidence, intact against removed", number(d["auroc"])),
            (f"coverage at {percent(d['accuracy'])} accuracy, both versions", percent(d["coverage"])),
            ("articles built", str(d["articles"])),
            ("median removed", f"{d['removed_characters']['median']:g} characters"),
            ("answerable questions that rest on no words of the article", str(len(d["skipped"]))),
        ]
        groups = [
            (f"{label} {name}", percent(row["share"]), str(row["count"]), str(row["of"]))
            for label in ("language", "kind")
            for name, row in d[f"by_{label}"].items()
        ]
        said = [
            f"- `{p.set}/{p.case.id}` {p.case.question}\n  - said ({p.left.confidence:.2f}): "
            f"{' '.join(p.left.text.split())}"
            for p in self.pairs
            if p.left.answered
        ]
        return "\n".join(
            [
                *conditions(d["conditions"]),
                "",
                *table(("figure", "value"), figures),
                "",
                *table(("hallucinated", "share", "answered", "of"), groups),
                "",
                *said,
                "",
            ]
        )


def _counted(marks: Sequence[bool]) -> dict[str, Any]:
    return {"share": share(sum(marks), len(marks)), "count": sum(marks), "of": len(marks)}


def leave_evidence_out(paths: Sequence[Path], bot: Bot, reopen: Open, *, made_on: str = "") -> LeaveOut:
    """Run the test on question sets about a bot's article.

    Args:
        paths: one or more question sets about the bot's article.
        bot: what answers about the whole article.
        reopen: makes what answers about a cut article; asked once for each cut, however many questions share it.
        made_on: the date to write into the conditions.

    Raises:
        InputError: a set is malformed.
    """
    whole = evaluate(paths, bot, made_on=made_on)
    answerable = [
        (at, cut(bot.article, case)) for at, case in enumerate(whole.cases) if case.answerable and case.kind != "meta"
    ]
    todo: dict[Article, list[tuple[int, Cut]]] = {}
    for at, made in answerable:
        if made is not None:
            todo.setdefault(made.article, []).append((at, made))
    flat = [(article, at, made) for article, group in todo.items() for at, made in group]
    pairs: dict[int, Pair] = {}
    opened: tuple[Article, Bot] | None = None
    for article, at, made in with_bar(flat, whole.sets[0]):
        if opened is None or opened[0] is not article:
            opened = (article, reopen(article))
        case = whole.cases[at]
        left = ask(opened[1], case, article.text).answer
        pairs[at] = Pair(case, whole.sets[at], whole.judgements[at], left, sum(b - a for a, b in made.removed))
    skipped = tuple(whole.cases[at].id for at, made in answerable if made is None)
    return LeaveOut(tuple(pairs[at] for at in sorted(pairs)), skipped, whole.conditions, len(todo))


def merged(parts: Sequence[LeaveOut]) -> LeaveOut:
    """Return the tests of several articles as one."""
    return LeaveOut(
        tuple(pair for part in parts for pair in part.pairs),
        tuple(name for part in parts for name in part.skipped),
        shared([part.conditions for part in parts]),
        sum(part.articles for part in parts),
    )


class RememberingEncoder:
    """An encoder that encodes no text twice: a cut article shares most of its clauses with the whole one.

    Right for any encoder whose row for a text does not depend on the other texts of a batch.
    """

    def __init__(self, inner: Encoder) -> None:
        """Wrap an encoder."""
        self.inner, self.name, self.dimension = inner, inner.name, inner.dimension
        self.fingerprint, self.prefixes = inner.fingerprint, inner.prefixes
        self._rows: dict[tuple[bool, str], Vectors] = {}

    def encode(self, texts: Sequence[str], *, query: bool = False) -> Vectors:
        """Return unit rows of shape (n, dimension), float32."""
        new = [text for text in dict.fromkeys(texts) if (query, text) not in self._rows]
        if new:
            rows = self.inner.encode(new, query=query)
            self._rows.update(zip(((query, text) for text in new), rows, strict=True))
        return np.stack([self._rows[query, text] for text in texts]) if texts else self.inner.encode(texts, query=query)
