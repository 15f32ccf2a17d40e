"""The endpoints for machines: what they answer, that OpenAPI tells the truth, and one shape for every refusal."""

import json
import threading
from dataclasses import asdict
from pathlib import Path

import fastapi
import pydantic
import pytest
from starlette.testclient import TestClient

from assistant import routes, settings, wire
from assistant.interface import words
from assistant.settings import MAX_QUESTION_CHARS


@pytest.fixture(scope="module")
def bot():
    from assistant.api import Assistant

    return Assistant()


def opened(bot):
    app = fastapi.FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    routes.add_routes(app, bot)
    return TestClient(app, raise_server_exceptions=False)


@pytest.fixture(scope="module")
def client(bot):
    return opened(bot)


@pytest.fixture(scope="module")
def described(client):
    return client.get("/api/openapi.json").json()


@pytest.mark.parametrize("question", ["ประชุมกันที่ไหน", "Who met, and where?", "What colour was the carpet?"])
def test_an_answer_is_that_of_python(client, bot, question):
    got = client.post("/api/ask", json={"question": question})
    assert got.status_code == 200
    assert got.json() == json.loads(json.dumps(bot.ask(question).to_dict()))
    assert got.headers["content-type"] == "application/json"


def test_earlier_questions_count(client, bot):
    history = ["Who met?"]
    got = client.post("/api/ask", json={"question": "Where?", "history": history}).json()
    assert got == json.loads(json.dumps(bot.ask("Where?", history=history).to_dict()))


def test_passages_are_those_of_python(client, bot):
    got = client.post("/api/search", json={"query": "คุ้มครองผู้เสียหาย", "k": 2}).json()
    assert got == {"passages": [asdict(p) for p in bot.search("คุ้มครองผู้เสียหาย", k=2)]}


def test_the_article_comes_untouched_and_quotes_fit_it(client, bot):
    article = client.get("/api/article").json()
    assert (article["id"], article["text"]) == (bot.article.id, bot.article.text)
    for citation in client.post("/api/ask", json={"question": "ใครประชุมกัน"}).json()["citations"]:
        assert article["text"][citation["start"] : citation["end"]] == citation["quote"]


@pytest.mark.parametrize("language", ["th", "en"])
def test_facts_are_those_of_python(client, bot, language):
    got = client.get("/api/facts", params={"lang": language}).json()
    assert got == {"article": bot.article.id, "facts": [asdict(f) for f in bot.facts(language)]}


def test_of_several_articles_one_is_asked_for_by_its_id(tmp_path):
    from assistant.api import Assistant

    for name, text in (("one", "ฝนตกหนักที่เชียงใหม่เมื่อวันที่ 2 มกราคม 2567"), ("two", "ไฟไหม้ตลาดที่ตรังเมื่อวันที่ 3 มกราคม 2567")):
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    client = opened(Assistant.from_folder(tmp_path))
    heads = client.get("/api/article").json()["articles"]
    assert len(heads) == 2
    for head in heads:
        assert client.get("/api/article", params={"id": head["id"]}).json()["title"] == head["title"]
        facts = client.get("/api/facts", params={"id": head["id"]}).json()["facts"]
        assert {f["citation"]["article"] for f in facts if f["citation"]} == {head["id"]}
    assert client.get("/api/facts").status_code == 404


def test_openapi_names_these_endpoints_alone(described):
    assert set(described["paths"]) == {"/api/ask", "/api/search", "/api/article", "/api/facts", "/healthz"}


@pytest.mark.parametrize(
    ("method", "path", "sent"),
    [
        ("post", "/api/ask", {"question": "ใครประชุมกัน"}),
        ("post", "/api/search", {"query": "ประชุม"}),
        ("get", "/api/article", None),
        ("get", "/api/facts", None),
        ("get", "/healthz", None),
    ],
)
def test_openapi_describes_what_is_sent(client, described, method, path, sent):
    schema = described["paths"][path][method]["responses"]["200"]["content"]["application/json"]["schema"]
    named = [s["$ref"].rpartition("/")[2] for s in schema.get("anyOf", [schema])]
    body = client.request(method, path, json=sent).json()
    models = [getattr(wire, name) for name in named]
    model = next(m for m in models if set(body) == set(m.model_fields))
    kept = pydantic.TypeAdapter(model).validate_python(body).model_dump()
    assert kept == body  # nothing is sent that the description leaves out
    assert described["components"]["schemas"][model.__name__]["properties"].keys() == model.model_fields.keys()


