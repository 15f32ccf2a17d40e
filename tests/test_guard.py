"""The door: who may come in, how often, with which password, under which name; and the last resort."""

import base64
import json

import pytest
from starlette.testclient import TestClient

from assistant import guard, server
from assistant.guard import Door, Guard
from assistant.rates import CLIENTS, Rates


def app_that(answer):
    async def app(scope, receive, send):
        if answer is None:
            raise RuntimeError("secret question in /home/reader")
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
        await send({"type": "http.response.body", "body": answer})

    return app


def client_of(door, answer=b"in", base="http://127.0.0.1:7860", **more):
    return TestClient(Guard(app_that(answer), door), base_url=base, raise_server_exceptions=False, **more)


HERE = frozenset({"127.0.0.1", "localhost", "::1"})


@pytest.mark.parametrize(
    ("host", "is_open", "comes_in"),
    [
        ("127.0.0.1:7860", False, True),
        ("localhost", False, True),
        ("LOCALHOST:1", False, True),
        ("[::1]:7860", False, True),
        ("evil.example", False, False),
        ("evil.example", True, False),
        ("192.168.1.5:7860", False, False),
        ("192.168.1.5:7860", True, True),
        ("127.0.0.1.evil.example", True, False),
        ("[::1", False, False),
        ("", False, False),
    ],
)
def test_only_its_own_names_are_answered(host, is_open, comes_in):
    got = client_of(Door(HERE, is_open)).get("/", headers={"host": host})
    assert (got.status_code == 200) == comes_in
    if not comes_in:
        assert got.json()["error"]["code"] == "bad_host"


def basic(word):
    return {"authorization": "Basic " + base64.b64encode(f"reader:{word}".encode()).decode()}


def test_a_password_is_asked_for_and_health_is_not_hidden():
    client = client_of(Door(HERE, password="ปลา:ทู"))
    refused = client.get("/")
    assert (refused.status_code, refused.json()["error"]["code"]) == (401, "password")
    assert refused.headers["www-authenticate"].startswith("Basic ")
    for wrong in (
        basic("x"),
        {"authorization": "Basic %%%"},
        {"authorization": "Bearer x"},
    ):
        assert client.get("/", headers=wrong).status_code == 401
    assert client.get("/", headers=basic("ปลา:ทู")).status_code == 200
    assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "http://127.0.0.1:7860"}, 200),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
    ],
)
def test_another_sites_page_cannot_send(headers, status):
    assert client_of(Door(HERE)).post("/api/ask", headers=headers).status_code == status


def test_other_machines_ask_only_so_often():
    now = [0.0]
    door = Door(HERE, rate=Rates(3, lambda: now[0]), upload_rate=Rates(1, lambda: now[0]))
    client = client_of(door, client=("203.0.113.7", 1))
    assert [client.post("/api/ask").status_code for _ in range(4)] == [200, 200, 200, 429]
    told = client.post("/api/search")
    assert (told.status_code, told.headers["retry-after"]) == (429, "20")
    assert client.get("/").status_code == 200
    assert client_of(door, client=("203.0.113.8", 1)).post("/api/ask").status_code == 200
    now[0] = 21.0
    assert client.post("/api/ask").status_code == 200
    assert [client.post(guard.UPLOAD).status_code for _ in range(2)] == [200, 429]
    here = client_of(door, client=("127.0.0.1", 1))
    assert {here.post("/api/ask").status_code for _ in range(9)} == {200}


def test_no_more_clients_are_remembered_than_there_is_room_for():
    rates = Rates(1)
    for number in range(CLIENTS + 100):
        rates.wait(str(number))
    assert len(rates._left) == CLIENTS
    assert Rates(0).wait("x") == 0.0


def test_uploads_wait_when_the_folder_is_full(tmp_path):
    door = Door(HERE, folder=tmp_path, folder_bytes=10)
    client = client_of(door)
    assert client.post(guard.UPLOAD).status_code == 200
    (tmp_path / "a").write_bytes(b"x" * 11)
    assert client.post(guard.UPLOAD).status_code == 507


def test_what_nobody_foresaw_is_one_sentence_and_a_line_in_the_log(capsys):
    got = client_of(Door(HERE), None).get("/api/article")
    assert (got.status_code, got.json()["error"]["code"]) == (500, "unforeseen")
    assert "secret" not in got.text and got.headers["x-content-type-options"] == "nosniff"
    line = json.loads(capsys.readouterr().err)
    assert (line["event"], line["error"]) == ("unforeseen", "RuntimeError")
    assert "secret" not in json.dumps(line)


def test_a_body_that_does_not_come_is_given_up(monkeypatch):
    import asyncio

    monkeypatch.setattr(guard, "BODY_SECONDS", 0.05)
    sent = []

    async def never():
        await asyncio.sleep(60)

    async def keep(message):
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/api/ask", "headers": [(b"host", b"localhost")]}
    asyncio.run(Guard(app_that(b"in"), Door(HERE))(scope, never, keep))
    assert sent[0]["status"] == 408


def test_head_is_get_without_the_body():
    got = client_of(Door(HERE)).head("/api/article")
    assert (got.status_code, got.content) == (200, b"")


def test_an_open_address_gets_a_password_and_a_warning(monkeypatch, capsys):
    monkeypatch.delenv("THAMKHAO_PASSWORD", raising=False)
    assert server.password_for("127.0.0.1") == ""
    assert capsys.readouterr().err == ""
    made = server.password_for("0.0.0.0")
    assert len(made) >= 12 and made in capsys.readouterr().err
    assert made != server.password_for("0.0.0.0")
    capsys.readouterr()
    monkeypatch.setenv("THAMKHAO_PASSWORD", "ปลาทู")
    assert server.password_for("0.0.0.0") == "ปลาทู"
    assert "ปลาทู" not in capsys.readouterr().err
    monkeypatch.setenv("THAMKHAO_PASSWORD", "off")
    assert server.password_for("0.0.0.0") == ""
    assert "warning" in capsys.readouterr().err
    monkeypatch.setenv("THAMKHAO_HOSTS", "news.example, ข่าว.example")
    assert server.door_of("0.0.0.0", None).answers_to("news.example:443")
