"""Find again the Thai sentences that `written/translations.tsv` translates, in the corpora they come from.

The translations are our own; the Thai sentences are not kept here. Each line of the file holds the first
16 hexadecimal digits of the SHA-256 of a Thai sentence and its English. `join` reads items of the Thai
government news corpus (public domain) and of the iapp Wikipedia question set (MIT), cuts them as they
were cut for translation, and pairs what it finds; as a command it writes the pairs as a table for `train.py`.
(`written/questions.tsv` is kept as a record: how its passages were cut was not kept, and nothing here joins them.)
"""

import argparse
import csv
import gzip
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

WRITTEN = Path(__file__).parent / "written"
_BREAK = re.compile(r"\s+(?=(?:โดย|ทั้งนี้|นอกจากนี้|ขณะที่|ซึ่ง|ด้าน|ส่วน|สำหรับ|พร้อมทั้ง|อย่างไรก็ตาม|ดังนั้น|เพื่อ|รวมถึง|และ|เนื่องจาก))")
SHORTEST = 60
CORPORA = ("thaigov-news-3000.jsonl.gz", "iapp-train.jsonl.gz")


def key(thai: str) -> str:
    """Return the key of a Thai sentence in the written files."""
    return hashlib.sha256(thai.encode()).hexdigest()[:16]


def cut(text: str) -> Iterator[str]:
    """Cut a text into the sentences and fragments that were translated."""
    for line in text.split("\n"):
        held = ""
        for part in _BREAK.split(line.strip()):
            held = f"{held} {part}".strip()
            if len(held) >= SHORTEST:
                yield held
                held = ""
        if held:
            yield held


def join(corpora: Iterable[Path]) -> list[tuple[str, str]]:
    """Return (Thai, English) pairs for every translated sentence found in gzipped JSON Lines with a `text` field."""
    lines = (WRITTEN / "translations.tsv").read_text(encoding="utf-8").splitlines()
    english = dict(line.split("\t", 1) for line in lines)
    found: dict[str, str] = {}
    for path in corpora:
        with gzip.open(path, "rt", encoding="utf-8") as rows:
            for row in rows:
                found.update({s: english[key(s)] for s in cut(json.loads(row)["text"]) if key(s) in english})
    return list(found.items())


def main() -> None:
    """Write the pairs that are found in the corpora."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the training data")
    parser.add_argument("--out", type=Path, required=True, help="table to write: Thai, English")
    args = parser.parse_args()
    pairs = join(args.data / name for name in CORPORA)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    with args.out.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle, delimiter="\t", quoting=csv.QUOTE_NONE, quotechar=None, lineterminator="\n").writerows(
            (" ".join(thai.split()), english) for thai, english in pairs
        )


if __name__ == "__main__":
    main()
