"""Measure mentions: `python -m tests.mentions` prints a Markdown table of precision, recall and F1 of exact spans.

The gold lies in `questions/mentions/NAME.tsv`, one mention a line in the order of the text, for `questions/NAME.txt`:
its kind, its verbatim words, and, only where the words alone are ambiguous, the words before it. Of a quotation the
third column is its speaker. The rules of the gold: a person with the title and without the role; a number with its
scale and unit, an ordinal's digits alone; a date with its weekday, part of the day or "วันที่"; a time with "เวลา";
an organisation without its abbreviation in brackets, which is a mention of its own; every name of a country. A place
found inside an organisation of the gold is neither right nor wrong. `-v` lists what was missed and what was too much.
"""

import re
import sys
from collections import Counter
from pathlib import Path

from assistant import article
from assistant.mentions import Reader

FOLDER = Path(__file__).parent / "questions"
KINDS = ("person", "organisation", "place", "date", "time", "number", "quotation")
TUNING, HELD_OUT = ("trade", "football", "interns", "tigress"), ("crash", "election")


def gold(name, folder=None):
    """Return (kind, start, end, speaker) of every mention of the gold."""
    folder = folder or FOLDER / "mentions"
    beside = folder / f"{name}.txt"
    text = (beside if beside.is_file() else FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    cursor, found = Counter(), []
    for number, line in enumerate((folder / f"{name}.tsv").read_text(encoding="utf-8").splitlines(), 1):
        kind, words, third = (*line.split("\t"), "")[:3]
        before = "" if kind == "quotation" else third.replace("\\n", "\n")
        edge = r"(?![0-9๐-๙])" if words[-1].isdigit() else ""
        lead = r"(?<![0-9๐-๙])" if words[0].isdigit() and not before else ""
        exact = r"\s+".join(re.escape(w) for w in words.split())
        match = re.compile(rf"{re.escape(before)}\s*{lead}({exact}){edge}").search(text, cursor[kind])
        assert match, f"{name}.tsv:{number}: {kind} {words!r} must follow the {kind} before it"
        cursor[kind] = match.end()
        found.append((kind, *match.span(1), third if kind == "quotation" else ""))
    return text, found


def compare(text, wanted):
    """Return the counts (right, found, wanted) by kind, and the differences."""
    counts, wrong = {kind: Counter() for kind in (*KINDS, "speaker")}, []
    spans = {(kind, start, end): speaker for kind, start, end, speaker in wanted}
    organisations = [(s, e) for kind, s, e, _ in wanted if kind == "organisation"]
    got = {}
    for mention in Reader(article.build(text)).read():
        nested = mention.kind == "place" and any(s <= mention.start and mention.end <= e for s, e in organisations)
        if mention.kind in KINDS and not nested:
            got[mention.kind, mention.start, mention.end] = mention
    for key, mention in got.items():
        counts[key[0]]["found"] += 1
        counts[key[0]]["right"] += key in spans
        if key not in spans:
            wrong.append((key[1], "+", key[0], mention.text))
        elif key[0] == "quotation":
            counts["speaker"]["found"] += bool(mention.detail)
            counts["speaker"]["right"] += mention.detail == spans[key]
            if mention.detail != spans[key]:
                wrong.append((key[1], "?", "speaker", mention.detail))
    for key in spans:
        counts[key[0]]["wanted"] += 1
        counts["speaker"]["wanted"] += key[0] == "quotation"
        if key not in got:
            wrong.append((key[1], "-", key[0], text[key[1] : key[2]]))
    return counts, sorted(wrong)


def measure(names, folder=None, verbose=False):
    """Return the counts of some articles by kind."""
    total = {kind: Counter() for kind in (*KINDS, "speaker")}
    for name in names:
        counts, wrong = compare(*gold(name, folder))
        for kind, count in counts.items():
            total[kind].update(count)
        if verbose:
            lines = (f"{sign} {kind:<13} {words}\n" for _, sign, kind, words in wrong)
            sys.stdout.write(f"\n{name}\n{''.join(lines)}")
    return total


def rates(count):
    """Return precision, recall and F1."""
    precision = count["right"] / count["found"] if count["found"] else 0.0
    recall = count["right"] / count["wanted"] if count["wanted"] else 0.0
    return precision, recall, 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def main(arguments):
    verbose = "-v" in arguments
    folders = [Path(a) for a in arguments if a != "-v"]
    halves = {"tuning": (TUNING, None), "held out": (HELD_OUT, None)}
    if folders:
        halves = {f.name: (sorted(p.stem for p in f.glob("*.tsv")), f) for f in folders}
    for half, (names, folder) in halves.items():
        rows = [
            f"| {kind} | " + " | ".join(f"{r:.3f}" for r in rates(count)) + f" | {count['wanted']} |\n"
            for kind, count in measure(names, folder, verbose and half != "held out").items()
        ]
        head = f"\n| {half} | precision | recall | F1 | of |\n| --- | --- | --- | --- | --- |\n"
        sys.stdout.write(head + "".join(rows))


if __name__ == "__main__":
    main(sys.argv[1:])
