"""Paraphrase sets, and what counts as the same answer."""

import io
import json

import pytest

from assistant.errors import InputError
from assistant.evaluate import Conditions
from assistant.evaluation import Options, run
from assistant.judging import Case, Judgement
from assistant.paraphrases import Agreement, load_paraphrases, substance
from assistant.records import Answer

ROW = {
    "group": "g",
    "lang": "th",
    "question": "ที่ไหน",
    "answerable": True,
    "expect": [["ฮานอย"]],
    "reject": [],
    "evidence": [],
}
CASE = Case("c", "th", "list", "q", (), True, (("ฮานอย", "Hanoi"), ("16", "สิบหก")), (), ())


def said(text, status="answered"):
    return Answer(text, "th", status, "where")


def test_the_same_in_substance_is_the_same_alternative_of_every_list():
    assert substance(CASE, said("ที่ฮานอย 16 ก.ย.")) == substance(CASE, said("วันที่ 16 ณ กรุงฮานอย")) == (True, 0, 0)
    assert substance(CASE, said("HANOI สิบหก")) == (True, 1, 1)
    assert substance(CASE, said("อย่างหนึ่ง", "not_stated")) == substance(CASE, said("ฮานอย", "false_premise")) == (False,)


def test_two_mistakes_agree_only_when_they_are_the_same_words():
    assert substance(CASE, said("ฮานอย")) != substance(CASE, said("กรุงฮานอย"))
    assert substance(CASE, said("ฮานอย  ๓")) == substance(CASE, said("ฮานอย 3"))
    free = Case("c", "th", "list", "q", (), False, (), (), ())
    assert substance(free, said("ก")) != substance(free, said("ข"))


def made_of(*rows):
    """Build an agreement from (group, lang, answerable, answer text or "" for silence, right)."""
    cases = tuple(
        Case(str(n), lang, "list", "q", (), answerable, (("x", "y"),) if answerable else (), (), ())
        for n, (_, lang, answerable, _, _) in enumerate(rows)
    )
    judgements = tuple(
        Judgement(c.id, right, (), said(text, "answered" if text else "not_stated"), 1.0)
        for c, (_, _, _, text, right) in zip(cases, rows, strict=True)
    )
    return Agreement(tuple(row[0] for row in rows), cases, judgements, Conditions("3", "p", "", "", ()))


MADE = made_of(
    ("a", "th", True, "x 1", True),
    ("a", "th", True, "x 2", True),
    ("a", "th", True, "y", True),
    ("a", "th", True, "", False),
    ("b", "en", False, "", True),
    ("b", "en", False, "z", False),
    ("b", "en", False, "w", False),
)


def test_agreement_by_hand():
    d = MADE.to_dict()
    # a: two say x, one y, one nothing: 2 of 4. b: three different things: 1 of 3, the first met.
    assert {name: g["agree"] for name, g in d["groups"].items()} == {"a": 2, "b": 1}
    assert d["figures"]["all"] == {
        "agree": {"share": round(3 / 7, 4), "count": 3, "of": 7},
        "right": {"share": round(4 / 7, 4), "count": 4, "of": 7},
        "groups": 2,
    }
    assert d["figures"]["language th"]["agree"]["share"] == 0.5
    assert d["figures"]["not answerable"]["right"] == {"share": 0.3333, "count": 1, "of": 3}
    assert (d["groups"]["a"]["majority"], d["groups"]["b"]["majority"]) == ("x 1", "")
    assert d["groups"]["a"]["majority_right"] and d["groups"]["b"]["majority_right"]
    lines = MADE.to_markdown().splitlines()
    assert "| **all** | 42.9 % (3 of 7) | 57.1 % (4 of 7) |" in lines
    assert lines.index("| b | 1 of 3 | 1 of 3 | (declined) |") < lines.index("| a | 2 of 4 | 3 of 4 | x 1 |")


def write(path, *rows):
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def test_rows_are_numbered_within_their_group(tmp_path):
    path = write(tmp_path / "p.jsonl", ROW, {**ROW, "group": "h"}, {**ROW, "question": "จัดที่ใด"})
    groups, cases = load_paraphrases(path)
    assert groups == ("g", "h", "g") and [c.id for c in cases] == ["g-01", "h-01", "g-02"]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([{**ROW, "group": 3}], "p.jsonl:1: group must be a string; got 3"),
        ([{k: v for k, v in ROW.items() if k != "group"}], "p.jsonl:1: group must be a string; got None"),
        ([ROW, {**ROW, "lang": "xx"}], "p.jsonl:2: lang must be one of th, en"),
        ([ROW, {**ROW, "expect": [["x"]]}], "p.jsonl: all questions of a group must expect the same; g-02 differs"),
    ],
)
def test_a_malformed_set_is_named(tmp_path, rows, says):
    with pytest.raises(InputError) as caught:
        load_paraphrases(write(tmp_path / "p.jsonl", *rows))
    assert str(caught.value).startswith(says)


def test_the_command_writes_what_it_tells(tmp_path, shipped):
    row = {**ROW, "evidence": ["ที่กรุงฮานอย ประเทศเวียดนาม"]}
    path = write(tmp_path / "p.jsonl", {**row, "question": "ประชุมที่ไหน"}, {**row, "question": "จัดประชุมที่เมืองใด"})
    out = io.StringIO()
    assert run(Options(paraphrases=path, article=shipped, out=tmp_path), out) == 0
    assert (tmp_path / "paraphrases.md").read_text(encoding="utf-8") == out.getvalue()
    kept = json.loads((tmp_path / "paraphrases.json").read_text(encoding="utf-8"))
    assert list(kept) == ["conditions", "figures", "rows"] and len(kept["rows"]) == 2
