"""Measure how questions are understood: `python -m tests.kinds [--texts FOLDER] [--show] SET.jsonl…`.

Prints, for each language, a confusion table of labelled kind (rows) against the kind read (columns), and the share of
rows whose language is read right. A set `x.jsonl` or `y-x.jsonl` is about `x.txt`, beside it or in FOLDER.
"""

import argparse
import json
from collections import Counter
from pathlib import Path

from assistant.analysis import analyse
from assistant.article import build
from assistant.encoder import shipped_encoder
from assistant.question import understand
from assistant.saved import load_shipped

KINDS = ("who", "where", "when", "what", "list", "howmany", "why", "quote", "yesno")


def vocabulary_of(path, folder):
    """Return the words of the article that a question set is about, the shipped one when it has no text."""
    beside = path.with_suffix(".txt")
    other = Path(folder or ".") / f"{path.stem.rpartition('-')[2]}.txt"
    text = beside if beside.is_file() else other
    if text.is_file():
        return analyse(build(text.read_text(encoding="utf-8"))).vocabulary
    return load_shipped(shipped_encoder()).analysis.vocabulary


def rows(paths, folders):
    """Return each labelled question with what was read from it."""
    for path in paths:
        folder = next((f for f in folders if (Path(f) / f"{path.stem.rpartition('-')[2]}.txt").is_file()), None)
        vocabulary = vocabulary_of(path, folder)
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            yield path.stem, row, understand(row["question"], vocabulary)


def main():
    """Print the tables, and with --show every question read otherwise than labelled."""
    parser = argparse.ArgumentParser()
    parser.add_argument("sets", nargs="+", type=Path)
    parser.add_argument("--texts", action="append", default=[])
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()
    table = Counter()
    languages = Counter()
    for name, row, read in rows(options.sets, options.texts):
        languages[row["lang"] == read.language] += 1
        if options.show and row["lang"] != read.language:
            print(f"{name}\tlanguage {row['lang']} read {read.language}\t{row['question']}")  # noqa: T201
        if row["kind"] not in KINDS:
            continue
        table[row["lang"], row["kind"], read.kind] += 1
        if options.show and row["kind"] != read.kind:
            print(f"{name}\t{row['kind']} read {read.kind}/{read.asks}\t{row['question']}")  # noqa: T201
    for language in ("th", "en"):
        mine = {(k, r): n for (lang, k, r), n in table.items() if lang == language}
        read = [k for k in (*KINDS, "meta") if any(r == k for _, r in mine)]
        right, total = sum(n for (k, r), n in mine.items() if k == r), sum(mine.values())
        print(f"\n{language}: {right} of {total} = {right / max(1, total):.1%}")  # noqa: T201
        print("| | " + " | ".join(read) + " |\n" + "| --- " * (len(read) + 1) + "|")  # noqa: T201
        for kind in KINDS:
            print(f"| {kind} | " + " | ".join(str(mine.get((kind, r), 0) or "") for r in read) + " |")  # noqa: T201
    print(f"\nlanguage: {languages[True]} of {languages.total()}")  # noqa: T201


if __name__ == "__main__":
    main()
