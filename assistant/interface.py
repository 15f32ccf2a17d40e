"""What the command line and the page share: their words, clean input, and text made safe to show."""

import html
import os
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from assistant import prompts
from assistant.errors import ThamKhaoError
from assistant.records import Answer, Language

QUIET = {
    "GRADIO_ANALYTICS_ENABLED": "False",
    "GRADIO_SHARE": "False",
    "GRADIO_SSR_MODE": "False",
    "GRADIO_MCP_SERVER": "False",
    "GRADIO_RUN_HISTORY": "False",
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "LANGSMITH_TRACING": "false",
    "LANGSMITH_TRACING_V2": "false",
    "LANGCHAIN_TRACING": "false",
    "LANGCHAIN_TRACING_V2": "false",
    "ORT_DISABLE_TELEMETRY": "1",  # onnxruntime 1.29 and later sends usage to its maker otherwise
    "PYTHAINLP_OFFLINE": "1",
    "PYTHAINLP_READ_ONLY": "1",
}
_BIDI = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def quiet() -> None:
    """Force every library to stay offline; call it before they are imported."""
    os.environ.update(QUIET)


@lru_cache(maxsize=1)
def words() -> dict[Language, dict[str, str]]:
    """Return the interface's words by language and key, from `prompts/interface.json`.

    Raises:
        DataError: a key or a placeholder stands in one language only.
    """
    return prompts.load("interface.json")


def say(language: Language, key: str, **values: object) -> str:
    """Return one sentence of the interface with its placeholders filled."""
    return words()[language][key].format(**values)


def locale_language() -> Language:
    """Return the language the terminal is set to: Thai, or else English."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name):
            return "th" if os.environ[name].lower().startswith("th") else "en"
    return "en"


def clean(text: str) -> str:
    """Return text that every encoding and JSON can carry.

    Bytes that the terminal could not decode (they arrive as lone surrogates) are read as UTF-8;
    what is still no character becomes U+FFFD.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        try:
            return os.fsencode(text).decode(errors="replace")
        except UnicodeEncodeError:
            return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def visible(text: str) -> str:
    """Return text that cannot steer a terminal: control and direction characters are spelled out."""
    return "".join(_spelled(char) for char in text.replace("\r\n", "\n"))


def _spelled(char: str) -> str:
    steers = unicodedata.category(char) in ("Cc", "Cs") or char in _BIDI
    return ascii(char)[1:-1] if steers and char not in "\n\t" else char


def error_line(error: BaseException) -> str:
    """Return an error as the one line that goes to stderr."""
    return say(locale_language(), "error", reason=visible(" ".join(str(error).split()))) + "\n"


def unexpected(error: Exception) -> ThamKhaoError:
    """Return an error nobody foresaw as one that says so in a line, with what to try."""
    return ThamKhaoError("unexpected", reason=type(error).__name__)


def escaped(text: str) -> str:
    """Return text as HTML that shows exactly these characters, in HTML and in Markdown alike.

    Every ASCII character that is no letter, digit or space becomes a character reference, so neither
    tags nor Markdown signs nor addresses that would turn into links are left.
    """
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\r\n", "\n")
    text = re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "\ufffd", text)
    return re.sub(r"[\x00-\x7f]", _reference, text)


def _reference(match: re.Match[str]) -> str:
    char = match.group()
    return char if char.isalnum() or char == " " else f"&#{ord(char)};"


def unescaped(text: str) -> str:
    """Return what `escaped` was given."""
    return html.unescape(text)


def answer_lines(answer: Answer) -> Iterable[str]:
    """Yield an answer for the terminal: the answer, each quote with its paragraph, then suggestions."""
    yield visible(answer.text)
    for citation in answer.citations:
        yield f"[{citation.paragraph}] {visible(citation.quote)}"
        if citation.translation and answer.language == "en":
            yield f"    ({say(answer.language, 'translation')}) {visible(citation.translation)}"
    if answer.suggestions:
        yield say(answer.language, "ask_next")
        yield from (f"  - {visible(suggestion)}" for suggestion in answer.suggestions)
