"""The figures of an evaluation, held against hand arithmetic, and how the command picks its articles."""

import hashlib
import io
import json
import sys
import types
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.errors import InputError
from assistant.evaluate import Conditions, Report, evaluate, joined
from assistant.evaluation import Options, run
from assistant.judging import Case, Judgement
from assistant.records import Answer, Article, Citation

TEXT = "น้ำท่วมเมืองเก่า\n\nผู้ว่าฯ กล่าวว่า น้ำท่วม 1,340 ไร่ ใน ๓ อำเภอ"
Opened = list[Path | None]
AT = TEXT.index("1,340")
GOOD = Answer("น้ำท่วม 1,340 ไร่", "th", "answered", "howmany", (Citation("a", "1,340 ไร่", AT, AT + 9, 2),))


def write(path: Path, *rows: object) -> Path:
    path.write_text("".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows), encoding="utf-8")
    return path


def report_of(*marks: tuple[str, str, bool, bool, bool, float, int]) -> Report:
    """Build a report from (lang, kind, answerable, answered, right, milliseconds, answer length)."""
    cases, judgements = [], []
    for index, (lang, kind, answerable, answered, right, ms, length) in enumerate(marks):
        cases.append(Case(str(index), lang, kind, "q", (), answerable, (), (), ()))
        given = Answer("ก" * length, "th", "answered" if answered else "not_stated", kind)
        judgements.append(Judgement(str(index), right, () if right else ("missing_expected:x",), given, ms))
    return Report(tuple(cases), tuple(judgements), Conditions("3", "p", "", "2026-01-02", (("a.jsonl", "ff"),)))


REPORT = report_of(
    ("th", "who", True, True, True, 10, 4),
    ("th", "who", True, True, False, 20, 5),
    ("en", "who", True, False, False, 30, 9),
    ("en", "unanswerable", False, False, True, 40, 7),
    ("en", "unanswerable", False, False, True, 50, 8),
    ("th", "false_premise", False, True, False, 60, 100),
    ("th", "unanswerable", False, False, False, 70, 6),
)


def test_figures_by_hand() -> None:
    d = REPORT.to_dict()
    assert d["share_right"] == {"share": 0.4286, "count": 3, "of": 7}
    assert d["by_language"] == {
        "th": {"share": 0.25, "count": 1, "of": 4},
        "en": {"share": 0.6667, "count": 2, "of": 3},
    }
    assert {k: (v["count"], v["of"]) for k, v in d["by_kind"].items()} == {
        "who": (1, 3),
        "unanswerable": (2, 3),
        "false_premise": (0, 1),
    }
    # Silent on 4, 3 of them unanswerable; 4 are unanswerable: precision 3/4, recall 3/4, F1 6/8.
    assert d["abstention"] == {"precision": 0.75, "recall": 0.75, "f1": 0.75}
    assert d["answered_wrongly"] == {"share": 0.2857, "count": 2, "of": 7}
    assert d["answered_unanswerable"] == {"share": 0.1429, "count": 1, "of": 7}
    assert (d["milliseconds"], d["answer_characters"]) == ({"p50": 40, "p95": 70}, {"median": 7})
    assert d["faults"] == {"missing_expected": 4}


def test_f1_with_unequal_precision_and_recall() -> None:
    d = report_of(
        *[("th", "what", False, False, True, 1, 1)] * 2,
        *[("th", "what", False, True, False, 1, 1)] * 6,
        ("th", "what", True, False, False, 1, 1),
    ).to_dict()["abstention"]
    assert d == {"precision": 0.6667, "recall": 0.25, "f1": 0.3636}  # 2/3, 2/8, 2PR/(P+R) = 4/11


def test_a_share_of_nothing_is_none() -> None:
    d = report_of(("th", "who", True, True, True, 1, 1)).to_dict()
    assert d["abstention"] == {"precision": None, "recall": None, "f1": None}


def sure(answerable: bool, answered: bool, right: bool, confidence: float) -> Report:
    """Build a report of one question whose answer has a confidence."""
    report = report_of(("th", "who", answerable, answered, right, 1, 1))
    judged = report.judgements[0]
    told = replace(judged, answer=replace(judged.answer, confidence=confidence))
    return replace(report, judgements=(told,), sets=("s",))


