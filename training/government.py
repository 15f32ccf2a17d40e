"""Put our questions about real Thai government news back beside the news they are about.

The questions in `written/reading.jsonl` (to train the reader) and `tests/questions/government/questions.jsonl` (to
measure, never trained on) are our own; the news items are not kept here. A row names its item by the first 16
hexadecimal digits of the SHA-256 of its text, and gives answers and evidence as slices of it.

`python training/government.py QUESTIONS.jsonl thaigov-news-3000.jsonl.gz OUT` writes `OUT/ITEM.txt` and
`OUT/ITEM.jsonl` for every item found: question sets as `thamkhao evaluate` reads them.
"""

import gzip
import hashlib
import json
import sys
from pathlib import Path
from typing import Any


def key(text: str) -> str:
    """Return the name of an item."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def pack(row: dict[str, Any], text: str) -> dict[str, Any]:
    """Return a row with its item's words replaced by slices.

    Raises:
        ValueError: a string is no part of the text.
    """

    def slices(words: list[str]) -> list[list[int]]:
        return [[text.index(w), text.index(w) + len(w)] for w in words]

    return {**row, "item": key(text), "answer": slices(row["answer"]), "evidence": slices(row["evidence"])}


def unpack(row: dict[str, Any], text: str) -> dict[str, Any]:
    """Return a row with its slices replaced by the item's words."""
    plain = {k: v for k, v in row.items() if k != "item"}
    words = {k: [text[s:e] for s, e in row[k]] for k in ("answer", "evidence")}
    return {"id": "", "history": [], "expect": [], "reject": [], **plain, **words}


def main(questions: Path, corpus: Path, out: Path) -> int:
    """Write the sets of every item found; return how many."""
    by_item: dict[str, list[dict[str, Any]]] = {}
    for line in questions.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        by_item.setdefault(row["item"], []).append(row)
    out.mkdir(parents=True, exist_ok=True)
    written = 0
    with gzip.open(corpus, "rt", encoding="utf-8") as items:
        for item in items:
            text = json.loads(item)["text"]
            name = key(text)
            if name not in by_item:
                continue
            rows = [unpack(row, text) for row in by_item.pop(name)]
            for number, row in enumerate(rows, 1):
                row["id"] = row["id"] or f"{name}-{number:02}"
            (out / f"{name}.txt").write_bytes(text.encode())
            lines = [json.dumps(row, ensure_ascii=False) for row in rows]
            (out / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
            written += 1
    return written


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(f"usage: {sys.argv[0]} QUESTIONS.jsonl CORPUS.jsonl.gz OUT")
    sys.stdout.write(f"{main(*map(Path, sys.argv[1:]))} items written\n")
