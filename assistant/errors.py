"""The error tree. "Not in the article" is an answer, never one of these.

ThamKhaoError
├── InputError       what the caller passed cannot be used (type, size, encoding)
│   └── FileError    a file that cannot be read as a Thai article
├── DataError        a data file (prompts, lexicon, side file of an article) is malformed
├── IndexStateError  a saved index is missing, damaged or stale
├── EncoderError     the sentence encoder cannot be loaded
└── Refusal          a parser's word to `ingest`, which makes a FileError of it
"""


class ThamKhaoError(Exception):
    """Base of every error this package raises on purpose; its text is one line with the remedy."""


class InputError(ThamKhaoError, ValueError):
    """A question, file or option that cannot be used."""


class FileError(InputError):
    """A file or folder that cannot be read; `key` and `values` make its sentence from `prompts/files.json`."""

    def __init__(self, message: str, key: str, values: dict[str, str]) -> None:
        """Keep the sentence in the terminal's language, and what it takes to say it in the other."""
        super().__init__(message)
        self.key = key
        self.values = values


class DataError(ThamKhaoError):
    """A data file that does not keep to its documented format."""


class IndexStateError(ThamKhaoError):
    """A saved index that is missing, damaged, or built from something else."""


class EncoderError(ThamKhaoError):
    """A sentence encoder that is missing or damaged."""


class Refusal(ThamKhaoError):
    """What a parser cannot use; its text is the key of a sentence in `prompts/files.json`."""
