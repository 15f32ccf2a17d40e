"""Paraphrase agreement: are questions that ask the same thing in other words answered alike?

A paraphrase set is JSON Lines, one object a line: {"group", "lang", "question", "answerable", "expect", "reject",
"evidence"}, the last five as in a question set; the questions of a group ask the same.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import InputError
from assistant.evaluate import Bot, Conditions, ask, conditions
from assistant.figures import share
from assistant.judging import LANGUAGES, Case, Judgement, folded, parse_rows
from assistant.markdown import conditions as conditions_table
from assistant.markdown import counted, table
from assistant.progress import with_bar
from assistant.records import Answer

Substance = tuple[Any, ...]


def substance(case: Case, answer: Answer) -> Substance:
    """Return what an answer says in substance: answered or not and, of each expect list, the first alternative in it.

    All declinings of a question are the same. An answer that lacks an expected alternative is the same only as one
    with the same folded text, so that two different mistakes never count as agreement.
    """
    if not answer.answered:
        return (False,)
    text = folded(answer.text)
    found = tuple(
        next((n for n, option in enumerate(options) if folded(option) in text), -1) for options in case.expect
    )
    return (True, *found) if found and -1 not in found else (True, *found, text)


@dataclass(frozen=True, slots=True)
class Agreement:
    """Every paraphrase with its group and judgement, in the order of the file."""

    groups: tuple[str, ...]
    cases: tuple[Case, ...]
    judgements: tuple[Judgement, ...]
    conditions: Conditions

    def by_group(self) -> dict[str, dict[str, Any]]:
        """Return of each group its size, how many agree with its majority, how many are right, and the majority.

        The majority is the commonest substance; of two as common, the one met first.
        """
        told: dict[str, dict[str, Any]] = {}
        for name in dict.fromkeys(self.groups):
            rows = [(c, j) for g, c, j in zip(self.groups, self.cases, self.judgements, strict=True) if g == name]
            commonest, agreeing = Counter(substance(c, j.answer) for c, j in rows).most_common(1)[0]
            example = next(j for c, j in rows if substance(c, j.answer) == commonest)
            told[name] = {
                "lang": rows[0][0].lang,
                "answerable": rows[0][0].answerable,
                "of": len(rows),
                "agree": agreeing,
                "right": sum(j.right for _, j in rows),
                "majority_right": example.right,
                "majority": example.answer.text if example.answer.answered else "",
            }
        return told

    def to_dict(self) -> dict[str, Any]:
        """Return the figures as plain data, conditions first."""
        told = self.by_group()
        kinds = {
            "all": list(told.values()),
            **{f"language {lang}": [g for g in told.values() if g["lang"] == lang] for lang in LANGUAGES},
            "answerable": [g for g in told.values() if g["answerable"]],
            "not answerable": [g for g in told.values() if not g["answerable"]],
        }
        return {
            "conditions": self.conditions.to_dict(),
            "figures": {
                name: {"agree": _sum(groups, "agree"), "right": _sum(groups, "right"), "groups": len(groups)}
                for name, groups in kinds.items()
                if groups
            },
            "groups": told,
        }

    def rows(self) -> tuple[dict[str, Any], ...]:
        """Return what came of every paraphrase as plain data."""
        return tuple(
            {
                "id": c.id,
                "question": c.question,
                "answered": j.answer.answered,
                "right": j.right,
                "confidence": j.answer.confidence,
                "text": j.answer.text if j.answer.answered else "",
            }
            for c, j in zip(self.cases, self.judgements, strict=True)
        )

    def to_markdown(self) -> str:
        """Return the figures as Markdown: conditions, all, then each group, the least agreeing first."""
        d = self.to_dict()
        figures = [
            (f"**{name}**" if name == "all" else name, counted(row["agree"]), counted(row["right"]))
            for name, row in d["figures"].items()
        ]
        groups = [
            (name, f"{g['agree']} of {g['of']}", f"{g['right']} of {g['of']}", g["majority"] or "(declined)")
            for name, g in sorted(d["groups"].items(), key=lambda item: item[1]["agree"] / item[1]["of"])
        ]
        return "\n".join(
            [
                *conditions_table(d["conditions"]),
                "",
                *table(("paraphrases", "agree with their group", "right"), figures),
                "",
                *table(("group", "agree", "right", "what most say"), groups),
                "",
            ]
        )


def _sum(groups: Sequence[dict[str, Any]], key: str) -> dict[str, Any]:
    count, of = sum(g[key] for g in groups), sum(g["of"] for g in groups)
    return {"share": share(count, of), "count": count, "of": of}


def load_paraphrases(path: Path, article_text: str | None = None) -> tuple[tuple[str, ...], tuple[Case, ...]]:
    """Read a paraphrase set: the group of every row, and every row as a case.

    Length is not what is measured here: every row has the kind that may have the longest answers.

    Raises:
        InputError: the file cannot be read, or a row does not keep to the format; the text names file and line.
    """
    groups: list[str] = []

    def case(row: dict[str, Any]) -> dict[str, Any]:
        if not isinstance(row.get("group"), str):
            raise ValueError(f"group must be a string; got {row.get('group')!r}")
        groups.append(row["group"])
        return {"id": f"{row['group']}-{groups.count(row['group']):02}", "kind": "list", "history": [], **row}

    cases = parse_rows(path, article_text, case)
    told: dict[str, Any] = {}
    for name, read in zip(groups, cases, strict=True):
        same = (read.lang, read.answerable, read.expect, read.reject, read.evidence)
        if told.setdefault(name, same) != same:
            raise InputError("group_differs", name=path.name, id=read.id)
    return tuple(groups), cases


def agreement(path: Path, bot: Bot, *, made_on: str = "") -> Agreement:
    """Ask a bot every question of a paraphrase set about its article.

    Raises:
        InputError: see `load_paraphrases`.
    """
    text = bot.article.text
    groups, cases = load_paraphrases(path, text)
    judgements = tuple(ask(bot, case, text) for case in with_bar(cases, path.stem))
    return Agreement(groups, cases, judgements, conditions([path], bot, made_on))
