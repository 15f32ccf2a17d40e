"""HTML and Markdown to text; runs in the process of `parse_child`."""

import re
from typing import Any

from assistant.errors import Refusal

_BLOCKS = ("p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "section", "article", "blockquote", "title")
_TAG = re.compile(r"<[^<>]*>")
_FRONT = re.compile(r"\A---[ \t]*\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_FIELD = re.compile(r"^(title|date|publisher|source|site|sitename)[ \t]*:[ \t]*(.*?)[ \t]*\r?$", re.MULTILINE)


def html(data: bytes, most: int) -> dict[str, str]:
    """Return the main text of a page with the title, site name and date that its metadata state."""
    from lxml.html import HTMLParser, document_fromstring
    from trafilatura import bare_extraction

    def page() -> Any:  # noqa: ANN401
        return document_fromstring(data, parser=HTMLParser(encoding="utf-8", remove_comments=True))

    dates = {"original_date": True, "extensive_search": False, "max_date": "2100-01-01"}
    document = bare_extraction(page(), with_metadata=True, include_comments=False, date_extraction_params=dates)
    found = {
        "text": getattr(document, "text", None) or _all_words(page()),
        "title": getattr(document, "title", None) or "",
        "publisher": getattr(document, "sitename", None) or "",
        "date": getattr(document, "date", None) or "",
    }
    if not found["text"].strip():
        raise Refusal("scripts")
    return _headed(found)


def _all_words(page: Any) -> str:  # noqa: ANN401
    """Return every word a page shows, each block on its own line: for pages in which no main text is found."""
    for element in page.xpath("//head | //script | //style | //noscript | //template | //nav | //form"):
        element.drop_tree()
    for element in page.iter(*_BLOCKS):
        element.tail = "\n" + (element.tail or "")
    return re.sub(r"\s*\n\s*", "\n", str(page.text_content())).strip()


def _headed(found: dict[str, str]) -> dict[str, str]:
    """Put a page's title over a text that does not begin with it, as the page does."""
    title = " ".join(found["title"].split())
    if title and title not in " ".join(found["text"][: 2 * len(title) + 600].split()):
        found["text"] = f"{title}\n\n{found['text']}"
    return found


def md(data: bytes, most: int) -> dict[str, str]:
    """Return the words of a Markdown file without its marks; a list keeps its numbers and dots."""
    from markdown_it import MarkdownIt

    source = data.decode()
    if len(source) > 2 * most:
        raise Refusal("too_long")
    found: dict[str, str] = {}
    if front := _FRONT.match(source):
        fields = {name: value.strip("\"'") for name, value in _FIELD.findall(front[1])}
        found["title"], found["date"] = fields.pop("title", ""), fields.pop("date", "")
        found["publisher"] = next(iter(fields.values()), "")
        source = source[front.end() :]
    lines, heading = _markdown_lines(MarkdownIt("commonmark").enable("table").parse(source))
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    if not text:
        raise Refusal("no_text")
    found["title"] = found.get("title") or heading
    return _headed({"text": text, **found})


def _markdown_lines(tokens: list[Any]) -> tuple[list[str], str]:
    lines: list[str] = []
    numbers: list[int] = []
    marker = heading = ""
    row: list[str] | None = None
    for token, before in zip(tokens, [None, *tokens], strict=False):
        if token.type in ("ordered_list_open", "bullet_list_open"):
            numbers.append(int(token.attrs.get("start", 1)) if token.type.startswith("ordered") else -1)
        elif token.type in ("ordered_list_close", "bullet_list_close"):
            numbers.pop()
        elif token.type == "list_item_open":
            marker = "- " if numbers[-1] < 0 else f"{numbers[-1]}. "
            numbers[-1] += numbers[-1] >= 0
        elif token.type == "tr_open":
            row = []
        elif token.type == "tr_close":
            lines.append(" | ".join(row or []))
            row = None
        elif token.type == "inline":
            text = "".join(map(_inline, token.children or []))
            if row is not None:
                row.append(text)
                continue
            if before is not None and before.type == "heading_open" and before.tag == "h1":
                heading = heading or " ".join(text.split())
            lines.append(marker + text)
            marker = ""
        elif token.type in ("fence", "code_block"):
            lines.append(token.content.rstrip("\n"))
        elif token.type == "html_block":
            lines.append(_TAG.sub("", token.content).strip())
        elif token.block and token.nesting == -1 and not numbers:
            lines.append("")
    return lines, heading


def _inline(token: Any) -> str:  # noqa: ANN401
    if token.type in ("softbreak", "hardbreak"):
        return "\n"
    if token.type in ("text", "code_inline", "image"):
        return str(token.content)
    return ""
