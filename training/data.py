"""Texts to train on: pairs, questions with their passages, and monolingual Thai."""

from __future__ import annotations

import csv
import gzip
import json
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from glosses import rows

LOG = logging.getLogger(__name__)

WINDOW = (100, 260)


@dataclass
class Article:
    """A Thai article cut into windows, with questions: (Thai, English or "", window)."""

    windows: list[str]
    questions: list[tuple[str, str, int]] = field(default_factory=list)


def written_pairs(folder: Path | None, questions: bool) -> list[tuple[str, str]]:
    """Return the pairs written by hand.

    Args:
        folder: A folder of tables, or None.
        questions: False for (Thai, English) translations, true for the tables named
            `*.q2p.tsv`, which hold a Thai passage and an English question that it answers.
    """
    pairs: list[tuple[str, str]] = []
    for path in sorted(folder.glob("*.tsv")) if folder is not None else []:
        if path.name.endswith(".q2p.tsv") == questions:
            for row in rows(path):
                if len(row) >= 2 and row[0].strip() and row[1].strip():
                    pairs.append((row[0].strip(), row[1].strip()))
    return pairs


def sentence_pairs(data: Path, written: Path | None) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return (Thai, English) pairs: those of the open corpora, and those written by hand."""
    pairs: list[tuple[str, str]] = []
    for name in ("talpco", "tatoeba-opus", "udhr"):
        table = list(rows(data / f"{name}.en-th.tsv"))
        english, thai = table[0].index("en"), table[0].index("th")
        pairs += [(row[thai], row[english]) for row in table[1:]]
    return pairs, written_pairs(written, questions=False)


def term_pairs(data: Path) -> list[tuple[str, str]]:
    """Return (Thai, English) terms: countries, languages, places and map features."""
    terms: list[tuple[str, str]] = []
    for row in list(rows(data / "cldr.th-en.tsv"))[1:]:
        terms.append((row[2], row[3]))
    for row in list(rows(data / "gazetteer.th-en.tsv"))[1:]:
        terms.append((row[1], row[2]))
    for row in list(rows(data / "osm-tags.en-th.tsv"))[1:]:
        terms.append((row[2], row[1]))
    return [(thai, english) for thai, english in terms if thai.strip() and english.strip()]


def question_pairs(data: Path) -> list[tuple[str, str, str, str]]:
    """Return (id, Thai, English, English paraphrase) questions, validation ones left out."""
    with gzip.open(data / "questions-en-th.tsv.gz", "rt", encoding="utf-8", newline="") as handle:
        table = list(csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        (row["source_qid"], row["th_question"], row["en_question"], row["en_paraphrase"])
        for row in table
        if row["split"] != "validation" and row["th_question"] and row["en_question"]
    ]


def windows(text: str, low: int = WINDOW[0], high: int = WINDOW[1]) -> list[tuple[int, str]]:
    """Cut a text at spaces and line breaks into windows of `low` to `high` characters."""
    cuts: list[tuple[int, str]] = []
    start = 0
    while start < len(text):
        end = min(len(text), start + high)
        if end < len(text):
            space = max(text.rfind(" ", start + low, end), text.rfind("\n", start + low, end))
            end = space if space > 0 else end
        piece = text[start:end].strip()
        if piece:
            cuts.append((start, piece))
        start = end if end > start else start + 1
    return cuts


def articles(path: Path, english: dict[str, str]) -> list[Article]:
    """Read question-answering articles; `english` maps a question's Thai to its English."""
    found: list[Article] = []
    with gzip.open(path, "rt", encoding="utf-8") as handle:
        for line in handle:
            record = json.loads(line)
            cuts = windows(record["text"])
            article = Article([record["title"] + " " + piece for _, piece in cuts])
            for question in record["qas"]:
                for start in question["starts"][:1]:
                    place = max(i for i, (begin, _) in enumerate(cuts) if begin <= max(start, cuts[0][0]))
                    thai = question["question"]
                    article.questions.append((thai, english.get(thai, ""), place))
            found.append(article)
    return found


def monolingual(path: Path) -> Iterator[str]:
    """Yield the lines of Thai news that are long enough to be sentences."""
    with gzip.open(path, "rt", encoding="utf-8") as handle:
        for line in handle:
            for part in json.loads(line)["text"].split("\n"):
                text = re.sub(r"\s+", " ", part).strip()
                if len(text) >= 40:
                    yield text
