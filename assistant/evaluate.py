"""Evaluation: ask every question of a set, judge and time each answer, count, report. Primary metric: share right."""

import hashlib
import json
import math
import platform
import statistics
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Protocol, TextIO

from assistant.errors import InputError
from assistant.judging import KINDS, LANGUAGES, Case, Judgement, judge, load_cases
from assistant.records import Answer, Article

__all__ = ["Bot", "Case", "Conditions", "Judgement", "Report", "evaluate", "judge", "load_cases", "main_evaluate"]


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


@dataclass(frozen=True, slots=True)
class Report:
    """All judgements of a run, in the order of the cases, and the figures drawn from them."""

    cases: tuple[Case, ...]
    judgements: tuple[Judgement, ...]
    conditions: Conditions

    def to_dict(self) -> dict[str, Any]:
        """Return every figure as plain data, ready for JSON; a share of nothing is None."""
        pairs = list(zip(self.cases, self.judgements, strict=True))
        silent = [(c, j) for c, j in pairs if not j.answer.answered]
        rightly = sum(not c.answerable for c, _ in silent)
        unanswerable = sum(not c.answerable for c in self.cases)
        times = [j.milliseconds for j in self.judgements]
        return {
            "share_right": _counted([j.right for _, j in pairs]),
            "by_language": {
                lang: _counted([j.right for c, j in pairs if c.lang == lang])
                for lang in LANGUAGES
                if any(c.lang == lang for c in self.cases)
            },
            "by_kind": {
                kind: _counted([j.right for c, j in pairs if c.kind == kind])
                for kind in KINDS
                if any(c.kind == kind for c in self.cases)
            },
            "abstention": {
                "precision": _share(rightly, len(silent)),
                "recall": _share(rightly, unanswerable),
                "f1": _share(2 * rightly, len(silent) + unanswerable),
            },
            "answered_wrongly": _counted([j.answer.answered and not j.right for _, j in pairs]),
            "answered_unanswerable": _counted([j.answer.answered and not c.answerable for c, j in pairs]),
            "quotes": {
                "all": sum(len(j.answer.citations) for j in self.judgements),
                "not_verbatim": sum(j.not_verbatim for j in self.judgements),
            },
            "milliseconds": {"p50": percentile(times, 0.5), "p95": percentile(times, 0.95)},
            "answer_characters": {"median": statistics.median([len(j.answer.text) for j in self.judgements] or [0])},
            "faults": dict(Counter(f.partition(":")[0] for j in self.judgements for f in j.faults).most_common()),
            "conditions": {
                **asdict(self.conditions),
                "files": [{"name": name, "sha256": digest} for name, digest in self.conditions.files],
            },
        }

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
        d, made = self.to_dict(), self.conditions
        conditions = [
            ("Python", made.python),
            ("platform", made.platform),
            ("encoder", made.encoder or "–"),
            ("date", made.date or "–"),
            *((f"`{name}`", f"sha256 {digest}") for name, digest in made.files),
        ]
        groups = [
            (f"{label} {name}", *_cells(row))
            for label, by in (("language", "by_language"), ("kind", "by_kind"))
            for name, row in d[by].items()
        ]
        rest = [(f"abstention {name}", _percent(value)) for name, value in d["abstention"].items()]
        rest += [
            (label, f"{_percent(d[key]['share'])} ({d[key]['count']} of {d[key]['of']})")
            for label, key in (
                ("answered wrongly", "answered_wrongly"),
                ("answered although not answerable", "answered_unanswerable"),
            )
        ]
        rest += [
            ("quotes not verbatim", f"{d['quotes']['not_verbatim']} of {d['quotes']['all']}"),
            *((f"time {name}", f"{value:.1f} ms") for name, value in d["milliseconds"].items()),
            ("median answer", f"{d['answer_characters']['median']:g} characters"),
            *((f"fault {name}", f"{count}") for name, count in d["faults"].items()),
        ]
        rights = [("**all**", *_cells(d["share_right"])), *groups]
        return "\n".join(
            [
                *_table(("condition", "value"), conditions),
                "",
                *_table(("share right", "share", "right", "of"), rights),
                "",
                *_table(("figure", "value"), rest),
                "",
            ]
        )


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
    cases = tuple(case for path in paths for case in load_cases(path, article.text))
    bot.ask(cases[0].question, history=cases[0].history)
    judgements = []
    for case in cases:
        begun = time.perf_counter()
        answer = bot.ask(case.question, history=case.history)
        judgements.append(judge(case, answer, article.text, 1000 * (time.perf_counter() - begun)))
    files = [(path.name, hashlib.sha256(path.read_bytes()).hexdigest()) for path in paths]
    files.append((f"article {article.id}", hashlib.sha256(article.text.encode("utf-8", "surrogatepass")).hexdigest()))
    encoder = str(getattr(getattr(bot, "encoder", None), "name", ""))
    return Report(
        cases,
        tuple(judgements),
        Conditions(platform.python_version(), platform.platform(), encoder, made_on, tuple(files)),
    )


def percentile(values: Sequence[float], share: float) -> float:
    """Return the nearest-rank percentile: the smallest value that at least this share do not exceed; 0 for none."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)] if values else 0.0


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _counted(marks: Sequence[bool]) -> dict[str, float | int | None]:
    return {"share": _share(sum(marks), len(marks)), "count": sum(marks), "of": len(marks)}


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f} %"


def _cells(row: dict[str, Any]) -> tuple[str, str, str]:
    return _percent(row["share"]), str(row["count"]), str(row["of"])


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> list[str]:
    return [f"| {' | '.join(cells)} |" for cells in (head, ("---",) * len(head), *rows)]


def main_evaluate(paths: Sequence[Path], article: Path | None, as_json: bool, out: TextIO) -> int:
    """Evaluate question sets for the command line and write the report.

    Each set is asked about `article`; without one, x.jsonl about x.txt beside it; else about the shipped article.

    Returns:
        0, or 1 when a quote is not verbatim.

    Raises:
        InputError: no set is named, or a set or article cannot be used.
    """
    from assistant.api import Assistant  # only here: the rules above need no engine

    if not paths:
        raise InputError("evaluate must be given a question set (JSON Lines); got none. Try tests/questions/*.jsonl")
    sets: dict[Path | None, list[Path]] = {}
    for path in paths:
        beside = path.with_suffix(".txt")
        sets.setdefault(article or (beside if beside.is_file() else None), []).append(path)
    reports = [
        evaluate(group, Assistant.from_file(about) if about else Assistant(), made_on=date.today().isoformat())
        for about, group in sets.items()
    ]
    report = Report(
        tuple(c for r in reports for c in r.cases),
        tuple(j for r in reports for j in r.judgements),
        replace(reports[0].conditions, files=tuple(f for r in reports for f in r.conditions.files)),
    )
    if as_json:
        out.write(json.dumps({**report.to_dict(), "failures": report.failures()}, ensure_ascii=False, indent=2) + "\n")
    else:
        out.write(report.to_markdown() + "".join(map(_failure, report.failures())))
    return int(any(j.not_verbatim for j in report.judgements))


def _failure(row: dict[str, Any]) -> str:
    wanted = row["expected"]
    expected = wanted if isinstance(wanted, str) else " + ".join(options[0] for options in wanted)
    asked = " → ".join([*row["history"], row["question"]])
    return (
        f"\n- `{row['id']}` {row['kind']}: {asked}\n  - expected: {expected or 'an answer'}\n"
        f"  - got ({row['status']}): {' '.join(row['got'].split())}\n  - faults: {', '.join(row['faults'])}\n"
    )
