"""Markdown of evaluations: tables of plain cells, and figures as readers write them."""

from collections.abc import Mapping, Sequence
from typing import Any


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the lines of a Markdown table; a bar or a line end in a cell cannot break it."""
    lines = [head, ["---"] * len(head), *([_cell(cell) for cell in row] for row in rows)]
    return [f"| {' | '.join(cells)} |" for cells in lines]


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def percent(value: float | None) -> str:
    """Return a share in percent, "–" for none."""
    return "–" if value is None else f"{100 * value:.1f} %"


def number(value: float | None) -> str:
    """Return a figure with three digits after the point, "–" for none."""
    return "–" if value is None else f"{value:.3f}"


def counted(row: Mapping[str, Any]) -> str:
    """Return a counted share: "28.6 % (2 of 7)"."""
    return f"{percent(row['share'])} ({row['count']} of {row['of']})"


def conditions(made: Mapping[str, Any]) -> list[str]:
    """Return the table of conditions that every report opens with."""
    rows = [
        ("Python", made["python"]),
        ("platform", made["platform"]),
        ("encoder", made["encoder"] or "–"),
        ("date", made["date"] or "–"),
        *((f"`{file['name']}`", f"sha256 {file['sha256']}") for file in made["files"]),
    ]
    return table(("condition", "value"), rows)


def headline(figures: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the headline figures but for the shares right, as rows of a label and a value."""
    ranking, at = figures["confidence"], percent(figures["confidence"]["accuracy"])
    return [
        *((f"abstention {name}", percent(value)) for name, value in figures["abstention"].items()),
        ("answered wrongly", counted(figures["answered_wrongly"])),
        ("answered although not answerable", counted(figures["answered_unanswerable"])),
        ("quotes not verbatim", f"{figures['quotes']['not_verbatim']} of {figures['quotes']['all']}"),
        ("AUROC of the confidence, answered rightly or not", number(ranking["auroc"])),
        ("AUROC of the confidence, reply right or wrong", number(ranking["auroc_reply"])),
        (f"coverage at {at} accuracy, all replies", percent(ranking["coverage"])),
        (f"coverage at {at} accuracy, answers alone", percent(ranking["coverage_answers"])),
        ("expected calibration error", number(ranking["calibration_error"])),
        *((f"time {name}", f"{value:.1f} ms") for name, value in figures["milliseconds"].items()),
        ("median answer", f"{figures['answer_characters']['median']:g} characters"),
        *((f"fault {name}", f"{count}") for name, count in figures["faults"].items()),
    ]


def shares(figures: Mapping[str, Any]) -> list[tuple[str, str, str, str]]:
    """Return the shares right as rows of name, share, right and of: all first, then sets, languages and kinds."""
    rows = [("**all**", figures["share_right"])]
    for label in ("set", "language", "kind"):
        named = figures.get(f"by_{label}", {})
        if label != "set" or len(named) > 1:
            rows += [(f"{label} {name}", row) for name, row in named.items()]
    return [(name, percent(row["share"]), str(row["count"]), str(row["of"])) for name, row in rows]


def summary(figures: Mapping[str, Any]) -> str:
    """Return all figures of a report: conditions first, then the primary metric, then the rest."""
    ends = figures["interval"]
    rest = headline(figures)
    if ends:
        rest.insert(0, ("share right, 95 % interval", f"{percent(ends[0])} to {percent(ends[1])}"))
    return "\n".join(
        [
            *conditions(figures["conditions"]),
            "",
            *table(("share right", "share", "right", "of"), shares(figures)),
            "",
            *table(("figure", "value"), rest),
            "",
        ]
    )


def failure(row: Mapping[str, Any]) -> str:
    """Return one question that was not answered rightly as an item of a list."""
    asked = " → ".join([*row["history"], row["question"]])
    return (
        f"\n- `{row['id']}` {row['kind']}: {asked}\n  - expected: {expected(row)}\n"
        f"  - got ({row['status']}): {' '.join(row['got'].split())}\n  - faults: {', '.join(row['faults'])}\n"
    )


def expected(row: Mapping[str, Any]) -> str:
    """Return what a failed question was expected to say: the first alternative of every list."""
    wanted = row["expected"]
    return (wanted if isinstance(wanted, str) else " + ".join(options[0] for options in wanted)) or "an answer"
