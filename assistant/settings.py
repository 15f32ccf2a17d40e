"""Every setting in one place: name, default, unit and why. README's table is checked against it."""

import os
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import InputError

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

    def number(self, least: int, most: int) -> int:
        """Return the value as a whole number.

        Raises:
            InputError: it is none, or out of bounds.
        """
        value = self.value().strip()
        if not (value.isascii() and value.isdecimal() and least <= int(value) <= most):
            raise InputError("setting", name=self.name, least=least, most=f"{most:,}", given=repr(value[:40]))
        return int(value)


ENCODER = Setting("THAMKHAO_ENCODER", "", "directory or name", "another encoder than the shipped one")
INDEX = Setting("THAMKHAO_INDEX", "", "directory", "where the built index is kept")
HOST = Setting("THAMKHAO_HOST", "127.0.0.1", "address", "loopback only, unless you say otherwise")
PORT = Setting("THAMKHAO_PORT", "7860", "port", "Gradio's usual port")
FILE_MB = Setting("THAMKHAO_FILE_MB", "5", "MB", "largest article file that is read")
FOLDER_FILES = Setting("THAMKHAO_FOLDER_FILES", "10000", "files", "most articles read from one folder")
PARSE_MB = Setting("THAMKHAO_PARSE_MB", "512", "MB", "memory of the process that parses HTML, PDF, DOCX or Markdown")
PARSE_SECONDS = Setting(
    "THAMKHAO_PARSE_SECONDS", "10", "seconds", "its processor time, and 1.5 times that by the clock"
)
ARCHIVE = Setting("THAMKHAO_ARCHIVE", "thamkhao-archive", "directory", "where `thamkhao index` keeps an archive")
ARCHIVE_OPEN = Setting("THAMKHAO_ARCHIVE_OPEN", "64", "articles", "most articles of an archive kept ready to be asked")
FEEDBACK = Setting(
    "THAMKHAO_FEEDBACK", "feedback.jsonl", "file", "where 👍 and 👎 become question-set rows; empty: nowhere"
)
FEEDBACK_MB = Setting("THAMKHAO_FEEDBACK_MB", "10", "MB", "largest that file may get")
PASSWORD = Setting(
    "THAMKHAO_PASSWORD", "", "words", "what the page asks for; an open address gets one made up, `off` asks for none"
)
HOSTS = Setting("THAMKHAO_HOSTS", "", "names, by comma", "further host names the server answers to, a proxy's for one")
RATE = Setting("THAMKHAO_RATE", "60", "a minute", "questions from one other machine; 0: no limit")
UPLOAD_RATE = Setting("THAMKHAO_UPLOAD_RATE", "6", "a minute", "uploads from one other machine; 0: no limit")
TEMP_MB = Setting("THAMKHAO_TEMP_MB", "100", "MB", "most that uploads may take on the disk while they are read")
BODY_KB = Setting("THAMKHAO_BODY_KB", "1024", "KB", "largest body; the page sends its whole conversation along")
WORKERS = Setting("THAMKHAO_WORKERS", "2", "threads", "questions over HTTP that are answered at the same time")
WAITING = Setting("THAMKHAO_WAITING", "64", "questions", "most that wait; the next is told to come again (503)")
LOG = Setting("THAMKHAO_LOG", "", "file", "where every question leaves a line of JSON; empty: nowhere")
LOG_MB = Setting("THAMKHAO_LOG_MB", "10", "MB", "size at which the log is set aside as `.1`")
LOG_QUESTIONS = Setting("THAMKHAO_LOG_QUESTIONS", "off", "on or off", "whether the log has the questions' words")
SETTINGS = (
    ENCODER,
    INDEX,
    HOST,
    PORT,
    FILE_MB,
    FOLDER_FILES,
    PARSE_MB,
    PARSE_SECONDS,
    ARCHIVE,
    ARCHIVE_OPEN,
    FEEDBACK,
    FEEDBACK_MB,
    PASSWORD,
    HOSTS,
    RATE,
    UPLOAD_RATE,
    TEMP_MB,
    BODY_KB,
    WORKERS,
    WAITING,
    LOG,
    LOG_MB,
    LOG_QUESTIONS,
)


def data_folder(name: str) -> Path:
    """Return the folder `index` or `prompts`: of the clone, or as packed into the wheel."""
    package = Path(__file__).resolve().parent
    packed = package / "_data" / name
    return packed if packed.is_dir() else package.parent / name
