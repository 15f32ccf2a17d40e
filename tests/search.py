"""Measure search: `python -m tests.search DATA` asks XQuAD's questions of its 120 Thai passages, one article each.

DATA is the folder with `xquad-dev.th.json` and `xquad-dev.en.json`, which nothing here was fitted to. Prints Markdown:
how often the passage of the question comes first (R@1) or among the first five (R@5), in both languages.
"""

import json
import statistics
import sys
import time
from pathlib import Path

from assistant import article as articles
from assistant.api import Assistant


def read(path: Path) -> tuple[list[str], list[tuple[str, int]]]:
    """Return the passages, and the questions with the number of their passage."""
    passages: list[str] = []
    questions: list[tuple[str, int]] = []
    for article in json.loads(path.read_text(encoding="utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            questions += [(qa["question"], len(passages)) for qa in paragraph["qas"]]
            passages.append(paragraph["context"])
    return passages, questions


def main(data: Path) -> None:
    """Print the table."""
    passages, thai = read(data / "xquad-dev.th.json")
    _, english = read(data / "xquad-dev.en.json")
    bot = Assistant.from_articles([articles.build(text, identity=str(i)) for i, text in enumerate(passages)])
    out = [
        "| questions over 120 Thai passages | of | R@1 | R@5 | ms a question, median |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name, questions in (("Thai", thai), ("English", english)):
        first = five = 0
        times = []
        for text, gold in questions:
            begun = time.perf_counter()
            found = [int(p.article) for p in bot.search(text, k=5)]
            times.append(time.perf_counter() - begun)
            first += found[0] == gold
            five += gold in found
        count = len(questions)
        out.append(
            f"| {name} | {count} | {first / count:.3f} | {five / count:.3f} | {1000 * statistics.median(times):.1f} |"
        )
    sys.stdout.write("\n".join(out) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
