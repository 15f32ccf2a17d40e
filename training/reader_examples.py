"""Lay out questions over articles as the reader meets them, with where the answer stands.

`python training/reader_examples.py --out OUT.npz [--part 0/2] SOURCE…` where a source is a gzipped file of the iapp
question set (with `--english questions-en-th.tsv.gz`, its questions in English too) or question sets in JSON Lines
whose rows have an `answer`, each beside its article `NAME.txt`.
"""

import argparse
import csv
import gzip
import json
import logging
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant import article as articles
from assistant.api import Assistant
from assistant.conversation import resolve
from assistant.encoder import shipped_encoder
from assistant.errors import InputError
from assistant.indexing import ArticleIndex, build
from assistant.question import understand
from assistant.reader import SpanReader, chosen_clauses, sheet
from assistant.reading import Tokens
from assistant.settings import data_folder

LOG = logging.getLogger("reader_examples")
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the slices of its article that answer it; none when the article does not."""

    text: str
    history: tuple[str, ...]
    spans: tuple[Span, ...]
    verdict: int = -1
    kind: str = ""


def iapp(path: Path, english: Path | None) -> Iterator[tuple[str, str, list[Asked]]]:
    """Read the iapp question set: texts with their questions, in English too where there is a version."""
    versions: dict[str, str] = {}
    if english is not None:
        with gzip.open(english, "rt", encoding="utf-8") as lines:
            for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
                if row["source"] == "iapp" and row["en_question"]:
                    versions[row["th_question"].strip()] = row["en_question"]
    with gzip.open(path, "rt", encoding="utf-8") as rows:
        for row in rows:
            item = json.loads(row)
            asked = []
            for qa in item["qas"]:
                spans = tuple((s, s + len(a)) for s, a in zip(qa["starts"], qa["answers"], strict=True))[:1]
                if any(item["text"][s:e] != a for (s, e), a in zip(spans, qa["answers"], strict=False)):
                    continue
                asked.append(Asked(qa["question"], (), spans))
                translated = versions.get(qa["question"].strip())
                if translated:
                    asked.append(Asked(translated, (), spans))
            yield item["id"], item["text"], asked


def written(path: Path, texts: Path | None) -> tuple[str, str, list[Asked]]:
    """Read a question set with answers, and the text it is about."""
    source = path.with_suffix(".txt")
    if not source.is_file() and texts is not None:
        source = texts / f"{path.stem.split('-')[-1]}.txt"
    text = source.read_bytes().decode("utf-8")
    asked = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.strip():
            continue
        row = json.loads(line)
        answers = row.get("answer") or []
        near = text.find(row["evidence"][0]) if row.get("evidence") else -1
        spans: list[Span] = []
        for answer in answers if row["answerable"] else []:
            at = text.find(answer, max(near, 0))
            if at < 0 or (near >= 0 and at > near + len(row["evidence"][0])):
                at = text.find(answer)
            if at >= 0:
                spans.append((at, at + len(answer)))
        if row["kind"] == "meta" or (row["answerable"] and not spans):
            continue
        verdict = {"yes": 1, "no": 0}.get(row.get("verdict", ""), -1)
        asked.append(Asked(row["question"], tuple(row.get("history", ())), tuple(spans), verdict, row["kind"]))
    return path.stem, text, asked


@dataclass
class Store:
    """Arrays gathered over articles; examples point into them."""

    arrays: dict[str, list[np.ndarray]]
    tokens: int = 0
    rows: int = 0


def add(store: Store, index: ArticleIndex, asked: list[Asked], bot: Assistant, reader: SpanReader) -> int:
    """Add an article and its questions; return how many answers stood in the clauses chosen."""
    tokens: Tokens = index.tokens
    kept = 0
    store.arrays["states"].append(tokens.states)
    for item in asked:
        question = understand(item.text, index.analysis.vocabulary)
        if question.kind == "meta":
            continue
        question = resolve(question, item.history, index.analysis, lambda q: bot._look(index, q))
        field = bot._field(index, question)
        clauses = chosen_clauses(field, tokens)
        gold = [c.index for c in index.article.clauses if any(c.start < e and s < c.end for s, e in item.spans)]
        kept += bool(gold) and all(g in clauses for g in gold[:1])
        for g in gold[:2]:
            if g not in clauses:
                clauses = [*clauses[:-1], g] if len(clauses) > 1 else [*clauses, g]
        page = sheet(question, index.analysis, field, tokens, reader, clauses)
        own = int((page.token < 0).sum())
        at = page.token[own:]
        hit = np.array(
            [any(tokens.start[t] < e and s < tokens.end[t] for s, e in item.spans[:6]) for t in at], dtype=bool
        )
        drop = np.isin(tokens.clause[at], gold)
        store.arrays["question"].append(page.states[:own].astype(np.float16))
        store.arrays["token"].append(at + store.tokens)
        store.arrays["clause"].append(tokens.clause[at])
        store.arrays["hit"].append(hit)
        store.arrays["gold"].append(drop)
        for name in ("kind", "level", "rank"):
            store.arrays[name].append(getattr(page, name).astype(np.int16))
        store.arrays["sizes"].append(np.array([own, len(at), item.verdict, bool(item.spans)], dtype=np.int64))
        store.rows += 1
    store.tokens += len(tokens.start)
    return kept


def main() -> None:
    """Write the examples of some sources."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sources", type=Path, nargs="+")
    parser.add_argument("--english", type=Path)
    parser.add_argument("--texts", type=Path)
    parser.add_argument("--part", default="0/1")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    part, parts = (int(x) for x in args.part.split("/"))
    names = ("states", "question", "token", "clause", "hit", "gold", "kind", "level", "rank", "sizes")
    store = Store({name: [] for name in names})
    encoder = shipped_encoder()
    reader = SpanReader(data_folder("index") / "encoder", None)
    begun, kept, number = time.monotonic(), 0, 0
    for source in args.sources:
        items = iapp(source, args.english) if source.suffix == ".gz" else [written(source, args.texts)]
        for identity, text, asked in items:
            number += 1
            if number % parts != part or not asked:
                continue
            try:
                article = (
                    articles.load(source.with_suffix(".txt"))
                    if source.suffix != ".gz" and source.with_suffix(".txt").is_file()
                    else articles.build(text, identity=identity)
                )
            except InputError as error:
                LOG.info("%s: %s", identity, error)
                continue
            index = build(article, encoder)
            kept += add(store, index, asked, Assistant([index], encoder=encoder), reader)
            if number % 100 < parts:
                LOG.info(
                    "%d articles, %d questions, %d kept, %.0f s", number, store.rows, kept, time.monotonic() - begun
                )
    LOG.info("%d questions, %d with the answer among the clauses chosen", store.rows, kept)
    np.savez(args.out, **{k: np.concatenate(v) for k, v in store.arrays.items()})


if __name__ == "__main__":
    sys.exit(main())
