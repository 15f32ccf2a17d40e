"""How readers ask: the patterns and word lists of `prompts/cues.json`, checked and compiled once."""

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from assistant.errors import DataError
from assistant.lexicon import stem
from assistant.records import Language
from assistant.settings import data_folder


@dataclass(frozen=True, slots=True)
class Cues:
    """Compiled cues; every table is keyed by language."""

    kinds: dict[Language, tuple[tuple[str, str, re.Pattern[str]], ...]]
    stop: dict[Language, frozenset[str]]
    ordinals_en: dict[str, int]
    numbers_en: dict[str, int]
    ordinals_th: dict[str, int]
    item_words: dict[Language, frozenset[str]]
    pronouns: dict[Language, dict[str, str]]
    continuations: dict[Language, re.Pattern[str]]
    negations: dict[Language, tuple[str, ...]]
    type_words: dict[str, frozenset[str]]
    people_words: dict[str, frozenset[str]]
    contrasts: tuple[frozenset[str], ...]
    swaps: dict[Language, re.Pattern[str]]
    earlier: dict[Language, re.Pattern[str]]
    asking: tuple[str, ...]
    respell: dict[str, str]
    purpose: tuple[str, ...]
    cause: tuple[str, ...]
    reporting: tuple[str, ...]
    light: frozenset[str]
    enumerators: tuple[str, ...]
    exclusive: dict[Language, tuple[str, ...]]
    done: dict[Language, tuple[str, ...]]
    planned: tuple[str, ...]
    another: dict[Language, re.Pattern[str]]
    home: frozenset[str]


@lru_cache(maxsize=1)
def load() -> Cues:
    """Load the shipped cues.

    Raises:
        DataError: a table is missing or a pattern is not a regular expression.
    """
    path = data_folder("prompts") / "cues.json"
    try:
        raw: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        kinds: dict[Language, Any] = {}
        stop: dict[Language, frozenset[str]] = {}
        items: dict[Language, frozenset[str]] = {}
        for language in ("th", "en"):
            kinds[language] = tuple((k, s, re.compile(p)) for k, s, p in raw["kinds"][language])
            stop[language] = frozenset(raw["stop"][language].split())
            items[language] = frozenset(raw["item_words"][language].split())
        stop["en"] = stop["en"] | {stem(w) for w in stop["en"]}
        return Cues(
            kinds,
            stop,
            raw["ordinals"]["en"],
            raw["ordinals"]["numbers"],
            raw["ordinals"]["th"],
            items,
            raw["pronouns"],
            {"th": re.compile(raw["continuations"]["th"]), "en": re.compile(raw["continuations"]["en"])},
            {k: tuple(v) for k, v in raw["negations"].items()},
            {k: frozenset(v.split()) for k, v in raw["type_words"].items()},
            {k: frozenset(v.split()) for k, v in raw["people_words"].items()},
            tuple(frozenset(words.split()) for words in raw["contrasts"]),
            {"th": re.compile(raw["swaps"]["th"]), "en": re.compile(raw["swaps"]["en"])},
            {"th": re.compile(raw["earlier"]["th"]), "en": re.compile(raw["earlier"]["en"])},
            tuple(raw["asking"].split()),
            raw["respell"],
            tuple(raw["purpose"]),
            tuple(raw["cause"]),
            tuple(raw["reporting"]),
            frozenset(f"c:{c}" for c in raw["light_concepts"]),
            tuple(raw["enumerators"]),
            {k: tuple(v) for k, v in raw["exclusive"].items()},
            {k: tuple(v) for k, v in raw["done"].items()},
            tuple(raw["planned"]),
            {"th": re.compile(raw["another"]["th"]), "en": re.compile(raw["another"]["en"])},
            frozenset(raw["home"]),
        )
    except (OSError, KeyError, ValueError, re.error) as error:
        raise DataError("data_file", name="prompts/cues.json", reason=f"must hold its tables; {error}") from error
