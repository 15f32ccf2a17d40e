"""English glosses for Thai words, gathered from dictionaries with open licences.

The table maps a Thai word to English glosses with weights that sum to one. A hand-written
lexicon comes first, then tables of names, then Thai WordNet with the English lemmas ranked by
how often WordNet's tagged corpus uses them.
"""

from __future__ import annotations

import csv
import logging
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from thai_text import clean_thai

LOG = logging.getLogger(__name__)

GlossTable = dict[str, list[tuple[str, float]]]
_POS_FILES = {"n": "noun", "v": "verb", "a": "adj", "r": "adv"}
_SENSE_TYPES = {"1": "n", "2": "v", "3": "a", "4": "r", "5": "a"}
_WORDNET_PRIOR = 0.2
_DECAY = (1.0, 0.35, 0.2, 0.1)


def rows(path: Path) -> Iterator[list[str]]:
    """Yield the rows of a tab-separated file, quotes being ordinary characters."""
    with path.open(encoding="utf-8", newline="") as handle:
        yield from csv.reader(handle, delimiter="\t", quoting=csv.QUOTE_NONE)


def _tag_counts(folder: Path) -> dict[tuple[str, str, int, int], int]:
    """Return how often each WordNet sense is tagged: (pos, lemma, lex file, lex id) to count."""
    counts: dict[tuple[str, str, int, int], int] = defaultdict(int)
    with (folder / "cntlist.rev").open(encoding="utf-8") as handle:
        for line in handle:
            key, _, count = line.split()
            lemma, rest = key.split("%")
            kind, file_number, lex_id = rest.split(":")[:3]
            counts[_SENSE_TYPES[kind], lemma, int(file_number), int(lex_id)] += int(count)
    return counts


def wordnet_synsets(folder: Path) -> dict[str, tuple[list[tuple[str, float]], str]]:
    """Read WordNet 3.0: synset id to its lemmas with tag counts, and its definition line."""
    counts = _tag_counts(folder)
    synsets: dict[str, tuple[list[tuple[str, float]], str]] = {}
    for pos, name in _POS_FILES.items():
        with (folder / f"data.{name}").open(encoding="utf-8") as handle:
            for line in handle:
                if line.startswith("  "):
                    continue
                fields, _, gloss = line.partition(" | ")
                parts = fields.split()
                lemmas: list[tuple[str, float]] = []
                for index in range(int(parts[3], 16)):
                    raw = re.sub(r"\((a|p|ip)\)$", "", parts[4 + 2 * index])
                    lex_id = int(parts[5 + 2 * index], 16)
                    count = counts.get((pos, raw.lower(), int(parts[1]), lex_id), 0)
                    lemmas.append((raw.replace("_", " "), float(count)))
                synsets[f"{parts[0]}-{pos}"] = (lemmas, gloss.strip())
    return synsets


def thai_wordnet(database: Path, wiktionary: Path | None) -> dict[str, list[str]]:
    """Return Thai words with their WordNet synsets."""
    words: dict[str, list[str]] = defaultdict(list)
    with sqlite3.connect(f"file:{database}?mode=ro&immutable=1", uri=True) as connection:
        for synset, word in connection.execute("select synsetid, li from word_synset"):
            words[clean_thai(word.replace("_", " "))].append(synset)
    if wiktionary is not None:
        for row in rows(wiktionary):
            if len(row) == 3 and row[1] == "tha:lemma":
                words[clean_thai(row[2])].append(row[0])
    return words


def _weights(glosses: Iterable[str]) -> list[tuple[str, float]]:
    """Weight glosses by their order, the first one most."""
    seen = list(dict.fromkeys(gloss for gloss in glosses if gloss))[: len(_DECAY)]
    total = sum(_DECAY[: len(seen)])
    return [(gloss, weight / total) for gloss, weight in zip(seen, _DECAY, strict=False)]


def rank_lemmas(synsets: dict[str, tuple[list[tuple[str, float]], str]], links: list[str]) -> list[tuple[str, float]]:
    """Rank the English lemmas of a Thai word's synsets by tag count."""
    scores: dict[str, float] = defaultdict(float)
    for link in links:
        for place, (lemma, count) in enumerate(synsets.get(link, ([], ""))[0]):
            scores[lemma] += count + _WORDNET_PRIOR / (1 + place)
    return _weights(sorted(scores, key=lambda lemma: -scores[lemma])[:3])


def plain_gloss(gloss: str) -> str:
    """Strip remarks in brackets from a gloss."""
    return re.sub(r"\s*\([^)]*\)", "", gloss).strip()


def build_glosses(lexicons: Iterable[Path], data: Path, corpus: Path, wordnet: Path) -> tuple[GlossTable, GlossTable]:
    """Build the gloss tables: hand-made or name sources, and Thai WordNet.

    Args:
        lexicons: Files with thai, part of speech and 'gloss; gloss'.
        data: The folder with cldr, gazetteer, osm-tags, omw-wikt and abbreviations.
        corpus: PyThaiNLP's corpus folder.
        wordnet: The folder with the English WordNet 3.0 database.

    Returns:
        The first table, which wins, and the WordNet table.
    """
    first: GlossTable = {}

    def add(thai: str, glosses: Iterable[str]) -> None:
        word = clean_thai(thai)
        weighted = _weights(plain_gloss(gloss) for gloss in glosses)
        if word and weighted:
            first.setdefault(word, weighted)

    for lexicon in lexicons:
        for row in rows(lexicon):
            if len(row) >= 3:
                add(row[0], row[2].split(";"))
    for row in list(rows(data / "cldr.th-en.tsv"))[1:]:
        add(row[2], [row[3]])
    for line in (corpus / "thailand_provinces_th.csv").read_text(encoding="utf-8").splitlines():
        thai, _short, english, _code = line.split(",")
        add(thai, [english])
    for row in list(rows(data / "gazetteer.th-en.tsv"))[1:]:
        if row[0] != "subdistrict":
            add(row[1], [row[2]])
    for row in list(rows(corpus / "th_en_transliteration_v1.4.tsv"))[1:]:
        add(row[0], [row[1]])
    synsets = wordnet_synsets(wordnet)
    second: GlossTable = {}
    for word, links in thai_wordnet(corpus / "wordnet_th.db", data / "omw-wikt.tha.tab").items():
        glosses = rank_lemmas(synsets, links)
        if glosses:
            second[word] = glosses
    for row in list(rows(data / "osm-tags.en-th.tsv"))[1:]:
        word = clean_thai(row[2])
        if word and word not in second:
            second[word] = [(row[1], 1.0)]
    LOG.info("glosses: %d hand-made or names, %d from WordNet", len(first), len(second))
    return first, second
