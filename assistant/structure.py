"""Lists and abbreviations that an article lays out or defines itself."""

import re
from dataclasses import dataclass

from assistant.records import Article

_ITEM_NUMBER = re.compile(r"^(?P<n>\d{1,2})[.)]\s*")


_ABBREVIATION = re.compile(r"\((?P<short>[A-Za-zก-ฮ][A-Za-zก-ฮ.\d]{1,11})\)")


@dataclass(frozen=True, slots=True)
class ListBlock:
    """A numbered or dashed list: its items in order and the clauses that introduce it."""

    header: tuple[int, int]
    items: tuple[tuple[int, int], ...]
    numbered: bool


def find_lists(article: Article) -> tuple[ListBlock, ...]:
    """Return the numbered and dashed lists of an article, in lines of their own or inline."""
    lists: list[ListBlock] = []
    runs: list[list[tuple[int, int, int]]] = []
    for start, end in _item_spans(article):
        match = _ITEM_NUMBER.match(article.text[start:end])
        number = int(match["n"]) if match else 0
        if runs and number and number == runs[-1][-1][2] + 1:
            runs[-1].append((start, end, number))
        elif runs and not number and runs[-1][-1][2] == 0:
            runs[-1].append((start, end, 0))
        else:
            runs.append([(start, end, number)])
    for run in runs:
        if len(run) < 2 or run[0][2] > 1:
            continue
        before = [c for c in article.clauses if c.end <= run[0][0]]
        header = (before[-1].start, before[-1].end) if before else (run[0][0], run[0][0])
        same = [c for c in before if before and c.block == before[-1].block][-4:]
        header = (same[0].start, header[1]) if same else header
        lists.append(ListBlock(header, tuple((s, e) for s, e, _ in run), run[0][2] == 1))
    return tuple(lists)


def _item_spans(article: Article) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for block in article.blocks:
        inner = [c for c in article.clauses if c.block == block.index]
        if block.kind == "item":
            spans.append((block.start, block.end))
            continue
        starts = [c.start for c in inner if _ITEM_NUMBER.match(article.text[c.start : c.end])]
        for index, start in enumerate(starts):
            end = starts[index + 1] if index + 1 < len(starts) else block.end
            while article.text[end - 1].isspace():
                end -= 1
            spans.append((start, end))
    return spans


def item_body(article: Article, span: tuple[int, int]) -> tuple[int, int]:
    """Return the slice of a list item without its number or dash."""
    match = re.match(r"(?:\d{1,2}[.)]|[-•*▪–])\s*", article.text[span[0] : span[1]])
    return span[0] + (match.end() if match else 0), span[1]


def abbreviations(article: Article) -> dict[str, tuple[int, int]]:
    """Return abbreviations that the text defines in brackets, each with the slice of its long form."""
    found: dict[str, tuple[int, int]] = {}
    for match in _ABBREVIATION.finditer(article.text):
        head = article.text[: match.start()].rstrip()
        start = max(head.rfind(" "), head.rfind("\n"), head.rfind("\u00a0")) + 1
        if len(head) - start >= 3 and match["short"] not in found:
            found[match["short"]] = (start, len(head))
    return found
