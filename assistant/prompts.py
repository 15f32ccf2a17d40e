"""The sentences that readers see: `prompts/answers.json`, both languages with the same keys and placeholders."""

import json
import string
from functools import lru_cache

from assistant.errors import DataError
from assistant.records import Language
from assistant.settings import data_folder


class _Malformed(DataError):
    """What is wrong with the sentences themselves, which can be said in English only."""

    def sentence(self, language: Language) -> str:
        """Return it."""
        return self.code


@lru_cache(maxsize=1)
def answers() -> dict[Language, dict[str, str]]:
    """Return the answer templates by language and key.

    Raises:
        DataError: a key or a placeholder stands in one language only.
    """
    return load("answers.json")


@lru_cache(maxsize=16)
def load(name: str) -> dict[Language, dict[str, str]]:
    """Read a file of sentences and check that both languages say the same.

    Raises:
        DataError: the file is not as documented.
    """
    try:
        raw = json.loads((data_folder("prompts") / name).read_text(encoding="utf-8"))
        thai, english = dict(raw["th"]), dict(raw["en"])
    except (OSError, ValueError, KeyError) as error:
        raise _Malformed(f"prompts/{name} must hold the tables th and en; {error}") from error
    if thai.keys() != english.keys():
        raise _Malformed(
            f"prompts/{name} must have the same keys in both languages; "
            f"only one has {sorted(thai.keys() ^ english.keys())}"
        )
    for key in thai:
        if _placeholders(thai[key]) - {"quote"} != _placeholders(english[key]) - {"quote"}:
            raise _Malformed(f"prompts/{name}: {key} must have the same placeholders in both languages")
    return {"th": thai, "en": english}


def _placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def say(language: Language, key: str, **values: str) -> str:
    """Fill the template of a key in one language."""
    return answers()[language][key].format(**values)
