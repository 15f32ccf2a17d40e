"""Measure answers on Thai Wikipedia: `python -m tests.iapp iapp-valid.jsonl.gz [--every N]` prints Markdown.

Nobody here wrote those questions, and nothing was fitted to them. Every one has its answer in its article. An answer is
contained when the reply holds it (folded, white space left out); F1 is that of letters in common (as the data set's
authors report it), over replies without quotation marks.
"""

import argparse
import gzip
import json
import statistics
import sys
from collections import Counter
from pathlib import Path

from assistant.api import Assistant
from assistant.judging import folded


def letters(text: str) -> str:
    """Return a text without what does not count."""
    return folded(text).replace(" ", "").strip("“”\"'")


def f1(one: str, other: str) -> float:
    """Return the F1 of two bags of letters."""
    both = sum((Counter(one) & Counter(other)).values())
    return 2 * both / max(len(one) + len(other), 1)


def main() -> None:
    """Ask, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--every", type=int, default=1, help="of the articles")
    args = parser.parse_args()
    held, answered, sizes, scores = [], [], [], []
    with gzip.open(args.corpus, "rt", encoding="utf-8") as rows:
        for number, row in enumerate(rows):
            item = json.loads(row)
            if number % args.every or not item["qas"]:
                continue
            bot = Assistant.from_text(item["text"])
            for qa in item["qas"]:
                answer = bot.ask(qa["question"])
                told = letters(answer.text)
                held.append(answer.answered and any(letters(a) in told for a in qa["answers"]))
                answered.append(answer.answered)
                sizes.append(len(answer.text))
                scores.append(max(f1(told, letters(a)) for a in qa["answers"]) if answer.answered else 0.0)
    count = len(held)
    sys.stdout.write(
        "| questions | answered | answer contained | median reply | letters F1 |\n| --- | --- | --- | --- | --- |\n"
        f"| {count} | {sum(answered) / count:.3f} | {sum(held) / count:.3f} "
        f"| {statistics.median(sizes):.0f} characters | {sum(scores) / count:.3f} |\n"
    )


if __name__ == "__main__":
    main()
