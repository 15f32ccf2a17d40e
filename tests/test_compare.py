"""Two runs held against each other, question by question."""

import json

import pytest

from assistant.compare import compare, load_results
from assistant.errors import InputError


def run_of(*rows, files=(("s.jsonl", "aa"),)):
    """Build a run from (set, id, right, text)."""
    return {
        "conditions": {"files": [{"name": name, "sha256": digest} for name, digest in files]},
        "figures": {},
        "rows": [{"set": s, "id": i, "right": right, "answered": True, "text": text} for s, i, right, text in rows],
    }


OLD = run_of(("a", "1", True, "x"), ("a", "2", True, "x"), ("a", "3", False, "x"), ("a", "4", False, "x"))
NEW = run_of(
    ("a", "1", False, "y"),
    ("a", "2", True, "y"),
    ("a", "3", True, "y"),
    ("b", "4", False, "x"),
    files=(("s.jsonl", "b"),),
)


def test_every_question_that_changed_is_named():
    told = compare(OLD, NEW)
    assert (told.common, told.right_before, told.right_now) == (3, 2, 2)
    named = [[new["id"] for _, new in pairs] for pairs in (told.gained, told.lost, told.changed)]
    assert named == [["3"], ["1"], ["2"]]
    assert [(r["set"], r["id"]) for r in (*told.missing, *told.added)] == [("a", "4"), ("b", "4")]
    assert told.altered == ("s.jsonl",)
    assert told.p_value == 1.0  # one each way


def test_the_same_run_twice_differs_in_nothing():
    told = compare(OLD, OLD)
    assert not (told.gained or told.lost or told.changed or told.missing or told.added or told.altered)
    assert (told.common, told.p_value) == (4, 1.0)


def test_the_p_value_counts_only_what_changed():
    before = run_of(*((("a", str(n), n < 50, "x")) for n in range(100)))
    after = run_of(*((("a", str(n), n < 56, "x")) for n in range(100)))
    assert compare(before, after).p_value == 2 / 2**6


def test_markdown_shows_counts_and_both_answers():
    text = compare(OLD, NEW).to_markdown()
    for line in (
        "| right before | 2 (66.7 %) |",
        "| newly right | 1 |",
        "| McNemar exact p | 1.0000 |",
        "| inputs not the same | s.jsonl |",
        "| `a/1` | x | y |",
    ):
        assert line in text.splitlines()
    assert text.index("Newly wrong") < text.index("Newly right") < text.index("another answer\n")


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"conditions": {"files": []}, "rows": [{"id": "1"}]}', '{"conditions": 1, "rows": []}']
)
def test_a_file_that_is_no_run_is_named(tmp_path, text):
    path = tmp_path / "old.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"^old.json: a run to compare with must be a results.json"):
        load_results(path)
    path.write_text(json.dumps(OLD), encoding="utf-8")
    assert load_results(path) == OLD
    with pytest.raises(InputError, match="FileNotFoundError"):
        load_results(tmp_path / "none.json")
