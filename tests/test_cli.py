"""The command line: an answer or one line on stderr, in every terminal."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from assistant import cli
from assistant.interface import visible
from assistant.prompts import load

ROOT = Path(__file__).parent.parent
HEAVY = {"torch", "gradio", "langchain_core", "sentence_transformers", "transformers", "fastapi"}


@pytest.fixture(scope="module")
def bot():
    from assistant.api import Assistant

    return Assistant()


@pytest.fixture
def shared(bot, monkeypatch):
    """The one assistant of this module where the command would load its own; an --article is still read."""
    loaded = cli._bot
    monkeypatch.setattr(cli, "_bot", lambda article: loaded(article) if article else bot)
    return bot


def run(*argv, env=None, stdin=None, **options):
    return subprocess.run(
        [sys.executable, "-m", "assistant.cli", *argv],
        cwd=ROOT,
        capture_output=True,
        input=stdin,
        env={**os.environ, **(env or {})},
        timeout=120,
        **options,
    )


def one_line(text):
    return text.startswith("thamkhao: ") and text.endswith("\n") and text.count("\n") == 1


def test_ask_prints_the_answer_then_each_quote_then_suggestions(shared, capsys):
    assert cli.main(["ask", "ใครประชุมกัน"]) == 0
    answer = shared.ask("ใครประชุมกัน")
    out = capsys.readouterr().out
    expected = [answer.text, *(f"[{c.paragraph}] {c.quote}" for c in answer.citations), *answer.suggestions]
    places = [out.index(visible(part)) for part in expected]
    assert places == sorted(places)
    assert out.startswith(answer.text + "\n")


def test_ask_json_is_the_answer_as_data(shared, capsys):
    assert cli.main(["ask", "Who met, and where?", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(json.dumps(shared.ask("Who met, and where?").to_dict()))


def test_not_in_the_article_is_an_answer_not_an_error(shared, capsys):
    assert cli.main(["ask", "What is the capital of Peru?"]) == 0
    assert capsys.readouterr().err == ""


def test_another_article_is_read_from_its_file(capsys, tmp_path):
    path = tmp_path / "ข่าว.txt"
    path.write_text("น้ำท่วมเมืองน่าน\n\nเมื่อวันที่ 3 ส.ค. นายสมชาย ใจดี นายอำเภอ เปิดเผยว่า น้ำท่วม 12 หมู่บ้าน", encoding="utf-8")
    assert cli.main(["ask", "น้ำท่วมกี่หมู่บ้าน", "--article", str(path), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    text = path.read_text(encoding="utf-8")
    assert "12" in answer["text"]
    assert all(text[c["start"] : c["end"]] == c["quote"] for c in answer["citations"])


@pytest.mark.parametrize(
    "argv",
    [
        [],
        ["nonsense"],
        ["ask"],
        ["ask", ""],
        ["ask", " \n\t"],
        ["ask", "who", "--what"],
        ["ask", "who", "--article", "/no/such.txt"],
        ["ask", "who", "--article", "/"],
        ["facts", "--article", "no\x00name.txt"],
        ["index"],
        ["index", "/no/such/folder"],
        ["evaluate"],
        ["evaluate", "/no/such.jsonl"],
        ["evaluate", "--paraphrases", "/no/such.jsonl"],
        ["evaluate", "--leave-evidence-out"],
        ["evaluate", "/no/such.jsonl", "--compare", "/no/such.json"],
        ["evaluate", "/no/such.jsonl", "--leave-evidence-out", "--compare", "/no/such.json"],
        ["serve", "--port", "x"],
        ["serve", "--port", "70000"],
        ["serve", "--host", "no host"],
        ["ask", "who", "--article", "\udcff.txt"],
    ],
)
def test_an_error_is_one_line_and_exit_2(argv, shared, capsys):
    assert cli.main(argv) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert one_line(captured.err), captured.err


def test_the_error_speaks_the_language_of_the_terminal(capsys, monkeypatch):
    monkeypatch.setenv("LC_ALL", "th_TH.UTF-8")
    cli.main(["ask", ""])
    thai = capsys.readouterr().err
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    cli.main(["ask", ""])
    english = capsys.readouterr().err
    assert load("errors.json")["th"]["empty_question"] in thai
    assert load("errors.json")["en"]["empty_question"] in english


@pytest.mark.parametrize(
    "question",
    ["\ud800 who met?", "who\udce0 met?", "who \x00\x1b[31mmet?", "\u202ewho met?", "😀", "{}%s", "x" * 2001],
)
def test_odd_characters_get_an_answer_that_cannot_steer_the_terminal(shared, capsys, question):
    assert cli.main(["ask", question]) == 0
    out = capsys.readouterr().out
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", out)


def test_unexpected_errors_show_no_traceback(capsys, monkeypatch):
    def broken(article):
        raise RuntimeError("first\nsecond")

    monkeypatch.setattr(cli, "_bot", broken)
    assert cli.main(["ask", "who"]) == 2
    assert one_line(capsys.readouterr().err)


def test_an_interrupt_is_exit_130(capsys, monkeypatch):
    def interrupted(article):
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "_bot", interrupted)
    assert cli.main(["ask", "who"]) == 130
    assert capsys.readouterr().err == ""


def test_help_lists_every_command(capsys):
    assert cli.main(["--help"]) == 0
    out = capsys.readouterr().out
    for command in ("ask", "chat", "serve", "index", "facts", "evaluate", "doctor"):
        assert re.search(rf"^ +{command} ", out, re.M)


def test_facts_are_one_line_each(shared, capsys):
    assert cli.main(["facts"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(shared.facts())
    cli.main(["facts", "--json"])
    rows = json.loads(capsys.readouterr().out)
    text = shared.article.text
    assert [row["text"] for row in rows] == [fact.text for fact in shared.facts()]
    cited = [row["citation"] for row in rows if row["citation"]]
    assert all(text[c["start"] : c["end"]] == c["quote"] for c in cited)


def test_doctor_finds_this_installation_whole(capsys):
    assert cli.main(["doctor"]) == 0, capsys.readouterr().out
    out = capsys.readouterr().out
    assert f"Python {'.'.join(map(str, sys.version_info[:3]))}" in re.sub(" +", " ", out)
    assert "gradio" in out


def test_doctor_says_which_encoder_is_in_use_and_whether_the_index_fits(monkeypatch):
    from assistant.doctor import findings
    from assistant.encoder import shipped_encoder

    used = shipped_encoder()
    found = {f.name: f for f in findings("en")}
    assert found["encoder"].detail == f"encoder ok (384 dimensions, fingerprint {used.fingerprint[:12]})"
    assert found["index and encoder"].detail == "fit each other"
    monkeypatch.setattr(used, "fingerprint", "0" * 64)
    fit = {f.name: f for f in findings("en")}["index and encoder"]
    assert not fit.whole
    assert "in use is '000000000000'" in fit.detail
    assert "make index" in fit.detail
    assert all(f.detail for f in findings("th"))


def test_doctor_says_what_is_damaged(capsys, monkeypatch, tmp_path):
    from assistant.encoder import shipped_encoder

    monkeypatch.setenv("THAMKHAO_ENCODER", str(tmp_path))
    shipped_encoder.cache_clear()
    assert cli.main(["doctor"]) == 2
    shipped_encoder.cache_clear()
    assert "model.safetensors" in capsys.readouterr().out


def test_evaluate_reports_the_headline_figures(capsys, tmp_path):
    case = {
        "id": "1",
        "lang": "th",
        "kind": "where",
        "question": "ประชุมกันที่ไหน",
        "history": [],
        "answerable": True,
        "expect": [["ฮานอย"]],
        "reject": [],
        "evidence": ["ที่กรุงฮานอย ประเทศเวียดนาม"],
        "note": "",
    }
    path = tmp_path / "one.jsonl"
    path.write_text(json.dumps(case, ensure_ascii=False) + "\n", encoding="utf-8")
    assert cli.main(["evaluate", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["share_right"]["of"] == 1
    assert cli.main(["evaluate", str(path)]) == 0
    assert "share right" in capsys.readouterr().out


@pytest.mark.parametrize(
    "code",
    [
        "import assistant",
        "import assistant.cli",
        "from assistant import cli; cli.main(['ask', 'who met?'])",
        "from assistant import cli; cli.main(['facts'])",
    ],
)
def test_no_heavy_package_is_loaded(code):
    check = f"{code}\nimport sys\nsys.stderr.write(' '.join({HEAVY!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", check], cwd=ROOT, capture_output=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.slow
@pytest.mark.parametrize(
    "env",
    [
        {"LC_ALL": "C"},
        {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
        {"PYTHONIOENCODING": "ascii"},
        {"HOME": "/dev/null"},
    ],
)
@pytest.mark.parametrize("as_json", [[], ["--json"]])
def test_a_poor_terminal_gets_the_same_answer(bot, env, as_json):
    done = run(b"ask", "ประชุมกันที่ไหน".encode(), *as_json, env=env)
    assert (done.returncode, done.stderr) == (0, b"")
    if as_json:
        assert json.loads(done.stdout.decode())["text"] == bot.ask("ประชุมกันที่ไหน").text
    else:
        text = bot.ask("ประชุมกันที่ไหน").text
        assert done.stdout.splitlines()[0] in (text.encode(), text.encode("ascii", "backslashreplace"))


@pytest.mark.slow
def test_bytes_that_are_no_text_get_an_answer():
    done = run(b"ask", b"\xff\xfe who met?")
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.slow
def test_a_reader_that_goes_away_ends_quietly():
    command = f"{sys.executable} -m assistant.cli ask 'Who met?' --json | true; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, timeout=120)
    assert done.stderr == b""
    assert done.returncode in (0, 141)


@pytest.mark.slow
def test_chat_keeps_the_conversation_and_ends_with_the_input(bot):
    done = run("chat", stdin="ประชุมกันที่ไหน\n\nเมื่อไหร่\n".encode())
    assert (done.returncode, done.stderr) == (0, b"")
    out = done.stdout.decode()
    assert out.startswith(bot.ask("ประชุมกันที่ไหน").text)
    assert bot.ask("เมื่อไหร่", history=["ประชุมกันที่ไหน"]).text in out


@pytest.mark.slow
def test_chat_is_interrupted_without_a_traceback():
    chat = subprocess.Popen(
        [sys.executable, "-m", "assistant.cli", "chat"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(
            signal.SIGINT, signal.default_int_handler
        ),  # a run in the background ignores it
    )
    chat.stdin.write(b"who met?\n")
    chat.stdin.flush()
    assert chat.stdout.readline()
    time.sleep(0.2)
    chat.send_signal(signal.SIGINT)
    assert chat.wait(30) == 130
    assert chat.stderr.read() == b""


def test_a_port_in_use_is_told_before_anything_is_loaded():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        begun = time.monotonic()
        done = run("serve", "--port", str(taken.getsockname()[1]))
    assert done.returncode == 2
    assert one_line(done.stderr.decode())
    assert time.monotonic() - begun < 5


def test_the_tools_for_models_say_what_python_says():
    from assistant.api import Assistant
    from assistant.tools import tools

    bot = Assistant()
    ask, search, facts = tools(bot)
    assert ask("ประชุมกันที่ไหน") == bot.ask("ประชุมกันที่ไหน").to_dict()
    assert ask("Where?", ["Who met?"]) == bot.ask("Where?", history=["Who met?"]).to_dict()
    assert [p["text"] for p in search("การค้ามนุษย์", 2)] == [p.text for p in bot.search("การค้ามนุษย์", k=2)]
    assert [f["label"] for f in facts("th")] == [f.label for f in bot.facts("th")]
    assert all(tool.__doc__ for tool in (ask, search, facts))
