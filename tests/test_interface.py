"""Text made safe to show, and the gate before the page."""

import html
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import guard, interface
from assistant import markup as page_markup
from assistant.records import Article, Block, Citation
from tests.parrot import Parrot

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def bot():
    from assistant.api import Assistant

    return Assistant()


def text_of(markup):
    return html.unescape(re.sub(r"<[^>]*>", "", markup))


@given(st.text())
def test_escaped_text_shows_itself_and_nothing_else(text):
    shown = interface.escaped(text)
    assert re.fullmatch(r"(?:[A-Za-z0-9 ]|[^\x00-\x7f]|&#\d+;)*", shown)
    if not re.search("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]", text):
        assert interface.unescaped(shown) == text


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_visible_text_keeps_what_is_harmless(text):
    harmless = not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]", text)
    assert (interface.visible(text) == text) is harmless


def test_an_answer_holds_only_our_own_tags():
    answer = Parrot().ask("x")
    markup = page_markup.answer_html(answer)
    assert set(re.findall(r"</?(\w+)", markup)) == {
        "p",
        "strong",
        "blockquote",
        "a",
        "span",
        "em",
        "button",
    }
    assert answer.text in text_of(markup)
    assert answer.citations[0].quote in text_of(markup)


def test_the_article_is_shown_whole_and_only_the_cited_words_are_marked(bot):
    article, citations = bot.article, bot.ask("ประชุมกันที่ไหน").citations
    assert citations
    markup = page_markup.article_html(article, citations)
    bare = re.sub(r' <a class="tk-back".*?</a>', "", markup)
    shown = [text_of(p) for p in re.findall(r'<p id="p\d+".*?</p>', bare)]
    assert shown == [f"[{b.index + 1}] {article.text[b.start : b.end]}".replace("\r\n", "\n") for b in article.blocks]
    marked = "".join(text_of(m) for m in re.findall(r"<mark>.*?</mark>", markup))
    cited = {i for c in citations for i in range(c.start, c.end)}
    within = {i for b in article.blocks for i in range(b.start, b.end)}
    assert marked == "".join(article.text[i] for i in sorted(cited & within))


def test_overlapping_quotes_are_marked_once():
    article = Article("a", "t", "abcdef", (Block(0, "paragraph", 0, 3), Block(1, "paragraph", 3, 6)))
    quotes = [Citation("a", "bcd", 1, 4, 1), Citation("a", "cde", 2, 5, 1), Citation("other", "f", 5, 6, 1)]
    assert "".join(re.findall("<mark>(.*?)</mark>", page_markup.article_html(article, quotes))) == "bcde"


@pytest.mark.parametrize(
    ("headers", "refused"),
    [
        ({}, False),
        ({"sec-fetch-site": "same-origin"}, False),
        ({"sec-fetch-site": "none"}, False),
        ({"sec-fetch-site": "cross-site"}, True),
        ({"sec-fetch-site": "same-site"}, True),
        ({"origin": "http://127.0.0.1:7860", "host": "127.0.0.1:7860"}, False),
        ({"origin": "http://evil.example", "host": "127.0.0.1:7860"}, True),
        ({"origin": "null", "host": "127.0.0.1"}, True),
    ],
)
def test_requests_of_other_sites_are_told_apart(headers, refused):
    assert guard.is_cross_site(headers) is refused


@pytest.mark.parametrize(
    "path",
    [
        "/docs",
        "/openapi.json",
        "/monitoring",
        "/monitoring/summary",
        "//monitoring/x",
        "/gradio_api/dev/reload",
        "/GRADIO_API/RUNS",
        "/gradio_api/vibe-editor",
    ],
)
def test_what_the_page_does_not_use_is_closed(path):
    assert guard.is_closed(path)
    assert not guard.is_closed("/gradio_api/queue/join")


def test_words_are_used_and_words_used_are_there():
    sources = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "assistant").glob("*.py")))
    for key in interface.words()["en"]:
        composed = key.startswith(("status_", "help_", "fact_", "how_", "tab_", "http_reason_"))
        assert composed or re.search(rf"""["']{key.removeprefix("http_")}["']""", sources), key
    for key in re.findall(r"""_own\(["'](\w+)["']""", sources):
        assert key in interface.words()["en"], key


def test_bytes_the_terminal_could_not_decode_are_read_as_utf8():
    assert interface.clean("ใคร".encode().decode("ascii", "surrogateescape")) == "ใคร"
    assert interface.clean("a\ud800b") == "a\ufffdb"
    assert interface.clean("\ud83d\ude00") == "😀"
    assert interface.clean("ใคร😀") == "ใคร😀"