def test_what_the_confidence_is_worth_by_hand() -> None:
    # (answerable, answered, right, confidence); the belief that the article answers is 0.9, 0.6, 0.5, 0.2, 0.3.
    marks = [(True, True, True, 0.9), (True, True, False, 0.6), (True, True, True, 0.5)]
    marks += [(False, False, True, 0.8), (True, False, False, 0.7)]
    d = joined([sure(*mark) for mark in marks]).to_dict()["confidence"]
    # Answered rightly 0.9 and 0.5, the rest 0.6, 0.2, 0.3: 0.9 is ahead of all three, 0.5 of two.
    assert d["auroc"] == round(5 / 6, 4)
    # Right 0.9, 0.5, 0.8; wrong 0.6, 0.7: 0.9 and 0.8 are ahead of both, 0.5 of none.
    assert d["auroc_reply"] == round(4 / 6, 4)
    assert d["coverage"] == 0.4  # 0.9 and 0.8 are right, 0.7 is wrong
    assert d["coverage_answers"] == 0.2  # of five questions, only the answer at 0.9 is safe
    # One reply a bin (0.8, 0.9], (0.7, 0.8], (0.6, 0.7], (0.5, 0.6], (0.4, 0.5].
    assert d["calibration_error"] == round((0.1 + 0.2 + 0.7 + 0.6 + 0.5) / 5, 4)


def test_joined_reports_tell_their_sets_apart() -> None:
    one = replace(report_of(("th", "who", True, True, True, 1, 1)), sets=("a",))
    two = replace(report_of(("en", "who", True, True, False, 1, 1)), sets=("b",))
    d = joined([one, two]).to_dict()
    assert d["by_set"] == {"a": {"share": 1.0, "count": 1, "of": 1}, "b": {"share": 0.0, "count": 0, "of": 1}}
    assert [f["name"] for f in d["conditions"]["files"]] == ["a.jsonl", "a.jsonl"]
    assert list(d)[:2] == ["conditions", "share_right"]


def test_markdown_opens_with_conditions_and_then_the_primary_metric() -> None:
    lines = REPORT.to_markdown().splitlines()
    assert lines[0] == "| condition | value |"
    assert "| date | 2026-01-02 |" in lines and "| `a.jsonl` | sha256 ff |" in lines
    assert lines[lines.index("| share right | share | right | of |") + 2] == "| **all** | 42.9 % | 3 | 7 |"
    assert "| answered wrongly | 28.6 % (2 of 7) |" in lines and "| language th | 25.0 % | 1 | 4 |" in lines


class FakeBot:
    """Says GOOD to everything and remembers what it was asked."""

    def __init__(self, article: Article | None = None) -> None:
        self.article = article or Article("a", "t", TEXT)
        self.encoder = types.SimpleNamespace(name="fake-encoder")
        self.asked: list[tuple[str, tuple[str, ...]]] = []

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
        self.asked.append((question, tuple(history)))
        return GOOD


def flood(**changes: object) -> dict[str, object]:
    return {
        "id": "r-1",
        "lang": "th",
        "kind": "who",
        "question": "ใคร",
        "history": [],
        "answerable": True,
        "expect": [["1,340"]],
        "reject": [],
        "evidence": ["1,340 ไร่"],
        **changes,
    }


def test_evaluate_asks_each_question_once_after_one_warm_up(tmp_path: Path) -> None:
    path = write(tmp_path / "s.jsonl", flood(history=["ที่ไหน"]), flood(id="r-2", question="กี่ไร่", answerable=False))
    bot = FakeBot()
    report = evaluate([path], bot, made_on="2026-01-02")
    assert bot.asked == [("ใคร", ("ที่ไหน",)), ("ใคร", ("ที่ไหน",)), ("กี่ไร่", ())]
    assert [j.right for j in report.judgements] == [True, False]
    assert all(0 <= j.milliseconds < 1000 for j in report.judgements)
    assert report.failures() == (
        {
            "id": "r-2",
            "kind": "who",
            "history": [],
            "question": "กี่ไร่",
            "expected": "not stated",
            "got": "น้ำท่วม 1,340 ไร่",
            "status": "answered",
            "faults": ["answered_wrongly"],
        },
    )
    made = report.to_dict()["conditions"]
    assert (made["encoder"], made["date"]) == ("fake-encoder", "2026-01-02")
    assert made["files"] == [
        {"name": "s.jsonl", "sha256": hashlib.sha256(path.read_bytes()).hexdigest()},
        {"name": "article a", "sha256": hashlib.sha256(TEXT.encode()).hexdigest()},
    ]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Opened:
    """Stand in for the engine; the list tells which articles were opened (None: the shipped one)."""
    seen: Opened = []

    class FakeAssistant(FakeBot):
        def __init__(self) -> None:
            super().__init__()
            seen.append(None)

        @classmethod
        def from_file(cls, path: Path) -> FakeBot:
            seen.append(path)
            return FakeBot(Article(path.stem, "t", TEXT + (" ๆ" if path.stem == "none" else "")))

    monkeypatch.setitem(sys.modules, "assistant.api", types.SimpleNamespace(Assistant=FakeAssistant))
    return seen


