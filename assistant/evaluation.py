"""The command `thamkhao evaluate`: which article each set is about, which test is run, and what is written where."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Protocol, TextIO

from assistant import markdown
from assistant.compare import compare, load_results
from assistant.errors import InputError
from assistant.evaluate import Bot, evaluate, joined
from assistant.interface import locale_language
from assistant.leave_out import LeaveOut, Open, RememberingEncoder, leave_evidence_out, merged
from assistant.paraphrases import agreement
from assistant.records import Article
from assistant.report import html_report


@dataclass(frozen=True, slots=True)
class Options:
    """What the command was told; `article` None means the text beside each set, or the shipped article."""

    paths: tuple[Path, ...] = ()
    article: Path | None = None
    as_json: bool = False
    out: Path | None = None
    compare: Path | None = None
    leave_evidence_out: bool = False
    paraphrases: Path | None = None


class _Outcome(Protocol):
    """What every test comes to."""

    def to_dict(self) -> dict[str, Any]: ...

    def rows(self) -> tuple[dict[str, Any], ...]: ...

    def to_markdown(self) -> str: ...


def run(options: Options, out: TextIO) -> int:
    """Evaluate for the command line: write the outcome to `out`, and to the folder when one is given.

    Returns:
        0, or 1 when a quote of a plain evaluation is not verbatim.

    Raises:
        InputError: no set is named, the options do not go together, or a set or article cannot be used.
    """
    if sum((options.compare is not None, options.leave_evidence_out, options.paraphrases is not None)) > 1:
        raise InputError("evaluate_modes")
    if options.paraphrases is not None:
        return _paraphrases(options, options.paraphrases, out)
    if not options.paths:
        raise InputError("set_none")
    return _leave_out(options, out) if options.leave_evidence_out else _plain(options, out)


def _plain(options: Options, out: TextIO) -> int:
    old = None if options.compare is None else load_results(options.compare)
    report = joined([evaluate(paths, bot, made_on=_today()) for paths, bot in _groups(options.paths, options.article)])
    run = results(report)
    compared = "" if old is None else compare(old, run).to_markdown()
    failures = report.failures()
    text = report.to_markdown() + "".join(map(markdown.failure, failures)) + compared
    if options.as_json:
        _dump({**report.to_dict(), "failures": failures}, out)
    else:
        out.write(text)
    if options.out is not None:
        _write(options.out, "results", report, text)
        page = html_report(run, failures, locale_language())
        (options.out / "report.html").write_text(page, encoding="utf-8")
    return int(any(j.not_verbatim for j in report.judgements))


def _leave_out(options: Options, out: TextIO) -> int:
    parts: list[LeaveOut] = []
    for paths, bot in _groups(options.paths, options.article):
        parts.append(leave_evidence_out(paths, bot, _opener(), made_on=_today()))
    _tell(merged(parts), "leave-evidence-out", options, out)
    return 0


def _paraphrases(options: Options, path: Path, out: TextIO) -> int:
    if options.paths:
        names = ", ".join(p.name for p in options.paths)
        raise InputError("evaluate_no_sets", names=names)
    ((_, bot),) = _groups((path,), options.article)
    _tell(agreement(path, bot, made_on=_today()), "paraphrases", options, out)
    return 0


def _tell(outcome: _Outcome, name: str, options: Options, out: TextIO) -> None:
    text = outcome.to_markdown()
    if options.as_json:
        _dump(outcome.to_dict(), out)
    else:
        out.write(text)
    if options.out is not None:
        _write(options.out, name, outcome, text)


def results(outcome: _Outcome) -> dict[str, Any]:
    """Return an outcome as `results.json` has it: conditions, figures, then what came of every question."""
    figures = outcome.to_dict()
    return {"conditions": figures.pop("conditions"), "figures": figures, "rows": list(outcome.rows())}


def _write(folder: Path, name: str, outcome: _Outcome, text: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.md").write_text(text, encoding="utf-8")
    (folder / f"{name}.json").write_text(lines_of(results(outcome)), encoding="utf-8")


def lines_of(run: Mapping[str, Any]) -> str:
    """Return a run as JSON with one question a line, so that the difference of two runs can be read."""
    rows = ",\n".join(json.dumps(row, ensure_ascii=False) for row in run["rows"])
    head = json.dumps({key: value for key, value in run.items() if key != "rows"}, ensure_ascii=False, indent=1)
    return f'{head.removesuffix("}").rstrip()},\n "rows": [\n{rows}\n]}}\n'


def _dump(data: object, out: TextIO) -> None:
    out.write(json.dumps(data, ensure_ascii=False, indent=2) + "\n")


def _today() -> str:
    return date.today().isoformat()


def _groups(paths: Sequence[Path], article: Path | None) -> list[tuple[list[Path], Bot]]:
    """Return the sets of each article with what answers about it.

    A set is about `article`; without one, x.jsonl is about x.txt beside it; else about the shipped article.
    """
    from assistant.api import Assistant  # only here: the rules need no engine

    sets: dict[Path | None, list[Path]] = {}
    for path in paths:
        beside = path.with_suffix(".txt")
        sets.setdefault(article or (beside if beside.is_file() else None), []).append(path)
    return [(group, Assistant.from_file(about) if about else Assistant()) for about, group in sets.items()]


def _opener() -> Open:
    """Return what opens a cut article; its clauses are encoded once however many cuts keep them."""
    from assistant.api import Assistant
    from assistant.encoder import shipped_encoder
    from assistant.indexing import build

    encoder = RememberingEncoder(shipped_encoder())

    def opened(article: Article) -> Bot:
        return Assistant([build(article, encoder)], encoder=encoder)

    return opened
