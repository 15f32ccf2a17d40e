"""Measure an archive: `python -m tests.archive thaigov-news-3000.jsonl.gz [--limit N]` prints Markdown.

Builds an archive of news items (JSON Lines with "title" and "text", gzipped), then looks every item up by its
headline: once in the texts as they are, once with the headline's own lines taken out of them. Times questions on
articles that were asked before (warm) and on new ones (cold), and reports memory and disk.
"""

import argparse
import gzip
import json
import os
import platform
import random
import re
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from assistant.api import Assistant
from assistant.archive import build_archive

PREFIX = re.compile(r"^.*?ข่าวทำเนียบรัฐบาล-")
ASK = ("{}", "ใครเกี่ยวข้องกับเรื่อง {}", "{} เมื่อไหร่")
QUESTIONS = 60


def heading_of(row: dict[str, str]) -> str:
    """Return an item's headline without the site's name."""
    return " ".join(PREFIX.sub("", row["title"]).replace("\u200b", "").split())


def without(text: str, heading: str) -> str:
    """Return a text without the lines that repeat its headline."""
    bare = re.sub(r"\W", "", heading)
    lines = text.split("\n")
    return "\n".join(line for line in lines if not bare or re.sub(r"\W", "", line) != bare)


def timed(action: Callable[[], object]) -> tuple[float, object]:
    """Return the seconds an action takes, and what it returns."""
    begun = time.perf_counter()
    result = action()
    return time.perf_counter() - begun, result


def resident() -> float:
    """Return the megabytes of memory this process holds that are its own, and those mapped from files."""
    try:
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()
        return int(pages[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def milliseconds(times: list[float]) -> str:
    """Return the median and the 95th of a hundred, in milliseconds."""
    ordered = sorted(times)
    return f"{1000 * statistics.median(ordered):.0f} / {1000 * ordered[int(0.95 * (len(ordered) - 1))]:.0f}"


def known_items(bot: Assistant, headings: dict[str, str]) -> tuple[float, float, list[float]]:
    """Return how often an item comes first, and among the first five passages, for its headline; and the seconds."""
    first = five = 0
    times = []
    same: dict[str, set[str]] = {}
    for name, heading in headings.items():
        same.setdefault(heading, set()).add(name)
    for heading in headings.values():
        seconds, found = timed(lambda heading=heading: [p.article for p in bot.search(heading, k=5)])
        times.append(seconds)
        assert isinstance(found, list)
        first += found[0] in same[heading]
        five += bool(same[heading] & set(found))
    return first / len(headings), five / len(headings), times


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--limit", type=int, default=None)
    parser.add_argument("--workers", type=int, default=2)
    args = parser.parse_args()
    with gzip.open(args.data, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines][: args.limit]
    headings = {f"{number:05d}": heading_of(row) for number, row in enumerate(rows)}
    out = [
        f"{len(rows):,} items of {statistics.mean(len(r['text']) for r in rows):,.0f} characters on average; "
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {platform.python_version()}",
        "",
        "| known items: headline → its article | R@1 | among the first five passages | search, ms, p50 / p95 |",
        "| --- | --- | --- | --- |",
    ]
    figures: list[tuple[str, str]] = []
    with tempfile.TemporaryDirectory() as name:
        for label, cut in (("headline in the text", False), ("headline's lines taken out", True)):
            news, folder = Path(name, f"news{cut}"), Path(name, f"archive{cut}")
            news.mkdir()
            for (identity, heading), row in zip(headings.items(), rows, strict=True):
                text = without(row["text"], heading) if cut else row["text"]
                (news / f"{identity}.txt").write_text(text, encoding="utf-8")
            cpu = time.process_time() + sum(os.times()[2:4])
            seconds, _ = timed(partial(build_archive, folder, [news], workers=args.workers, progress=sys.stderr))
            cpu = time.process_time() + sum(os.times()[2:4]) - cpu
            again, _ = timed(partial(build_archive, folder, [news], workers=args.workers))
            before = resident()
            opening, bot = timed(partial(Assistant.from_index, folder))
            assert isinstance(bot, Assistant)
            known = {key: heading for key, heading in headings.items() if bot._indexes.find(key) is not None}
            right, five, times = known_items(bot, known)
            out.append(f"| {label} | {right:.3f} | {five:.3f} | {milliseconds(times)} |")
            if cut:
                disk = sum(p.stat().st_size for p in folder.rglob("*") if p.is_file()) / 1e6
                figures = asked(bot, known)
                figures = [
                    ("build", f"{seconds:.0f} s, {cpu / len(rows) * 1000:.0f} ms of processor an item"),
                    ("second run, nothing changed", f"{again:.2f} s"),
                    ("open", f"{opening:.2f} s"),
                    ("on disk", f"{disk:.0f} MB"),
                    *figures,
                    ("memory before opening, and after the questions", f"{before:.0f} MB, {resident():.0f} MB"),
                ]
    out += ["", "| figure | value |", "| --- | --- |", *(f"| {key} | {value} |" for key, value in figures)]
    sys.stdout.write("\n".join(out) + "\n")


def asked(bot: Assistant, headings: dict[str, str]) -> list[tuple[str, str]]:
    """Ask about some items twice: the first time their articles are opened, the second time they are ready."""
    chosen = random.Random(7).sample(sorted(headings), min(QUESTIONS, len(headings)))
    questions = [(name, ASK[i % len(ASK)].format(headings[name][:80])) for i, name in enumerate(chosen)]
    cold, warm, right, said = [], [], 0, 0
    for name, question in questions:
        seconds, _ = timed(partial(bot.ask, question))
        cold.append(seconds)
        seconds, answer = timed(partial(bot.ask, question))
        warm.append(seconds)
        if answer.citations:  # type: ignore[attr-defined]
            said += 1
            right += any(c.article == name for c in answer.citations)  # type: ignore[attr-defined]
    return [
        ("question on articles not open yet, ms, p50 / p95", milliseconds(cold)),
        ("question on open articles, ms, p50 / p95", milliseconds(warm)),
        ("answers that cite the article the question is about", f"{right} of {said}"),
    ]


if __name__ == "__main__":
    main()
