"""How much of real news the word lists know: the share of the Thai words of held-out items that have English.

`python -m tests.coverage thaigov-news-3000.jsonl.gz` reads every tenth item (no entry of the lexicon was written from
those). What is counted: Thai words of `assistant.thai.tokens` that PyThaiNLP does not list as stop words. Left out:
pieces of one letter, and the names of people: every word inside a name that a title announces ("นาย…"), and where the
same name stands again in the item. Names without a title, nicknames and their pieces stay in, and count as unknown.
"""

import gzip
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from pythainlp.corpus import thai_stopwords

from assistant import fallback, mentions
from assistant.analysis import split_word
from assistant.article import build
from assistant.lexicon import LONGEST_PHRASE, load
from assistant.thai import Token, fold, normalize, tokens

HELD_OUT = 10  # every tenth item


def held_out(path: Path) -> Iterator[str]:
    """Yield the texts of the held-out items."""
    with gzip.open(path, "rt", encoding="utf-8") as handle:
        for line in islice(handle, 0, None, HELD_OUT):
            yield normalize(json.loads(line)["text"]).text


def people(text: str) -> set[int]:
    """Return the offsets that names of people cover."""
    found: set[int] = set()
    for mention in mentions.Reader(build(text)).read():
        if mention.kind != "person":
            continue
        for name in {mention.value, *mention.value.split()}:
            if len(name) >= 4:
                found.update(i for m in re.finditer(re.escape(name), text) for i in range(*m.span()))
    return found


def known(words: list[Token]) -> list[bool]:
    """Tell of every word whether the hand-written lexicon has it: alone, in a set phrase, or as two words."""
    lexicon = load()
    marks = [False] * len(words)
    for index, word in enumerate(words):
        for size in range(1, LONGEST_PHRASE + 3):
            group = words[index : index + size]
            if len(group) == size and "".join(fold(w.text) for w in group).rstrip("ๆ") in lexicon.thai:
                marks[index : index + size] = [True] * size
        marks[index] = marks[index] or bool(split_word(fold(word.text), lexicon))
    return marks


def main(path: Path) -> None:
    """Print both shares, and the commonest words that nothing knows."""
    mentions.romanize = lambda _: ""  # not needed here, and the slow part
    stop, missing = thai_stopwords(), Counter()
    counted = hand = helped = 0
    for text in held_out(path):
        names, words = people(text), tokens(text)
        for word, has in zip(words, known(words), strict=True):
            if not word.is_thai or len(word.text) < 2 or word.text in stop or word.start in names:
                continue
            counted += 1
            hand += has
            helped += has or bool(fallback.look_up(fold(word.text)))
            if not has and not fallback.look_up(fold(word.text)):
                missing[word.text] += 1
    lines = (
        f"words counted: {counted}",
        f"hand lexicon alone: {hand / counted:.1%}; with places, loanwords and Thai WordNet: {helped / counted:.1%}",
        "not known: " + " ".join(f"{w}×{n}" for w, n in missing.most_common(60)),
    )
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
