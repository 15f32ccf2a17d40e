"""What the command line and the page share: their words, clean input, and text made safe to show."""

import html
import os
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from assistant import prompts
from assistant.errors import ThamKhaoError
from assistant.records import Answer, Article, Citation, Language

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
    return ThamKhaoError(say(locale_language(), "unexpected", reason=f"{type(error).__name__}: {error}"[:200]))


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


def answer_html(answer: Answer) -> str:
    """Return an answer as markup for the chat, every character of it escaped."""
    parts = [f'<p class="tk-answer" lang="{answer.language}"><strong>{escaped(answer.text)}</strong></p>']
    status = f"status_{answer.status}"
    if status in words()[answer.language]:
        parts.insert(0, f'<p class="tk-status">{escaped(say(answer.language, status))}</p>')
    for citation in answer.citations:
        number, name = citation.paragraph, escaped(say(answer.language, "paragraph", number=citation.paragraph))
        reference = f'<a class="tk-ref" href="#p{number}" title="{name}">[{number}]</a>'
        quote = f'<span lang="th">“{escaped(citation.quote)}”</span>'
        parts.append(f'<blockquote class="tk-quote">{reference} {quote}</blockquote>')
        if citation.translation and answer.language == "en":
            label, english = escaped(say(answer.language, "translation")), escaped(citation.translation)
            parts.append(f'<p class="tk-translation"><em>{label}</em> <span lang="en">{english}</span></p>')
    return "".join(parts)


def article_html(article: Article, citations: Iterable[Citation] = ()) -> str:
    """Return an article's numbered paragraphs as markup, with the cited words marked.

    One line without blank lines, so that Markdown takes it for a single block of HTML.
    """
    marks = sorted((c.start, c.end) for c in citations if c.article == article.id)
    spans = [(b.index + 1, b.kind, b.start, b.end) for b in article.blocks] or [(1, "paragraph", 0, len(article.text))]
    parts = []
    for number, kind, start, end in spans:
        body, at = "", start
        for left, right in marks:
            left, right = max(left, at), min(right, end)
            if left < right:
                body += f"{escaped(article.text[at:left])}<mark>{escaped(article.text[left:right])}</mark>"
                at = right
        body += escaped(article.text[at:end])
        parts.append(f'<p id="p{number}" class="tk-par tk-{kind}"><span class="tk-num">[{number}]</span> {body}</p>')
    return f'<div class="tk-text" lang="th">{"".join(parts)}</div>'
