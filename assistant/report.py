"""A run as one HTML page that needs nothing else: no script, no network, light and dark."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from html import escape
from typing import Any

from assistant.figures import Pairs, bins, risk_coverage
from assistant.interface import say
from assistant.markdown import expected, headline, number, percent, shares
from assistant.plots import bars, curves, histogram
from assistant.records import Language

Word = Callable[..., str]
STYLE = """
:root{color-scheme:light dark;--ink:#1d2733;--soft:#526070;--paper:#fff;--line:#d5dce3;--track:#eef1f4;
--a:#0b6e8f;--b:#b4491f}
@media(prefers-color-scheme:dark){:root{--ink:#e6ebf0;--soft:#a5b1bd;--paper:#14191f;--line:#37424d;--track:#222a32;
--a:#5cc3e6;--b:#f0956b}}
body{margin:0 auto;max-width:60rem;padding:1.5rem;background:var(--paper);color:var(--ink);line-height:1.6;
font-family:"Noto Sans Thai","Sarabun","Leelawadee UI","Thonburi",system-ui,sans-serif}
table{border-collapse:collapse;display:block;overflow-x:auto;margin:1rem 0}
th,td{border:1px solid var(--line);padding:.3rem .6rem;text-align:start;vertical-align:top;overflow-wrap:anywhere}
th{background:var(--track)}figure{margin:1.5rem 0}figcaption,summary{color:var(--soft)}
svg{width:100%;height:auto;font-size:13px}svg text{fill:var(--ink)}
.grid{stroke:var(--line)}.ideal{stroke:var(--soft);stroke-dasharray:5 5}.track{fill:var(--track)}
.s0{fill:var(--a)}.s1{fill:var(--b)}.l0,.l1{fill:none;stroke-width:2.5}
.l0{stroke:var(--a)}.l1{stroke:var(--b);stroke-dasharray:8 4}
"""


def html_report(run: Mapping[str, Any], failures: Sequence[Mapping[str, Any]], language: Language) -> str:
    """Return the page of a run.

    Args:
        run: {"conditions", "figures", "rows"}, as `results.json` has it.
        failures: `Report.failures()`.
        language: of the page's own words.
    """
    figures, rows = {**run["figures"], "conditions": run["conditions"]}, run["rows"]

    word = partial(say, language)
    parts = [
        _heading(1, word("report_title")),
        f"<p>{escape(word('report_intro'))}</p>",
        _heading(2, word("report_conditions")),
        _table((word("report_condition"), word("report_value")), _conditions(run["conditions"])),
        _heading(2, word("report_figures")),
        _table(
            (word("report_right"), word("report_share"), word("report_count"), word("report_of")),
            [(n.strip("*"), *r) for n, *r in shares(figures)],
        ),
        _table((word("report_figure"), word("report_value")), headline(figures)),
        _heading(2, word("report_right")),
        _rights(figures, word("report_right")),
    ]
    replies = [(row["confidence"], row["right"]) for row in rows]
    answers = [(row["confidence"], row["right"]) for row in rows if row["answered"]]
    for title, plot in (
        ("report_risk", _risk(replies, answers, len(rows), word("report_risk"), word)),
        ("report_reliability", _reliability(replies, figures["confidence"]["calibration_error"], word)),
        ("report_latency", _latency([row["ms"] for row in rows], figures["milliseconds"], word)),
    ):
        parts += [_heading(2, word(title)), plot]
    parts += [
        _heading(2, word("report_failures", count=len(failures))),
        _table(
            (word("report_question"), word("report_expected"), word("report_got"), word("report_faults")),
            [
                (
                    f"{row['id']} ({row['kind']}): {' → '.join([*row['history'], row['question']])}",
                    expected(row),
                    f"({row['status']}) {row['got']}",
                    ", ".join(row["faults"]),
                )
                for row in failures
            ],
        ),
    ]
    return (
        f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(word('report_title'))}</title><style>{STYLE}</style></head>\n"
        f"<body><main>\n{chr(10).join(parts)}\n</main></body></html>\n"
    )


def _heading(level: int, text: str) -> str:
    return f"<h{level}>{escape(text)}</h{level}>"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    top = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def _conditions(made: Mapping[str, Any]) -> list[tuple[str, str]]:
    rows = [(name, str(made[name]) or "–") for name in ("python", "platform", "encoder", "date")]
    return [*rows, *((file["name"], f"sha256 {file['sha256']}") for file in made["files"])]


def _figure(plot: str, caption: str, summary: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a plot with its caption, and its numbers as a table to unfold."""
    data = f"<details><summary>{escape(summary)}</summary>{_table(head, rows)}</details>"
    return f"<figure>{plot}<figcaption>{escape(caption)}</figcaption>{data}</figure>"


def _rights(figures: Mapping[str, Any], title: str) -> str:
    rows = [
        (name, row["share"] or 0.0, f"{percent(row['share'])} ({row['count']}/{row['of']})")
        for label in ("by_set", "by_language", "by_kind")
        for name, row in figures[label].items()
    ]
    description = "; ".join(f"{name} {told}" for name, _, told in rows)
    return f"<figure>{bars('rights', title, description, rows)}</figure>"


def _risk(replies: Pairs, answers: Pairs, whole: int, title: str, word: Word) -> str:
    series = [
        (word(name), [(p.coverage, p.risk) for p in risk_coverage(pairs, whole)])
        for name, pairs in (("report_replies", replies), ("report_answers", answers))
    ]
    caption = word("report_risk_caption")
    labels = (word("report_coverage"), word("report_risk_axis"))
    table = [
        (name, percent(points[at][0]), percent(points[at][1]))
        for name, points in series
        for at in sorted({round(step * (len(points) - 1) / 10) for step in range(11)})
        if points
    ]
    return _figure(
        curves("risk", title, caption, labels, series),
        caption,
        word("report_numbers"),
        (word("report_line"), *labels),
        table,
    )


def _reliability(replies: Pairs, error: float | None, word: Word) -> str:
    held = bins(replies)
    caption = word("report_reliability_caption", error=number(error))
    labels = (word("report_confidence"), word("report_right"))
    plot = curves(
        "reliability",
        word("report_reliability"),
        caption,
        labels,
        [("", [(b.confidence, b.accuracy) for b in held])],
        diagonal=True,
        marks=True,
    )
    rows = [(f"{b.low:.1f}–{b.high:.1f}", f"{b.confidence:.3f}", percent(b.accuracy), str(b.count)) for b in held]
    return _figure(plot, caption, word("report_numbers"), (word("report_bin"), *labels, word("report_count")), rows)


def _latency(times: Sequence[float], ranks: Mapping[str, float], word: Word) -> str:
    caption = word("report_latency_caption", p50=f"{ranks['p50']:.1f}", p95=f"{ranks['p95']:.1f}")
    labels = (word("report_milliseconds"), word("report_questions"))
    rows = [(name, f"{value:.1f}") for name, value in ranks.items()]
    plot = histogram("latency", word("report_latency"), caption, labels, times)
    return _figure(plot, caption, word("report_numbers"), (word("report_figure"), word("report_milliseconds")), rows)
