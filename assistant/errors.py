"""The error tree. "Not in the article" is an answer, never one of these.

ThamKhaoError
├── InputError       what the caller passed cannot be used (type, size, encoding)
├── DataError        a data file (prompts, lexicon, side file of an article) is malformed
├── IndexStateError  a saved index is missing, damaged or stale
└── EncoderError     the sentence encoder cannot be loaded
"""


class ThamKhaoError(Exception):
    """Base of every error this package raises on purpose; its text is one line with the remedy."""


class InputError(ThamKhaoError, ValueError):
    """A question, file or option that cannot be used."""


class DataError(ThamKhaoError):
    """A data file that does not keep to its documented format."""


class IndexStateError(ThamKhaoError):
    """A saved index that is missing, damaged, or built from something else."""


class EncoderError(ThamKhaoError):
    """A sentence encoder that is missing or damaged."""
