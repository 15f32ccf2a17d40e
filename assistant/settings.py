"""Every setting in one place: name, default, unit and why. README's table is checked against it."""

import os
from dataclasses import dataclass
from pathlib import Path

MAX_QUESTION_CHARS = 2000
MAX_ARTICLE_CHARS = 300_000
MAX_HISTORY = 8


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable the assistant reads."""

    name: str
    default: str
    unit: str
    why: str

    def value(self) -> str:
        """Return what the environment says, or the default."""
        return os.environ.get(self.name, self.default)


ENCODER = Setting("THAMKHAO_ENCODER", "", "directory or name", "another encoder than the shipped one")
INDEX = Setting("THAMKHAO_INDEX", "", "directory", "where the built index is kept")
HOST = Setting("THAMKHAO_HOST", "127.0.0.1", "address", "loopback only, unless you say otherwise")
PORT = Setting("THAMKHAO_PORT", "7860", "port", "Gradio's usual port")
SETTINGS = (ENCODER, INDEX, HOST, PORT)


def data_folder(name: str) -> Path:
    """Return the folder `index` or `prompts`: of the clone, or as packed into the wheel."""
    package = Path(__file__).resolve().parent
    packed = package / "_data" / name
    return packed if packed.is_dir() else package.parent / name
