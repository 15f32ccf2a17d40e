"""A visitor's own article: read from what was pasted or uploaded, kept in memory for as long as it is used."""

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.interface import clean, say
from assistant.records import Language
from assistant.visitors import Visitors

if TYPE_CHECKING:
    from assistant.api import Assistant

MOST = 16  # own articles kept at a time


class OwnArticles:
    """The shipped assistant, and those of visitors' own articles, each under a name that nobody can guess."""

    def __init__(self, shipped: "Assistant") -> None:
        """Serve visitors without an article of their own from `shipped`."""
        self.shipped = shipped
        self._visitors = Visitors(MOST)

    def of(self, name: str) -> "Assistant":
        """Return the assistant of a name; the shipped one for "" and for one that is kept no longer."""
        return (self._visitors.get(name) if name else None) or self.shipped

    def gone(self, name: str) -> bool:
        """True when an article was brought and is kept no longer."""
        return bool(name) and self._visitors.get(name) is None

    def drop(self, name: str) -> None:
        """Forget an article."""
        self._visitors.drop(name)

    def paste(self, text: str, language: Language) -> str:
        """Read a pasted article; return its name.

        Raises:
            InputError: it cannot be read.
        """
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"{say(language, 'own_name')}.txt"
            path.write_bytes(clean(text).encode("utf-8"))
            return self._read(path)

    def upload(self, path: Path) -> str:
        """Read an uploaded file and delete it; return its name.

        Raises:
            InputError: it cannot be read.
        """
        try:
            return self._read(path)
        finally:
            shutil.rmtree(path.parent, ignore_errors=True)

    def _read(self, path: Path) -> str:
        from assistant.api import Assistant

        return self._visitors.add(Assistant.from_file(path, encoder=self.shipped.encoder))