def test_a_set_is_asked_about_the_named_article_the_one_beside_it_or_the_shipped(
    tmp_path: Path, opened: Opened
) -> None:
    beside, alone = write(tmp_path / "x.jsonl", flood()), write(tmp_path / "y.jsonl", flood(reject=["1340"]))
    (tmp_path / "x.txt").write_text(TEXT, encoding="utf-8")
    out = io.StringIO()
    assert run(Options((beside, alone), as_json=True), out) == 0
    assert opened == [tmp_path / "x.txt", None]
    told = json.loads(out.getvalue())
    assert told["share_right"] == {"share": 0.5, "count": 1, "of": 2} and [f["id"] for f in told["failures"]] == ["r-1"]
    assert [f["name"] for f in told["conditions"]["files"]] == ["x.jsonl", "article x", "y.jsonl", "article a"]
    opened.clear()
    out = io.StringIO()
    assert run(Options((beside, alone), tmp_path / "z.txt"), out) == 0
    assert opened == [tmp_path / "z.txt"]
    assert out.getvalue().endswith(
        "\n- `r-1` who: ใคร\n  - expected: 1,340\n  - got (answered): น้ำท่วม 1,340 ไร่\n  - faults: rejected:1340\n"
    )


def test_a_quote_that_is_not_verbatim_shows_in_the_exit_code(
    tmp_path: Path, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = replace(GOOD, citations=(Citation("a", "1,340", 3, 8, 1),))
    monkeypatch.setattr(FakeBot, "ask", lambda self, question, history=(): bad)
    assert run(Options((write(tmp_path / "s.jsonl", flood()),)), io.StringIO()) == 1


def test_no_set_at_all_is_an_error(opened: Opened) -> None:
    with pytest.raises(InputError, match="got none"):
        run(Options(), io.StringIO())


def test_the_folder_gets_the_run_as_json_markdown_and_page(tmp_path: Path, opened: Opened) -> None:
    path = write(tmp_path / "s.jsonl", flood(), flood(id="r-2", reject=["1340"]))
    out, folder = io.StringIO(), tmp_path / "new" / "folder"
    assert run(Options((path,), out=folder), out) == 0
    assert (folder / "results.md").read_text(encoding="utf-8") == out.getvalue()
    told = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    assert list(told) == ["conditions", "figures", "rows"]
    assert told["figures"]["share_right"] == {"share": 0.5, "count": 1, "of": 2}
    second = told["rows"][1]
    assert 0 <= second.pop("ms") < 1000
    assert second == {
        "id": "r-2",
        "set": "s",
        "lang": "th",
        "kind": "who",
        "answerable": True,
        "answered": True,
        "right": False,
        "faults": ["rejected:1340"],
        "text": "น้ำท่วม 1,340 ไร่",
        "confidence": 0.0,
        "citations": [[AT, AT + 9]],
    }
    assert "<html" in (folder / "report.html").read_text(encoding="utf-8")


def test_a_run_is_compared_with_one_kept_in_a_file(
    tmp_path: Path, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "s.jsonl", flood())
    run(Options((path,), out=tmp_path), io.StringIO())
    monkeypatch.setattr(FakeBot, "ask", lambda self, question, history=(): replace(GOOD, text="น้ำ | ไฟ"))
    out = io.StringIO()
    run(Options((path,), compare=tmp_path / "results.json"), out)
    assert "| newly wrong | 1 |" in out.getvalue() and "| `s/r-1` | น้ำท่วม 1,340 ไร่ | น้ำ \\| ไฟ |" in out.getvalue()


def test_one_test_at_a_time(tmp_path: Path, opened: Opened) -> None:
    path = tmp_path / "s.jsonl"
    for options in (
        Options((path,), compare=path, leave_evidence_out=True),
        Options(paraphrases=path, leave_evidence_out=True),
        Options((path,), paraphrases=path),
    ):
        with pytest.raises(InputError):
            run(options, io.StringIO())
    assert opened == []
