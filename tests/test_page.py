"""The page: hostile text stays text, closed doors stay closed, and a reader can use it."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from assistant import guard, interface, page
from assistant.settings import MAX_QUESTION_CHARS
from tests import browser
from tests.parrot import HOSTILE, Parrot

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def bot():
    from assistant.api import Assistant

    return Assistant()


def test_history_is_what_the_reader_typed():
    parrot, messages = Parrot(), []
    for question in HOSTILE:
        messages, _ = page.converse(parrot, question, messages)
    assert parrot.asked == [(q, HOSTILE[:i]) for i, q in enumerate(HOSTILE)]
    assert len(messages) == 2 * len(HOSTILE)


def test_history_is_read_from_what_gradio_sends_back():
    sent = [
        {"role": "user", "content": [{"type": "text", "text": interface.escaped("who?")}]},
        {"role": "assistant", "content": [{"type": "text", "text": "x"}]},
    ]
    parrot = Parrot()
    page.converse(parrot, "where?", sent)
    assert parrot.asked == [("where?", ("who?",))]


@pytest.mark.parametrize("question", ["", "  \n", None])
def test_an_empty_question_changes_nothing(question):
    parrot = Parrot()
    assert page.converse(parrot, question, []) == ([], ())
    assert parrot.asked == []


@pytest.mark.parametrize(
    ("question", "key"), [("x" * (MAX_QUESTION_CHARS + 1), "too_long"), ("refuse", "cannot_answer")]
)
def test_a_question_that_cannot_be_used_is_told_in_the_conversation(question, key):
    messages, citations = page.converse(Parrot(), question, [])
    expected = interface.say("en", key, limit=MAX_QUESTION_CHARS)
    assert citations == ()
    assert interface.unescaped(re.sub("<[^>]*>", "", messages[-1]["content"])) == expected


def test_a_lone_surrogate_reaches_the_assistant_as_text():
    parrot = Parrot()
    messages, _ = page.converse(parrot, "who \ud800?", [])
    json.dumps(messages, ensure_ascii=False).encode()
    assert parrot.asked[0][0] == "who \ufffd?"


def test_the_conversation_is_cut_to_its_last_messages():
    messages = []
    for number in range(page.KEPT_MESSAGES):
        messages, _ = page.converse(Parrot(), str(number), messages)
    assert len(messages) <= page.KEPT_MESSAGES + 2
    assert messages[-2]["content"] == str(page.KEPT_MESSAGES - 1)


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
    assert client.post("/gradio_api/upload", files={"files": b"x"}).status_code == 404
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
    env = {**os.environ, "HOME": "/dev/null", "TMPDIR": str(temporary), "GRADIO_ANALYTICS_ENABLED": "True"}
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


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.skipif(browser.CHROMIUM is None, reason="needs chromium on the PATH")
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
        for hostile in HOSTILE:
            reader.ask(hostile)
            told = reader.js("[...document.querySelectorAll('#tk-log [data-testid=user]')].pop().innerText")
            assert told.strip() == hostile
        assert reader.js("document.querySelectorAll('#tk-log :is(img, form, iframe, script, input)').length") == 0
        assert reader.js("document.documentElement.scrollWidth") <= width
        assert [url for url in reader.requests() if not url.startswith((served[0], "data:", "blob:", "about:"))] == []
        assert reader.errors() == []


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.skipif(browser.CHROMIUM is None, reason="needs chromium on the PATH")
def test_a_starter_question_is_asked_with_one_click_and_starting_over_clears(served, bot):
    with browser.Browser(language="th-TH") as reader:
        reader.open(served[0])
        reader.wait("document.querySelectorAll('#tk-starters button').length > 0")
        starter = reader.js("document.querySelector('#tk-starters button').innerText").strip()
        assert starter == page.starter_questions(bot, "th")[0]
        reader.js("document.querySelector('#tk-starters button').click()")
        reader.wait("document.querySelector('#tk-log .tk-answer')")
        assert bot.ask(starter).text in reader.js("document.querySelector('#tk-log').innerText")
        reader.js("document.querySelector('#tk-clear').click()")
        reader.wait("!document.querySelector('#tk-log .tk-answer, #tk-article mark')")


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
