"""Write the romanised half of `assistant/data/romanized.tsv`: common words read by thai2rom and by their letters.

Rows above the line that starts with "#" are written by hand and are kept; the rest is made anew.
`python training/romanized.py`, from the repository root.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, ".")

from assistant.lexicon import load
from assistant.names import romanize
from assistant.romanized import key_of
from assistant.spoken import spell
from assistant.thai import dictionary

TABLE = Path("assistant/data/romanized.tsv")
MARK = "# made by training/romanized.py"
SHORTEST, LONGEST = 3, 12


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def words() -> Iterator[str]:
    """Return the words to read: the common ones, then what the thesaurus calls things first."""
    common = [row.split("	")[0] for row in _lines(Path("training/common_words.tsv"))]
    rows = [row.split("	")[1].split("|")[:3] for row in _lines(Path("assistant/data/concepts.tsv"))]
    lexicon = load()
    for word in dict.fromkeys((*common, *(w for row in rows for w in row))):
        told = word in dictionary() or word in lexicon.thai
        if told and 2 <= len(word) <= LONGEST and not word.isascii() and not any(c in word for c in ". ฯๆ-"):
            yield word


def main() -> None:
    """Write the table."""
    hand = TABLE.read_text(encoding="utf-8").split(MARK)[0].rstrip("\n")
    taken = {key_of(line.split("\t")[0]) for line in hand.splitlines()}
    made = []
    for word in words():
        for latin in dict.fromkeys((romanize(word).lower(), spell(word))):
            key = key_of(latin)
            if len(key) >= SHORTEST and key not in taken and latin.isascii() and latin.isalpha():
                taken.add(key)
                made.append(f"{latin}\t{word}")
    TABLE.write_text("\n".join((hand, f"{MARK}\t#", *sorted(made))) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
