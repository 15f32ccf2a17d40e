"""The error tree. "Not in the article" is an answer, never one of these.

ThamKhaoError
├── InputError       what the caller passed cannot be used (type, size, encoding)
│   └── FileError    a file that cannot be read as a Thai article
├── DataError        a data file (prompts, lexicon, side file of an article) is malformed
├── IndexStateError  a saved index is missing, damaged or stale
├── EncoderError     the sentence encoder cannot be loaded
└── Refusal          a parser's word to `ingest`, which makes a FileError of it
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.records import Language


class ThamKhaoError(Exception):
    """Base of every error this package raises on purpose.

    `code` names its sentence in `prompts/errors.json`: what is wrong and the remedy, in Thai and in English.
    """

    table = "errors.json"

    def __init__(self, code: str, **values: object) -> None:
        """Keep what it takes to say it in either language; a value may be an error too."""
        super().__init__(code)
        self.code = code
        self.values = values

    def sentence(self, language: "Language") -> str:
        """Return what is wrong and what to do about it, as one line."""
        from assistant import prompts

        return prompts.load(self.table)[language][self.code].format(**spoken(self.values, language))

    def __str__(self) -> str:
        """Return the sentence in the language of the terminal."""
        from assistant.interface import locale_language

        return self.sentence(locale_language())


def spoken(values: dict[str, object], language: "Language") -> dict[str, object]:
    """Return what fills a sentence in a language: errors among the values as their own sentences."""
    return {k: v.sentence(language) if isinstance(v, ThamKhaoError) else v for k, v in values.items()}


class InputError(ThamKhaoError, ValueError):
    """A question, file or option that cannot be used."""


class FileError(InputError):
    """A file or folder that cannot be read; its sentences are those of `prompts/files.json`."""

    table = "files.json"


class DataError(ThamKhaoError):
    """A data file that does not keep to its documented format."""


class IndexStateError(ThamKhaoError):
    """A saved index that is missing, damaged, or built from something else."""


class EncoderError(ThamKhaoError):
    """A sentence encoder that is missing or damaged."""


class Refusal(ThamKhaoError):
    """What a parser cannot use; its code is the key of a sentence in `prompts/files.json`."""

    table = "files.json"
