"""Write `assistant/data/wordnet.tsv`: Thai WordNet's words that the lexicon lacks, with English lemmas.

`python training/fallback_table.py WORDNET`, where WORDNET is the folder of English WordNet 3.0 (see README.md). Only
words of PyThaiNLP's own word list are kept, as its tokeniser never yields another; two lemmas a word.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pythainlp
from glosses import rank_lemmas, thai_wordnet, wordnet_synsets

from assistant.lexicon import DATA, load
from assistant.thai import dictionary, fold

LEMMAS = 2


def main(wordnet: Path) -> None:
    """Write the table."""
    corpus = Path(pythainlp.__file__).parent / "corpus"
    synsets, known, words = wordnet_synsets(wordnet), load().thai, dictionary()
    table: dict[str, str] = {}
    for word, links in thai_wordnet(corpus / "wordnet_th.db", None).items():
        thai = fold(word)
        lemmas = [lemma for lemma, _ in rank_lemmas(synsets, links)][:LEMMAS]
        if thai in words and thai not in known and " " not in thai and lemmas:
            table[thai] = ";".join(lemmas)
    lines = [f"{thai}\t{english}\n" for thai, english in sorted(table.items())]
    (DATA / "wordnet.tsv").write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
