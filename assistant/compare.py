"""Two runs over the same questions, held against each other question by question."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import InputError
from assistant.figures import mcnemar
from assistant.markdown import percent, table

Row = Mapping[str, Any]
_NEEDED = ("id", "set", "right", "answered", "text")


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed from an old run to a new one, over the questions that both have (same set, same id).

    `gained` were wrong and are right, `lost` were right and are wrong, `changed` kept their verdict with another
    text; each holds the old and the new row. `missing` and `added` are the questions that only one run has.
    `altered` names the question sets and articles whose content is not what it was.
    """

    common: int
    right_before: int
    right_now: int
    gained: tuple[tuple[Row, Row], ...]
    lost: tuple[tuple[Row, Row], ...]
    changed: tuple[tuple[Row, Row], ...]
    missing: tuple[Row, ...]
    added: tuple[Row, ...]
    altered: tuple[str, ...]

    @property
    def p_value(self) -> float:
        """How likely so uneven a split of gained and lost would be by chance: McNemar's exact test, two-sided."""
        return mcnemar(len(self.gained), len(self.lost))

    def to_markdown(self) -> str:
        """Return the comparison as Markdown: the counts, then every question that changed."""
        of = self.common or 1
        figures = [
            ("questions in both runs", str(self.common)),
            ("right before", f"{self.right_before} ({percent(self.right_before / of)})"),
            ("right now", f"{self.right_now} ({percent(self.right_now / of)})"),
            ("newly right", str(len(self.gained))),
            ("newly wrong", str(len(self.lost))),
            ("same verdict, another answer", str(len(self.changed))),
            ("McNemar exact p", f"{self.p_value:.4f}"),
            ("only in the old run", str(len(self.missing))),
            ("only in this run", str(len(self.added))),
            ("inputs not the same", ", ".join(self.altered) or "none"),
        ]
        lines = ["", "## Compared with an earlier run", "", *table(("comparison", "value"), figures)]
        for title, pairs in (
            ("Newly wrong", self.lost),
            ("Newly right", self.gained),
            ("Same verdict, another answer", self.changed),
        ):
            rows = [(f"`{new['set']}/{new['id']}`", _said(old), _said(new)) for old, new in pairs]
            lines += ["", f"### {title}", "", *table(("question", "before", "now"), rows)] if rows else []
        return "\n".join([*lines, ""])


def _said(row: Row) -> str:
    return f"{'' if row['answered'] else '(declined) '}{row['text']}"


def compare(old: Mapping[str, Any], new: Mapping[str, Any]) -> Comparison:
    """Hold two runs, each as `results.json` has it, against each other."""
    before = {(row["set"], row["id"]): row for row in old["rows"]}
    now = {(row["set"], row["id"]): row for row in new["rows"]}
    both = [(before[key], now[key]) for key in now if key in before]
    inputs = [{file["name"]: file["sha256"] for file in run["conditions"]["files"]} for run in (old, new)]
    return Comparison(
        len(both),
        sum(was["right"] for was, _ in both),
        sum(row["right"] for _, row in both),
        _where(both, was_right=False, is_right=True),
        _where(both, was_right=True, is_right=False),
        tuple((was, row) for was, row in both if was["right"] == row["right"] and was["text"] != row["text"]),
        tuple(row for key, row in before.items() if key not in now),
        tuple(row for key, row in now.items() if key not in before),
        tuple(name for name in inputs[1] if name in inputs[0] and inputs[0][name] != inputs[1][name]),
    )


def _where(both: Sequence[tuple[Row, Row]], *, was_right: bool, is_right: bool) -> tuple[tuple[Row, Row], ...]:
    return tuple((was, row) for was, row in both if was["right"] is was_right and row["right"] is is_right)


def load_results(path: Path) -> dict[str, Any]:
    """Read a `results.json` that an earlier run wrote.

    Raises:
        InputError: it cannot be read, or is not one.
    """
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        if not all(isinstance(file["name"], str) and file["sha256"] for file in raw["conditions"]["files"]):
            raise ValueError("every file must have a name and its sha256")
        for row in raw["rows"]:
            if not all(key in row for key in _NEEDED) or not isinstance(row["right"], bool):
                raise ValueError(f"every row must have {', '.join(_NEEDED)}")
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        got = str(error) if type(error) is ValueError else type(error).__name__
        raise InputError("compare_file", name=path.name, got=got) from error
    return dict(raw)