BAD = [
    ("post", "/api/ask", {"json": {}}, 422),
    ("post", "/api/ask", {"json": {"question": ""}}, 422),
    ("post", "/api/ask", {"json": {"question": " \n"}}, 422),
    ("post", "/api/ask", {"json": {"question": "x" * (MAX_QUESTION_CHARS + 1)}}, 422),
    ("post", "/api/ask", {"json": {"question": 5}}, 422),
    ("post", "/api/ask", {"json": {"question": None}}, 422),
    ("post", "/api/ask", {"json": {"question": "who?", "history": "where?"}}, 422),
    ("post", "/api/ask", {"json": {"question": "who?", "history": [1]}}, 422),
    ("post", "/api/ask", {"json": {"question": "who?", "histori": []}}, 422),
    ("post", "/api/ask", {"json": ["who?"]}, 422),
    ("post", "/api/ask", {"content": b"{", "headers": {"content-type": "application/json"}}, 400),
    ("post", "/api/ask", {"content": b"\xff\xfe", "headers": {"content-type": "application/json"}}, 400),
    ("post", "/api/ask", {"content": b'{"question": "\\ud800"}', "headers": {"content-type": "application/json"}}, 422),
    ("post", "/api/ask", {"content": b"question=who", "headers": {"content-type": "text/plain"}}, 415),
    ("post", "/api/ask", {}, 415),
    ("post", "/api/search", {"json": {"query": "x", "k": 0}}, 422),
    ("post", "/api/search", {"json": {"query": "x", "k": 10**9}}, 422),
    ("post", "/api/search", {"json": {"query": "x", "k": "5"}}, 422),
    ("post", "/api/search", {"json": {"query": "x", "since": "tomorrow"}}, 422),
    ("get", "/api/article", {"params": {"id": "../../etc/passwd"}}, 404),
    ("get", "/api/facts", {"params": {"lang": "fr"}}, 422),
    ("get", "/api/nothing", {}, 404),
    ("get", "/api", {}, 404),
    ("get", "/api/ask", {}, 405),
    ("delete", "/api/article", {}, 405),
    ("post", "/healthz", {}, 405),
]


@pytest.mark.parametrize(("method", "path", "sent", "status"), BAD)
def test_every_refusal_has_one_shape_and_the_next_question_is_answered(client, method, path, sent, status):
    got = client.request(method, path, **sent)
    assert got.status_code == status
    wire.Refused.model_validate(got.json(), strict=True)
    error = got.json()["error"]
    assert set(got.json()) == {"error"}
    assert error["status"] == status
    assert "Traceback" not in got.text
    assert str(Path(routes.__file__).parent.parent) not in got.text
    assert any("ก" <= c <= "๛" for c in error["message_th"])
    assert client.post("/api/ask", json={"question": "ประชุมกันที่ไหน"}).json()["answered"] is True


@pytest.mark.parametrize(
    "text", ["\x00", "\x1b[31m", "<script>", "{}%s", "💐" * 50, "\u202e" * 20, "๙" * 500, "่" * 500]
)
def test_odd_text_gets_an_answer(client, text):
    got = client.post("/api/ask", json={"question": f"ที่ไหน {text}"})
    assert got.status_code == 200
    wire.Answered.model_validate(got.json())


def test_what_nobody_foresaw_is_told_without_its_words():
    class Broken:
        def ask(self, question, history=()):
            raise RuntimeError("secret /path")

    got = opened(Broken()).post("/api/ask", json={"question": "who?"})
    assert got.status_code == 500
    assert got.json()["error"]["message"] == words()["en"]["http_unforeseen"]
    assert "secret" not in got.text


def test_too_many_at_once_are_told_to_come_again():
    held, started = threading.Event(), threading.Semaphore(0)

    class Slow:
        def ask(self, question, history=()):
            started.release()
            held.wait(20)
            raise RuntimeError

    client, codes = opened(Slow()), []
    threads = []
    with client:
        for _ in range(settings.WAITING.number(1, 1000) + 3):
            thread = threading.Thread(
                target=lambda: codes.append(client.post("/api/ask", json={"question": "x"}).status_code)
            )
            thread.start()
            threads.append(thread)
        for _ in range(settings.WORKERS.number(1, 64)):
            started.acquire(timeout=20)
        while len(codes) < 3:
            threads[0].join(0.05)
        assert codes[:3] == [503] * 3
        held.set()
        for thread in threads:
            thread.join(20)
    assert len(codes) == settings.WAITING.number(1, 1000) + 3
