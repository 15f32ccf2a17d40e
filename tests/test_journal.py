"""The log: whole lines, no words of the question unless wanted, nothing that steers a terminal; every error's words."""

import ast
import json
import re
import stat
from pathlib import Path

import pytest

from assistant import errors, journal
from assistant.errors import InputError, ThamKhaoError
from assistant.prompts import load

ROOT = Path(__file__).resolve().parent.parent
FORGED = 'ใคร\x1b[31m\r\n{"event": "forged"}\u2028\u202e\x7f'


@pytest.fixture
def log(tmp_path, monkeypatch):
    path = tmp_path / "log.jsonl"
    monkeypatch.setenv("THAMKHAO_LOG", str(path))
    monkeypatch.setitem(journal._told, "unwritable", False)
    return path


def test_a_question_leaves_one_line_without_its_words(bot, log):
    journal.answered("http", FORGED, lambda: bot.ask(FORGED))
    (line,) = log.read_bytes().splitlines()
    assert all(32 <= byte < 127 for byte in line)
    row = json.loads(line)
    assert (row["event"], row["way"], row["characters"]) == ("asked", "http", len(FORGED))
    assert "question" not in row
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_the_words_are_there_when_wanted_and_forge_nothing(bot, log, monkeypatch):
    monkeypatch.setenv("THAMKHAO_LOG_QUESTIONS", "on")
    journal.answered("http", FORGED, lambda: bot.ask(FORGED))
    (line,) = log.read_bytes().splitlines()
    assert all(32 <= byte < 127 for byte in line)
    assert json.loads(line)["question"] == FORGED


def test_a_full_log_is_set_aside(log, monkeypatch):
    log.write_bytes(b"x" * 1_000_001)
    monkeypatch.setenv("THAMKHAO_LOG_MB", "1")
    journal.write("asked")
    assert json.loads(log.read_bytes())["event"] == "asked"
    assert log.with_name("log.jsonl.1").stat().st_size == 1_000_001


def test_a_log_that_cannot_be_written_is_told_of_once_and_answers_go_on(bot, log, monkeypatch, capsys):
    monkeypatch.setenv("THAMKHAO_LOG", str(log / "not" / "here"))
    for _ in range(2):
        assert journal.answered("http", "ใคร", lambda: bot.ask("ใคร"))
    assert capsys.readouterr().err.count("log_unwritable") == 1


def raised():
    """Yield the file, class and code of every error raised with a code."""
    for path in sorted((ROOT / "assistant").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
                kind = getattr(errors, node.func.id, None)
                if isinstance(kind, type) and issubclass(kind, ThamKhaoError):
                    yield path.name, kind, node


def test_every_error_has_its_sentences_and_every_sentence_its_error():
    used = set()
    for name, kind, node in raised():
        if not isinstance(node.args[0], ast.Constant):
            continue
        code = node.args[0].value
        sentences = load(kind.table)
        assert code in sentences["en"], f"{name}:{node.lineno} {code}"
        wanted = set(re.findall(r"{(\w+)", sentences["en"][code]))
        if kind.table == "errors.json":
            assert {k.arg for k in node.keywords} >= wanted, f"{name}:{node.lineno} {code}"
        used.add(code)
    assert set(load("errors.json")["en"]) == used & set(load("errors.json")["en"])


def test_an_error_speaks_both_languages_and_carries_its_code():
    error = InputError("article_empty")
    assert error.code == "article_empty"
    assert re.search("[ก-๙]", error.sentence("th")) and error.sentence("en").isascii()
    assert str(InputError("set_row", name="x", number=1, reason=error)).endswith(error.sentence("en"))
