"""Which English word a Thai word gets, by the words around it: `data/senses.tsv` (word, gloss, where, cues).

`where` says where a cue must stand: `before` or `after` the word, `near` (within three words), or `count`: the word
counts things after a number. A cue is a Thai word, `@` with a part of speech or kind, or `*` for anything. The first
rule that holds wins; with none the lexicon's first sense stands. An empty gloss leaves the word out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.lexicon import rows

NEAR = 3
COUNT = "count"


@dataclass(frozen=True, slots=True)
class Rule:
    """A line of the table."""

    gloss: str
    where: str
    cues: frozenset[str]


@dataclass(slots=True)
class Word:
    """A word of a text on its way to English; `kind` is a part of speech or what the word names."""

    thai: str
    start: int
    end: int
    kind: str = ""
    english: str = ""


@lru_cache(maxsize=1)
def table() -> dict[str, tuple[Rule, ...]]:
    """Return the rules of every word that has some.

    Raises:
        DataError: a line of the table is malformed.
    """
    found: dict[str, tuple[Rule, ...]] = {}
    for word, gloss, where, cues in rows("senses.tsv", 4):
        found[word] = (*found.get(word, ()), Rule(gloss, where, frozenset(cues.split("|"))))
    return found


def counting(word: str) -> str | None:
    """Return what a classifier says after a number ("people"), None when the word is none."""
    return next((rule.gloss for rule in table().get(word, ()) if rule.where == COUNT), None)


def choose(words: Sequence[Word], index: int) -> str | None:
    """Return the gloss that the neighbours of a word call for, None when no rule holds."""
    around = {
        "before": words[max(0, index - 1) : index],
        "after": words[index + 1 : index + 2],
        "near": [*words[max(0, index - NEAR) : index], *words[index + 1 : index + 1 + NEAR]],
    }
    for rule in table().get(words[index].thai, ()):
        if "*" in rule.cues or any({w.thai, f"@{w.kind}"} & rule.cues for w in around.get(rule.where, ())):
            return rule.gloss
    return None
