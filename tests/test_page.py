"""The page: hostile text stays text, closed doors stay closed, and a reader can use it."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

from assistant import guard, interface, own, page, talk
from assistant.errors import InputError
from assistant.feedback import append, as_row
from assistant.judging import load_cases
from assistant.settings import MAX_QUESTION_CHARS
from tests import browser
from tests.hostile import PAYLOADS
from tests.parrot import HOSTILE, Parrot

ROOT = Path(__file__).parent.parent


def in_a_browser(test):
    """Mark a test that drives a real browser."""
    absent = pytest.mark.skipif(browser.CHROMIUM is None, reason="needs chromium on the PATH")
    return pytest.mark.slow(pytest.mark.browser(absent(test)))


@pytest.fixture(scope="module")
def bot():
    from assistant.api import Assistant

    return Assistant()


def test_history_is_what_the_reader_typed():
    parrot, messages = Parrot(), []
    for question in HOSTILE:
        messages, _ = talk.converse(parrot, question, messages)
    assert parrot.asked == [(q, HOSTILE[:i]) for i, q in enumerate(HOSTILE)]
    assert len(messages) == 2 * len(HOSTILE)


def test_history_is_read_from_what_gradio_sends_back():
    sent = [
        {"role": "user", "content": [{"type": "text", "text": interface.escaped("who?")}]},
        {"role": "assistant", "content": [{"type": "text", "text": "x"}]},
    ]
    parrot = Parrot()
    talk.converse(parrot, "where?", sent)
    assert parrot.asked == [("where?", ("who?",))]


@pytest.mark.parametrize("question", ["", "  \n", None])
def test_an_empty_question_changes_nothing(question):
    parrot = Parrot()
    assert talk.converse(parrot, question, []) == ([], ())
    assert parrot.asked == []


@pytest.mark.parametrize(
    ("question", "key"), [("x" * (MAX_QUESTION_CHARS + 1), "too_long"), ("refuse", "cannot_answer")]
)
def test_a_question_that_cannot_be_used_is_told_in_the_conversation(question, key):
    messages, citations = talk.converse(Parrot(), question, [])
    expected = interface.say("en", key, limit=MAX_QUESTION_CHARS)
    assert citations == ()
    assert interface.unescaped(re.sub("<[^>]*>", "", messages[-1]["content"])) == expected


def test_a_lone_surrogate_reaches_the_assistant_as_text():
    parrot = Parrot()
    messages, _ = talk.converse(parrot, "who \ud800?", [])
    json.dumps(messages, ensure_ascii=False).encode()
    assert parrot.asked[0][0] == "who \ufffd?"


def test_the_conversation_is_cut_to_its_last_messages():
    messages = []
    for number in range(talk.KEPT_MESSAGES):
        messages, _ = talk.converse(Parrot(), str(number), messages)
    assert len(messages) <= talk.KEPT_MESSAGES + 2
    assert messages[-2]["content"] == str(talk.KEPT_MESSAGES - 1)


@pytest.fixture(scope="module")
def client():
    from starlette.testclient import TestClient

    from assistant.server import application

    app = application(page.build(Parrot()), Parrot(), "127.0.0.1", 7860, "", "")
    with TestClient(app, base_url="http://127.0.0.1:7860") as opened:
        yield opened


@pytest.mark.slow
def test_the_chat_renders_no_markup_of_others_and_there_is_no_raw_html():
    config = page.build(Parrot()).get_config_file()
    kinds = [component["type"] for component in config["components"]]
    chat = next(c["props"] for c in config["components"] if c["type"] == "chatbot")
    assert "html" not in kinds
    assert (chat["sanitize_html"], chat["render_markdown"], chat["allow_tags"]) == (True, False, False)
    assert all(c["props"]["sanitize_html"] for c in config["components"] if c["type"] == "markdown")
    assert [d["api_name"] for d in config["dependencies"] if d["api_visibility"] == "public"] == ["ask"]


@pytest.mark.slow
def test_the_application_answers_and_stamps_every_response(client):
    for path in ("/healthz", "/", "/docs"):
        headers = client.get(path).headers
        for name, value in guard.HEADERS:
            assert headers[name.decode()] == value.decode()
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/").status_code == 200


@pytest.mark.slow
def test_the_application_refuses_what_it_should(client):
    assert client.get("/healthz", headers={"host": "evil.example"}).status_code == 400
    assert client.get("/openapi.json").status_code == 404
    over = {"files": ("a.txt", b"x" * (guard.UPLOAD_LIMIT + 1))}
    assert client.post("/gradio_api/upload", files=over).status_code == 413
    cross = client.post("/gradio_api/call/ask", json={"data": ["x", []]}, headers={"sec-fetch-site": "cross-site"})
    assert cross.status_code == 403
    large = client.post("/gradio_api/call/ask", content=b"x" * (guard.BODY_LIMIT + 1))
    assert (large.status_code, list(large.json())) == (413, ["error"])
    chunked = client.post("/gradio_api/call/ask", content=(b"x" * 65536 for _ in range(40)))
    assert chunked.status_code == 413


@pytest.mark.slow
def test_the_endpoint_for_machines_keeps_no_history(client):
    for _ in range(2):
        event = client.post("/gradio_api/call/ask", json={"data": ["who?", ["earlier"]]}).json()["event_id"]
        told = client.get(f"/gradio_api/call/ask/{event}").text
        answer = json.loads(re.search(r"event: complete\ndata: (.*)", told).group(1))[0]
        assert answer == json.loads(json.dumps(Parrot().ask("who?").to_dict()))


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """The real page on a free port, started without a home folder."""
    temporary = tmp_path_factory.mktemp("served")
    env = {
        **os.environ,
        "HOME": "/dev/null",
        "THAMKHAO_FEEDBACK": "",
        "TMPDIR": str(temporary),
        "GRADIO_ANALYTICS_ENABLED": "True",
    }
    code = "from assistant.page import serve; serve('127.0.0.1', 0)"
    with subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=env,
        text=True,
        encoding="utf-8",
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        address = process.stdout.readline().strip()
        yield address, process, temporary
        if process.poll() is None:
            process.kill()


@pytest.mark.slow
def test_one_line_says_where_the_page_is_and_the_page_answers_there(served):
    address, *_ = served
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", address)
    with urllib.request.urlopen(address, timeout=20) as found:
        config = found.read().decode()
        assert "server" not in found.headers
    assert '"analytics_enabled":false' in config
    with socket.create_connection(("127.0.0.1", int(address.rsplit(":", 1)[1]))) as raw:
        raw.sendall(b"GET /healthz HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")
        assert raw.recv(64).startswith(b"HTTP/1.1 400")


@in_a_browser
@pytest.mark.parametrize(("language", "width"), [("th-TH", 1440), ("en-US", 390)])
def test_a_reader_asks_in_a_browser(served, bot, language, width):
    question = "ประชุมกันที่ไหน" if language == "th-TH" else "Where was the meeting held?"
    with browser.Browser(width=width, language=language) as reader:
        reader.open(served[0])
        reader.wait(f"document.documentElement.lang === '{language[:2]}'")
        assert interface.say(language[:2], "send") in reader.js("document.querySelector('#tk-send').innerText")
        reader.ask(question)
        answer = bot.ask(question)
        shown = reader.js("document.querySelector('#tk-log').innerText")
        assert answer.text in shown
        assert f"[{answer.citations[0].paragraph}] “{answer.citations[0].quote}”" in shown
        reader.wait("document.querySelector('#tk-article mark')")
        for hostile in (text for text in (HOSTILE if width < 500 else PAYLOADS) if "\n" not in text):
            reader.ask(hostile)
            told = reader.js("[...document.querySelectorAll('#tk-log [data-testid=user]')].pop().innerText")
            assert told.strip() == hostile
        assert reader.js("document.querySelectorAll('#tk-log :is(img, form, iframe, script, input)').length") == 0
        assert reader.js("document.documentElement.scrollWidth") <= width
        assert [url for url in reader.requests() if not url.startswith((served[0], "data:", "blob:", "about:"))] == []
        assert reader.errors() == []


@in_a_browser
def test_a_starter_question_is_asked_with_one_click_and_starting_over_clears(served, bot):
    with browser.Browser(language="th-TH") as reader:
        reader.open(served[0])
        reader.wait("document.querySelectorAll('#tk-starters button').length > 0")
        starter = reader.js("document.querySelector('#tk-starters button').innerText").strip()
        assert starter == talk.starter_questions(bot, "th")[0]
        reader.js("document.querySelector('#tk-starters button').click()")
        reader.wait("document.querySelector('#tk-log .tk-answer')")
        assert bot.ask(starter).text in reader.js("document.querySelector('#tk-log').innerText")
        reader.js("document.querySelector('#tk-clear').click()")
        reader.wait("!document.querySelector('#tk-log .tk-answer, #tk-article mark')")


OWN = "ตลาดนัดริมคลองบางหลวงเปิดวันเสาร์ที่ 4 มกราคม 2568 นางสาวพิมพ์ชนก ใจดี ผู้จัดการตลาด กล่าวว่ามีร้านค้า 86 ร้าน"


@in_a_browser
def test_a_reader_goes_to_the_words_and_back_and_reads_the_facts(served, bot):
    with browser.Browser(language="en-US") as reader:
        reader.open(served[0] + "/?q=" + urllib.parse.quote("Where was the meeting held?"))
        reader.wait("document.querySelector('#tk-log .tk-ref')")
        assert bot.ask("Where was the meeting held?").text in reader.js("document.querySelector('#tk-log').innerText")
        reader.wait("document.querySelector('#tk-article mark')")
        reader.js("document.querySelector('#tk-log .tk-ref').click()")
        reader.wait("/^p\\d+$/.test(document.activeElement.id)")
        assert reader.js("Boolean(document.activeElement.querySelector('mark'))")
        reader.js("document.querySelector('#tk-article .tk-back').click()")
        reader.wait("document.activeElement.matches('#tk-log .tk-ref')")
        for tab, rows in ((1, "#tk-facts .tk-rows li"), (2, "#tk-timeline .tk-event")):
            reader.js(f"[...document.querySelectorAll('#tk-tabs button[role=tab]')][{tab}].click()")
            reader.wait(f"document.querySelector('{rows}')?.offsetParent")
        reader.js("document.querySelector('#tk-timeline .tk-ref').click()")
        reader.wait("/^p\\d+$/.test(document.activeElement.id) && document.activeElement.offsetParent")
        reader.js("[...document.querySelectorAll('#tk-language input')][0].click()")
        reader.wait("document.documentElement.lang === 'th'")
        send = interface.say("th", "send")
        reader.wait(f"document.querySelector('#tk-send').innerText.includes('{send}')")
        assert reader.errors() == []


@in_a_browser
@pytest.mark.parametrize("way", ["paste", "upload"])
def test_a_reader_asks_an_article_of_their_own_and_goes_back(served, bot, tmp_path, way):
    with browser.Browser(width=390, language="th-TH") as reader:
        reader.open(served[0])
        reader.js("document.querySelector('#tk-own button').click()")
        reader.wait("document.querySelector('#tk-own-text textarea')?.offsetParent")
        if way == "paste":
            reader.js("document.querySelector('#tk-own-text textarea').focus()")
            reader.call("Input.insertText", text=OWN)
            reader.js("document.querySelector('#tk-own-read').click()")
        else:
            path = tmp_path / "<img src=x onerror=alert(1)>.txt"
            path.write_text(OWN, encoding="utf-8")
            reader.upload("#tk-own input[type=file]", path)
        reader.wait("document.querySelector('#tk-own-told .tk-done')")
        assert OWN[:20] in reader.js("document.querySelector('#tk-article').innerText")
        reader.ask("มีร้านค้ากี่ร้าน")
        assert "86" in reader.js("[...document.querySelectorAll('#tk-log .tk-answer')].pop().innerText")
        assert bot.article.title not in reader.js("document.body.innerText")
        reader.js("document.querySelector('#tk-own-back').click()")
        reader.wait(f"document.querySelector('.tk-headline').innerText.includes('{bot.article.title[:12]}')")
        assert reader.js("document.documentElement.scrollWidth") <= 390
        assert reader.errors() == []


@in_a_browser
def test_a_file_that_is_no_article_gets_a_kind_sentence(served, tmp_path):
    path = tmp_path / "empty.txt"
    path.write_bytes(b"")
    with browser.Browser(language="en-US") as reader:
        reader.open(served[0])
        reader.js("document.querySelector('#tk-own button').click()")
        reader.upload("#tk-own input[type=file]", path)
        reader.wait("document.querySelector('#tk-own-told .tk-refused')")
        assert "empty.txt is empty" in reader.js("document.querySelector('#tk-own-told').innerText")


def test_an_article_that_is_kept_no_longer_is_told_of(bot):
    kept = own.OwnArticles(bot)
    name = kept.paste(OWN, "th")
    assert (kept.of(name).article.text, kept.gone(name), kept.gone("")) == (OWN, False, False)
    for number in range(own.MOST):
        kept.paste(f"{OWN} {number}", "th")
    assert kept.gone(name)
    assert kept.of(name) is bot


@pytest.mark.parametrize(
    ("text", "language", "told"), [("", "en", "is empty"), ("only English", "en", "no Thai"), ("", "th", "ว่าง")]
)
def test_what_cannot_be_read_is_told_in_the_language(bot, text, language, told):
    with pytest.raises(InputError) as caught:
        own.OwnArticles(bot).paste(text, language)
    assert told in caught.value.sentence(language)


def test_a_conversation_is_saved_with_its_quotes_and_offsets(bot):
    messages = []
    for question in ("ประชุมกันที่ไหน", "Who hosted it?"):
        messages, _ = talk.converse(bot, question, messages)
    saved = json.loads(talk.as_json(bot, messages))
    assert [row["question"] for row in saved["answers"]] == ["ประชุมกันที่ไหน", "Who hosted it?"]
    text = bot.article.text
    for row in saved["answers"]:
        assert all(text[c["start"] : c["end"]] == c["quote"] for c in row["citations"])
        assert row["text"] in talk.as_markdown(bot, messages)


def test_a_judged_answer_is_a_row_of_a_question_set(bot, tmp_path):
    path = tmp_path / "feedback.jsonl"
    for right in (True, False):
        append(path, as_row(bot.ask("ประชุมกันที่ไหน"), "ประชุมกันที่ไหน", [], right=right), 10_000)
    right, wrong = load_cases(path)
    assert (right.answerable, right.kind, bool(right.evidence)) == (True, "where", True)
    assert (wrong.expect, wrong.reject) == ((), (bot.ask("ประชุมกันที่ไหน").text,))
    with pytest.raises(OSError, match="at most"):
        append(path, {"id": "x" * 10_000}, 10_000)


@in_a_browser
def test_a_hostile_article_is_shown_as_text_and_breaks_no_policy(served):
    text = "\n\n".join((*PAYLOADS, OWN))
    with browser.Browser(language="th-TH") as reader:
        reader.open(served[0])
        reader.js(
            "document.addEventListener('securitypolicyviolation', e => (window.broken ||= []).push(e.blockedURI))"
        )
        reader.js("document.querySelector('#tk-own button').click()")
        reader.wait("document.querySelector('#tk-own-text textarea')?.offsetParent")
        reader.js("document.querySelector('#tk-own-text textarea').focus()")
        reader.call("Input.insertText", text=text)
        reader.js("document.querySelector('#tk-own-read').click()")
        reader.wait("document.querySelector('#tk-own-told .tk-done')")
        shown = reader.js("document.querySelector('#tk-article').innerText")
        for payload in PAYLOADS:
            assert payload.split("\n")[0] in shown
        reader.ask("มีร้านค้ากี่ร้าน")
        inside = ":is(#tk-log, #tk-article, #tk-facts)"
        assert (
            reader.js(f"document.querySelectorAll('{inside} :is(img, form, iframe, script, input, link)').length") == 0
        )
        assert reader.js("window.broken || []") == []
        assert [url for url in reader.requests() if not url.startswith((served[0], "data:", "blob:", "about:"))] == []
        assert reader.errors() == []


@pytest.mark.slow
def test_an_assistant_that_cannot_load_ends_the_server_with_one_line(tmp_path):
    code = "from assistant.page import serve; serve('127.0.0.1', 0)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "THAMKHAO_ENCODER": str(tmp_path)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("thamkhao: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.slow
def test_stopping_the_server_is_quiet_and_leaves_nothing_behind(served):
    address, process, temporary = served
    process.send_signal(signal.SIGTERM)
    assert process.wait(15) == 143
    assert list(temporary.iterdir()) == []
    assert process.stderr.read() == ""
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(address, timeout=5)
