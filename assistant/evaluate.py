"""Evaluation: ask every question of a set, judge and time each answer, and count. Primary metric: share right."""

import hashlib
import os
import platform
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from assistant import markdown
from assistant.figures import ACCURACY, auroc, calibration_error, coverage_at, interval, percentile, share
from assistant.judging import KINDS, LANGUAGES, Case, Judgement, judge, load_cases
from assistant.records import Answer, Article

__all__ = ["Bot", "Case", "Conditions", "Judgement", "Report", "evaluate", "judge", "load_cases", "percentile"]


class Bot(Protocol):
    """What is evaluated: `assistant.Assistant`, or anything that answers about one article."""

    @property
    def article(self) -> Article:
        """The one article that is asked about."""

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
        """Answer a question, given the reader's earlier questions."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """Under what a report was made; `files` pairs each question set and article with its SHA-256."""

    python: str
    platform: str
    encoder: str
    date: str
    files: tuple[tuple[str, str], ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the conditions as plain data, ready for JSON."""
        return {**asdict(self), "files": [{"name": name, "sha256": digest} for name, digest in self.files]}


@dataclass(frozen=True, slots=True)
class Report:
    """All judgements of a run, in the order of the cases, and the figures drawn from them.

    `sets` names the question set of each case; it may be left empty.
    """

    cases: tuple[Case, ...]
    judgements: tuple[Judgement, ...]
    conditions: Conditions
    sets: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return every figure as plain data, ready for JSON, conditions first; a share of nothing is None."""
        pairs = list(zip(self.cases, self.judgements, strict=True))
        silent = [(c, j) for c, j in pairs if not j.answer.answered]
        rightly = sum(not c.answerable for c, _ in silent)
        unanswerable = sum(not c.answerable for c in self.cases)
        times = [j.milliseconds for j in self.judgements]
        rights = [j.right for j in self.judgements]
        return {
            "conditions": self.conditions.to_dict(),
            "share_right": _counted(rights),
            "interval": interval(sum(rights), len(rights)),
            "by_set": _grouped(self.sets, rights if self.sets else ()),
            "by_language": _grouped([c.lang for c in self.cases], rights, LANGUAGES),
            "by_kind": _grouped([c.kind for c in self.cases], rights, KINDS),
            "abstention": {
                "precision": share(rightly, len(silent)),
                "recall": share(rightly, unanswerable),
                "f1": share(2 * rightly, len(silent) + unanswerable),
            },
            "answered_wrongly": _counted([j.answer.answered and not j.right for _, j in pairs]),
            "answered_unanswerable": _counted([j.answer.answered and not c.answerable for c, j in pairs]),
            "quotes": {
                "all": sum(len(j.answer.citations) for j in self.judgements),
                "not_verbatim": sum(j.not_verbatim for j in self.judgements),
            },
            "confidence": self.confidence(),
            "milliseconds": {"p50": round(percentile(times, 0.5), 1), "p95": round(percentile(times, 0.95), 1)},
            "answer_characters": {"median": statistics.median([len(j.answer.text) for j in self.judgements] or [0])},
            "faults": dict(Counter(f.partition(":")[0] for j in self.judgements for f in j.faults).most_common()),
        }

    def confidence(self) -> dict[str, float | None]:
        """Return what the confidence of the answers is worth.

        A reply is an answer or a declining; its confidence is that it is right. For a declined question that is the
        confidence of having declined rightly, so one minus it stands for an answer (`belief`).

        - `auroc`: of `belief`, questions answered rightly against the rest (answered wrongly, or declined).
        - `auroc_reply`: of the confidence, replies that are right against those that are wrong.
        - `coverage`: the largest share of replies, the surest first, of which `accuracy` are right.
        - `coverage_answers`: the same of answers alone, as a share of all questions (Kamath et al. 2020).
        - `calibration_error`: over all replies, ten bins of equal width.
        """
        replies = self.replies()
        return {
            "accuracy": ACCURACY,
            "auroc": auroc([(belief(j.answer), j.right and j.answer.answered) for j in self.judgements]),
            "auroc_reply": auroc(replies),
            "coverage": coverage_at(replies),
            "coverage_answers": coverage_at(self.replies(answers_only=True), whole=len(replies)),
            "calibration_error": calibration_error(replies),
        }

    def replies(self, *, answers_only: bool = False) -> list[tuple[float, bool]]:
        """Return confidence and right of every reply, or of those that answer."""
        return [(j.answer.confidence, j.right) for j in self.judgements if j.answer.answered or not answers_only]

    def rows(self) -> tuple[dict[str, Any], ...]:
        """Return what came of every question as plain data; quotes are offsets into the article."""
        named = self.sets or ("",) * len(self.cases)
        return tuple(
            {
                "id": c.id,
                "set": name,
                "lang": c.lang,
                "kind": c.kind,
                "answerable": c.answerable,
                "answered": j.answer.answered,
                "right": j.right,
                "faults": list(j.faults),
                "text": j.answer.text,
                "confidence": j.answer.confidence,
                "ms": round(j.milliseconds, 1),
                "citations": [[q.start, q.end] for q in j.answer.citations],
            }
            for c, j, name in zip(self.cases, self.judgements, named, strict=True)
        )

    def failures(self) -> tuple[dict[str, Any], ...]:
        """Return for every case that is not right its question, what was expected and what came."""
        return tuple(
            {
                "id": c.id,
                "kind": c.kind,
                "history": list(c.history),
                "question": c.question,
                "expected": [list(options) for options in c.expect] if c.answerable else "not stated",
                "got": j.answer.text,
                "status": j.answer.status,
                "faults": list(j.faults),
            }
            for c, j in zip(self.cases, self.judgements, strict=True)
            if not j.right
        )

    def to_markdown(self) -> str:
        """Return the figures as Markdown tables: conditions first, then the primary metric."""
        return markdown.summary(self.to_dict())


def belief(answer: Answer) -> float:
    """Return how sure an assistant is that the article answers: its confidence, one minus that where it declined."""
    return answer.confidence if answer.answered else 1.0 - answer.confidence


def evaluate(paths: Sequence[Path], bot: Bot, *, made_on: str = "") -> Report:
    """Ask a bot every question of some sets about its article, each timed after one warm-up.

    Args:
        paths: one or more question sets about the bot's article.
        bot: what answers; its `encoder.name`, if it has one, goes into the conditions.
        made_on: the date to write into the conditions.

    Raises:
        InputError: a set is malformed, or (from the bot) there is more than one article.
    """
    article = bot.article
    loaded = [(path.stem, case) for path in paths for case in load_cases(path, article.text)]
    cases = tuple(case for _, case in loaded)
    bot.ask(cases[0].question, history=cases[0].history)
    judgements = tuple(ask(bot, case, article.text) for case in cases)
    return Report(cases, judgements, conditions(paths, bot, made_on), tuple(name for name, _ in loaded))


def ask(bot: Bot, case: Case, article_text: str, judged: Callable[..., Judgement] = judge) -> Judgement:
    """Ask a bot one question, take the time, and judge the answer."""
    begun = time.perf_counter()
    answer = bot.ask(case.question, history=case.history)
    return judged(case, answer, article_text, 1000 * (time.perf_counter() - begun))


def conditions(paths: Sequence[Path], bot: Bot, made_on: str) -> Conditions:
    """Return under what a bot is evaluated: software, hardware, encoder, date, and the hash of every input."""
    article = bot.article
    files = [(path.name, hashlib.sha256(path.read_bytes()).hexdigest()) for path in paths]
    files.append((f"article {article.id}", hashlib.sha256(article.text.encode("utf-8", "surrogatepass")).hexdigest()))
    encoder = str(getattr(getattr(bot, "encoder", None), "name", ""))
    where = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    return Conditions(platform.python_version(), where, encoder, made_on, tuple(files))


def shared(parts: Sequence[Conditions]) -> Conditions:
    """Return the conditions of several parts of one run: those of the first, naming every file."""
    return replace(parts[0], files=tuple(file for part in parts for file in part.files))


def joined(reports: Sequence[Report]) -> Report:
    """Return the reports of several articles as one, the conditions naming every file."""
    return Report(
        tuple(case for report in reports for case in report.cases),
        tuple(judgement for report in reports for judgement in report.judgements),
        shared([report.conditions for report in reports]),
        tuple(name for report in reports for name in report.sets),
    )


def _counted(marks: Sequence[bool]) -> dict[str, float | int | None]:
    return {"share": share(sum(marks), len(marks)), "count": sum(marks), "of": len(marks)}


def _grouped(names: Sequence[str], marks: Sequence[bool], order: Sequence[str] = ()) -> dict[str, Any]:
    return {name: _counted(list(_of(name, names, marks))) for name in order or dict.fromkeys(names) if name in names}


def _of(name: str, names: Sequence[str], marks: Sequence[bool]) -> Iterator[bool]:
    return (mark for named, mark in zip(names, marks, strict=True) if named == name)
