"""What the hand-written lexicon lacks: place names, loanwords, Thai WordNet. Read on the first miss, for glosses only.

Matching never looks here: a sense of WordNet is right often enough to help a reader, and wrong often enough to
mislead a search. `data/wordnet.tsv` joins NICT's Thai WordNet, as PyThaiNLP carries it, to the lemmas of WordNet 3.0;
`data/WORDNET-LICENCES.txt` holds both notices.
"""

from functools import lru_cache

from assistant.gazetteer import places
from assistant.lexicon import rows


@lru_cache(maxsize=1)
def wordnet() -> dict[str, tuple[str, ...]]:
    """Return Thai words with English lemmas, the lemma that WordNet's tagged texts use most first."""
    return {thai: tuple(english.split(";")) for thai, english in rows("wordnet.tsv", 2)}


@lru_cache(maxsize=1)
def loanwords() -> dict[str, tuple[str, ...]]:
    """Return PyThaiNLP's table of English words in Thai letters."""
    from pythainlp.corpus.th_en_translit import TRANSLITERATE_DICT, TRANSLITERATE_EN

    return {thai: tuple(str(e) for e in row[TRANSLITERATE_EN] if e) for thai, row in TRANSLITERATE_DICT.items()}


@lru_cache(maxsize=4096)
def look_up(word: str) -> tuple[str, ...]:
    """Return English for a Thai word that the lexicon does not have, () when nothing has it."""
    english = places().get(word, ("", ""))[0]
    return (english,) if english else loanwords().get(word) or wordnet().get(word) or ()
