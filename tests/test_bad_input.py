"""Every category of bad input by every way in: a typed refusal or a valid answer, and the next good question right."""

import json
import time

import pytest
from starlette.testclient import TestClient

from assistant import cli, page, talk
from assistant.api import Assistant
from assistant.errors import FileError, ThamKhaoError
from assistant.own import OwnArticles
from assistant.records import Answer
from assistant.server import application
from tests.hostile import FILES, GOOD_FILES, TEXTS, TYPES

GOOD = "ประชุมกันที่ไหน"
LEAKS = ("Traceback", 'File "', ".py", "/site-packages/")
STATUSES = {"answered", "not_stated", "false_premise", "off_topic", "meta"}
SLOW = 20.0  # seconds that nothing may take, however busy the machine; the figures are in tests/results/bad-input.md


@pytest.fixture(scope="module")
def good(bot):
    return bot.ask(GOOD)


@pytest.fixture(scope="module")
def client(bot):
    app = application(page.build(bot), bot, "127.0.0.1", 7860, "", "")
    with TestClient(app, base_url="http://127.0.0.1:7860", raise_server_exceptions=False) as opened:
        yield opened


def sound(answer, article):
    """Hold an answer against what every answer promises."""
    assert isinstance(answer, Answer)
    assert answer.status in STATUSES
    assert answer.text and len(answer.text) <= 1200
    for citation in answer.citations:
        assert article.text[citation.start : citation.end] == citation.quote
    json.dumps(answer.to_dict(), ensure_ascii=False).encode()
    assert not any(leak in answer.text for leak in LEAKS)


@pytest.mark.parametrize("name", TEXTS)
def test_text_by_python(bot, good, name):
    begun = time.monotonic()
    answer = bot.ask(TEXTS[name])
    assert time.monotonic() - begun < SLOW
    sound(answer, bot.article)
    bot.search(TEXTS[name] or "x")
    sound(bot.ask(GOOD, history=[TEXTS[name]]), bot.article)
    assert bot.ask(GOOD) == good


@pytest.mark.parametrize("name", TYPES)
def test_types_by_python(bot, name):
    for ask in (lambda: bot.ask(TYPES[name]), lambda: bot.ask(GOOD, history=TYPES[name] or 5)):
        if isinstance(TYPES[name], list | dict):
            continue
        with pytest.raises((ThamKhaoError, TypeError)):
            ask()
    with pytest.raises(ThamKhaoError):
        Assistant.from_text(TYPES[name])


@pytest.mark.parametrize("name", TEXTS)
def test_text_by_http(client, bot, good, name):
    body = json.dumps({"question": TEXTS[name]}).encode()  # a lone surrogate travels as an escape
    got = client.post("/api/ask", content=body, headers={"content-type": "application/json"})
    assert got.status_code in (200, 413, 422)
    told = got.json()
    if got.status_code == 200:
        assert told["status"] in STATUSES
    else:
        assert set(told["error"]) == {"status", "code", "message", "message_th"}
    assert not any(leak in got.text for leak in LEAKS)
    assert client.post("/api/ask", json={"question": GOOD}).json()["text"] == good.text


@pytest.mark.parametrize("name", TYPES)
def test_types_by_http(client, name):
    if isinstance(TYPES[name], bytes):
        body = b'{"question": ' + TYPES[name] + b"}"
    else:
        body = json.dumps({"question": TYPES[name]}).encode()
    got = client.post("/api/ask", content=body, headers={"content-type": "application/json"})
    assert got.status_code in (400, 422)
    assert got.json()["error"]["message_th"]


def test_a_body_of_60_mb_is_refused(client):
    assert client.post("/api/ask", content=b'{"question":"' + b"x" * 60_000_000 + b'"}').status_code == 413


@pytest.mark.parametrize("name", TEXTS)
def test_text_by_command(capsys, monkeypatch, bot, good, name):
    monkeypatch.setattr(cli, "_bot", lambda *_: bot)
    code = cli.main(["ask", "--", TEXTS[name]])
    told = capsys.readouterr()
    assert code in (0, 2)
    assert (code == 2) == bool(told.err)
    assert told.err.count("\n") == (code == 2)
    assert not any(leak in told.out + told.err for leak in LEAKS)
    assert "\x1b" not in told.out + told.err
    assert cli.main(["ask", GOOD]) == 0
    assert capsys.readouterr().out.startswith(good.text)


@pytest.mark.parametrize("name", TEXTS)
def test_text_by_page(bot, good, name):
    messages, _ = talk.converse(bot, TEXTS[name], [])
    for message in messages:
        json.dumps(message, ensure_ascii=False).encode()
        if message["role"] == "user":
            assert "<" not in message["content"]
    assert talk.converse(bot, GOOD, messages)[0][-1]["content"]
    assert talk.converse(bot, GOOD, [])[1] == good.citations


def test_the_same_question_a_hundred_times(bot, good):
    assert {bot.ask(GOOD).to_dict().__repr__() for _ in range(100)} == {good.to_dict().__repr__()}


def put(folder, name, body):
    path = folder / name
    path.write_bytes(body)
    return path


@pytest.mark.parametrize("name", FILES)
def test_a_bad_file_is_one_sentence_by_every_way(tmp_path, capsys, bot, name):
    path = put(tmp_path, *FILES[name])
    begun = time.monotonic()
    with pytest.raises(FileError) as caught:
        Assistant.from_file(path, encoder=bot.encoder)
    assert time.monotonic() - begun < SLOW
    for language in ("th", "en"):
        told = caught.value.sentence(language)
        assert "\n" not in told and str(tmp_path) not in told
    assert cli.main(["ask", GOOD, "--article", str(path)]) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1 and not any(leak in told for leak in LEAKS)
    shelf = OwnArticles(bot)
    with pytest.raises(FileError):
        shelf.upload(put(tmp_path, *FILES[name]))
    assert not tmp_path.exists()  # an upload is gone once it is read


@pytest.mark.parametrize("name", GOOD_FILES)
def test_an_odd_but_good_file_is_read(tmp_path, bot, name):
    path = put(tmp_path, *GOOD_FILES[name])
    article = Assistant.from_file(path, encoder=bot.encoder).article
    assert article.text.strip()


def test_an_article_of_the_largest_size_is_asked(bot):
    line = "นายสมชาย ใจดี เปิดตลาดที่จังหวัดตรัง เมื่อวันที่ 4 มกราคม 2568 มีร้านค้า 86 ร้าน\n\n"
    long = Assistant.from_text((line * 400)[:30_000], encoder=bot.encoder)
    sound(long.ask("มีร้านค้ากี่ร้าน"), long.article)


@pytest.mark.parametrize("name", [n for n in TEXTS if n.startswith("35")])
def test_hostile_articles_are_quoted_as_text(bot, name):
    from assistant.markup import answer_html, article_html

    own = Assistant.from_text(f"{TEXTS[name]} เปิดตลาดที่จังหวัดตรัง มีร้านค้า 86 ร้าน", encoder=bot.encoder)
    answer = own.ask("มีร้านค้ากี่ร้าน")
    sound(answer, own.article)
    for shown in (article_html(own.article), answer_html(answer, lambda c: own.manner(c, "th"))):
        assert "<script" not in shown and "<img" not in shown and "<form" not in shown and "<iframe" not in shown
